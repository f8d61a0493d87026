/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The answers to probes, as the XDP program of a port hands them up (bpf/probe.h): it has validated them, and the kernel's
 * stack has not seen them. Only while armed.
 */
#ifndef SENSOR_PROBE_ANSWERS_H
#define SENSOR_PROBE_ANSWERS_H

#include <stddef.h>
#include <stdint.h>

#include "defs/probe.h"

struct answers;
struct engine;

struct answers_counters {
	uint64_t open, closed, unreachable, echo, arp, nd; /* handed up */
	uint64_t reset;					   /* RSTs sent in answer to a SYN-ACK */
	uint64_t forged;				   /* to our port, but with a wrong cookie: dropped */
	uint64_t ring_full; /* valid, but there was no room for it: asked again by the retries */
};

/*
 * Of an engine that capture_open() made (-EOPNOTSUPP for another). Outlived by the engine. Its functions may be called by one thread,
 * another than the one that polls the engine. 0 with *out, or -errno.
 */
int answers_open(struct engine *, struct answers **out);
/* Readable when there is something to take. */
int answers_fd(const struct answers *);
/* From now on answers to this source are looked at; active is set here. Old answers are thrown away. */
void answers_arm(struct answers *, const struct probe_source *source);
/* From now on none is: frames go the way they would without. */
void answers_disarm(struct answers *);
/* Hand over what is there, at most limit of them. Returns how many. */
size_t answers_take(struct answers *, size_t limit, void (*take)(void *context, const struct probe_answer *),
		    void *context);
void answers_count(const struct answers *, struct answers_counters *out);
/* Disarms. */
void answers_close(struct answers *);

#endif
