/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of the way for fuzzers: every fact that is said is written as JSON, and thrown away. */
#ifndef TESTS_FUZZ_SINK_H
#define TESTS_FUZZ_SINK_H

#include <stdlib.h>

#include "sensor/fact_json.h"
#include "sensor/observe.h"
#include "sensor/sightings.h"

static int fuzz_say(void *context, const struct fact *fact)
{
	size_t length;

	(void)context;
	free(fact_json(fact, &length));
	return 0;
}

static const struct fact_sink fuzz_sink = {.say = fuzz_say};

static inline void fuzz_open(struct sightings **sightings, struct observe **observe)
{
	const struct sightings_options options = {.capacity = 64, .refresh_us = 1, .measure_us = 1};

	if (sightings_open(&options, &fuzz_sink, 1, sightings) || observe_open(*sightings, observe))
		abort();
}

static inline void fuzz_close(struct sightings *sightings, struct observe *observe, int64_t now_us)
{
	observe_tick(observe, now_us);
	sightings_tick(sightings, now_us);
	sightings_refresh_all(sightings);
	observe_close(observe);
	sightings_close(sightings);
}

#endif
