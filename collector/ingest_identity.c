/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What identity reads and writes beside hosts and interfaces: signals, what people said, routers, subnets; decisions,
 * consolidations that can be undone, proposals.
 */
#include <stdio.h>
#include <string.h>

#include "collector/conclude.h"
#include "collector/identify.h"
#include "collector/ingest_sql.h"

#define SIGNAL_STALE_US INT64_C(3600000000) /* a signal that is said again is written again after so long */

enum { COLUMNS_MAX = 10, NEAR_PIN = 26 };

struct asked {
	struct buffer vlans, macs, ips, signal_macs, kinds, values;
};

static void ask_address(struct asked *asked, const char *vlan, const char *mac, const char *ip)
{
	array_add_text(&asked->vlans, vlan);
	array_add_text(&asked->macs, mac);
	array_add_text(&asked->ips, ip);
}

static void ask_fact(struct world *world, struct asked *asked, const struct fact *fact)
{
	const char *vlan = world_vlan(world, &fact->vlan), *value;
	const char *mac = FACT_HAS(fact, mac) ? world_mac(world, &fact->mac) : NULL;
	enum signal_kind kind;

	if (identify_signal_of(world, fact, &kind, &value)) {
		array_add_text(&asked->kinds, signal_names[kind]);
		array_add_text(&asked->values, value);
	}
	switch (fact->kind) {
	case FACT_ADDRESS:
	case FACT_HOST:
	case FACT_NAME:
	case FACT_TRAIT:
	case FACT_NEIGHBOR:
	case FACT_SERVICE:
		ask_address(asked, vlan, mac, FACT_HAS(fact, ip) ? world_ip(world, &fact->ip) : NULL);
		if (mac)
			array_add_text(&asked->signal_macs, mac);
		break;
	case FACT_FLOW:
		ask_address(asked, vlan, NULL, world_ip(world, &fact->client));
		ask_address(asked, vlan, NULL, world_ip(world, &fact->server));
		break;
	default:
		break;
	}
}

bool ingest_identity_ask(struct world *world, const struct fact *facts, size_t count, struct db_session *s)
{
	struct asked asked = {0};
	const char *macs, *ips, *near[3];
	bool well;

	for (size_t i = 0; i < count; i++)
		ask_fact(world, &asked, &facts[i]);
	macs = array_text(&asked.macs);
	ips = array_text(&asked.ips);
	near[0] = array_text(&asked.signal_macs);
	near[1] = array_text(&asked.kinds);
	near[2] = array_text(&asked.values);
	db_add(s, SQL_CANDIDATE_SIGNALS, near, 3);
	db_add(s, SQL_CANDIDATE_NEAR, near, 3);
	DB_ADD(s, SQL_CANDIDATE_PINS, array_text(&asked.vlans), macs, ips);
	DB_ADD(s, SQL_CANDIDATE_ROUTERS, macs, ips);
	db_add(s, SQL_CANDIDATE_SUBNETS, NULL, 0);
	well = !world->failed && !asked.vlans.failed && !asked.macs.failed && !asked.ips.failed &&
	       !asked.signal_macs.failed && !asked.kinds.failed && !asked.values.failed;
	buffer_free(&asked.vlans);
	buffer_free(&asked.macs);
	buffer_free(&asked.ips);
	buffer_free(&asked.signal_macs);
	buffer_free(&asked.kinds);
	buffer_free(&asked.values);
	return well;
}

static const char *keep(struct world *world, const struct db_reply *reply, size_t query, size_t row,
			size_t column)
{
	const char *value = db_value(reply, query, row, column);

	return value ? world_copy(world, value) : NULL;
}

static void load_signal(struct world *world, const struct db_reply *reply, size_t row)
{
	const char *name = db_value(reply, READ_SIGNALS, row, 1),
		   *mac_value = db_value(reply, READ_SIGNALS, row, 4);
	const char *ip_value = db_value(reply, READ_SIGNALS, row, 5);
	struct signal *signal;
	struct mac mac;
	struct ip ip;
	size_t kind = 0;

	while (kind < SIGNAL_KIND_COUNT && strcmp(signal_names[kind], name) != 0)
		kind++;
	if (kind == SIGNAL_KIND_COUNT ||
	    (mac_value ? mac_parse(mac_value, &mac) < 0 : !ip_value || ip_parse(ip_value, &ip) < 0))
		return;
	signal = world_signal(world, (enum signal_kind)kind, db_value(reply, READ_SIGNALS, row, 2),
			      mac_value ? &mac : NULL, keep(world, reply, READ_SIGNALS, row, 3),
			      mac_value ? NULL : &ip);
	if (!signal)
		return;
	signal->first_us = db_integer(reply, READ_SIGNALS, row, 6);
	signal->last_us = signal->stored_us = db_integer(reply, READ_SIGNALS, row, 7);
	signal->evidence = keep(world, reply, READ_SIGNALS, row, 8);
}

static void load_pin(struct world *world, const struct db_reply *reply, size_t row)
{
	const char *mac_value = db_value(reply, READ_PINS, row, NEAR_PIN);
	const char *ip_value = db_value(reply, READ_PINS, row, NEAR_PIN + 1);
	struct host *host = ingest_load_face(world, reply, READ_PINS, row);
	struct mac mac;
	struct ip ip;

	if (mac_value && mac_parse(mac_value, &mac) == 0)
		world_pin(world, &mac, NULL, NULL, host);
	else if (ip_value && ip_parse(ip_value, &ip) == 0)
		world_pin(world, NULL, keep(world, reply, READ_PINS, row, NEAR_PIN + 2), &ip, host);
}

void ingest_identity_load(struct world *world, const struct db_reply *reply)
{
	struct mac mac;

	for (size_t row = 0; row < db_rows(reply, READ_SIGNALS); row++)
		load_signal(world, reply, row);
	for (size_t row = 0; row < db_rows(reply, READ_NEAR); row++)
		ingest_load_face(world, reply, READ_NEAR, row);
	for (size_t row = 0; row < db_rows(reply, READ_PINS); row++)
		load_pin(world, reply, row);
	for (size_t row = 0; row < db_rows(reply, READ_ROUTERS); row++)
		if (mac_parse(db_value(reply, READ_ROUTERS, row, 0), &mac) == 0)
			world_router(world, &mac);
	for (size_t row = 0; row < db_rows(reply, READ_SUBNETS); row++)
		world_subnet(world, keep(world, reply, READ_SUBNETS, row, 0),
			     db_value(reply, READ_SUBNETS, row, 1), db_true(reply, READ_SUBNETS, row, 2));
}

/* Columns of a statement, a row at a time. */
struct columns {
	struct buffer buffer[COLUMNS_MAX];
	size_t rows;
};

static void send(struct world *world, struct columns *columns, size_t count, struct db_session *s,
		 enum statement statement)
{
	const char *parameters[COLUMNS_MAX + 1] = {world->network_id};

	for (size_t i = 0; i < count; i++) {
		parameters[i + 1] = array_text(&columns->buffer[i]);
		world->failed |= columns->buffer[i].failed;
	}
	if (columns->rows)
		db_add(s, statement, parameters, count + 1);
	for (size_t i = 0; i < count; i++)
		buffer_free(&columns->buffer[i]);
}

/* The decision's rule, reason, score and evidence, from this column on. */
static void add_why(struct columns *columns, size_t at, const struct decision *decision)
{
	struct buffer evidence = {0};

	array_add_text(&columns->buffer[at], decision->rule);
	array_add_text(&columns->buffer[at + 1], decision->reason);
	array_add_integer(&columns->buffer[at + 2], decision->score);
	for (size_t i = 0; i < DECISION_EVIDENCE_MAX; i++)
		if (decision->evidence[i])
			array_add_text(&evidence, decision->evidence[i]);
	array_add_text(&columns->buffer[at + 3], array_text(&evidence));
	columns->buffer[at + 3].failed |= evidence.failed;
	buffer_free(&evidence);
}

static const char *id_of_row(const struct host *host)
{
	return row_text(&host->row, HOST_id);
}

/* Who stands in the end, when that one became part of yet another. */
static const struct host *stands(const struct host *host)
{
	while (host->row.gone && host->folded_into)
		host = host->folded_into;
	return host;
}

void ingest_identity_before(struct world *world, struct db_session *s)
{
	struct columns columns = {0};

	for (const struct decision *d = world->identity.decisions; d; d = d->next) {
		if (!d->whole)
			continue;
		columns.rows++;
		array_add_text(&columns.buffer[0], d->id);
		array_add_text(&columns.buffer[1], id_of_row(stands(d->host)));
		array_add_text(&columns.buffer[2], id_of_row(d->other));
		add_why(&columns, 3, d);
		d->other->kept_as = d->id;
	}
	send(world, &columns, 7, s, SQL_CONSOLIDATION_RECORD);
}

void ingest_identity_absorb(struct world *world, struct db_session *s)
{
	struct columns columns = {0};

	for (const struct row *row = world->hosts; row; row = row->next) {
		const struct host *host = (const struct host *)row;

		if (!row->gone || row->is_new || !host->folded_into)
			continue;
		columns.rows++;
		array_add_text(&columns.buffer[0], id_of_row(stands(host)));
		array_add_text(&columns.buffer[1], row_text(row, HOST_id));
		array_add_text(&columns.buffer[2], host->kept_as);
	}
	send(world, &columns, 3, s, SQL_HOSTS_ABSORB);
}

static void write_signals(struct world *world, struct db_session *s)
{
	struct columns columns = {0};
	char text[ADDR_TEXT_MAX];

	for (const struct signal *signal = world->identity.signals; signal; signal = signal->next) {
		struct buffer *b = columns.buffer;

		if (!signal->touched ||
		    (signal->stored_us && signal->last_us - signal->stored_us < SIGNAL_STALE_US))
			continue;
		columns.rows++;
		array_add_text(&b[0], world_signal_id(world, signal));
		array_add_text(&b[1], signal_names[signal->kind]);
		array_add_text(&b[2], signal->value);
		array_add_text(&b[3], signal->has_mac ? mac_text(&signal->mac, text) : NULL);
		array_add_text(&b[4], signal->has_mac ? NULL : ip_text(&signal->ip, text));
		array_add_text(&b[5], signal->vlan);
		array_add_text(&b[6], signal->evidence);
		array_add_integer(&b[7], signal->first_us);
		array_add_integer(&b[8], signal->last_us);
	}
	send(world, &columns, 9, s, SQL_SIGNAL_WRITE);
}

static void write_decisions(struct world *world, struct db_session *s)
{
	static const char *const kinds[] = {
		[DECISION_FOLD] = "fold", [DECISION_MERGE] = "merge", [DECISION_SPLIT] = "split"};
	struct columns columns = {0};

	for (const struct decision *d = world->identity.decisions; d; d = d->next) {
		struct buffer *b = columns.buffer;
		char id[ID_TEXT_MAX];

		if (d->kind == DECISION_PROPOSAL)
			continue;
		columns.rows++;
		array_add_text(&b[0], world->make_id(id));
		array_add_text(&b[1], kinds[d->kind]);
		array_add_text(&b[2], id_of_row(stands(d->host)));
		/* A host that was never written has no id that anyone could know. */
		array_add_text(&b[3], d->other->row.is_new && d->other->row.gone ? NULL : id_of_row(d->other));
		add_why(&columns, 4, d);
		array_add_text(&b[8], d->whole ? d->id : NULL);
	}
	send(world, &columns, 9, s, SQL_DECISION_WRITE);
}

static void write_proposals(struct world *world, struct db_session *s)
{
	struct columns columns = {0};

	for (const struct decision *d = world->identity.decisions; d; d = d->next) {
		const struct host *host = stands(d->host), *other = stands(d->other);

		if (d->kind != DECISION_PROPOSAL || host == other)
			continue;
		columns.rows++;
		array_add_text(&columns.buffer[0], d->id);
		array_add_text(&columns.buffer[1], id_of_row(host));
		array_add_text(&columns.buffer[2], id_of_row(other));
		add_why(&columns, 3, d);
	}
	send(world, &columns, 7, s, SQL_PROPOSAL_WRITE);
}

static void write_pins(struct world *world, struct db_session *s)
{
	struct columns columns = {0};
	char text[ADDR_TEXT_MAX];

	for (const struct pin *pin = world->identity.pins; pin; pin = pin->next) {
		if (!pin->is_new)
			continue;
		columns.rows++;
		array_add_text(&columns.buffer[0], mac_text(&pin->mac, text));
		array_add_text(&columns.buffer[1], ip_text(&pin->ip, text));
		array_add_text(&columns.buffer[2], pin->vlan);
		array_add_text(&columns.buffer[3], id_of_row(stands(pin->host)));
	}
	send(world, &columns, 4, s, SQL_PIN_WRITE);
}

static void write_subnets(struct world *world, struct db_session *s)
{
	struct columns columns = {0};
	char address[ADDR_TEXT_MAX], prefix[ADDR_TEXT_MAX + 8];

	for (const struct subnet *subnet = world->identity.new_subnets; subnet; subnet = subnet->next) {
		columns.rows++;
		snprintf(prefix, sizeof(prefix), "%s/%u", ip_text(&subnet->ip, address), subnet->bits);
		array_add_text(&columns.buffer[0], prefix);
	}
	send(world, &columns, 1, s, SQL_SUBNETS_DISCOVERED);
}

void ingest_identity_after(struct world *world, struct db_session *s)
{
	write_signals(world, s);
	write_decisions(world, s);
	write_proposals(world, s);
	write_pins(world, s);
	write_subnets(world, s);
}
