/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One discovery that runs, in its own thread. What it says goes through a mailbox to the thread that watches, which alone knows
 * sightings and session: facts first, then the result, in the order in which they were said.
 *
 * A type is one row: a name, what it takes along from the thread that watches, and what it does.
 */
#ifndef SENSOR_DISCOVER_JOB_H
#define SENSOR_DISCOVER_JOB_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "sensor/message.h"

struct fact;
struct job;
struct session;
struct settings;
struct sightings;

struct discover_type {
	const char *name; /* as the command has it */
	/*
	 * Optional, from the thread that watches, before the job begins: copy what it needs of the sightings or of the command.
	 * 0 with *taken given to run(), which frees it; or -errno with why[] in plain words.
	 */
	int (*prepare)(const struct settings *settings, const struct message *command,
		       struct sightings *sightings, void **taken, char *why, size_t why_size);
	/* The work. It ends with one job_done() or job_fail(); when it has been told to stop neither is needed. */
	void (*run)(struct job *job, void *taken);
};

extern const struct discover_type discover_self, discover_docker, discover_network;

/* For run(). */
const struct settings *job_settings(const struct job *);
const char *job_id(const struct job *);
/* True once it is to stop. It may be looked at often, and handed on. */
const atomic_bool *job_stop(const struct job *);
/* A fact; copied. Waits while the mailbox is full. */
void job_fact(struct job *, const struct fact *fact);
/* How far it is; the latest counts. phase lives as long as the program. */
void job_progress(struct job *, const char *phase, int percent);
/* A message about the session in docs/stream.md's form, as progress with more keys. Takes the text over; the latest counts. */
void job_progress_text(struct job *, char *text, size_t length);
/* Its result, a whole message; takes the text over. NULL: no memory, which is said. */
void job_done(struct job *, char *text, size_t length);
void job_fail(struct job *, const char *why);

/* For discover.c. */

/* Start it. event_fd is raised whenever job_turn() has something to do. 0 with *out, or -errno. */
int job_start(const struct discover_type *type, void *taken, const struct settings *settings, const char *id,
	      int event_fd, struct job **out);
/* Tell it to stop. */
void job_cancel(struct job *);
/* Hand on what it has said. True when it is over: job_free() then. */
bool job_turn(struct job *, struct session *session, struct sightings *sightings);
/* Wait for its thread, which is over or has been told to stop; false when it is not within patience_ms: then it is left alone. */
bool job_free(struct job *, int patience_ms);

#endif
