// SPDX-License-Identifier: BSD-2-Clause
/* See losses.h. */
#include "sensor/losses.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "defs/facts.h"
#include "sensor/sightings.h"

/* Three names for each decoder, and those of defs/counters.h and of the parts: some two hundred. */
enum { LOSSES_MAX = 384, LOSS_NAME_MAX = 48 };

struct loss {
	char name[LOSS_NAME_MAX];
	uint64_t value, said;
	int64_t first_us, last_us;
};

struct losses {
	size_t count;
	struct loss loss[LOSSES_MAX];
};

int losses_open(struct losses **out)
{
	*out = calloc(1, sizeof(**out));
	return *out ? 0 : -ENOMEM;
}

static struct loss *loss_of(struct losses *l, const char *prefix, const char *name)
{
	char whole[LOSS_NAME_MAX];

	snprintf(whole, sizeof(whole), "%s%s", prefix, name);
	for (size_t i = 0; i < l->count; i++)
		if (strcmp(l->loss[i].name, whole) == 0)
			return &l->loss[i];
	if (l->count == LOSSES_MAX)
		return &l->loss[LOSSES_MAX - 1]; /* more names than this program has */
	memcpy(l->loss[l->count].name, whole, sizeof(whole));
	return &l->loss[l->count++];
}

static void rise_to(struct loss *loss, uint64_t value, int64_t time_us)
{
	if (value <= loss->value)
		return;
	if (loss->value == 0)
		loss->first_us = time_us;
	loss->value = value;
	loss->last_us = time_us > loss->first_us ? time_us : loss->first_us;
}

void losses_add(struct losses *l, const char *prefix, const char *name, uint64_t more, int64_t time_us)
{
	struct loss *loss = loss_of(l, prefix, name);

	rise_to(loss, loss->value + more, time_us);
}

void losses_set(struct losses *l, const char *name, uint64_t value, int64_t time_us)
{
	rise_to(loss_of(l, "", name), value, time_us);
}

void losses_say(struct losses *l, struct sightings *s)
{
	for (size_t i = 0; i < l->count; i++) {
		struct loss *loss = &l->loss[i];
		struct fact fact = {.kind = FACT_LOSS,
				    .source = SOURCE_SENSOR,
				    .confidence = CONFIDENCE_MEASURED,
				    .first_us = loss->first_us,
				    .last_us = loss->last_us,
				    .count = loss->value - loss->said};

		if (loss->value == loss->said)
			continue;
		FACT_SET(&fact, counter, (struct text){loss->name, strlen(loss->name)});
		FACT_SET(&fact, counter_value, loss->value);
		loss->said = loss->value;
		sightings_see(s, &fact);
	}
}

void losses_close(struct losses *l)
{
	free(l);
}
