/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames whose point is their headers: tags, options, extension headers, fragments, lengths that lie. Each with what the
 * parser must make of it. Beside tests/frames.h, whose frames are about what they carry.
 */
#ifndef TESTS_HEADER_FRAMES_H
#define TESTS_HEADER_FRAMES_H

#include "defs/parse.h"
#include "tests/frames.h"

struct header_case {
	enum parse_outcome outcome;
	uint8_t version, proto;
	uint16_t src, dst; /* ports */
	vlan_packed vlan;
	uint32_t ip_bytes;
};

enum { HEADER_CASES_MAX = 64 };

struct header_cases {
	struct test_frames frames;
	struct header_case expect[HEADER_CASES_MAX];
	struct header_case inner[HEADER_CASES_MAX]; /* of what it carries: all zero where it carries nothing */
	bool deeper[HEADER_CASES_MAX];		    /* and that carries something, too */
};

#define HEADER_VLAN(count, a, b, c, d)                                                  \
	((vlan_packed)(count) << 48 | (vlan_packed)(d) << 36 | (vlan_packed)(c) << 24 | \
	 (vlan_packed)(b) << 12 | (a))

/* A frame of these tags (EtherType and control, 32 bits each, 0 ends) and then type. */
static inline struct test_frame *header_frame(struct header_cases *all, const char *name, const uint32_t *tags,
					      unsigned int type, struct header_case expect)
{
	struct test_frame *f;

	all->expect[all->frames.count] = expect;
	f = next_frame(&all->frames, name);
	put(f, mac_router, 6);
	put(f, mac_laptop, 6);
	for (; *tags; tags++)
		put32(f, *tags);
	put16(f, type);
	return f;
}

/* IPv4 with UDP from 4000 to 5000, 5 bytes of payload: 33 bytes. */
static inline void header_udp4(struct test_frame *f)
{
	size_t ip = put_ipv4(f, ip_laptop, ip_router, 17), udp = put_udp(f, 4000, 5000);

	put_hello(f);
	frame_end(f, ip, udp);
}

static inline void header_tags(struct header_cases *all)
{
	struct header_case good = {PARSE_OK, 4, 17, 4000, 5000, 0, 33}, deep = {.outcome = PARSE_UNSUPPORTED};
	static const struct {
		const char *name;
		uint32_t tags[6];
		vlan_packed vlan;
	} rows[] = {
		{"untagged", {0}, 0},
		{"802.1Q", {0x81000014}, HEADER_VLAN(1, 20, 0, 0, 0)},
		{"802.1ad", {0x88a80014}, HEADER_VLAN(1, 20, 0, 0, 0)},
		{"0x9100", {0x91000fff}, HEADER_VLAN(1, 4095, 0, 0, 0)},
		{"QinQ", {0x88a8e00a, 0x81000014}, HEADER_VLAN(2, 10, 20, 0, 0)},
		{"priority tag", {0x8100e000}, 0},
		{"priority tag and VLAN", {0x8100e000, 0x81000007}, HEADER_VLAN(1, 7, 0, 0, 0)},
		{"three tags", {0x88a80001, 0x81000002, 0x81000003}, HEADER_VLAN(3, 1, 2, 3, 0)},
		{"four tags", {0x81000008, 0x8100000a, 0x81000014, 0x8100001e}, HEADER_VLAN(4, 8, 10, 20, 30)},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		good.vlan = rows[i].vlan;
		header_udp4(header_frame(all, rows[i].name, rows[i].tags, ETHER_IPV4, good));
	}
	header_udp4(header_frame(all, "five tags",
				 (uint32_t[]){0x81000001, 0x81000002, 0x81000003, 0x81000004, 0x81000005, 0},
				 ETHER_IPV4, deep));
}

static const uint32_t no_tags[1];

static inline void header_link(struct header_cases *all)
{
	struct header_case other = {.outcome = PARSE_OK}, snap = {PARSE_OK, 4, 17, 4000, 5000, 0, 33};
	struct test_frame *f;

	f = header_frame(all, "SNAP with IPv4", no_tags, 41, snap);
	put32(f, 0xaaaa0300);
	put32(f, 0x00000800);
	header_udp4(f);
	f = header_frame(all, "SAP 6 with IPv4", no_tags, 36, snap);
	put16(f, 0x0606);
	put8(f, 3);
	header_udp4(f);
	f = header_frame(all, "STP", no_tags, 38, other);
	put16(f, 0x4242);
	put8(f, 3);
	put_zeros(f, 35);
	f = header_frame(all, "SNAP of another organisation (CDP)", no_tags, 20, other);
	put32(f, 0xaaaa0300);
	put32(f, 0x000c2000);
	put_zeros(f, 12);
	f = header_frame(all, "SNAP with a tag's EtherType", no_tags, 8, other);
	put32(f, 0xaaaa0300);
	put32(f, 0x00008100);
	f = header_frame(all, "unknown EtherType", no_tags, 0x88b5, other);
	put_zeros(f, 46);
}

/* An IPv4 frame of which one byte or two of the header, at offset, are something else. */
static inline void header_ipv4_odd(struct header_cases *all, const char *name, size_t at, unsigned int value,
				   struct header_case expect)
{
	struct test_frame *f = header_frame(all, name, no_tags, ETHER_IPV4, expect);

	header_udp4(f);
	set16(f, 14 + at, value);
}

static inline void header_ipv4(struct header_cases *all)
{
	struct header_case good = {PARSE_OK, 4, 17, 4000, 5000, 0, 33}, later = {PARSE_OK, 4, 17, 0, 0, 0, 33};
	struct header_case malformed = {.outcome = PARSE_MALFORMED}, tcp = {PARSE_OK, 4, 6, 4000, 80, 0, 40};
	struct test_frame *f;

	header_ipv4_odd(all, "first fragment", 6, 0x2000, good);
	header_ipv4_odd(all, "later fragment", 6, 0x0010, later);
	header_ipv4_odd(all, "don't fragment", 6, 0x4000, good);
	header_ipv4_odd(all, "total length 0: as long as the frame", 2, 0, good);
	header_ipv4_odd(all, "total length past the frame", 2, 1500, good);
	header_ipv4_odd(all, "total length within the header", 2, 19, malformed);
	header_ipv4_odd(all, "header length of four words", 0, 0x4400, malformed);
	header_ipv4_odd(all, "version 5", 0, 0x5500, malformed);
	f = header_frame(all, "IPv4 with options", no_tags, ETHER_IPV4,
			 (struct header_case){PARSE_OK, 4, 17, 4000, 5000, 0, 73});
	put_ipv4(f, ip_laptop, ip_router, 17);
	f->bytes[14] = 0x4f;
	set16(f, 16, 73);
	put_zeros(f, 40);
	put_udp(f, 4000, 5000);
	put_hello(f);
	f = header_frame(all, "padding after the packet", no_tags, ETHER_IPV4, good);
	header_udp4(f);
	put_zeros(f, 13);
	f = header_frame(all, "TCP header of three words", no_tags, ETHER_IPV4, malformed);
	put_ipv4(f, ip_laptop, ip_router, 6);
	put_tcp(f, 4000, 80, 1, 1, TEST_ACK);
	f->bytes[14 + 20 + 12] = 0x30;
	set16(f, 16, 40);
	f = header_frame(all, "TCP", no_tags, ETHER_IPV4, tcp);
	put_ipv4(f, ip_laptop, ip_router, 6);
	put_tcp(f, 4000, 80, 1, 1, TEST_ACK);
	set16(f, 16, 40);
	f = header_frame(all, "SCTP", no_tags, ETHER_IPV4,
			 (struct header_case){PARSE_OK, 4, 132, 4000, 80, 0, 32});
	put_ipv4(f, ip_laptop, ip_router, 132);
	put32(f, 4000 << 16 | 80);
	put_zeros(f, 8);
	set16(f, 16, 32);
}

/* Extension headers of these kinds, each of eight bytes, before UDP. */
static inline struct test_frame *header_ipv6(struct header_cases *all, const char *name, const uint8_t *kinds,
					     size_t count, struct header_case expect)
{
	struct test_frame *f = header_frame(all, name, no_tags, ETHER_IPV6, expect);
	size_t ip = put_ipv6(f, ip6_laptop, ip6_router, count ? kinds[0] : 17, 64);

	for (size_t i = 0; i < count; i++) {
		put8(f, i + 1 < count ? kinds[i + 1] : 17);
		put_zeros(f, 7);
	}
	put_udp(f, 4000, 5000);
	put_hello(f);
	frame_end(f, ip, 0);
	return f;
}

static inline void header_extensions(struct header_cases *all)
{
	struct header_case good = {PARSE_OK, 6, 17, 4000, 5000, 0, 53}, later = {PARSE_OK, 6, 17, 0, 0, 0, 61};
	struct test_frame *f;

	header_ipv6(all, "IPv6", NULL, 0, good);
	good.ip_bytes += 8;
	header_ipv6(all, "hop-by-hop", (uint8_t[]){0}, 1, good);
	header_ipv6(all, "routing", (uint8_t[]){43}, 1, good);
	header_ipv6(all, "destination options", (uint8_t[]){60}, 1, good);
	header_ipv6(all, "IPv6 first fragment", (uint8_t[]){44}, 1, good);
	f = header_ipv6(all, "IPv6 later fragment", (uint8_t[]){44}, 1, later);
	set16(f, 14 + 40 + 2, 8);
	f = header_ipv6(all, "authentication header", (uint8_t[]){51, 60}, 2,
			(struct header_case){PARSE_OK, 6, 17, 4000, 5000, 0, 69});
	f->bytes[14 + 40 + 1] = 2; /* 16 bytes; the second word of it is what was the next header */
	f->bytes[14 + 40] = 17;
	good.ip_bytes = 53 + 6 * 8;
	header_ipv6(all, "six extension headers", (uint8_t[]){0, 60, 43, 60, 44, 60}, 6, good);
	header_ipv6(all, "seven extension headers", (uint8_t[]){0, 60, 43, 60, 44, 60, 60}, 7,
		    (struct header_case){.outcome = PARSE_UNSUPPORTED});
	f = header_ipv6(all, "payload length 0: as long as the frame", NULL, 0,
			(struct header_case){PARSE_OK, 6, 17, 4000, 5000, 0, 53});
	set16(f, 14 + 4, 0);
	f = header_ipv6(all, "IPv6 of version 4", NULL, 0, (struct header_case){.outcome = PARSE_MALFORMED});
	f->bytes[14] = 0x40;
	f = header_ipv6(all, "an extension header longer than the packet", (uint8_t[]){0}, 1,
			(struct header_case){.outcome = PARSE_TRUNCATED});
	f->bytes[14 + 40 + 1] = 255;
}

static inline void header_cases_make(struct header_cases *all)
{
	memset(all, 0, sizeof(*all));
	header_tags(all);
	header_link(all);
	header_ipv4(all);
	header_extensions(all);
}

#endif
