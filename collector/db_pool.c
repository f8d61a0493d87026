/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The pool: which work has which connection, what waits, and whether the database is there at all.
 * Leaves to db.c what a connection does.
 */
#include <errno.h>
#include <stdlib.h>

#include "collector/db_pool.h"
#include "defs/log.h"

struct work {
	void (*start)(void *arg, struct db_session *);
	void *arg;
	struct work *next;
};

void pool_changed(struct db *db)
{
	bool up = false;

	for (size_t i = 0; i < DB_CONNECTIONS; i++)
		up |= db->ready && db->pool[i].state >= DB_IDLE;
	if (up == db->up || db->closing)
		return;
	db->up = up;
	if (db->options.changed)
		db->options.changed(db->options.arg, up);
}

static void pump(struct db *db)
{
	for (size_t i = 0; i < DB_CONNECTIONS && db->first && db->ready; i++) {
		struct db_session *s = &db->pool[i];
		struct work *work = db->first;

		if (s->state != DB_IDLE)
			continue;
		db->first = work->next;
		if (!db->first)
			db->last = &db->first;
		db->queued--;
		s->state = DB_BUSY;
		s->ended = false;
		work->start(work->arg, s);
		free(work);
	}
}

void pool_idle(struct db_session *s)
{
	s->state = DB_IDLE;
	s->pause_ms = 0;
	pool_changed(s->db);
	pump(s->db);
}

static int session_open(struct db *db, struct db_session *s)
{
	s->db = db;
	s->timer = loop_timer(db->loop, session_timer, s);
	return s->timer ? 0 : -ENOMEM;
}

int db_open(struct loop *loop, const struct db_options *options, struct db **out)
{
	struct db *db = calloc(1, sizeof(*db));
	int error = 0;

	if (!db)
		return -ENOMEM;
	db->loop = loop;
	db->options = *options;
	db->last = &db->first;
	if (!session_host(options->conninfo, db->host)) {
		log_error("--database-url is not understood; it is postgresql://USER:PASSWORD@HOST/DATABASE");
		error = -EINVAL;
	}
	for (size_t i = 0; i < DB_CONNECTIONS && !error; i++)
		error = session_open(db, &db->pool[i]);
	if (!error)
		error = session_open(db, &db->listener);
	if (error) {
		db_close(db);
		return error;
	}
	db->listener.listener = true;
	loop_timer_set(db->pool[0].timer, 0);
	*out = db;
	return 0;
}

void db_ready(struct db *db)
{
	db->ready = true;
	for (size_t i = 1; i < DB_CONNECTIONS; i++)
		loop_timer_set(db->pool[i].timer, 0);
	loop_timer_set(db->listener.timer, 0);
}

bool db_up(const struct db *db)
{
	return db->up;
}

void db_close(struct db *db)
{
	if (!db)
		return;
	db->closing = true;
	db->up = false;
	for (size_t i = 0; i < DB_CONNECTIONS; i++)
		session_close(&db->pool[i]);
	session_close(&db->listener);
	while (db->first) {
		struct work *work = db->first;

		db->first = work->next;
		free(work);
	}
	free(db);
}

int db_begin(struct db *db, void (*start)(void *arg, struct db_session *), void *arg)
{
	struct work *work;

	if (!db->up || db->closing)
		return -ENOTCONN;
	if (db->queued >= DB_QUEUE_MAX)
		return -EAGAIN;
	work = calloc(1, sizeof(*work));
	if (!work)
		return -EAGAIN;
	*work = (struct work){.start = start, .arg = arg};
	*db->last = work;
	db->last = &work->next;
	db->queued++;
	pump(db);
	return 0;
}
