/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One active discovery from start to end: who is there (probe/), what it is (ask/, snmp/), said as facts. The command
 * `netvisor-sensor scan` and the collector's Network discovery both run it.
 */
#ifndef SENSOR_SCAN_SCAN_H
#define SENSOR_SCAN_SCAN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "defs/addr.h"
#include "defs/facts.h"
#include "sensor/probe/prober.h"

struct answers;
struct snmp_credential; /* snmp/snmp.h */

enum scan_engine { SCAN_URING, SCAN_XDP };

struct scan_options {
	const char *interface;
	const char *const *targets; /* addresses, prefixes, ranges; the scope: nothing else is ever asked */
	size_t target_count;
	const char *const *excludes;
	size_t exclude_count;
	const char *ports; /* "22,80,8000-8080", "all", NULL: those of the definitions */
	bool full;	   /* depth: all ports, UDP probes and SNMP too */
	bool identify;	   /* speak to open ports */
	bool skip_alive;
	bool raw_print;	 /* print ports were asked for by name */
	bool industrial; /* industrial protocols were asked for by name */
	enum scan_engine engine;
	uint32_t rate, host_rate;
	uint32_t shard, shards;
	struct prober_position resume;
	FILE *dry_run; /* write what would be sent, send nothing */
	const struct snmp_credential *credentials;
	size_t credential_count;
	bool (*known)(void *context, const struct ip *ip,
		      uint16_t port_h); /* what traffic has proven; from the scan's thread */
	void *known_context;
};

enum scan_phase { SCAN_ALIVE, SCAN_PORTS, SCAN_IDENTIFY, SCAN_OVER };

struct scan_progress {
	enum scan_phase phase;
	struct prober_progress probe;
	uint64_t identified, to_identify;
	int percent;
	int64_t remaining_us; /* -1 unknown */
};

struct scan_sink {
	void (*fact)(void *context, const struct fact *fact);
	void (*progress)(void *context, const struct scan_progress *progress); /* about four times a second */
	void *context;
};

/*
 * Run it in this thread until it is over or *stop is set: then nothing leaves any more within 100 ms. answers: of the port, NULL for a
 * dry run. 0; -ECANCELED when stopped; -errno with the cause, in plain words, in why.
 */
int scan_run(const struct scan_options *options, struct answers *answers, const struct scan_sink *sink,
	     const atomic_bool *stop, char *why, size_t why_size);

#endif
