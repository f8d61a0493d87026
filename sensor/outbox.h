/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the collector has not yet acknowledged, kept on disk (docs/stream.md, "Delivery").
 *
 * A fact is said when outbox_commit() has returned 0 after it: then no kill -9 loses it. Until then it waits in
 * memory, within a limit; facts that come together are committed together. When the disk limit is reached the
 * oldest facts leave, and a `loss` fact (`outbox_full`) that says how many enters in the same transaction.
 *
 * A disk that is full and a file that is damaged are said in the log and survived: facts wait in memory and
 * outbox_commit() tries again; what finds no room there is refused and counted. A damaged file is moved
 * aside (outbox.damaged.db) and a new one begun.
 *
 * Two threads: the functions of the first group belong to the thread that watches, those of the second
 * to the uplink's.
 */
#ifndef SENSOR_OUTBOX_H
#define SENSOR_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sensor/outbox_file.h"

struct fact;
struct outbox;

enum {
	OUTBOX_WAITING_BYTES_MAX =
		4 << 20, /* facts in memory; past it they are committed, or refused when that fails */
	OUTBOX_FACT_BYTES_MAX = 128 << 10, /* one fact as JSON; a longer one is refused */
};

struct outbox_counters {
	uint64_t depth;	  /* facts held */
	uint64_t bytes;	  /* of the database in use */
	uint64_t waiting; /* bytes not yet committed */
	uint64_t dropped; /* facts that left because of the disk limit */
	uint64_t refused; /* facts that could not be kept: disk full, or too long */
	uint64_t damaged; /* facts, as far as known, in files that were moved aside; at least one a file */
};

/*
 * Open the outbox in a directory, which is made when missing. limit_bytes: of the database file; its log
 * takes some megabytes beside it. 0, or -errno after one log line. A full disk is not an error here.
 */
int outbox_open(const char *directory, uint64_t limit_bytes, struct outbox **out);

/* struct fact_sink's say(). 0, or -ENOSPC, -EMSGSIZE, -ENOMEM: then the fact is not said, and counted as refused. */
int outbox_say(void *outbox, const struct fact *fact);
/* The same with its JSON text, which holds no line feed. */
int outbox_put(struct outbox *, const char *text, size_t length);
/* Whether facts wait for outbox_commit(). */
bool outbox_waiting(const struct outbox *);
/*
 * Commit all that waits. 0, or -errno: the facts wait on. To be called within some milliseconds of the first
 * outbox_say(), and every second also when nothing waits. After a failure the disk is tried once a second.
 */
int outbox_commit(struct outbox *);
void outbox_count(struct outbox *, struct outbox_counters *out);
/* Commits. Nobody may be in the second group any more. */
void outbox_close(struct outbox *);

struct outbox_batch {
	int64_t last; /* row id of the last fact: the number of the batch */
	size_t facts;
	size_t length; /* bytes written */
};

/* The id of the outbox. It changes when a damaged file was replaced. -EAGAIN while there is no file (full disk). */
int outbox_id(struct outbox *, char id[static OUTBOX_ID_BYTES]);
/*
 * Write the facts after row `after`, oldest first, separated by commas, into text: as many as fit into `size`
 * bytes, at most facts_max. 0 with *out filled (facts 0 when there are none), -ESTALE when the outbox
 * is no longer the one with that id, or another -errno.
 */
int outbox_read(struct outbox *, const char *id, int64_t after, size_t facts_max, char *text, size_t size,
		struct outbox_batch *out);
/*
 * The collector has committed everything up to and including row `last` of the outbox with that id: forget it.
 * -ERANGE when that row was never given: the file is an old copy; it has a new id from now on.
 */
int outbox_ack(struct outbox *, const char *id, int64_t last);
/* Do what waits for the disk. At most once a second. */
void outbox_tidy(struct outbox *);

#endif
