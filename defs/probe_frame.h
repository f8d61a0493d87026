/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The bytes of a probe: SYN (RFC 9293), ARP request (RFC 826), neighbour solicitation (RFC 4861), echo request (RFC 792, RFC 4443).
 *
 * Compiled into the BPF program that makes frames and into the sensor, so it is pure. Nothing is left as it was: a buffer that
 * held another frame before holds only this one afterwards.
 */
#ifndef DEFS_PROBE_FRAME_H
#define DEFS_PROBE_FRAME_H

#include "defs/probe.h"

enum {
	PROBE_BYTES_V4 = 60,	 /* of any IPv4 probe and of ARP: the least that Ethernet carries */
	PROBE_BYTES_V6 = 78,	 /* SYN and echo */
	PROBE_BYTES_ND = 86,	 /* neighbour solicitation with its option */
	PROBE_BYTES_RESET4 = 60, /* see probe_reset() */
	PROBE_BYTES_RESET6 = 74,
	PROBE_BYTES_MAX = 88, /* room for any, in whole words */

	PROBE_TTL = 64,
	PROBE_WINDOW = 64240,
	PROBE_MSS = 1460, /* some hosts and firewalls answer no SYN without it */
};

struct wire_arp {
	__u16 hardware_n, protocol_n;
	__u8 hardware_bytes, protocol_bytes;
	__u16 operation_n;
	__u8 sender_mac[6], sender[4], target_mac[6], target[4];
} PARSE_WIRE;

/* ICMP and ICMPv6 echo. */
struct wire_echo {
	__u8 type, code;
	__u16 checksum;
	__u16 id_n, sequence_n;
} PARSE_WIRE;

/* Neighbour solicitation and advertisement, with one link-layer address option. */
struct wire_nd {
	__u8 type, code;
	__u16 checksum;
	__u32 flags;
	__u64 target[2];
	__u8 option, option_words, mac[6];
} PARSE_WIRE;

/* How long the frame is. */
static __always_inline __u32 probe_bytes(const struct probe_frame *p)
{
	if (p->version == 4 || p->kind == PROBE_ARP)
		return PROBE_BYTES_V4;
	return p->kind == PROBE_ND ? PROBE_BYTES_ND : PROBE_BYTES_V6;
}

/* RFC 1071, by words of four bytes; the order of bytes does not matter to it. */
static __always_inline __u64 probe_sum(const void *at, __u32 words)
{
	const __u8 *bytes = at;
	__u64 sum = 0;

	for (__u32 i = 0; i < words; i++) {
		__u32 word;

		__builtin_memcpy(&word, bytes + 4 * i, 4);
		sum += word;
	}
	return sum;
}

static __always_inline __u16 probe_fold(__u64 sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static __always_inline void probe_put_ether(__u8 *frame, const __u8 *dst, const __u8 *src, __u16 type)
{
	struct wire_ether *ether = (void *)frame;

	__builtin_memcpy(ether->dst, dst, 6);
	__builtin_memcpy(ether->src, src, 6);
	ether->type_n = parse_u16(type);
}

static __always_inline void probe_put_ipv4(__u8 *at, __u32 src_n, __u32 dst_n, __u8 proto, __u16 bytes)
{
	struct wire_ipv4 *ip = (void *)at;

	ip->version_words = 0x45;
	ip->tos = 0;
	ip->total_n = parse_u16(bytes);
	ip->id = 0; /* never fragmented: RFC 6864 */
	ip->fragment_n = parse_u16(0x4000);
	ip->ttl = PROBE_TTL;
	ip->proto = proto;
	ip->checksum = 0;
	ip->src_n = src_n;
	ip->dst_n = dst_n;
	ip->checksum = probe_fold(probe_sum(ip, 5));
}

static __always_inline void probe_put_ipv6(__u8 *at, const __u64 src[2], const __u64 dst[2], __u8 next,
					   __u8 hops, __u16 payload)
{
	struct wire_ipv6 *ip = (void *)at;

	ip->version_class_label = 0x60;
	ip->payload_n = parse_u16(payload);
	ip->next = next;
	ip->hops = hops;
	ip->addr[0] = src[0];
	ip->addr[1] = src[1];
	ip->addr[2] = dst[0];
	ip->addr[3] = dst[1];
}

/* Of the IP header at ip: addresses, protocol, length of what follows. */
static __always_inline __u64 probe_pseudo(const __u8 *ip, __u8 version, __u8 proto, __u16 bytes)
{
	__u64 sum = parse_u16(proto) + parse_u16(bytes);

	return sum + (version == 4 ? probe_sum(ip + 12, 2) : probe_sum(ip + 8, 8));
}

static __always_inline void probe_put_syn(__u8 *ip, __u8 version, __u16 src_n, __u16 dst_n, __u32 cookie)
{
	__u8 *at = ip + (version == 4 ? 20 : 40);
	struct wire_tcp *tcp = (void *)at;
	__u32 option = parse_u32(0x02040000 | PROBE_MSS);

	tcp->src_n = src_n;
	tcp->dst_n = dst_n;
	tcp->seq_n = parse_u32(cookie);
	tcp->ack_n = 0;
	tcp->words = 6 << 4;
	tcp->flags = TCP_SYN;
	tcp->window = parse_u16(PROBE_WINDOW);
	tcp->checksum = 0;
	tcp->urgent = 0;
	__builtin_memcpy(at + sizeof(*tcp), &option, 4);
	tcp->checksum = probe_fold(probe_sum(tcp, 6) + probe_pseudo(ip, version, PROTO_TCP, 24));
}

/* 16 bytes of nothing follow the header. */
static __always_inline void probe_put_echo(__u8 *ip, __u8 version, __u32 cookie)
{
	__u8 *at = ip + (version == 4 ? 20 : 40);
	struct wire_echo *echo = (void *)at;

	__builtin_memset(at, 0, 24);
	echo->type = version == 4 ? 8 : 128;
	echo->id_n = parse_u16(cookie >> 16);
	echo->sequence_n = parse_u16(cookie);
	echo->checksum =
		probe_fold(probe_sum(echo, 2) + (version == 4 ? 0 : probe_pseudo(ip, 6, PROTO_ICMPV6, 24)));
}

static __always_inline void probe_make_arp(__u8 *frame, const struct probe_frame *p,
					   const struct probe_source *s)
{
	static const __u8 everyone[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	struct wire_arp *arp = (void *)(frame + sizeof(struct wire_ether));

	probe_put_ether(frame, everyone, s->mac, ETHER_ARP);
	arp->hardware_n = parse_u16(1);
	arp->protocol_n = parse_u16(ETHER_IPV4);
	arp->hardware_bytes = 6;
	arp->protocol_bytes = 4;
	arp->operation_n = parse_u16(1);
	__builtin_memcpy(arp->sender_mac, s->mac, 6);
	__builtin_memcpy(arp->sender, s->addr4, 4);
	__builtin_memset(arp->target_mac, 0, 6);
	__builtin_memcpy(arp->target, p->addr, 4);
	__builtin_memset(frame + 42, 0, PROBE_BYTES_V4 - 42);
}

static __always_inline void probe_make_v4(__u8 *frame, const struct probe_frame *p,
					  const struct probe_source *s)
{
	__u8 *ip = frame + sizeof(struct wire_ether);
	__u32 src, dst, cookie;

	__builtin_memcpy(&src, s->addr4, 4);
	__builtin_memcpy(&dst, p->addr, 4);
	cookie = probe_cookie4(s->key, p->kind, dst, p->port_n);
	probe_put_ether(frame, p->mac, s->mac, ETHER_IPV4);
	probe_put_ipv4(ip, src, dst, p->kind == PROBE_SYN ? PROTO_TCP : PROTO_ICMP, 44);
	__builtin_memset(frame + 58, 0, PROBE_BYTES_V4 - 58);
	if (p->kind == PROBE_SYN)
		probe_put_syn(ip, 4, s->port_n, p->port_n, cookie);
	else
		probe_put_echo(ip, 4, cookie);
}

/* Whether it is reached from the link-local address: fe80::/10, and what is multicast on the link. */
static __always_inline bool probe_is_link(const __u8 *addr6)
{
	return (addr6[0] == 0xfe && (addr6[1] & 0xc0) == 0x80) || addr6[0] == 0xff;
}

/* Which of our addresses asks: the one of the same scope, the other when there is none. */
static __always_inline void probe_source6(const struct probe_source *s, const __u8 *addr6, __u64 out[2])
{
	__u64 wide[2];

	__builtin_memcpy(wide, s->addr6, 16);
	__builtin_memcpy(out, s->addr6_link, 16);
	if ((wide[0] | wide[1]) && (!probe_is_link(addr6) || !(out[0] | out[1]))) {
		out[0] = wide[0];
		out[1] = wide[1];
	}
}

/* RFC 4861 section 4.3, to the solicited-node multicast address (RFC 4291 section 2.7.1). */
static __always_inline void probe_make_nd(__u8 *frame, const struct probe_frame *p,
					  const struct probe_source *s)
{
	__u8 *ip = frame + sizeof(struct wire_ether);
	struct wire_nd *nd = (void *)(ip + sizeof(struct wire_ipv6));
	__u8 group[6] = {0x33, 0x33, 0xff, p->addr[13], p->addr[14], p->addr[15]};
	__u32 low = parse_u32(0xff000000 | p->addr[13] << 16 | p->addr[14] << 8 | p->addr[15]);
	__u64 src[2], dst[2] = {0x2ff, (__u64)low << 32 | 0x01000000};

	probe_source6(s, p->addr, src);
	probe_put_ether(frame, group, s->mac, ETHER_IPV6);
	probe_put_ipv6(ip, src, dst, PROTO_ICMPV6, 255, sizeof(*nd));
	nd->type = 135;
	nd->code = 0;
	nd->checksum = 0;
	nd->flags = 0;
	__builtin_memcpy(nd->target, p->addr, 16);
	nd->option = 1;
	nd->option_words = 1;
	__builtin_memcpy(nd->mac, s->mac, 6);
	nd->checksum =
		probe_fold(probe_sum(nd, sizeof(*nd) / 4) + probe_pseudo(ip, 6, PROTO_ICMPV6, sizeof(*nd)));
}

static __always_inline void probe_make_v6(__u8 *frame, const struct probe_frame *p,
					  const struct probe_source *s)
{
	__u8 *ip = frame + sizeof(struct wire_ether);
	__u8 group[6] = {0x33, 0x33, p->addr[12], p->addr[13], p->addr[14], p->addr[15]};
	__u64 src[2], dst[2];
	__u32 cookie;

	probe_source6(s, p->addr, src);
	__builtin_memcpy(dst, p->addr, 16);
	cookie = probe_cookie6(s->key, p->kind, dst[0], dst[1], p->port_n);
	probe_put_ether(frame, p->addr[0] == 0xff ? group : p->mac, s->mac, ETHER_IPV6);
	probe_put_ipv6(ip, src, dst, p->kind == PROBE_SYN ? PROTO_TCP : PROTO_ICMPV6, PROBE_TTL, 24);
	if (p->kind == PROBE_SYN)
		probe_put_syn(ip, 6, s->port_n, p->port_n, cookie);
	else
		probe_put_echo(ip, 6, cookie);
}

/* Make the frame, probe_bytes() long; frame has room for PROBE_BYTES_MAX. */
static __always_inline void probe_make(__u8 *frame, const struct probe_frame *p, const struct probe_source *s)
{
	if (p->kind == PROBE_ARP)
		probe_make_arp(frame, p, s);
	else if (p->version == 4)
		probe_make_v4(frame, p, s);
	else if (p->kind == PROBE_ND)
		probe_make_nd(frame, p, s);
	else
		probe_make_v6(frame, p, s);
}

/*
 * The RST that ends what a SYN-ACK opened (RFC 9293 section 3.10.7.3: its sequence number is what the SYN-ACK acknowledged). The IP
 * header at ip is written anew, the addresses turned round by the caller: from us, to them.
 */
static __always_inline void probe_put_reset(__u8 *tcp_at, const __u8 *ip, __u8 version, __u16 src_n,
					    __u16 dst_n, __u32 seq_n)
{
	struct wire_tcp *tcp = (void *)tcp_at;

	tcp->src_n = src_n;
	tcp->dst_n = dst_n;
	tcp->seq_n = seq_n;
	tcp->ack_n = 0;
	tcp->words = 5 << 4;
	tcp->flags = TCP_RST;
	tcp->window = 0;
	tcp->checksum = 0;
	tcp->urgent = 0;
	tcp->checksum = probe_fold(probe_sum(tcp, 5) + probe_pseudo(ip, version, PROTO_TCP, 20));
}

#endif
