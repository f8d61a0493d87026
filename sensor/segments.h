/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TCP segments put in order again, for protocols whose messages span them (DNS over TCP). Bounded in streams, bytes
 * and age: a stream that would need more is given up and counted, never guessed at.
 */
#ifndef SENSOR_SEGMENTS_H
#define SENSOR_SEGMENTS_H

#include <stddef.h>
#include <stdint.h>

#include "defs/record.h"

struct segments;

/* One segment with payload. */
struct segment {
	const struct flow_key *key;
	uint8_t from; /* end of the key that sent it */
	uint32_t seq;
	const uint8_t *bytes;
	size_t length;
	int64_t time_us;
};

/* 0, or -ENOMEM. */
int segments_open(struct segments **out);
/*
 * Take a segment. Then segments_message() is called until it returns 0. What was seen before is left out; what
 * comes early waits.
 */
void segments_add(struct segments *s, const struct segment *segment);
/*
 * The next whole message with a 16-bit length before it (RFC 1035 4.2.2) of the stream that the last segment belongs to:
 * 1 with bytes that live until the next call here, or 0.
 */
int segments_message(struct segments *s, const uint8_t **bytes, size_t *length);
/* Streams given up because of a bound or a gap. */
uint64_t segments_given_up(const struct segments *s);
void segments_close(struct segments *s);

#endif
