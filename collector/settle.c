/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rules of settle.h, kind by kind.
 */
#include <string.h>

#include "collector/identify.h"
#include "collector/settle.h"

static void *take(struct world *world, size_t size)
{
	void *taken = arena_take(&world->arena, size);

	if (!taken)
		world->failed = true;
	return taken;
}

static void unsettle(struct world *world, const char *mac, const char *ip, const char *host)
{
	struct unsettled *one = take(world, sizeof(*one));

	if (!one)
		return;
	*one = (struct unsettled){.mac = mac, .ip = ip, .host = host, .next = world->unsettled};
	world->unsettled = one;
}

/* Who held the address before this batch. */
static const struct interface *holder_before(const struct world *world, const struct interface *of)
{
	const struct interface *best = NULL;

	for (const struct interface *face = world_of_ip(world, &of->ip); face; face = face->next_of_ip) {
		const struct value *mac = &face->row.was[INTERFACE_mac], *vlan = &face->row.was[INTERFACE_vlan];
		bool better;

		if (face->row.is_new || !vlan->set || !ip_equal(&face->ip, &of->ip) ||
		    strcmp(vlan->text, row_text(&of->row, INTERFACE_vlan)) != 0)
			continue;
		better =
			!best || (mac->set && !best->row.was[INTERFACE_mac].set) ||
			(mac->set == best->row.was[INTERFACE_mac].set &&
			 face->row.was[INTERFACE_last_seen].number > best->row.was[INTERFACE_last_seen].number);
		if (better)
			best = face;
	}
	return best;
}

/* What was served and sent at an address follows whoever holds it now. */
static void follow_holder(struct world *world, const struct interface *face)
{
	const struct interface *now = world_holder(world, row_text(&face->row, INTERFACE_vlan), &face->ip);
	const struct interface *before = holder_before(world, face);
	struct moved_address *moved;

	if (!now || !before || now == before)
		return;
	unsettle(world, NULL, row_text(&face->row, INTERFACE_ip), NULL);
	moved = take(world, sizeof(*moved));
	if (!moved)
		return;
	moved->face = now;
	moved->next = world->moved;
	world->moved = moved;
}

static void unsettle_rows(struct world *world)
{
	for (const struct row *row = world->interfaces; row; row = row->next) {
		const struct interface *face = (const struct interface *)row;

		if (row_changed_itself(row))
			unsettle(world, row_text(row, INTERFACE_mac), row_text(row, INTERFACE_ip), NULL);
		if (face->has_ip && row_changed(row))
			follow_holder(world, face);
	}
	/* Of a host that is new all interfaces are; one that is gone has none. */
	for (const struct row *row = world->hosts; row; row = row->next)
		if (!row->is_new && !row->gone && row_changed_itself(row))
			unsettle(world, NULL, NULL, row_text(row, HOST_id));
	for (const struct row *row = world->services; row; row = row->next)
		if (!row->is_new && row_changed_itself(row))
			unsettle(world, NULL, row_text(row, SERVICE_ip), NULL);
}

static bool is_still(const struct row *row)
{
	return row && !row->is_new && !row->gone && !row_changed_itself(row);
}

static bool settles_address(struct world *world, struct evidence *e)
{
	const struct interface *face = (const struct interface *)e->about;

	if (!is_still(e->about) || !is_still(&face->host->row))
		return false;
	/* Of an address that several claim only the holder's word is settled. */
	if (face->has_ip && world_holder(world, row_text(&face->row, INTERFACE_vlan), &face->ip) != face)
		return false;
	e->target = row_text(&face->row, INTERFACE_id);
	return true;
}

/* The host's name as it is: this one moves its time; one of less trust does nothing. Others take turns, the long way. */
static bool settles_name(struct evidence *e)
{
	const struct host *host = (const struct host *)e->about;
	const char *source = fact_source_names[e->fact->source], *had;
	const struct text *name = &e->fact->name, *kind = &e->fact->name_kind;
	char kind_text[16];
	int rank, old;

	if (kind->length >= sizeof(kind_text))
		return true;
	memcpy(kind_text, kind->bytes, kind->length);
	kind_text[kind->length] = 0;
	rank = identify_name_rank(source, kind_text);
	if (!host || rank < 0)
		return true;
	had = row_text(&host->row, HOST_name_source);
	if (!is_still(&host->row) || !had)
		return false;
	if (strcmp(had, "manual") == 0)
		return true;
	old = identify_name_rank(had, host->name_kind ? host->name_kind : "hostname");
	if (rank != old || strcmp(source, "dns") == 0)
		return rank >= old;
	if (strlen(row_text(&host->row, HOST_name)) != name->length ||
	    memcmp(row_text(&host->row, HOST_name), name->bytes, name->length) != 0)
		return false;
	e->target = row_text(&host->row, HOST_id);
	return true;
}

static bool settles_service(struct world *world, struct evidence *e)
{
	const struct fact *fact = e->fact;
	const struct row *row = e->about;
	const struct interface *holder = world_holder(world, world_vlan(world, &fact->vlan), &fact->ip);
	const char *state = row ? row_text(row, SERVICE_state) : NULL;

	if (!is_still(row) || !holder ||
	    strcmp(row_text(&holder->host->row, HOST_id), row_text(row, SERVICE_host_id)) != 0)
		return false;
	if (FACT_HAS(fact, state) &&
	    (strlen(state) != fact->state.length || memcmp(state, fact->state.bytes, fact->state.length) != 0))
		return false;
	e->target = row_text(row, SERVICE_id);
	return true;
}

static bool settles(struct world *world, struct evidence *e)
{
	switch (e->fact->kind) {
	case FACT_ADDRESS:
	case FACT_HOST:
		return settles_address(world, e);
	case FACT_NEIGHBOR:
	case FACT_LINK:
		return false; /* its row is seen by it; there are few */
	case FACT_NAME:
		return settles_name(e);
	case FACT_SERVICE:
		return settles_service(world, e);
	case FACT_FLOW:
		if (!is_still(e->about))
			return false;
		e->target = row_text(e->about, FLOW_id);
		return true;
	case FACT_LOSS:
		return false; /* it is summed up for its sensor */
	default:
		return true;
	}
}

void settle(struct world *world)
{
	unsettle_rows(world);
	for (struct evidence *e = world->evidence; e && !world->failed; e = e->next_all)
		if (e->fact)
			e->settled = e->known && e->hash == e->had_hash && settles(world, e);
}
