/* SPDX-License-Identifier: BSD-2-Clause */
/* A whole run of the prober over a network that is made up: what it is told, and what it said. */
#ifndef TESTS_PROBE_SCAN_RUN_H
#define TESTS_PROBE_SCAN_RUN_H

#include "sensor/probe/ports.h"
#include "sensor/probe/prober.h"
#include "sensor/probe/route.h"
#include "sensor/probe/space.h"
#include "tests/probe/network.h"

struct scan {
	struct network network;
	struct space *space;
	struct ports *ports;
	struct route *route;
	struct probe_source source;
	struct prober_options options;
	struct prober_progress progress;
	uint32_t hosts, hosts_done, middleboxes, opens, closeds, unreachables, twice, wrong, with_mac, with_rtt;
	uint8_t (*told)[65536]; /* of the last byte of the address */
	uint64_t stop_after;	/* frames */
	int64_t took_us;
	uint64_t sent_after_stop;
	bool nonsense; /* answers of all kinds come that nobody asked for */
	uint64_t nonsense_sent;
	struct prober_position position;
};

/*
 * An empty network; the interface has 192.0.2.250/24 and 2001:db8::fa/64, and 192.0.2.1 is the way to all else. The options may be changed before the run.
 */
void scan_begin(struct scan *, const char *targets, const char *ports);
/* Fifty hosts of 192.0.2.0/24, each with three open ports. */
void scan_add_fifty(struct scan *);
/* From start to end, or to stop_after frames and then until it is done; at most an hour. What prober_step() or prober_open() returned. */
int scan_run(struct scan *);
void scan_end(struct scan *);

#endif
