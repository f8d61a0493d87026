/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Batches of facts into the database: a transaction for those that wait, one at a time for each network, and an answer only
 * after the commit. A batch that was committed before is answered again and not applied.
 */
#ifndef COLLECTOR_INGEST_H
#define COLLECTOR_INGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/secret.h"
#include "collector/stream.h"

struct app;
struct ingest;
struct fact_key;

struct batch {
	char network_id[ID_TEXT_MAX], sensor_id[ID_TEXT_MAX];
	char outbox[STREAM_OUTBOX_DIGITS + 1];
	struct stream_message message; /* STREAM_FACTS; freed with the batch */
	/* 0 when it is committed, else -errno: nothing of it was kept, or (-ENOTCONN) that is not known. */
	void (*done)(void *arg, struct batch *, int error);
	/*
	 * Asked before it is begun: whether it still may be. After a batch of a connection has failed no later one of it may
	 * be committed, or the failed one would count as done.
	 */
	bool (*wanted)(void *arg);
	void *arg;
	struct batch *next;
	struct fact_key *keys; /* ingest.c's */
};

struct ingest_counters {
	uint64_t batches, facts, repeated, failed, changes;
	uint64_t refreshed;	    /* facts that went the short way */
	uint64_t neighbors_dropped; /* at NEIGHBOR_ROWS_MAX */
	uint64_t links_dropped;	    /* at LINK_ROWS_MAX */
};

/* 0 or -ENOMEM. */
int ingest_open(struct app *, struct ingest **out);
/* Takes the batch, allocated with malloc; done is called once, later, and then the batch is freed. */
void ingest_submit(struct ingest *, struct batch *);
/* Whether facts wait for their turn, or are being taken in. */
bool ingest_waiting(const struct ingest *);
const struct ingest_counters *ingest_counters(const struct ingest *);
/* After the database is closed. */
void ingest_close(struct ingest *);

#endif
