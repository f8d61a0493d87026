/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How many may leave now: a token bucket that holds a fiftieth of a second's worth, so that what was missed in a pause is not made up for later.
 * In no stretch of t seconds do more than rate × (t + 1/50) leave: at 500 a second no tenth of a second holds more than 60.
 */
#ifndef SENSOR_PROBE_PACE_H
#define SENSOR_PROBE_PACE_H

#include <stdbool.h>
#include <stdint.h>

struct pace {
	uint32_t rate;	 /* a second; 0: no limit */
	uint64_t tokens; /* in millionths */
	int64_t at_us;	 /* when they were counted */
};

/* The bucket begins with one token. */
struct pace pace_make(uint32_t rate, int64_t now_us);
/* How many may leave now; UINT32_MAX without a limit. */
uint32_t pace_take(struct pace *, int64_t now_us);
/* So many have left. */
void pace_spend(struct pace *, uint32_t count);
/*
 * They have left later than at the time that pace_take() was told, since sending took so long: what would have come in meanwhile does not.
 */
void pace_late(struct pace *, int64_t elapsed_us);
/* When there will be `count` tokens (at most what the bucket holds). */
int64_t pace_when(const struct pace *, uint32_t count);
/* How many the bucket holds. */
uint32_t pace_depth(const struct pace *);
/* Another rate from now on. */
void pace_rate(struct pace *, uint32_t rate, int64_t now_us);

/*
 * The same for one of many, in four bytes: the virtual time, in units of 16 µs, from which on the next may leave (GCRA; ITU-T I.371). Zero at first.
 */
struct pace_slot {
	uint32_t next;
};

static inline uint32_t pace_slot_time(int64_t now_us)
{
	return (uint32_t)(now_us >> 4);
}

/* True when one may leave, which it does then. rate: a second, from 1 on; above 62500 there is no limit. time: pace_slot_time(). */
bool pace_slot_take(struct pace_slot *, uint32_t rate, uint32_t time);
/* Undo the last pace_slot_take(): it did not leave. */
void pace_slot_return(struct pace_slot *, uint32_t rate);

#endif
