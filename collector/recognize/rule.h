/* SPDX-License-Identifier: BSD-2-Clause */
/* Between rule.c, which knows how rules are put together, and leaf.c, which knows each kind of rule. */
#ifndef COLLECTOR_RECOGNIZE_RULE_H
#define COLLECTOR_RECOGNIZE_RULE_H

#include "collector/recognize/inside.h"

/* 0 without memory. */
uint32_t node_make(struct making *, struct node);
/* As its last child. */
void node_add(struct making *, uint32_t parent, uint32_t child);
/* A value as JSON, kept; NULL without memory. */
const char *want_of(struct making *, const struct json *);
/* Enter a leaf at a field. False when it can't be: why is said, or there is no memory. */
bool node_for(struct making *, uint32_t node, const char *field, enum how how, const char *text, size_t length);
/* The same for a part of a text, or (between slashes) an expression. */
bool node_text(struct making *, uint32_t node, const char *field, const struct json *value);

/* One rule that is no list. The node, or 0. */
uint32_t http_compile(struct making *, const struct json *value);
uint32_t leaf_compile(struct making *, const char *key, const struct json *value);

#endif
