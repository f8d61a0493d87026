/* SPDX-License-Identifier: BSD-2-Clause */
/* What was missed, by name, and `loss` facts of it. Totals only rise. */
#ifndef SENSOR_LOSSES_H
#define SENSOR_LOSSES_H

#include <stdint.h>

struct losses;
struct sightings;

/* 0 or -ENOMEM. */
int losses_open(struct losses **out);
/* So many more of prefix and name, at that time. */
void losses_add(struct losses *l, const char *prefix, const char *name, uint64_t more, int64_t time_us);
/* value: the total so far; a lower one than before is none. */
void losses_set(struct losses *l, const char *name, uint64_t value, int64_t time_us);
/* Say what has risen since the last time. */
void losses_say(struct losses *l, struct sightings *s);
void losses_close(struct losses *l);

#endif
