/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows of a host → its clues. A port that is closed says nothing; a container is a subject of its own, of its image, its labels and its port.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/json.h"
#include "collector/recognize_subject.h"

const struct subject_service *subject_service_at(const struct subject *subject, uint32_t place, uint16_t port_h,
						 bool udp)
{
	for (const struct subject_service *service = subject->services; service; service = service->next)
		if (service->place == place && service->port_h == port_h && service->udp == udp &&
		    !service->container && !service->concluded)
			return service;
	return NULL;
}

/* Clues as they are gathered; one more than the engine looks at, so that it says how many it left out. */
struct gathered {
	struct arena *arena;
	struct clue *clue;
	size_t count, room, most;
	size_t left_out;
	bool failed;
};

enum { FACT_CLUES = 64 }; /* of one fact, at most */

/* Room for so many more, as far as there may be more. */
static size_t make_room(struct gathered *to, size_t more)
{
	size_t room = to->room ? to->room * 2 : (size_t)FACT_CLUES * 2;
	struct clue *clue;

	if (to->room - to->count >= more || to->room >= to->most)
		return to->room - to->count;
	room = room > to->most ? to->most : room;
	clue = arena_take(to->arena, room * sizeof(*clue));
	if (!clue) {
		to->failed = true;
		return 0;
	}
	if (to->count)
		memcpy(clue, to->clue, to->count * sizeof(*clue));
	to->clue = clue;
	to->room = room;
	return to->room - to->count;
}

static void add_clue(struct gathered *to, struct clue clue)
{
	if (make_room(to, 1))
		to->clue[to->count++] = clue;
	else
		to->left_out++;
}

static void add_text(struct gathered *to, const char *key, const char *value, const struct subject_service *at,
		     uint32_t place)
{
	struct clue clue = {.key = key, .value = value, .place = place};

	if (!value)
		return;
	clue.length = strlen(value);
	if (at) {
		clue.port_h = at->port_h;
		clue.udp = at->udp;
	}
	add_clue(to, clue);
}

static uint32_t place_number(const struct subject *subject, const char *ip, const char *vlan)
{
	for (const struct subject_place *place = subject->places; ip && vlan && place; place = place->next)
		if (strcmp(place->ip, ip) == 0 && strcmp(place->vlan, vlan) == 0)
			return place->number;
	return 0;
}

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct subject_evidence *)a)->id, ((const struct subject_evidence *)b)->id);
}

/* What was said of it, in a steady order, but for ports that are closed. */
static void add_evidence(struct subject *subject, struct gathered *to)
{
	const char *last = "";

	qsort(subject->evidence, subject->evidence_count, sizeof(*subject->evidence), by_id);
	for (size_t i = 0; i < subject->evidence_count; i++) {
		const struct subject_evidence *e = &subject->evidence[i];
		size_t before = to->count, kept = before, room;
		struct json *fact;
		const char *why;

		if (strcmp(e->id, last) == 0 || json_read(e->fact, e->length, &fact, &why))
			continue;
		last = e->id;
		room = make_room(to, FACT_CLUES);
		to->count += recognize_clues(fact, place_number(subject, e->ip, e->vlan), e->id, to->arena,
					     to->clue + before, room);
		json_free(fact);
		for (size_t k = before; k < to->count; k++) {
			const struct clue *clue = &to->clue[k];
			const struct subject_service *at =
				clue->port_h ? subject_service_at(subject, clue->place, clue->port_h, clue->udp)
					     : NULL;

			if (!at || at->open)
				to->clue[kept++] = *clue;
		}
		to->count = kept;
	}
}

static bool says_port(const struct gathered *clues, const struct subject_service *service)
{
	for (size_t i = 0; i < clues->count; i++)
		if (clues->clue[i].port_h == service->port_h && clues->clue[i].place == service->place &&
		    clues->clue[i].udp == service->udp && strcmp(clues->clue[i].key, "port") == 0)
			return true;
	return false;
}

struct labels {
	struct gathered *to;
	const struct subject_service *at;
	uint32_t place;
};

static int add_label(void *arg, const char *key, const struct json *value)
{
	struct labels *labels = arg;
	char line[512];
	const char *text;
	size_t length;

	if (!json_text(value, &text, &length))
		return 0;
	snprintf(line, sizeof(line), "%s=%s", key, text);
	add_text(labels->to, "container.label", arena_text(labels->to->arena, line, strlen(line)), labels->at,
		 labels->place);
	return 0;
}

static void add_container(const struct subject_service *service, struct gathered *to, uint32_t place)
{
	struct labels labels = {to, service, place};
	struct json *json;
	const char *why;

	add_text(to, "container.image", service->image, service, place);
	if (!service->labels || json_read(service->labels, strlen(service->labels), &json, &why))
		return;
	json_each(json, add_label, &labels);
	json_free(json);
}

static void add_services(const struct subject *subject, struct gathered *to)
{
	for (const struct subject_service *service = subject->services; service; service = service->next) {
		if (!service->port_h || !service->open || service->container || service->concluded)
			continue;
		if (!says_port(to, service))
			add_text(to, "port", "", service, service->place);
		add_container(service, to, service->place);
	}
}

size_t subject_clues(struct subject *subject, struct arena *arena, const struct clue **out)
{
	struct gathered to = {.arena = arena, .most = RECOGNIZE_CLUES_MAX + 1};

	if (!make_room(&to, 1))
		return 0;
	for (const struct subject_card *card = subject->cards; card; card = card->next)
		add_text(&to, "vendor", card->vendor, NULL, 0);
	for (const struct subject_place *place = subject->places; place; place = place->next) {
		add_text(&to, "address", place->ip, NULL, place->number);
		add_text(&to, "subnet.type", place->subnet_type, NULL, place->number);
	}
	if (subject->gateway)
		add_text(&to, "gateway", "true", NULL, 0);
	for (size_t i = 0; i < subject->application_count; i++)
		add_text(&to, "application", subject->applications[i], NULL, 0);
	add_evidence(subject, &to);
	add_services(subject, &to);
	subject->clues_left_out = to.left_out;
	*out = to.failed ? NULL : to.clue;
	return to.count;
}

size_t container_clues(const struct subject_service *service, struct arena *arena, const struct clue **out)
{
	enum { CONTAINER_CLUES_MAX = 200 };
	struct gathered to = {.arena = arena, .most = CONTAINER_CLUES_MAX};

	add_container(service, &to, 1);
	if (service->port_h)
		add_text(&to, "port", "", service, 1);
	*out = to.failed ? NULL : to.clue;
	return to.count;
}
