/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How often someone may ask: a person or key by their id, a stranger by address. A table of fixed size; when many come at
 * once, those who have asked least are forgotten first, who lose nothing by it.
 */
#ifndef COLLECTOR_RATE_H
#define COLLECTOR_RATE_H

#include <stdint.h>

struct rate;

enum rate_class { RATE_PERSON, RATE_STRANGER, RATE_CLASSES };

/* Requests a minute of each class, and how many may come at once; a minute's figure of 0 lets all pass. */
struct rate_limit {
	long per_minute, burst;
};

/* 0 or -ENOMEM. */
int rate_open(const struct rate_limit limits[static RATE_CLASSES], struct rate **out);
/* Take one request of who, an id or an address, at this time: 0, or the seconds after which it may come again. */
long rate_take(struct rate *, enum rate_class, const char *who, int64_t now_us);
void rate_close(struct rate *);

#endif
