// SPDX-License-Identifier: BSD-2-Clause
#include "sensor/probe/pace.h"

enum {
	DEPTH_PART = 50, /* of a second: what the bucket holds */
	TOKEN = 1000000,
	SLOT_UNITS = 62500, /* of 16 µs in a second */
};

uint32_t pace_depth(const struct pace *pace)
{
	return pace->rate >= 2 * DEPTH_PART ? pace->rate / DEPTH_PART : 1;
}

struct pace pace_make(uint32_t rate, int64_t now_us)
{
	return (struct pace){.rate = rate, .tokens = TOKEN, .at_us = now_us};
}

static void fill(struct pace *pace, int64_t now_us)
{
	const uint64_t full = (uint64_t)pace_depth(pace) * TOKEN;
	int64_t elapsed = now_us - pace->at_us;

	if (elapsed <= 0)
		return;
	pace->at_us = now_us;
	if (elapsed >= INT64_C(2) * TOKEN || pace->tokens + (uint64_t)elapsed * pace->rate > full)
		pace->tokens = full;
	else
		pace->tokens += (uint64_t)elapsed * pace->rate;
}

uint32_t pace_take(struct pace *pace, int64_t now_us)
{
	if (!pace->rate)
		return UINT32_MAX;
	fill(pace, now_us);
	return (uint32_t)(pace->tokens / TOKEN);
}

void pace_spend(struct pace *pace, uint32_t count)
{
	uint64_t tokens = (uint64_t)count * TOKEN;

	if (pace->rate)
		pace->tokens -= tokens < pace->tokens ? tokens : pace->tokens;
}

void pace_late(struct pace *pace, int64_t elapsed_us)
{
	if (elapsed_us > 0)
		pace->at_us += elapsed_us;
}

int64_t pace_when(const struct pace *pace, uint32_t count)
{
	uint64_t wanted = (uint64_t)(count < pace_depth(pace) ? count : pace_depth(pace)) * TOKEN;

	if (!pace->rate || pace->tokens >= wanted)
		return pace->at_us;
	return pace->at_us + (int64_t)((wanted - pace->tokens + pace->rate - 1) / pace->rate);
}

void pace_rate(struct pace *pace, uint32_t rate, int64_t now_us)
{
	if (pace->rate)
		fill(pace, now_us);
	else
		pace->tokens = 0;
	pace->rate = rate;
	pace->at_us = now_us;
	if (rate && pace->tokens > (uint64_t)pace_depth(pace) * TOKEN)
		pace->tokens = (uint64_t)pace_depth(pace) * TOKEN;
}

static uint32_t slot_interval(uint32_t rate)
{
	return (SLOT_UNITS + rate - 1) / rate;
}

bool pace_slot_take(struct pace_slot *slot, uint32_t rate, uint32_t time)
{
	const uint32_t interval = slot_interval(rate), burst = SLOT_UNITS / DEPTH_PART;
	int32_t ahead = (int32_t)(slot->next - time);

	if (rate > SLOT_UNITS)
		return true;
	/* Further ahead than it can ever get: it is from before the clock went round, 19 hours ago. */
	if (ahead <= 0 || (uint32_t)ahead > interval + burst) {
		slot->next = time + interval;
		return true;
	}
	if (interval >= burst || (uint32_t)ahead + interval > burst)
		return false;
	slot->next += interval;
	return true;
}

void pace_slot_return(struct pace_slot *slot, uint32_t rate)
{
	if (rate <= SLOT_UNITS)
		slot->next -= slot_interval(rate);
}
