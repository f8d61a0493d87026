/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the flow slots of learning in user space live: an array with hash chains, which grows up to its limit; then the clock hand
 * takes a slot that has been quiet since it last came by.
 */
#ifndef SENSOR_LEARN_FLOWS_H
#define SENSOR_LEARN_FLOWS_H

#include <stdbool.h>
#include <stdint.h>

#include "defs/flow.h"
#include "sensor/told.h"

struct learn_flow {
	struct flow_slot slot; /* state is FLOW_LIVE or FLOW_FREE */
	__u64 addr[4];	       /* IPv6 */
	uint64_t id;
	struct told told;
	int64_t last_us, sent_us[2]; /* of each end */
	uint32_t hash, next;	     /* index + 1 in its chain, or in the list of free ones */
	bool quiet;		     /* since the hand last came by */
};

struct learn_flows {
	struct learn_flow *entries;
	uint32_t *chains; /* index + 1 of the first entry */
	uint32_t slots, slots_max, used, free_first, hand;
	uint64_t ids;
	/* Tells the totals of a flow that has to make room. */
	void (*leave)(void *context, struct learn_flow *flow);
};

/* slots_max: entries at most. flows is all zero but for leave. 0, or -ENOMEM. */
int learn_flows_open(struct learn_flows *flows, uint32_t slots_max);
/* hash and id: of flow_identify(). NULL when there is none. */
struct learn_flow *learn_flows_find(struct learn_flows *flows, uint32_t hash, const struct flow_id *id);
/* A new one for packet p, which is not there yet; context goes to leave(). What comes back is valid until the next one is made. */
struct learn_flow *learn_flows_make(struct learn_flows *flows, uint32_t hash, const struct flow_id *id,
				    const struct packet *p, void *context);
/* Let go of entries[index], which is live. */
void learn_flows_release(struct learn_flows *flows, uint32_t index);
void learn_flows_close(struct learn_flows *flows);

#endif
