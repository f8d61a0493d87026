/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What people say of a discovery: its type and when it runs. What was given is checked and written again in full, with
 * what is not said at its default. Pure, but for reading zones (cron.h). Whether its scope is a good one PostgreSQL
 * says, which knows the subnets.
 */
#ifndef COLLECTOR_DISCOVERY_FORM_H
#define COLLECTOR_DISCOVERY_FORM_H

#include "collector/buffer.h"
#include "collector/json.h"

enum {
	DISCOVERY_WHY_MAX = 400,
	DISCOVERY_TARGETS_MAX = 64,   /* and as many subnets */
	DISCOVERY_RATE_MAX = 1000000, /* packets a second */
};

/* An address, or a prefix: 10.0.0.7, 10.0.0.0/24. The text is terminated. */
bool discovery_target_good(const char *text, size_t length);

/* 0, or -EINVAL with what is wrong in why, beginning with the field. */
int discovery_type_read(const struct json *, struct buffer *out, char why[static DISCOVERY_WHY_MAX]);
/* now: seconds since the epoch. */
int discovery_run_type_read(const struct json *, int64_t now, struct buffer *out,
			    char why[static DISCOVERY_WHY_MAX]);

#endif
