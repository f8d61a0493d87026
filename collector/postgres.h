/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The private PostgreSQL: a cluster below the data directory, reached by a socket in it and by nothing else. It
 * lives and dies with this process, is started again when it dies alone, and survives an unclean end.
 */
#ifndef COLLECTOR_POSTGRES_H
#define COLLECTOR_POSTGRES_H

struct loop;
struct postgres;

/*
 * Make the cluster when there is none, and start it. Blocks while it makes one (once, some seconds), so it is
 * called before the loop turns. 0, or -errno after saying what is wrong.
 */
int postgres_open(struct loop *, const char *data_dir, struct postgres **out);
/* How libpq reaches it; borrowed. */
const char *postgres_conninfo(const struct postgres *);
/* Stop it and wait until it is gone. */
void postgres_close(struct postgres *);

#endif
