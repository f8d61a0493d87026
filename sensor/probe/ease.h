/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How much a network takes: when many answers come only to the second asking, the first was lost, and the rate was too high. Then no more is
 * sent than is answered, and from there on a little more each time, until nothing is lost any more.
 */
#ifndef SENSOR_PROBE_EASE_H
#define SENSOR_PROBE_EASE_H

#include <stdbool.h>
#include <stdint.h>

struct ease {
	int64_t since_us;
	uint32_t answers, again; /* since then */
	uint32_t limit;		 /* a second; 0: none */
	bool hold;		 /* what comes now was sent before the limit */
};

/* An answer has come; again: it had been asked for more than once. */
void ease_answer(struct ease *, bool again);
/* The limit of now, packets a second; 0: none. */
uint32_t ease_limit(struct ease *, int64_t now_us);

#endif
