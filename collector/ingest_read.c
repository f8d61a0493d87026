/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reading half of a batch: keys of its facts → candidates → rows of the world.
 */
#include <stdlib.h>
#include <string.h>

#include "collector/conclude.h"
#include "collector/ingest_sql.h"

struct keys {
	struct buffer vlans, macs, ips, services, flows, evidence, port_macs, chassis, neighbors, links;
};

static void add_key(struct keys *keys, const char *vlan, const char *mac, const char *ip)
{
	array_add_text(&keys->vlans, vlan);
	array_add_text(&keys->macs, mac);
	array_add_text(&keys->ips, ip);
}

static void ask_fact(struct world *world, struct keys *keys, const struct fact *fact)
{
	const char *vlan = world_vlan(world, &fact->vlan);
	const char *mac = FACT_HAS(fact, mac) ? world_mac(world, &fact->mac) : NULL;
	const char *ip = FACT_HAS(fact, ip) ? world_ip(world, &fact->ip) : NULL, *client, *server;
	char id[ID_TEXT_MAX];

	array_add_text(&keys->evidence, conclude_evidence(world, fact)->id);
	switch (fact->kind) {
	case FACT_ADDRESS:
	case FACT_HOST:
	case FACT_NAME:
		add_key(keys, vlan, mac, ip);
		break;
	case FACT_NEIGHBOR:
		add_key(keys, vlan, mac, NULL);
		conclude_id(fact, world->network_id, id);
		array_add_text(&keys->neighbors, id);
		if (mac)
			array_add_text(&keys->port_macs, mac);
		if (FACT_HAS(fact, chassis))
			array_add_text(&keys->chassis, world_text(world, &fact->chassis));
		break;
	case FACT_LINK:
		add_key(keys, vlan, mac, NULL);
		if (FACT_HAS(fact, peer_mac))
			add_key(keys, vlan, world_mac(world, &fact->peer_mac), NULL);
		conclude_id(fact, world->network_id, id);
		array_add_text(&keys->links, id);
		break;
	case FACT_SERVICE:
		add_key(keys, vlan, NULL, ip);
		array_add_text(&keys->services,
			       world_service_id(world, vlan, ip, fact->port, world_text(world, &fact->proto)));
		break;
	case FACT_FLOW:
		client = world_ip(world, &fact->client);
		server = world_ip(world, &fact->server);
		add_key(keys, vlan, NULL, client);
		add_key(keys, vlan, NULL, server);
		array_add_text(&keys->flows,
			       world_flow_id(world, vlan, client, server, FACT_HAS(fact, port) ? fact->port : 0,
					     world_text(world, &fact->proto)));
		break;
	default:
		break;
	}
}

bool ingest_ask(struct world *world, const struct fact *facts, size_t count, struct db_session *s)
{
	struct keys keys = {0};
	const char *vlans, *macs, *ips;
	bool well;

	for (size_t i = 0; i < count; i++)
		ask_fact(world, &keys, &facts[i]);
	vlans = array_text(&keys.vlans);
	macs = array_text(&keys.macs);
	ips = array_text(&keys.ips);
	DB_ADD(s, SQL_CANDIDATE_HOSTS_AND_INTERFACES, vlans, macs, ips, array_text(&keys.port_macs),
	       array_text(&keys.chassis));
	DB_ADD(s, SQL_CANDIDATE_NAMES, vlans, macs, ips);
	DB_ADD(s, SQL_CANDIDATE_SERVICES, array_text(&keys.services));
	DB_ADD(s, SQL_CANDIDATE_FLOWS, array_text(&keys.flows));
	DB_ADD(s, SQL_CANDIDATE_EVIDENCE, array_text(&keys.evidence));
	DB_ADD(s, SQL_CANDIDATE_NEIGHBORS, array_text(&keys.neighbors));
	DB_ADD(s, SQL_CANDIDATE_LINKS, array_text(&keys.links));
	if (!ingest_identity_ask(world, facts, count, s))
		world->failed = true;
	well = !world->failed && !keys.vlans.failed && !keys.macs.failed && !keys.ips.failed &&
	       !keys.services.failed && !keys.flows.failed && !keys.evidence.failed && !keys.port_macs.failed &&
	       !keys.chassis.failed && !keys.neighbors.failed && !keys.links.failed;
	buffer_free(&keys.links);
	buffer_free(&keys.neighbors);
	buffer_free(&keys.port_macs);
	buffer_free(&keys.chassis);
	buffer_free(&keys.vlans);
	buffer_free(&keys.macs);
	buffer_free(&keys.ips);
	buffer_free(&keys.services);
	buffer_free(&keys.flows);
	buffer_free(&keys.evidence);
	return well;
}

static const char *keep(struct world *world, const struct db_reply *reply, size_t query, size_t row,
			size_t column)
{
	const char *value = db_value(reply, query, row, column);
	char *copy = value ? arena_text(&world->arena, value, db_length(reply, query, row, column)) : NULL;

	if (value && !copy)
		world->failed = true;
	return copy;
}

static void load_host(struct world *world, struct host *host, const struct db_reply *reply, size_t query,
		      size_t row)
{
	row_set_text(&host->row, HOST_name, keep(world, reply, query, row, 1));
	row_set_text(&host->row, HOST_name_source, keep(world, reply, query, row, 2));
	row_set_text(&host->row, HOST_vendor, keep(world, reply, query, row, 3));
	row_set_number(&host->row, HOST_first_seen, db_integer(reply, query, row, 4));
	row_set_number(&host->row, HOST_last_seen, db_integer(reply, query, row, 5));
	host->name_kind = keep(world, reply, query, row, 6);
	host->name_last_us = db_integer(reply, query, row, 7);
	host->chassis = keep(world, reply, query, row, 20);
	row_set_number(&host->row, HOST_present_since, db_integer(reply, query, row, 21));
	host->unseen = (size_t)db_integer(reply, query, row, 23);
	host->apart = keep(world, reply, query, row, 24);
	if (db_value(reply, query, row, 25))
		row_set_number(&host->row, HOST_present_until, db_integer(reply, query, row, 25));
}

/* A row is an interface with its host. */
struct host *ingest_load_face(struct world *world, const struct db_reply *reply, size_t query, size_t row)
{
	const char *host_id = db_value(reply, query, row, 0);
	const char *mac_value = db_value(reply, query, row, 9), *ip_value = db_value(reply, query, row, 10);
	struct host *host = (struct host *)world_find(world, ENTITY_host_id, host_id);
	struct interface *face;
	struct mac mac;
	struct ip ip;
	bool has_mac = mac_value && mac_parse(mac_value, &mac) == 0,
	     has_ip = ip_value && ip_parse(ip_value, &ip) == 0;

	if (!host) {
		host = world_host(world, host_id);
		load_host(world, host, reply, query, row);
		row_settle(&host->row);
	}
	if (world_find(world, ENTITY_interface_id, db_value(reply, query, row, 8)))
		return host;
	face = world_interface(world, db_value(reply, query, row, 8), host, keep(world, reply, query, row, 11),
			       has_mac ? &mac : NULL, has_ip ? &ip : NULL);
	row_set_text(&face->row, INTERFACE_via, keep(world, reply, query, row, 12));
	row_set_text(&face->row, INTERFACE_vendor, keep(world, reply, query, row, 13));
	for (size_t i = 0; i < 6; i++)
		row_set_number(&face->row, INTERFACE_packets + i, db_integer(reply, query, row, 14 + i));
	row_set_text(&face->row, INTERFACE_subnet_id, keep(world, reply, query, row, 22));
	row_settle(&face->row);
	host->unseen -= host->unseen > 0;
	return host;
}

static void load_row(struct world *world, struct row *row, const struct db_reply *reply, size_t query,
		     size_t at)
{
	const struct entity_info *info = &entities[row->entity];

	for (size_t i = 1; i < info->columns; i++) {
		enum column_type type = info->column[i].type;

		if (!db_value(reply, query, at, i))
			continue;
		if (type == COLUMN_INT || type == COLUMN_INT0 || type == COLUMN_TIME)
			row_set_number(row, i, db_integer(reply, query, at, i));
		else
			row_set_text(row, i, keep(world, reply, query, at, i));
	}
	row_settle(row);
}

static void load_evidence(struct world *world, const struct db_reply *reply, size_t row)
{
	struct evidence *e = world_find_evidence(world, db_value(reply, READ_EVIDENCE, row, 0));

	if (!e)
		return;
	e->known = true;
	e->epoch_us = db_integer(reply, READ_EVIDENCE, row, 1);
	e->first_us = db_integer(reply, READ_EVIDENCE, row, 2);
	e->last_us = db_integer(reply, READ_EVIDENCE, row, 3);
	e->count = (uint64_t)db_integer(reply, READ_EVIDENCE, row, 4);
	e->total = (uint64_t)db_integer(reply, READ_EVIDENCE, row, 5);
	for (size_t i = 0; i < STORED_MEASURES; i++)
		e->measures[i] = (uint64_t)db_integer(reply, READ_EVIDENCE, row, 6 + i);
	e->measures[EVIDENCE_MEASURES - 1] = (uint64_t)db_integer(reply, READ_EVIDENCE, row, 11);
	e->had_hash = db_integer(reply, READ_EVIDENCE, row, 12);
}

static void load_name(struct world *world, const struct db_reply *reply, size_t row)
{
	struct known_name *name = arena_take(&world->arena, sizeof(*name));

	if (!name) {
		world->failed = true;
		return;
	}
	name->vlan = keep(world, reply, READ_NAMES, row, 0);
	name->mac = keep(world, reply, READ_NAMES, row, 1);
	name->ip = keep(world, reply, READ_NAMES, row, 2);
	name->name = keep(world, reply, READ_NAMES, row, 3);
	name->source = keep(world, reply, READ_NAMES, row, 4);
	name->kind = keep(world, reply, READ_NAMES, row, 5);
	name->last_us = db_integer(reply, READ_NAMES, row, 6);
	if (!name->name || !name->source || !name->kind)
		return;
	name->next = world->names;
	world->names = name;
}

void ingest_load(struct world *world, const struct db_reply *reply)
{
	/* Oldest first: the world's lists then have them last, as identify.c expects. */
	for (size_t row = 0; row < db_rows(reply, READ_FACES); row++)
		ingest_load_face(world, reply, READ_FACES, row);
	for (size_t row = 0; row < db_rows(reply, READ_NAMES); row++)
		load_name(world, reply, row);
	for (size_t row = 0; row < db_rows(reply, READ_SERVICES); row++)
		load_row(world, world_service(world, db_value(reply, READ_SERVICES, row, 0)), reply,
			 READ_SERVICES, row);
	for (size_t row = 0; row < db_rows(reply, READ_FLOWS); row++)
		load_row(world, world_flow(world, db_value(reply, READ_FLOWS, row, 0)), reply, READ_FLOWS, row);
	for (size_t row = 0; row < db_rows(reply, READ_NEIGHBORS); row++)
		load_row(world, world_neighbor(world, db_value(reply, READ_NEIGHBORS, row, 0)), reply,
			 READ_NEIGHBORS, row);
	for (size_t row = 0; row < db_rows(reply, READ_LINKS); row++)
		load_row(world, world_link(world, db_value(reply, READ_LINKS, row, 0)), reply, READ_LINKS, row);
	for (size_t row = 0; row < db_rows(reply, READ_EVIDENCE); row++)
		load_evidence(world, reply, row);
	ingest_identity_load(world, reply);
}
