/* SPDX-License-Identifier: BSD-2-Clause */
/* NetBIOS names as they stand in names of DNS's form (RFC 1001, 14.1): two letters a byte. */
#ifndef SENSOR_DECODE_NETBIOS_NAME_H
#define SENSOR_DECODE_NETBIOS_NAME_H

#include <string.h>

#include "defs/facts.h"
#include "sensor/decode/decode.h"

enum { NETBIOS_NAME_BYTES = 15, NETBIOS_ENCODED_BYTES = 32 };

struct netbios_name {
	char bytes[NETBIOS_NAME_BYTES]; /* without its padding */
	size_t length;
	uint8_t suffix; /* the sixteenth byte: what the name is for */
};

/* Without the blanks and zeros at its end. False: empty, "*", or one that is not for people (those of browsers' elections). */
static inline bool netbios_trim(struct netbios_name *name)
{
	while (name->length && (name->bytes[name->length - 1] == ' ' || name->bytes[name->length - 1] == 0))
		name->length--;
	for (size_t i = 0; i < name->length; i++)
		if ((uint8_t)name->bytes[i] < ' ')
			return false;
	return name->length > 0 && !(name->length == 1 && name->bytes[0] == '*');
}

/* Fill name from the sixteen bytes at `at`, as netbios_trim(). */
static inline bool netbios_plain(const uint8_t *at, struct netbios_name *name)
{
	memcpy(name->bytes, at, NETBIOS_NAME_BYTES);
	name->length = NETBIOS_NAME_BYTES;
	name->suffix = at[NETBIOS_NAME_BYTES];
	return netbios_trim(name);
}

/* Fill name from a label. False: it is not such a name, or netbios_trim() says so. */
static inline bool netbios_decode(struct text label, struct netbios_name *name)
{
	uint8_t bytes[NETBIOS_NAME_BYTES + 1];

	if (label.length != NETBIOS_ENCODED_BYTES)
		return false;
	for (size_t i = 0; i < sizeof(bytes); i++) {
		unsigned int high = (uint8_t)label.bytes[2 * i] - 'A',
			     low = (uint8_t)label.bytes[2 * i + 1] - 'A';

		if (high > 15 || low > 15)
			return false;
		bytes[i] = (uint8_t)(high << 4 | low);
	}
	return netbios_plain(bytes, name);
}

#endif
