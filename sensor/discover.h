/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The commands `discover` and `cancel` (docs/stream.md): what the collector asks this sensor to find out. Each type is a file of
 * its own, discover_TYPE.c, and runs in a thread of its own (discover_job.h), one at a time. It says plainly what it can't do.
 */
#ifndef SENSOR_DISCOVER_H
#define SENSOR_DISCOVER_H

#include <stdbool.h>

struct discoveries;
struct message;
struct session;
struct settings;
struct sightings;

/* What hello announces: the types that it can do, joined by commas. */
#define DISCOVER_TYPES "SelfReport,Docker,Network"
/* The same of a sensor that will not ask the network. */
#define DISCOVER_TYPES_SILENT "SelfReport,Docker"

struct discover_options {
	const struct settings *settings; /* all borrowed */
	struct session *session;
	struct sightings *sightings;
	int event_fd; /* eventfd that is raised when discover_turn() has something to do */
};

/* 0 with *out, or -ENOMEM. */
int discover_open(const struct discover_options *options, struct discoveries **out);

/* The rest is called by the thread that watches, and takes milliseconds. */

/* Begin what the command asks. One result of it goes to the session, now or when it is over. */
void discover(struct discoveries *, const struct message *command);
/* Stop the session that the command names, if it runs. Its result follows, and then that of the command. */
void discover_cancel(struct discoveries *, const struct message *command);
/* Hand on what the running one has found out. */
void discover_turn(struct discoveries *);
/*
 * Stop, and wait patience_ms for the end; frees. What it still says is lost: the collector asks again. A thread that hangs is left
 * alone, with what it holds; the process ends anyway: then false. NULL does nothing.
 */
bool discover_close(struct discoveries *, int patience_ms);

#endif
