/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who contradicts whom: `conflict` facts of two that claim one address, of answers that nobody asked for, and of DHCP servers, routers and
 * spanning trees' roots that are others than those that were there. All by the time of the packets, so that a file says what was said live.
 *
 * A conflict is said when no explanation has come for GRACE_US: virtual routers, a router that answers for others, an address that moves to
 * another device or network card, one host with two cards. What is forgotten to bound memory is counted.
 */
#ifndef SENSOR_CONFLICT_CONFLICTS_H
#define SENSOR_CONFLICT_CONFLICTS_H

#include <stdint.h>

struct conflicts;
struct fact_list;
struct frame;
struct sightings;
struct wire;

/* 0 or -ENOMEM. s outlives it. */
int conflicts_open(struct sightings *s, struct conflicts **out);
/* A frame that its decoder has understood: payload is what was decoded, list what it says. Borrows all. */
void conflicts_hear(struct conflicts *, const struct frame *frame, struct wire payload,
		    const struct fact_list *list);
/* Time passes: decide what has waited long enough. now_us 0: nothing more comes, decide all. */
void conflicts_tick(struct conflicts *, int64_t now_us);
/* Addresses, speakers, and the like that had to make room for others. */
uint64_t conflicts_evicted(const struct conflicts *);
/* Conflicts that were not said, being more than anybody reads of one day. */
uint64_t conflicts_unsaid(const struct conflicts *);
void conflicts_close(struct conflicts *);

#endif
