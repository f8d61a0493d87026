/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How long to wait for an answer: what hosts have really taken, with room, between a floor and what was asked for. Answers that came too late
 * raise the floor.
 */
#ifndef SENSOR_PROBE_PATIENCE_H
#define SENSOR_PROBE_PATIENCE_H

#include <stdint.h>

enum { PATIENCE_SAMPLES = 256, PATIENCE_EVERY = 64 };

struct patience {
	uint32_t most_us;    /* what was asked for */
	uint32_t floor_us;   /* never less */
	uint32_t slowest_us; /* the longest round trip so far; 0: none yet */
	struct {
		uint64_t position; /* + 1 */
		int64_t sent_us;
	} samples[PATIENCE_SAMPLES];
};

void patience_start(struct patience *, uint32_t most_ms);
/* A position was asked for the first time, or again: then its round trip would not be certain, and is not measured. Every PATIENCE_EVERYth is kept. */
void patience_sent(struct patience *, uint64_t position, int again, int64_t now_us);
/* Its answer has come. */
void patience_answered(struct patience *, uint64_t position, int64_t now_us);
/* Somebody took so long. */
void patience_saw(struct patience *, int64_t took_us);
/* An answer came after it was given up. */
void patience_late(struct patience *);
uint32_t patience_us(const struct patience *);

#endif
