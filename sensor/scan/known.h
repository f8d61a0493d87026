/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What was known of TCP ports when a scan began: those that traffic has shown to be open lately, which are not asked again, and those that an
 * earlier scan found open, of which it is worth saying that they are closed now. A copy: another thread may read it.
 */
#ifndef SENSOR_SCAN_KNOWN_H
#define SENSOR_SCAN_KNOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "defs/addr.h"

struct known;
struct sightings;

/* Seconds for which a handshake that was seen proves that the port is open. */
enum { KNOWN_LIFE_SECONDS = 3600 };

/* From the thread that has the sightings. 0 with *out, or -ENOMEM. */
int known_copy(struct sightings *, int64_t now_us, struct known **out);
/* How many ports traffic has proven. */
size_t known_count(const struct known *);
/* Their context is a struct known. */
bool known_proven(void *known, const struct ip *ip, uint16_t port_h);
bool known_was_open(void *known, const struct ip *ip, uint16_t port_h);
void known_free(struct known *);

#endif
