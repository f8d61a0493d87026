// SPDX-License-Identifier: BSD-2-Clause
/* A device that tells what it likes by SNMP: its cells are walked, taken, and said as facts. */
#include <stdlib.h>
#include <string.h>

#include "sensor/fact_json.h"
#include "sensor/snmp/walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { REQUESTS_AT_MOST = 200 };

struct input {
	const uint8_t *at, *end;
};

static uint8_t next(struct input *in)
{
	return in->at < in->end ? *in->at++ : 0;
}

/* By one byte: how many parts the index has and what the value is; parts and values follow. */
static void make_cell(struct input *in, const struct oid_name *asked, struct cell *out)
{
	uint8_t how = next(in), parts = how >> 3;
	size_t length;

	*out = (struct cell){.name = *asked, .type = (how & 7) % (CELL_OTHER + 1)};
	if (parts == 31) /* of another table */
		out->name.part[next(in) % OID_PARTS_MAX] = next(in);
	for (uint8_t i = 0; i < parts && out->name.length < OID_PARTS_MAX; i++) {
		uint8_t part = next(in);

		out->name.part[out->name.length++] = part == 255 ? UINT32_MAX : part;
	}
	out->number = (int8_t)next(in);
	if (out->number == 127)
		out->number = INT64_MAX;
	length = next(in);
	if (length > (size_t)(in->end - in->at))
		length = (size_t)(in->end - in->at);
	out->bytes = in->at;
	out->length = length;
	in->at += length;
	out->object = out->name;
}

static void say(void *context, const struct fact *fact)
{
	size_t length;

	(void)context;
	free(fact_json(fact, &length));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, data + size};
	struct device device = {.target = {.ip = {.version = 4, .bytes = {10, 0, 0, 1}}, .port_h = 161}};
	struct oid_name names[COLUMNS_MAX];
	struct cell cells[CELLS_MAX];
	struct walk walk;
	unsigned int repetitions, requests = 0;
	size_t count;

	for (size_t t = 0; t < mib_table_count; t++) {
		if (mib_tables[t].wanted && !mib_tables[t].wanted(&device))
			continue;
		walk_begin(&walk, &mib_tables[t]);
		while ((count = walk_request(&walk, names, &repetitions)) && in.at < in.end &&
		       requests++ < REQUESTS_AT_MOST) {
			uint8_t how = next(&in);
			size_t cell_count = how % CELLS_MAX;

			for (size_t i = 0; i < cell_count; i++)
				make_cell(&in, &names[i % count], &cells[i]);
			walk_answer(&walk, &device, how >= 250 ? how - 249 : 0, how & 3, cells, cell_count);
		}
	}
	device_tell(&device, 1000000, say, NULL);
	device_free(&device);
	return 0;
}
