/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows → subjects. All texts are copied: the reply is gone when the thread reads them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/recognize_subject.h"

static void *take(struct subjects *subjects, size_t size)
{
	void *taken = arena_take(&subjects->arena, size);

	if (!taken)
		subjects->failed = true;
	return taken;
}

static const char *copy(struct subjects *subjects, const struct db_reply *reply, size_t query, size_t row,
			size_t column)
{
	const char *value = db_value(reply, query, row, column), *text;

	if (!value)
		return NULL;
	text = arena_text(&subjects->arena, value, db_length(reply, query, row, column));
	if (!text)
		subjects->failed = true;
	return text;
}

void subjects_ask(struct db_session *s, const char *network_id, const char *hosts, bool applications)
{
	char most[16];

	snprintf(most, sizeof(most), "%d", SUBJECT_EVIDENCE_MAX);
	DB_ADD(s, SQL_RECOGNIZE_HOSTS, network_id, hosts);
	DB_ADD(s, SQL_RECOGNIZE_FACES, network_id, hosts);
	DB_ADD(s, SQL_RECOGNIZE_SERVICES, network_id, hosts);
	DB_ADD(s, SQL_RECOGNIZE_EVIDENCE, network_id, hosts, most);
	if (applications)
		DB_ADD(s, SQL_RECOGNIZE_APPLICATIONS, network_id, hosts);
}

static int by_host(const void *a, const void *b)
{
	return strcmp(((const struct subject *)a)->host_id, ((const struct subject *)b)->host_id);
}

void subjects_begin(struct subjects *subjects, const char *const *host_ids, size_t count)
{
	memset(subjects, 0, sizeof(*subjects));
	subjects->subject = take(subjects, (count + 1) * sizeof(*subjects->subject));
	for (size_t i = 0; i < count && !subjects->failed; i++) {
		subjects->subject[i].host_id = arena_text(&subjects->arena, host_ids[i], strlen(host_ids[i]));
		subjects->failed = !subjects->subject[i].host_id;
		subjects->count++;
	}
	if (!subjects->failed)
		qsort(subjects->subject, count, sizeof(*subjects->subject), by_host);
}

struct subject *subjects_find(const struct subjects *subjects, const char *host_id)
{
	struct subject key = {.host_id = host_id};

	return bsearch(&key, subjects->subject, subjects->count, sizeof(key), by_host);
}

static struct subject_place *place_of(struct subjects *subjects, struct subject *subject, const char *ip,
				      const char *vlan)
{
	struct subject_place *place;

	for (place = subject->places; place; place = place->next)
		if (strcmp(place->ip, ip) == 0 && strcmp(place->vlan, vlan) == 0)
			return place;
	place = take(subjects, sizeof(*place));
	if (!place)
		return NULL;
	*place = (struct subject_place){.ip = ip,
					.vlan = vlan,
					.next = subject->places,
					.number = subject->places ? subject->places->number + 1 : 1};
	subject->places = place;
	return place;
}

static void load_hosts(struct subjects *subjects, const struct db_reply *reply, size_t query)
{
	for (size_t row = 0; row < db_rows(reply, query); row++) {
		struct subject *subject = subjects_find(subjects, db_value(reply, query, row, 0));

		if (!subject)
			continue;
		subject->there = true;
		subject->device = copy(subjects, reply, query, row, 1);
		subject->has_hash = db_value(reply, query, row, 2) != NULL;
		subject->hash = db_integer(reply, query, row, 2);
	}
}

static void load_faces(struct subjects *subjects, const struct db_reply *reply, size_t query)
{
	for (size_t row = 0; row < db_rows(reply, query) && !subjects->failed; row++) {
		struct subject *subject = subjects_find(subjects, db_value(reply, query, row, 0));
		const char *ip = copy(subjects, reply, query, row, 2),
			   *vlan = copy(subjects, reply, query, row, 3);
		struct subject_place *place;
		struct subject_card *card;

		if (!subject)
			continue;
		subject->gateway |= db_true(reply, query, row, 6);
		if (db_value(reply, query, row, 1)) {
			card = take(subjects, sizeof(*card));
			if (!card)
				return;
			*card = (struct subject_card){copy(subjects, reply, query, row, 1),
						      copy(subjects, reply, query, row, 4), subject->cards};
			subject->cards = card;
		}
		place = ip && vlan ? place_of(subjects, subject, ip, vlan) : NULL;
		if (place && !place->subnet_type)
			place->subnet_type = copy(subjects, reply, query, row, 5);
	}
}

static void load_services(struct subjects *subjects, const struct db_reply *reply, size_t query)
{
	for (size_t row = 0; row < db_rows(reply, query) && !subjects->failed; row++) {
		struct subject *subject = subjects_find(subjects, db_value(reply, query, row, 0));
		struct subject_service *service = take(subjects, sizeof(*service));
		const char *ip = copy(subjects, reply, query, row, 2),
			   *vlan = copy(subjects, reply, query, row, 5);
		const char *proto = db_value(reply, query, row, 4), *state = db_value(reply, query, row, 6);
		struct subject_place *place;

		if (!subject || !service)
			continue;
		service->id = copy(subjects, reply, query, row, 1);
		service->source = copy(subjects, reply, query, row, 7);
		service->definition = copy(subjects, reply, query, row, 8);
		service->certainty = copy(subjects, reply, query, row, 9);
		service->image = copy(subjects, reply, query, row, 10);
		service->labels = copy(subjects, reply, query, row, 11);
		if (subjects->failed || !service->source)
			continue;
		service->open = state && strcmp(state, "open") == 0;
		service->container = strcmp(service->source, "docker") == 0;
		service->concluded = strcmp(service->source, "concluded") == 0;
		if (proto && db_value(reply, query, row, 3)) {
			service->port_h = (uint16_t)db_integer(reply, query, row, 3);
			service->udp = strcmp(proto, "udp") == 0;
		}
		if (ip && vlan && !service->container) {
			place = place_of(subjects, subject, ip, vlan);
			service->place = place ? place->number : 0;
		}
		service->next = subject->services;
		subject->services = service;
	}
}

/* Room for one more in an array that grows. */
static void *grow(struct subjects *subjects, void *old, size_t count, size_t *room, size_t size)
{
	void *more;

	if (count < *room)
		return old;
	more = take(subjects, (*room ? *room * 2 : 16) * size);
	if (!more)
		return NULL;
	if (count)
		memcpy(more, old, count * size);
	*room = *room ? *room * 2 : 16;
	return more;
}

static void load_evidence(struct subjects *subjects, const struct db_reply *reply, size_t query)
{
	for (size_t row = 0; row < db_rows(reply, query) && !subjects->failed; row++) {
		struct subject *subject = subjects_find(subjects, db_value(reply, query, row, 0));
		struct subject_evidence *room;

		if (!subject)
			continue;
		room = grow(subjects, subject->evidence, subject->evidence_count, &subject->evidence_room,
			    sizeof(*room));
		if (!room)
			return;
		subject->evidence = room;
		room[subject->evidence_count++] = (struct subject_evidence){
			.ip = copy(subjects, reply, query, row, 1),
			.vlan = copy(subjects, reply, query, row, 2),
			.id = copy(subjects, reply, query, row, 3),
			.fact = copy(subjects, reply, query, row, 4),
			.length = db_length(reply, query, row, 4),
		};
	}
}

static void load_applications(struct subjects *subjects, const struct db_reply *reply, size_t query)
{
	for (size_t row = 0; row < db_rows(reply, query) && !subjects->failed; row++) {
		struct subject *subject = subjects_find(subjects, db_value(reply, query, row, 0));
		const char **room;

		if (!subject)
			continue;
		room = grow(subjects, subject->applications, subject->application_count,
			    &subject->application_room, sizeof(*room));
		if (!room)
			return;
		subject->applications = room;
		room[subject->application_count++] = copy(subjects, reply, query, row, 1);
	}
}

void subjects_load(struct subjects *subjects, const struct db_reply *reply, size_t first, bool applications)
{
	load_hosts(subjects, reply, first + SUBJECT_HOSTS);
	load_faces(subjects, reply, first + SUBJECT_FACES);
	load_services(subjects, reply, first + SUBJECT_SERVICES);
	load_evidence(subjects, reply, first + SUBJECT_EVIDENCE);
	if (applications)
		load_applications(subjects, reply, first + SUBJECT_APPLICATIONS);
}

void subjects_free(struct subjects *subjects)
{
	arena_free(&subjects->arena);
	memset(subjects, 0, sizeof(*subjects));
}
