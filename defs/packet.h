/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a frame says of itself (struct packet), the cursor with which it is read, and the headers as they lie on the wire.
 * How one becomes the other is in parse.h.
 */
#ifndef DEFS_PACKET_H
#define DEFS_PACKET_H

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
	ETHER_TRANSPARENT = 0x6558, /* in GRE and Geneve: an Ethernet frame */
	ETHER_ERSPAN_III = 0x22eb,
	ETHER_SLOW = 0x8809, /* LACP, OAM */
	ETHER_MPLS = 0x8847,
	ETHER_MPLS_MULTI = 0x8848,
	ETHER_PPP = 0x880b,   /* in GRE (RFC 2637) */
	ETHER_PPPOE = 0x8864, /* session: carries IP in PPP */
	ETHER_EAPOL = 0x888e,
	ETHER_PROFINET = 0x8892,
	ETHER_PROVIDER = 0x88a8, /* 802.1ad */
	ETHER_ERSPAN = 0x88be,	 /* types I and II */
	ETHER_LLDP = 0x88cc,
	ETHER_QINQ_OLD = 0x9100, /* before 802.1ad */
	ETHER_TYPE_MIN = 0x600,	 /* below it the field is a length, and LLC follows */

	PACKET_LLC = 1,	 /* ether_type of an LLC frame that names no EtherType: STP, CDP … */
	PACKET_PPP = 2,	 /* PPP that is not IP: how a link is set up */
	PACKET_MPLS = 3, /* behind the labels is no IP */

	PACKET_SEGMENT_SHIFT = 24, /* in struct packet's vlan, of a packet with at most two tags */
	PACKET_INNER_AT_MAX =
		1023, /* bytes of a frame before what a tunnel carries; with more it is unsupported */
};

/* Protocol numbers, so that no system header is needed. */
enum {
	PROTO_HOPOPTS = 0,
	PROTO_ICMP = 1,
	PROTO_IGMP = 2,
	PROTO_IPV4 = 4, /* RFC 2003 */
	PROTO_TCP = 6,
	PROTO_UDP = 17,
	PROTO_IPV6 = 41, /* RFC 2473, RFC 4213 */
	PROTO_ROUTING = 43,
	PROTO_FRAGMENT = 44,
	PROTO_GRE = 47,
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
	PARSE_UNSUPPORTED, /* more tags, labels or extension headers than the limits, or an encapsulation not looked into */
	PARSE_SHALLOW, /* only from PARSE_FAST: there is more than it looks at, parse again with PARSE_WHOLE */
};

/*
 * IPv6 extension headers, a third tag and tunnels are rare, and the walk through them is long: the XDP program's steady path
 * leaves them to its rare one. A constant at each place of use, so that the compiler leaves the walk out.
 */
enum parse_depth { PARSE_FAST, PARSE_WHOLE };

/* What a packet is carried by, besides Ethernet with its tags. */
enum tunnel {
	TUNNEL_NONE,
	TUNNEL_PPPOE,
	TUNNEL_MPLS,
	TUNNEL_GRE,
	TUNNEL_ERSPAN,
	TUNNEL_VXLAN,
	TUNNEL_GENEVE,
	TUNNEL_IP,
	TUNNEL_COUNT,
};

/* What a tunnel's packet carries: tunnel.h. */
struct packet_inner {
	__u32 left; /* received bytes from where it begins on; before parse_tunnel(): from the tunnel's header on. 0: none */
	__u32 segment; /* VXLAN and Geneve: the network's identifier */
	__u16 type;    /* EtherType, or ETHER_TRANSPARENT for an Ethernet frame */
	__u16 tag;     /* id of the VLAN tag that the mirror took off, or 0 */
	__u8 kind;     /* enum tunnel */
	bool cut;      /* the rest is in later fragments, or was cut off before it was sent */
};

/* What a frame says of itself: no pointers, all zero at first. Addresses and ports in network order, all else not. */
struct packet {
	vlan_packed vlan;    /* and the segment: packet_enclose() */
	__u64 addr_v6[4];    /* IPv6: source, destination, two words each */
	__u16 ether_type;    /* after the tags; PACKET_LLC when there is none */
	__u8 version;	     /* 4, 6, or 0: not IP; below only PROFINET's id is set then */
	__u8 proto;	     /* after the extension headers */
	bool fragment_later; /* a fragment without the transport header */
	bool fragment_first; /* the one with it, of several */
	__u8 inside;	     /* enum tunnel: what this packet is carried by */
	__u32 addr_v4_n[2];  /* IPv4: source, destination */
	__u16 port_n
		[2]; /* source, destination; 0 where there is none; of PROFINET the frame's id is the first */
	__u32 ip_bytes; /* the packet, from the IP header on, as that header says; 0: "as long as the frame" */
	__u32 seen_bytes;   /* of it, received */
	__u32 header_bytes; /* IP and transport headers */
	__u32 seq, ack;	    /* TCP */
	__u8 tcp_flags;	    /* 0 for all but TCP */
	__u8 icmp_type;	    /* ICMP and ICMPv6 */
	struct packet_inner inner;
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

struct wire_pppoe {
	__u8 version_type, code;
	__u16 session_n, length_n;
} PARSE_WIRE;

struct wire_gre {
	__u16 flags_n, type_n;
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

enum { PACKET_CUT_BYTES_MAX = 65535 };

/*
 * Bytes that a tunnel's inner packet, settled, had more than came with it. Of one that was cut before it came here its IP header
 * alone tells; else frame_missing, as many as the frame's.
 */
static __always_inline __u32 packet_missing(const struct packet *p, bool cut, __u32 frame_missing)
{
	if (!cut)
		return frame_missing;
	return p->ip_bytes > p->seen_bytes ? p->ip_bytes - p->seen_bytes : 0;
}

/* Bytes after the transport header. */
static __always_inline __u32 packet_payload(const struct packet *p)
{
	return p->ip_bytes > p->header_bytes ? p->ip_bytes - p->header_bytes : 0;
}

#endif
