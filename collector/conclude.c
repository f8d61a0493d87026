/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Totals (docs/stream.md, "Delivery"): a fact's counters are totals since its `first`. What an evidence row has of the same `first`
 * was added before; only what is more is added now. Another `first` is a new epoch, and all of it is added.
 */
#include <string.h>

#include "collector/conclude.h"
#include "collector/identify.h"
#include "collector/settle.h"

/* The MEASURE keys of each kind, in the order in which an evidence row keeps them. */
static const enum fact_field host_measures[] = {FIELD_packets, FIELD_bytes, FIELD_packets_in, FIELD_bytes_in};
static const enum fact_field flow_measures[] = {FIELD_connections, FIELD_packets, FIELD_bytes,
						FIELD_packets_back, FIELD_bytes_back};
static const enum fact_field loss_measures[] = {FIELD_counter_value};

static size_t measures_of(enum fact_kind kind, const enum fact_field **out)
{
	switch (kind) {
	case FACT_HOST:
		*out = host_measures;
		return sizeof(host_measures) / sizeof(host_measures[0]);
	case FACT_FLOW:
		*out = flow_measures;
		return sizeof(flow_measures) / sizeof(flow_measures[0]);
	case FACT_LOSS:
		*out = loss_measures;
		return sizeof(loss_measures) / sizeof(loss_measures[0]);
	default:
		return 0;
	}
}

static uint64_t number_of(const struct fact *fact, enum fact_field field)
{
	return fact->has >> field & 1 ? *(const uint64_t *)((const char *)fact + fact_fields[field].offset) : 0;
}

void conclude_measures(const struct fact *fact, uint64_t out[static EVIDENCE_MEASURES])
{
	const enum fact_field *fields = NULL;
	size_t measures = measures_of(fact->kind, &fields);

	memset(out, 0, EVIDENCE_MEASURES * sizeof(*out));
	for (size_t i = 0; i < measures; i++)
		out[i] = number_of(fact, fields[i]);
	out[EVIDENCE_MEASURES - 1] = fact->count;
}

struct evidence *conclude_evidence(struct world *world, const struct fact *fact)
{
	struct evidence *evidence;
	char id[ID_TEXT_MAX];

	conclude_id(fact, world->sensor_id, id);
	evidence = world_find_evidence(world, id);
	return evidence ? evidence : world_evidence(world, id);
}

/* Take the fact into its evidence; more[] is what each measure has grown by. */
static void count_evidence(struct evidence *e, const struct fact *fact, uint64_t more[static EVIDENCE_MEASURES])
{
	const enum fact_field *fields = NULL;
	size_t measures = measures_of(fact->kind, &fields);
	bool begun = e->known || e->fact, same = begun && e->epoch_us == fact->first_us;
	uint64_t *last = &e->measures[EVIDENCE_MEASURES - 1], counted = same ? *last : 0;

	for (size_t i = 0; i < measures; i++) {
		uint64_t total = number_of(fact, fields[i]), had = same ? e->measures[i] : 0;

		more[i] = total > had ? total - had : 0;
		/* A total that has shrunk within its epoch is an older word that came late. */
		e->measures[i] = same && total < had ? had : total;
	}
	e->total += more[0];
	e->count += fact->count > counted ? fact->count - counted : 0;
	*last = fact->count < counted ? counted : fact->count;
	e->hash = conclude_values(fact);
	e->epoch_us = fact->first_us;
	if (!begun || fact->first_us < e->first_us)
		e->first_us = fact->first_us;
	if (!begun || fact->last_us > e->last_us)
		e->last_us = fact->last_us;
	e->fact = fact;
}

static void conclude_host(struct world *world, struct evidence *evidence,
			  const uint64_t more[static EVIDENCE_MEASURES])
{
	struct interface *face = identify_address(world, evidence);

	evidence->about = face ? &face->row : NULL;
	for (size_t i = 0; face && i < 4; i++)
		row_add(&face->row, INTERFACE_packets + i, more[i]);
}

/* A proof is better than a measurement, and that than an announcement. */
static int trust(const char *source, const char *confidence)
{
	if (strcmp(source, "probe") == 0)
		return 0;
	return strcmp(confidence, "measured") == 0 ? 1 : strcmp(confidence, "announced") == 0 ? 2 : 3;
}

static void conclude_service(struct world *world, struct evidence *evidence)
{
	const struct fact *fact = evidence->fact;
	const char *vlan = world_vlan(world, &fact->vlan), *ip = world_ip(world, &fact->ip);
	bool nobody = ip_is_unspecified(&fact->ip) || ip_is_multicast(&fact->ip);
	const char *proto = world_text(world, &fact->proto), *source = fact_source_names[fact->source];
	const char *confidence = fact_confidence_names[fact->confidence];
	const char *id = world_service_id(world, vlan, ip, fact->port, proto);
	struct interface *face = nobody ? NULL : identify_ip(world, vlan, &fact->ip, evidence);
	struct row *row = world_find(world, ENTITY_service_id, id);
	bool later;

	if (world->failed || !face)
		return;
	if (!row) {
		row = world_service(world, id);
		row->is_new = true;
		row_set_text(row, SERVICE_ip, ip);
		row_set_number(row, SERVICE_port, (int64_t)fact->port);
		row_set_text(row, SERVICE_proto, proto);
		row_set_text(row, SERVICE_vlan, vlan);
		row_set_text(row, SERVICE_source, source);
		row_set_text(row, SERVICE_confidence, confidence);
		row_set_text(row, SERVICE_state, "open");
		row_set_number(row, SERVICE_clients, 0);
	}
	evidence->about = row;
	later = !row->now[SERVICE_last_seen].set || fact->last_us >= row_number(row, SERVICE_last_seen);
	if (later && FACT_HAS(fact, state))
		row_set_text(row, SERVICE_state, world_text(world, &fact->state));
	if (trust(source, confidence) <
	    trust(row_text(row, SERVICE_source), row_text(row, SERVICE_confidence))) {
		row_set_text(row, SERVICE_source, source);
		row_set_text(row, SERVICE_confidence, confidence);
	}
	if (FACT_HAS(fact, name) && !row_text(row, SERVICE_name))
		row_set_text(row, SERVICE_name, world_text(world, &fact->name));
	if (FACT_HAS(fact, clients) && (int64_t)fact->clients > row_number(row, SERVICE_clients))
		row_set_number(row, SERVICE_clients, (int64_t)fact->clients);
	if (later)
		row_set_text(row, SERVICE_host_id, row_text(&face->host->row, HOST_id));
	row_seen(row, SERVICE_first_seen, fact->first_us, fact->last_us);
	row->evidence = evidence->id;
}

static void flow_end(struct world *world, struct row *row, size_t column, const char *vlan, const struct ip *ip)
{
	const struct interface *face = world_holder(world, vlan, ip);

	if (face)
		row_set_text(row, column, row_text(&face->host->row, HOST_id));
}

/* Its minute gets what it has more. */
static void grow(struct world *world, const struct row *flow, int64_t at_us, const uint64_t more[static 5])
{
	struct growth *growth;

	if (!(more[0] | more[1] | more[2] | more[3] | more[4]))
		return;
	growth = arena_take(&world->arena, sizeof(*growth));
	if (!growth) {
		world->failed = true;
		return;
	}
	*growth = (struct growth){.flow = flow, .at_us = at_us, .next = world->growth};
	memcpy(growth->more, more, sizeof(growth->more));
	world->growth = growth;
}

static void conclude_flow(struct world *world, struct evidence *evidence,
			  const uint64_t more[static EVIDENCE_MEASURES])
{
	const struct fact *fact = evidence->fact;
	const char *vlan = world_vlan(world, &fact->vlan), *client = world_ip(world, &fact->client);
	const char *server = world_ip(world, &fact->server), *proto = world_text(world, &fact->proto);
	uint64_t port = number_of(fact, FIELD_port);
	const char *id = world_flow_id(world, vlan, client, server, port, proto);
	struct row *row = world_find(world, ENTITY_flow_id, id);

	if (!row) {
		row = world_flow(world, id);
		row->is_new = true;
		row_set_text(row, FLOW_client, client);
		row_set_text(row, FLOW_server, server);
		row_set_number(row, FLOW_port, (int64_t)port);
		row_set_text(row, FLOW_proto, proto);
		row_set_text(row, FLOW_vlan, vlan);
		for (size_t i = FLOW_connections; i <= FLOW_bytes_back; i++)
			row_set_number(row, i, 0);
		row->evidence = evidence->id;
	}
	evidence->about = row;
	for (size_t i = 0; i < 5; i++)
		row_add(row, FLOW_connections + i, more[i]);
	grow(world, row, fact->last_us, more);
	if (FACT_HAS(fact, rtt_us))
		row_set_number(row, FLOW_rtt_us, (int64_t)fact->rtt_us);
	if (FACT_HAS(fact, app))
		row_set_text(row, FLOW_app, world_text(world, &fact->app));
	flow_end(world, row, FLOW_client_host_id, vlan, &fact->client);
	flow_end(world, row, FLOW_server_host_id, vlan, &fact->server);
	row_seen(row, FLOW_first_seen, fact->first_us, fact->last_us);
}

static void conclude_fact(struct world *world, const struct fact *fact, int phase)
{
	static const int phases[FACT_KIND_COUNT] = {
		[FACT_ADDRESS] = 0, [FACT_HOST] = 0,  [FACT_NEIGHBOR] = 1, [FACT_LINK] = 4,
		[FACT_NAME] = 2,    [FACT_TRAIT] = 2, [FACT_SERVICE] = 3,  [FACT_FLOW] = 4};
	struct evidence *evidence;
	struct host *host;
	uint64_t more[EVIDENCE_MEASURES] = {0};

	if (phases[fact->kind] != phase)
		return;
	evidence = conclude_evidence(world, fact);
	count_evidence(evidence, fact, more);
	if (world->failed)
		return;
	switch (fact->kind) {
	case FACT_ADDRESS:
	case FACT_HOST:
		conclude_host(world, evidence, more);
		break;
	case FACT_NEIGHBOR:
		identify_neighbor(world, evidence);
		break;
	case FACT_NAME:
		host = identify_name(world, evidence);
		evidence->about = host ? &host->row : NULL;
		break;
	case FACT_TRAIT:
		identify_trait(world, evidence);
		break;
	case FACT_ROUTE:
		identify_route(world, evidence);
		break;
	case FACT_SERVICE:
		conclude_service(world, evidence);
		break;
	case FACT_FLOW:
		conclude_flow(world, evidence, more);
		break;
	case FACT_LOSS:
		world->losses++;
		break;
	default:
		break;
	}
}

void conclude(struct world *world, const struct fact *facts, size_t count)
{
	identify_routers(world, facts, count);
	for (int phase = 0; phase < 5; phase++) {
		for (size_t i = 0; i < count && !world->failed; i++)
			conclude_fact(world, &facts[i], phase);
		/* What services and flows belong to is known once hosts are. */
		if (phase == 2)
			identify_settle(world);
	}
	conclude_neighbors(world);
	conclude_links(world);
	identify_subnets(world);
	if (!world->failed)
		settle(world);
}
