/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The short way: facts in groups by what they move, each group one statement (refresh_* of 0019_refresh.sql), which leaves
 * those that it may not take. What is said twice in a group of batches with the same `first` is said once, by its latest totals.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/conclude.h"
#include "collector/ingest_sql.h"
#include "collector/settle.h"

enum refresh_kind { OF_INTERFACES, OF_SERVICES, OF_FLOWS, OF_OTHERS, KINDS };

enum { ARRAYS_COMMON = 5, ARRAYS_MAX = 12, BEGUN_US = 2000000 };

/* What each group has of its own, after the id, the hash, first, last and count. */
static const struct {
	size_t measures; /* of conclude_measures() */
	enum statement statement;
	bool gap;
} kinds[KINDS] = {
	[OF_INTERFACES] = {4, SQL_REFRESH_INTERFACES, true},
	[OF_SERVICES] = {0, SQL_REFRESH_SERVICES, false},
	[OF_FLOWS] = {5, SQL_REFRESH_FLOWS, false},
	[OF_OTHERS] = {0, SQL_REFRESH_OTHERS, false},
};

/* A fact that is said, with all that was folded into it. */
struct said {
	const struct fact *fact; /* the latest */
	const char *id;
	int64_t hash, last_us;
	uint64_t measures[EVIDENCE_MEASURES];
	size_t folded; /* others that are in it */
	bool left;     /* for the long way */
	struct said *next;
};

struct group {
	struct said **said;
	size_t count;
	struct buffer arrays[ARRAYS_MAX];
};

struct refresh {
	struct world *world;
	struct said *first, **last;
	struct group groups[KINDS];
};

struct refresh *refresh_begin(struct world *world, size_t count)
{
	struct refresh *refresh = arena_take(&world->arena, sizeof(*refresh));

	if (!refresh)
		return NULL;
	refresh->world = world;
	refresh->last = &refresh->first;
	for (size_t i = 0; i < KINDS; i++) {
		refresh->groups[i].said = arena_take(&world->arena, count * sizeof(struct said *));
		if (!refresh->groups[i].said)
			return NULL;
	}
	return refresh;
}

/* The group of a fact; KINDS when it goes the long way at once: what has only begun can hardly be settled. */
static enum refresh_kind kind_of(const struct fact *fact)
{
	if (fact->last_us - fact->first_us < BEGUN_US)
		return KINDS;
	switch (fact->kind) {
	case FACT_ADDRESS:
	case FACT_HOST:
		return OF_INTERFACES;
	case FACT_SERVICE:
		return OF_SERVICES;
	case FACT_FLOW:
		return OF_FLOWS;
	case FACT_LOSS:
	case FACT_NEIGHBOR:
	case FACT_LINK:
		return KINDS;
	default:
		return OF_OTHERS;
	}
}

/* Totals of the same `first` replace each other; the later word is the greater. Minutes of traffic stay apart. */
static bool fold(struct said *said, const struct fact *fact, int64_t hash,
		 const uint64_t measures[static EVIDENCE_MEASURES])
{
	const int64_t minute_us = 60000000;

	if (said->left || said->hash != hash || said->fact->first_us != fact->first_us ||
	    fact->last_us < said->last_us ||
	    (fact->kind == FACT_FLOW && fact->last_us / minute_us != said->last_us / minute_us) ||
	    said->fact->has != fact->has)
		return false;
	for (size_t i = 0; i < EVIDENCE_MEASURES; i++)
		if (measures[i] < said->measures[i])
			return false;
	if (fact->kind == FACT_SERVICE && fact->clients < said->fact->clients)
		return false;
	memcpy(said->measures, measures, sizeof(said->measures));
	said->fact = fact;
	said->last_us = fact->last_us;
	said->folded++;
	return true;
}

bool refresh_add(struct refresh *refresh, const struct fact *fact, const struct fact_key *key)
{
	struct evidence *evidence = world_find_evidence(refresh->world, key->id);
	enum refresh_kind kind = kind_of(fact);
	uint64_t measures[EVIDENCE_MEASURES];
	struct said *said;

	if (!evidence)
		evidence = world_evidence(refresh->world, key->id);
	conclude_measures(fact, measures);
	if (evidence->said && fold(evidence->said, fact, key->hash, measures))
		return true;
	said = arena_take(&refresh->world->arena, sizeof(*said));
	if (!said || refresh->world->failed)
		return false;
	*said = (struct said){.fact = fact,
			      .id = evidence->id,
			      .hash = key->hash,
			      .last_us = fact->last_us,
			      .left = kind == KINDS || evidence->said};
	memcpy(said->measures, measures, sizeof(said->measures));
	*refresh->last = said;
	refresh->last = &said->next;
	if (!evidence->said)
		evidence->said = said;
	if (!said->left)
		refresh->groups[kind].said[refresh->groups[kind].count++] = said;
	return true;
}

static void add_arrays(const struct said *said, enum refresh_kind kind, struct buffer *array)
{
	const struct fact *fact = said->fact;

	array_add_plain(array++, said->id);
	array_add_integer(array++, said->hash);
	array_add_integer(array++, fact->first_us);
	array_add_integer(array++, fact->last_us);
	array_add_integer(array++, (int64_t)fact->count);
	for (size_t i = 0; i < kinds[kind].measures; i++)
		array_add_integer(array++, (int64_t)said->measures[i]);
	if (kind == OF_INTERFACES && presence_until_us(fact))
		array_add_integer(array++, presence_until_us(fact));
	else if (kind == OF_INTERFACES)
		array_add_text(array++, NULL);
	if (kind == OF_SERVICES)
		array_add_integer(array++, FACT_HAS(fact, clients) ? (int64_t)fact->clients : 0);
	if (kind == OF_FLOWS && FACT_HAS(fact, rtt_us))
		array_add_integer(array++, (int64_t)fact->rtt_us);
	else if (kind == OF_FLOWS)
		array_add_text(array++, NULL);
}

bool refresh_pack(struct refresh *refresh)
{
	bool well = true;

	for (enum refresh_kind kind = 0; kind < KINDS; kind++) {
		struct group *group = &refresh->groups[kind];

		for (size_t i = 0; i < group->count; i++)
			add_arrays(group->said[i], kind, group->arrays);
		for (size_t i = 0; i < ARRAYS_MAX; i++)
			well &= !group->arrays[i].failed;
	}
	return well;
}

static bool ask_group(struct refresh *refresh, enum refresh_kind kind, struct db_session *s)
{
	struct group *group = &refresh->groups[kind];
	size_t arrays = ARRAYS_COMMON + kinds[kind].measures + (kind != OF_OTHERS);
	const char *parameters[ARRAYS_MAX + 2] = {refresh->world->network_id};
	bool failed = false;
	size_t used = 1;
	char gap[24];

	if (!group->count)
		return true;
	snprintf(gap, sizeof(gap), "%" PRId64, PRESENCE_GAP_US);
	if (kinds[kind].gap)
		parameters[used++] = gap;
	for (size_t i = 0; i < arrays; i++) {
		parameters[used++] = array_text(&group->arrays[i]);
		failed |= group->arrays[i].failed;
	}
	if (!failed)
		db_add(s, kinds[kind].statement, parameters, used);
	return !failed;
}

bool refresh_ask(struct refresh *refresh, struct db_session *s)
{
	bool well = true;

	for (enum refresh_kind kind = 0; kind < KINDS; kind++)
		well &= ask_group(refresh, kind, s);
	refresh_free(refresh);
	return well;
}

void refresh_free(struct refresh *refresh)
{
	for (enum refresh_kind kind = 0; refresh && kind < KINDS; kind++)
		for (size_t i = 0; i < ARRAYS_MAX; i++)
			buffer_free(&refresh->groups[kind].arrays[i]);
}

bool refresh_left(struct refresh *refresh, const struct db_reply *reply, size_t from, struct facts_list *out)
{
	size_t used = 0;

	for (enum refresh_kind kind = 0; kind < KINDS; kind++) {
		const struct group *group = &refresh->groups[kind];

		if (!group->count)
			continue;
		for (size_t row = 0; row < db_rows(reply, from); row++) {
			size_t number = (size_t)db_integer(reply, from, row, 0);

			if (number && number <= group->count)
				group->said[number - 1]->left = true;
		}
		from++;
	}
	for (const struct said *said = refresh->first; said; said = said->next) {
		out->count += said->left;
		out->refreshed += said->left ? 0 : 1 + said->folded;
	}
	out->facts = out->count ? arena_take(&refresh->world->arena, out->count * sizeof(struct fact)) : NULL;
	if (out->count && !out->facts)
		return false;
	for (const struct said *said = refresh->first; said; said = said->next)
		if (said->left)
			out->facts[used++] = *said->fact;
	return true;
}
