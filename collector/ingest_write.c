/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The writing half of a batch: rows of the world → arrays → statements. A row that is as it was is not written.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/conclude.h"
#include "collector/identify.h"
#include "collector/ingest_sql.h"
#include "defs/limits.h"

enum { ARRAYS_MAX = 24 };

struct arrays {
	struct buffer buffer[ARRAYS_MAX];
	size_t rows;
};

static void arrays_free(struct arrays *arrays)
{
	for (size_t i = 0; i < ARRAYS_MAX; i++)
		buffer_free(&arrays->buffer[i]);
}

/* Send the first count arrays after these parameters. */
static void arrays_send(struct world *world, struct arrays *arrays, size_t count, struct db_session *s,
			enum statement statement, const char *second)
{
	const char *parameters[ARRAYS_MAX + 2] = {world->network_id, second};
	size_t used = second ? 2 : 1;

	if (!arrays->rows)
		return;
	for (size_t i = 0; i < count; i++) {
		parameters[used++] = array_text(&arrays->buffer[i]);
		world->failed |= arrays->buffer[i].failed;
	}
	db_add(s, statement, parameters, used);
}

static void write_some_hosts(struct world *world, struct db_session *s, bool new)
{
	struct arrays arrays = {0};

	for (const struct row *row = world->hosts; row; row = row->next) {
		const struct host *host = (const struct host *)row;

		if (row->gone || row->is_new != new || !(row_changed(row) || host->touched))
			continue;
		arrays.rows++;
		for (size_t i = 0; i < HOST_COLUMNS; i++)
			row_array(row, i, &arrays.buffer[i]);
		array_add_text(&arrays.buffer[HOST_COLUMNS], host->name_kind);
		array_add_integer(&arrays.buffer[HOST_COLUMNS + 1], host->name_last_us);
		array_add_text(&arrays.buffer[HOST_COLUMNS + 2], host->chassis);
	}
	arrays_send(world, &arrays, HOST_COLUMNS + 3, s, new ? SQL_HOST_INSERT : SQL_HOST_UPDATE, NULL);
	arrays_free(&arrays);
}

static void write_hosts(struct world *world, struct db_session *s)
{
	write_some_hosts(world, s, true);
	write_some_hosts(world, s, false);
}

static void write_some_rows(struct world *world, const struct row *list, struct db_session *s,
			    enum statement statement, bool new)
{
	struct arrays arrays = {0};
	size_t columns = list ? entities[list->entity].columns : 0;

	for (const struct row *row = list; row; row = row->next) {
		if (row->gone || row->is_new != new || !row_changed(row))
			continue;
		arrays.rows++;
		for (size_t i = 0; i < columns; i++)
			row_array(row, i, &arrays.buffer[i]);
	}
	arrays_send(world, &arrays, columns, s, statement, NULL);
	arrays_free(&arrays);
}

static void write_rows(struct world *world, const struct row *list, struct db_session *s, enum statement insert,
		       enum statement update)
{
	write_some_rows(world, list, s, insert, true);
	write_some_rows(world, list, s, update, false);
}

static void gone_rows(struct world *world, const struct row *list, struct db_session *s,
		      enum statement statement)
{
	struct arrays arrays = {0};

	for (const struct row *row = list; row; row = row->next) {
		if (!row->gone || row->is_new)
			continue;
		arrays.rows++;
		array_add_text(&arrays.buffer[0], row_text(row, 0));
	}
	arrays_send(world, &arrays, 1, s, statement, NULL);
	arrays_free(&arrays);
}

static void write_one_evidence(struct world *world, const struct evidence *e, struct buffer *array)
{
	const struct fact *fact = e->fact;
	struct buffer json = {0};
	bool name = fact->kind == FACT_NAME;

	array_add_text(&array[0], e->id);
	array_add_text(&array[1], fact_kind_names[fact->kind]);
	array_add_text(&array[2], fact_source_names[fact->source]);
	array_add_text(&array[3], fact_confidence_names[fact->confidence]);
	array_add_text(&array[4], world_vlan(world, &fact->vlan));
	array_add_text(&array[5], FACT_HAS(fact, mac) ? world_mac(world, &fact->mac) : NULL);
	array_add_text(&array[6], FACT_HAS(fact, ip) ? world_ip(world, &fact->ip) : NULL);
	if (name)
		array_add_integer(&array[7], identify_name_rank(fact_source_names[fact->source],
								world_text(world, &fact->name_kind)));
	else
		array_add_text(&array[7], NULL);
	conclude_fact_json(fact, &json);
	array[8].failed |= json.failed;
	array_add_text(&array[8], json.bytes);
	buffer_free(&json);
}

static void write_one_sighting(const struct evidence *e, struct buffer *array)
{
	array_add_text(&array[0], e->id);
	array_add_integer(&array[1], e->hash);
	array_add_integer(&array[2], e->settled);
	array_add_text(&array[3], e->target);
	array_add_integer(&array[4], e->epoch_us);
	array_add_integer(&array[5], e->first_us);
	array_add_integer(&array[6], e->last_us);
	array_add_integer(&array[7], (int64_t)e->count);
	array_add_integer(&array[8], (int64_t)e->total);
	array_add_integer(&array[9], (int64_t)e->measures[EVIDENCE_MEASURES - 1]);
	for (size_t i = 0; i < STORED_MEASURES; i++)
		array_add_integer(&array[10 + i], (int64_t)e->measures[i]);
}

static void write_evidence(struct world *world, struct db_session *s)
{
	/* Those that are new, those that are there. */
	struct arrays said[2] = {0}, sightings[2] = {0};

	for (const struct evidence *e = world->evidence; e; e = e->next_all) {
		if (!e->fact)
			continue;
		sightings[e->known].rows++;
		write_one_sighting(e, sightings[e->known].buffer);
		if (e->known && e->hash == e->had_hash)
			continue;
		said[e->known].rows++;
		write_one_evidence(world, e, said[e->known].buffer);
	}
	arrays_send(world, &said[0], 9, s, SQL_EVIDENCE_INSERT, world->sensor_id);
	arrays_send(world, &said[1], 9, s, SQL_EVIDENCE_UPDATE, world->sensor_id);
	arrays_send(world, &sightings[0], 10 + STORED_MEASURES, s, SQL_SIGHTING_INSERT, NULL);
	arrays_send(world, &sightings[1], 10 + STORED_MEASURES, s, SQL_SIGHTING_UPDATE, NULL);
	for (size_t i = 0; i < 2; i++) {
		arrays_free(&said[i]);
		arrays_free(&sightings[i]);
	}
}

/* What was settled before this batch, and is so no more. */
static void write_unsettled(struct world *world, struct db_session *s)
{
	struct buffer macs = {0}, ips = {0}, hosts = {0};

	for (const struct unsettled *one = world->unsettled; one; one = one->next) {
		if (one->mac)
			array_add_text(&macs, one->mac);
		if (one->ip)
			array_add_text(&ips, one->ip);
		if (one->host)
			array_add_text(&hosts, one->host);
	}
	if (hosts.length)
		DB_ADD(s, SQL_EVIDENCE_UNSETTLE_HOSTS, world->network_id, array_text(&hosts));
	if (macs.length || ips.length)
		DB_ADD(s, SQL_EVIDENCE_UNSETTLE, world->network_id, array_text(&macs), array_text(&ips));
	world->failed |= macs.failed || ips.failed || hosts.failed;
	buffer_free(&macs);
	buffer_free(&ips);
	buffer_free(&hosts);
}

static void write_growth(struct world *world, struct db_session *s)
{
	struct arrays arrays = {0};

	for (const struct growth *growth = world->growth; growth; growth = growth->next) {
		arrays.rows++;
		array_add_text(&arrays.buffer[0], row_text(growth->flow, FLOW_id));
		array_add_integer(&arrays.buffer[1], growth->at_us);
		for (size_t i = 0; i < 5; i++)
			array_add_integer(&arrays.buffer[2 + i], (int64_t)growth->more[i]);
	}
	arrays_send(world, &arrays, 7, s, SQL_TRAFFIC_ADD, NULL);
	arrays_free(&arrays);
}

static void write_stays(struct world *world, struct db_session *s)
{
	struct arrays arrays = {0};

	for (const struct stay *stay = world->stays; stay; stay = stay->next) {
		const struct host *host = stay->host;

		while (host->folded_into)
			host = host->folded_into;
		if (host->row.gone)
			continue;
		arrays.rows++;
		array_add_text(&arrays.buffer[0], row_text(&host->row, HOST_id));
		array_add_integer(&arrays.buffer[1], stay->since_us);
		array_add_integer(&arrays.buffer[2], stay->until_us);
	}
	arrays_send(world, &arrays, 3, s, SQL_PRESENCE_WRITE, NULL);
	arrays_free(&arrays);
}

static void add_changes(struct change_arrays *changes, const struct row *list, bool gone)
{
	for (const struct row *row = list; row; row = row->next)
		if (row->gone == gone)
			changes_add(changes, row);
}

static void write_changes(struct world *world, struct change_arrays *changes, struct db_session *s)
{
	if (changes->seen_count)
		DB_ADD(s, SQL_CHANGE_SEEN, world->network_id, array_text(&changes->seen[ENTITY_host_id]),
		       array_text(&changes->seen[ENTITY_interface_id]),
		       array_text(&changes->seen[ENTITY_service_id]),
		       array_text(&changes->seen[ENTITY_flow_id]),
		       array_text(&changes->seen[ENTITY_neighbor_id]),
		       array_text(&changes->seen[ENTITY_link_id]));
	for (size_t i = 0; i < ENTITY_COUNT; i++)
		world->failed |= changes->seen[i].failed;
	if (!changes->count)
		return;
	world->failed |= changes->entity.failed || changes->before.failed || changes->after.failed;
	DB_ADD(s, SQL_CHANGE_WRITE, world->network_id, array_text(&changes->entity), array_text(&changes->id),
	       array_text(&changes->before), array_text(&changes->after), array_text(&changes->evidence));
}

/* Ports on layer 2, and sensors, are at the host of their MAC: some may have another now. */
static void write_followers(struct world *world, struct db_session *s)
{
	struct buffer macs = {0}, hosts = {0};

	for (const struct row *row = world->interfaces; row; row = row->next) {
		const struct value *now = row->now, *was = row->was;
		bool moved = row->gone || !was[INTERFACE_mac].set != !now[INTERFACE_mac].set ||
			     (was[INTERFACE_host_id].set &&
			      strcmp(was[INTERFACE_host_id].text, now[INTERFACE_host_id].text) != 0);

		if (moved && was[INTERFACE_mac].set)
			array_add_text(&macs, was[INTERFACE_mac].text);
		if (moved && now[INTERFACE_mac].set)
			array_add_text(&macs, now[INTERFACE_mac].text);
	}
	for (const struct row *row = world->hosts; row; row = row->next)
		if (row->gone && !row->is_new)
			array_add_text(&hosts, row_text(row, HOST_id));
	if (macs.length || hosts.length)
		DB_ADD(s, SQL_HOSTS_FOLLOW, world->network_id, array_text(&macs), array_text(&hosts));
	if (world->own_macs.length)
		DB_ADD(s, SQL_SENSOR_OWN, world->network_id, world->sensor_id, array_text(&world->own_macs));
	world->failed |= macs.failed || hosts.failed;
	buffer_free(&macs);
	buffer_free(&hosts);
}

/* The network's bound, when there are new ones. The index of the reply that says how many had to leave; 0 when none is asked. */
static size_t write_bound(struct world *world, const struct row *list, enum statement limit, int bound,
			  struct db_session *s)
{
	size_t index = db_next(s);
	char most[16];

	for (const struct row *row = list; row; row = row->next) {
		if (!row->is_new)
			continue;
		snprintf(most, sizeof(most), "%d", bound);
		DB_ADD(s, limit, world->network_id, most);
		return index;
	}
	return 0;
}

/* Where what belonged to the folded hosts goes, and what addresses bring along to those who hold them now. */
static void write_links(struct world *world, struct db_session *s)
{
	struct buffer vlans = {0}, ips = {0}, hosts = {0};

	for (const struct moved_address *moved = world->moved; moved; moved = moved->next) {
		const struct row *row = &moved->face->row;
		const struct interface *holder =
			world_holder(world, row_text(row, INTERFACE_vlan), &moved->face->ip);

		if (!holder)
			continue;
		array_add_text(&vlans, row_text(row, INTERFACE_vlan));
		array_add_text(&ips, row_text(row, INTERFACE_ip));
		array_add_text(&hosts, row_text(&holder->row, INTERFACE_host_id));
	}
	world->failed |= vlans.failed || ips.failed || hosts.failed;
	ingest_identity_absorb(world, s);
	if (vlans.length) {
		const char *of_vlans = array_text(&vlans), *of_ips = array_text(&ips),
			   *of_hosts = array_text(&hosts);

		DB_ADD(s, SQL_LINK_SERVICES, world->network_id, of_vlans, of_ips, of_hosts);
		DB_ADD(s, SQL_LINK_CLIENTS, world->network_id, of_vlans, of_ips, of_hosts);
		DB_ADD(s, SQL_LINK_SERVERS, world->network_id, of_vlans, of_ips, of_hosts);
	}
	buffer_free(&vlans);
	buffer_free(&ips);
	buffer_free(&hosts);
}

int64_t ingest_write(struct world *world, struct db_session *s)
{
	struct change_arrays made = {0}, gone = {0};
	int64_t count;

	ingest_identity_before(world, s);
	gone_rows(world, world->interfaces, s, SQL_INTERFACE_KEEP);
	gone_rows(world, world->interfaces, s, SQL_INTERFACE_DELETE);
	write_hosts(world, s);
	write_rows(world, world->interfaces, s, SQL_INTERFACE_INSERT, SQL_INTERFACE_UPDATE);
	write_rows(world, world->services, s, SQL_SERVICE_INSERT, SQL_SERVICE_UPDATE);
	write_rows(world, world->flows, s, SQL_FLOW_INSERT, SQL_FLOW_UPDATE);
	write_rows(world, world->neighbors, s, SQL_NEIGHBOR_INSERT, SQL_NEIGHBOR_UPDATE);
	write_rows(world, world->links, s, SQL_LINK_INSERT, SQL_LINK_UPDATE);
	write_stays(world, s);
	write_unsettled(world, s);
	write_evidence(world, s);
	/* A browser reads these in order: a host is there before what names it, and goes after all that did. */
	add_changes(&made, world->hosts, false);
	add_changes(&made, world->interfaces, false);
	add_changes(&made, world->services, false);
	add_changes(&made, world->flows, false);
	add_changes(&made, world->neighbors, false);
	add_changes(&made, world->links, false);
	add_changes(&gone, world->interfaces, true);
	add_changes(&gone, world->hosts, true);
	write_changes(world, &made, s);
	write_links(world, s);
	write_followers(world, s);
	world->bound_reply = write_bound(world, world->neighbors, SQL_NEIGHBORS_LIMIT, NEIGHBOR_ROWS_MAX, s);
	world->link_bound_reply = write_bound(world, world->links, SQL_LINKS_LIMIT, LINK_ROWS_MAX, s);
	write_growth(world, s);
	ingest_due(world, s);
	gone_rows(world, world->hosts, s, SQL_HOST_KEEP);
	gone_rows(world, world->hosts, s, SQL_HOST_DELETE);
	write_changes(world, &gone, s);
	ingest_identity_after(world, s);
	if (world->losses)
		DB_ADD(s, SQL_SENSOR_LOSSES, world->network_id, world->sensor_id);
	count = (int64_t)(made.count + made.seen_count + gone.count);
	changes_free(&made);
	changes_free(&gone);
	return world->failed ? -ENOMEM : count;
}
