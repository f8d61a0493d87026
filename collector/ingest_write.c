/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The writing half of a batch: rows of the world → arrays → statements. A row that is as it was is not written.
 */
#include <errno.h>
#include <inttypes.h>

#include "collector/conclude.h"
#include "collector/identify.h"
#include "collector/ingest_sql.h"

enum { ARRAYS_MAX = 20 };

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

static void write_hosts(struct world *world, struct db_session *s)
{
	struct arrays arrays = {0};

	for (const struct row *row = world->hosts; row; row = row->next) {
		const struct host *host = (const struct host *)row;

		if (row->gone || !(row_changed(row) || host->touched))
			continue;
		arrays.rows++;
		for (size_t i = 0; i < HOST_COLUMNS; i++)
			row_array(row, i, &arrays.buffer[i]);
		array_add_text(&arrays.buffer[HOST_COLUMNS], host->name_kind);
		array_add_integer(&arrays.buffer[HOST_COLUMNS + 1], host->name_last_us);
		array_add_text(&arrays.buffer[HOST_COLUMNS + 2], host->chassis);
	}
	arrays_send(world, &arrays, HOST_COLUMNS + 3, s, SQL_HOST_WRITE, NULL);
	arrays_free(&arrays);
}

static void write_rows(struct world *world, const struct row *list, struct db_session *s,
		       enum statement statement)
{
	struct arrays arrays = {0};
	size_t columns = list ? entities[list->entity].columns : 0;

	for (const struct row *row = list; row; row = row->next) {
		if (row->gone || !row_changed(row))
			continue;
		arrays.rows++;
		for (size_t i = 0; i < columns; i++)
			row_array(row, i, &arrays.buffer[i]);
	}
	arrays_send(world, &arrays, columns, s, statement, NULL);
	arrays_free(&arrays);
}

static void delete_rows(struct world *world, const struct row *list, struct db_session *s,
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

static void add_measures(const struct evidence *e, struct buffer *array)
{
	struct buffer measures = {0};

	for (size_t i = 0; i < EVIDENCE_MEASURES; i++)
		array_add_integer(&measures, (int64_t)e->measures[i]);
	array_add_text(array, array_text(&measures));
	buffer_free(&measures);
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
	array_add_integer(&array[8], e->epoch_us);
	array_add_integer(&array[9], e->first_us);
	array_add_integer(&array[10], e->last_us);
	array_add_integer(&array[11], (int64_t)e->count);
	array_add_integer(&array[12], (int64_t)e->total);
	add_measures(e, &array[13]);
	conclude_fact_json(fact, &json);
	array[14].failed |= json.failed;
	array_add_text(&array[14], json.bytes);
	buffer_free(&json);
}

static void write_evidence(struct world *world, struct db_session *s)
{
	struct arrays arrays = {0};

	for (const struct evidence *e = world->evidence; e; e = e->next_all) {
		if (!e->fact)
			continue;
		arrays.rows++;
		write_one_evidence(world, e, arrays.buffer);
	}
	arrays_send(world, &arrays, 15, s, SQL_EVIDENCE_WRITE, world->sensor_id);
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
	if (!changes->count)
		return;
	world->failed |= changes->entity.failed || changes->before.failed || changes->after.failed;
	DB_ADD(s, SQL_CHANGE_WRITE, world->network_id, array_text(&changes->entity), array_text(&changes->id),
	       array_text(&changes->before), array_text(&changes->after), array_text(&changes->evidence));
}

/* Where the folded hosts' services go, and which flows have found their host. */
static void write_links(struct world *world, struct db_session *s)
{
	struct buffer old = {0}, new = {0}, vlans = {0}, ips = {0}, hosts = {0};
	const char *folded;

	for (const struct row *row = world->hosts; row; row = row->next) {
		const struct host *host = (const struct host *)row;

		if (!row->gone || row->is_new || !host->folded_into)
			continue;
		array_add_text(&old, row_text(row, HOST_id));
		array_add_text(&new, row_text(&host->folded_into->row, HOST_id));
	}
	for (const struct moved_address *moved = world->moved; moved; moved = moved->next) {
		const struct row *row = &moved->face->row;

		if (row->gone)
			continue;
		array_add_text(&vlans, row_text(row, INTERFACE_vlan));
		array_add_text(&ips, row_text(row, INTERFACE_ip));
		array_add_text(&hosts, row_text(row, INTERFACE_host_id));
	}
	world->failed |= old.failed || new.failed || vlans.failed || ips.failed || hosts.failed;
	folded = array_text(&old);
	if (new.length)
		DB_ADD(s, SQL_FOLD_SERVICES, world->network_id, folded, array_text(&new));
	if (vlans.length) {
		const char *of_vlans = array_text(&vlans), *of_ips = array_text(&ips),
			   *of_hosts = array_text(&hosts);

		DB_ADD(s, SQL_LINK_CLIENTS, world->network_id, of_vlans, of_ips, of_hosts, folded);
		DB_ADD(s, SQL_LINK_SERVERS, world->network_id, of_vlans, of_ips, of_hosts, folded);
	}
	buffer_free(&old);
	buffer_free(&new);
	buffer_free(&vlans);
	buffer_free(&ips);
	buffer_free(&hosts);
}

int64_t ingest_write(struct world *world, struct db_session *s)
{
	struct change_arrays made = {0}, gone = {0};
	int64_t count;

	delete_rows(world, world->interfaces, s, SQL_INTERFACE_DELETE);
	write_hosts(world, s);
	write_rows(world, world->interfaces, s, SQL_INTERFACE_WRITE);
	write_rows(world, world->services, s, SQL_SERVICE_WRITE);
	write_rows(world, world->flows, s, SQL_FLOW_WRITE);
	write_evidence(world, s);
	/* A browser reads these in order: a host is there before what names it, and goes after all that did. */
	add_changes(&made, world->hosts, false);
	add_changes(&made, world->interfaces, false);
	add_changes(&made, world->services, false);
	add_changes(&made, world->flows, false);
	add_changes(&gone, world->interfaces, true);
	add_changes(&gone, world->hosts, true);
	write_changes(world, &made, s);
	write_links(world, s);
	delete_rows(world, world->hosts, s, SQL_HOST_DELETE);
	write_changes(world, &gone, s);
	if (world->losses)
		DB_ADD(s, SQL_SENSOR_LOSSES, world->network_id, world->sensor_id);
	count = (int64_t)(made.count + gone.count);
	changes_free(&made);
	changes_free(&gone);
	return world->failed ? -ENOMEM : count;
}
