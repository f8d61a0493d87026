/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What may go the short way when it is said again (ingest_refresh.c), and what no longer may. Pure.
 *
 * A fact is settled when it was said before with the same values, and this time nothing came of it but when it was seen and
 * what it counted. Whatever changes what it would do (a binding that is made or moves, an address that another MAC holds
 * now, another name of its host, another state of its service) unsettles all that was said of the MACs and addresses
 * concerned. So the short way gives the same rows as the long one; but for who is said to leave and is heard again in one group of batches: by the
 * short way it has stayed.
 */
#ifndef COLLECTOR_SETTLE_H
#define COLLECTOR_SETTLE_H

#include "collector/world.h"

/* A host that was not seen for longer was away. */
#define PRESENCE_GAP_US INT64_C(900000000)
#define PRESENCE_WORD_US INT64_C(86400000000) /* no word about a silence holds for longer, whoever gives it */

/* After all facts of a batch: marks the evidence, and fills world's `unsettled` and `moved`. */
void settle(struct world *);

/*
 * A host is seen: move its times on, and close its stay when it was away: not seen for longer than was believed of it, else than PRESENCE_GAP_US. until_us: up
 * to when it is believed to be there now; 0: nothing was said of that.
 */
void presence_seen(struct world *, struct host *, int64_t first_us, int64_t last_us, int64_t until_us);
/* Up to when the fact says that it is believed to be there, PRESENCE_WORD_US after it was seen at most; 0: it says nothing of that. */
int64_t presence_until_us(const struct fact *);
/* A host becomes part of another. */
void presence_fold(struct host *into, const struct host *from);

#endif
