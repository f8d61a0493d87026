/* SPDX-License-Identifier: BSD-2-Clause */
/* One engine, asked for all that a report has of it. */
#ifndef SENSOR_DOCKER_ASK_H
#define SENSOR_DOCKER_ASK_H

#include <stddef.h>

#include "sensor/docker/engine.h"

struct report;

/*
 * Ask for its version, networks, images and containers, and for each container, into report. All by GET; nothing is executed in a
 * container, and no container is spoken to. name: what people call the engine, or "". progress, if not NULL, hears of it now and then.
 * 0; -ECANCELED when stopped; else -errno with the cause in plain words in why, and nothing of this engine in the report.
 */
int docker_ask(const struct engine_options *options, const char *name, struct report *report,
	       void (*progress)(void *context, int percent), void *context, char *why, size_t why_size);

#endif
