/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A target as fast as its port, for benches: an XDP program that has every address and port of 10.0.0.0/8, some of the ports open by a rule
 * that the bench knows too. What both sides of its maps agree on.
 */
#ifndef TESTS_BENCH_RESPONDER_H
#define TESTS_BENCH_RESPONDER_H

#include <linux/types.h>

/* Whether a port answers SYN-ACK; RST otherwise. Address and port in network order. About one in sixteen. */
static inline int responder_open(__u32 addr_n, __u16 port_n)
{
	__u32 mix = (addr_n ^ (__u32)port_n << 16 ^ port_n) * 0x9e3779b1U;

	return mix >> 28 == 7;
}

/* Of one CPU. */
struct responder_count {
	__u64 syn, syn_ack, reset, other; /* SYNs had, SYN-ACKs sent, RSTs had, frames of other kinds */
	__u64 first_ns, last_ns;	  /* of the SYNs */
};

/* What is forged: SYN-ACKs and RSTs in turns, each with another acknowledgement, from ever other addresses and ports. */
struct responder_forge {
	__u64 next, state;
	__u8 mac_to[6], mac_from[6];
	__u32 addr_n;
	__u16 port_n;
	__u16 pad;
};

#endif
