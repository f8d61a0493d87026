/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The report of container engines, from what they answer: bytes in, one message out (docs/stream.md). Pure; every list in it is
 * bounded, what is over a limit is counted. What may hold secrets is never in it: environments, commands, mounts, labels that
 * look like one.
 */
#ifndef SENSOR_DOCKER_REPORT_H
#define SENSOR_DOCKER_REPORT_H

#include <stddef.h>

#include "defs/addr.h"
#include "sensor/docker/read.h"

enum {
	REPORT_ENGINES_MAX = 8,
	REPORT_CONTAINERS_MAX = 1000, /* of all engines */
	REPORT_NETWORKS_MAX = 256,
	REPORT_PORTS_MAX = 48, /* of one container; likewise the next */
	REPORT_MEMBERSHIPS_MAX = 16,
	REPORT_LABELS_MAX = 12,
	REPORT_BYTES_MAX = 224 << 10, /* the whole message: containers that do not fit are counted */
};

struct report;

struct report *report_new(void);
void report_free(struct report *);

/* The machine that the engines are on: by its MACs it is known among hosts. macs: 6 bytes each. */
void report_machine(struct report *, const char *hostname, const struct mac *macs, size_t count);

/* What follows is of this engine, until the next. name: what people call it. version: the answer to /version. 0, or -EINVAL. */
int report_engine(struct report *, const char *url, const char *name, const char *version, size_t length);
/* The engine of report_engine() can't be told of after all: it and what was said of it leave. */
void report_engine_drop(struct report *);
/* The answers to /networks, /images/json and /containers/json?all=1. 0, or -EINVAL when it is none of those. */
int report_networks(struct report *, const char *bytes, size_t length);
int report_images(struct report *, const char *bytes, size_t length);
int report_list(struct report *, const char *bytes, size_t length);
/* The ids that report_list() found, those that run first; borrowed until the next call of it. */
size_t report_ids(const struct report *, const char (**out)[READ_ID_MAX]);
/* The answer to /containers/ID/json. */
int report_container(struct report *, const char *bytes, size_t length);
/* Of the last container: the id of its image when that is needed to know its ports; false when it is not. */
bool report_image_wanted(const struct report *, char out[static READ_ID_MAX]);
/* The answer to /images/ID/json, for the last container. */
int report_image(struct report *, const char *bytes, size_t length);
/* A container that could not be read. */
void report_lost(struct report *);
/* An engine that could not be asked. */
void report_problem(struct report *, const char *url, const char *why);

size_t report_engines(const struct report *);
size_t report_containers(const struct report *);
/* The result message; NULL without memory. To be freed. */
char *report_text(const struct report *, const char *id, size_t *length);

#endif
