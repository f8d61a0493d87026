/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the sensor writes and reads of the program that makes frames (bpf/generate.bpf.c). One thread of the sensor runs it. */
#ifndef DEFS_GENERATE_H
#define DEFS_GENERATE_H

#include "defs/probe.h"

enum { GENERATE_FRAMES_MAX = 16384 };

struct generate {
	struct probe_source source;
	__u32 next, end; /* of the list: the next one to send, and one past the last */
	__u32 running;	 /* what leaves the port is ours */
	/* Of this run: how many the port took, and which it did not, as places in the list. */
	__u32 done; /* place of the next one that the port is given */
	__u32 sent, refused_count;
	__u32 refused[GENERATE_FRAMES_MAX];
};

#endif
