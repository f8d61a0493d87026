/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libpq's door for commands. Nothing else of the process goes on while it waits.
 */
#include <errno.h>
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "collector/db_once.h"
#include "collector/loop.h"
#include "defs/log.h"

enum { PAUSE_NS = 50000000 };

struct db_once {
	PGconn *pg;
};

/* libpq's texts end with a line break, and the first line says it. */
static int line_length(const char *text)
{
	return (int)strcspn(text, "\n");
}

int db_once_environment(const char *conninfo)
{
	PQconninfoOption *options = PQconninfoParse(conninfo, NULL);

	if (!options) {
		log_error("--database-url is not understood; it is postgresql://USER:PASSWORD@HOST/DATABASE");
		return -EINVAL;
	}
	for (const PQconninfoOption *at = options; at->keyword; at++)
		if (at->val && at->envvar)
			setenv(at->envvar, at->val, 1);
	PQconninfoFree(options);
	setenv("PGCLIENTENCODING", "UTF8", 1);
	setenv("PGCONNECT_TIMEOUT", "10", 0);
	return 0;
}

int db_once_open(int64_t wait_ms, struct db_once **out)
{
	int64_t until = loop_now_ms() + wait_ms;
	struct db_once *db = calloc(1, sizeof(*db));

	if (!db)
		return -ENOMEM;
	db->pg = PQconnectdb("");
	while (PQstatus(db->pg) != CONNECTION_OK && loop_now_ms() < until) {
		nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
		PQreset(db->pg);
	}
	if (PQstatus(db->pg) != CONNECTION_OK) {
		const char *why = db->pg ? PQerrorMessage(db->pg) : "no memory";

		log_error("PostgreSQL can't be reached: %.*s. See --database-url or --data-dir.",
			  line_length(why), why);
		db_once_close(db);
		return -ENOTCONN;
	}
	*out = db;
	return 0;
}

int db_once_ask(struct db_once *db, enum statement statement, void (*row)(void *arg, const char *const *values),
		void *arg)
{
	PGresult *result = PQexec(db->pg, statements[statement].sql);
	ExecStatusType status = PQresultStatus(result);

	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
		const char *why = PQerrorMessage(db->pg);

		log_error("the database refuses: %.*s", line_length(why), why);
		PQclear(result);
		return -EIO;
	}
	for (int i = 0; row && i < PQntuples(result); i++) {
		const char *values[DB_ONCE_COLUMNS_MAX] = {0};

		for (int column = 0; column < PQnfields(result) && column < DB_ONCE_COLUMNS_MAX; column++)
			if (!PQgetisnull(result, i, column))
				values[column] = PQgetvalue(result, i, column);
		row(arg, values);
	}
	PQclear(result);
	return 0;
}

void db_once_close(struct db_once *db)
{
	if (!db)
		return;
	PQfinish(db->pg);
	free(db);
}
