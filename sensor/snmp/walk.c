// SPDX-License-Identifier: BSD-2-Clause
/* GETNEXT and GETBULK (RFC 3416, 4.2.2 and 4.2.3) over one table. */
#include <string.h>

#include "sensor/snmp/walk.h"

enum { ERROR_TOO_BIG = 1 };
/* Cells of one answer: as a rule they fit a frame of 1500 bytes, so that nothing is broken into fragments, which many devices lose. */
enum { CELLS_AT_ONCE = 36 };

void walk_begin(struct walk *w, const struct mib_table *table)
{
	*w = (struct walk){.table = table};
	for (uint8_t c = 0; c < table->column_count; c++) {
		memcpy(w->at[c].part, table->base, table->base_length * sizeof(table->base[0]));
		w->at[c].part[table->base_length] = table->columns[c];
		w->at[c].length = table->base_length + 1u;
	}
	w->repetitions = table->single || !table->column_count ? 1 : CELLS_AT_ONCE / table->column_count;
}

size_t walk_request(struct walk *w, struct oid_name *names, unsigned int *repetitions)
{
	w->asked_count = 0;
	for (uint8_t c = 0; c < w->table->column_count; c++)
		if (!w->over[c]) {
			names[w->asked_count] = w->at[c];
			w->asked[w->asked_count++] = c;
		}
	*repetitions = w->repetitions;
	return w->asked_count;
}

bool walk_lessen(struct walk *w)
{
	if (w->repetitions <= 1)
		return false;
	w->repetitions /= 2;
	return true;
}

static void take_error(struct walk *w, uint32_t error, uint32_t index)
{
	if (error == ERROR_TOO_BIG && walk_lessen(w))
		return;
	/* The name at fault has nothing after it (v1), or can't be read; without one, none of them can. */
	for (uint8_t i = 0; i < w->asked_count; i++)
		if (index == 0 || index > w->asked_count || index == i + 1u)
			w->over[w->asked[i]] = true;
}

static void take_cell(struct walk *w, struct device *device, uint8_t c, const struct cell *cell)
{
	const struct mib_table *table = w->table;
	struct oid_name top = {.length = table->base_length + 1u};

	memcpy(top.part, table->base, table->base_length * sizeof(table->base[0]));
	top.part[table->base_length] = table->columns[c];
	if (cell->type == CELL_NONE || !oid_below(&cell->name, &top) || cell->name.length == OID_PARTS_MAX) {
		w->over[c] = true;
	} else if (oid_compare(&cell->name, &w->at[c]) <= 0) {
		w->over[c] = true;
		w->not_increasing++;
	} else {
		w->at[c] = cell->name;
		table->take(device, table->columns[c], cell->name.part + top.length,
			    cell->name.length - top.length, cell);
		if (table->single) {
			w->over[c] = true;
		} else if (++w->rows[c] >= table->rows_max) {
			w->over[c] = true;
			w->cut++;
		}
	}
}

void walk_answer(struct walk *w, struct device *device, uint32_t error, uint32_t error_index,
		 const struct cell *cells, size_t count)
{
	if (w->asked_count == 0)
		return;
	if (error || count == 0) {
		take_error(w, error, error_index);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		uint8_t c = w->asked[i % w->asked_count];

		if (!w->over[c])
			take_cell(w, device, c, &cells[i]);
	}
}
