/* SPDX-License-Identifier: BSD-2-Clause */
/* What SNMP says, as it is handed around: object names, and values with their names. */
#ifndef SENSOR_SNMP_CELL_H
#define SENSOR_SNMP_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	OID_PARTS_MAX = 64, /* the longest that is asked for has 35; a longer one is in no table of ours */
	CELLS_MAX = 64,	    /* of one answer; an agent that sends more has the rest left out */
};

struct oid_name {
	uint32_t length;
	uint32_t part[OID_PARTS_MAX];
};

enum cell_type {
	CELL_NONE,   /* no such object, end of the MIB, null */
	CELL_NUMBER, /* any kind of integer */
	CELL_BYTES,
	CELL_ADDRESS, /* IpAddress: four bytes */
	CELL_OBJECT,
	CELL_OTHER, /* known to nobody here */
};

/* The bytes are borrowed from the answer. */
struct cell {
	struct oid_name name;
	enum cell_type type;
	int64_t number;
	const uint8_t *bytes;
	size_t length;
	struct oid_name object;
};

/* Less than 0, 0, more than 0, in the order of a MIB. */
static inline int oid_compare(const struct oid_name *a, const struct oid_name *b)
{
	for (uint32_t i = 0; i < a->length && i < b->length; i++)
		if (a->part[i] != b->part[i])
			return a->part[i] < b->part[i] ? -1 : 1;
	return a->length == b->length ? 0 : a->length < b->length ? -1 : 1;
}

static inline bool oid_below(const struct oid_name *name, const struct oid_name *top)
{
	if (name->length <= top->length)
		return false;
	for (uint32_t i = 0; i < top->length; i++)
		if (name->part[i] != top->part[i])
			return false;
	return true;
}

#endif
