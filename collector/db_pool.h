/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Between db_pool.c, which knows who waits for what, and db.c and db_reply.c, which know libpq. Not for others.
 */
#ifndef COLLECTOR_DB_POOL_H
#define COLLECTOR_DB_POOL_H

#include "collector/db.h"
#include "collector/loop.h"

enum { DB_GROUP_MAX = 64 }; /* statements of one group, their preparations included */

enum {
	DB_HOST_BYTES_MAX = 256,
	DB_HOSTS_BYTES_MAX = 4 * DB_HOST_BYTES_MAX, /* names, one for each address */
	DB_ADDRESSES_BYTES_MAX = 4 * 64,
};

enum db_session_state { DB_DOWN, DB_CONNECTING, DB_SETTING_UP, DB_IDLE, DB_BUSY };

struct pg_conn;
struct pg_result;

struct db_reply {
	int error;
	char state[8];
	char message[256];
	size_t count;
	struct pg_result *results[DB_GROUP_MAX];
};

struct db_session {
	struct db *db;
	struct pg_conn *pg;
	struct loop_watch *watch;
	int watched_fd;
	struct loop_timer *timer; /* of a connect that takes too long, of the next try, and of a broken group */
	enum db_session_state state;
	bool listener; /* the one that hears notifications; it does no work */
	bool script;   /* outside the pipeline for now */
	bool ended;    /* its work is over; what is still under way is our own */
	bool broken;
	int64_t pause_ms;
	bool prepared[STATEMENT_COUNT];
	int sent[DB_GROUP_MAX]; /* a statement, or -1 - statement for its preparation */
	size_t sent_count, answered;
	bool waiting; /* a group is under way */
	struct db_reply reply;
	void (*done)(void *arg, struct db_session *, const struct db_reply *);
	void *arg;
};

struct work;

struct db {
	struct loop *loop;
	struct db_options options;
	bool ready, up, closing;
	char host[DB_HOST_BYTES_MAX];	/* a name that must be looked up; "" for none */
	char hosts[DB_HOSTS_BYTES_MAX]; /* as libpq takes them, once it is */
	char addresses[DB_ADDRESSES_BYTES_MAX];
	bool resolving;
	int64_t resolve_ms; /* not before this */
	struct db_session pool[DB_CONNECTIONS], listener;
	struct work *first, **last;
	size_t queued;
};

/* db.c: begin to connect; what the session's timer does; end for good. */
void session_connect(struct db_session *);
void session_timer(void *session);
void session_close(struct db_session *);

/* db_reply.c: give back the results; keep the first error of a group, for what follows is its echo; a text as one line. */
void reply_clear(struct db_reply *);
void reply_fail(struct db_reply *, const struct pg_result *);
void reply_line(char *out, size_t size, const char *text);

/* db.c: the name in what says how to connect, when it is one that has to be looked up.
 * False: it is not understood. */
bool session_host(const char *conninfo, char out[static DB_HOST_BYTES_MAX]);
/* db_resolve.c: look up host, off the loop. */
void db_resolve(struct db *);

/* db_pool.c: a session is idle, or down. */
void pool_idle(struct db_session *);
void pool_changed(struct db *);

#endif
