/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The time that live facts carry: microseconds since the Unix epoch, made from CLOCK_MONOTONIC and an offset.
 *
 * It never goes back, so that `last` is never before `first` and nothing that waits for a time waits for hours.
 * When the system's clock is set forward it follows at once; when that is set back, it goes at half speed until both
 * agree again. Timers do not use it: they use clock_monotonic_us(). For one thread; files carry their own times.
 */
#ifndef SENSOR_CLOCK_H
#define SENSOR_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Microseconds of CLOCK_MONOTONIC. */
int64_t clock_monotonic_us(void);

/* Look at the system's clock again. Once a second while live, and once before the first clock_wall_us(). */
void clock_adjust(void);

/* Microseconds since the epoch at a moment of CLOCK_MONOTONIC, given in nanoseconds (as bpf_ktime_get_ns() has it). */
int64_t clock_wall_us(uint64_t monotonic_ns);
int64_t clock_wall_now_us(void);
/*
 * The same for a packet that was stamped a moment ago with the system's clock, in microseconds. A stamp from before the
 * clock was set, or of the future, is taken for now.
 */
int64_t clock_wall_of_stamp_us(int64_t system_us);

/* The same without the system's clocks, for the tests. */
struct clock_line {
	int64_t monotonic_us, wall_us; /* a point that the line goes through */
	bool slow;		       /* half speed from there on */
};
void clock_line_adjust(struct clock_line *, int64_t monotonic_us, int64_t system_us);
int64_t clock_line_at(const struct clock_line *, int64_t monotonic_us);

#endif
