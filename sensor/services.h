/* SPDX-License-Identifier: BSD-2-Clause */
/* Open TCP services: a completed handshake shows one, with how many clients have been seen at it. */
#ifndef SENSOR_SERVICES_H
#define SENSOR_SERVICES_H

#include <stdint.h>

#include "defs/record.h"

struct services;
struct sightings;

int services_open(struct sightings *s, struct services **out);
void services_handshake(struct services *v, const struct record_handshake *record, int64_t time_us);
/* Services that had to make room for others. */
uint64_t services_evicted(const struct services *v);
void services_close(struct services *v);

#endif
