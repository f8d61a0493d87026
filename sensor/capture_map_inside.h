/* SPDX-License-Identifier: BSD-2-Clause */
/* What capture_map.c opens and capture_sweep.c sweeps. */
#ifndef SENSOR_CAPTURE_MAP_INSIDE_H
#define SENSOR_CAPTURE_MAP_INSIDE_H

#include "defs/kernel.h"
#include "sensor/capture_map.h"
#include "sensor/table.h"
#include "sensor/told.h"

enum { CAPTURE_BATCH = 1024 /* entries of one batch look-up */ };

/* What was told of an entry of the overflow map. */
struct overflow_told {
	struct table_entry entry;
	struct flow_key key;
	struct told told;
};

struct capture_map {
	bool replay;
	int flows_fd, overflow_fd, hosts_fd, counters_fd, records_fd, clock_fd;
	uint32_t buckets, hosts_max;
	const __u64 *seed;
	struct flow_bucket *flows;
	struct flow_addresses *addresses;
	uint64_t (*last_ns)[FLOW_WAYS][2]; /* replay: of each end */
	struct globals *globals;
	struct told *told; /* of each slot */
	struct table *overflow_told;
	struct ring_buffer *ring;
	/* For the ring's call back. */
	struct observe *observe;
	int records_left, rest_ms;
	/* The clock of this sweep. */
	uint32_t tick;
	int64_t now_us, tick_us;
	struct clock_sample sample; /* the latest that the program gave */
	int32_t ticks_second;
	uint32_t sweep_tick; /* of the last sweep */
	bool swept;	     /* sweep_tick is the last sweep's */
	bool hurry;
	uint64_t overflow_deleted, overflow_present, hosts_present;
	uint64_t evicted_flows, evicted_hosts, truncated;
	/* Of one batch. */
	union {
		struct flow_key flows[CAPTURE_BATCH];
		struct host_key hosts[CAPTURE_BATCH];
	} keys;
	union {
		struct flow_slot flows[CAPTURE_BATCH];
		uint32_t hosts[CAPTURE_BATCH];
	} values;
};

/* Which tick is now, for the sweep to come. Called once when the maps are opened, too: a silent sensor counts on from there. */
void capture_map_clock(struct capture_map *m);

#endif
