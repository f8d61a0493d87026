/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A round looks at all networks, then takes a part of each that has something due. A part is one transaction: take hosts, which locks them
 * against other collectors; read what is known of them; conclude, in the thread; lock the network and write what has become another;
 * remove them from the queue. What comes while it runs has rows of its own in the queue, so nothing is missed.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/app.h"
#include "collector/ingest.h"
#include "collector/loop.h"
#include "collector/recognize_subject.h"
#include "collector/recognize_work.h"
#include "collector/rulebook.h"
#include "collector/worker.h"
#include "defs/log.h"

enum {
	FIRST_MS = 300,
	SOON_MS = 60,	/* after a word that something is new: more of it may follow at once */
	IDLE_MS = 4000, /* without any word */
	OTHERS_MS = 300,
	REFUSED_MS = 3000, /* after a failure */
	WAY_MS_MAX = 2000, /* at most so long for facts that wait */
	WAY_FACTOR = 4,	   /* times as long as the last part took */
	PART_HOSTS = 256,  /* rows of the queue in a part; fewer when it takes long */
	PART_SLOW_MS = 600,
	PART_QUICK_MS = 200,
	FILES_MS = 1000, /* between looks at the directory */
};

struct place {
	char id[ID_TEXT_MAX], organization[ID_TEXT_MAX];
	int64_t version;
	char rules[RULES_HASH_MAX]; /* as the database has them */
	char begun[RULES_HASH_MAX]; /* told by this collector */
	int64_t after;		    /* of the slow rows; those before it are in others' hands */
	bool due, seen;
	struct place *next;
};

struct recognizer {
	struct app *app;
	struct worker *worker;
	struct rulebook *book;
	struct loop_timer *timer;
	struct place *places, *at; /* at: whose turn it is */
	bool busy, again;
	bool worked, waits; /* in this round: something was taken; something was due */
	int64_t files_ms, part_ms, begun_ms, begun_us;
	int part; /* rows */
	/* One part; the thread's too, until on_concluded(). */
	struct ruleset *rules;
	struct db_session *session;
	struct subjects subjects;
	struct arena made; /* what the thread makes */
	bool failed;
	struct buffer hosts, due;
	struct recognizer_counters counters;
};

static void next_place(struct recognizer *);

static void rest(struct recognizer *r, int64_t ms)
{
	r->busy = false;
	if (r->again && ms > SOON_MS)
		ms = SOON_MS;
	r->again = false;
	loop_timer_set(r->timer, ms);
}

static void part_end(struct recognizer *r)
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
	part_end(r);
	rest(r, SOON_MS);
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
	part_end(r);
	rest(r, REFUSED_MS);
}

static void refused(struct recognizer *r, struct db_session *s, const struct db_reply *reply)
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
		rest(r, ms);
		return;
	}
	next_place(r);
}

static void on_written(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct recognizer *r = arg;

	if (db_error(reply)) {
		refused(r, s, reply);
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
	part_end(r);
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
		refused(r, s, reply);
		return;
	}
	subjects_load(&r->subjects, reply, 0, r->rules->applications);
	r->failed = r->subjects.failed;
	r->session = s;
	if (worker_run(r->worker, conclude_all, on_concluded, r) == 0)
		return;
	db_end(s);
	part_end(r);
	rest(r, REFUSED_MS);
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
		refused(r, s, reply);
		return;
	}
	if (!take(r, reply, TAKE_TAKE, &last)) {
		bool others = db_rows(reply, TAKE_TAKE) > 0;

		/* All of these are in others' hands: those after them; after the last, from the beginning in a while. */
		r->at->after = last;
		db_end(s);
		part_end(r);
		if (others && last)
			next_place(r);
		else
			on_pause(r);
		return;
	}
	subjects_ask(s, r->at->id, array_text(&r->hosts), r->rules->applications);
	db_go(s, on_known, r);
}

static void start_part(void *arg, struct db_session *s)
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

static void on_begun(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct recognizer *r = arg;

	if (db_error(reply)) {
		refused(r, s, reply);
		return;
	}
	db_end(s);
	if (db_rows(reply, 2) && db_true(reply, 2, 0, 0) && r->at->rules[0])
		log_info("definitions are others than before: all hosts of network %s are concluded anew",
			 r->at->id);
	snprintf(r->at->begun, sizeof(r->at->begun), "%s", r->rules->hash);
	r->at->due = true;
	part_end(r);
	next_place(r);
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
		refused(r, s, reply);
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
		next_place(r);
	else
		rest(r, REFUSED_MS);
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
	part_end(r);
	rest(r, REFUSED_MS);
}

/* The next that has something to do; after the last the round is over. */
static void next_place(struct recognizer *r)
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
			run(r, start_part);
			return;
		}
		part_end(r);
	}
	/* What is due and was not taken is in another collector's hands. */
	rest(r, r->worked ? 0 : r->waits ? OTHERS_MS : IDLE_MS);
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
		refused(r, s, reply);
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
	next_place(r);
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
		rest(r, SOON_MS);
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
	r->part = 32;
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
	part_end(r);
	while (r->places) {
		struct place *gone = r->places;

		r->places = gone->next;
		free(gone);
	}
	rulebook_close(r->book);
	free(r);
}
