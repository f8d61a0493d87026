/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Answers to probes: validated against the cookie, told to the sensor, and taken away before the kernel's stack sees them; a SYN-ACK becomes
 * its RST where it lies. Nothing of this runs but while the sensor is asking (probe_source.active).
 *
 * A frame is ours only by its cookie: ours are TCP segments with ACK or RST to the port that the sensor holds (a wrong cookie there is
 * dropped and counted, as nobody else has that port), echo replies and ICMP errors with our cookie in them. All else goes its way.
 * No tag but a priority tag is looked behind: nothing is asked into a VLAN. Helpers that move the packet are not used, as a program
 * behind libxdp's dispatcher may not call them.
 */
#ifndef BPF_PROBE_H
#define BPF_PROBE_H

#include "bpf/emit.h"
#include "defs/probe_frame.h"

/* Written by the sensor through mmap. */
struct probe_source probe_source SEC(".data.probe");

/* Answers, to the sensor. Set at load. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 18);
} answers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, PROBE_COUNT_COUNT);
	__type(key, __u32);
	__type(value, __u64);
} probe_counters SEC(".maps");

enum {
	PROBE_PASS, /* not an answer, or one that the stack may see too */
	PROBE_DROP = XDP_DROP,
};

static __always_inline void probe_count(__u32 which)
{
	__u64 *value = bpf_map_lookup_elem(&probe_counters, &which);

	if (value)
		++*value;
}

/* What anybody can say, without a cookie, gets no more than half of the ring: a flood of it leaves room for answers. */
static __always_inline bool probe_may_tell(__u8 kind)
{
	return (kind != ANSWER_ARP && kind != ANSWER_ND) ||
	       bpf_ringbuf_query(&answers, BPF_RB_AVAIL_DATA) <
		       bpf_ringbuf_query(&answers, BPF_RB_RING_SIZE) / 2;
}

/* Tell the sensor; what it is told of is counted by the kind. */
static __always_inline void probe_tell(struct probe_answer *answer, __u8 kind)
{
	answer->kind = kind;
	answer->time_ns = bpf_ktime_get_ns();
	/* Flags 0: it wakes the sensor when that has read all there was before. */
	if (!probe_may_tell(kind) || bpf_ringbuf_output(&answers, answer, sizeof(*answer), 0))
		probe_count(PROBE_COUNT_RING_FULL);
	else
		probe_count(PROBE_COUNT_OPEN + kind - ANSWER_OPEN);
}

static __always_inline bool probe_ours4(__u32 addr_n)
{
	__u32 ours = *(volatile __u32 *)probe_source.addr4;

	return addr_n == ours && ours;
}

static __always_inline bool probe_ours6(const __u64 *addr)
{
	const volatile __u64 *wide = (void *)probe_source.addr6, *link = (void *)probe_source.addr6_link;

	return (addr[0] == wide[0] && addr[1] == wide[1]) || (addr[0] == link[0] && addr[1] == link[1]);
}

static __always_inline int probe_send(void)
{
	probe_count(PROBE_COUNT_RESET);
	return probe_source.reset == PROBE_RESET_REDIRECT ? bpf_redirect(probe_source.interface_index, 0)
							  : XDP_TX;
}

static __always_inline void probe_swap_macs(__u8 *ether)
{
	__u8 mac[6];

	__builtin_memcpy(mac, ether, 6);
	__builtin_memcpy(ether, ether + 6, 6);
	__builtin_memcpy(ether + 6, mac, 6);
}

/* From us, to them, in place. The frame keeps its length: what is behind the segment is padding. */
static __always_inline int probe_reset4(__u8 *ether, __u8 *ip_at, __u32 seq_n, __u16 port_n)
{
	struct wire_ipv4 *ip = (void *)ip_at;
	__u32 them = ip->src_n, us = ip->dst_n;

	probe_swap_macs(ether);
	probe_put_ipv4(ip_at, us, them, PROTO_TCP, 40);
	probe_put_reset(ip_at + sizeof(*ip), ip_at, 4, probe_source.port_n, port_n, seq_n);
	return probe_send();
}

static __always_inline int probe_reset6(__u8 *ether, __u8 *ip_at, __u32 seq_n, __u16 port_n)
{
	struct wire_ipv6 *ip = (void *)ip_at;
	__u64 them[2] = {ip->addr[0], ip->addr[1]}, us[2] = {ip->addr[2], ip->addr[3]};

	probe_swap_macs(ether);
	probe_put_ipv6(ip_at, us, them, PROTO_TCP, PROBE_TTL, 20);
	probe_put_reset(ip_at + sizeof(*ip), ip_at, 6, probe_source.port_n, port_n, seq_n);
	return probe_send();
}

/* Only segments that answer: a stranger's SYN to our port is the stack's to refuse. */
static __always_inline bool probe_is_answer(const struct wire_tcp *tcp)
{
	return tcp->dst_n == probe_source.port_n && tcp->flags & (TCP_ACK | TCP_RST);
}

/* What the segment says, if it is of one who got our SYN: the kind, or 0. A RST acknowledges the SYN or (some) what was before it. */
static __always_inline __u8 probe_verdict(const struct wire_tcp *tcp, __u32 cookie)
{
	__u32 distance = parse_u32(tcp->ack_n) - cookie;

	if (tcp->flags & TCP_RST)
		return tcp->flags & TCP_ACK && distance <= 1 ? ANSWER_CLOSED : 0;
	return (tcp->flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK) && distance == 1 ? ANSWER_OPEN : 0;
}

/* True: it is open, and ours to reset. */
static __always_inline bool probe_tcp(const struct wire_tcp *tcp, __u32 cookie, struct probe_answer *answer)
{
	__u8 kind = probe_verdict(tcp, cookie);

	if (!kind) {
		probe_count(PROBE_COUNT_FORGED);
		return false;
	}
	answer->port_n = tcp->src_n;
	answer->window = parse_u16(tcp->window);
	probe_tell(answer, kind);
	return kind == ANSWER_OPEN && probe_source.reset != PROBE_RESET_BY_HAND;
}

/* What an ICMP error quotes, from its transport header on: 8 bytes are there. asked: the cookies of a SYN and of an echo to there. */
static __always_inline int probe_quoted(const struct wire_ports *quoted, __u8 proto, __u32 syn, __u32 echo,
					struct probe_answer *answer)
{
	const struct wire_echo *request = (const void *)quoted;

	if (proto == PROTO_TCP) {
		if (quoted->src_n != probe_source.port_n)
			return PROBE_PASS;
		if (parse_u32(quoted->rest) != syn) {
			probe_count(PROBE_COUNT_FORGED);
			return PROBE_DROP;
		}
		answer->port_n = quoted->dst_n;
	} else if ((request->type != 8 && request->type != 128) ||
		   ((__u32)parse_u16(request->id_n) << 16 | parse_u16(request->sequence_n)) != echo) {
		return PROBE_PASS;
	}
	probe_tell(answer, ANSWER_UNREACHABLE);
	return PROBE_DROP;
}

static __always_inline bool probe_is_echo(const struct wire_echo *echo, __u32 cookie)
{
	return ((__u32)parse_u16(echo->id_n) << 16 | parse_u16(echo->sequence_n)) == cookie;
}

/* RFC 792: destination unreachable, time exceeded, parameter problem. */
static __always_inline int probe_icmp4(struct cursor *c, const struct wire_ipv4 *ip,
				       struct probe_answer *answer)
{
	const struct wire_echo *icmp;
	const struct wire_ipv4 *quoted;
	__u32 header;

	if (!cursor_has(c, sizeof(*icmp)))
		return PROBE_PASS;
	icmp = cursor_take(c, sizeof(*icmp));
	if (icmp->type == 0) {
		if (!probe_is_echo(icmp, probe_cookie4(probe_source.key, PROBE_ECHO, ip->src_n, 0)))
			return PROBE_PASS;
		probe_tell(answer, ANSWER_ECHO);
		return PROBE_DROP;
	}
	if ((icmp->type != 3 && icmp->type != 11 && icmp->type != 12) || !cursor_has(c, sizeof(*quoted)))
		return PROBE_PASS;
	answer->type = icmp->type;
	answer->code = icmp->code;
	quoted = cursor_take(c, sizeof(*quoted));
	header = (quoted->version_words & 15) * 4;
	if (!probe_ours4(quoted->src_n) || header < sizeof(*quoted) ||
	    (quoted->proto != PROTO_TCP && quoted->proto != PROTO_ICMP) ||
	    !cursor_has(c, header - sizeof(*quoted)))
		return PROBE_PASS;
	cursor_take(c, header - sizeof(*quoted));
	if (!cursor_has(c, sizeof(struct wire_ports)))
		return PROBE_PASS;
	__builtin_memcpy(answer->addr, &quoted->dst_n, 4);
	return probe_quoted((const void *)c->pos, quoted->proto,
			    probe_cookie4(probe_source.key, PROBE_SYN, quoted->dst_n,
					  ((const struct wire_ports *)c->pos)->dst_n),
			    probe_cookie4(probe_source.key, PROBE_ECHO, quoted->dst_n, 0), answer);
}

static __always_inline int probe_ipv4(__u8 *ether, struct cursor *c, struct probe_answer *answer)
{
	const struct wire_ipv4 *ip;
	const struct wire_tcp *tcp;
	__u32 header;

	if (!cursor_has(c, sizeof(*ip)))
		return PROBE_PASS;
	ip = cursor_take(c, sizeof(*ip));
	header = (ip->version_words & 15) * 4;
	if (!probe_ours4(ip->dst_n) || ip->version_words >> 4 != 4 || header < sizeof(*ip) ||
	    parse_u16(ip->fragment_n) & 0x3fff || !cursor_has(c, header - sizeof(*ip)))
		return PROBE_PASS;
	cursor_take(c, header - sizeof(*ip));
	answer->version = 4;
	answer->ttl = ip->ttl;
	__builtin_memcpy(answer->addr, &ip->src_n, 4);
	__builtin_memcpy(answer->from, &ip->src_n, 4);
	if (ip->proto == PROTO_ICMP)
		return probe_icmp4(c, ip, answer);
	if (ip->proto != PROTO_TCP || !cursor_has(c, sizeof(*tcp)))
		return PROBE_PASS;
	tcp = (const void *)c->pos;
	if (!probe_is_answer(tcp))
		return PROBE_PASS;
	if (!probe_tcp(tcp, probe_cookie4(probe_source.key, PROBE_SYN, ip->src_n, tcp->src_n), answer) ||
	    (const __u8 *)ip + 40 > c->end)
		return PROBE_DROP;
	return probe_reset4(ether, (__u8 *)ip, tcp->ack_n, tcp->src_n);
}

/* RFC 4861 section 4.4. The link-layer address is left out where the asker is known to have it: then the frame's. */
static __always_inline void probe_advertised(const struct cursor *c, const struct wire_ipv6 *ip,
					     struct probe_answer *answer)
{
	const struct wire_nd *nd = (const void *)c->pos;

	if (ip->hops != 255 || !cursor_has(c, 24))
		return;
	__builtin_memcpy(answer->addr, nd->target, 16);
	__builtin_memcpy(answer->from, nd->target, 16);
	if (cursor_has(c, sizeof(*nd)) && nd->option == 2 && nd->option_words == 1)
		__builtin_memcpy(answer->mac, nd->mac, 6);
	probe_tell(answer, ANSWER_ND);
}

/* RFC 4443: destination unreachable, packet too big, time exceeded, parameter problem. */
static __always_inline int probe_error6(struct cursor *c, struct probe_answer *answer)
{
	const struct wire_ipv6 *quoted;
	const struct wire_ports *ports;
	__u64 to[2];

	if (!cursor_has(c, sizeof(*quoted) + sizeof(*ports)))
		return PROBE_PASS;
	quoted = cursor_take(c, sizeof(*quoted));
	ports = (const void *)c->pos;
	if (!probe_ours6(quoted->addr) || (quoted->next != PROTO_TCP && quoted->next != PROTO_ICMPV6))
		return PROBE_PASS;
	to[0] = quoted->addr[2];
	to[1] = quoted->addr[3];
	__builtin_memcpy(answer->addr, to, 16);
	return probe_quoted(ports, quoted->next,
			    probe_cookie6(probe_source.key, PROBE_SYN, to[0], to[1], ports->dst_n),
			    probe_cookie6(probe_source.key, PROBE_ECHO, to[0], to[1], 0), answer);
}

/* The answer to an echo request to ff02::1 comes from whoever is there. */
static __always_inline bool probe_is_echo6(const struct wire_echo *echo, const __u64 *from)
{
	return probe_is_echo(echo, probe_cookie6(probe_source.key, PROBE_ECHO, from[0], from[1], 0)) ||
	       probe_is_echo(echo, probe_cookie6(probe_source.key, PROBE_ECHO, 0x2ff, 1ULL << 56, 0));
}

static __always_inline int probe_icmp6(struct cursor *c, const struct wire_ipv6 *ip,
				       struct probe_answer *answer)
{
	const struct wire_echo *icmp = (const void *)c->pos;

	if (!cursor_has(c, sizeof(*icmp)))
		return PROBE_PASS;
	if (icmp->type == 136) {
		probe_advertised(c, ip, answer);
		return PROBE_PASS;
	}
	if (icmp->type == 129) {
		if (!probe_is_echo6(icmp, ip->addr))
			return PROBE_PASS;
		probe_tell(answer, ANSWER_ECHO);
		return PROBE_DROP;
	}
	if (icmp->type < 1 || icmp->type > 4)
		return PROBE_PASS;
	answer->type = icmp->type;
	answer->code = icmp->code;
	cursor_take(c, sizeof(*icmp));
	return probe_error6(c, answer);
}

static __always_inline int probe_ipv6(__u8 *ether, struct cursor *c, struct probe_answer *answer)
{
	const struct wire_ipv6 *ip;
	const struct wire_tcp *tcp;

	if (!cursor_has(c, sizeof(*ip)))
		return PROBE_PASS;
	ip = cursor_take(c, sizeof(*ip));
	/* To ff02::1 too: an advertisement that nobody asked for. */
	if ((ip->version_class_label & 0xf0) != 0x60 ||
	    (!probe_ours6(&ip->addr[2]) && (ip->addr[2] & 0xffff) != 0x2ff))
		return PROBE_PASS;
	answer->version = 6;
	answer->ttl = ip->hops;
	__builtin_memcpy(answer->addr, ip->addr, 16);
	__builtin_memcpy(answer->from, ip->addr, 16);
	if (ip->next == PROTO_ICMPV6)
		return probe_icmp6(c, ip, answer);
	if (ip->next != PROTO_TCP || !cursor_has(c, sizeof(*tcp)))
		return PROBE_PASS;
	tcp = (const void *)c->pos;
	if (!probe_is_answer(tcp))
		return PROBE_PASS;
	if (!probe_tcp(tcp, probe_cookie6(probe_source.key, PROBE_SYN, ip->addr[0], ip->addr[1], tcp->src_n),
		       answer))
		return PROBE_DROP;
	return probe_reset6(ether, (__u8 *)ip, tcp->ack_n, tcp->src_n);
}

/* A reply to us, or whoever says its own address to all (RFC 5227 section 3). */
static __always_inline void probe_arp(const __u8 *ether, const struct cursor *c, struct probe_answer *answer)
{
	const struct wire_arp *arp = (const void *)c->pos;
	__u32 sender, target;

	if (!cursor_has(c, sizeof(*arp)) || arp->hardware_n != parse_u16(1) ||
	    arp->protocol_n != parse_u16(ETHER_IPV4) || arp->hardware_bytes != 6 || arp->protocol_bytes != 4)
		return;
	__builtin_memcpy(&sender, arp->sender, 4);
	__builtin_memcpy(&target, arp->target, 4);
	if (!sender ||
	    (sender != target && (arp->operation_n != parse_u16(2) || !probe_ours4(target) || ether[0] & 1)))
		return;
	answer->version = 4;
	__builtin_memcpy(answer->addr, &sender, 4);
	__builtin_memcpy(answer->from, &sender, 4);
	__builtin_memcpy(answer->mac, arp->sender_mac, 6);
	probe_tell(answer, ANSWER_ARP);
}

/* PROBE_PASS: go on as without. Otherwise the verdict. */
__noinline int probe_look(struct xdp_md *ctx)
{
	struct cursor c = frame_cursor(ctx);
	struct probe_answer answer = {};
	__u8 *ether = (void *)c.pos;
	__u16 type;

	if (parse_ether_type(&c, &type) != PARSE_OK)
		return PROBE_PASS;
	__builtin_memcpy(answer.mac, ether + 6, 6);
	if (type == ETHER_VLAN) {
		const struct wire_tag *tag = (const void *)c.pos;

		if (!cursor_has(&c, sizeof(*tag)) || parse_u16(tag->control_n) & 0xfff)
			return PROBE_PASS;
		type = parse_u16(tag->type_n);
		cursor_take(&c, sizeof(*tag));
	}
	if (type == ETHER_IPV4)
		return probe_ipv4(ether, &c, &answer);
	if (type == ETHER_IPV6)
		return probe_ipv6(ether, &c, &answer);
	if (type == ETHER_ARP)
		probe_arp(ether, &c, &answer);
	return PROBE_PASS;
}

#endif
