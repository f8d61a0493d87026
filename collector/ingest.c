/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two groups a batch: lock, and read what it may touch; decide; write, and commit. Networks are lanes: batches of one
 * follow one another, those of several go side by side, a few at a time so that browsers find a connection too.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/app.h"
#include "collector/conclude.h"
#include "collector/ingest.h"
#include "collector/ingest_sql.h"
#include "collector/oui.h"
#include "defs/log.h"

enum { LANES_BUSY_MAX = 3 };

struct lane {
	char network_id[ID_TEXT_MAX];
	struct batch *first, **last;
	bool busy;
	struct lane *next;
};

struct work {
	struct ingest *ingest;
	struct lane *lane;
	struct batch *batch;
	struct world world;
	int64_t changes;
	bool repeated;
};

struct ingest {
	struct app *app;
	struct lane *lanes;
	size_t busy;
	struct ingest_counters counters;
	bool closing;
};

static void next_batches(struct ingest *ingest);

static void batch_free(struct batch *batch)
{
	stream_free(&batch->message);
	free(batch);
}

static void work_done(struct work *work, int error)
{
	struct ingest *ingest = work->ingest;
	struct batch *batch = work->batch;

	if (error) {
		ingest->counters.failed++;
	} else if (work->repeated) {
		ingest->counters.repeated++;
	} else {
		ingest->counters.batches++;
		ingest->counters.facts += batch->message.facts.count;
		ingest->counters.changes += (uint64_t)work->changes;
	}
	work->lane->busy = false;
	ingest->busy--;
	world_free(&work->world);
	free(work);
	batch->done(batch->arg, batch, error);
	batch_free(batch);
	if (!ingest->closing)
		next_batches(ingest);
}

static bool failed(struct work *work, struct db_session *s, const struct db_reply *reply)
{
	if (!db_error(reply))
		return false;
	log_warn("a batch was not kept, and its sensor keeps it: %s", db_message(reply));
	db_end(s);
	work_done(work, db_error(reply));
	return true;
}

static void on_written(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct work *work = arg;

	if (failed(work, s, reply))
		return;
	db_end(s);
	work_done(work, 0);
}

static void on_read(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct work *work = arg;
	struct batch *batch = work->batch;
	char number[24];

	if (failed(work, s, reply))
		return;
	if (!db_rows(reply, READ_LOCK)) {
		db_end(s);
		work_done(work, -ENOENT);
		return;
	}
	if ((uint64_t)db_integer(reply, READ_OUTBOX, 0, 0) >= batch->message.facts.batch) {
		work->repeated = true;
		db_end(s);
		work_done(work, 0);
		return;
	}
	ingest_load(&work->world, reply);
	conclude(&work->world, batch->message.facts.facts, batch->message.facts.count);
	work->changes = ingest_write(&work->world, s);
	snprintf(number, sizeof(number), "%" PRIu64, batch->message.facts.batch);
	DB_ADD(s, SQL_OUTBOX_WRITE, batch->network_id, batch->sensor_id, batch->outbox, number);
	DB_ADD(s, SQL_CHANGE_NOTIFY, batch->network_id);
	/* Without memory to write all of it, none is: what was sent is undone. */
	db_add(s, work->changes < 0 ? SQL_ROLLBACK : SQL_COMMIT, NULL, 0);
	db_go(s, on_written, work);
}

static void start(void *arg, struct db_session *s)
{
	struct work *work = arg;
	struct batch *batch = work->batch;

	db_add(s, SQL_BEGIN, NULL, 0);
	DB_ADD(s, SQL_ACT_AS, "", batch->network_id, "");
	DB_ADD(s, SQL_NETWORK_LOCK, batch->network_id);
	DB_ADD(s, SQL_OUTBOX_BATCH, batch->network_id, batch->sensor_id, batch->outbox);
	if (!ingest_ask(&work->world, batch->message.facts.facts, batch->message.facts.count, s))
		work->world.failed = true;
	db_go(s, on_read, work);
}

static int begin(struct ingest *ingest, struct lane *lane)
{
	struct work *work = calloc(1, sizeof(*work));
	struct batch *batch = lane->first;
	int error;

	if (!work)
		return -ENOMEM;
	*work = (struct work){.ingest = ingest, .lane = lane, .batch = batch};
	work->world.make_id = id_random;
	work->world.vendor = oui_vendor;
	work->world.network_id = batch->network_id;
	work->world.sensor_id = batch->sensor_id;
	lane->first = batch->next;
	if (!lane->first)
		lane->last = &lane->first;
	lane->busy = true;
	ingest->busy++;
	error = batch->wanted(batch->arg) ? db_begin(ingest->app->db, start, work) : -ECANCELED;
	if (error)
		work_done(work, error);
	return 0;
}

static void next_batches(struct ingest *ingest)
{
	for (struct lane *lane = ingest->lanes; lane; lane = lane->next) {
		if (ingest->busy >= LANES_BUSY_MAX)
			return;
		if (lane->busy || !lane->first)
			continue;
		if (begin(ingest, lane))
			return;
	}
}

static struct lane *lane_of(struct ingest *ingest, const char *network_id)
{
	struct lane *lane;

	for (lane = ingest->lanes; lane; lane = lane->next)
		if (strcmp(lane->network_id, network_id) == 0)
			return lane;
	lane = calloc(1, sizeof(*lane));
	if (!lane)
		return NULL;
	snprintf(lane->network_id, sizeof(lane->network_id), "%s", network_id);
	lane->last = &lane->first;
	lane->next = ingest->lanes;
	ingest->lanes = lane;
	return lane;
}

int ingest_open(struct app *app, struct ingest **out)
{
	struct ingest *ingest = calloc(1, sizeof(*ingest));

	if (!ingest)
		return -ENOMEM;
	ingest->app = app;
	*out = ingest;
	return 0;
}

void ingest_submit(struct ingest *ingest, struct batch *batch)
{
	struct lane *lane = lane_of(ingest, batch->network_id);

	batch->next = NULL;
	if (!lane) {
		batch->done(batch->arg, batch, -ENOMEM);
		batch_free(batch);
		return;
	}
	*lane->last = batch;
	lane->last = &batch->next;
	next_batches(ingest);
}

const struct ingest_counters *ingest_counters(const struct ingest *ingest)
{
	return &ingest->counters;
}

void ingest_close(struct ingest *ingest)
{
	if (!ingest)
		return;
	ingest->closing = true;
	while (ingest->lanes) {
		struct lane *lane = ingest->lanes;

		ingest->lanes = lane->next;
		while (lane->first) {
			struct batch *batch = lane->first;

			lane->first = batch->next;
			batch_free(batch);
		}
		free(lane);
	}
	free(ingest);
}
