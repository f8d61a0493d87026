/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Starts discoveries when they are due, and ends sessions that nobody goes on with. Every collector of a database does
 * this; what is due is done once.
 */
#ifndef COLLECTOR_SCHEDULE_H
#define COLLECTOR_SCHEDULE_H

#include <stddef.h>
#include <stdint.h>

struct app;
struct schedule;

/* 0 or -ENOMEM. */
int schedule_open(struct app *, struct schedule **out);
void schedule_close(struct schedule *);

/*
 * When a schedule is due after a moment (seconds since the epoch; CRON_NEVER for never). 0, or -EINVAL with what is wrong
 * in error, beginning with the field that it is in.
 */
int schedule_next(const char *cron, const char *timezone, int64_t after, int64_t *out, char *error,
		  size_t size);

#endif
