/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the sensor sets in the XDP program before it is loaded, and what it reads and writes in its maps afterwards.
 */
#ifndef DEFS_KERNEL_H
#define DEFS_KERNEL_H

#include <linux/types.h>
#include <stdbool.h>

#include "defs/flow.h"
#include "defs/probe.h"

/* Room for a number of each class, a power of two: 6.1's verifier knows the bounds of a masked index. */
enum { FRAME_CLASS_ROOM = 16 };
_Static_assert((int)FRAME_CLASS_COUNT <= (int)FRAME_CLASS_ROOM, "each class has its place");

/*
 * Knobs, read-only once loaded, so that the verifier removes the branches which a setting rules out: a live
 * program holds no replay code, and the other way round.
 */
struct config {
	bool span;			/* a mirror port: nothing goes on to the stack */
	bool replay;			/* frames of a file: the time is replay_ns, and budgets do not apply */
	bool silent;			/* never sends: the code that answers probes is left out */
	bool raw_ip;			/* the port has no Ethernet header (tun, WireGuard) */
	__u32 bucket_mask;		/* all of the flow table's buckets, less one */
	__u32 ticks_second;		/* of bpf_jiffies64(); replay: 1000 */
	__u32 budget[FRAME_CLASS_ROOM]; /* copies a second of each class, on each CPU */
	__u64 seed[FLOW_SEEDS];		/* random, secret: see flow_mix() */
};

struct flow_bucket {
	struct flow_slot slot[FLOW_WAYS];
};

/* IPv6 addresses of a bucket's slots, apart so that IPv4 need not touch them. */
struct flow_addresses {
	__u64 addr[FLOW_WAYS][4];
};

struct host_key {
	vlan_packed vlan;
	__u8 mac[6];
	__u8 version;
	__u8 pad;
	__u8 addr[16];
};

/* The program's variables: its whole .bss, which the sensor maps. */
struct globals {
	/* How much of the flow table is in use, in a cache line that others seldom write to: each packet reads it. Set at load. */
	__u32 bucket_mask;   /* buckets in use, less one */
	__u32 buckets_older; /* a bit for each number of buckets before it by which flows may still lie */
	__u32 folding;	     /* not zero while frames are looked at for repetitions: defs/fold.h */
	__u32 pad_line[13];
	__u32 reader_waits; /* set by the sensor before it sleeps, cleared by whoever wakes it: one wake-up a sleep */
	__u32 slots_taken;    /* of the flow table: the program adds, the sensor subtracts */
	__u32 overflow_used;  /* not zero while the overflow map may hold something; the sensor clears it */
	__u64 replay_ns;      /* replay: the frame's time, since the Unix epoch */
	__u32 replay_missing; /* replay: bytes of the frame that the file does not hold */
	__u16 replay_type;    /* replay: EtherType of what a frame without Ethernet header is, or 0 */
	__u16 pad;
	__u32 fold_tick; /* of the latest repetition */
	__u32 pad_end;
};

/* What the program clock_sample answers: what a tick in a slot means. */
struct clock_sample {
	__u64 ticks, mono_ns;
};

#endif
