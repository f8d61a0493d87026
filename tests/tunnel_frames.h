/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames that carry others: PPPoE, MPLS, GRE and what it is used for, VXLAN, Geneve, IP in IP; and each with a header that lies.
 * Beside tests/header_frames.h.
 */
#ifndef TESTS_TUNNEL_FRAMES_H
#define TESTS_TUNNEL_FRAMES_H

#include "tests/header_frames.h"

enum { TUNNEL_SEGMENT = 0x123456 };

/* What the carried packet is, when it is IPv4 or IPv6 with UDP from 6000 to 7000. */
static inline struct header_case tunnel_inner(unsigned int version, vlan_packed vlan)
{
	return (struct header_case){PARSE_OK, (uint8_t)version, 17, 6000, 7000, vlan, version == 4 ? 33 : 53};
}

static inline void tunnel_put_ip(struct test_frame *f, unsigned int version)
{
	size_t ip = version == 4 ? put_ipv4(f, ip_laptop, ip_router, 17)
				 : put_ipv6(f, ip6_laptop, ip6_router, 17, 64);
	size_t udp = put_udp(f, 6000, 7000);

	put_hello(f);
	frame_end(f, ip, udp);
}

static inline void tunnel_put_ether(struct test_frame *f, unsigned int tag)
{
	put(f, mac_laptop, 6);
	put(f, mac_router, 6);
	if (tag)
		put32(f, 0x81000000 | tag);
	put16(f, ETHER_IPV4);
	tunnel_put_ip(f, 4);
}

/* A link's header (PPPoE, MPLS) and then an IP packet. */
static inline struct test_frame *tunnel_link(struct header_cases *all, const char *name, unsigned int type,
					     const void *head, size_t length, unsigned int version)
{
	struct header_case expect = {.outcome = PARSE_UNSUPPORTED};
	struct test_frame *f;

	if (version)
		expect = tunnel_inner(version, 0);
	f = header_frame(all, name, no_tags, type, expect);
	put(f, head, length);
	tunnel_put_ip(f, version ? version : 4);
	return f;
}

static inline void tunnel_links(struct header_cases *all)
{
	struct header_case other = {.outcome = PARSE_OK}, malformed = {.outcome = PARSE_MALFORMED};
	struct test_frame *f;

	tunnel_link(all, "PPPoE with IPv4", ETHER_PPPOE, "\x11\0\0\7\0\x23\0\x21", 8, 4);
	tunnel_link(all, "PPPoE with IPv6", ETHER_PPPOE, "\x11\0\0\7\0\x37\0\x57", 8, 6);
	tunnel_link(all, "PPPoE with a compressed protocol", ETHER_PPPOE, "\x11\0\0\7\0\x22\x21", 7, 4);
	f = header_frame(all, "PPPoE with LCP", no_tags, ETHER_PPPOE, other);
	put(f, "\x11\0\0\7\0\6\xc0\x21\x09\1\0\4", 12);
	f = header_frame(all, "PPPoE of version 2", no_tags, ETHER_PPPOE, malformed);
	put(f, "\x12\0\0\7\0\x23\0\x21", 8);
	tunnel_put_ip(f, 4);
	f = header_frame(all, "PPPoE with the code of discovery", no_tags, ETHER_PPPOE, malformed);
	put(f, "\x11\x09\0\7\0\x23\0\x21", 8);
	tunnel_put_ip(f, 4);
	tunnel_link(all, "MPLS with IPv4", ETHER_MPLS, "\0\1\x41\x40", 4, 4);
	tunnel_link(all, "MPLS, three labels, with IPv6", ETHER_MPLS_MULTI,
		    "\0\1\x40\x40\0\1\x50\x40\0\2\1\x40", 12, 6);
	tunnel_link(
		all, "MPLS, nine labels", ETHER_MPLS,
		"\0\1\0\x40\0\1\0\x40\0\1\0\x40\0\1\0\x40\0\1\0\x40\0\1\0\x40\0\1\0\x40\0\1\0\x40\0\1\1\x40",
		36, 0);
	f = header_frame(all, "MPLS with an associated channel", no_tags, ETHER_MPLS, other);
	put(f, "\0\1\x41\x40\x10\0\0\x21\0\0\0\0", 12);
	f = header_frame(all, "MPLS with what no one can tell", no_tags, ETHER_MPLS,
			 (struct header_case){.outcome = PARSE_UNSUPPORTED});
	put(f, "\0\1\x41\x40\x90\0\0\x21\0\0\0\0", 12);
	f = header_frame(all, "MPLS with Ethernet behind a control word", no_tags, ETHER_MPLS, other);
	all->inner[all->frames.count - 1] = tunnel_inner(4, HEADER_VLAN(1, 7, 0, 0, 0));
	put(f, "\0\1\x41\x40\0\0\0\0", 8);
	tunnel_put_ether(f, 7);
}

/* An outer IPv4 packet of this protocol; what is inside follows. tunnel_end() fills in its length. */
static inline struct test_frame *tunnel_begin(struct header_cases *all, const char *name, unsigned int proto,
					      struct header_case inner)
{
	struct test_frame *f = header_frame(all, name, no_tags, ETHER_IPV4,
					    (struct header_case){PARSE_OK, 4, (uint8_t)proto, 0, 0, 0, 0});

	all->inner[all->frames.count - 1] = inner;
	put_ipv4(f, ip_laptop, ip_router, proto);
	return f;
}

static inline void tunnel_end(struct header_cases *all, struct test_frame *f)
{
	struct header_case *expect = &all->expect[all->frames.count - 1];

	frame_end(f, 14, expect->proto == 17 ? (expect->version == 4 ? 34 : 54) : 0);
	expect->ip_bytes = (uint32_t)f->length - 14;
}

/* GRE with these bytes after its first four, and then what version says: IP, or 0: an Ethernet frame. */
static inline void tunnel_gre(struct header_cases *all, const char *name, uint32_t head, const char *more,
			      size_t length, unsigned int version, struct header_case inner)
{
	struct test_frame *f = tunnel_begin(all, name, 47, inner);

	put32(f, head);
	put(f, more, length);
	if (version)
		tunnel_put_ip(f, version);
	else
		tunnel_put_ether(f, 0);
	tunnel_end(all, f);
}

static inline void tunnel_gres(struct header_cases *all)
{
	struct header_case four = tunnel_inner(4, 0), six = tunnel_inner(6, 0), none = {};
	struct header_case tagged = tunnel_inner(4, HEADER_VLAN(1, 20, 0, 0, 0));
	struct header_case unsupported = {.outcome = PARSE_UNSUPPORTED},
			   malformed = {.outcome = PARSE_MALFORMED};
	struct test_frame *f;

	tunnel_gre(all, "GRE with IPv4", 0x00000800, "", 0, 4, four);
	tunnel_gre(all, "GRE with checksum, key, number and IPv6", 0xb00086dd, "\0\0\0\0\0\0\0\1\0\0\0\2", 12,
		   6, six);
	tunnel_gre(all, "GRE with Ethernet", 0x00006558, "", 0, 0, four);
	tunnel_gre(all, "GRE with MPLS", 0x00008847, "\0\1\x41\x40", 4, 4, four);
	tunnel_gre(all, "GRE of PPTP", 0x3081880b, "\0\x25\0\1\0\0\0\1\0\0\0\1\xff\3\0\x21", 16, 4, four);
	tunnel_gre(all, "ERSPAN I", 0x000088be, "", 0, 0, four);
	tunnel_gre(all, "ERSPAN II, the tag taken off", 0x100088be, "\0\0\0\1\x10\x14\x10\7\0\0\0\0", 12, 0,
		   tagged);
	tunnel_gre(all, "ERSPAN II of an untagged frame", 0x100088be, "\0\0\0\1\x10\x14\0\7\0\0\0\0", 12, 0,
		   four);
	tunnel_gre(all, "ERSPAN III", 0x100022eb, "\0\0\0\1\x20\x14\0\7\0\0\0\0\0\0\0\0", 16, 0, four);
	tunnel_gre(all, "ERSPAN III of a platform", 0x100022eb,
		   "\0\0\0\1\x20\x14\0\7\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0", 24, 0, four);
	tunnel_gre(all, "ERSPAN II of version 3", 0x100088be, "\0\0\0\1\x30\x14\0\7\0\0\0\0", 12, 0,
		   unsupported);
	tunnel_gre(all, "ERSPAN III of frames that are not Ethernet", 0x100022eb,
		   "\0\0\0\1\x20\x14\0\7\0\0\0\0\0\0\x08\0", 16, 0, unsupported);
	tunnel_gre(all, "GRE with routing", 0x40000800, "\0\0\0\0", 4, 4, unsupported);
	tunnel_gre(all, "GRE of version 2", 0x00020800, "", 0, 4, unsupported);
	tunnel_gre(all, "GRE with an unknown protocol", 0x00001234, "", 0, 4, unsupported);
	tunnel_gre(all, "GRE that says IPv4 and holds IPv6", 0x00000800, "", 0, 6, malformed);
	f = tunnel_begin(all, "GRE's keepalive", 47, none);
	put32(f, 0);
	tunnel_end(all, f);
	f = tunnel_begin(all, "GRE that ends in its key", 47, (struct header_case){.outcome = PARSE_TRUNCATED});
	put32(f, 0x20000800);
	put16(f, 1);
	tunnel_end(all, f);
}

static inline void tunnel_udp(struct header_cases *all, const char *name, unsigned int port, const char *head,
			      size_t length, unsigned int version, struct header_case inner)
{
	struct test_frame *f = tunnel_begin(all, name, 17, inner);

	put_udp(f, 50000, port);
	all->expect[all->frames.count - 1].src = 50000;
	all->expect[all->frames.count - 1].dst = (uint16_t)port;
	put(f, head, length);
	if (version)
		tunnel_put_ip(f, version);
	else
		tunnel_put_ether(f, 0);
	tunnel_end(all, f);
}

static inline void tunnel_udps(struct header_cases *all)
{
	struct header_case four = tunnel_inner(4, (vlan_packed)TUNNEL_SEGMENT << PACKET_SEGMENT_SHIFT),
			   six = four, none = {};
	struct header_case unsupported = {.outcome = PARSE_UNSUPPORTED},
			   malformed = {.outcome = PARSE_MALFORMED};
	struct test_frame *f;

	six.version = 6;
	six.ip_bytes = 53;
	tunnel_udp(all, "VXLAN", 4789, "\x08\0\0\0\x12\x34\x56\0", 8, 0, four);
	tunnel_udp(all, "VXLAN with a policy's group", 4789, "\x88\0\0\7\x12\x34\x56\0", 8, 0, four);
	tunnel_udp(all, "VXLAN at its port of old", 8472, "\x08\0\0\0\x12\x34\x56\0", 8, 0, four);
	tunnel_udp(all, "VXLAN with reserved bits", 4789, "\x08\x08\x7f\x7f\x12\x34\x56\1", 8, 0, four);
	tunnel_udp(all, "VXLAN-GPE with Ethernet", 4790, "\x0c\0\0\3\x12\x34\x56\0", 8, 0, four);
	tunnel_udp(all, "VXLAN-GPE with IPv6", 4790, "\x0c\0\0\2\x12\x34\x56\0", 8, 6, six);
	tunnel_udp(all, "VXLAN with reserved bits, and no Ethernet", 4789, "\x08\x08\x7f\x7f\x12\x34\x56\1", 8,
		   4, malformed);
	tunnel_udp(all, "VXLAN without its flag", 4789, "\0\0\0\0\x12\x34\x56\0", 8, 0, malformed);
	tunnel_udp(all, "Geneve with options", 6081, "\2\0\x65\x58\x12\x34\x56\0\1\2\3\1\0\0\0\0", 16, 0, four);
	tunnel_udp(all, "Geneve with IPv6", 6081, "\0\0\x86\xdd\x12\x34\x56\0", 8, 6, six);
	tunnel_udp(all, "Geneve of version 1", 6081, "\x40\0\x65\x58\x12\x34\x56\0", 8, 0, malformed);
	tunnel_udp(all, "Geneve with an unknown protocol", 6081, "\0\0\x12\x34\x12\x34\x56\0", 8, 0,
		   unsupported);
	f = tunnel_begin(all, "an answer to the port of VXLAN", 17, none);
	put_udp(f, 443, 4789);
	all->expect[all->frames.count - 1].src = 443;
	all->expect[all->frames.count - 1].dst = 4789;
	put_hello(f);
	tunnel_end(all, f);
	f = tunnel_begin(all, "VXLAN with less than its header", 17,
			 (struct header_case){.outcome = PARSE_TRUNCATED});
	put_udp(f, 50000, 4789);
	all->expect[all->frames.count - 1].src = 50000;
	all->expect[all->frames.count - 1].dst = 4789;
	put_hello(f);
	tunnel_end(all, f);
	tunnel_udp(all, "VXLAN whose rest is in later fragments", 4789, "\x08\0\0\0\x12\x34\x56\0", 8, 0, four);
	f = &all->frames.frame[all->frames.count - 1];
	set16(f, 14 + 6, 0x2000);
	set16(f, 14 + 20 + 8 + 8 + 14 + 2, 933);
	all->inner[all->frames.count - 1].ip_bytes = 933;
}

static inline void tunnel_ips(struct header_cases *all)
{
	struct header_case malformed = {.outcome = PARSE_MALFORMED};
	struct test_frame *f;

	f = tunnel_begin(all, "IPv4 in IPv4", 4, tunnel_inner(4, 0));
	tunnel_put_ip(f, 4);
	tunnel_end(all, f);
	f = tunnel_begin(all, "IPv6 in IPv4", 41, tunnel_inner(6, 0));
	tunnel_put_ip(f, 6);
	tunnel_end(all, f);
	f = tunnel_begin(all, "IPv4 that is IPv6, in IPv4", 4, malformed);
	tunnel_put_ip(f, 6);
	tunnel_end(all, f);
	f = header_frame(all, "IPv4 in IPv6", no_tags, ETHER_IPV6,
			 (struct header_case){PARSE_OK, 6, 4, 0, 0, 0, 73});
	all->inner[all->frames.count - 1] = tunnel_inner(4, 0);
	put_ipv6(f, ip6_laptop, ip6_router, 4, 64);
	tunnel_put_ip(f, 4);
	tunnel_end(all, f);
	/* One level: the second is told of, and not looked into. */
	f = tunnel_begin(all, "IPv4 in IPv4 in IPv4", 4, (struct header_case){PARSE_OK, 4, 4, 0, 0, 0, 53});
	all->deeper[all->frames.count - 1] = true;
	put_ipv4(f, ip_laptop, (uint8_t[]){10, 9, 8, 7}, 4);
	set16(f, 14 + 20 + 2, 53);
	tunnel_put_ip(f, 4);
	tunnel_end(all, f);
}

static inline void tunnel_cases_make(struct header_cases *all)
{
	memset(all, 0, sizeof(*all));
	tunnel_links(all);
	tunnel_gres(all);
	tunnel_udps(all);
	tunnel_ips(all);
}

#endif
