/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One host: its clues are looked up, the rules that they hit are evaluated, and of all that is said of a port one name is chosen.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/recognize/inside.h"

/* One way in which one definition holds. */
struct claim {
	uint32_t owner;
	struct unit unit;
	bool out; /* said better by others */
};

struct claims {
	struct claim *item;
	size_t count, room;
};

const char *certainty_name(enum certainty certainty)
{
	static const char *const names[] = {"none", "low", "medium", "high", "certain"};

	return names[certainty];
}

static int order(const void *a, const void *b)
{
	uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;

	return one < other ? -1 : one > other;
}

/* Whoever was hit, each once, in the order of the definitions. */
static void sort_owners(struct scene *scene)
{
	size_t kept = 0;

	if (scene->owners > 1)
		qsort(scene->owner, scene->owners, sizeof(*scene->owner), order);
	for (size_t i = 0; i < scene->owners; i++)
		if (!kept || scene->owner[kept - 1] != scene->owner[i])
			scene->owner[kept++] = scene->owner[i];
	scene->owners = kept;
}

static void add(struct scene *scene, struct claims *claims, uint32_t owner, const struct unit *unit)
{
	if (!grow((void **)&claims->item, claims->count, &claims->room, sizeof(*claims->item)))
		scene->failed = true;
	else
		claims->item[claims->count++] = (struct claim){.owner = owner, .unit = *unit};
}

static void gather(struct scene *scene, struct claims *claims)
{
	for (size_t i = 0; i < scene->owners; i++) {
		const struct owner *owner = &scene->definitions->owner[scene->owner[i]];
		struct units units;

		if (owner->claim)
			continue;
		units = service_units(scene, owner);
		for (uint32_t n = 0; n < units.count; n++)
			add(scene, claims, scene->owner[i], &units.item[n]);
	}
}

/*
 * How well a claim names a port. What is known goes before what is guessed; then a maker's program before a protocol, as it says more, but
 * among guesses the other way round, as it dares less; what is spoken in HTTP or TLS goes before these; then the surer, then the more special.
 */
static uint64_t rank(const struct scene *scene, const struct claim *claim, const struct unit_spot *at)
{
	const struct owner *owner = &scene->definitions->owner[claim->owner];
	bool known = at->certainty >= CERTAINTY_MEDIUM,
	     more = at->certainty >= CERTAINTY_HIGH && !owner->transport;

	return (uint64_t)known << 48 | (uint64_t)(known != owner->generic) << 40 | (uint64_t)more << 36 |
	       (uint64_t)at->certainty << 32 | (uint64_t)claim->unit.weight << 8 | claim->unit.certainty;
}

/* For each port: the best rank, who has it, and whether another has it too. */
struct best {
	uint64_t rank;
	size_t claim; /* + 1 */
	bool shared;
};

static void choose(const struct scene *scene, const struct claims *claims, struct best *best)
{
	for (size_t i = 0; i < claims->count; i++) {
		const struct claim *claim = &claims->item[i];

		for (uint32_t n = 0; !claim->out && n < claim->unit.count; n++) {
			struct best *its = &best[claim->unit.at[n].spot];
			uint64_t its_rank = rank(scene, claim, &claim->unit.at[n]);

			if (its->claim && its_rank <= its->rank) {
				its->shared |= its_rank == its->rank;
				continue;
			}
			*its = (struct best){its_rank, i + 1, false};
		}
	}
}

/* Where it is known what a port is, what usually has it is no longer guessed; but beside HTTP and TLS, in which others speak. */
static void drop_guesses(const struct scene *scene, struct claims *claims, const struct best *best)
{
	for (size_t i = 0; i < claims->count; i++) {
		struct claim *claim = &claims->item[i];

		for (uint32_t n = 0; claim->unit.guess && n < claim->unit.count; n++) {
			const struct best *its = &best[claim->unit.at[n].spot];
			const struct claim *winner = its->claim ? &claims->item[its->claim - 1] : NULL;

			if (winner && winner != claim && its->rank >> 48 &&
			    !scene->definitions->owner[winner->owner].transport)
				claim->out = true;
		}
	}
}

static bool write_one(struct scene *scene, const struct claim *claim, size_t number, const struct best *best,
		      struct conclusion *out)
{
	const struct owner *owner = &scene->definitions->owner[claim->owner];
	const struct unit *unit = &claim->unit;

	*out = (struct conclusion){.definition = owner->id,
				   .generic = owner->generic,
				   .certainty = unit->certainty,
				   .ports = unit->count};
	out->port = arena_take(scene->arena, (unit->count + 1) * sizeof(*out->port));
	out->reasons = reasons(scene, owner->root, unit);
	if (!out->port || !out->reasons)
		return false;
	for (uint32_t n = 0; n < unit->count; n++) {
		const struct spot *spot = &scene->spot[unit->at[n].spot];
		const struct best *its = &best[unit->at[n].spot];

		/* Several guesses that are as good as each other are no answer. */
		out->port[n] = (struct conclusion_port){spot->place, spot->port_h, spot->udp,
							its->claim == number + 1 &&
								!(its->shared && !(its->rank >> 48))};
	}
	return true;
}

/* Devices follow from services that are known, not from guesses. */
static void tell_devices(struct scene *scene, const struct claims *claims)
{
	for (size_t i = 0; i < claims->count; i++) {
		const struct owner *owner = &scene->definitions->owner[claims->item[i].owner];
		const struct unit *unit = &claims->item[i].unit;
		const struct clue *first;

		if (claims->item[i].out || unit->certainty < CERTAINTY_MEDIUM)
			continue;
		first = reasons_first(scene, owner->root, unit);
		if (first)
			look_at_service(scene, owner->id, unit->certainty, unit->count ? unit->at->spot : 0,
					first);
	}
	sort_owners(scene);
}

static int conclusions(struct scene *scene, struct conclusions *out)
{
	struct claims claims = {0};
	struct best *best;

	look_at_clues(scene);
	sort_owners(scene);
	gather(scene, &claims);
	best = arena_take(scene->arena, scene->spots * 2 * sizeof(*best));
	out->service = arena_take(scene->arena, (claims.count + 1) * sizeof(*out->service));
	scene->failed |= !best || !out->service;
	if (!scene->failed) {
		choose(scene, &claims, best);
		drop_guesses(scene, &claims, best);
		best += scene->spots;
		choose(scene, &claims, best);
	}
	for (size_t i = 0; !scene->failed && i < claims.count; i++) {
		if (claims.item[i].out)
			continue;
		scene->failed |= !write_one(scene, &claims.item[i], i, best, &out->service[out->services]);
		out->services++;
	}
	if (!scene->failed)
		tell_devices(scene, &claims);
	if (!scene->failed)
		device_conclude(scene, &out->device);
	free(claims.item);
	return scene->failed ? -ENOMEM : 0;
}

int recognize(const struct definitions *definitions, const struct clue *clue, size_t count, struct arena *arena,
	      struct conclusions *out, size_t *left_out)
{
	struct conclusions made = {0};
	struct scene scene;
	int error = scene_open(&scene, definitions, clue, count, arena);

	if (error)
		return error;
	error = conclusions(&scene, &made);
	if (left_out)
		*left_out = scene.left_out;
	scene_close(&scene);
	if (!error)
		*out = made;
	return error;
}

const char *recognize_explain(const struct definitions *definitions, const char *id, const struct clue *clue,
			      size_t count, struct arena *arena, bool *matched)
{
	const char *tree = NULL;
	struct scene scene;

	for (size_t i = 0; i < definitions->owners; i++) {
		const struct owner *owner = &definitions->owner[i];

		if (owner->claim || owner->replaced || !owner->root || strcmp(owner->id, id) != 0)
			continue;
		if (scene_open(&scene, definitions, clue, count, arena))
			return NULL;
		look_at_clues(&scene);
		*matched = service_units(&scene, owner).count > 0;
		tree = reasons(&scene, owner->root, NULL);
		if (scene.failed)
			tree = NULL;
		scene_close(&scene);
		return tree;
	}
	return NULL;
}
