/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What frames are worth a copy (enum frame_class of record.h): asked once for each flow, when its slot is made, and for each frame that is not IP.
 *
 * Compiled into the XDP program and into its user-space twin: pure.
 */
#ifndef DEFS_FRAME_CLASS_H
#define DEFS_FRAME_CLASS_H

#include "defs/parse.h"

static __always_inline bool class_is_port(const struct packet *p, __u16 port)
{
	__u16 port_n = __builtin_bswap16(port);

	return p->port_n[0] == port_n || p->port_n[1] == port_n;
}

/* To all: multicast, 255.255.255.255, and what is likely to be a subnet's broadcast. */
static __always_inline bool class_is_to_all(const struct packet *p)
{
	if (p->version == 6)
		return (p->addr_v6[2] & 0xff) == 0xff; /* its first byte */
	return (parse_u32(p->addr_v4_n[1]) & 0xf0000000) == 0xe0000000 ||
	       (parse_u32(p->addr_v4_n[1]) & 0xff) == 0xff;
}

/*
 * Where devices of one maker, or of a building's automation, tell all others of themselves. A conversation between two at such a port is one as
 * any other: they have its first packets.
 */
static __always_inline bool class_is_beacon(const struct packet *p)
{
	if (!class_is_to_all(p))
		return false;
	switch (parse_u16(p->port_n[1])) {
	case 5678:  /* MikroTik */
	case 6666:  /* Tuya */
	case 6667:  /* Tuya */
	case 9999:  /* TP-Link Kasa */
	case 10001: /* Ubiquiti */
	case 17500: /* Dropbox */
	case 20002: /* TP-Link Tapo */
	case 27036: /* Steam */
	case 47808: /* BACnet */
		return true;
	}
	return false;
}

static __always_inline enum frame_class class_of_udp(const struct packet *p)
{
	if (class_is_port(p, 53))
		return FRAME_DNS;
	if (class_is_port(p, 67) || class_is_port(p, 68) || class_is_port(p, 546) || class_is_port(p, 547))
		return FRAME_DHCP;
	if (class_is_port(p, 5353) || class_is_port(p, 5355) || class_is_port(p, 137) || class_is_port(p, 138))
		return FRAME_MDNS;
	if (class_is_port(p, 1900) || class_is_port(p, 3702))
		return FRAME_ANNOUNCE;
	/* HSRP (RFC 2281), HSRP for IPv6, GLBP; RIP (RFC 2453), RIPng (RFC 2080). */
	if (class_is_port(p, 1985) || class_is_port(p, 2029) || class_is_port(p, 3222) ||
	    class_is_port(p, 520) || class_is_port(p, 521))
		return FRAME_ROUTER;
	return class_is_beacon(p) ? FRAME_ANNOUNCE : FRAME_DATA;
}

/* What the frames of an IP packet's flow are worth. Asked once, when the flow's slot is made. */
static __always_inline enum frame_class class_of_flow(const struct packet *p)
{
	switch (p->proto) {
	case PROTO_TCP:
		return p->fragment_later ? FRAME_FRAGMENT : class_is_port(p, 53) ? FRAME_DNS : FRAME_DATA;
	case PROTO_UDP:
		return p->fragment_later ? FRAME_FRAGMENT : p->inner.left ? FRAME_NONE : class_of_udp(p);
	case PROTO_ICMPV6:
		return p->fragment_later ? FRAME_NONE : FRAME_ND;
	case PROTO_ICMP:
		/* Redirects and router advertisements (RFC 1256). What begins with anything else, pings above all, is never looked at. */
		return p->icmp_type == 5 || p->icmp_type == 9 ? FRAME_ROUTER : FRAME_NONE;
	case PROTO_IGMP:
	case PROTO_EIGRP:
	case PROTO_OSPF:
	case PROTO_PIM:
	case PROTO_VRRP:
		return FRAME_ROUTER;
	default:
		return FRAME_NONE;
	}
}

/* The class of a frame that is not IP. mac: its destination, or NULL where the link has none. */
static __always_inline enum frame_class class_of_other(const struct packet *p, const __u8 *mac)
{
	if (p->ether_type == ETHER_ARP)
		return FRAME_ARP;
	if (p->ether_type == ETHER_LLDP || p->ether_type == ETHER_SLOW || p->ether_type == ETHER_EAPOL ||
	    p->ether_type == PACKET_LLC)
		return FRAME_LINK;
	/* Discovery and configuration; all other ids are the machines' own traffic, thousands a second. */
	if (p->ether_type == ETHER_PROFINET)
		return p->port_n[0] >= 0xfc && (p->port_n[0] & 0xff) == 0xfe && p->port_n[0] >> 8 >= 0xfc
			       ? FRAME_LINK
			       : FRAME_NONE;
	/* 802.1Q table 8-1: 01-80-c2-00-00-0x is for the bridge next door, whatever follows. */
	if (mac && mac[0] == 0x01 && mac[1] == 0x80 && mac[2] == 0xc2 && !(mac[3] | mac[4]) && mac[5] < 0x10)
		return FRAME_LINK;
	return FRAME_NONE;
}

/* Whether this packet of a flow whose class is not FRAME_NONE is to be copied. */
static __always_inline bool class_wants(enum frame_class frame_class, const struct packet *p)
{
	/* ND is 133 … 137 (RFC 4861), MLD 130 … 132 and 143 (RFC 2710, 3810). */
	if (frame_class == FRAME_ND)
		return (p->icmp_type >= 130 && p->icmp_type <= 137) || p->icmp_type == 143;
	return packet_payload(p) > 0;
}

#endif
