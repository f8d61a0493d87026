// SPDX-License-Identifier: BSD-2-Clause
#include "sensor/probe/patience.h"

#include <string.h>

enum {
	FLOOR_US = 100000,
	ROOM = 4, /* times the slowest: a busy device takes longer at one port than at another */
};

void patience_start(struct patience *patience, uint32_t most_ms)
{
	memset(patience, 0, sizeof(*patience));
	patience->most_us = most_ms * 1000;
	patience->floor_us = patience->most_us < FLOOR_US ? patience->most_us : FLOOR_US;
}

void patience_sent(struct patience *patience, uint64_t position, int again, int64_t now_us)
{
	const uint64_t place = position / PATIENCE_EVERY % PATIENCE_SAMPLES;

	if (position % PATIENCE_EVERY)
		return;
	if (!again) {
		patience->samples[place].position = position + 1;
		patience->samples[place].sent_us = now_us;
	} else if (patience->samples[place].position == position + 1) {
		patience->samples[place].position = 0;
	}
}

void patience_answered(struct patience *patience, uint64_t position, int64_t now_us)
{
	const uint64_t place = position / PATIENCE_EVERY % PATIENCE_SAMPLES;

	if (position % PATIENCE_EVERY || patience->samples[place].position != position + 1)
		return;
	patience_saw(patience, now_us - patience->samples[place].sent_us);
	patience->samples[place].position = 0;
}

void patience_saw(struct patience *patience, int64_t took_us)
{
	if (took_us > (int64_t)patience->slowest_us && took_us <= (int64_t)patience->most_us)
		patience->slowest_us = (uint32_t)took_us;
}

void patience_late(struct patience *patience)
{
	const uint32_t more = patience->floor_us * 2;

	patience->floor_us = more < patience->most_us ? more : patience->most_us;
}

uint32_t patience_us(const struct patience *patience)
{
	uint32_t wait = patience->slowest_us * ROOM;

	if (!patience->slowest_us || wait > patience->most_us)
		return patience->most_us;
	return wait > patience->floor_us ? wait : patience->floor_us;
}
