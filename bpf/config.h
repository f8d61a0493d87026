/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Knobs that the sensor sets before it loads the program. They are read-only from then on, so the verifier removes
 * the branches that a setting rules out: a live program holds no replay code, and the other way round.
 */
#ifndef BPF_CONFIG_H
#define BPF_CONFIG_H

#include <linux/types.h>
#include <stdbool.h>

#include "defs/flow.h"

struct config {
	bool span;           /* a mirror port: nothing goes on to the stack */
	bool replay;         /* frames of a file: the time is replay_ns, and budgets do not apply */
	bool raw_ip;         /* the port has no Ethernet header (tun, WireGuard) */
	__u8 bucket_bits;    /* log2 of the flow table's buckets */
	__u32 ticks_second;  /* of bpf_jiffies64(); replay: 1000 */
	__u32 budget[FRAME_CLASS_COUNT]; /* copies a second of each class, on each CPU */
	__u64 seed[FLOW_SEEDS];          /* random, secret: see flow_mix() */
};

#ifdef __bpf__
const volatile struct config config;
#endif

#endif
