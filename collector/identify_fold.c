/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two are one: rows that become one row, interfaces that go to another host, hosts that are merged; and the note of each
 * decision.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "collector/identify_inside.h"
#include "collector/settle.h"

enum { WORDS_MAX = 600 };

const char *identify_words(struct world *world, const char *format, ...)
{
	char words[WORDS_MAX];
	va_list list;

	va_start(list, format);
	vsnprintf(words, sizeof(words), format, list);
	va_end(list);
	return world_copy(world, words);
}

struct decision *identify_decide(struct world *world, enum decision_kind kind, const char *rule,
				 struct host *stands, struct host *other, const char *reason)
{
	struct decision *decision = arena_take(&world->arena, sizeof(*decision));
	char id[ID_TEXT_MAX];

	if (!decision) {
		world->failed = true;
		return NULL;
	}
	*decision = (struct decision){
		.kind = kind,
		.id = world_copy(world, world->make_id(id)),
		.rule = rule,
		.reason = reason,
		.score = 100,
		.host = stands,
		.other = other,
		.evidence = {world->identity.evidence},
		.next = world->identity.decisions,
	};
	world->identity.decisions = decision;
	/* The change log says by which fact a host came or went. */
	if (kind != DECISION_PROPOSAL && world->identity.evidence) {
		stands->row.evidence = world->identity.evidence;
		other->row.evidence = world->identity.evidence;
	}
	return decision;
}

bool identify_may_join(const struct host *a, const struct host *b)
{
	if (a->apart && strstr(a->apart, row_text(&b->row, HOST_id)))
		return false;
	return !b->apart || !strstr(b->apart, row_text(&a->row, HOST_id));
}

void identify_move_address(struct world *world, const struct interface *face)
{
	struct moved_address *moved;

	if (!face->has_ip)
		return;
	moved = arena_take(&world->arena, sizeof(*moved));
	if (!moved) {
		world->failed = true;
		return;
	}
	moved->face = face;
	moved->next = world->moved;
	world->moved = moved;
}

void identify_one_row(struct interface *stays, struct interface *goes)
{
	for (size_t i = INTERFACE_packets; i <= INTERFACE_bytes_in; i++)
		row_add(&stays->row, i, (uint64_t)row_number(&goes->row, i));
	row_seen(&stays->row, INTERFACE_first_seen, row_number(&goes->row, INTERFACE_first_seen),
		 row_number(&goes->row, INTERFACE_last_seen));
	goes->row.gone = true;
	goes->host->faces--;
}

/* What the other host was becomes the first one's, except its interfaces. */
static void absorb(const struct host *from, struct host *into)
{
	struct known_name name = {
		.name = row_text(&from->row, HOST_name),
		.source = row_text(&from->row, HOST_name_source),
		.kind = from->name_kind ? from->name_kind : "hostname",
		.last_us = from->name_last_us,
	};

	presence_fold(into, from);
	row_seen(&into->row, HOST_first_seen, row_number(&from->row, HOST_first_seen),
		 row_number(&from->row, HOST_last_seen));
	if (name.name && name.source)
		identify_name_host(into, &name, NULL);
	if (!row_text(&into->row, HOST_vendor))
		row_set_text(&into->row, HOST_vendor, row_text(&from->row, HOST_vendor));
}

/* A host without any interface has become the other. */
static void end(struct world *world, struct host *from, struct host *into)
{
	struct signal **last = &into->signals;

	from->row.gone = true;
	from->folded_into = into;
	if (from->apart)
		into->apart =
			into->apart ? identify_words(world, "%s %s", into->apart, from->apart) : from->apart;
	if (from->chassis && !into->chassis) {
		into->chassis = from->chassis;
		into->touched = true;
	}
	into->asks |= from->asks;
	while (*last)
		last = &(*last)->next_of_host;
	*last = from->signals;
	for (struct signal *signal = from->signals; signal; signal = signal->next_of_host)
		signal->host = into;
	from->signals = NULL;
	for (struct pin *pin = world->identity.pins; pin; pin = pin->next)
		if (pin->host == from)
			pin->host = into;
}

void identify_fold(struct world *world, struct interface *face, struct host *into)
{
	struct host *from = face->host;

	if (from == into)
		return;
	world_set_host(world, face, into);
	identify_move_address(world, face);
	absorb(from, into);
	if (!from->faces && !from->unseen)
		end(world, from, into);
}

/* The one that the database knows, then the one that has been known longer, stays. */
static bool stays(const struct host *a, const struct host *b)
{
	if (a->row.is_new != b->row.is_new)
		return !a->row.is_new;
	return row_number(&a->row, HOST_first_seen) <= row_number(&b->row, HOST_first_seen);
}

struct host *identify_merge(struct world *world, struct host *a, struct host *b)
{
	struct host *into = stays(a, b) ? a : b, *from = into == a ? b : a;

	for (struct row *row = world->interfaces; row && !world->failed; row = row->next) {
		struct interface *face = (struct interface *)row;

		if (row->gone || face->host != from)
			continue;
		world_set_host(world, face, into);
		identify_move_address(world, face);
	}
	absorb(from, into);
	/* Interfaces that were not read follow in the database. */
	into->unseen += from->unseen;
	from->unseen = 0;
	end(world, from, into);
	return into;
}
