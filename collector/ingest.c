/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A transaction takes the batches of one sensor that wait, up to a bound: lock, and refresh what is settled; read what the
 * others may touch; decide; write, and commit; acknowledge each. Networks are lanes: batches of one follow one another, those
 * of several go side by side, a few at a time so that browsers find a connection too.
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
#include "collector/loop.h"
#include "collector/oui.h"
#include "collector/recognize_work.h"
#include "defs/limits.h"
#include "defs/log.h"

enum {
	LANES_BUSY_MAX = 3,
	GROUP_BATCHES_MAX = 16,
	GROUP_FACTS_MIN = 1000, /* of the batches of a transaction, unless it is one: more when it is quick, */
	GROUP_FACTS_MAX = 4000, /* fewer when others that wait for the network's row would wait too long */
	GROUP_QUICK_MS = 100,
	GROUP_SLOW_MS = 200,
};

struct lane {
	char network_id[ID_TEXT_MAX];
	struct batch *first, **last;
	struct work *ready; /* of its first batches, while it is busy */
	size_t waiting;	    /* facts */
	size_t facts_max;
	bool busy;
	struct lane *next;
};

/* One transaction. */
struct work {
	struct ingest *ingest;
	struct lane *lane;
	struct batch *batches[GROUP_BATCHES_MAX];
	size_t count, facts;
	int64_t begun_ms;
	bool failed; /* there was no memory for it */
	struct world world;
	struct refresh *refresh;
	struct facts_list left; /* facts that go the long way */
	int64_t changes;
};

/* Replies of the first group, by index; those of the refresh follow. */
enum { FIRST_BEGIN, FIRST_ACT, FIRST_PLANS, FIRST_LOCK, FIRST_OUTBOX, FIRST_REFRESH };

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

static void batch_done(struct batch *batch, int error)
{
	batch->done(batch->arg, batch, error);
	batch_free(batch);
}

static void work_free(struct work *work)
{
	refresh_free(work->refresh);
	world_free(&work->world);
	free(work);
}

static void count_done(struct ingest *ingest, const struct work *work, int error)
{
	if (error) {
		ingest->counters.failed += work->count;
		return;
	}
	ingest->counters.batches += work->count;
	ingest->counters.facts += work->facts;
	ingest->counters.refreshed += work->left.refreshed;
	ingest->counters.changes += (uint64_t)work->changes;
}

static void work_done(struct work *work, int error)
{
	struct ingest *ingest = work->ingest;
	int64_t took_ms = loop_now_ms() - work->begun_ms;

	count_done(ingest, work, error);
	if (took_ms < GROUP_QUICK_MS && work->lane->facts_max < GROUP_FACTS_MAX)
		work->lane->facts_max *= 2;
	else if (took_ms > GROUP_SLOW_MS && work->lane->facts_max > GROUP_FACTS_MIN)
		work->lane->facts_max /= 2;
	work->lane->busy = false;
	ingest->busy--;
	for (size_t i = 0; i < work->count; i++)
		batch_done(work->batches[i], error);
	work_free(work);
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

	int64_t dropped;

	if (failed(work, s, reply))
		return;
	dropped = work->world.bound_reply ? db_integer(reply, work->world.bound_reply, 0, 0) : 0;
	if (dropped)
		log_warn("network %s: %" PRId64
			 " ports on layer 2 were forgotten, as there are more than %d; is someone making "
			 "them up?",
			 work->world.network_id, dropped, NEIGHBOR_ROWS_MAX);
	work->ingest->counters.neighbors_dropped += (uint64_t)dropped;
	dropped = work->world.link_bound_reply ? db_integer(reply, work->world.link_bound_reply, 0, 0) : 0;
	if (dropped)
		log_warn("network %s: %" PRId64
			 " links of switches were forgotten, those that were told longest ago, as there are "
			 "more than %d.",
			 work->world.network_id, dropped, LINK_ROWS_MAX);
	work->ingest->counters.links_dropped += (uint64_t)dropped;
	db_end(s);
	work_done(work, 0);
}

/* The last of a transaction. */
static void finish(struct work *work, struct db_session *s)
{
	const struct batch *last = work->batches[work->count - 1];
	char number[24];

	snprintf(number, sizeof(number), "%" PRIu64, last->message.facts.batch);
	DB_ADD(s, SQL_OUTBOX_WRITE, last->network_id, last->sensor_id, last->outbox, number);
	DB_ADD(s, SQL_CHANGE_NOTIFY, last->network_id);
	/* Without memory to write all of it, none is: what was sent is undone. */
	db_add(s, work->changes < 0 ? SQL_ROLLBACK : SQL_COMMIT, NULL, 0);
	db_go(s, on_written, work);
}

static void on_read(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct work *work = arg;

	if (failed(work, s, reply))
		return;
	ingest_load(&work->world, reply);
	conclude(&work->world, work->left.facts, work->left.count);
	work->changes = ingest_write(&work->world, s);
	finish(work, s);
}

/* Batches go back to the front of their lane. */
static void put_back(struct lane *lane, struct work *work, size_t from)
{
	for (size_t i = work->count; i-- > from;) {
		work->batches[i]->next = lane->first;
		if (!lane->first)
			lane->last = &work->batches[i]->next;
		lane->first = work->batches[i];
		lane->waiting += work->batches[i]->message.facts.count;
	}
	work->count = from;
}

/* Batches that were committed before are done with; the others of the group go again, without them. */
static void leave_out(struct work *work, uint64_t committed)
{
	struct lane *lane = work->lane;
	size_t old = 0;

	while (old < work->count && work->batches[old]->message.facts.batch <= committed)
		old++;
	if (lane->ready) {
		put_back(lane, lane->ready, 0);
		work_free(lane->ready);
		lane->ready = NULL;
	}
	put_back(lane, work, old);
	work->ingest->counters.repeated += old;
	for (size_t i = 0; i < old; i++)
		batch_done(work->batches[i], 0);
	work->count = work->facts = 0;
	work_done(work, 0);
}

static void on_refreshed(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct work *work = arg;
	uint64_t committed;

	if (failed(work, s, reply))
		return;
	if (!db_rows(reply, FIRST_LOCK)) {
		db_end(s);
		work_done(work, -ENOENT);
		return;
	}
	committed = (uint64_t)db_integer(reply, FIRST_OUTBOX, 0, 0);
	if (committed >= work->batches[0]->message.facts.batch) {
		db_end(s);
		leave_out(work, committed);
		return;
	}
	if (!refresh_left(work->refresh, reply, FIRST_REFRESH, &work->left)) {
		db_end(s);
		work_done(work, -ENOMEM);
		return;
	}
	if (!work->left.count) {
		finish(work, s);
		return;
	}
	if (!ingest_ask(&work->world, work->left.facts, work->left.count, s))
		work->world.failed = true;
	db_go(s, on_read, work);
}

static bool prepare(struct work *work)
{
	bool well;

	work->refresh = refresh_begin(&work->world, work->facts);
	well = work->refresh != NULL;
	for (size_t i = 0; i < work->count && well; i++)
		for (size_t k = 0; k < work->batches[i]->message.facts.count && well; k++)
			well = refresh_add(work->refresh, &work->batches[i]->message.facts.facts[k],
					   &work->batches[i]->keys[k]);
	return well && refresh_pack(work->refresh);
}

static void start(void *arg, struct db_session *s)
{
	struct work *work = arg;
	const struct batch *batch = work->batches[0];

	db_add(s, SQL_BEGIN, NULL, 0);
	DB_ADD(s, SQL_ACT_AS, "", batch->network_id, "");
	db_add(s, SQL_INGEST_PLANS, NULL, 0);
	DB_ADD(s, SQL_NETWORK_LOCK, batch->network_id);
	DB_ADD(s, SQL_OUTBOX_BATCH, batch->network_id, batch->sensor_id, batch->outbox);
	if (!refresh_ask(work->refresh, s))
		work->world.failed = true;
	db_go(s, on_refreshed, work);
}

/* The lane's first batches, as long as they are of one sensor. */
static void take_batches(struct lane *lane, struct work *work)
{
	const struct batch *first = lane->first;

	while (lane->first && work->count < GROUP_BATCHES_MAX) {
		struct batch *batch = lane->first;
		size_t facts = batch->message.facts.count;

		if (strcmp(batch->sensor_id, first->sensor_id) != 0 ||
		    strcmp(batch->outbox, first->outbox) != 0 || batch->arg != first->arg ||
		    (work->count && work->facts + facts > lane->facts_max))
			break;
		work->batches[work->count++] = batch;
		work->facts += facts;
		lane->waiting -= facts;
		lane->first = batch->next;
	}
	if (!lane->first)
		lane->last = &lane->first;
}

/* A transaction of the lane's first batches; NULL without memory. */
static struct work *make_work(struct ingest *ingest, struct lane *lane)
{
	struct work *work = calloc(1, sizeof(*work));

	if (!work)
		return NULL;
	*work = (struct work){.ingest = ingest, .lane = lane};
	take_batches(lane, work);
	work->world.make_id = id_in_time;
	work->world.vendor = oui_vendor;
	work->world.network_id = work->batches[0]->network_id;
	work->world.sensor_id = work->batches[0]->sensor_id;
	work->world.clients = recognizer_applications(ingest->app->recognizer);
	work->failed = !prepare(work);
	return work;
}

static int begin(struct ingest *ingest, struct lane *lane)
{
	struct work *work = lane->ready ? lane->ready : make_work(ingest, lane);
	const struct batch *batch;
	int error;

	if (!work)
		return -ENOMEM;
	lane->ready = NULL;
	batch = work->batches[0];
	work->begun_ms = loop_now_ms();
	lane->busy = true;
	ingest->busy++;
	error = !batch->wanted(batch->arg) ? -ECANCELED : work->failed ? -ENOMEM : 0;
	if (!error)
		error = db_begin(ingest->app->db, start, work);
	if (error)
		work_done(work, error);
	return 0;
}

static void next_batches(struct ingest *ingest)
{
	for (struct lane *lane = ingest->lanes; lane; lane = lane->next) {
		if (ingest->busy >= LANES_BUSY_MAX)
			return;
		if (lane->busy || !(lane->first || lane->ready))
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
	lane->facts_max = GROUP_FACTS_MIN;
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

/* What does not need the database is done when the batch comes: it is busy with those before. */
static bool make_keys(struct batch *batch)
{
	size_t count = batch->message.facts.count;

	batch->keys = arena_take(&batch->message.arena, count * sizeof(*batch->keys));
	for (size_t i = 0; i < count && batch->keys; i++) {
		const struct fact *fact = &batch->message.facts.facts[i];

		conclude_id(fact, batch->sensor_id, batch->keys[i].id);
		batch->keys[i].hash = conclude_values(fact);
	}
	return batch->keys != NULL;
}

void ingest_submit(struct ingest *ingest, struct batch *batch)
{
	struct lane *lane = lane_of(ingest, batch->network_id);

	batch->next = NULL;
	if (!lane || !make_keys(batch)) {
		batch->done(batch->arg, batch, -ENOMEM);
		batch_free(batch);
		return;
	}
	*lane->last = batch;
	lane->last = &batch->next;
	lane->waiting += batch->message.facts.count;
	next_batches(ingest);
	/* The next transaction is made while the database is busy with this one. */
	if (lane->busy && !lane->ready && lane->waiting >= lane->facts_max)
		lane->ready = make_work(ingest, lane);
}

bool ingest_waiting(const struct ingest *ingest)
{
	for (const struct lane *lane = ingest->lanes; lane; lane = lane->next)
		if (lane->busy || lane->first || lane->ready)
			return true;
	return false;
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
		if (lane->ready) {
			put_back(lane, lane->ready, 0);
			work_free(lane->ready);
		}
		while (lane->first) {
			struct batch *batch = lane->first;

			lane->first = batch->next;
			batch_free(batch);
		}
		free(lane);
	}
	free(ingest);
}
