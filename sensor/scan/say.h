/* SPDX-License-Identifier: BSD-2-Clause */
/* What the probes themselves show, as facts of source `probe`. Times are the system's. */
#ifndef SENSOR_SCAN_SAY_H
#define SENSOR_SCAN_SAY_H

#include <stdbool.h>
#include <stdint.h>

#include "defs/addr.h"

struct scan_sink;

/* A host is there: the address and its MAC, or the address alone when mac is zero. */
void say_found_host(const struct scan_sink *, const struct ip *ip, const struct mac *mac);
void say_found_port(const struct scan_sink *, const struct ip *ip, uint16_t port_h, bool open);
/* It answers for every port. */
void say_found_middlebox(const struct scan_sink *, const struct ip *ip);

#endif
