/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Why: the tree of a rule as JSON, with what was there and which rows of evidence say so. Of `any` only what is met, but when the whole tree is
 * asked for.
 */
#include <stdlib.h>
#include <string.h>

#include "collector/recognize/inside.h"

enum { FOUND_MAX = 200, EVIDENCE_MAX = 4 };

/* Is the hit about this way in which the rule holds? */
static bool within(const struct scene *scene, const struct hit *hit, const struct unit *unit)
{
	if (!unit || !scene->spot[hit->spot].port_h)
		return true;
	for (uint32_t n = 0; n < unit->count; n++)
		if (unit->at[n].spot == hit->spot)
			return true;
	return false;
}

/* The hits that are, the oldest first; returns how many there are in out. */
static size_t hits_of(const struct scene *scene, uint32_t node, const struct unit *unit,
		      const struct hit *out[static EVIDENCE_MAX])
{
	size_t count = 0, i = 0;

	for (const struct hit *hit = scene_hits(scene, node); hit; hit = hit->next)
		count += within(scene, hit, unit);
	/* The chain is the newest first. */
	for (const struct hit *hit = scene_hits(scene, node); hit; hit = hit->next) {
		if (!within(scene, hit, unit))
			continue;
		if (count - 1 - i < EVIDENCE_MAX)
			out[count - 1 - i] = hit;
		i++;
	}
	return count < EVIDENCE_MAX ? count : EVIDENCE_MAX;
}

static bool met(struct scene *scene, uint32_t at, const struct unit *unit);

static bool all_met(struct scene *scene, uint32_t at, const struct unit *unit)
{
	const struct node *node = scene->definitions->node;

	for (uint32_t child = node[at].first; child; child = node[child].next)
		if (!met(scene, child, unit))
			return false;
	return true;
}

static bool met(struct scene *scene, uint32_t at, const struct unit *unit)
{
	const struct node *node = &scene->definitions->node[at];
	const struct hit *hits[EVIDENCE_MAX];

	if (!unit && node->is == NODE_NOT)
		return node_units(scene, node->first).count == 0;
	if (!unit)
		return node_units(scene, at).count > 0;
	switch (node->is) {
	case NODE_LEAF:
		return hits_of(scene, at, unit, hits) > 0;
	case NODE_NOT: /* or the way would not be there */
		return true;
	case NODE_ALL:
		return all_met(scene, at, unit);
	case NODE_TOGETHER:
		for (uint32_t n = 0; n < unit->count; n++) {
			struct unit one = {.place = unit->place, .count = 1, .at = &unit->at[n]};

			if (all_met(scene, at, &one))
				return true;
		}
		return false;
	case NODE_ANY:
		break;
	}
	for (uint32_t child = node->first; child; child = scene->definitions->node[child].next)
		if (met(scene, child, unit))
			return true;
	return false;
}

/* A text cut where a character ends, from where one begins (UTF-8). */
static void write_cut(struct buffer *out, const char *text, size_t length)
{
	while (length && ((unsigned char)*text & 0xc0) == 0x80)
		text++, length--;
	if (length > FOUND_MAX) {
		length = FOUND_MAX;
		while (length && ((unsigned char)text[length] & 0xc0) == 0x80)
			length--;
	} else if (length) {
		/* What was taken out of the middle of a page may end within a character. */
		size_t last = length - 1, width;

		while (last && ((unsigned char)text[last] & 0xc0) == 0x80)
			last--;
		width = (unsigned char)text[last] < 0x80   ? 1
			: (unsigned char)text[last] < 0xe0 ? 2
			: (unsigned char)text[last] < 0xf0 ? 3
							   : 4;
		if (length - last < width)
			length = last;
	}
	buffer_json(out, text, length);
}

static void write_hits(struct scene *scene, uint32_t at, const struct unit *unit, struct buffer *out)
{
	const struct hit *hits[EVIDENCE_MAX];
	size_t count = hits_of(scene, at, unit, hits), listed = 0;
	const struct spot *spot = count ? &scene->spot[hits[0]->spot] : NULL;
	const char *found = count ? hits[0]->found : NULL;
	size_t length = count && found ? hits[0]->found_length : count ? hits[0]->clue->length : 0;

	if (spot && spot->port_h)
		buffer_printf(out, ",\"port\":\"%u/%s\"", spot->port_h, spot->udp ? "udp" : "tcp");
	if (length) {
		buffer_text(out, ",\"found\":");
		write_cut(out, found ? found : hits[0]->clue->value, length);
	}
	for (size_t i = 0; i < count; i++) {
		if (!hits[i]->clue->evidence)
			continue;
		buffer_text(out, listed++ ? "," : ",\"evidence\":[");
		buffer_json(out, hits[i]->clue->evidence, strlen(hits[i]->clue->evidence));
	}
	if (listed)
		buffer_text(out, "]");
}

static void write_node(struct scene *scene, uint32_t at, const struct unit *unit, struct buffer *out)
{
	const struct definitions *definitions = scene->definitions;
	const struct node *node = &definitions->node[at];
	bool first = true, part = node->first && !definitions->node[node->first].next && node->is != NODE_NOT &&
				  node->is != NODE_ANY && strcmp(node->word, "all") != 0 &&
				  strcmp(node->word, "together") != 0;

	buffer_printf(out, "{\"is\":\"%s\"", node->word);
	if (strcmp(node->want, "null") != 0) {
		buffer_text(out, ",\"want\":");
		buffer_text(out, node->want);
	}
	buffer_text(out, met(scene, at, unit) ? ",\"met\":true" : ",\"met\":false");
	/* A rule of one part alone is that part. */
	if (node->is == NODE_LEAF || part)
		write_hits(scene, part ? node->first : at, unit, out);
	for (uint32_t child = part ? 0 : node->first; child; child = definitions->node[child].next) {
		if (unit && node->is == NODE_ANY && !met(scene, child, unit))
			continue;
		buffer_text(out, first ? ",\"of\":[" : ",");
		write_node(scene, child, node->is == NODE_NOT ? NULL : unit, out);
		first = false;
	}
	if (!first)
		buffer_text(out, "]");
	buffer_text(out, "}");
}

const char *reasons(struct scene *scene, uint32_t root, const struct unit *unit)
{
	struct buffer out = {0};
	const char *tree = NULL;

	write_node(scene, root, unit, &out);
	if (!out.failed)
		tree = arena_text(scene->arena, out.bytes, out.length);
	buffer_free(&out);
	if (!tree)
		scene->failed = true;
	return tree;
}

static void seek(struct scene *scene, uint32_t at, const struct unit *unit, const struct clue **best,
		 enum certainty *certainty)
{
	const struct node *node = &scene->definitions->node[at];
	const struct hit *hits[EVIDENCE_MAX] = {NULL};

	if (node->is == NODE_LEAF && hits_of(scene, at, unit, hits) && hits[0] &&
	    node->certainty > *certainty) {
		*best = hits[0]->clue;
		*certainty = node->certainty;
	}
	if (node->is == NODE_NOT)
		return;
	for (uint32_t child = node->first; child; child = scene->definitions->node[child].next)
		if (node->is != NODE_ANY || met(scene, child, unit))
			seek(scene, child, unit, best, certainty);
}

const struct clue *reasons_first(struct scene *scene, uint32_t root, const struct unit *unit)
{
	const struct clue *best = NULL;
	enum certainty certainty = CERTAINTY_NONE;

	seek(scene, root, unit, &best, &certainty);
	return best;
}
