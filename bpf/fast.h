/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The steady path of the commonest frames: Ethernet, untagged, IPv4 without options or IPv6 without extension headers, not a fragment, TCP or UDP,
 * and as long as it says. Their headers lie where they always lie, so one check of the bounds does, and nothing is copied. What is learned is
 * what defs/parse.h and defs/flow.h would have learned; all other frames, good or not, are left to them.
 */
#ifndef BPF_FAST_H
#define BPF_FAST_H

#include "bpf/learn.h"

enum fast {
	FAST_OTHER, /* not for here */
	FAST_DONE,  /* counted, and nothing more to be told */
	FAST_NEW,   /* no slot: learn_rare() counts it */
	FAST_TELLS, /* counted: learn_rare() tells the rest */
};

enum { FAST_ETHER = 14, FAST_V4 = 20, FAST_V6 = 40, FAST_TCP = 20, FAST_UDP = 8 };

/*
 * A packet that tells something only if it is worth a copy: whether it is worth none, or one that there is no budget for. Then what flow_take_copy()
 * takes is taken here, and learn_rare() need not parse the frame again for nothing.
 */
static __noinline bool fast_gives_up(struct flow_slot *slot, __u32 proto, __u32 payload, __u32 from,
				     __u64 first)
{
	struct packet p = {.proto = proto, .ip_bytes = payload};
	__u8 wants = slot->wants;
	struct budget *budget;
	__u32 class;

	if (slot->packets[from & 1] == 1 || slot->handshake & (FLOW_UNTOLD | HANDSHAKE_PENDING))
		return false;
	class = flow_take_copy(slot, &p, from, first);
	if (class == FRAME_NONE)
		return true;
	budget = config.replay ? NULL : budget_now();
	if (budget && budget_spent(budget, class))
		return true;
	slot->wants = wants;
	return false;
}

/* Of what the headers carry, as defs/head.h has them; 0: there are fewer. */
static __always_inline __u64 fast_first(const struct wire_tcp *tcp, __u32 proto, const __u8 *end)
{
	const __u8 *payload = (const __u8 *)tcp + (proto == PROTO_TCP ? (tcp->words >> 4) * 4 : FAST_UDP);

	return payload + HEAD_BYTES <= end ? __builtin_bswap64(*(const __u64 *)payload) : 0;
}

/* What flow_slot_tells() asks of a packet. */
static __always_inline bool fast_tells(struct flow_slot *slot, const struct wire_tcp *tcp, const __u8 *end,
				       __u32 proto, __u32 ip_bytes, __u32 ip_header, __u32 from)
{
	struct packet p = {.ip_bytes = ip_bytes, .header_bytes = ip_header + FAST_UDP};

	if (proto == PROTO_TCP) {
		p.header_bytes = ip_header + (tcp->words >> 4) * 4;
		p.tcp_flags = tcp->flags;
		p.seq = parse_u32(tcp->seq_n);
	}
	if (!flow_slot_tells(slot, &p, from))
		return false;
	return p.tcp_flags & TCP_SYN ||
	       !fast_gives_up(slot, proto, packet_payload(&p), from, fast_first(tcp, proto, end));
}

/*
 * tcp: what follows the IP header at ip, with room for all of a TCP header's fixed part, whatever it is. id: all but ports and from, which are by
 * the order of from.
 */
static __always_inline enum fast fast_flow(const struct wire_tcp *tcp, const __u8 *end, __u32 proto,
					   __u32 ip_bytes, __u32 ip_header, const struct flow_id *id)
{
	__u32 hash = flow_hash(id, hash_seed()), index = hash & globals.bucket_mask;
	struct flow_bucket *bucket = bpf_map_lookup_elem(&flows, &index);
	struct flow_slot *slot;

	if (!bucket)
		return FAST_OTHER;
	slot = flow_find(bucket, index, hash, id);
	if (!slot)
		return FAST_NEW;
	if (config.replay)
		replay_note(slot, index, id->from);
	if (!flow_slot_add(slot, ip_bytes, proto == PROTO_TCP ? tcp->flags : 0, id->from, clock_ticks()))
		return FAST_DONE;
	return fast_tells(slot, tcp, end, proto, ip_bytes, ip_header, id->from) ? FAST_TELLS : FAST_DONE;
}

/* What may be a tunnel is not for here. */
static __always_inline bool fast_transport(const struct wire_tcp *tcp, __u32 proto)
{
	if (proto == PROTO_TCP)
		return tcp->words >= (FAST_TCP / 4) << 4;
	return proto == PROTO_UDP && !tunnel_is_port(tcp->dst_n);
}

static __always_inline enum fast fast_ipv4(const struct cursor *c)
{
	const struct wire_ipv4 *ip = (const void *)(c->pos + FAST_ETHER);
	const struct wire_tcp *tcp = (const void *)(ip + 1);
	__u32 src = ip->src_n, dst = ip->dst_n, ip_bytes = parse_u16(ip->total_n), proto = ip->proto;
	__s64 after = (__s64)parse_u32(dst) - parse_u32(src);
	struct flow_id id = {};

	/* "More fragments", an offset; an end that speaks to itself. */
	if (ip->fragment_n & 0xff3f || !after)
		return FAST_OTHER;
	if (!fast_transport(tcp, proto))
		return FAST_OTHER;
	/* Received whole: nothing is to be settled. */
	if (ip_bytes < FAST_V4 || (const __u8 *)ip + ip_bytes > c->end)
		return FAST_OTHER;
	id.link = (__u64)proto << FLOW_LINK_PROTO;
	flow_order_v4(&id, (__s64)flow_opaque((__u64)after) >> 63, src, dst, tcp->src_n, tcp->dst_n);
	return fast_flow(tcp, c->end, proto, ip_bytes, FAST_V4, &id);
}

static __always_inline enum fast fast_ipv6(const struct cursor *c)
{
	const struct wire_ipv6 *ip = (const void *)(c->pos + FAST_ETHER);
	const struct wire_tcp *tcp = (const void *)(ip + 1);
	__u32 ip_bytes = parse_u16(ip->payload_n) + FAST_V6, proto = ip->next;
	__u64 addr[4] = {ip->addr[0], ip->addr[1], ip->addr[2], ip->addr[3]};
	struct flow_id id = {};

	if (!fast_transport(tcp, proto))
		return FAST_OTHER;
	/* A payload of 0 bytes is a jumbogram's. */
	if (ip_bytes == FAST_V6 || (const __u8 *)ip + ip_bytes > c->end)
		return FAST_OTHER;
	id.link = (__u64)proto << FLOW_LINK_PROTO | 1ULL << FLOW_LINK_VERSION_6;
	flow_order_v6(&id, flow_swap_v6(addr, tcp->src_n, tcp->dst_n), addr, tcp->src_n, tcp->dst_n,
		      hash_seed());
	return fast_flow(tcp, c->end, proto, ip_bytes, FAST_V6, &id);
}

/* Both versions have a path of their own: what they shared would be kept in memory between the two. */
static __always_inline enum fast fast_learn(const struct cursor *c)
{
	const __u8 *ip = c->pos + FAST_ETHER;
	__u32 begins; /* the EtherType, and behind it the version and its neighbour */

	if (ip + FAST_V4 + FAST_TCP > c->end)
		return FAST_OTHER;
	begins = *(const __u32 *)(ip - 2);
	if ((begins & 0xffffff) == 0x450008)
		return fast_ipv4(c);
	if ((begins & 0xf0ffff) == 0x60dd86 && ip + FAST_V6 + FAST_TCP <= c->end)
		return fast_ipv6(c);
	return FAST_OTHER;
}

#endif
