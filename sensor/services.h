/* SPDX-License-Identifier: BSD-2-Clause */
/* Open services, with how many clients have been seen at each: a completed TCP handshake shows one, and so does what it is heard to answer. */
#ifndef SENSOR_SERVICES_H
#define SENSOR_SERVICES_H

#include <stdint.h>

#include "defs/facts.h"
#include "defs/record.h"

struct services;
struct sightings;

int services_open(struct sightings *s, struct services **out);
void services_handshake(struct services *v, const struct record_handshake *record, int64_t time_us);
/*
 * Fill in `clients` of a service fact by what a server was heard to say. client: whom it answered, counted where no handshake does (UDP);
 * may be NULL.
 */
void services_heard(struct services *v, struct fact *fact, const struct ip *client);
/* Services that had to make room for others. */
uint64_t services_evicted(const struct services *v);
/* How often somebody was not counted as a client for want of room: as often as those were seen. */
uint64_t services_uncounted(const struct services *v);
void services_close(struct services *v);

#endif
