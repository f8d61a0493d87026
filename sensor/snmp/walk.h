/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One table of a MIB, column by column in step, from its start to its end. Pure: names to ask for go out, cells come in. A table ends
 * at its end, at its bound, or where the agent does not go forward.
 */
#ifndef SENSOR_SNMP_WALK_H
#define SENSOR_SNMP_WALK_H

#include "sensor/snmp/device.h"

enum { COLUMNS_MAX = 12, BASE_MAX = 14 };

struct mib_table {
	const char *name;
	uint32_t base[BASE_MAX];
	uint8_t base_length;
	uint8_t columns[COLUMNS_MAX]; /* the part of the name after the base */
	uint8_t column_count;
	uint16_t rows_max;
	bool single; /* scalars: one row */
	/* Whether to ask for it, by what is known; NULL: always. */
	bool (*wanted)(const struct device *);
	/* One cell. index: what follows the column's name. */
	void (*take)(struct device *, uint8_t column, const uint32_t *index, size_t length,
		     const struct cell *cell);
};

/* In the order in which a device is asked. The first one is what every agent has (RFC 3418). */
extern const struct mib_table mib_tables[];
extern const size_t mib_table_count;

struct walk {
	const struct mib_table *table;
	struct oid_name at[COLUMNS_MAX];
	uint16_t rows[COLUMNS_MAX];
	bool over[COLUMNS_MAX];
	uint8_t asked[COLUMNS_MAX]; /* columns, in the order of the request */
	uint8_t asked_count;
	unsigned int repetitions;
	uint64_t not_increasing, cut;
};

void walk_begin(struct walk *, const struct mib_table *);
/* Names to ask for (room for COLUMNS_MAX), and rows at once. 0: the table is over. */
size_t walk_request(struct walk *, struct oid_name *names, unsigned int *repetitions);
/* error, error_index: as in struct agent_answer. */
void walk_answer(struct walk *, struct device *, uint32_t error, uint32_t error_index, const struct cell *cells,
		 size_t count);
/* There was no answer: ask for less. False: for less than that it cannot be asked. */
bool walk_lessen(struct walk *);

#endif
