/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which rules hold, and where. A leaf holds wherever it was hit; `any` wherever one of its rules does; `together` at each port at which all of
 * its rules do; `all` once in each place (an address in a VLAN) where all of its rules do, or else once across places.
 */
#include <stdlib.h>
#include <string.h>

#include "collector/recognize/inside.h"

enum { PLACES_MAX = 256 };

static void add(struct scene *scene, struct units *units, struct unit unit)
{
	/* Room doubles: at each power of two there is no more. */
	if ((units->count & (units->count - 1)) == 0) {
		struct unit *more =
			arena_take(scene->arena, (units->count ? units->count * 2 : 1) * sizeof(*more));

		if (!more) {
			scene->failed = true;
			return;
		}
		if (units->count)
			memcpy(more, units->item, units->count * sizeof(*more));
		units->item = more;
	}
	units->item[units->count++] = unit;
}

static struct unit_spot *spots(struct scene *scene, size_t count)
{
	struct unit_spot *at = arena_take(scene->arena, (count ? count : 1) * sizeof(*at));

	if (!at)
		scene->failed = true;
	return at;
}

/* Those of no port first, by place; those of one port, by port; the rest. */
static int order(const void *a, const void *b)
{
	const struct unit *one = a, *other = b;
	uint32_t left = one->count == 1 ? one->at->spot : one->place,
		 right = other->count == 1 ? other->at->spot : other->place;

	if ((one->count > 1 ? 2 : one->count) != (other->count > 1 ? 2 : other->count))
		return one->count < other->count ? -1 : 1;
	return left < right ? -1 : left > right;
}

/* Units of the same port, or of the same place, become one: as sure as the surest. */
static void join(struct units *units)
{
	uint32_t kept = 0;

	if (units->count > 1)
		qsort(units->item, units->count, sizeof(*units->item), order);
	for (uint32_t i = 0; i < units->count; i++) {
		struct unit *last = kept ? &units->item[kept - 1] : NULL, *unit = &units->item[i];

		if (!last || unit->count > 1 || last->count != unit->count || order(last, unit) != 0) {
			units->item[kept++] = *unit;
			continue;
		}
		last->guess &= unit->guess;
		if (unit->certainty > last->certainty)
			last->certainty = unit->certainty;
		if (unit->weight > last->weight)
			last->weight = unit->weight;
		if (unit->count && unit->at->certainty > last->at->certainty)
			last->at->certainty = unit->at->certainty;
	}
	units->count = kept;
}

static struct units leaf(struct scene *scene, uint32_t at)
{
	const struct node *node = &scene->definitions->node[at];
	struct units units = {0};

	for (const struct hit *hit = scene_hits(scene, at); hit && !scene->failed; hit = hit->next) {
		const struct spot *spot = &scene->spot[hit->spot];
		struct unit unit = {.place = spot->place,
				    .certainty = hit->certainty ? hit->certainty : node->certainty,
				    .weight = node->weight,
				    .guess = node->guess};

		if (spot->port_h) {
			unit.at = spots(scene, 1);
			if (!unit.at)
				break;
			unit.at[0] = (struct unit_spot){hit->spot, unit.certainty};
			unit.count = 1;
		}
		add(scene, &units, unit);
	}
	join(&units);
	return units;
}

static struct units any(struct scene *scene, uint32_t at)
{
	struct units units = {0};

	for (uint32_t child = scene->definitions->node[at].first; child;
	     child = scene->definitions->node[child].next) {
		struct units its = node_units(scene, child);

		for (uint32_t i = 0; i < its.count; i++)
			add(scene, &units, its.item[i]);
	}
	join(&units);
	return units;
}

/* The children of a node that is met when all of them are. */
struct children {
	struct units of[64];
	bool inside_out[64]; /* not */
	size_t count;
};

/* False when one of them holds nowhere. */
static bool children_of(struct scene *scene, uint32_t at, struct children *children)
{
	const struct definitions *definitions = scene->definitions;

	for (uint32_t child = definitions->node[at].first; child && children->count < 64;
	     child = definitions->node[child].next) {
		bool outside = definitions->node[child].is == NODE_NOT;
		struct units units = node_units(scene, outside ? definitions->node[child].first : child);

		if (!outside && !units.count)
			return false;
		children->inside_out[children->count] = outside;
		children->of[children->count++] = units;
	}
	return children->count > 0;
}

/* Does it hold in this place (across: anywhere)? */
static bool counts(const struct unit *unit, uint32_t place, bool across)
{
	return across || !unit->place || unit->place == place;
}

/* What all of them say of one place, as one unit: of each child what it is surest of. */
static bool whole(struct scene *scene, const struct children *children, uint32_t place, bool across,
		  struct unit *out)
{
	struct unit unit = {.place = across ? 0 : place, .guess = true};
	size_t room = 0;

	for (size_t i = 0; i < children->count; i++)
		for (uint32_t n = 0; n < children->of[i].count; n++)
			room += children->of[i].item[n].count;
	unit.at = spots(scene, room);
	if (!unit.at)
		return false;
	for (size_t i = 0; i < children->count; i++) {
		const struct units *units = &children->of[i];
		enum certainty best = CERTAINTY_NONE;
		uint16_t weight = 0;
		bool guess = true;

		for (uint32_t n = 0; n < units->count; n++)
			if (counts(&units->item[n], place, across) && units->item[n].certainty > best)
				best = units->item[n].certainty;
		if (children->inside_out[i] ? best != CERTAINTY_NONE : best == CERTAINTY_NONE)
			return false;
		for (uint32_t n = 0; n < units->count; n++) {
			const struct unit *its = &units->item[n];

			if (!counts(its, place, across) || its->certainty < best)
				continue;
			if (its->count)
				memcpy(unit.at + unit.count, its->at, its->count * sizeof(*its->at));
			unit.count += its->count;
			guess &= its->guess;
			if (its->weight > weight)
				weight = its->weight;
		}
		unit.weight = (uint16_t)(unit.weight + weight);
		unit.guess &= guess || children->inside_out[i];
		if (best > unit.certainty)
			unit.certainty = best;
	}
	*out = unit;
	return true;
}

static int order_spots(const void *a, const void *b)
{
	const struct unit_spot *one = a, *other = b;

	if (one->spot != other->spot)
		return one->spot < other->spot ? -1 : 1;
	return (int)other->certainty - (int)one->certainty;
}

/* Each port once, as sure as it was said. */
static void tidy(struct unit *unit)
{
	uint32_t kept = 0;

	if (unit->count > 1)
		qsort(unit->at, unit->count, sizeof(*unit->at), order_spots);
	for (uint32_t i = 0; i < unit->count; i++)
		if (!kept || unit->at[kept - 1].spot != unit->at[i].spot)
			unit->at[kept++] = unit->at[i];
	unit->count = kept;
}

static bool had_place(const uint32_t *place, size_t count, uint32_t it)
{
	for (size_t i = 0; i < count; i++)
		if (place[i] == it)
			return true;
	return false;
}

static struct units all(struct scene *scene, uint32_t at)
{
	struct children children;
	struct units units = {0};
	uint32_t place[PLACES_MAX];
	size_t places = 0;
	struct unit unit;

	children.count = 0;
	if (!children_of(scene, at, &children))
		return units;
	for (size_t i = 0; i < children.count; i++)
		for (uint32_t n = 0; n < children.of[i].count && places < PLACES_MAX; n++)
			if (children.of[i].item[n].place &&
			    !had_place(place, places, children.of[i].item[n].place))
				place[places++] = children.of[i].item[n].place;
	for (size_t i = 0; i < places; i++) {
		if (!whole(scene, &children, place[i], false, &unit))
			continue;
		tidy(&unit);
		add(scene, &units, unit);
	}
	if (!units.count && whole(scene, &children, 0, true, &unit)) {
		tidy(&unit);
		add(scene, &units, unit);
	}
	return units;
}

static const struct unit *at_spot(const struct units *units, uint32_t spot)
{
	for (uint32_t i = 0; i < units->count; i++)
		for (uint32_t n = 0; n < units->item[i].count; n++)
			if (units->item[i].at[n].spot == spot)
				return &units->item[i];
	return NULL;
}

static const struct unit *of_host(const struct units *units, uint32_t place)
{
	for (uint32_t i = 0; i < units->count; i++)
		if (!units->item[i].count && counts(&units->item[i], place, false))
			return &units->item[i];
	return NULL;
}

static bool all_at(struct scene *scene, const struct children *children, uint32_t spot, struct unit *out)
{
	struct unit unit = {.place = scene->spot[spot].place, .guess = true, .count = 1};

	for (size_t i = 0; i < children->count; i++) {
		const struct unit *its = at_spot(&children->of[i], spot);

		if (!its)
			its = of_host(&children->of[i], unit.place);
		if (children->inside_out[i] ? its != NULL : !its)
			return false;
		if (!its)
			continue;
		unit.guess &= its->guess;
		unit.weight = (uint16_t)(unit.weight + its->weight);
		if (its->certainty > unit.certainty)
			unit.certainty = its->certainty;
	}
	unit.at = spots(scene, 1);
	if (!unit.at)
		return false;
	unit.at[0] = (struct unit_spot){spot, unit.certainty};
	*out = unit;
	return true;
}

static struct units together(struct scene *scene, uint32_t at)
{
	struct children children;
	struct units units = {0};
	size_t first = 0;
	struct unit unit;

	children.count = 0;
	if (!children_of(scene, at, &children))
		return units;
	/* Some child that has ports: any of them names all ports at which it can hold. */
	while (first < children.count && (children.inside_out[first] || !children.of[first].count ||
					  !children.of[first].item[children.of[first].count - 1].count))
		first++;
	for (uint32_t i = 0; first < children.count && i < children.of[first].count; i++)
		for (uint32_t n = 0; n < children.of[first].item[i].count; n++)
			if (all_at(scene, &children, children.of[first].item[i].at[n].spot, &unit))
				add(scene, &units, unit);
	join(&units);
	return units;
}

struct units node_units(struct scene *scene, uint32_t at)
{
	switch (scene->definitions->node[at].is) {
	case NODE_LEAF:
		return leaf(scene, at);
	case NODE_ANY:
		return any(scene, at);
	case NODE_ALL:
		return all(scene, at);
	case NODE_TOGETHER:
		return together(scene, at);
	case NODE_NOT:
		break;
	}
	return (struct units){0};
}
