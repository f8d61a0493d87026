/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who is plugged in where: one row for each that a device told to be at one of its ports. Both ends are at the host of their MAC, where it is
 * known. Values are taken when they were told anew; a row that was only told again moves its time.
 */
#include "collector/conclude.h"
#include "collector/identify_inside.h"

static const char *text_of(struct world *world, const struct fact *fact, enum fact_field field)
{
	const struct text *text = (const void *)((const char *)fact + fact_fields[field].offset);

	return fact->has >> field & 1 ? world_text(world, text) : NULL;
}

static void set_texts(struct world *world, struct row *row, const struct fact *fact, bool identity)
{
	static const struct {
		size_t column;
		enum fact_field field;
		bool identity;
	} texts[] = {
		{LINK_chassis, FIELD_chassis, true},
		{LINK_port, FIELD_port_id, true},
		{LINK_peer_chassis, FIELD_peer_chassis, true},
		{LINK_peer_port, FIELD_peer_port, true},
		{LINK_port_description, FIELD_port_description, false},
		{LINK_system_name, FIELD_system_name, false},
		{LINK_peer_port_description, FIELD_peer_port_description, false},
		{LINK_peer_name, FIELD_peer_name, false},
		{LINK_platform, FIELD_platform, false},
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].identity == identity)
			row_set_text(row, texts[i].column, text_of(world, fact, texts[i].field));
}

static void set_number(struct row *row, size_t column, bool given, uint64_t number)
{
	if (given)
		row_set_number(row, column, (int64_t)number);
	else
		row->now[column] = (struct value){0};
}

static void take_values(struct world *world, struct row *row, const struct fact *fact)
{
	set_texts(world, row, fact, false);
	row_set_text(row, LINK_capabilities, conclude_capabilities(world, fact));
	row_set_text(row, LINK_management, conclude_management(world, fact));
	set_number(row, LINK_native_vlan, FACT_HAS(fact, native_vlan), fact->native_vlan);
	set_number(row, LINK_stations, FACT_HAS(fact, stations), fact->stations);
	set_number(row, LINK_speed_bps, FACT_HAS(fact, speed_bps), fact->speed_bps);
}

static struct row *begin(struct world *world, const struct fact *fact, const char *id)
{
	struct row *row = world_link(world, id);

	row->is_new = true;
	row_set_text(row, LINK_source, fact_source_names[fact->source]);
	row_set_text(row, LINK_mac, FACT_HAS(fact, mac) ? world_mac(world, &fact->mac) : NULL);
	row_set_text(row, LINK_peer_mac, FACT_HAS(fact, peer_mac) ? world_mac(world, &fact->peer_mac) : NULL);
	set_texts(world, row, fact, true);
	row_set_text(row, LINK_vlan, world_vlan(world, &fact->vlan));
	return row;
}

static void set_host(const struct world *world, struct row *row, size_t column, bool given,
		     const struct mac *mac)
{
	const struct host *host = given ? identify_host_of_mac(world, mac) : NULL;

	if (host)
		row_set_text(row, column, row_text(&host->row, HOST_id));
}

static bool is_wrong(bool given, const struct mac *mac)
{
	return given && (mac_is_zero(mac) || mac_is_group(mac));
}

static void conclude_link(struct world *world, struct evidence *evidence)
{
	const struct fact *fact = evidence->fact;
	struct row *row;
	char id[ID_TEXT_MAX];

	if (is_wrong(FACT_HAS(fact, mac), &fact->mac) || is_wrong(FACT_HAS(fact, peer_mac), &fact->peer_mac))
		return;
	/* By what it says, whichever sensor was told. */
	conclude_id(fact, world->network_id, id);
	row = world_find(world, ENTITY_link_id, id);
	if (!row)
		row = begin(world, fact, id);
	if (row->is_new || !evidence->known || evidence->hash != evidence->had_hash) {
		take_values(world, row, fact);
		row->evidence = evidence->id;
	}
	if (!row->now[LINK_last_seen].set || evidence->last_us > row_number(row, LINK_last_seen))
		row_set_text(row, LINK_sensor_id, world->sensor_id);
	set_host(world, row, LINK_host_id, FACT_HAS(fact, mac), &fact->mac);
	set_host(world, row, LINK_peer_host_id, FACT_HAS(fact, peer_mac), &fact->peer_mac);
	row_seen(row, LINK_first_seen, evidence->first_us, evidence->last_us);
}

void conclude_links(struct world *world)
{
	for (struct evidence *e = world->evidence; e && !world->failed; e = e->next_all)
		if (e->fact && e->fact->kind == FACT_LINK)
			conclude_link(world, e);
}
