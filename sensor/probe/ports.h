/* SPDX-License-Identifier: BSD-2-Clause */
/* A set of ports, each with a number from 0 to ports_count() - 1, in order. 320 KB whatever it holds. */
#ifndef SENSOR_PROBE_PORTS_H
#define SENSOR_PROBE_PORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sensor/probe/never.h"

enum { PORTS_ALL = 65535 };

struct ports;

/* Empty. 0 with *out, or -ENOMEM. */
int ports_open(struct ports **out);
/*
 * Add what the text names: "22,80,8000-8080", or "all" (1 to 65535). A port that is written as one number is asked for by name, and so may be
 * one that never.h keeps; ranges and "all" leave those out. 0, or -EINVAL with nothing added.
 */
int ports_parse(struct ports *, const char *text);
/* Add one, unless never.h keeps it and its class is not in allow. True when it is in the set now. */
bool ports_add(struct ports *, uint16_t port_h, enum never_class allow);
void ports_remove(struct ports *, uint16_t port_h);
/* Take out what never.h keeps and allow does not name, also when it was asked for by name. Returns how many. */
size_t ports_keep(struct ports *, enum never_class allow);
size_t ports_count(const struct ports *);
uint16_t ports_at(const struct ports *, size_t number);
/* -1: not in the set. */
int ports_number(const struct ports *, uint16_t port_h);
bool ports_has(const struct ports *, uint16_t port_h);
void ports_close(struct ports *);

#endif
