/* SPDX-License-Identifier: BSD-2-Clause */
/* Between ingest.c, which knows the order of things, and its two halves. Not for others. */
#ifndef COLLECTOR_INGEST_SQL_H
#define COLLECTOR_INGEST_SQL_H

#include "collector/db.h"
#include "collector/world.h"

/* Replies of the reading group, by index. */
enum {
	READ_FACES,
	READ_NAMES,
	READ_SERVICES,
	READ_FLOWS,
	READ_EVIDENCE,
	READ_NEIGHBORS,
	READ_LINKS,
	READ_SIGNALS,
	READ_NEAR,
	READ_PINS,
	READ_ROUTERS,
	READ_SUBNETS,
};

/* Facts of a group of batches, and which of them go the long way. */
struct facts_list {
	struct fact *facts;
	size_t count;
	size_t refreshed; /* others, which are done with */
};

/* Measures of a sighting that have a column each, beside the count. */
enum { STORED_MEASURES = 5 };

/* What a fact is told by, worked out when its batch comes. */
struct fact_key {
	char id[ID_TEXT_MAX]; /* of its evidence */
	int64_t hash;	      /* conclude_values() */
};

/*
 * ingest_refresh.c: the short way (settle.h). Add the facts of the group, pack them, and later add the statements; the reply's
 * part that begins at index `from` tells which are left for the long way: these are copied, in their order. False: there is no
 * memory. What refresh_free() frees is gone after refresh_ask(); it takes NULL.
 */
struct refresh;
struct refresh *refresh_begin(struct world *, size_t count);
bool refresh_add(struct refresh *, const struct fact *, const struct fact_key *);
bool refresh_pack(struct refresh *);
bool refresh_ask(struct refresh *, struct db_session *);
void refresh_free(struct refresh *);
bool refresh_left(struct refresh *, const struct db_reply *, size_t from, struct facts_list *out);

/* Ask for all that the facts may touch: adds the statements from READ_FACES on. False: there is no memory. */
bool ingest_ask(struct world *, const struct fact *, size_t count, struct db_session *);
/* Fill the world from the reply. */
void ingest_load(struct world *, const struct db_reply *);
/* Add the statements that write what the world has become, except the outbox. Returns changes told, -ENOMEM. */
int64_t ingest_write(struct world *, struct db_session *);
/* ingest_due.c: add the hosts of which the batch said something new to those that are to be concluded. */
void ingest_due(struct world *, struct db_session *);
/* An interface with its host, of a row as candidate_face has it; one that is known already stays as it is. Its host. */
struct host *ingest_load_face(struct world *, const struct db_reply *, size_t query, size_t row);

/* ingest_identity.c: the same for what identity knows; its statements follow those of ingest_ask(). */
bool ingest_identity_ask(struct world *, const struct fact *, size_t count, struct db_session *);
void ingest_identity_load(struct world *, const struct db_reply *);
/* Before anything is written: hosts that are to become others are kept as they are, so that it can be undone. */
void ingest_identity_before(struct world *, struct db_session *);
/* After hosts and interfaces are written: what else those hosts have goes with them. */
void ingest_identity_absorb(struct world *, struct db_session *);
/* At the end: signals, decisions, proposals, people's words that go on, subnets. */
void ingest_identity_after(struct world *, struct db_session *);

#endif
