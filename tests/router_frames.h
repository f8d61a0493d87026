/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What routers say to each other and to the hosts of a link, and who listens to which group, beside the frames of frames.h and
 * announce_frames.h: IGMP, MLD, PIM, OSPF, EIGRP, RIP, GLBP, ICMP, ND's and DHCP's words about the link. tests/decode/routers.c says what each shows.
 */
#ifndef TESTS_ROUTER_FRAMES_H
#define TESTS_ROUTER_FRAMES_H

#include "tests/frames.h"

static const uint8_t mac_groups[6] = {1, 0, 0x5e, 0, 0, 1}, ip_group[4] = {239, 1, 2, 3},
		     ip_systems[4] = {224, 0, 0, 1}, ip_reports[4] = {224, 0, 0, 22},
		     ip_ospf[4] = {224, 0, 0, 5}, ip_eigrp[4] = {224, 0, 0, 10}, ip_pim[4] = {224, 0, 0, 13},
		     ip_rip[4] = {224, 0, 0, 9}, ip_glbp[4] = {224, 0, 0, 102};
static const uint8_t ip6_group[16] = {0xff, 0x02, [15] = 0xfb},
		     ip6_solicited[16] = {0xff, 2, [11] = 1, 0xff, 0, 0, 5},
		     ip6_printer[16] = {0xfe, 0x80, [15] = 9}, ip6_reports[16] = {0xff, 0x02, [15] = 0x16};

/* One message over IPv4: where it begins. */
static inline size_t to_group(struct test_frame *f, const uint8_t *mac, const uint8_t *src, const uint8_t *dst,
			      unsigned int proto, unsigned int hops)
{
	size_t at;

	put_ether(f, mac_groups, mac, 0x0800);
	at = put_ipv4(f, src, dst, proto);
	f->bytes[at + 8] = (uint8_t)hops;
	return f->length;
}

/* sum: where in the message its checksum stands. */
static inline void group_end(struct test_frame *f, size_t from, size_t sum)
{
	put_sum(f, from + sum, from);
	frame_end(f, 14, 0);
}

static inline void add_igmp(struct test_frames *all)
{
	static const struct {
		const char *name;
		const uint8_t *mac, *src, *dst;
		uint32_t head;
		unsigned int hops;
		const uint8_t *group;
	} plain[] = {{"igmp report", mac_laptop, ip_laptop, ip_group, 0x16000000, 1, ip_group},
		     {"igmp report 1", mac_laptop, ip_laptop, ip_group, 0x12000000, 1, ip_group},
		     {"igmp report of another group", mac_laptop, ip_laptop, ip_mdns, 0x16000000, 1, ip_group},
		     {"igmp report of no group", mac_laptop, ip_laptop, ip_group, 0x16000000, 1, ip_router},
		     {"igmp report from afar", mac_laptop, ip_laptop, ip_group, 0x16000000, 9, ip_group},
		     {"igmp leave", mac_laptop, ip_laptop, ip_group, 0x17000000, 1, ip_group},
		     {"igmp query", mac_router, ip_router, ip_systems, 0x11640000, 1, ip_none},
		     {"igmp query of a switch", mac_switch, ip_none, ip_systems, 0x11640000, 1, ip_none}};
	struct test_frame *f;
	size_t from;

	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		f = next_frame(all, plain[i].name);
		from = to_group(f, plain[i].mac, plain[i].src, plain[i].dst, 2, plain[i].hops);
		put32(f, plain[i].head);
		put(f, plain[i].group, 4);
		group_end(f, from, 2);
	}
	f = next_frame(all, "igmp of a wrong sum");
	from = to_group(f, mac_laptop, ip_laptop, ip_group, 2, 1);
	put32(f, 0x16000001);
	put(f, ip_group, 4);
	frame_end(f, 14, 0);
	f = next_frame(all, "igmp report 3");
	from = to_group(f, mac_laptop, ip_none, ip_reports, 2, 1);
	put32(f, 0x22000000);
	put32(f, 3);
	put32(f, 0x04000000); /* everything that is sent to it */
	put(f, ip_mdns, 4);
	put32(f, 0x05000001); /* from one sender */
	put(f, ip_group, 4);
	put(f, ip_web, 4);
	put32(f, 0x03000000); /* nothing any more */
	put(f, "\xef\xff\xff\xfa", 4);
	group_end(f, from, 2);
	f = next_frame(all, "igmp report 3 past the end");
	from = to_group(f, mac_laptop, ip_laptop, ip_reports, 2, 1);
	put32(f, 0x22000000);
	put32(f, 1);
	put32(f, 0x04000002);
	put(f, ip_mdns, 4);
	put32(f, 0);
	group_end(f, from, 2);
}

/* With a router alert in front, as RFC 2710 and 3810 want it. */
static inline struct test_frame *mld_begin(struct test_frames *all, const char *name, const uint8_t *mac,
					   const uint8_t *src, unsigned int hops, unsigned int type)
{
	struct test_frame *f = next_frame(all, name);

	put_ether(f, mac_nodes, mac, 0x86dd);
	put_ipv6(f, src, ip6_reports, 0, hops);
	put32(f, 0x3a000502);
	put32(f, 0x00000100);
	put8(f, type);
	put_zeros(f, 3);
	return f;
}

static inline void add_mld(struct test_frames *all)
{
	struct test_frame *f = mld_begin(all, "mld report 2", mac_laptop, ip6_laptop, 1, 143);

	put32(f, 2);
	put32(f, 0x04000000);
	put(f, ip6_group, 16);
	put32(f, 0x04000000);
	put(f, ip6_solicited, 16);
	frame_end(f, 14, 0);
	f = mld_begin(all, "mld report", mac_laptop, ip6_none, 1, 131);
	put32(f, 0);
	put(f, ip6_group, 16);
	frame_end(f, 14, 0);
	f = mld_begin(all, "mld query", mac_router, ip6_router, 1, 130);
	put32(f, 0x27100000);
	put_zeros(f, 16);
	put32(f, 0x027d0000);
	frame_end(f, 14, 0);
	f = mld_begin(all, "mld from afar", mac_laptop, ip6_laptop, 2, 131);
	put32(f, 0);
	put(f, ip6_group, 16);
	frame_end(f, 14, 0);
	f = mld_begin(all, "mld report of no group", mac_laptop, ip6_laptop, 1, 131);
	put32(f, 0);
	put(f, ip6_web, 16);
	frame_end(f, 14, 0);
}

static inline void add_pim(struct test_frames *all)
{
	static const char *const names[] = {"pim hello", "pim goodbye", "pim option past the end"};

	for (unsigned int i = 0; i < 3; i++) {
		struct test_frame *f = next_frame(all, names[i]);
		size_t from = to_group(f, mac_router, ip_router, ip_pim, 103, 1);

		put32(f, 0x20000000);
		put32(f, 0x00010002);
		put16(f, i == 1 ? 0 : 105);
		put32(f, i == 2 ? 0x00130005 : 0x00130004);
		put32(f, 1);
		group_end(f, from, 2);
	}
}

static inline void put_ospf_hello(struct test_frame *f, unsigned int authentication)
{
	put32(f, 0x0201002c);
	put32(f, 0x01010101);
	put32(f, 0);
	put16(f, 0);
	put16(f, authentication);
	put_text(f, "password");
	put32(f, 0xffffff00);
	put32(f, 0x000a0201);
	put32(f, 40);
	put(f, ip_router, 4);
	put_zeros(f, 4);
}

static inline void add_ospf(struct test_frames *all)
{
	static const uint8_t ip6_ospf[16] = {0xff, 2, [15] = 5};
	struct test_frame *f = next_frame(all, "ospf hello");
	size_t from = to_group(f, mac_router, ip_router, ip_ospf, 89, 1);

	put_ospf_hello(f, 1);
	/* The password stays out of the sum: it is put there after it. */
	memset(f->bytes + from + 16, 0, 8);
	put_sum(f, from + 12, from);
	memcpy(f->bytes + from + 16, "password", 8);
	frame_end(f, 14, 0);
	f = next_frame(all, "ospf hello signed");
	to_group(f, mac_router, ip_router, ip_ospf, 89, 1);
	put_ospf_hello(f, 2);
	put_zeros(f, 16);
	frame_end(f, 14, 0);
	f = next_frame(all, "ospf hello of a wrong sum");
	to_group(f, mac_router, ip_router, ip_ospf, 89, 1);
	put_ospf_hello(f, 0);
	frame_end(f, 14, 0);
	f = next_frame(all, "ospf hello to one");
	to_group(f, mac_router, ip_router, ip_laptop, 89, 64);
	put_ospf_hello(f, 2);
	frame_end(f, 14, 0);
	f = next_frame(all, "ospf 3 hello");
	put_ether(f, mac_nodes, mac_router, 0x86dd);
	put_ipv6(f, ip6_router, ip6_ospf, 89, 1);
	put32(f, 0x03010024);
	put32(f, 0x02020202);
	put32(f, 1);
	put32(f, 0);
	put32(f, 5);
	put32(f, 0x01000013);
	put32(f, 0x000a0028);
	put_zeros(f, 8);
	frame_end(f, 14, 0);
}

static inline void add_eigrp(struct test_frames *all)
{
	static const char *const names[] = {"eigrp hello", "eigrp goodbye", "eigrp of no length"};

	for (unsigned int i = 0; i < 3; i++) {
		struct test_frame *f = next_frame(all, names[i]);
		size_t from = to_group(f, mac_router, ip_router, ip_eigrp, 88, 2);

		put32(f, 0x02050000);
		put_zeros(f, 12);
		put32(f, 100);
		put32(f, i == 2 ? 0x00010003 : 0x0001000c);
		put(f, i == 1 ? "\xff\xff\xff\xff\xff" : "\x01\0\x01\0\0", 5);
		put8(f, 0);
		put16(f, 15);
		put32(f, 0x00040008);
		put32(f, 0x0c040102);
		group_end(f, from, 2);
	}
}

static inline void put_rip_entry(struct test_frame *f, uint32_t net, uint32_t mask, uint32_t hop,
				 uint32_t metric)
{
	put32(f, 0x00020000);
	put32(f, net);
	put32(f, mask);
	put32(f, hop);
	put32(f, metric);
}

static inline void put_rip(struct test_frame *f)
{
	put32(f, 0x02020000);
	put_rip_entry(f, 0, 0, 0, 1);
	put_rip_entry(f, 0x0a010000, 0xffff0000, 0x0a000002, 2);
	put_rip_entry(f, 0x0a020000, 0xffff0000, 0, 16); /* no way any more */
}

/* The first entry says where the signature begins, which is no entry. */
static inline void put_rip_signed(struct test_frame *f)
{
	put32(f, 0x02020000);
	put32(f, 0xffff0003);
	put32(f, 0x002c0120);
	put32(f, 1);
	put_zeros(f, 8);
	put_rip_entry(f, 0x0a010000, 0xffff0000, 0, 2);
	put32(f, 0xffff0001);
	put_zeros(f, 32);
}

static inline void put_rip_holes(struct test_frame *f)
{
	put32(f, 0x02020000);
	put_rip_entry(f, 0x0a010000, 0xff00ff00, 0, 1);
}

static inline void put_rip_question(struct test_frame *f)
{
	put32(f, 0x01020000);
	put32(f, 0);
	put_zeros(f, 12);
	put32(f, 16);
}

static inline void put_ripng_entry(struct test_frame *f, const uint8_t *net, uint32_t rest)
{
	put(f, net, 16);
	put32(f, rest);
}

static inline void add_ripng(struct test_frames *all)
{
	static const uint8_t ip6_rip[16] = {0xff, 2, [15] = 9}, ip6_net[16] = {0x20, 1, 0xd, 0xb8};
	struct test_frame *f = next_frame(all, "ripng");
	size_t udp;

	put_ether(f, mac_nodes, mac_router, 0x86dd);
	put_ipv6(f, ip6_router, ip6_rip, 17, 255);
	udp = put_udp(f, 521, 521);
	put32(f, 0x02010000);
	put_ripng_entry(f, ip6_net, 0x00003002);
	put_ripng_entry(f, ip6_laptop, 0x000000ff); /* the next ones by another router */
	put_ripng_entry(f, ip6_none, 0x00000001);
	frame_end(f, 14, udp);
}

static inline void put_glbp(struct test_frame *f)
{
	put32(f, 0x01000007);
	put16(f, 0);
	put(f, mac_router, 6);
	put32(f, 0x011c0020); /* a hello: active */
	put32(f, 0x00640000);
	put32(f, 3000);
	put32(f, 10000);
	put32(f, 0x02583840);
	put16(f, 0);
	put16(f, 0x0104);
	put(f, ip_printer, 4);
	put32(f, 0x02140120); /* its forwarder */
	put32(f, 0x00876400);
	put_zeros(f, 6);
	put(f, "\0\x07\xb4\0\x07\x01", 6);
}

static inline void put_glbp_cut(struct test_frame *f)
{
	put32(f, 0x01000007);
	put16(f, 0);
	put(f, mac_router, 6);
	put16(f, 0x0120);
	put32(f, 0);
}

static inline void add_icmp(struct test_frames *all)
{
	static const char *const names[] = {"icmp redirect", "icmp redirect of another's packet",
					    "icmp redirect cut"};
	struct test_frame *f;
	size_t from;

	for (unsigned int i = 0; i < 3; i++) {
		f = next_frame(all, names[i]);
		from = to_group(f, mac_router, ip_router, ip_laptop, 1, 64);
		put32(f, 0x05010000);
		put(f, "\x0a\0\0\x02", 4);
		if (i < 2)
			put_ipv4(f, i ? ip_printer : ip_laptop, ip_web, 17);
		put_zeros(f, 8);
		group_end(f, from, 2);
	}
	f = next_frame(all, "icmp router advert");
	from = to_group(f, mac_router, ip_router, ip_systems, 1, 1);
	put32(f, 0x09000000);
	put32(f, 0x01020708);
	put(f, ip_router, 4);
	put32(f, 0);
	group_end(f, from, 2);
	f = next_frame(all, "icmp of a wrong sum");
	to_group(f, mac_router, ip_router, ip_systems, 1, 1);
	put32(f, 0x09000001);
	put32(f, 0x01020708);
	put(f, ip_router, 4);
	put32(f, 0);
	frame_end(f, 14, 0);
}

/* How the link is to be used; then a redirect of each kind. */
static inline void add_nd_words(struct test_frames *all)
{
	static const struct {
		const char *name;
		const uint8_t *target;
		unsigned int option;
	} redirects[] = {{"nd redirect", ip6_printer, 0x0201},
			 {"nd redirect to itself", ip6_web, 0x0201},
			 {"nd redirect option of no length", ip6_printer, 0x0200}};
	struct test_frame *f = next_frame(all, "nd router advert of a link");

	put_ether(f, mac_nodes, mac_router, 0x86dd);
	put_ipv6(f, ip6_router, ip6_nodes, 58, 255);
	put32(f, 134u << 24);
	put32(f, 0x40880708); /* managed, high preference */
	put_zeros(f, 8);
	put32(f, 0x05010000);
	put32(f, 1492);
	put32(f, 0x1f030000);
	put32(f, 1800);
	put_name(f, "lab.test");
	put_zeros(f, 6);
	put32(f, 0x25020000 | ('h' << 8) | 't');
	put_text(f, "tps://p/");
	put_zeros(f, 4);
	frame_end(f, 14, 0);
	for (size_t i = 0; i < sizeof(redirects) / sizeof(redirects[0]); i++) {
		f = next_frame(all, redirects[i].name);
		put_ether(f, mac_laptop, mac_router, 0x86dd);
		put_ipv6(f, ip6_router, ip6_laptop, 58, 255);
		put32(f, 137u << 24);
		put32(f, 0);
		put(f, redirects[i].target, 16);
		put(f, ip6_web, 16);
		put16(f, redirects[i].option);
		put(f, mac_printer, 6);
		frame_end(f, 14, 0);
	}
}

/* A machine that starts from the network, its request passed on by a relay, and the answer. */
static inline void put_dhcp_boot(struct test_frame *f)
{
	size_t at = f->length;

	put_dhcp(f, 1, ip_none, 3);
	memcpy(f->bytes + at + 24, ip_router, 4);
	put_option(f, 93, 4, "\0\x07\0\x09");
	put_option(f, 97, 17, "\0\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10");
	put_option(f, 82, 13, "\x01\x06gi0/12\x02\x03\x02\xff\x01");
	put8(f, 255);
}

static inline void put_dhcp_network(struct test_frame *f)
{
	put_dhcp(f, 2, ip_laptop, 2);
	put_option(f, 54, 4, ip_printer);
	put_option(f, 15, 8, "lab.test");
	put_option(f, 42, 4, ip_router);
	put_option(f, 66, 4, "boot");
	put_option(f, 67, 6, "a.efi\0");
	put_option(f, 150, 4, ip_web);
	put_option(f, 252, 10, "http://w/p");
	put_option(f, 114, 9, "https://c");
	put8(f, 255);
}

static inline void add_dhcpv6_words(struct test_frames *all)
{
	static const uint8_t ip6_relay[16] = {0x20, 1, 0xd, 0xb8, [15] = 1},
			     ip6_servers[16] = {0xff, 5, [13] = 1, 0, 3};
	static const char *const names[] = {"dhcpv6 relayed", "dhcpv6 relayed past the end"};
	struct test_frame *f;
	size_t udp;

	for (int wrong = 0; wrong < 2; wrong++) {
		f = next_frame(all, names[wrong]);
		put_ether(f, mac_nodes, mac_router, 0x86dd);
		put_ipv6(f, ip6_relay, ip6_servers, 17, 64);
		udp = put_udp(f, 547, 547);
		put16(f, 0x0c00);
		put(f, ip6_relay, 16);
		put(f, ip6_laptop, 16);
		put32(f, 0x00120006);
		put_text(f, "gi0/12");
		put32(f, 0x004f0008);
		put16(f, 1);
		put(f, mac_laptop, 6);
		put32(f, wrong ? 0x00090019 : 0x00090018);
		put32(f, 0x01aabbcc);
		put32(f, 0x0001000a);
		put(f, "\0\x03\0\x01\x02\0\0\0\0\x05", 10);
		put32(f, 0x00060002);
		put16(f, 23);
		frame_end(f, 14, udp);
	}
	f = next_frame(all, "dhcpv6 delegation");
	put_ether(f, mac_laptop, mac_router, 0x86dd);
	put_ipv6(f, ip6_router, ip6_laptop, 17, 64);
	udp = put_udp(f, 547, 546);
	put32(f, 0x07aabbcc);
	put32(f, 0x00190029);
	put_zeros(f, 12);
	put32(f, 0x001a0019);
	put32(f, 3600);
	put32(f, 7200);
	put8(f, 56);
	put(f, ip6_web, 6);
	put_zeros(f, 10);
	frame_end(f, 14, udp);
}

static inline void router_frames_make(struct test_frames *all)
{
	static const uint8_t *const from_router[2] = {mac_router, mac_groups}, *const from_printer[2] = {
										       mac_printer, mac_laptop};
	static const uint8_t *const to_server[2] = {ip_router, ip_printer}, *const to_client[2] = {ip_printer,
												   ip_laptop};
	static const uint8_t *const to_rip[2] = {ip_router, ip_rip}, *const to_glbp[2] = {ip_router, ip_glbp},
				    *const to_one[2] = {ip_router, ip_laptop};

	all->count = 0;
	add_igmp(all);
	add_mld(all);
	add_pim(all);
	add_ospf(all);
	add_eigrp(all);
	add_udp(all, "rip", from_router, to_rip, 520, 520, put_rip);
	add_udp(all, "rip signed", from_router, to_rip, 520, 520, put_rip_signed);
	add_udp(all, "rip to one", from_router, to_one, 520, 520, put_rip);
	add_udp(all, "rip question", from_router, to_rip, 520, 520, put_rip_question);
	add_udp(all, "rip mask with holes", from_router, to_rip, 520, 520, put_rip_holes);
	add_ripng(all);
	add_udp(all, "glbp", from_router, to_glbp, 3222, 3222, put_glbp);
	add_udp(all, "glbp past the end", from_router, to_glbp, 3222, 3222, put_glbp_cut);
	add_icmp(all);
	add_nd_words(all);
	add_udp(all, "dhcp relayed", from_router, to_server, 67, 67, put_dhcp_boot);
	add_udp(all, "dhcp network", from_printer, to_client, 67, 68, put_dhcp_network);
	add_dhcpv6_words(all);
}

#endif
