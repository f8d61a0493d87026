/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The way of a fact through the process, put together from the settings: engine → observe → sightings → outbox
 * and output file. What drives it (a port, a file) is watch.c and replay.c.
 */
#ifndef SENSOR_PIPELINE_H
#define SENSOR_PIPELINE_H

#include <stdio.h>

#include "sensor/engine.h"
#include "sensor/sightings.h"

struct observe;
struct outbox;
struct settings;

struct pipeline {
	struct engine *engine;
	struct engine_info info;
	struct observe *observe;
	struct sightings *sightings;
	struct outbox *outbox; /* NULL without a collector */
	FILE *output;	       /* NULL without --output */
	struct fact_sink sinks[2];
	size_t sink_count;
};

/* Open all of it. 0, or -errno after a log line; then nothing is left open. */
int pipeline_open(const struct settings *settings, struct pipeline *out);

/* Say everything that was seen, and commit it. 0, or -errno after a log line. */
int pipeline_finish(struct pipeline *);

/* Write out what was said: commit the outbox, then the file, so that no line is in the file that is not in the outbox. */
int pipeline_commit(struct pipeline *);

/* Put the port back as it was. The rest stays. */
void pipeline_release(struct pipeline *);
void pipeline_close(struct pipeline *);

#endif
