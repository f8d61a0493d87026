/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory of one piece of work: taken bit by bit, given back at once. */
#ifndef COLLECTOR_ARENA_H
#define COLLECTOR_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *block;
};

/* Zeroed, aligned for anything; NULL when there is no memory. */
void *arena_take(struct arena *, size_t size);
/* A terminated copy. */
char *arena_text(struct arena *, const char *bytes, size_t length);
void arena_free(struct arena *);

#endif
