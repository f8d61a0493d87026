/* SPDX-License-Identifier: BSD-2-Clause */
/* A connection that waits for its answers: for commands that do one thing and end. db.h is the collector's own way. */
#ifndef COLLECTOR_DB_ONCE_H
#define COLLECTOR_DB_ONCE_H

#include <stdint.h>

#include "collector/statements.h"

struct db_once;

enum { DB_ONCE_COLUMNS_MAX = 4 };

/*
 * Put what a URL or key=value text says into the environment (PGHOST, PGPASSWORD, …), where libpq and PostgreSQL's
 * programs look: so no password stands among a program's arguments. 0, or -EINVAL after saying that it is not understood.
 */
int db_once_environment(const char *conninfo);
/* Connect as the environment says; again and again for so long while the server begins. 0, or -errno after saying why not. */
int db_once_open(int64_t wait_ms, struct db_once **out);
/* Run a statement without parameters; row gets each row's values as text, NULL for null. 0, or -EIO after saying why not. */
int db_once_ask(struct db_once *, enum statement, void (*row)(void *arg, const char *const *values), void *arg);
void db_once_close(struct db_once *);

#endif
