// SPDX-License-Identifier: BSD-2-Clause
/*
 * A straight line from CLOCK_MONOTONIC to wall time, whose slope is 1 or, while the system's clock is behind, 1/2.
 * The line only bends at clock_adjust(), so it has no steps back.
 */
#include "sensor/clock.h"

#include <time.h>

#include "defs/log.h"

enum {
	CLOCK_JUMP_US = 1000000,  /* a difference worth a line in the log */
	CLOCK_STAMP_US = 2000000, /* a stamp may be so old */
	CLOCK_SLACK_US = 200,	  /* a difference that comes from reading two clocks one after the other */
};

static struct clock_line line_now;
static bool line_ready;

static int64_t read_us(clockid_t which)
{
	struct timespec now;

	clock_gettime(which, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_line_at(const struct clock_line *line, int64_t monotonic_us)
{
	int64_t since = monotonic_us - line->monotonic_us;

	return line->wall_us + (line->slow ? since / 2 : since);
}

void clock_line_adjust(struct clock_line *line, int64_t monotonic_us, int64_t system_us)
{
	int64_t here = clock_line_at(line, monotonic_us);

	line->slow = here > system_us + CLOCK_SLACK_US;
	line->wall_us = system_us > here ? system_us : here;
	line->monotonic_us = monotonic_us;
}

int64_t clock_monotonic_us(void)
{
	return read_us(CLOCK_MONOTONIC);
}

void clock_adjust(void)
{
	int64_t monotonic = read_us(CLOCK_MONOTONIC), system = read_us(CLOCK_REALTIME), ahead;

	if (!line_ready) {
		line_now = (struct clock_line){.monotonic_us = monotonic, .wall_us = system};
		line_ready = true;
		return;
	}
	ahead = clock_line_at(&line_now, monotonic) - system;
	if (ahead < -CLOCK_JUMP_US)
		log_info("the system's clock was set forward by %.1f s; facts follow it", (double)-ahead / 1e6);
	else if (ahead > CLOCK_JUMP_US && !line_now.slow)
		log_warn("the system's clock was set back by %.1f s; facts' times go at half speed until it "
			 "has caught up",
			 (double)ahead / 1e6);
	clock_line_adjust(&line_now, monotonic, system);
}

int64_t clock_wall_us(uint64_t monotonic_ns)
{
	if (!line_ready)
		clock_adjust();
	return clock_line_at(&line_now, (int64_t)(monotonic_ns / 1000));
}

int64_t clock_wall_now_us(void)
{
	if (!line_ready)
		clock_adjust();
	return clock_line_at(&line_now, read_us(CLOCK_MONOTONIC));
}

int64_t clock_wall_of_stamp_us(int64_t system_us)
{
	int64_t age = read_us(CLOCK_REALTIME) - system_us;

	return clock_wall_now_us() - (age > 0 && age < CLOCK_STAMP_US ? age : 0);
}
