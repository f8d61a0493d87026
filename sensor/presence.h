/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Until when a device is believed to be there, by its own protocols: how often it is heard, its DHCP lease, and what it promised (LLDP, CDP, router
 * advertisements, SSDP say for how long their word stands).
 */
#ifndef SENSOR_PRESENCE_H
#define SENSOR_PRESENCE_H

#include <stdint.h>

#include "defs/addr.h"
#include "defs/record.h"

struct fact_list;
struct frame;
struct presence;
struct wire;

/* How often a device is heard; all zero at first. */
struct cadence {
	int64_t longest_us; /* silence after which it was heard again; what was long ago counts less */
	uint32_t silences;
};

/* Heard at time_us, and before that at last_us. */
void cadence_heard(struct cadence *c, int64_t last_us, int64_t time_us);

/* 0 or -ENOMEM. */
int presence_open(struct presence **out);
/* A frame that its decoder has understood. Borrows all. */
void presence_hear(struct presence *p, const struct frame *frame, struct wire payload,
		   const struct fact_list *list);
/* Until when (microseconds since the epoch) it is believed that was heard at last_us. mac: NULL when it is not known. */
int64_t presence_until(struct presence *p, vlan_packed vlan, const struct mac *mac, const struct cadence *c,
		       int64_t first_us, int64_t last_us);
/* MACs whose word had to make room. */
uint64_t presence_evicted(const struct presence *p);
void presence_close(struct presence *p);

#endif
