/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses as numbers, and targets as people write them. For space.c. */
#ifndef SENSOR_PROBE_SPACE_TEXT_H
#define SENSOR_PROBE_SPACE_TEXT_H

#include "sensor/probe/space.h"

typedef unsigned __int128 space_address;

/* From first to last, both within. */
struct space_range {
	space_address first, last;
	uint8_t version;
};

space_address space_address_of(const struct ip *ip);
struct ip space_ip_of(uint8_t version, space_address address);
struct space_range space_range_of(const struct prefix *prefix);
/* An address, prefix or range. is_prefix: it was written with a length. 0 or -EINVAL. */
int space_range_parse(const char *text, struct space_range *out, bool *is_prefix);

#endif
