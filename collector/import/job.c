/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A few batches at a time, so that sensors have their turn in between. Said twice, a fact is the same evidence: an import that failed
 * half-way can be made again.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/app.h"
#include "collector/db.h"
#include "collector/import/job.h"
#include "collector/ingest.h"
#include "defs/log.h"

enum { WAITING_MAX = 4, MOVE_EVERY = 16 /* batches */ };

struct job {
	struct app *app;
	char network_id[ID_TEXT_MAX], id[ID_TEXT_MAX];
	struct import read;
	size_t waiting, batches, done; /* batches; facts */
	bool failed, moving, submitting;
	const char *state, *error; /* what the row is to say */
};

static void job_free(struct job *job)
{
	import_free(&job->read);
	free(job);
}

static void next(struct job *job);

static void on_moved(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct job *job = arg;

	if (db_error(reply))
		log_warn("an import's progress could not be noted: %s", db_message(reply));
	db_end(s);
	job->moving = false;
	if (strcmp(job->state, "running") != 0)
		job_free(job);
	else
		next(job);
}

static void start_move(void *arg, struct db_session *s)
{
	struct job *job = arg;
	char done[24];

	snprintf(done, sizeof(done), "%zu", job->done);
	db_add(s, SQL_BEGIN, NULL, 0);
	DB_ADD(s, SQL_ACT_AS, "", "", "on");
	DB_ADD(s, SQL_IMPORT_MOVE, job->network_id, job->id, done, job->state, job->error);
	db_add(s, SQL_COMMIT, NULL, 0);
	db_go(s, on_moved, job);
}

/* Write down how far it is. Without the database the row stays as it is, and says after a while that it was left behind. */
static void move(struct job *job, const char *state, const char *error)
{
	const bool last = strcmp(state, "running") != 0;

	job->state = state;
	job->error = error;
	job->moving = true;
	if (db_begin(job->app->db, start_move, job) == 0)
		return;
	job->moving = false;
	if (last)
		job_free(job);
}

static bool on_wanted(void *arg)
{
	return !((struct job *)arg)->failed;
}

static void on_batch(void *arg, struct batch *batch, int error)
{
	struct job *job = arg;

	job->waiting--;
	job->failed |= error != 0;
	if (!error)
		job->done += batch->message.facts.count;
	if (!job->moving && !job->submitting)
		next(job);
}

static bool submit(struct job *job)
{
	struct import_message *message = job->read.first;
	struct batch *batch = calloc(1, sizeof(*batch));
	struct stream_error why;

	job->read.first = message->next;
	if (!batch || stream_read(message->json.bytes, message->json.length, &batch->message, &why)) {
		if (batch)
			log_error("an import makes no facts: %s", why.message);
		free(batch);
		batch = NULL;
	}
	buffer_free(&message->json);
	free(message);
	if (!batch)
		return false;
	memcpy(batch->network_id, job->network_id, sizeof(batch->network_id));
	memcpy(batch->sensor_id, job->id, sizeof(batch->sensor_id));
	snprintf(batch->outbox, sizeof(batch->outbox), "import");
	batch->done = on_batch;
	batch->wanted = on_wanted;
	batch->arg = job;
	job->waiting++;
	job->batches++;
	/* It may be done at once, without memory: then next() looks at the job, which called this. */
	job->submitting = true;
	ingest_submit(job->app->ingest, batch);
	job->submitting = false;
	return true;
}

static void next(struct job *job)
{
	while (job->read.first && job->waiting < WAITING_MAX && !job->failed)
		if (!submit(job))
			job->failed = true;
	if (job->waiting) {
		if (job->batches >= MOVE_EVERY) {
			job->batches = 0;
			move(job, "running", NULL);
		}
		return;
	}
	if (job->failed)
		move(job, "failed", "the database did not take all of it: undo it, or import the file again");
	else if (!job->read.first)
		move(job, "done", NULL);
}

int import_job(struct app *app, const char network_id[static ID_TEXT_MAX], const char id[static ID_TEXT_MAX],
	       struct import *read)
{
	struct job *job = calloc(1, sizeof(*job));

	if (!job)
		return -ENOMEM;
	job->app = app;
	memcpy(job->network_id, network_id, ID_TEXT_MAX);
	memcpy(job->id, id, ID_TEXT_MAX);
	job->read = *read;
	*read = (struct import){0};
	next(job);
	return 0;
}
