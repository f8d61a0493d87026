// SPDX-License-Identifier: BSD-2-Clause
/* The queue of targets and what runs. Not built yet: only its contract. */
#include "sensor/ask/ask.h"

#include <errno.h>

#include "sensor/ask/dialogue.h"

int ask_open(const struct ask_options *options, struct ask **out)
{
	(void)options, (void)out;
	return -ENOSYS;
}

int ask_add(struct ask *ask, const struct ask_target *target)
{
	(void)ask, (void)target;
	return -EAGAIN;
}

int ask_add_dialogue(struct ask *ask, const struct dialogue *dialogue, const struct ip *ip, uint16_t port_h,
		     const struct ip *about)
{
	(void)ask, (void)dialogue, (void)ip, (void)port_h, (void)about;
	return -EAGAIN;
}

int ask_fd(const struct ask *ask)
{
	(void)ask;
	return -1;
}

void ask_rate(struct ask *ask, uint32_t rate)
{
	(void)ask, (void)rate;
}

int ask_step(struct ask *ask, int64_t now_us, int64_t *next_us)
{
	(void)ask, (void)now_us, (void)next_us;
	return 0;
}

void ask_stop(struct ask *ask)
{
	(void)ask;
}

void ask_count(const struct ask *ask, struct ask_counters *out)
{
	(void)ask;
	*out = (struct ask_counters){};
}

void ask_close(struct ask *ask)
{
	(void)ask;
}
