/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libpq's one door. A connection is a small state machine that the loop turns: connecting, setting up, idle, busy.
 * Promises that done() of db_go() and db_script() is called exactly once for each group, also when the connection
 * breaks, and never from within db_go() itself.
 */
#include <errno.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "collector/db_pool.h"
#include "defs/log.h"

enum {
	CONNECT_MS_MAX = 5000,
	SAY_MS = 800,	   /* of pause, from which on it is said that there is no connection */
	RESOLVE_MS = 50,   /* until the name is looked at again */
	PAUSE_MS_MIN = 50, /* before connecting again, doubling */
	PAUSE_MS_MAX = 2000,
};

static void session_step(struct db_session *s);
static void session_lost(struct db_session *s, const char *why);

static void on_fd(void *arg, uint32_t events)
{
	(void)events;
	session_step(arg);
}

static void watch_fd(struct db_session *s, uint32_t events)
{
	int fd = PQsocket(s->pg);

	/* libpq may open another socket while it connects. */
	if (s->watch && s->watched_fd == fd) {
		loop_rewatch(s->watch, events);
		return;
	}
	loop_unwatch(s->watch);
	s->watch = fd < 0 ? NULL : loop_watch(s->db->loop, fd, events, on_fd, s);
	s->watched_fd = fd;
}

static void flush(struct db_session *s)
{
	int left = PQflush(s->pg);

	if (left < 0)
		session_lost(s, PQerrorMessage(s->pg));
	else
		watch_fd(s, left ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

/* The group that was under way ends with what is in the reply. */
static void group_done(struct db_session *s)
{
	struct db_reply reply = s->reply;

	memset(&s->reply, 0, sizeof(s->reply));
	s->waiting = false;
	s->sent_count = s->answered = 0;
	s->done(s->arg, s, &reply);
	reply_clear(&reply);
}

static void connect_again(struct db_session *s)
{
	s->pause_ms = s->pause_ms ? s->pause_ms * 2 : PAUSE_MS_MIN;
	if (s->pause_ms > PAUSE_MS_MAX)
		s->pause_ms = PAUSE_MS_MAX;
	loop_timer_set(s->timer, s->pause_ms);
}

static void session_down(struct db_session *s)
{
	loop_unwatch(s->watch);
	s->watch = NULL;
	PQfinish(s->pg);
	s->pg = NULL;
	s->state = DB_DOWN;
	s->waiting = s->script = false;
	s->sent_count = s->answered = 0;
	reply_clear(&s->reply);
	memset(s->prepared, 0, sizeof(s->prepared));
	connect_again(s);
	pool_changed(s->db);
}

/* The connection broke. Its owner, if it has one, is told by the timer: never from within its own call. */
static void session_lost(struct db_session *s, const char *why)
{
	char line[200];

	reply_line(line, sizeof(line), why);
	/* At first it may only be starting. */
	if (s->state <= DB_CONNECTING && s->pause_ms >= SAY_MS)
		log_warn(
			"PostgreSQL can't be reached and is tried again: %s. See --database-url or --data-dir.",
			line);
	else
		log_debug("PostgreSQL: a connection was lost: %s", line);
	s->broken = true;
	if (s->state == DB_CONNECTING) /* it may have another address by now */
		s->db->addresses[0] = 0;
	if (s->state == DB_BUSY && !s->ended) {
		loop_unwatch(s->watch);
		s->watch = NULL;
		loop_timer_set(s->timer, 0);
		return;
	}
	session_down(s);
}

static void group_lost(struct db_session *s)
{
	reply_clear(&s->reply);
	s->reply.error = -ENOTCONN;
	snprintf(s->reply.message, sizeof(s->reply.message), "the connection to PostgreSQL was lost");
	if (s->waiting)
		group_done(s);
}

static void prepared_session(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct db *db = arg;

	if (reply->error) {
		log_error("PostgreSQL refuses a session: %s. See --database-url.", reply->message);
		session_down(s);
		return;
	}
	if (s->listener) {
		s->state = DB_IDLE;
		s->pause_ms = 0;
		db->options.notify(db->options.arg, NULL, NULL);
		return;
	}
	if (db->ready) {
		pool_idle(s);
		return;
	}
	s->state = DB_BUSY;
	s->ended = false;
	s->pause_ms = 0;
	db->options.prepare(db->options.arg, s);
}

static void connected(struct db_session *s)
{
	struct db *db = s->db;
	enum statement setup = s->listener ? SQL_LISTEN_ALL : db->ready ? SQL_SERVE_AS : SQL_PREPARE_AS;

	loop_timer_set(s->timer, -1);
	if (PQsetnonblocking(s->pg, 1) < 0 || !PQenterPipelineMode(s->pg)) {
		session_lost(s, PQerrorMessage(s->pg));
		return;
	}
	s->state = DB_SETTING_UP;
	s->broken = false;
	db_script(s, statements[setup].sql, prepared_session, db);
}

static void step_connect(struct db_session *s)
{
	switch (PQconnectPoll(s->pg)) {
	case PGRES_POLLING_OK:
		connected(s);
		break;
	case PGRES_POLLING_READING:
		watch_fd(s, EPOLLIN);
		break;
	case PGRES_POLLING_WRITING:
		watch_fd(s, EPOLLOUT);
		break;
	default:
		session_lost(s, PQerrorMessage(s->pg));
	}
}

static void take_result(struct db_session *s, PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);
	int sent = s->answered < s->sent_count ? s->sent[s->answered] : 0;
	bool well = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;

	if (!well && status != PGRES_PIPELINE_ABORTED)
		reply_fail(&s->reply, result);
	if (!s->script && s->answered < s->sent_count)
		s->answered++;
	if (s->script || sent < 0) {
		if (sent < 0)
			s->prepared[-1 - sent] = well;
		PQclear(result);
		return;
	}
	s->reply.results[s->reply.count++] = result;
}

static void take_notifications(struct db_session *s)
{
	PGnotify *note;

	while ((note = PQnotifies(s->pg))) {
		s->db->options.notify(s->db->options.arg, note->relname, note->extra);
		PQfreemem(note);
	}
}

/* Results that are there. In a pipeline a NULL ends each statement, and a sync the group. */
static void step_results(struct db_session *s)
{
	while (s->waiting && !PQisBusy(s->pg)) {
		PGresult *result = PQgetResult(s->pg);

		if (result && PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
			PQclear(result);
			group_done(s);
			return;
		}
		if (result) {
			take_result(s, result);
			continue;
		}
		if (s->script) {
			s->script = false;
			if (!PQenterPipelineMode(s->pg)) {
				session_lost(s, PQerrorMessage(s->pg));
				return;
			}
			group_done(s);
			return;
		}
		if (PQstatus(s->pg) == CONNECTION_BAD) {
			session_lost(s, PQerrorMessage(s->pg));
			return;
		}
		if (s->answered >= s->sent_count && PQisBusy(s->pg))
			return;
	}
}

static void session_step(struct db_session *s)
{
	if (s->state == DB_CONNECTING) {
		step_connect(s);
		return;
	}
	if (!PQconsumeInput(s->pg) || PQstatus(s->pg) == CONNECTION_BAD) {
		session_lost(s, PQerrorMessage(s->pg));
		return;
	}
	if (s->listener)
		take_notifications(s);
	step_results(s);
	if (s->pg && s->state >= DB_SETTING_UP && s->watch)
		flush(s);
}

bool session_host(const char *conninfo, char out[static DB_HOST_BYTES_MAX])
{
	PQconninfoOption *options = PQconninfoParse(conninfo, NULL);
	const char *host = NULL, *address = NULL;

	for (PQconninfoOption *at = options; at && at->keyword; at++) {
		if (strcmp(at->keyword, "host") == 0)
			host = at->val;
		if (strcmp(at->keyword, "hostaddr") == 0)
			address = at->val;
	}
	out[0] = 0;
	/* A socket's directory, numbers, several hosts: libpq takes them as they are. */
	if (host && !address && host[0] != '/' && host[0] != '@' && !strpbrk(host, ",:") &&
	    host[strspn(host, "0123456789.")] && strlen(host) < DB_HOST_BYTES_MAX)
		snprintf(out, DB_HOST_BYTES_MAX, "%s", host);
	PQconninfoFree(options);
	return options != NULL;
}

void session_connect(struct db_session *s)
{
	bool found = s->db->addresses[0];
	/* The later word counts, so a URL may say otherwise. */
	const char *const names[] = {
		"application_name", "connect_timeout",	   "tcp_user_timeout", "client_encoding",
		"dbname",	    found ? "host" : NULL, "hostaddr",	       NULL};
	const char *const values[] = {"netvisor-collector",    "5",	     "15000",	       "UTF8",
				      s->db->options.conninfo, s->db->hosts, s->db->addresses, NULL};

	s->broken = false;
	s->pg = PQconnectStartParams(names, values, 1);
	if (!s->pg || PQstatus(s->pg) == CONNECTION_BAD) {
		session_lost(s, s->pg ? PQerrorMessage(s->pg) : "no memory");
		return;
	}
	s->state = DB_CONNECTING;
	watch_fd(s, EPOLLOUT);
	loop_timer_set(s->timer, CONNECT_MS_MAX);
}

void session_timer(void *arg)
{
	struct db_session *s = arg;

	if (s->db->closing)
		return;
	if (s->state == DB_DOWN) {
		if (!s->db->ready && s != &s->db->pool[0])
			return;
		if (s->db->host[0] && !s->db->addresses[0]) {
			db_resolve(s->db);
			loop_timer_set(s->timer, RESOLVE_MS);
			return;
		}
		session_connect(s);
	} else if (s->state == DB_CONNECTING) {
		session_lost(s, "it took too long to connect");
	} else if (s->state == DB_BUSY && s->broken) {
		group_lost(s);
	}
}

void session_close(struct db_session *s)
{
	loop_unwatch(s->watch);
	s->watch = NULL;
	s->broken = true;
	if (s->waiting && s->state == DB_BUSY)
		group_lost(s);
	reply_clear(&s->reply);
	loop_timer_free(s->timer);
	s->timer = NULL;
	PQfinish(s->pg);
	s->pg = NULL;
}

size_t db_next(const struct db_session *s)
{
	size_t count = 0;

	for (size_t i = 0; i < s->sent_count; i++)
		count += s->sent[i] >= 0;
	return count;
}

void db_add(struct db_session *s, enum statement statement, const char *const *parameters, size_t count)
{
	const struct statement_text *text = &statements[statement];

	if (s->broken)
		return;
	if (s->sent_count + 2 > DB_GROUP_MAX || count != (size_t)text->parameters) {
		log_error("statement %s: %zu parameters for %d; this is a fault of NetVisor", text->name, count,
			  text->parameters);
		session_lost(s, "a statement was called wrongly");
		return;
	}
	if (!s->prepared[statement]) {
		if (!PQsendPrepare(s->pg, text->name, text->sql, 0, NULL)) {
			session_lost(s, PQerrorMessage(s->pg));
			return;
		}
		s->sent[s->sent_count++] = -1 - (int)statement;
		s->prepared[statement] =
			true; /* for the rest of this group; its answer says whether it is so */
	}
	if (!PQsendQueryPrepared(s->pg, text->name, (int)count, parameters, NULL, NULL, 0)) {
		session_lost(s, PQerrorMessage(s->pg));
		return;
	}
	s->sent[s->sent_count++] = (int)statement;
}

void db_go(struct db_session *s, void (*done)(void *arg, struct db_session *, const struct db_reply *),
	   void *arg)
{
	s->done = done;
	s->arg = arg;
	s->waiting = true;
	if (s->broken) {
		loop_timer_set(s->timer, 0);
		return;
	}
	if (!PQpipelineSync(s->pg))
		session_lost(s, PQerrorMessage(s->pg));
	else
		flush(s);
}

void db_script(struct db_session *s, const char *sql,
	       void (*done)(void *arg, struct db_session *, const struct db_reply *), void *arg)
{
	s->done = done;
	s->arg = arg;
	s->waiting = true;
	if (s->broken) {
		loop_timer_set(s->timer, 0);
		return;
	}
	s->script = true;
	if (!PQexitPipelineMode(s->pg) || !PQsendQuery(s->pg, sql))
		session_lost(s, PQerrorMessage(s->pg));
	else
		flush(s);
}

static void rolled_back(void *arg, struct db_session *s, const struct db_reply *reply)
{
	(void)arg;
	if (reply->error)
		session_lost(s, reply->message);
	else
		pool_idle(s);
}

void db_end(struct db_session *s)
{
	s->ended = true;
	if (s->db->closing)
		return;
	if (s->broken || !s->pg) {
		s->broken = false;
		session_down(s);
		return;
	}
	/* The session that prepared the tables is the owner's: connect it anew for serving. */
	if (s->db->ready && !s->db->up && s == &s->db->pool[0]) {
		session_down(s);
		return;
	}
	if (PQtransactionStatus(s->pg) != PQTRANS_IDLE) {
		db_add(s, SQL_ROLLBACK, NULL, 0);
		db_go(s, rolled_back, NULL);
		return;
	}
	pool_idle(s);
}
