/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When a schedule is due. Five fields (minute, hour, day of month, month, day of week) or six, with the second first;
 * * ? lists, ranges, steps, names of months and days; @hourly @daily @midnight @weekly @monthly @yearly @annually. Day of
 * month and day of week: when both are given, either is enough. Pure.
 *
 * When the clocks change, as cron(8) does: a schedule of every hour follows the hours as they pass. One of certain hours
 * runs once where the clocks show its time twice, and at the change where they leave it out.
 */
#ifndef COLLECTOR_CRON_H
#define COLLECTOR_CRON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CRON_TEXT_MAX = 200 };

#define CRON_NEVER INT64_MAX

struct zone;

struct cron {
	uint64_t seconds, minutes, hours, days, months, weekdays; /* bits by number; a weekday 0 is Sunday */
	bool any_day, any_weekday;
};

/* 0, or -EINVAL with what is wrong in error. A schedule is due at most once a minute. */
int cron_read(const char *text, struct cron *out, char *error, size_t size);
/* The first time after this one, in seconds since the epoch; CRON_NEVER when there is none within ten years. */
int64_t cron_next(const struct cron *, const struct zone *, int64_t after);

/*
 * When a schedule is due after a moment (seconds since the epoch; CRON_NEVER for never). 0, or -EINVAL with what is wrong
 * in error, beginning with the field that it is in.
 */
int cron_due(const char *cron, const char *timezone, int64_t after, int64_t *out, char *error, size_t size);

#endif
