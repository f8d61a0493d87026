/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Time zones: how far a zone's clocks are from UTC at a moment, from the system's tzdata (RFC 8536). Nothing of the
 * process's own time zone is touched, and several may be in use at once.
 */
#ifndef COLLECTOR_ZONE_H
#define COLLECTOR_ZONE_H

#include <stddef.h>
#include <stdint.h>

enum { ZONE_NAME_BYTES_MAX = 64 };

struct zone;

/* A time during which the clocks are not changed: start ≤ at < end, in seconds since the epoch. */
struct zone_span {
	int64_t start, end; /* INT64_MIN, INT64_MAX when there is no change on that side */
	int64_t offset;	    /* seconds east of UTC */
	int64_t before;	    /* the offset until start */
};

/* The zone of a name like Europe/Berlin. 0, -ENOENT when there is none of that name, or another -errno. */
int zone_load(const char *name, struct zone **out);
/* The same from a file's bytes. 0, -EINVAL or -ENOMEM. */
int zone_read(const uint8_t *bytes, size_t length, struct zone **out);
void zone_span(const struct zone *, int64_t at, struct zone_span *out);
void zone_free(struct zone *);

/* The rule at the end of a file, for all time after its table (POSIX's TZ). For zone.c. */
struct zone_day {
	char kind; /* M: the week-th weekday of month; J: day 1-365 without 29 February; 0: day 0-365 */
	int month, week, day;
	int64_t time_s; /* of the local clock as it is before the change, from midnight */
};
struct zone_rule {
	int64_t standard, summer; /* offsets; the same when the clocks are never changed */
	struct zone_day begin, end;
};
/* 0 or -EINVAL. */
int zone_rule_read(const char *text, struct zone_rule *out);
void zone_rule_span(const struct zone_rule *, int64_t at, struct zone_span *out);

#endif
