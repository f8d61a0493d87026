/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What crosses from the XDP program to the sensor: the record in the ring buffer, and the flow's key.
 *
 * The same records come from the user-space twin (sensor/learn.c). Fixed widths, tag first, padding
 * explicit and zero. Ports and addresses are in network order, as the packet has them.
 */
#ifndef DEFS_RECORD_H
#define DEFS_RECORD_H

#ifndef __bpf__
#include <linux/types.h>
#include <stdbool.h>
#endif

/*
 * VLAN ids packed: id of tag i (outer first) in bits 12*i … 12*i+11, their number in bits 48 … 50.
 * Priority tags (id 0) are left out.
 */
typedef __u64 vlan_packed;

/* Both directions of a conversation have one key: end 0 is the lower of the two (address, port) as bytes. */
struct flow_key {
	__u8 addr[2][16]; /* IPv4 in the first four bytes, the rest zero */
	vlan_packed vlan;
	__u16 port_n[2]; /* 0 when the protocol has none, or in a later fragment; ICMP: 0 */
	__u8 version;	 /* 4 or 6 */
	__u8 proto;	 /* IPPROTO_* after the extension headers */
	__u8 pad[2];
};
_Static_assert(sizeof(struct flow_key) == 48, "flow_key has no hidden padding");

enum record_type {
	RECORD_FLOW = 1,      /* a flow table entry was made */
	RECORD_HANDSHAKE = 2, /* SYN, SYN-ACK and the opener's ACK were seen, and the numbers fit */
	RECORD_HOST = 3,      /* (vlan, mac, ip) or (vlan, mac) not seen before */
	RECORD_FRAME = 4,     /* a copy of a frame that carries discovery payload */
};

/* Why a frame was copied. Each has its own budget of copies a second. */
enum frame_class {
	FRAME_NONE = 0,
	FRAME_ARP,
	FRAME_ND,	/* ICMPv6 133 … 137, and MLD */
	FRAME_DHCP,	/* UDP 67, 68, 546, 547 */
	FRAME_DNS,	/* port 53 */
	FRAME_MDNS,	/* 5353, LLMNR 5355, NBNS 137, 138 */
	FRAME_ANNOUNCE, /* SSDP 1900, WSD 3702, makers' beacons */
	FRAME_LINK,	/* LLDP, CDP, STP family, LACP, EAPOL: what bridges say */
	FRAME_ROUTER,	/* VRRP, HSRP, IGMP, OSPF, EIGRP */
	FRAME_FRAGMENT, /* later pieces of UDP datagrams and TCP segments */
	FRAME_SYN,	/* the packet that opens a TCP flow: its options tell systems apart */
	FRAME_HEAD,	/* how a later turn of a TCP connection begins: HTTP, TLS (head.h) */
	FRAME_DATA,	/* the first data packets of each direction of a flow */
	FRAME_CLASS_COUNT,
};

struct record {
	__u16 type; /* enum record_type */
	__u16 size; /* of the whole record */
	__u32 pad;
	__u64 time_ns; /* live: CLOCK_MONOTONIC; from a file: since the Unix epoch */
};

struct record_flow {
	struct record head;
	struct flow_key key;
	__u64 entry;		     /* as in struct flow_report */
	__u8 mac_src[6], mac_dst[6]; /* of the first packet; zero where the link has none */
	__u8 direction;		     /* which end sent the first packet: 0 or 1 */
	__u8 tcp_flags;		     /* of the first packet */
	__u8 pad[2];
};

struct record_handshake {
	struct record head;
	struct flow_key key;
	__u32 rtt_us;	  /* SYN to the opener's ACK, as seen from here; 0 when not known */
	__u32 seq;	  /* of the first byte that the other end sends */
	__u32 opener_seq; /* of the opener's first byte, unless one was lost before */
	__u8 opener;	  /* end that sent the SYN */
	__u8 pad[3];
};

struct record_host {
	struct record head;
	vlan_packed vlan;
	__u8 mac[6];
	__u8 version; /* 4, 6, or 0 when the frame had no address */
	__u8 pad;
	__u8 addr[16];
};

struct record_frame {
	struct record head;
	__u16 frame_class; /* enum frame_class */
	__u16 captured;	   /* bytes that follow */
	__u32 length;	   /* of the frame on the wire */
	__u8 link;	   /* 1 Ethernet, 101 raw IP: DLT_* of what follows */
	__u8 inside;	   /* enum tunnel: what carried it; the tunnel's own headers are not among the bytes */
	__u16 tag;	   /* and what packet_enclose() takes from those */
	__u32 segment;
	__u8 bytes[]; /* from the link header on, tags included */
};

#endif
