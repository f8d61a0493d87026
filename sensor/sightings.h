/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Say a fact once: when it is new, when a value in it changes, and otherwise with the refresh. Facts are told
 * apart by kind, source, VLAN and the keys whose role is IDENTITY in defs/facts.h.
 */
#ifndef SENSOR_SIGHTINGS_H
#define SENSOR_SIGHTINGS_H

#include <stddef.h>
#include <stdint.h>

#include "defs/facts.h"

/* Where said facts go: a JSON lines file, the outbox. 0, or -errno, upon which the fact counts as not said. */
struct fact_sink {
	int (*say)(void *context, const struct fact *fact);
	void *context;
};

struct sightings_options {
	size_t capacity;    /* facts held; the least recently seen leaves first, said if it has moved */
	int64_t refresh_us; /* a fact that has moved is said again after this; 0: only at sightings_flush */
	int64_t measure_us; /* the same for kinds that hold measures (flow, host) */
	bool at_end; /* for files: say each fact once, at sightings_flush, unless a value in it changes */
};

struct sightings;

/* sinks are borrowed. 0 or -ENOMEM. */
int sightings_open(const struct sightings_options *, const struct fact_sink *sinks, size_t sink_count,
		   struct sightings **out);
/*
 * Seen now (fact->first_us … last_us, count packets since it was last seen). Copies what it keeps. Where packets and
 * bytes are totals (flow, host), a later first_us begins a new series of totals.
 */
void sightings_see(struct sightings *, const struct fact *fact);
/* Say what is due. */
void sightings_tick(struct sightings *, int64_t now_us);
/* Say all that has moved since it was last said. */
void sightings_flush(struct sightings *);
/* Say everything held again (the collector asked). */
void sightings_refresh_all(struct sightings *);
/* Hand over every fact of the kind that is held; its texts live until the call returns. */
void sightings_each(struct sightings *, enum fact_kind kind,
		    void (*take)(void *context, const struct fact *fact), void *context);
/* Facts held, said, folded away, evicted and refused, and texts cut to STREAM_TEXT_BYTES_MAX, for the status message. */
struct sightings_counters {
	uint64_t held, said, folded, evicted, refused, cut;
};
void sightings_counters(const struct sightings *, struct sightings_counters *out);
void sightings_close(struct sightings *);

#endif
