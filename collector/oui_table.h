/* SPDX-License-Identifier: BSD-2-Clause */
/* The table that oui.mjs makes at build time: prefixes of 24, 28 or 36 bits, sorted by value, then by length. */
#ifndef COLLECTOR_OUI_TABLE_H
#define COLLECTOR_OUI_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct oui_row {
	uint64_t prefix : 36; /* left-aligned in 36 bits */
	uint64_t bits : 8;
	uint64_t name : 20;
};

extern const struct oui_row oui_rows[];
extern const size_t oui_count;
extern const char *const oui_names[];

#endif
