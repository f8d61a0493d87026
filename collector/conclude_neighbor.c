/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What devices say of themselves on layer 2: one row for each port that was heard. Values are taken when they were said
 * anew; a row that was only heard again moves its time.
 */
#include <string.h>

#include "collector/conclude.h"
#include "collector/identify_inside.h"
#include "collector/settle.h"

static const char *text_of(struct world *world, const struct fact *fact, enum fact_field field)
{
	const struct text *text = (const void *)((const char *)fact + fact_fields[field].offset);

	return fact->has >> field & 1 ? world_text(world, text) : NULL;
}

static void set_number(struct row *row, size_t column, bool given, uint64_t number)
{
	if (given)
		row_set_number(row, column, (int64_t)number);
	else
		row->now[column] = (struct value){0};
}

/* Texts as a JSON array in the arena. */
static const char *json_of(struct world *world, struct buffer *items)
{
	const char *copy;

	buffer_text(items, "]");
	copy = items->failed ? NULL : arena_text(&world->arena, items->bytes, items->length);
	if (!copy)
		world->failed = true;
	buffer_free(items);
	return copy ? copy : "[]";
}

const char *conclude_capabilities(struct world *world, const struct fact *fact)
{
	struct buffer items = {0};

	buffer_text(&items, "[");
	for (size_t i = 0; FACT_HAS(fact, capabilities) && i < fact->capabilities->count; i++) {
		buffer_text(&items, i ? ", " : "");
		buffer_json(&items, fact->capabilities->item[i].bytes, fact->capabilities->item[i].length);
	}
	return json_of(world, &items);
}

const char *conclude_management(struct world *world, const struct fact *fact)
{
	struct buffer items = {0};
	char address[ADDR_TEXT_MAX];

	buffer_text(&items, "[");
	for (size_t i = 0; FACT_HAS(fact, management) && i < fact->management->count; i++)
		buffer_printf(&items, "%s\"%s\"", i ? ", " : "", ip_text(&fact->management->item[i], address));
	return json_of(world, &items);
}

static void take_values(struct world *world, struct row *row, const struct fact *fact)
{
	static const struct {
		size_t column;
		enum fact_field field;
	} texts[] = {
		{NEIGHBOR_port_description, FIELD_port_description},
		{NEIGHBOR_system_name, FIELD_system_name},
		{NEIGHBOR_system_description, FIELD_system_description},
		{NEIGHBOR_platform, FIELD_platform},
		{NEIGHBOR_root, FIELD_root},
		{NEIGHBOR_bridge, FIELD_bridge},
		{NEIGHBOR_vtp_domain, FIELD_vtp_domain},
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		row_set_text(row, texts[i].column, text_of(world, fact, texts[i].field));
	row_set_text(row, NEIGHBOR_capabilities, conclude_capabilities(world, fact));
	row_set_text(row, NEIGHBOR_management, conclude_management(world, fact));
	set_number(row, NEIGHBOR_native_vlan, FACT_HAS(fact, native_vlan), fact->native_vlan);
	set_number(row, NEIGHBOR_cost, FACT_HAS(fact, cost), fact->cost);
}

static struct row *begin(struct world *world, const struct fact *fact, const char *id)
{
	struct row *row = world_neighbor(world, id);

	row->is_new = true;
	row_set_text(row, NEIGHBOR_source, fact_source_names[fact->source]);
	row_set_text(row, NEIGHBOR_mac, FACT_HAS(fact, mac) ? world_mac(world, &fact->mac) : NULL);
	row_set_text(row, NEIGHBOR_chassis, text_of(world, fact, FIELD_chassis));
	row_set_text(row, NEIGHBOR_port, text_of(world, fact, FIELD_port_id));
	row_set_text(row, NEIGHBOR_vlan, world_vlan(world, &fact->vlan));
	row_set_text(row, NEIGHBOR_sensor_id, world->sensor_id);
	return row;
}

static void conclude_neighbor(struct world *world, struct evidence *evidence)
{
	const struct fact *fact = evidence->fact;
	const struct host *host;
	struct row *row;
	char id[ID_TEXT_MAX];

	if (FACT_HAS(fact, mac) && (mac_is_zero(&fact->mac) || mac_is_group(&fact->mac)))
		return;
	/* By what it says, whichever sensor hears it. */
	conclude_id(fact, world->network_id, id);
	row = world_find(world, ENTITY_neighbor_id, id);
	if (!row)
		row = begin(world, fact, id);
	if (row->is_new || !evidence->known || evidence->hash != evidence->had_hash) {
		take_values(world, row, fact);
		row->evidence = evidence->id;
	}
	/* Of two sensors that hear it the first stays, until it is silent. */
	if (row->now[NEIGHBOR_last_seen].set &&
	    evidence->last_us - row_number(row, NEIGHBOR_last_seen) > PRESENCE_GAP_US)
		row_set_text(row, NEIGHBOR_sensor_id, world->sensor_id);
	host = FACT_HAS(fact, mac) ? identify_host_of_mac(world, &fact->mac) : NULL;
	if (host)
		row_set_text(row, NEIGHBOR_host_id, row_text(&host->row, HOST_id));
	row_seen(row, NEIGHBOR_first_seen, evidence->first_us, evidence->last_us);
}

void conclude_neighbors(struct world *world)
{
	for (struct evidence *e = world->evidence; e && !world->failed; e = e->next_all) {
		if (!e->fact || e->fact->kind != FACT_NEIGHBOR)
			continue;
		if (e->fact->source != SOURCE_SENSOR)
			conclude_neighbor(world, e);
		else if (FACT_HAS(e->fact, mac)) /* the sensor's own machine */
			array_add_text(&world->own_macs, world_mac(world, &e->fact->mac));
	}
	world->failed |= world->own_macs.failed;
}
