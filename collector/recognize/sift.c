/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the ways in which a service's rule holds to what may be said of it: bounded by the definition's own certainty, one way for each set of
 * ports, and no guess that what is known of the port belies.
 */
#include <string.h>

#include "collector/recognize/inside.h"

static bool same_protocol(const char *one, const char *other)
{
	size_t length = strlen(one), other_length = strlen(other),
	       least = length < other_length ? length : other_length;

	/* http, https */
	return strncmp(one, other, least) == 0 && one[least + (one[least] == 's')] == 0 &&
	       other[least + (other[least] == 's')] == 0;
}

/* Does the definition know a protocol that this port was heard to speak? True too when none was. */
static bool protocol_fits(const struct owner *owner, const struct spot *spot)
{
	bool known = false;

	for (uint32_t i = 0; i < spot->speaks_count; i++) {
		const char *speaks = spot->speaks[i];

		if (!*speaks || strcmp(speaks, "tls") == 0)
			continue;
		known = true;
		if (owner->http && same_protocol(speaks, "http"))
			return true;
		for (size_t n = 0; n < owner->speaks_count; n++)
			if (same_protocol(owner->speaks[n], speaks))
				return true;
	}
	return !known;
}

/* A page was there on which it would have shown itself, and did not. */
static bool page_belies(struct scene *scene, const struct owner *owner, uint32_t spot)
{
	const struct definitions *definitions = scene->definitions;

	if (!owner->http || !scene->spot[spot].first_page)
		return false;
	for (uint32_t i = owner->first; i < owner->end; i++) {
		const struct node *node = &definitions->node[i], *part = &definitions->node[node->first];
		const char *path = part->path ? part->path : "/";
		const struct page *page;

		if (!node->word || !node->first || strcmp(node->word, "http") != 0)
			continue;
		page = page_find(scene, spot, path, strlen(path));
		if (page && page->status >= (part->low ? part->low : 200) &&
		    page->status <= (part->high ? part->high : 299))
			return true;
	}
	return false;
}

static bool guess_stands(struct scene *scene, const struct owner *owner, const struct unit *unit)
{
	for (uint32_t i = 0; i < unit->count; i++)
		if (!protocol_fits(owner, &scene->spot[unit->at[i].spot]) ||
		    page_belies(scene, owner, unit->at[i].spot))
			return false;
	return true;
}

static enum certainty at_most(enum certainty certainty, enum certainty most)
{
	return most && certainty > most ? most : certainty;
}

/* What is said of the host as a whole is about its ports, where the rule has ports. */
static void lift(struct units *units)
{
	enum certainty host = CERTAINTY_NONE;
	bool ports = false;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < units->count; i++) {
		ports |= units->item[i].count > 0;
		if (!units->item[i].count && units->item[i].certainty > host)
			host = units->item[i].certainty;
	}
	for (uint32_t i = 0; i < units->count; i++) {
		struct unit *unit = &units->item[i];

		if (!unit->count && (ports || kept))
			continue;
		for (uint32_t n = 0; host && n < unit->count; n++)
			if (unit->at[n].certainty < CERTAINTY_MEDIUM && host >= CERTAINTY_MEDIUM)
				unit->at[n].certainty = CERTAINTY_MEDIUM;
		if (host)
			unit->guess = false;
		if (host > unit->certainty)
			unit->certainty = host;
		units->item[kept++] = *unit;
	}
	units->count = kept;
}

/* A way all of whose ports another way of more ports has is a part of that. */
static void absorb(struct scene *scene, struct units *units)
{
	uint32_t *owner = arena_take(scene->arena, scene->spots * sizeof(*owner)), kept = 0;

	if (!owner) {
		scene->failed = true;
		return;
	}
	for (uint32_t i = units->count; i-- > 0;)
		for (uint32_t n = 0; n < units->item[i].count; n++)
			if (!owner[units->item[i].at[n].spot] || units->item[i].count > 1)
				owner[units->item[i].at[n].spot] = i + 1;
	for (uint32_t i = 0; i < units->count; i++) {
		struct unit *unit = &units->item[i],
			    *whole = unit->count == 1 ? &units->item[owner[unit->at->spot] - 1] : unit;

		if (whole == unit)
			continue;
		if (unit->certainty > whole->certainty)
			whole->certainty = unit->certainty;
		if (unit->weight > whole->weight)
			whole->weight = unit->weight;
		for (uint32_t n = 0; n < whole->count; n++)
			if (whole->at[n].spot == unit->at->spot && whole->at[n].certainty < unit->at->certainty)
				whole->at[n].certainty = unit->at->certainty;
		whole->guess &= unit->guess;
		unit->certainty = CERTAINTY_NONE;
	}
	for (uint32_t i = 0; i < units->count; i++)
		if (units->item[i].certainty)
			units->item[kept++] = units->item[i];
	units->count = kept;
}

struct units service_units(struct scene *scene, const struct owner *owner)
{
	struct units units = node_units(scene, owner->root);
	uint32_t kept = 0;

	for (uint32_t i = 0; i < units.count; i++)
		if (!units.item[i].guess || guess_stands(scene, owner, &units.item[i]))
			units.item[kept++] = units.item[i];
	units.count = kept;
	lift(&units);
	absorb(scene, &units);
	for (uint32_t i = 0; i < units.count; i++) {
		units.item[i].certainty = at_most(units.item[i].certainty, owner->most);
		for (uint32_t n = 0; n < units.item[i].count; n++)
			units.item[i].at[n].certainty = at_most(units.item[i].at[n].certainty, owner->most);
	}
	return units;
}
