/* SPDX-License-Identifier: BSD-2-Clause */
/* What discoveries say of the sensor's own machine. */
#ifndef SENSOR_DISCOVER_SELF_H
#define SENSOR_DISCOVER_SELF_H

#include <stddef.h>

#include "defs/addr.h"

struct job;
struct machine;

enum { SELF_MACS_MAX = 16 };

/* Facts: each interface that is up and has an address, and that all of them are one host. */
void self_say_machine(struct job *, const struct machine *machine);
/* The MACs of those interfaces; how many. */
size_t self_macs(const struct machine *machine, struct mac out[static SELF_MACS_MAX]);

#endif
