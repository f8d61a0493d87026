/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a device is: claims that hold are weighed, for each thing that they say. The surer counts more. What is equally sure and says something
 * else makes the answer unknown, unless one only says the other more exactly: a laptop is a computer.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "collector/recognize/inside.h"

enum { VALUE_BYTES_MAX = 100, CANDIDATES_MAX = 64, CAPTURES_MAX = 8, TREES_MAX = 6 };

struct candidate {
	const char *value;
	enum certainty certainty;
	uint32_t owner;
	const struct unit *unit;
};

struct candidates {
	struct candidate item[CANDIDATES_MAX];
	size_t count;
};

/* The first leaf of a rule that an expression has met. */
static uint32_t expression_of(struct scene *scene, uint32_t at)
{
	const struct definitions *definitions = scene->definitions;
	const struct node *node = &definitions->node[at];
	uint32_t found = 0;

	if (node->is == NODE_LEAF)
		return definitions->pattern[node->pattern].how == HOW_EXPRESSION && scene_hits(scene, at) ? at
													  : 0;
	for (uint32_t child = node->is == NODE_NOT ? 0 : node->first; child && !found;
	     child = definitions->node[child].next)
		found = expression_of(scene, child);
	return found;
}

/* "$1" of what the expression captures in this text. NULL: one of them took no part, or there is no memory. */
static const char *filled(struct scene *scene, const char *says,
			  const struct pattern_span span[static PATTERN_GROUPS_MAX], const char *text)
{
	char value[VALUE_BYTES_MAX];
	size_t used = 0;

	for (; *says; says++) {
		const struct pattern_span *group;
		size_t length;

		if (*says != '$' || says[1] < '1' || says[1] > '9') {
			if (used < sizeof(value))
				value[used++] = *says;
			continue;
		}
		group = &span[*++says - '0'];
		length = group->from < 0 ? 0 : (size_t)(group->to - group->from);
		if (!length || used + length > sizeof(value))
			return NULL;
		memcpy(value + used, text + group->from, length);
		used += length;
	}
	while (used && value[used - 1] == ' ')
		used--;
	return used ? arena_text(scene->arena, value, used) : NULL;
}

static void add(struct candidates *candidates, struct candidate candidate)
{
	for (size_t i = 0; i < candidates->count; i++) {
		struct candidate *other = &candidates->item[i];

		if (strcasecmp(other->value, candidate.value) != 0)
			continue;
		if (candidate.certainty > other->certainty)
			*other = candidate;
		return;
	}
	if (candidates->count < CANDIDATES_MAX)
		candidates->item[candidates->count++] = candidate;
}

/* Each text that the expression met may say another value. */
static void add_captured(struct scene *scene, struct candidates *candidates, struct candidate candidate,
			 const char *says)
{
	uint32_t at = expression_of(scene, scene->definitions->owner[candidate.owner].root);
	const struct pattern *expression =
		at ? scene->definitions->pattern[scene->definitions->node[at].pattern].expression : NULL;
	size_t tries = 0;

	for (const struct hit *hit = at ? scene_hits(scene, at) : NULL; hit && tries < CAPTURES_MAX;
	     hit = hit->next, tries++) {
		struct pattern_span span[PATTERN_GROUPS_MAX];
		const char *text = hit->found ? hit->found : hit->clue->value;
		size_t length = hit->found ? hit->found_length : hit->clue->length;

		if (scene->room && pattern_match(expression, scene->room, text, length, span) == 1) {
			candidate.value = filled(scene, says, span, text);
			if (candidate.value)
				add(candidates, candidate);
		}
	}
}

/* Does one say what the other does, more exactly? */
static bool narrower(const struct definitions *definitions, const char *one, const char *other)
{
	size_t length = strlen(other);

	if (strncasecmp(one, other, length) == 0 && one[length] == ' ')
		return true;
	for (size_t steps = 0; steps < 8; steps++) {
		const char *of = NULL;

		for (size_t i = 0; i < definitions->broaders && !of; i++)
			if (strcasecmp(definitions->broader[i].id, one) == 0)
				of = definitions->broader[i].of;
		if (!of)
			return false;
		if (strcasecmp(of, other) == 0)
			return true;
		one = of;
	}
	return false;
}

static const char *disagree(struct scene *scene, const struct candidates *candidates, enum certainty certainty)
{
	struct buffer out = {0};
	const char *tree;
	size_t count = 0;

	buffer_text(&out, "{\"is\":\"disagree\",\"met\":false,\"of\":[");
	for (size_t i = 0; i < candidates->count && count < TREES_MAX; i++) {
		const struct candidate *candidate = &candidates->item[i];
		const char *its;

		if (candidate->certainty < certainty)
			continue;
		its = reasons(scene, scene->definitions->owner[candidate->owner].root, candidate->unit);
		buffer_text(&out, count++ ? ",{\"is\":\"says\",\"want\":" : "{\"is\":\"says\",\"want\":");
		buffer_json(&out, candidate->value, strlen(candidate->value));
		buffer_text(&out, ",\"met\":true,\"of\":[");
		buffer_text(&out, its ? its : "");
		buffer_text(&out, "]}");
	}
	buffer_text(&out, "]}");
	tree = out.failed ? NULL : arena_text(scene->arena, out.bytes, out.length);
	buffer_free(&out);
	if (!tree)
		scene->failed = true;
	return tree;
}

static void weigh(struct scene *scene, const struct candidates *candidates, struct device_claim *out)
{
	const struct definitions *definitions = scene->definitions;
	const struct candidate *best = NULL;
	const struct clue *first;
	bool agree = true;

	for (size_t i = 0; i < candidates->count; i++)
		if (!best || candidates->item[i].certainty > best->certainty)
			best = &candidates->item[i];
	if (!best)
		return;
	for (size_t i = 0; i < candidates->count; i++)
		if (candidates->item[i].certainty == best->certainty &&
		    narrower(definitions, candidates->item[i].value, best->value))
			best = &candidates->item[i];
	for (size_t i = 0; i < candidates->count; i++) {
		const struct candidate *other = &candidates->item[i];

		if (other != best && other->certainty == best->certainty &&
		    !narrower(definitions, best->value, other->value))
			agree = false;
	}
	if (!agree) {
		out->reasons = disagree(scene, candidates, best->certainty);
		return;
	}
	/* What is less sure may still say it more exactly. */
	for (size_t i = 0; i < candidates->count; i++)
		if (candidates->item[i].certainty >= CERTAINTY_MEDIUM &&
		    narrower(definitions, candidates->item[i].value, best->value))
			best = &candidates->item[i];
	first = reasons_first(scene, definitions->owner[best->owner].root, best->unit);
	*out = (struct device_claim){.value = best->value,
				     .certainty = best->certainty,
				     .source = first ? first->source : NULL,
				     .reasons =
					     reasons(scene, definitions->owner[best->owner].root, best->unit)};
}

/* All that a claim says, where it holds. */
static void gather(struct scene *scene, uint32_t at, struct candidates candidates[static CLAIM_COUNT])
{
	const struct owner *owner = &scene->definitions->owner[at];
	struct units units = node_units(scene, owner->root);
	const struct unit *best = units.count ? &units.item[0] : NULL;
	struct candidate candidate = {.owner = at};

	for (uint32_t i = 1; i < units.count; i++)
		if (units.item[i].certainty > best->certainty)
			best = &units.item[i];
	if (!best)
		return;
	candidate.unit = best;
	candidate.certainty = owner->most && best->certainty > owner->most ? owner->most : best->certainty;
	/* By a usual port alone nothing is said of a device. */
	if (best->guess)
		return;
	for (size_t i = 0; i < CLAIM_COUNT; i++) {
		if (!owner->says[i])
			continue;
		candidate.value = owner->says[i];
		if (strchr(owner->says[i], '$'))
			add_captured(scene, &candidates[i], candidate, owner->says[i]);
		else
			add(&candidates[i], candidate);
	}
}

void device_conclude(struct scene *scene, struct device *out)
{
	struct candidates *candidates = arena_take(scene->arena, CLAIM_COUNT * sizeof(*candidates));
	struct device_claim *claims[CLAIM_COUNT] = {&out->kind, &out->vendor, &out->model, &out->os,
						    &out->os_version};

	if (!candidates) {
		scene->failed = true;
		return;
	}
	for (size_t i = 0; i < scene->owners; i++)
		if (scene->definitions->owner[scene->owner[i]].claim)
			gather(scene, scene->owner[i], candidates);
	for (size_t i = 0; i < CLAIM_COUNT && !scene->failed; i++)
		weigh(scene, &candidates[i], claims[i]);
}
