/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The private PostgreSQL: a cluster below the data directory, reached by a socket in it and by nothing else. It
 * lives and dies with this process, is started again when it dies alone, and survives an unclean end.
 */
#ifndef COLLECTOR_POSTGRES_H
#define COLLECTOR_POSTGRES_H

#include <stddef.h>

struct loop;
struct postgres;

/*
 * Make the cluster when there is none, and start it. Blocks while it makes one (once, some seconds), so it is
 * called before the loop turns. 0, or -errno after saying what is wrong.
 */
int postgres_open(struct loop *, const char *data_dir, struct postgres **out);
/*
 * The server that a collector runs now for this data directory, which stays that one's. -ESRCH: there is a cluster, and
 * nobody runs it; -ENOENT: there is none; else -errno. Says nothing.
 */
int postgres_join(const char *data_dir, struct postgres **out);
/* Programs that are started from now on reach it by the same conninfo. */
void postgres_inherit(const struct postgres *);
/*
 * The directory of PostgreSQL's programs: the newest, or those of the lowest version from at_least on, as a server of that
 * version wants its pg_dump. 0, or -ENOENT after saying that there are none.
 */
int postgres_programs(long at_least, char *out, size_t size);
/* How libpq reaches it; borrowed. */
const char *postgres_conninfo(const struct postgres *);
/* Stop it and wait until it is gone. */
void postgres_close(struct postgres *);

#endif
