/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A network's traffic, made up: what benches of cost are fed with. load_fill() writes one pass of it, LOAD_FRAMES frames in
 * the order in which they leave; load_turn() gives the connections of a pass ports of their own, so that passes can follow each
 * other for as long as a bench wants. The same in each run: its numbers are pseudo-random, from one seed.
 *
 * Sender and server addresses: 10.1.0.0/16 and 2001:db8:1::/48 are on the link, the others are behind its router.
 */
#ifndef TESTS_BENCH_LOAD_H
#define TESTS_BENCH_LOAD_H

#ifndef __bpf__
#include <linux/types.h>
#endif

enum {
	LOAD_FRAMES = 1 << 16,
	LOAD_FRAME_BYTES = 1520, /* room; the longest has 1514 */
};

struct load_frame {
	__u16 length;
	__u16 port_at; /* where the client's port is, whose lower byte is 0; 0: the flow is in each pass the same one */
	__u16 sum_at; /* where the checksum over it is */
	__u16 sum;    /* that checksum, in host order, while that byte is 0 */
	__u8 bytes[LOAD_FRAME_BYTES];
};

/* Make it a frame of that pass. */
static inline void load_turn(struct load_frame *frame, __u32 pass)
{
	/* Headers are in the first 128 bytes, which the verifier wants to be told. */
	__u32 port_at = frame->port_at & 127, sum_at = frame->sum_at & 127;
	__u32 wide = (__u16)~frame->sum + (pass & 0xff); /* RFC 1624 */

	if (!port_at)
		return;
	wide = ~((wide & 0xffff) + (wide >> 16));
	frame->bytes[port_at + 1] = (__u8)pass;
	frame->bytes[sum_at] = (__u8)(wide >> 8);
	frame->bytes[sum_at + 1] = (__u8)wide;
}

#ifndef __bpf__
/* What one pass holds, for the one who reads the figures. */
struct load_mix {
	__u32 connections, datagrams, refused, announcements; /* how many of each begin in a pass */
	__u32 lasting;					      /* flows that go on through all passes */
	__u64 bytes;
};

/* Fill LOAD_FRAMES frames. */
void load_fill(struct load_frame *frames, struct load_mix *mix);
#endif

#endif
