/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Conversations folded into `flow` facts: one for each (VLAN, client, server, port, protocol), whatever ports the client
 * used. Client and server are told apart by who opened; totals count since the fact's first and never fall.
 */
#ifndef SENSOR_FLOWS_H
#define SENSOR_FLOWS_H

#include "defs/facts.h"
#include "defs/record.h"
#include "sensor/observe.h"

struct flows;
struct hosts;
struct sightings;

/* What flows add to is borrowed. 0, or -ENOMEM. */
int flows_open(struct sightings *s, struct hosts *hosts, struct flows **out);
/* An entry of the engine's flow table was made. */
void flows_begin(struct flows *f, const struct record_flow *record, int64_t time_us);
/* A TCP handshake was completed. */
void flows_handshake(struct flows *f, const struct record_handshake *record, int64_t time_us);
/* Totals of one entry. */
void flows_report(struct flows *f, const struct flow_report *report);
/* It was heard which protocol the conversation speaks. What was heard first stays. */
void flows_heard(struct flows *f, const struct flow_key *key, struct text name);
/* The end of the conversation is known, by its SYN, to have opened it: nobody can be served there. */
bool flows_opened_by(struct flows *f, const struct flow_key *key, unsigned int end);
/* Say what has moved since the last time. */
void flows_tick(struct flows *f);
/* Conversations, and facts of them, that had to make room for others. */
uint64_t flows_evicted(const struct flows *f);
void flows_close(struct flows *f);

#endif
