/* SPDX-License-Identifier: BSD-2-Clause */
/* Bring the tables up to date, on the first connection, before anything is served. */
#ifndef COLLECTOR_MIGRATE_H
#define COLLECTOR_MIGRATE_H

struct db_session;
struct migrate;

/*
 * Takes the session over. done gets 0 when the tables are as this program needs them, -ENOTCONN when the
 * connection was lost (it will be tried again), or -EINVAL when they can't be; that has been said.
 */
void migrate_run(struct db_session *, void (*done)(void *arg, int error), void *arg);
/* Whether a database's migration is one of ours: 0, -ENOENT when it is newer, -EINVAL when its text was another. */
int migrate_check(long version, const char *sum);

#endif
