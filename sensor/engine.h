/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An engine watches a port or reads a file, and tells observe.h what is new there. There are two: `xdp`
 * (capture.c) and `pcap` (pcap.c, with learn.c doing in user space what bpf/discover.bpf.c does in the kernel).
 */
#ifndef SENSOR_ENGINE_H
#define SENSOR_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "defs/counters.h"
#include "sensor/silence.h"

struct observe;

struct engine_options {
	const char *interface; /* to watch, or NULL */
	const char *file;      /* to read, or NULL */
	bool file_in_kernel;   /* its frames go through the XDP object instead of learn.c */
	bool span;	       /* mirror port: drop after learning, promiscuous */
	bool promiscuous;      /* ask for promiscuous mode also without span */
	bool silent;	     /* hold back what the machine would send by the port, where that cuts nobody off */
	uint32_t flow_slots; /* power of two */
};

/* What the port can do, for `check`, for the hello message and for the line that a person reads at start. */
struct engine_info {
	char engine[16]; /* "xdp", "pcap" */
	char mode[32];	 /* "native", "generic", "libpcap" … */
	bool vlan_tags_visible;
	bool promiscuous;
	bool span;
	enum silence_reach silent; /* the engine's part of it: SILENCE_PORT or SILENCE_SENSOR */
	char advice[512];	   /* what would give more, in plain words; "" when nothing */
};

struct engine {
	/* Readable when there is something to poll; -1 for a file, which is always ready. */
	int (*fd)(struct engine *);
	/*
	 * Hand over what has arrived, at most some milliseconds' worth. 1 more may come, 0 end of file, -errno. Live it is
	 * called when fd is readable and now and then.
	 */
	int (*poll)(struct engine *, struct observe *);
	/*
	 * After a poll: milliseconds until the next one is wanted although fd may not become readable before; -1: fd tells. NULL: fd stays
	 * readable while something waits.
	 */
	int (*rest_ms)(struct engine *);
	/* Hand over every flow whose totals have moved since the last sweep, and the loss counters. */
	void (*sweep)(struct engine *, struct observe *);
	void (*info)(struct engine *, struct engine_info *);
	/* The totals so far of what was seen and lost, by enum counter; for the status message. */
	void (*count)(struct engine *, uint64_t totals[COUNTER_COUNT]);
	/* Frames that the machine wanted to send by the port and that were held back. NULL where that is never done. */
	uint64_t (*held_back)(struct engine *);
	/* Put the port back as it was and free. */
	void (*close)(struct engine *);
};

/* They return 0 with *out to be closed by its own close(), or -errno after one log line that says what to do. */
int capture_open(const struct engine_options *options, struct engine **out);
int pcap_engine_open(const struct engine_options *options, struct engine **out);

#endif
