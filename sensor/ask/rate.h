/* SPDX-License-Identifier: BSD-2-Clause */
/* So many a second, evenly: each that leaves uses up its part of the time. Times are of CLOCK_MONOTONIC. */
#ifndef SENSOR_ASK_RATE_H
#define SENSOR_ASK_RATE_H

#include <stdbool.h>
#include <stdint.h>

enum { RATE_BURST_US = 20000 }; /* what the rate allows in this time may leave at once */

struct rate {
	uint32_t per_second; /* 0: no limit */
	int64_t paid_us;     /* until when the time is used up */
};

/* One leaves that is not held back: what comes next waits for it. */
static inline void rate_owe(struct rate *rate, int64_t now_us)
{
	if (!rate->per_second)
		return;
	if (rate->paid_us < now_us)
		rate->paid_us = now_us;
	rate->paid_us += 1000000 / rate->per_second;
}

/* One may leave now, and does. */
static inline bool rate_pay(struct rate *rate, int64_t now_us)
{
	if (rate->per_second && rate->paid_us > now_us + RATE_BURST_US)
		return false;
	rate_owe(rate, now_us);
	return true;
}

/* When the next one may leave: this moment, or later. */
static inline int64_t rate_next_us(const struct rate *rate, int64_t now_us)
{
	int64_t next_us = rate->paid_us - RATE_BURST_US + 1;

	return rate->per_second && next_us > now_us ? next_us : now_us;
}

#endif
