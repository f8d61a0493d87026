/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One active discovery from start to end: who is there (probe/), what it is (ask/, snmp/), said as facts. The command
 * `netvisor-sensor scan` and the collector's Network discovery both run it.
 */
#ifndef SENSOR_SCAN_SCAN_H
#define SENSOR_SCAN_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "defs/addr.h"
#include "defs/facts.h"
#include "sensor/probe/prober.h"
#include "sensor/probe/space.h"
#include "sensor/snmp/snmp.h"

struct engine;
struct scan_gear;

enum {
	SCAN_WHY_MAX = 512,
	SCAN_NOTES_MAX = 8,
	SCAN_NOTE_MAX = 300,
	SCAN_RATE_DEFAULT = 1000,
	SCAN_HOST_RATE_DEFAULT = 100
};

enum scan_engine { SCAN_URING, SCAN_XDP };

/* A credential, and whom it is for: nobody else is ever sent it. */
struct scan_credential {
	struct snmp_credential snmp;
	uint16_t port_h; /* 0: the usual one */
	const struct prefix *targets;
	size_t target_count; /* 0: all that are asked */
};

struct scan_options {
	const char *interface;
	const char *const *targets; /* addresses, prefixes, ranges; the scope: nothing else is ever asked */
	size_t target_count;
	const char *const *excludes;
	size_t exclude_count;
	/* A target outside of these is refused, beside the interface's own subnets. NULL: the targets themselves are the scope. */
	const struct prefix *scope;
	size_t scope_count;
	const char *ports; /* "22,80,8000-8080", "all", NULL: those of the definitions, with `full` all */
	bool full;	   /* depth: all ports, UDP probes and SNMP too */
	bool udp;	   /* UDP probes; part of full */
	bool identify;	   /* speak to open ports */
	bool skip_alive;
	bool raw_print;	    /* print ports were asked for by name */
	bool industrial;    /* industrial protocols were asked for by name */
	bool ports_by_flag; /* only these two flags name such ports; `ports` does not */
	enum scan_engine engine;
	uint32_t rate, host_rate, subnet_rate; /* packets a second; 0: no limit */
	uint32_t shard, shards;
	struct prober_position resume;
	FILE *dry_run; /* write what would be sent, send nothing */
	const struct scan_credential *credentials;
	size_t credential_count;
	const struct ip *resolvers; /* to ask for names, beside hosts that are found to serve DNS */
	size_t resolver_count;
	const struct ip *announced; /* resolvers of which the network itself has told */
	size_t announced_count;
	bool no_names; /* ask nobody for names */
	bool (*known)(void *context, const struct ip *ip,
		      uint16_t port_h); /* what traffic has proven; from the scan's thread */
	/* It was open when it was asked last: that it is closed now is said. NULL: nothing is known. */
	bool (*was_open)(void *context, const struct ip *ip, uint16_t port_h);
	void *known_context;
};

enum scan_phase { SCAN_ALIVE, SCAN_PORTS, SCAN_IDENTIFY, SCAN_OVER };

struct scan_progress {
	enum scan_phase phase;
	struct prober_progress probe;
	struct prober_position position;
	uint64_t identified, to_identify;
	uint64_t udp_open, names, snmp_devices, middleboxes, left_out;
	enum scan_engine engine; /* that is used */
	int percent;
	int64_t elapsed_us;
	int64_t remaining_us; /* -1 unknown */
};

/* All ports of a host are settled. */
struct scan_host {
	struct ip ip;
	uint32_t open, closed, filtered;
	bool middlebox; /* it answers for every port: none of them means anything */
};

struct scan_sink {
	void (*fact)(void *context, const struct fact *fact);
	void (*host)(void *context, const struct scan_host *host); /* or NULL */
	/* About four times a second, and at the end. */
	void (*progress)(void *context, const struct scan_progress *progress);
	/* Something that a person should know: a plain sentence. At most SCAN_NOTES_MAX. */
	void (*note)(void *context, const char *sentence);
	/* True once it is to stop; asked every few milliseconds. */
	bool (*stopped)(void *context);
	void *context;
};

/*
 * What it takes to ask through a port: the answers of its engine, and what sends. Opened while the process has the rights to
 * it, used by one scan at a time. engine: of the same interface, outlives it. 0 with *out, or -errno with the cause in why.
 */
int scan_gear_open(const char *interface, struct engine *engine, struct scan_gear **out, char *why,
		   size_t why_size);
void scan_gear_close(struct scan_gear *);

/*
 * Run it in this thread until it is over or sink->stopped() says so: then nothing leaves any more within 100 ms. gear: of the port, NULL
 * for a dry run. 0; -ECANCELED when stopped; -errno with the cause, in plain words, in why.
 */
int scan_run(const struct scan_options *options, struct scan_gear *gear, const struct scan_sink *sink,
	     char *why, size_t why_size);

#endif
