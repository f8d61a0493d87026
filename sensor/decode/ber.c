// SPDX-License-Identifier: BSD-2-Clause
/* Reading BER. See ber.h. */
#include "sensor/decode/ber.h"

#include <stdio.h>

enum { LONG_FORM = 0x80, LENGTH_BYTES_MAX = 4, HIGH_TAG = 0x1f };

struct wire ber_next(struct wire *w, uint8_t *tag)
{
	size_t length;

	*tag = wire_u8(w);
	length = wire_u8(w);
	if (length & LONG_FORM) {
		size_t bytes = length & ~(size_t)LONG_FORM;

		if (bytes == 0 || bytes > LENGTH_BYTES_MAX) /* no indefinite lengths in SNMP (RFC 3417 8) */
			w->bad = true;
		for (length = 0; bytes && !w->bad; bytes--)
			length = length << 8 | wire_u8(w);
	}
	if ((*tag & HIGH_TAG) == HIGH_TAG)
		w->bad = true;
	return wire_nested(w, length);
}

struct wire ber_take(struct wire *w, uint8_t wanted)
{
	uint8_t tag;
	struct wire content = ber_next(w, &tag);

	if (tag != wanted)
		content.bad = w->bad = true;
	return content;
}

int64_t ber_integer(struct wire *w)
{
	struct wire content = ber_take(w, BER_INTEGER);
	uint64_t value;

	if (content.bad || content.left == 0 || content.left > 8) {
		w->bad = true;
		return 0;
	}
	value = content.at[0] & 0x80 ? UINT64_MAX : 0;
	while (content.left)
		value = value << 8 | wire_u8(&content);
	return (int64_t)value;
}

size_t ber_oid_text(struct wire content, char out[static BER_OID_TEXT_BYTES])
{
	size_t length = 0;
	uint64_t part = 0;
	bool first = true;

	out[0] = 0;
	while (content.left) {
		uint8_t byte = wire_u8(&content);

		part = part << 7 | (byte & 0x7f);
		if (part > UINT32_MAX)
			return out[0] = 0;
		if (byte & 0x80)
			continue;
		if (length + 24 > BER_OID_TEXT_BYTES)
			break;
		if (first) { /* the first two parts share a number: X.690 8.19.4 */
			uint64_t top = part < 80 ? part / 40 : 2;

			length += (size_t)sprintf(out + length, "%u.", (unsigned int)top);
			part -= top * 40;
		}
		length += (size_t)sprintf(out + length, first ? "%u" : ".%u", (unsigned int)part);
		first = false;
		part = 0;
	}
	return length;
}
