/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PostgreSQL without waiting: a small pool of connections, a queue of work for them, and one more connection that
 * listens. Statements come from collector/sql and go as a pipeline: add as many as there are, then go; one reply
 * holds all their results. A connection that is lost is made again, for ever, with a growing pause.
 */
#ifndef COLLECTOR_DB_H
#define COLLECTOR_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/statements.h"

struct loop;
struct db;
struct db_session;
struct db_reply;

enum {
	DB_CONNECTIONS = 6,	/* of the pool */
	DB_QUEUE_MAX = 4096,	/* works that wait for a connection; one more is refused */
	DB_PARAMETERS_MAX = 48, /* of one statement */
};

struct db_options {
	const char *conninfo; /* URL or key=value; borrowed */
	/* The first connection is up, as the owner of the tables: bring them up to date, then call db_ready(). */
	void (*prepare)(void *arg, struct db_session *);
	/* A notification; channel NULL: the listener is new, so any number may have been missed. */
	void (*notify)(void *arg, const char *channel, const char *payload);
	/* Work can be done, or can't any more. */
	void (*changed)(void *arg, bool up);
	void *arg;
	struct worker *worker; /* looks up the server's name */
};

/* Begins to connect. 0 or -errno. */
int db_open(struct loop *, const struct db_options *, struct db **out);
/* From prepare's work, after which its session is ended: all connections may serve now. */
void db_ready(struct db *);
bool db_up(const struct db *);
void db_close(struct db *);

/*
 * Call start with a session of its own as soon as one is free. The session is the caller's until db_end().
 * -ENOTCONN when the database is away, -EAGAIN when too much waits.
 */
int db_begin(struct db *, void (*start)(void *arg, struct db_session *), void *arg);
/* Append a statement. Parameters are text, NULL for null, and are copied. */
void db_add(struct db_session *, enum statement, const char *const *parameters, size_t count);
/* The index that the next statement of this group will have in the reply. */
size_t db_next(const struct db_session *);
/* Send what was added; done gets the reply to all of it, valid only during the call. */
void db_go(struct db_session *, void (*done)(void *arg, struct db_session *, const struct db_reply *),
	   void *arg);
/* A script of several statements without parameters (a migration), alone. */
void db_script(struct db_session *, const char *sql,
	       void (*done)(void *arg, struct db_session *, const struct db_reply *), void *arg);
/* Give the session back. A transaction that is still open is rolled back. */
void db_end(struct db_session *);

/* 0; -ENOTCONN when the connection was lost (whether the work took effect is not known); -EIO on an SQL error. */
int db_error(const struct db_reply *);
/* Five characters, "" when there is none. */
const char *db_state(const struct db_reply *);
/* One line, for the log. */
const char *db_message(const struct db_reply *);
/* Results by the index of their statement in the group. Rows of a result; a value as text, NULL for null. */
size_t db_rows(const struct db_reply *, size_t query);
const char *db_value(const struct db_reply *, size_t query, size_t row, size_t column);
size_t db_length(const struct db_reply *, size_t query, size_t row, size_t column);
/* 0 for null. */
int64_t db_integer(const struct db_reply *, size_t query, size_t row, size_t column);
bool db_true(const struct db_reply *, size_t query, size_t row, size_t column);

#define DB_ADD(session, statement, ...)                                \
	db_add(session, statement, (const char *const[]){__VA_ARGS__}, \
	       sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

#endif
