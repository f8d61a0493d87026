// SPDX-License-Identifier: BSD-2-Clause
/*
 * Strangers' bytes as valid UTF-8 (RFC 3629). See text.h.
 */
#include "sensor/text.h"

#include <stdio.h>
#include <string.h>

/* Bytes of the character at the front: 1 … 4, or 0 when it is none: no surrogates, no overlong forms, no zero. */
static size_t character(const unsigned char *at, size_t left)
{
	unsigned int lowest = 0x80, highest = 0xbf;
	size_t length;

	if (at[0] == 0)
		return 0;
	if (at[0] < 0x80)
		return 1;
	if (at[0] >= 0xc2 && at[0] <= 0xdf)
		length = 2;
	else if (at[0] >= 0xe0 && at[0] <= 0xef)
		length = 3;
	else if (at[0] >= 0xf0 && at[0] <= 0xf4)
		length = 4;
	else
		return 0;
	if (at[0] == 0xe0)
		lowest = 0xa0;
	else if (at[0] == 0xed)
		highest = 0x9f;
	else if (at[0] == 0xf0)
		lowest = 0x90;
	else if (at[0] == 0xf4)
		highest = 0x8f;
	if (length > left || at[1] < lowest || at[1] > highest)
		return 0;
	for (size_t i = 2; i < length; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	return length;
}

size_t text_clean(struct text text, char *out)
{
	static const char digit[] = "0123456789abcdef";
	const unsigned char *bytes = (const unsigned char *)text.bytes;
	char *at = out;

	for (size_t i = 0; i < text.length;) {
		size_t length = character(bytes + i, text.length - i);

		if (length) {
			memcpy(at, bytes + i, length);
			at += length;
			i += length;
			continue;
		}
		*at++ = '\\';
		*at++ = 'x';
		*at++ = digit[bytes[i] >> 4];
		*at++ = digit[bytes[i] & 15];
		i++;
	}
	return (size_t)(at - out);
}

struct text text_cut(struct text text, size_t length_max)
{
	const unsigned char *bytes = (const unsigned char *)text.bytes;
	size_t used = 0, i = 0;

	if (text.length * TEXT_ESCAPE_BYTES <= length_max)
		return text;
	while (i < text.length) {
		size_t length = character(bytes + i, text.length - i);

		used += length ? length : TEXT_ESCAPE_BYTES;
		if (used > length_max)
			break;
		i += length ? length : 1;
	}
	return (struct text){text.bytes, i};
}
