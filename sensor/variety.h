/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How many different values one thing may have: what changes with every connection (a header that counts, names that somebody makes up) would
 * otherwise be a new fact each time.
 */
#ifndef SENSOR_VARIETY_H
#define SENSOR_VARIETY_H

#include <stdbool.h>
#include <stdint.h>

#include "defs/facts.h"

struct variety;

/* 0, or -ENOMEM. */
int variety_open(struct variety **out);
/*
 * Whether this trait may be said: one of the first VARIETY_VALUES_MAX values of its key, address and port. The count begins anew after a day,
 * by the facts' own time.
 */
enum { VARIETY_VALUES_MAX = 32 };
bool variety_allows(struct variety *, const struct fact *trait);
/*
 * Whether what a decoder says may be said. Of what somebody could make up without end that many a day: of shapes of connections, groups, and
 * networks of a protocol that anybody can speak (RIP) VARIETY_VALUES_MAX; of each key of any other trait, and of the names that somebody
 * announces, VARIETY_SAID_MAX for each address (or MAC, without one) and port.
 */
enum { VARIETY_SAID_MAX = 256 };
bool variety_may_say(struct variety *, const struct fact *);
void variety_close(struct variety *);

#endif
