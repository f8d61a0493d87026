/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Longest prefix first: a block of 24 bits may be parted into those of 28 or 36.
 */
#include <stdlib.h>
#include <string.h>

#include "collector/oui.h"
#include "collector/oui_table.h"

static int compare(const void *key, const void *row)
{
	const struct oui_row *a = key, *b = row;

	if (a->prefix != b->prefix)
		return a->prefix < b->prefix ? -1 : 1;
	return (int)a->bits - (int)b->bits;
}

const char *oui_vendor(const void *context, const struct mac *mac)
{
	static const unsigned int lengths[] = {36, 28, 24};
	uint64_t value = 0;

	(void)context;
	static const struct mac none;

	/* No card has the address of zeros, though its first three bytes are somebody's. */
	if (mac_is_random(mac) || mac_is_group(mac) || !memcmp(mac, &none, sizeof(none)))
		return NULL;
	for (size_t i = 0; i < 5; i++)
		value = value << 8 | mac->bytes[i];
	value >>= 4;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		unsigned int shift = 36 - lengths[i];
		struct oui_row key = {.prefix = value >> shift << shift, .bits = lengths[i]};
		const struct oui_row *row = bsearch(&key, oui_rows, oui_count, sizeof(key), compare);

		if (row)
			return oui_names[row->name];
	}
	return NULL;
}
