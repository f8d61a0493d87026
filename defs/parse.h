/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From the bytes of a frame to struct packet: Ethernet, VLAN tags, LLC/SNAP, ARP, IPv4, IPv6, TCP, UDP, SCTP, ICMP.
 *
 * Compiled into the XDP program and into its user-space twin, so it is pure: no map, no clock, no call.
 * One cursor; one function a header, which checks bounds first and hands the next type on. No byte outside
 * [pos, end) is ever read. Nothing inside a tunnel is looked at. Whoever calls it counts the outcome.
 */
#ifndef DEFS_PARSE_H
#define DEFS_PARSE_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "defs/limits.h"
#include "defs/record.h"

#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif

#ifdef __bpf__
#define PARSE_WIRE /* the verifier knows alignment; packed would split every load into bytes */
#else
#define PARSE_WIRE __attribute__((packed))
#endif

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "written for little-endian machines"
#endif

static __always_inline __u16 parse_u16(__u16 n)
{
	return __builtin_bswap16(n);
}

static __always_inline __u32 parse_u32(__u32 n)
{
	return __builtin_bswap32(n);
}

enum {
	PARSE_TAGS_MAX = 4,  /* VLAN tags walked, priority tags included */
	PARSE_TAGS_FAST = 2, /* of them by PARSE_FAST */

	ETHER_IPV4 = 0x0800,
	ETHER_ARP = 0x0806,
	ETHER_VLAN = 0x8100, /* 802.1Q */
	ETHER_IPV6 = 0x86dd,
	ETHER_SLOW = 0x8809, /* LACP, OAM */
	ETHER_MPLS = 0x8847,
	ETHER_MPLS_MULTI = 0x8848,
	ETHER_PPPOE = 0x8864, /* session: carries IP in PPP */
	ETHER_EAPOL = 0x888e,
	ETHER_PROVIDER = 0x88a8, /* 802.1ad */
	ETHER_LLDP = 0x88cc,
	ETHER_QINQ_OLD = 0x9100, /* before 802.1ad */
	ETHER_TYPE_MIN = 0x600,	 /* below it the field is a length, and LLC follows */

	PACKET_LLC = 1, /* ether_type of an LLC frame that names no EtherType: STP, CDP … */
};

/* Protocol numbers, so that no system header is needed. */
enum {
	PROTO_HOPOPTS = 0,
	PROTO_ICMP = 1,
	PROTO_IGMP = 2,
	PROTO_TCP = 6,
	PROTO_UDP = 17,
	PROTO_ROUTING = 43,
	PROTO_FRAGMENT = 44,
	PROTO_AH = 51,
	PROTO_ICMPV6 = 58,
	PROTO_DSTOPTS = 60,
	PROTO_EIGRP = 88,
	PROTO_OSPF = 89,
	PROTO_PIM = 103,
	PROTO_VRRP = 112,
	PROTO_SCTP = 132,
};

enum { TCP_FIN = 0x01, TCP_SYN = 0x02, TCP_RST = 0x04, TCP_PSH = 0x08, TCP_ACK = 0x10 };

enum parse_outcome {
	PARSE_OK,
	PARSE_TRUNCATED, /* a header ends after the received bytes do */
	PARSE_MALFORMED, /* a length or version contradicts the rest */
	PARSE_UNSUPPORTED, /* more tags or extension headers than the limits, or an encapsulation not looked into */
	PARSE_SHALLOW, /* only from PARSE_FAST: there is more than it looks at, parse again with PARSE_WHOLE */
};

/*
 * IPv6 extension headers and a third tag are rare, and the walk through them is long: the XDP program's steady path
 * leaves them to its rare one. A constant at each place of use, so that the compiler leaves the walk out.
 */
enum parse_depth { PARSE_FAST, PARSE_WHOLE };

/* What a frame says of itself: no pointers, all zero at first. Addresses and ports in network order, all else not. */
struct packet {
	vlan_packed vlan;
	__u64 addr_v6[4];    /* IPv6: source, destination, two words each */
	__u16 ether_type;    /* after the tags; PACKET_LLC when there is none */
	__u8 version;	     /* 4, 6, or 0: not IP, and nothing below is set */
	__u8 proto;	     /* after the extension headers */
	bool fragment_later; /* a fragment without the transport header */
	__u32 addr_v4_n[2];  /* IPv4: source, destination */
	__u16 port_n[2];     /* source, destination; 0 where there is none */
	__u32 ip_bytes; /* the packet, from the IP header on, as that header says; 0: "as long as the frame" */
	__u32 seen_bytes;   /* of it, received */
	__u32 header_bytes; /* IP and transport headers */
	__u32 seq, ack;	    /* TCP */
	__u8 tcp_flags;	    /* 0 for all but TCP */
	__u8 icmp_type;	    /* ICMP and ICMPv6 */
};

struct cursor {
	const __u8 *pos, *end;
};

/* Whether n more bytes are there. Asked before each cursor_take(). */
static __always_inline bool cursor_has(const struct cursor *c, __u32 n)
{
	return c->pos + n <= c->end;
}

static __always_inline const void *cursor_take(struct cursor *c, __u32 n)
{
	const __u8 *at = c->pos;

	c->pos = at + n;
	return at;
}

struct wire_ether {
	__u8 dst[6], src[6];
	__u16 type_n;
} PARSE_WIRE;

struct wire_tag {
	__u16 control_n;
	__u16 type_n;
} PARSE_WIRE;

/* LLC with SNAP, RFC 1042. */
struct wire_snap {
	__u8 dsap, ssap, control, oui[3];
	__u16 type_n;
} PARSE_WIRE;

struct wire_ipv4 {
	__u8 version_words, tos;
	__u16 total_n, id, fragment_n;
	__u8 ttl, proto;
	__u16 checksum;
	__u32 src_n, dst_n;
} PARSE_WIRE;

struct wire_ipv6 {
	__u32 version_class_label;
	__u16 payload_n;
	__u8 next, hops;
	__u64 addr[4];
} PARSE_WIRE;

struct wire_extension {
	__u8 next, length;
	__u16 fragment_n; /* of a fragment header */
	__u32 rest;
} PARSE_WIRE;

struct wire_ports {
	__u16 src_n, dst_n;
	__u32 rest;
} PARSE_WIRE;

struct wire_tcp {
	__u16 src_n, dst_n;
	__u32 seq_n, ack_n;
	__u8 words, flags;
	__u16 window, checksum, urgent;
} PARSE_WIRE;

static __always_inline bool parse_is_tag(__u16 type)
{
	return type == ETHER_VLAN || type == ETHER_PROVIDER || type == ETHER_QINQ_OLD;
}

/* 802.1Q-2018 clause 9: 12 bits of id; id 0 carries a priority and names no VLAN. */
static __always_inline enum parse_outcome parse_tags(struct cursor *c, struct packet *p, __u16 *type,
						     enum parse_depth depth)
{
#ifdef __clang__ /* gcc warns that it can't: it has other means */
#pragma GCC unroll 4
#endif
	for (int i = 0; i < (depth == PARSE_FAST ? PARSE_TAGS_FAST : PARSE_TAGS_MAX); i++) {
		const struct wire_tag *tag;
		__u64 id, count;

		if (!parse_is_tag(*type))
			return PARSE_OK;
		if (!cursor_has(c, sizeof(*tag)))
			return PARSE_TRUNCATED;
		tag = cursor_take(c, sizeof(*tag));
		id = parse_u16(tag->control_n) & 0xfff;
		count = p->vlan >> 48;
		if (id)
			p->vlan = (p->vlan | id << (12 * count & 63)) + (1ULL << 48);
		*type = parse_u16(tag->type_n);
	}
	if (!parse_is_tag(*type))
		return PARSE_OK;
	return depth == PARSE_FAST ? PARSE_SHALLOW : PARSE_UNSUPPORTED;
}

/* 802.3 frames: SNAP with OUI 0 names an EtherType, SAP 6 is IP, all else is between bridges or too old to matter. */
static __always_inline void parse_llc(struct cursor *c, __u16 *type)
{
	const struct wire_snap *snap = (const void *)c->pos;

	*type = PACKET_LLC;
	if (!cursor_has(c, 3))
		return;
	if (snap->dsap == 6 && snap->ssap == 6 && snap->control == 3) {
		c->pos += 3;
		*type = ETHER_IPV4;
		return;
	}
	if (!cursor_has(c, sizeof(*snap)) || snap->dsap != 0xaa || snap->ssap != 0xaa || snap->control != 3)
		return;
	if (snap->oui[0] | snap->oui[1] | snap->oui[2])
		return;
	c->pos += sizeof(*snap);
	*type = parse_u16(snap->type_n);
}

static __always_inline enum parse_outcome parse_tcp(struct cursor *c, struct packet *p)
{
	const struct wire_tcp *tcp;
	__u32 header;

	if (!cursor_has(c, sizeof(*tcp)))
		return PARSE_TRUNCATED;
	tcp = cursor_take(c, sizeof(*tcp));
	header = (tcp->words >> 4) * 4;
	if (header < sizeof(*tcp))
		return PARSE_MALFORMED;
	p->port_n[0] = tcp->src_n;
	p->port_n[1] = tcp->dst_n;
	p->seq = parse_u32(tcp->seq_n);
	p->ack = parse_u32(tcp->ack_n);
	p->tcp_flags = tcp->flags;
	p->header_bytes += header;
	return PARSE_OK;
}

/* UDP and SCTP begin with the same two ports; the common header is 8 and 12 bytes. */
static __always_inline enum parse_outcome parse_ports(struct cursor *c, struct packet *p)
{
	const struct wire_ports *ports;

	if (!cursor_has(c, sizeof(*ports)))
		return PARSE_TRUNCATED;
	ports = cursor_take(c, sizeof(*ports));
	p->port_n[0] = ports->src_n;
	p->port_n[1] = ports->dst_n;
	p->header_bytes += p->proto == PROTO_SCTP ? 12 : 8;
	return PARSE_OK;
}

static __always_inline enum parse_outcome parse_transport(struct cursor *c, struct packet *p)
{
	const __u8 *type;

	if (p->fragment_later)
		return PARSE_OK;
	if (p->proto == PROTO_TCP)
		return parse_tcp(c, p);
	if (p->proto == PROTO_UDP || p->proto == PROTO_SCTP)
		return parse_ports(c, p);
	if (p->proto == PROTO_ICMP || p->proto == PROTO_ICMPV6) {
		if (!cursor_has(c, 4))
			return PARSE_TRUNCATED;
		type = cursor_take(c, 4);
		p->icmp_type = *type;
		p->header_bytes += 4;
	}
	return PARSE_OK;
}

/* RFC 791. A total length of 0 is what segmentation offload leaves, and BIG TCP: then the frame's length counts. */
static __always_inline enum parse_outcome parse_ipv4(struct cursor *c, struct packet *p)
{
	const struct wire_ipv4 *ip;
	__u32 header, fragment;

	p->seen_bytes = c->end - c->pos;
	if (!cursor_has(c, sizeof(*ip)))
		return PARSE_TRUNCATED;
	ip = cursor_take(c, sizeof(*ip));
	header = (ip->version_words & 15) * 4;
	p->ip_bytes = parse_u16(ip->total_n);
	if (ip->version_words >> 4 != 4 || header < sizeof(*ip) || (p->ip_bytes && p->ip_bytes < header))
		return PARSE_MALFORMED;
	if (!cursor_has(c, header - sizeof(*ip)))
		return PARSE_TRUNCATED;
	cursor_take(c, header - sizeof(*ip));
	fragment = parse_u16(ip->fragment_n);
	p->version = 4;
	p->proto = ip->proto;
	p->fragment_later = fragment & 0x1fff;
	p->addr_v4_n[0] = ip->src_n;
	p->addr_v4_n[1] = ip->dst_n;
	p->header_bytes = header;
	return parse_transport(c, p);
}

static __always_inline bool parse_is_extension(__u8 next)
{
	return next == PROTO_HOPOPTS || next == PROTO_ROUTING || next == PROTO_FRAGMENT || next == PROTO_AH ||
	       next == PROTO_DSTOPTS;
}

/* RFC 8200 section 4: at most IPV6_EXTENSIONS_MAX headers are walked. */
static __always_inline enum parse_outcome parse_extensions(struct cursor *c, struct packet *p)
{
#pragma GCC unroll 1
	for (int i = 0; i < IPV6_EXTENSIONS_MAX; i++) {
		const struct wire_extension *extension;
		__u32 length;
		__u8 kind = p->proto;

		if (!parse_is_extension(kind))
			return PARSE_OK;
		if (!cursor_has(c, sizeof(*extension)))
			return PARSE_TRUNCATED;
		extension = cursor_take(c, sizeof(*extension));
		p->proto = extension->next;
		length = sizeof(*extension);
		if (kind == PROTO_FRAGMENT) {
			p->fragment_later = parse_u16(extension->fragment_n) & 0xfff8;
			if (p->fragment_later) {
				p->header_bytes += length;
				return PARSE_OK;
			}
		} else {
			/* AH counts in words of four and leaves two out (RFC 4302), the others in words of eight less one. */
			length = kind == PROTO_AH ? (extension->length + 2) * 4 : (extension->length + 1) * 8;
			if (length < sizeof(*extension))
				return PARSE_MALFORMED;
			if (!cursor_has(c, length - sizeof(*extension)))
				return PARSE_TRUNCATED;
			cursor_take(c, length - sizeof(*extension));
		}
		p->header_bytes += length;
	}
	return parse_is_extension(p->proto) ? PARSE_UNSUPPORTED : PARSE_OK;
}

/* RFC 8200. A payload length of 0 means a jumbogram or BIG TCP: then the frame's length counts. */
static __always_inline enum parse_outcome parse_ipv6(struct cursor *c, struct packet *p, enum parse_depth depth)
{
	const struct wire_ipv6 *ip;
	enum parse_outcome outcome;

	p->seen_bytes = c->end - c->pos;
	if (!cursor_has(c, sizeof(*ip)))
		return PARSE_TRUNCATED;
	ip = cursor_take(c, sizeof(*ip));
	if ((ip->version_class_label & 0xf0) != 0x60)
		return PARSE_MALFORMED;
	p->version = 6;
	p->proto = ip->next;
	for (int i = 0; i < 4; i++)
		p->addr_v6[i] = ip->addr[i];
	p->ip_bytes = ip->payload_n ? parse_u16(ip->payload_n) + sizeof(*ip) : 0;
	p->header_bytes = sizeof(*ip);
	if (parse_is_extension(p->proto)) {
		if (depth == PARSE_FAST)
			return PARSE_SHALLOW;
		outcome = parse_extensions(c, p);
		if (outcome != PARSE_OK)
			return outcome;
	}
	return parse_transport(c, p);
}

/* Tags and LLC: from the EtherType of the link header (machine's order) to that of what is carried, in *type. */
static __always_inline enum parse_outcome parse_link(struct cursor *c, struct packet *p, __u16 *type,
						     enum parse_depth depth)
{
	enum parse_outcome outcome;

	if (*type != ETHER_IPV4 && *type != ETHER_IPV6) {
		outcome = parse_tags(c, p, type, depth);
		if (outcome != PARSE_OK)
			return outcome;
		if (*type < ETHER_TYPE_MIN)
			parse_llc(c, type);
	}
	p->ether_type = *type;
	return *type == ETHER_MPLS || *type == ETHER_MPLS_MULTI || *type == ETHER_PPPOE ? PARSE_UNSUPPORTED
											: PARSE_OK;
}

/*
 * What follows a link header, at c, whose EtherType (machine's order) is type. p is all zero but for what the link
 * header told. Also the entry for links without Ethernet. PARSE_OK with version 0: not IP.
 */
static __always_inline enum parse_outcome parse_network(struct cursor *c, struct packet *p, __u16 type,
							enum parse_depth depth)
{
	enum parse_outcome outcome = parse_link(c, p, &type, depth);

	if (outcome != PARSE_OK)
		return outcome;
	if (type == ETHER_IPV4)
		return parse_ipv4(c, p);
	if (type == ETHER_IPV6)
		return parse_ipv6(c, p, depth);
	return PARSE_OK;
}

/* Take the Ethernet header. */
static __always_inline enum parse_outcome parse_ether_type(struct cursor *c, __u16 *type)
{
	const struct wire_ether *ether;

	if (!cursor_has(c, sizeof(*ether)))
		return PARSE_TRUNCATED;
	ether = cursor_take(c, sizeof(*ether));
	*type = parse_u16(ether->type_n);
	return PARSE_OK;
}

/* An Ethernet frame at c. p is all zero. */
static __always_inline enum parse_outcome parse_ethernet(struct cursor *c, struct packet *p,
							 enum parse_depth depth)
{
	__u16 type;
	enum parse_outcome outcome = parse_ether_type(c, &type);

	return outcome == PARSE_OK ? parse_network(c, p, type, depth) : outcome;
}

/* A packet without a link header. */
static __always_inline enum parse_outcome parse_raw_ip(struct cursor *c, struct packet *p,
						       enum parse_depth depth)
{
	__u8 version;

	if (!cursor_has(c, 1))
		return PARSE_TRUNCATED;
	version = *c->pos >> 4;
	if (version != 4 && version != 6)
		return PARSE_MALFORMED;
	return parse_network(c, p, version == 4 ? ETHER_IPV4 : ETHER_IPV6, depth);
}

/* Whether the length that the IP header gives must be compared with the frame's: see packet_settle(). */
static __always_inline bool packet_unsettled(const struct packet *p)
{
	return p->ip_bytes - 1 >= p->seen_bytes; /* 0, or more than was received */
}

/*
 * The frame had missing_bytes more on the wire than the parser was given (a capture's snap length, the later
 * buffers of a jumbo frame): no packet is longer than its frame, and one of length 0 is as long as its frame.
 */
static __always_inline void packet_settle(struct packet *p, __u32 missing_bytes)
{
	__u32 most = p->seen_bytes + missing_bytes;

	if (!p->ip_bytes || p->ip_bytes > most)
		p->ip_bytes = most;
}

/* Bytes after the transport header. */
static __always_inline __u32 packet_payload(const struct packet *p)
{
	return p->ip_bytes > p->header_bytes ? p->ip_bytes - p->header_bytes : 0;
}

#endif
