/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One host's clues, sorted by where they are about, and what they have hit.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/recognize/inside.h"

enum { TOUCHED_FIRST = 256 };

static uint32_t spot_bucket(uint32_t place, uint16_t port_h, bool udp)
{
	return (place * 31u + port_h * 2u + udp) % SPOT_BUCKETS;
}

uint32_t scene_spot(struct scene *scene, uint32_t place, uint16_t port_h, bool udp, bool make)
{
	uint32_t *bucket = &scene->spot_hash[spot_bucket(place, port_h, udp)], at;

	if (!place && !port_h)
		return 0;
	for (at = *bucket; at; at = scene->spot[at].next_same_hash)
		if (scene->spot[at].place == place && scene->spot[at].port_h == port_h &&
		    scene->spot[at].udp == udp)
			return at;
	if (!make)
		return 0;
	if (!grow((void **)&scene->spot, scene->spots, &scene->spot_room, sizeof(*scene->spot))) {
		scene->failed = true;
		return 0;
	}
	at = (uint32_t)scene->spots++;
	scene->spot[at] =
		(struct spot){.place = place, .port_h = port_h, .udp = udp, .next_same_hash = *bucket};
	*bucket = at;
	return at;
}

/* Traits name no transport: where only UDP is known at a port, it is that. */
uint32_t scene_spot_of(struct scene *scene, const struct clue *clue)
{
	uint32_t tcp, udp;

	if (clue->port_h && clue->udp) {
		tcp = scene_spot(scene, clue->place, clue->port_h, false, false);
		udp = scene_spot(scene, clue->place, clue->port_h, true, false);
		/* Some protocols that are UDP's by their nature are spoken over TCP too. */
		if (tcp && scene->spot[tcp].listed && !(udp && scene->spot[udp].listed))
			return tcp;
	}
	if (!clue->port_h || clue->udp)
		return scene_spot(scene, clue->place, clue->port_h, clue->port_h && clue->udp, true);
	tcp = scene_spot(scene, clue->place, clue->port_h, false, false);
	udp = scene_spot(scene, clue->place, clue->port_h, true, false);
	if (udp && scene->spot[udp].listed && !(tcp && scene->spot[tcp].listed))
		return udp;
	return tcp ? tcp : scene_spot(scene, clue->place, clue->port_h, false, true);
}

char *scene_small(struct scene *scene, const char *text, size_t length)
{
	if (scene->space_size < length + 1) {
		char *grown = realloc(scene->space, length * 2 + 256);

		if (!grown) {
			scene->failed = true;
			return NULL;
		}
		scene->space = grown;
		scene->space_size = length * 2 + 256;
	}
	for (size_t i = 0; i < length; i++)
		scene->space[i] = small(text[i]);
	scene->space[length] = 0;
	return scene->space;
}

static struct touched *touched_at(const struct scene *scene, uint32_t node)
{
	size_t at = (size_t)node * UINT32_C(2654435761) & (scene->touched_room - 1);

	while (scene->touched[at].node && scene->touched[at].node != node)
		at = (at + 1) & (scene->touched_room - 1);
	return &scene->touched[at];
}

static bool touched_grow(struct scene *scene)
{
	struct touched *old = scene->touched;
	size_t room = scene->touched_room;

	if (scene->touched_count * 2 < room)
		return true;
	scene->touched = calloc(room * 2, sizeof(*scene->touched));
	if (!scene->touched) {
		scene->touched = old;
		return false;
	}
	scene->touched_room = room * 2;
	for (size_t i = 0; i < room; i++)
		if (old[i].node)
			*touched_at(scene, old[i].node) = old[i];
	free(old);
	return true;
}

struct hit *scene_hits(const struct scene *scene, uint32_t node)
{
	return touched_at(scene, node)->last;
}

void scene_hit(struct scene *scene, uint32_t node, struct hit hit)
{
	const struct definitions *definitions = scene->definitions;
	const struct owner *owner = &definitions->owner[definitions->node[node].owner];
	struct touched *touched = touched_at(scene, node);
	struct hit *kept;

	if (!owner->root || owner->replaced ||
	    (definitions->node[node].on_port && !scene->spot[hit.spot].port_h))
		return;
	if (touched->last && touched->last->clue == hit.clue && touched->last->spot == hit.spot)
		return;
	if (touched->count >= HITS_MAX) {
		scene->left_out++;
		return;
	}
	kept = arena_take(scene->arena, sizeof(*kept));
	if (!kept || !grow((void **)&scene->owner, scene->owners, &scene->owner_room, sizeof(*scene->owner)) ||
	    !touched_grow(scene)) {
		scene->failed = true;
		return;
	}
	touched = touched_at(scene, node);
	if (!touched->node) {
		touched->node = node;
		scene->touched_count++;
		scene->owner[scene->owners++] = definitions->node[node].owner;
	}
	hit.next = touched->last;
	*kept = hit;
	touched->last = kept;
	touched->count++;
}

static void list_spots(struct scene *scene)
{
	for (size_t i = 0; i < scene->clues; i++) {
		const struct clue *clue = &scene->clue[i];
		bool speaks = strcmp(clue->key, "speaks") == 0;
		struct spot *spot;
		uint32_t at;

		if (!clue->port_h || (!speaks && strcmp(clue->key, "port") != 0))
			continue;
		at = scene_spot(scene, clue->place, clue->port_h, clue->udp, true);
		spot = &scene->spot[at];
		if (!at)
			continue;
		spot->listed = true;
		if (speaks && spot->speaks_count < sizeof(spot->speaks) / sizeof(spot->speaks[0]))
			spot->speaks[spot->speaks_count++] = clue->value;
	}
}

int scene_open(struct scene *scene, const struct definitions *definitions, const struct clue *clue,
	       size_t count, struct arena *arena)
{
	*scene = (struct scene){
		.definitions = definitions, .arena = arena, .clue = clue, .clues = count, .spots = 1};
	if (count > RECOGNIZE_CLUES_MAX) {
		scene->clues = RECOGNIZE_CLUES_MAX;
		scene->left_out = count - RECOGNIZE_CLUES_MAX;
	}
	scene->spot_hash = calloc(SPOT_BUCKETS, sizeof(*scene->spot_hash));
	scene->touched = calloc(TOUCHED_FIRST, sizeof(*scene->touched));
	scene->touched_room = TOUCHED_FIRST;
	if (!scene->spot_hash || !scene->touched ||
	    !grow((void **)&scene->spot, 0, &scene->spot_room, sizeof(*scene->spot))) {
		scene_close(scene);
		return -ENOMEM;
	}
	list_spots(scene);
	pages_gather(scene);
	return 0;
}

void scene_close(struct scene *scene)
{
	for (size_t i = 0; i < scene->pages; i++)
		free(scene->page[i].body);
	free(scene->page);
	free(scene->spot);
	free(scene->spot_hash);
	free(scene->touched);
	free(scene->owner);
	free(scene->space);
	pattern_room_close(scene->room);
}
