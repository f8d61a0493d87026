/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Folding what a mirror shows twice: where ports are mirrored in both directions, each frame comes once as it enters the switch and once
 * as it leaves it, microseconds apart. Only on a mirror (--span): elsewhere, and in a file, a frame that comes twice was there twice.
 *
 * A SYN that comes again, bit for bit, within FOLD_WINDOW_MS is no retransmission (the shortest wait is a thousand times that):
 * from then on every frame's digest is looked for among those of the last ones, and one that is there is counted and not learned
 * from again. A repetition uses its entry up: of frames that were really sent alike, each is counted once. FOLD_SECONDS without any
 * end it. Until then nothing is paid but for the first packets of connections.
 *
 * Compiled into the XDP program and into its user-space twin: pure.
 */
#ifndef DEFS_FOLD_H
#define DEFS_FOLD_H

#include "defs/packet.h"

enum {
	FOLD_ENTRIES = 1 << 14, /* frames remembered, by their digest: 128 KiB */
	FOLD_WORDS =
		16, /* of eight bytes each, from the frame's start, that make the digest, with its length */
	FOLD_WINDOW_MS = 4, /* of a clock whose ticks may be longer: then one tick */
	FOLD_SECONDS = 60,
};

struct fold_entry {
	__u32 digest; /* never 0: an empty one */
	__u32 tick;
};

/* seed: two random words, so that nobody can make frames alike that are not. */
static __always_inline __u64 fold_begin(const __u64 *seed, __u32 length)
{
	return seed[0] + length;
}

static __always_inline __u64 fold_mix(__u64 sum, const __u64 *seed, __u64 word)
{
	sum = (sum ^ word) * (seed[1] | 1);
	return sum ^ sum >> 32;
}

/* From the mixed words to the entry's index and what stands there. */
static __always_inline __u32 fold_index(__u64 sum)
{
	return sum >> 40 & (FOLD_ENTRIES - 1);
}

static __always_inline __u32 fold_digest(__u64 sum)
{
	return (__u32)sum | 1;
}

static __always_inline __u32 fold_window(__u32 ticks_second)
{
	__u32 window = ticks_second * FOLD_WINDOW_MS / 1000;

	return window ? window : 1;
}

/* Whether the frame was there within the window before tick; otherwise it is remembered. */
static __always_inline bool fold_repeats(struct fold_entry *entry, __u64 sum, __u32 tick, __u32 window)
{
	if (entry->digest == fold_digest(sum) && tick - entry->tick <= window) {
		entry->digest = 0;
		return true;
	}
	entry->digest = fold_digest(sum);
	entry->tick = tick;
	return false;
}

#endif
