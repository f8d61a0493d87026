// SPDX-License-Identifier: BSD-2-Clause
/*
 * A discovery's thread and its mailbox. Facts are packed one after the other into two buffers that change places: the thread fills
 * one, the watching thread empties the other without holding the lock. A full buffer makes the job wait, so memory is bounded.
 */
#include "sensor/discover_job.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>

#include "defs/facts.h"
#include "defs/log.h"
#include "sensor/fact_pack.h"
#include "sensor/session.h"
#include "sensor/sightings.h"

enum {
	BOX_BYTES = 1 << 20,
	STACK_BYTES = 1 << 20,
};
_Static_assert((int)BOX_BYTES > (int)FACT_PACK_BYTES_MAX + 256, "any fact fits into an empty box");

/* Before each packed fact. */
struct parcel {
	struct fact_pack parts;
	int64_t first_us, last_us;
	uint64_t count;
};

struct box {
	uint8_t *bytes;
	size_t used;
};

struct job {
	const struct discover_type *type;
	const struct settings *settings;
	void *taken;
	char id[MESSAGE_TEXT_MAX];
	int event_fd;
	pthread_t thread;
	atomic_bool stop;
	uint8_t *packed; /* FACT_PACK_BYTES_MAX; the job's thread's own */

	pthread_mutex_t lock;
	pthread_cond_t room;
	struct box box[2];
	int filling;
	char *progress, *result;
	size_t progress_length, result_length;
	bool over;
};

const struct settings *job_settings(const struct job *job)
{
	return job->settings;
}

const char *job_id(const struct job *job)
{
	return job->id;
}

const atomic_bool *job_stop(const struct job *job)
{
	return &job->stop;
}

static void raise_event(const struct job *job)
{
	if (eventfd_write(job->event_fd, 1))
		log_debug("the eventfd is full: %s", strerror(errno));
}

void job_fact(struct job *job, const struct fact *fact)
{
	struct parcel parcel = {.first_us = fact->first_us, .last_us = fact->last_us, .count = fact->count};
	struct box *box;
	uint64_t cut = 0;
	size_t length;

	if (fact_pack(fact, job->packed, &parcel.parts, &cut)) {
		log_warn("a fact of a discovery is too large and is left out");
		return;
	}
	length = (size_t)parcel.parts.identity + parcel.parts.value + parcel.parts.measure;
	pthread_mutex_lock(&job->lock);
	while (job->box[job->filling].used + sizeof(parcel) + length > BOX_BYTES && !job->stop)
		pthread_cond_wait(&job->room, &job->lock);
	box = &job->box[job->filling];
	if (box->used + sizeof(parcel) + length <= BOX_BYTES) {
		memcpy(box->bytes + box->used, &parcel, sizeof(parcel));
		memcpy(box->bytes + box->used + sizeof(parcel), job->packed, length);
		box->used += sizeof(parcel) + length;
	}
	pthread_mutex_unlock(&job->lock);
	raise_event(job);
}

void job_progress_text(struct job *job, char *text, size_t length)
{
	char *old = text;

	pthread_mutex_lock(&job->lock);
	if (text) {
		old = job->progress;
		job->progress = text;
		job->progress_length = length;
	}
	pthread_mutex_unlock(&job->lock);
	free(old);
	raise_event(job);
}

void job_progress(struct job *job, const char *phase, int percent)
{
	size_t length = 0;
	char *text = message_progress(job->id, phase, percent, &length);

	job_progress_text(job, text, length);
}

void job_done(struct job *job, char *text, size_t length)
{
	if (!text)
		text = message_result(job->id, "The sensor has not enough memory for the result.", &length);
	pthread_mutex_lock(&job->lock);
	if (!job->result) {
		job->result = text;
		job->result_length = length;
		text = NULL;
	}
	pthread_mutex_unlock(&job->lock);
	free(text);
}

void job_fail(struct job *job, const char *why)
{
	size_t length = 0;
	char *text = message_result(job->id, why, &length);

	job_done(job, text, length);
}

static void *work(void *arg)
{
	struct job *job = arg;

	job->type->run(job, job->taken);
	if (job->stop)
		job_fail(job, "The discovery was stopped before it was finished.");
	else
		job_fail(job, "The sensor ended the discovery without a result; its log says why.");
	pthread_mutex_lock(&job->lock);
	job->over = true;
	pthread_mutex_unlock(&job->lock);
	raise_event(job);
	return NULL;
}

static void release(struct job *job)
{
	pthread_mutex_destroy(&job->lock);
	pthread_cond_destroy(&job->room);
	free(job->progress);
	free(job->result);
	free(job->box[0].bytes);
	free(job->box[1].bytes);
	free(job->packed);
	free(job);
}

/* Signals are the watching thread's. */
static int start_thread(struct job *job)
{
	pthread_attr_t attributes;
	sigset_t all, old;
	int error;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	error = pthread_create(&job->thread, &attributes, work, job);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_attr_destroy(&attributes);
	return -error;
}

int job_start(const struct discover_type *type, void *taken, const struct settings *settings, const char *id,
	      int event_fd, struct job **out)
{
	struct job *job = calloc(1, sizeof(*job));
	int error;

	if (!job)
		return -ENOMEM;
	job->type = type;
	job->taken = taken;
	job->settings = settings;
	job->event_fd = event_fd;
	snprintf(job->id, sizeof(job->id), "%s", id);
	pthread_mutex_init(&job->lock, NULL);
	pthread_cond_init(&job->room, NULL);
	job->box[0].bytes = malloc(BOX_BYTES);
	job->box[1].bytes = malloc(BOX_BYTES);
	job->packed = malloc(FACT_PACK_BYTES_MAX);
	error = job->box[0].bytes && job->box[1].bytes && job->packed ? start_thread(job) : -ENOMEM;
	if (error)
		release(job);
	else
		*out = job;
	return error;
}

void job_cancel(struct job *job)
{
	pthread_mutex_lock(&job->lock);
	job->stop = true;
	pthread_cond_broadcast(&job->room);
	pthread_mutex_unlock(&job->lock);
}

static void empty(struct box *box, struct sightings *sightings)
{
	struct fact_lists *lists = malloc(sizeof(*lists));
	struct parcel parcel;
	struct fact fact;

	for (size_t at = 0; lists && at < box->used;) {
		memcpy(&parcel, box->bytes + at, sizeof(parcel));
		at += sizeof(parcel);
		fact_unpack(box->bytes + at, &parcel.parts, &fact, lists);
		at += (size_t)parcel.parts.identity + parcel.parts.value + parcel.parts.measure;
		fact.first_us = parcel.first_us;
		fact.last_us = parcel.last_us;
		fact.count = parcel.count;
		sightings_see(sightings, &fact);
	}
	free(lists);
	box->used = 0;
}

bool job_turn(struct job *job, struct session *session, struct sightings *sightings)
{
	char *progress, *result = NULL;
	size_t progress_length, result_length = 0;
	struct box *full;
	bool over;

	pthread_mutex_lock(&job->lock);
	full = &job->box[job->filling];
	job->filling = !job->filling;
	progress = job->progress;
	progress_length = job->progress_length;
	job->progress = NULL;
	over = job->over;
	if (over) {
		result = job->result;
		result_length = job->result_length;
		job->result = NULL;
	}
	pthread_cond_broadcast(&job->room);
	pthread_mutex_unlock(&job->lock);
	empty(full, sightings);
	if (over)
		free(progress);
	else
		session_progress_text(session, progress, progress_length);
	session_say(session, result, result_length);
	return over;
}

bool job_free(struct job *job, int patience_ms)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += patience_ms / 1000;
	until.tv_nsec += patience_ms % 1000 * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000L;
	}
	if (pthread_timedjoin_np(job->thread, NULL, &until))
		return false;
	release(job);
	return true;
}
