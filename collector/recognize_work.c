/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A round looks at all networks, tells those to be concluded anew whose definitions are others than before, and takes a part of each that has
 * something due (recognize_part.c).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/loop.h"
#include "collector/recognize_inside.h"
#include "collector/worker.h"
#include "defs/log.h"

enum {
	FIRST_MS = 300,
	IDLE_MS = 4000, /* without any word */
	OTHERS_MS = 300,
	FIRST_PART = 32,
	FILES_MS = 1000, /* between looks at the directory */
};

void recognize_rest(struct recognizer *r, int64_t ms)
{
	r->busy = false;
	if (r->again && ms > RECOGNIZE_SOON_MS)
		ms = RECOGNIZE_SOON_MS;
	r->again = false;
	loop_timer_set(r->timer, ms);
}

static void on_begun(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct recognizer *r = arg;

	if (db_error(reply)) {
		recognize_refused(r, s, reply);
		return;
	}
	db_end(s);
	if (db_rows(reply, 2) && db_true(reply, 2, 0, 0) && r->at->rules[0])
		log_info("definitions are others than before: all hosts of network %s are concluded anew",
			 r->at->id);
	snprintf(r->at->begun, sizeof(r->at->begun), "%s", r->rules->hash);
	r->at->due = true;
	recognize_part_end(r);
	recognize_next(r);
}

/* Other definitions than those by which this network was concluded. */
static void start_begin(void *arg, struct db_session *s)
{
	struct recognizer *r = arg;

	db_add(s, SQL_BEGIN, NULL, 0);
	DB_ADD(s, SQL_ACT_AS, "", r->at->id, "");
	DB_ADD(s, SQL_RECOGNIZE_BEGIN, r->at->id, r->rules->hash);
	db_add(s, SQL_COMMIT, NULL, 0);
	db_go(s, on_begun, r);
}

static void on_own(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct recognizer *r = arg;
	struct definition_text *own;
	size_t rows;
	bool made;

	if (db_error(reply)) {
		recognize_refused(r, s, reply);
		return;
	}
	rows = db_rows(reply, 2);
	own = calloc(rows + 1, sizeof(*own));
	for (size_t row = 0; own && row < rows; row++)
		own[row] = (struct definition_text){db_value(reply, 2, row, 0), db_value(reply, 2, row, 1),
						    db_length(reply, 2, row, 1)};
	made = own && rulebook_make(r->book, r->at->organization, r->at->version, own, rows);
	free(own);
	db_end(s);
	if (made)
		recognize_next(r);
	else
		recognize_rest(r, RECOGNIZE_REFUSED_MS);
}

static void start_own(void *arg, struct db_session *s)
{
	struct recognizer *r = arg;

	db_add(s, SQL_BEGIN, NULL, 0);
	DB_ADD(s, SQL_ACT_AS, "", "", "on");
	DB_ADD(s, SQL_DEFINITIONS_OWN, r->at->organization);
	db_add(s, SQL_COMMIT, NULL, 0);
	db_go(s, on_own, r);
}

static void run(struct recognizer *r, void (*start)(void *arg, struct db_session *))
{
	if (db_begin(r->app->db, start, r) == 0)
		return;
	recognize_part_end(r);
	recognize_rest(r, RECOGNIZE_REFUSED_MS);
}

/* The next that has something to do; after the last the round is over. */
void recognize_next(struct recognizer *r)
{
	for (; r->at; r->at = r->at->next) {
		struct ruleset *rules = rulebook_find(r->book, r->at->organization, r->at->version);

		if (!rules) {
			run(r, start_own);
			return;
		}
		r->rules = rules;
		ruleset_hold(rules);
		if (strcmp(r->at->begun, rules->hash) != 0) {
			run(r, start_begin);
			return;
		}
		if (r->at->due) {
			run(r, recognize_part);
			return;
		}
		recognize_part_end(r);
	}
	/* What is due and was not taken is in another collector's hands. */
	recognize_rest(r, r->worked ? 0 : r->waits ? OTHERS_MS : IDLE_MS);
}

static struct place *place_of(struct recognizer *r, const char *id)
{
	struct place *place;

	for (place = r->places; place; place = place->next)
		if (strcmp(place->id, id) == 0)
			return place;
	place = calloc(1, sizeof(*place));
	if (!place)
		return NULL;
	snprintf(place->id, sizeof(place->id), "%s", id);
	place->next = r->places;
	r->places = place;
	return place;
}

static void forget_places(struct recognizer *r)
{
	for (struct place **at = &r->places, *gone; (gone = *at);) {
		if (gone->seen) {
			at = &gone->next;
			continue;
		}
		*at = gone->next;
		free(gone);
	}
}

static void on_networks(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct recognizer *r = arg;

	if (db_error(reply)) {
		recognize_refused(r, s, reply);
		return;
	}
	for (struct place *place = r->places; place; place = place->next)
		place->seen = false;
	for (size_t row = 0; row < db_rows(reply, 2); row++) {
		struct place *place = place_of(r, db_value(reply, 2, row, 0));

		if (!place)
			continue;
		place->seen = true;
		snprintf(place->organization, sizeof(place->organization), "%s", db_value(reply, 2, row, 1));
		place->version = db_integer(reply, 2, row, 2);
		/* What another collector, with other definitions, has said since is not told anew: the two would go on for ever. */
		snprintf(place->rules, sizeof(place->rules), "%s", db_value(reply, 2, row, 3));
		place->due = db_true(reply, 2, row, 4);
		r->waits |= place->due;
	}
	db_end(s);
	forget_places(r);
	r->worked = false;
	r->at = r->places;
	recognize_next(r);
}

static void start_round(void *arg, struct db_session *s)
{
	db_add(s, SQL_BEGIN, NULL, 0);
	DB_ADD(s, SQL_ACT_AS, "", "", "on");
	db_add(s, SQL_RECOGNIZE_NETWORKS, NULL, 0);
	db_add(s, SQL_COMMIT, NULL, 0);
	db_go(s, on_networks, arg);
}

static void on_timer(void *arg)
{
	struct recognizer *r = arg;
	int64_t now = loop_now_ms();

	if (r->busy)
		return;
	r->busy = true;
	if (now - r->files_ms >= FILES_MS) {
		r->files_ms = now;
		rulebook_refresh(r->book);
	}
	r->waits = false;
	run(r, start_round);
}

void recognizer_wake(struct recognizer *r)
{
	if (!r)
		return;
	r->again = true;
	if (!r->busy)
		recognize_rest(r, RECOGNIZE_SOON_MS);
}

struct worker *recognizer_worker(struct recognizer *r)
{
	return r->worker;
}

struct rulebook *recognizer_rulebook(struct recognizer *r)
{
	return r->book;
}

const struct recognizer_counters *recognizer_counters(const struct recognizer *r)
{
	return &r->counters;
}

bool recognizer_applications(const struct recognizer *r)
{
	return rulebook_applications(r->book);
}

int recognizer_open(struct app *app, struct recognizer **out)
{
	struct recognizer *r = calloc(1, sizeof(*r));
	int error;

	if (!r)
		return -ENOMEM;
	r->app = app;
	r->part = FIRST_PART;
	error = rulebook_open(app, &r->book);
	if (!error)
		error = worker_open(app->loop, &r->worker);
	if (!error) {
		r->timer = loop_timer(app->loop, on_timer, r);
		error = r->timer ? 0 : -ENOMEM;
	}
	if (error) {
		recognizer_close(r);
		return error;
	}
	loop_timer_set(r->timer, FIRST_MS);
	*out = r;
	return 0;
}

void recognizer_close(struct recognizer *r)
{
	if (!r)
		return;
	worker_close(r->worker);
	if (r->timer)
		loop_timer_free(r->timer);
	recognize_part_end(r);
	while (r->places) {
		struct place *gone = r->places;

		r->places = gone->next;
		free(gone);
	}
	rulebook_close(r->book);
	free(r);
}
