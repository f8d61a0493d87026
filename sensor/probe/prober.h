/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who is there, and which ports are open: the whole asking by raw frames, for one interface. Stateless towards the targets: what
 * is sent follows from a permutation and a position in it, and memory does not grow with the number of targets.
 *
 * It has no thread and never sleeps: the caller waits for answers_fd() or until *next_us, and calls prober_step().
 */
#ifndef SENSOR_PROBE_PROBER_H
#define SENSOR_PROBE_PROBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "defs/addr.h"
#include "defs/probe.h"

struct answers;
struct ports; /* ports.h: a set of TCP ports */
struct prober;
struct route; /* route.h: what is on the link, and which gateway leads to the rest */
struct space; /* space.h: the addresses that may be asked, exclusions taken out */
struct transmit;

enum prober_phase { PROBER_ALIVE, PROBER_PORTS, PROBER_DONE };

/* Where a run is: enough to go on after a restart with the same targets, ports and shard. */
struct prober_position {
	uint64_t key[2]; /* of the permutation, not secret */
	uint64_t block;	 /* of addresses, finished before this one */
	uint64_t next;	 /* in the permutation of the block's (address, port): all before it are settled */
};

struct prober_options {
	const struct space *space; /* borrowed, as all here */
	const struct ports *ports;
	const struct route *route;
	struct answers *answers; /* NULL for a dry run */
	struct transmit *transmit;
	const struct probe_source *source;
	uint32_t rate;	      /* packets a second in all; 0: as fast as it goes */
	uint32_t host_rate;   /* to one address; 0: no limit of its own */
	uint32_t subnet_rate; /* to one /24 or /64; 0: no limit of its own */
	uint32_t timeout_ms; /* for an answer; the time that hosts really take is measured and may shorten it */
	uint8_t retries;     /* only for what did not answer */
	bool skip_alive; /* take every routed address for alive; on the link, only one that has a MAC can be asked */
	bool all_nodes; /* one echo to ff02::1: link-local addresses that answer are told to host(), and not asked further */
	uint32_t shard, shards;	       /* this one of so many; 0, 1: all */
	struct prober_position resume; /* all zero: from the start */
	/* Traffic has proven it: then it is not asked, and counted as saved. NULL: nothing is known. */
	bool (*known)(void *context, const struct ip *ip, uint16_t port_h);
	/* A host is there. mac: zero when it is not on the link. rtt_us: 0 unknown. */
	void (*host)(void *context, const struct ip *ip, const struct mac *mac, enum probe_answer_kind how,
		     uint32_t rtt_us);
	/*
	 * A port's state is certain: ANSWER_OPEN, ANSWER_CLOSED or ANSWER_UNREACHABLE; each once. An open one is told only when it is settled
	 * that its host does not open everything (three high ports of no use were asked first), and never of a middlebox that was seen by then.
	 */
	void (*port)(void *context, const struct ip *ip, uint16_t port_h, const struct probe_answer *answer);
	/* All ports of a host are settled. middlebox: it "opened" ports that nobody has; its open ports mean nothing. */
	void (*host_done)(void *context, const struct ip *ip, uint32_t open, uint32_t closed, uint32_t filtered,
			  bool middlebox);
	void *context;
};

struct prober_progress {
	enum prober_phase phase;
	uint64_t sent, retried, saved;
	uint64_t hosts_asked, hosts_up;
	uint64_t open, closed, unreachable, filtered;
	uint64_t total, settled; /* (address, port) pairs, as known by now */
	int64_t remaining_us;	 /* estimate; -1 not known yet */
	uint32_t rate_now;	 /* packets a second, over the last second */
};

/*
 * Arms the answers; prober_close() disarms them. No ports: only who is there is asked. 0 with *out, or -errno after one log line: -EINVAL a
 * position of another run, or shards that make no sense.
 */
int prober_open(const struct prober_options *options, struct prober **out);
/* Do what is due, some milliseconds' worth. 1 with *next_us when it wants to be called again; 0 when done; -errno. */
int prober_step(struct prober *, int64_t now_us, int64_t *next_us);
/* Nothing is sent from this call on. prober_step() then only takes late answers, and is done after one timeout. */
void prober_stop(struct prober *);
void prober_progress(const struct prober *, struct prober_progress *out);
void prober_position(const struct prober *, struct prober_position *out);
void prober_close(struct prober *);

#endif
