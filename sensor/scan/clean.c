// SPDX-License-Identifier: BSD-2-Clause
/* See clean.h. text.c has made it UTF-8 before; here control characters go, and what XML 1.0 (2.2) does not allow. */
#include "sensor/scan/clean.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BYTE_ESCAPED = 4 };

/* Bytes at `at` that must not be shown as they are, 0 for none. `at` is UTF-8 and terminated. */
static size_t hidden(const unsigned char *at)
{
	if (at[0] < 0x20 || at[0] == 0x7f)
		return 1;
	/* C1: U+0080 to U+009F, which terminals obey as they obey ESC. */
	if (at[0] == 0xc2 && at[1] >= 0x80 && at[1] <= 0x9f)
		return 2;
	/* U+FFFE, U+FFFF. */
	if (at[0] == 0xef && at[1] == 0xbf && (at[2] == 0xbe || at[2] == 0xbf))
		return 3;
	/* Marks that turn the direction of what follows: U+202A to U+202E, U+2066 to U+2069. */
	if (at[0] == 0xe2 && ((at[1] == 0x80 && at[2] >= 0xaa && at[2] <= 0xae) ||
			      (at[1] == 0x81 && at[2] >= 0xa6 && at[2] <= 0xa9)))
		return 3;
	return 0;
}

char *clean_copy(struct text text, size_t length_max)
{
	size_t length = text.length < length_max ? text.length : length_max, used = 0;
	unsigned char *utf8 = malloc(length * TEXT_ESCAPE_BYTES + 1);
	char *out = NULL;

	if (!utf8)
		return NULL;
	length = text_clean(text_cut((struct text){text.bytes, length}, length * TEXT_ESCAPE_BYTES),
			    (char *)utf8);
	utf8[length] = 0;
	out = malloc(length * BYTE_ESCAPED + 1);
	for (size_t i = 0; out && i < length;) {
		size_t hide = hidden(utf8 + i);

		if (!hide)
			out[used++] = (char)utf8[i++];
		for (; hide; hide--)
			used += (size_t)snprintf(out + used, BYTE_ESCAPED + 1, "\\x%02x", utf8[i++]);
	}
	free(utf8);
	if (out)
		out[used] = 0;
	return out;
}
