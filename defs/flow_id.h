/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which flow a packet is of: both ends in an order that does not depend on who speaks, the link, and the hash of it. Pure, as flow.h, which
 * includes it.
 */
#ifndef DEFS_FLOW_ID_H
#define DEFS_FLOW_ID_H

#include "defs/parse.h"

enum { FLOW_SEEDS = 14 /* random 64-bit words of the hash: 6 for the slot's words, 8 for the fold of IPv6 */ };

/* The 51 bits of vlan_packed, and what is free above them. */
enum { FLOW_LINK_VERSION_6 = 51, FLOW_LINK_PROTO = 52 };
#define FLOW_LINK_VLAN ((1ULL << FLOW_LINK_VERSION_6) - 1)

/* A packet's flow, ends in the order of struct flow_key. */
struct flow_id {
	__u64 link;
	__u64 ends;
	__u32 ports;
	__u32 from;    /* end that sent the packet: 0 or 1 */
	__u64 addr[4]; /* IPv6 only: end 0's, end 1's, two words each */
};

/* Hidden from the compiler, which would make a branch of what was written without one. */
static __always_inline __u64 flow_opaque(__u64 value)
{
	__asm__ volatile("" : "+r"(value));
	return value;
}

/*
 * All ones when the source comes after the destination, by address and then by port, as bytes; else 0. Without a branch, as which end speaks is what no
 * branch predictor can know. Words in network order.
 */
static __always_inline __u64 flow_swap_v4(__u32 src, __u32 dst, __u16 src_port, __u16 dst_port)
{
	__s64 a = (__s64)((__u64)parse_u32(src) << 16 | parse_u16(src_port));
	__s64 b = (__s64)((__u64)parse_u32(dst) << 16 | parse_u16(dst_port));

	return (__u64)((__s64)flow_opaque((__u64)(b - a)) >> 63);
}

static __always_inline __u64 flow_swap_v6(const __u64 *addr, __u16 src_port, __u16 dst_port)
{
	__u64 a = __builtin_bswap64(addr[0]), b = __builtin_bswap64(addr[2]);

	if (a == b) {
		a = __builtin_bswap64(addr[1]);
		b = __builtin_bswap64(addr[3]);
	}
	if (a == b) {
		a = parse_u16(src_port);
		b = parse_u16(dst_port);
	}
	/* The borrow of b - a. */
	return (__u64)((__s64)((~b & a) | ((~b | a) & flow_opaque(b - a))) >> 63);
}

static __always_inline __u32 flow_first_way(__u32 hash)
{
	return hash >> 29;
}

/*
 * A term of the hash: two 32-bit words, each added to a random 64-bit word, multiplied. The upper half of a sum of such terms
 * is strongly universal (Dietzfelbinger's pair-multiply-shift): whoever does not know the seeds cannot choose flows that
 * collide more often than by chance. The products do not wait for one another.
 */
static __always_inline __u64 flow_mix(const __u64 *seed, __u64 words)
{
	return (seed[0] + (__u32)words) * (seed[1] + (words >> 32));
}

/*
 * The hash; seed has FLOW_SEEDS words. The lowest bits choose the bucket, the highest three the first way. Untagged flows have one term less.
 */
static __always_inline __u32 flow_hash(const struct flow_id *id, const __u64 *seed)
{
	__u64 vlan = id->link & FLOW_LINK_VLAN, sum;

	sum = flow_mix(seed, id->ends) +
	      flow_mix(seed + 2, (id->link >> FLOW_LINK_VERSION_6) << 32 | id->ports);
	if (vlan)
		sum += flow_mix(seed + 4, vlan);
	return sum >> 32;
}

/* The ends of an IPv4 packet in their order; swap: as flow_swap_v4(). */
static __always_inline void flow_order_v4(struct flow_id *id, __u64 swap, __u32 src, __u32 dst, __u16 src_port,
					  __u16 dst_port)
{
	__u32 addr = (src ^ dst) & swap, port = (src_port ^ dst_port) & swap;

	id->from = swap & 1;
	id->ends = (__u64)(dst ^ addr) << 32 | (src ^ addr);
	id->ports = (dst_port ^ port) << 16 | (src_port ^ port);
}

static __always_inline void flow_order_v6(struct flow_id *id, __u64 swap, const __u64 *addr, __u16 src_port,
					  __u16 dst_port, const __u64 *seed)
{
	__u64 high = (addr[0] ^ addr[2]) & swap, low = (addr[1] ^ addr[3]) & swap;
	__u32 port = (src_port ^ dst_port) & swap;

	id->from = swap & 1;
	id->addr[0] = addr[0] ^ high;
	id->addr[1] = addr[1] ^ low;
	id->addr[2] = addr[2] ^ high;
	id->addr[3] = addr[3] ^ low;
	id->ends = flow_mix(seed + 6, id->addr[0]) + flow_mix(seed + 8, id->addr[1]) +
		   flow_mix(seed + 10, id->addr[2]) + flow_mix(seed + 12, id->addr[3]);
	id->ports = (dst_port ^ port) << 16 | (src_port ^ port);
}

/* Fill id for an IP packet and return its hash. */
static __always_inline __u32 flow_identify(const struct packet *p, const __u64 *seed, struct flow_id *id)
{
	id->link = p->vlan | (__u64)p->proto << FLOW_LINK_PROTO;
	if (p->version == 4) {
		flow_order_v4(id, flow_swap_v4(p->addr_v4_n[0], p->addr_v4_n[1], p->port_n[0], p->port_n[1]),
			      p->addr_v4_n[0], p->addr_v4_n[1], p->port_n[0], p->port_n[1]);
	} else {
		id->link |= 1ULL << FLOW_LINK_VERSION_6;
		flow_order_v6(id, flow_swap_v6(p->addr_v6, p->port_n[0], p->port_n[1]), p->addr_v6,
			      p->port_n[0], p->port_n[1], seed);
	}
	return flow_hash(id, seed);
}

static __always_inline bool flow_is_v6(const struct flow_id *id)
{
	return id->link >> FLOW_LINK_VERSION_6 & 1;
}

#endif
