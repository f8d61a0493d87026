/* SPDX-License-Identifier: BSD-2-Clause */
/* Strangers' bytes as valid UTF-8: what is not UTF-8, and zero bytes, become \xNN. */
#ifndef SENSOR_TEXT_H
#define SENSOR_TEXT_H

#include "defs/facts.h"

/* Literal text. */
#define TEXT(literal) ((struct text){literal, sizeof(literal) - 1})

enum { TEXT_ESCAPE_BYTES = 4 }; /* what one byte can grow to */

/* Write the clean form to out (text.length * TEXT_ESCAPE_BYTES bytes at most, not terminated); returns its length. */
size_t text_clean(struct text text, char *out);

/* The longest start of the text, whole characters, whose clean form has at most length_max bytes. */
struct text text_cut(struct text text, size_t length_max);

#endif
