/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A part is one transaction: take hosts, which locks them against other collectors; read what is known of them; conclude, in the thread; lock
 * the network and write what has become another; remove them from the queue. What comes while it runs has rows of its own in the
 * queue, so nothing is missed.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ingest.h"
#include "collector/loop.h"
#include "collector/recognize_inside.h"
#include "collector/worker.h"
#include "defs/log.h"

enum {
	WAY_MS_MAX = 2000, /* at most so long for facts that wait */
	WAY_FACTOR = 4,	   /* times as long as the last part took */
	PART_HOSTS = 256,  /* rows of the queue in a part; fewer when it takes long */
	PART_SLOW_MS = 600,
	PART_QUICK_MS = 200,
};

void recognize_part_end(struct recognizer *r)
{
	if (r->rules)
		ruleset_release(r->book, r->rules);
	r->rules = NULL;
	subjects_free(&r->subjects);
	arena_free(&r->made);
	buffer_free(&r->hosts);
	buffer_free(&r->due);
}

static void on_dropped(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct recognizer *r = arg;

	(void)reply;
	db_end(s);
	recognize_part_end(r);
	recognize_rest(r, RECOGNIZE_SOON_MS);
}

/* A host by itself can't be concluded: it stays as it is until something else of it is new. */
static void start_drop(void *arg, struct db_session *s)
{
	struct recognizer *r = arg;

	db_add(s, SQL_BEGIN, NULL, 0);
	DB_ADD(s, SQL_ACT_AS, "", r->at->id, "");
	DB_ADD(s, SQL_RECOGNIZE_DONE, r->at->id, r->due.bytes);
	db_add(s, SQL_COMMIT, NULL, 0);
	db_go(s, on_dropped, r);
}

/* After a failure: smaller parts, later. */
static void part_failed(struct recognizer *r, struct db_session *s, const char *why)
{
	bool alone = why && r->subjects.count == 1;

	if (why)
		log_warn("%s could not be concluded%s: %s", alone ? r->subjects.subject[0].host_id : "hosts",
			 alone ? "" : " and are tried again", why);
	r->counters.failed++;
	db_end(s);
	r->part = r->part / 4 + 1;
	if (alone && db_begin(r->app->db, start_drop, r) == 0)
		return;
	recognize_part_end(r);
	recognize_rest(r, RECOGNIZE_REFUSED_MS);
}

void recognize_refused(struct recognizer *r, struct db_session *s, const struct db_reply *reply)
{
	part_failed(r, s, db_error(reply) == -EIO ? db_message(reply) : NULL);
}

/* How long facts that wait have the database for themselves. */
static int64_t way(const struct recognizer *r)
{
	int64_t ms = r->part_ms * WAY_FACTOR;

	if (!ingest_waiting(r->app->ingest))
		return 0;
	return ms > WAY_MS_MAX ? WAY_MS_MAX : ms;
}

static void on_pause(struct recognizer *r)
{
	int64_t ms = way(r);

	r->at = r->at ? r->at->next : NULL;
	if (ms && r->worked) {
		/* The round is over for now: who comes first next time is whoever the database names first. */
		recognize_rest(r, ms);
		return;
	}
	recognize_next(r);
}

static void on_written(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct recognizer *r = arg;

	if (db_error(reply)) {
		recognize_refused(r, s, reply);
		return;
	}
	if (r->failed) {
		part_failed(r, s, "there is no memory");
		return;
	}
	db_end(s);
	r->counters.hosts += r->subjects.count;
	r->counters.rounds++;
	r->counters.spent_us += (uint64_t)(loop_wall_us() - r->begun_us);
	for (size_t i = 0; i < r->subjects.count; i++)
		r->counters.clues_left_out += r->subjects.subject[i].clues_left_out;
	r->part_ms = loop_now_ms() - r->begun_ms;
	if (r->part_ms > PART_SLOW_MS && r->part > 16)
		r->part /= 2;
	else if (r->part_ms < PART_QUICK_MS && r->part < PART_HOSTS)
		r->part = r->part * 2 > PART_HOSTS ? PART_HOSTS : r->part * 2;
	recognize_part_end(r);
	r->worked = true;
	on_pause(r);
}

static void conclude_all(void *arg)
{
	struct recognizer *r = arg;

	for (size_t i = 0; i < r->subjects.count && !r->failed; i++)
		if (r->subjects.subject[i].there)
			r->failed = !subject_conclude(&r->subjects.subject[i], r->rules->definitions, &r->made,
						      id_random);
}

static void on_concluded(void *arg)
{
	struct recognizer *r = arg;
	struct db_session *s = r->session;
	bool told = false;

	if (!r->failed && subjects_changed(&r->subjects)) {
		DB_ADD(s, SQL_NETWORK_LOCK, r->at->id);
		told = subjects_write(&r->subjects, s, r->at->id, r->rules->applications, &r->failed);
	}
	DB_ADD(s, SQL_RECOGNIZE_DONE, r->at->id, r->due.bytes);
	if (told)
		DB_ADD(s, SQL_CHANGE_NOTIFY, r->at->id);
	db_add(s, r->failed ? SQL_ROLLBACK : SQL_COMMIT, NULL, 0);
	db_go(s, on_written, r);
}

static void on_known(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct recognizer *r = arg;

	if (db_error(reply)) {
		recognize_refused(r, s, reply);
		return;
	}
	subjects_load(&r->subjects, reply, 0, r->rules->applications);
	r->failed = r->subjects.failed;
	r->session = s;
	if (worker_run(r->worker, conclude_all, on_concluded, r) == 0)
		return;
	db_end(s);
	recognize_part_end(r);
	recognize_rest(r, RECOGNIZE_REFUSED_MS);
}

/* Those that are ours: their rows and their ids. last: the last slow row that was looked at. */
static size_t take(struct recognizer *r, const struct db_reply *reply, size_t query, int64_t *last)
{
	size_t rows = db_rows(reply, query), count = 0;
	const char **ids = calloc(rows + 1, sizeof(*ids));

	for (size_t row = 0; ids && row < rows; row++) {
		const char *due = db_value(reply, query, row, 1);

		if (db_integer(reply, query, row, 2) > *last)
			*last = db_integer(reply, query, row, 2);
		if (!db_true(reply, query, row, 3))
			continue;
		ids[count++] = db_value(reply, query, row, 0);
		array_add_plain(&r->hosts, ids[count - 1]);
		/* {1,2} of each, joined. */
		buffer_text(&r->due, r->due.length ? "," : "{");
		buffer_add(&r->due, due + 1, strlen(due) - 2);
	}
	buffer_text(&r->due, "}");
	if (ids)
		subjects_begin(&r->subjects, ids, count);
	free(ids);
	return r->hosts.failed || r->due.failed || r->subjects.failed ? 0 : count;
}

enum { TAKE_BEGIN, TAKE_ACT, TAKE_PLANS, TAKE_TAKE };

static void on_taken(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct recognizer *r = arg;
	int64_t last = 0;

	if (db_error(reply)) {
		recognize_refused(r, s, reply);
		return;
	}
	if (!take(r, reply, TAKE_TAKE, &last)) {
		bool others = db_rows(reply, TAKE_TAKE) > 0;

		/* All of these are in others' hands: those after them; after the last, from the beginning in a while. */
		r->at->after = last;
		db_end(s);
		recognize_part_end(r);
		if (others && last)
			recognize_next(r);
		else
			on_pause(r);
		return;
	}
	subjects_ask(s, r->at->id, array_text(&r->hosts), r->rules->applications);
	db_go(s, on_known, r);
}

void recognize_part(void *arg, struct db_session *s)
{
	struct recognizer *r = arg;
	char most[16], after[24];

	snprintf(after, sizeof(after), "%" PRId64, r->at->after);
	r->begun_ms = loop_now_ms();
	r->begun_us = loop_wall_us();
	r->failed = false;
	snprintf(most, sizeof(most), "%d", r->part);
	db_add(s, SQL_BEGIN, NULL, 0);
	DB_ADD(s, SQL_ACT_AS, "", r->at->id, "");
	db_add(s, SQL_INGEST_PLANS, NULL, 0);
	DB_ADD(s, SQL_RECOGNIZE_TAKE, r->at->id, most, after);
	db_go(s, on_taken, r);
}
