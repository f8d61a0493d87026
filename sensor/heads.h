/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The heads of TCP connections: the first bytes of both directions, put in order as they come, and given to those who know protocols
 * (heard/heard.h) until one of them has said what it is. Bounded in connections, bytes and time; what must make room says first what it can.
 */
#ifndef SENSOR_HEADS_H
#define SENSOR_HEADS_H

#include <stdint.h>

#include "sensor/decode/decode.h"
#include "sensor/segments.h"

struct heads;

/* Given the facts of one connection, and what it speaks (empty: not known, or said before); nothing of that outlives the call. */
typedef void heads_heard(void *to, const struct flow_key *, struct text app, const struct fact_list *);

/* 0, or -ENOMEM. */
int heads_open(heads_heard *heard, void *to, struct heads **out);
/* A connection begins: from here on its bytes are known to be its first. */
void heads_handshake(struct heads *, const struct record_handshake *record, int64_t time_us);
/* A segment with payload. */
void heads_add(struct heads *, const struct segment *segment);
/* Connections that have been quiet for long say what they can. now_us: 0 for all of them: nothing more will come. */
void heads_tick(struct heads *, int64_t now_us);
/* Connections whose bytes found no room before it was known what they are. */
uint64_t heads_given_up(const struct heads *);
/* What is not said yet is lost. */
void heads_close(struct heads *);

#endif
