/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What engines tell, turned into facts: frames go to the decoders (decode/), flows and handshakes to their
 * tables, and every fact to sightings.h.
 */
#ifndef SENSOR_OBSERVE_H
#define SENSOR_OBSERVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "defs/record.h"

struct observe;
struct sightings;

enum { FLOW_OPENER_UNKNOWN = 2 };

/* What one flow table entry has counted. Directions: [0] sent by end 0 of the key. */
struct flow_report {
	struct flow_key key;
	uint64_t entry;		       /* tells this entry from an earlier or later one of the same key */
	uint64_t packets[2], bytes[2]; /* since the entry's birth; packets may have wrapped at 32 bits */
	uint64_t new_packets[2], new_bytes[2]; /* since its last report */
	int64_t last_us;
	int64_t sent_us[2]; /* when that end sent last; 0 when it is not known apart from last_us */
	uint8_t opener;	    /* the end that sent the SYN, or FLOW_OPENER_UNKNOWN */
	uint8_t sender;	    /* the end that sent the first packet, as far as that is known */
	bool first;	    /* nothing of the entry was reported before */
	bool finished;	    /* the entry is gone: no further report of it follows */
};

/* 0 or -ENOMEM. s outlives it. */
int observe_open(struct sightings *s, struct observe **out);
/* One record of defs/record.h. time_us: microseconds since the epoch. A malformed record is counted, never trusted. */
void observe_record(struct observe *, const struct record *record, size_t size, int64_t time_us);
void observe_flow(struct observe *, const struct flow_report *);
/* A total that the engine keeps of what could not be seen; said as a `loss` fact when it is not zero. */
void observe_loss(struct observe *, const char *counter, uint64_t value, int64_t time_us);
/*
 * Let time pass: fold the flows seen since, expire state. Once a second when live, and at the end of it or of a file;
 * then now_us is 0, which stands for the time of the latest record: nothing more is waited for.
 */
void observe_tick(struct observe *, int64_t now_us);
void observe_close(struct observe *);

#endif
