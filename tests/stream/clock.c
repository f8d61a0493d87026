// SPDX-License-Identifier: BSD-2-Clause
/* The clock of facts: it follows the system's, and never goes back. */
#include "sensor/clock.h"

#include "tests/tap.h"

int main(void)
{
	struct clock_line line = {.monotonic_us = 1000000, .wall_us = 5000000000};
	int64_t system = 5000000000, before = 0, now = 0;
	bool rising = true;
	int seconds = 0;

	tap_ok(clock_line_at(&line, 1500000) == 5000500000, "it runs as the monotonic clock does");
	tap_ok(clock_line_at(&line, 900000) == 4999900000,
	       "a record from before the last look has its own time");

	clock_line_adjust(&line, 2000000, system + 1000000 + 3600000000);
	tap_ok(clock_line_at(&line, 2000000) == system + 1000000 + 3600000000,
	       "a jump forward is followed at once");

	/* Set back by 100 s: from here the system's clock says `system` + what the monotonic clock has gone. */
	before = clock_line_at(&line, 2000000);
	system = before - 100000000;
	for (seconds = 1; seconds < 1000; seconds++) {
		int64_t monotonic = 2000000 + (int64_t)seconds * 1000000;

		clock_line_adjust(&line, monotonic, system + (int64_t)seconds * 1000000);
		now = clock_line_at(&line, monotonic);
		rising &= now > before;
		before = now;
		if (now == system + (int64_t)seconds * 1000000 && !line.slow)
			break;
	}
	tap_ok(rising, "after a jump back it still only rises");
	tap_ok(seconds >= 200 && seconds <= 203, "and agrees again after twice the jump (%d s for 100 s)",
	       seconds);

	clock_adjust();
	now = clock_wall_now_us();
	tap_ok(clock_wall_now_us() >= now && now > 1500000000000000,
	       "the real clocks give a time of this century");
	tap_ok(clock_wall_of_stamp_us(now - 500000) - now < 0 &&
		       clock_wall_of_stamp_us(now - 500000) - now > -600000,
	       "a stamp of half a second ago stays one");
	tap_ok(clock_wall_of_stamp_us(now - 3600000000) >= now &&
		       clock_wall_of_stamp_us(now + 3600000000) >= now &&
		       clock_wall_of_stamp_us(now + 3600000000) < now + 1000000,
	       "a stamp of before or after the clock was set is now");
	return tap_end();
}
