// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* See responder.h. For benches, in namespaces of their own. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "defs/probe_frame.h"
#include "tests/bench/responder.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct responder_count);
} counts SEC(".maps");

struct responder_forge forge_what;

enum { CLOCK_MASK = 63 };

static __always_inline void turn(__u8 *ether)
{
	__u8 mac[6];

	__builtin_memcpy(mac, ether, 6);
	__builtin_memcpy(ether, ether + 6, 6);
	__builtin_memcpy(ether + 6, mac, 6);
}

static __always_inline int answer_arp(__u8 *frame, struct wire_arp *arp)
{
	__u8 asked[4];

	if (arp->operation_n != parse_u16(1) || arp->target[0] != 10)
		return XDP_PASS;
	__builtin_memcpy(asked, arp->target, 4);
	__builtin_memcpy(frame, frame + 6, 6);
	__builtin_memcpy(frame + 6, (__u8[]){2, 0, 0, 0, 0, 9}, 6);
	__builtin_memcpy(arp->target_mac, arp->sender_mac, 6);
	__builtin_memcpy(arp->target, arp->sender, 4);
	__builtin_memcpy(arp->sender_mac, frame + 6, 6);
	__builtin_memcpy(arp->sender, asked, 4);
	arp->operation_n = parse_u16(2);
	return XDP_TX;
}

/* The checksum over the echo changes by what the type changes. */
static __always_inline int answer_echo(__u8 *frame, struct wire_ipv4 *ip, struct wire_echo *echo)
{
	__u32 them = ip->src_n, us = ip->dst_n;

	if (echo->type != 8)
		return XDP_PASS;
	turn(frame);
	ip->src_n = us;
	ip->dst_n = them;
	echo->type = 0;
	echo->checksum = probe_fold((__u64)(__u16)~echo->checksum + (__u16)~8);
	return XDP_TX;
}

static __always_inline int answer_tcp(__u8 *frame, struct wire_ipv4 *ip, struct wire_tcp *tcp)
{
	__u32 zero = 0, them = ip->src_n, us = ip->dst_n, seq_n = tcp->seq_n;
	__u16 port_n = tcp->dst_n, to_n = tcp->src_n;
	struct responder_count *count = bpf_map_lookup_elem(&counts, &zero);
	int open = responder_open(us, port_n);

	if (!count)
		return XDP_DROP;
	if (tcp->flags & TCP_RST) {
		count->reset++;
		return XDP_DROP;
	}
	if ((tcp->flags & (TCP_SYN | TCP_ACK)) != TCP_SYN) {
		count->other++;
		return XDP_DROP;
	}
	/* Reading the clock costs as much as the rest. */
	if (!(count->syn++ & CLOCK_MASK))
		count->last_ns = bpf_ktime_get_ns();
	count->syn_ack += open;
	if (!count->first_ns)
		count->first_ns = count->last_ns;
	turn(frame);
	probe_put_ipv4((__u8 *)ip, us, them, PROTO_TCP, 40);
	tcp->src_n = port_n;
	tcp->dst_n = to_n;
	tcp->seq_n = open ? parse_u32(1) : 0;
	tcp->ack_n = parse_u32(parse_u32(seq_n) + 1);
	tcp->words = 5 << 4;
	tcp->flags = open ? TCP_SYN | TCP_ACK : TCP_RST | TCP_ACK;
	tcp->window = open ? parse_u16(8192) : 0;
	tcp->urgent = 0;
	tcp->checksum = 0;
	tcp->checksum = probe_fold(probe_sum(tcp, 5) + probe_pseudo((__u8 *)ip, 4, PROTO_TCP, 20));
	return XDP_TX;
}

static __always_inline int answer(struct xdp_md *ctx)
{
	__u8 *frame = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct wire_ether *ether = (void *)frame;
	struct wire_ipv4 *ip = (void *)(ether + 1);

	if ((__u8 *)(ip + 1) > end)
		return XDP_PASS;
	if (ether->type_n == parse_u16(ETHER_ARP)) {
		struct wire_arp *arp = (void *)ip;

		return (__u8 *)(arp + 1) > end ? XDP_PASS : answer_arp(frame, arp);
	}
	if (ether->type_n != parse_u16(ETHER_IPV4) || ip->version_words != 0x45)
		return XDP_PASS;
	if (ip->proto == PROTO_ICMP) {
		struct wire_echo *echo = (void *)(ip + 1);

		return (__u8 *)(echo + 1) > end ? XDP_PASS : answer_echo(frame, ip, echo);
	}
	if (ip->proto == PROTO_TCP && frame + sizeof(*ether) + sizeof(*ip) + sizeof(struct wire_tcp) <= end)
		return answer_tcp(frame, ip, (void *)(ip + 1));
	return XDP_PASS;
}

/* XDP_TX on a veth reaches a port without an XDP program of its own only with the next frame that goes there; a redirect does at once. */
SEC("xdp")
int respond(struct xdp_md *ctx)
{
	int verdict = answer(ctx);

	return verdict == XDP_TX ? bpf_redirect(ctx->ingress_ifindex, 0) : verdict;
}

/* Counts what the kernel would get, for a target that is the kernel. */
SEC("xdp")
int count_only(struct xdp_md *ctx)
{
	__u8 *frame = (void *)(long)ctx->data;
	struct wire_ipv4 *ip = (void *)(frame + sizeof(struct wire_ether));
	struct wire_tcp *tcp = (void *)(ip + 1);
	__u32 zero = 0;
	struct responder_count *count = bpf_map_lookup_elem(&counts, &zero);

	if ((__u8 *)(tcp + 1) > (__u8 *)(long)ctx->data_end || !count || ip->proto != PROTO_TCP)
		return XDP_PASS;
	count->reset += !!(tcp->flags & TCP_RST);
	if ((tcp->flags & (TCP_SYN | TCP_ACK)) != TCP_SYN)
		return XDP_PASS;
	if (!(count->syn++ & CLOCK_MASK))
		count->last_ns = bpf_ktime_get_ns();
	if (!count->first_ns)
		count->first_ns = count->last_ns;
	return XDP_PASS;
}

/* Run with live frames. The acknowledgements are those of a generator (Knuth) whose seed is the bench's. */
SEC("xdp")
int forge(struct xdp_md *ctx)
{
	__u8 *frame = (void *)(long)ctx->data;
	struct wire_ipv4 *ip = (void *)(frame + sizeof(struct wire_ether));
	struct wire_tcp *tcp = (void *)(ip + 1);
	__u64 number = forge_what.next++;

	if ((__u8 *)(tcp + 1) > (__u8 *)(long)ctx->data_end)
		return XDP_DROP;
	forge_what.state = forge_what.state * 6364136223846793005ULL + 1442695040888963407ULL;
	probe_put_ether(frame, forge_what.mac_to, forge_what.mac_from, ETHER_IPV4);
	probe_put_ipv4((__u8 *)ip, parse_u32(0x0a200000 | (number & 0xfffff)), forge_what.addr_n, PROTO_TCP,
		       40);
	tcp->src_n = parse_u16(80);
	tcp->dst_n = forge_what.port_n;
	tcp->seq_n = 0;
	tcp->ack_n = forge_what.state >> 32;
	tcp->words = 5 << 4;
	tcp->flags = number & 1 ? TCP_SYN | TCP_ACK : TCP_RST | TCP_ACK;
	tcp->window = parse_u16(8192);
	tcp->urgent = 0;
	tcp->checksum = 0;
	tcp->checksum = probe_fold(probe_sum(tcp, 5) + probe_pseudo((__u8 *)ip, 4, PROTO_TCP, 20));
	return XDP_TX;
}
