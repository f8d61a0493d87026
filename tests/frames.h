/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The frames that tests share, written down here: a small network's story, one step after the other, then frames that no
 * honest device sends. The same bytes go to the decoders, to the XDP object under BPF_PROG_TEST_RUN, and into
 * a capture that is replayed. What each shows is said in tests/decode/decode.c and tests/decode/story.c.
 *
 * Hosts: router 02:00:00:00:00:01 10.0.0.1 fe80::1, laptop …05 10.0.0.5, printer …09 10.0.0.9,
 * switch …0f, web server 192.0.2.80 behind the router.
 */
#ifndef TESTS_FRAMES_H
#define TESTS_FRAMES_H

#include "tests/frame_build.h"

static const uint8_t mac_router[6] = {2, 0, 0, 0, 0, 1}, mac_laptop[6] = {2, 0, 0, 0, 0, 5},
		     mac_printer[6] = {2, 0, 0, 0, 0, 9}, mac_switch[6] = {2, 0, 0, 0, 0, 15},
		     mac_all[6] = {255, 255, 255, 255, 255, 255}, mac_mdns[6] = {1, 0, 0x5e, 0, 0, 251},
		     mac_lldp[6] = {1, 0x80, 0xc2, 0, 0, 14}, mac_nodes[6] = {0x33, 0x33, 0, 0, 0, 1};
static const uint8_t ip_none[4], ip_router[4] = {10, 0, 0, 1}, ip_laptop[4] = {10, 0, 0, 5},
				 ip_printer[4] = {10, 0, 0, 9}, ip_web[4] = {192, 0, 2, 80},
				 ip_all[4] = {255, 255, 255, 255}, ip_mdns[4] = {224, 0, 0, 251};
static const uint8_t ip6_none[16],
	ip6_router[16] = {0xfe, 0x80, [15] = 1}, ip6_laptop[16] = {0xfe, 0x80, [15] = 5},
	ip6_laptop_global[16] = {0x20, 1, 0xd, 0xb8, [15] = 5},
	ip6_web[16] = {0x20, 1, 0xd, 0xb8, 0, 80, [15] = 80}, ip6_nodes[16] = {0xff, 2, [15] = 1};

static inline void put_arp(struct test_frame *f, unsigned int operation, const uint8_t *mac, const uint8_t *ip,
			   const uint8_t *asked)
{
	put32(f, 0x00010800);
	put16(f, 0x0604);
	put16(f, operation);
	put(f, mac, 6);
	put(f, ip, 4);
	put_zeros(f, 6);
	put(f, asked, 4);
	put_zeros(f, 18); /* to the least length of an Ethernet frame */
}

/* A name in DNS wire form from "a.b.c"; the root is "". */
static inline void put_name(struct test_frame *f, const char *name)
{
	while (*name) {
		size_t length = strcspn(name, ".");

		put8(f, (unsigned int)length);
		put(f, name, length);
		name += length + (name[length] == '.');
	}
	put8(f, 0);
}

static inline void put_dns_head(struct test_frame *f, unsigned int flags, unsigned int questions,
				unsigned int answers, unsigned int additional)
{
	put16(f, 0x1234);
	put16(f, flags);
	put16(f, questions);
	put16(f, answers);
	put16(f, 0);
	put16(f, additional);
}

/* Owner as a compression pointer; data follows. */
static inline void put_record(struct test_frame *f, unsigned int pointer, unsigned int type, unsigned int class,
			      uint32_t ttl_s, unsigned int length)
{
	put16(f, 0xc000 | pointer);
	put16(f, type);
	put16(f, class);
	put32(f, ttl_s);
	put16(f, length);
}

/* www.example.org → CNAME web.example.org → A, AAAA. 85 bytes. */
static inline void put_dns_answer(struct test_frame *f)
{
	put_dns_head(f, 0x8180, 1, 3, 0);
	put_name(f, "www.example.org"); /* at 12; "example.org" at 16 */
	put32(f, 0x00010001);
	put_record(f, 12, 5, 1, 300, 6);
	put8(f, 3); /* at 45 */
	put_text(f, "web");
	put16(f, 0xc000 | 16);
	put_record(f, 45, 1, 1, 300, 4);
	put(f, ip_web, 4);
	put_record(f, 45, 28, 1, 300, 16);
	put(f, ip6_web, 16);
}

static inline void put_mdns(struct test_frame *f, uint32_t ttl_s)
{
	put_dns_head(f, 0x8400, 0, 2, 3);
	put_name(f, "_ipp._tcp.local"); /* at 12; "local" at 22 */
	put16(f, 12);
	put16(f, 1);
	put32(f, ttl_s);
	put16(f, 8);
	put8(f, 5); /* at 39: Paper._ipp._tcp.local */
	put_text(f, "Paper");
	put16(f, 0xc000 | 12);
	put_record(f, 39, 33, 0x8001, ttl_s, 16);
	put32(f, 0);
	put16(f, 631);
	put8(f, 7); /* at 65: printer.local */
	put_text(f, "printer");
	put16(f, 0xc000 | 22);
	put_record(f, 39, 16, 0x8001, ttl_s, 16);
	put8(f, 15);
	put_text(f, "ty=Paper\xffsaver\n");
	put_record(f, 65, 1, 0x8001, ttl_s, 4);
	put(f, ip_printer, 4);
	put_record(f, 65, 28, 0x8001, ttl_s, 16);
	put(f, ip6_router, 15);
	put8(f, 9);
}

static inline void put_dhcp(struct test_frame *f, unsigned int operation, const uint8_t *yiaddr,
			    unsigned int message)
{
	put8(f, operation);
	put8(f, 1);
	put16(f, 0x0600);
	put32(f, 0x22446688);
	put_zeros(f, 8);
	put(f, yiaddr, 4);
	put_zeros(f, 8);
	put(f, mac_laptop, 6);
	put_zeros(f, 10 + 64 + 128);
	put32(f, 0x63825363);
	put16(f, 0x3501);
	put8(f, message);
}

static inline void put_option(struct test_frame *f, unsigned int code, unsigned int length, const void *bytes)
{
	put8(f, code);
	put8(f, length);
	put(f, bytes, length);
}

static inline void put_tlv(struct test_frame *f, unsigned int type, unsigned int length, const void *bytes)
{
	put16(f, type << 9 | length);
	put(f, bytes, length);
}

static inline void put_lldp(struct test_frame *f)
{
	put16(f, 1 << 9 | 7);
	put8(f, 4); /* a MAC */
	put(f, mac_switch, 6);
	put_tlv(f, 2, 5, "\x05gi12");
	put_tlv(f, 3, 2, "\0x");
	put_tlv(f, 4, 6, "uplink");
	put_tlv(f, 5, 14, "sw1.example.or");
	put_tlv(f, 6, 9, "Switch OS");
	put_tlv(f, 7, 4, "\0\x14\0\x04");
	put_tlv(f, 8, 12, "\x05\x01\x0a\0\0\x02\x02\0\0\0\0\0");
	put_tlv(f, 127, 6, "\0\x80\xc2\x01\0\x01");
	put16(f, 0);
}

static inline void add_udp(struct test_frames *all, const char *name, const uint8_t *const mac[2],
			   const uint8_t *const ip[2], unsigned int src, unsigned int dst,
			   void (*payload)(struct test_frame *))
{
	struct test_frame *f = next_frame(all, name);

	put_ether(f, mac[1], mac[0], 0x0800);
	size_t at = put_ipv4(f, ip[0], ip[1], 17), udp = put_udp(f, src, dst);
	payload(f);
	frame_end(f, at, udp);
}

/* One TCP segment between the laptop and the web server; a length of payload comes from the text. */
static inline void add_tcp(struct test_frames *all, const char *name, bool from_client,
			   unsigned int client_port, unsigned int port, uint32_t seq, uint32_t ack,
			   unsigned int flags, const char *text, size_t length)
{
	struct test_frame *f = next_frame(all, name);

	put_ether(f, from_client ? mac_router : mac_laptop, from_client ? mac_laptop : mac_router, 0x0800);
	size_t at = put_ipv4(f, from_client ? ip_laptop : ip_web, from_client ? ip_web : ip_laptop, 6);
	put_tcp(f, from_client ? client_port : port, from_client ? port : client_port, seq, ack, flags);
	put(f, text, length);
	frame_end(f, at, 0);
}

/* outer and inner: a tag's EtherType and control field, or 0. */
static inline void add_arp(struct test_frames *all, const char *name, uint32_t outer, uint32_t inner,
			   unsigned int operation, const uint8_t *mac, const uint8_t *ip, const uint8_t *asked)
{
	struct test_frame *f = next_frame(all, name);

	put(f, mac_all, 6);
	put(f, mac, 6);
	if (outer)
		put32(f, outer);
	if (inner)
		put32(f, inner);
	put16(f, 0x0806);
	put_arp(f, operation, mac, ip, asked);
}

/* A Neighbor Discovery message: type, 4 bytes of flags, a target or not, a link-layer option (0: none). */
static inline struct test_frame *add_nd(struct test_frames *all, const char *name, const uint8_t *mac,
					const uint8_t *src, unsigned int hops, unsigned int type,
					const uint8_t *target, unsigned int option)
{
	struct test_frame *f = next_frame(all, name);

	put_ether(f, mac_nodes, mac, 0x86dd);
	size_t at = put_ipv6(f, src, ip6_nodes, 58, hops);
	put8(f, type);
	put_zeros(f, 7);
	if (target)
		put(f, target, 16);
	if (option) {
		put16(f, option << 8 | 1);
		put(f, mac, 6);
	}
	frame_end(f, at, 0);
	return f;
}

static inline void add_router_advert(struct test_frames *all)
{
	struct test_frame *f = next_frame(all, "nd router advert");

	put_ether(f, mac_nodes, mac_router, 0x86dd);
	size_t at = put_ipv6(f, ip6_router, ip6_nodes, 58, 255);
	put32(f, 134u << 24);
	put32(f, 0x40000708); /* hop limit 64, lifetime 1800 s */
	put_zeros(f, 8);
	put16(f, 0x0101);
	put(f, mac_router, 6);
	put32(f, 0x030440c0); /* prefix of 64 bits, on link */
	put32(f, 86400);
	put32(f, 14400);
	put32(f, 0);
	put(f, ip6_laptop_global, 15);
	put8(f, 0);
	put32(f, 0x19030000); /* RDNSS */
	put32(f, 1800);
	put(f, ip6_web, 16);
	frame_end(f, at, 0);
}

static inline void put_discover(struct test_frame *f)
{
	put_dhcp(f, 1, ip_none, 1);
	put_option(f, 12, 6, "laptop");
	put_option(f, 55, 4, "\x01\x03\x06\x0f");
	put_option(f, 60, 8, "MSFT 5.0");
	put_option(f, 61, 7, "\x01\x02\0\0\0\0\x05");
	put_option(f, 77, 5, "\x04home");
	put8(f, 255);
}

static inline void put_request(struct test_frame *f)
{
	put_dhcp(f, 1, ip_none, 3);
	put_option(f, 81, 23,
		   "\x04\0\0\x06laptop\x07"
		   "example\x03org");
	put8(f, 255);
}

static inline void put_offer(struct test_frame *f)
{
	put_dhcp(f, 2, ip_laptop, 2);
	put8(f, 255);
}

static inline void put_ack(struct test_frame *f)
{
	put_dhcp(f, 2, ip_laptop, 5);
	put_option(f, 51, 4, "\0\0\x0e\x10");
	put_option(f, 3, 4, ip_router);
	put_option(f, 6, 8, "\x0a\0\0\x01\x09\x09\x09\x09");
	put_option(f, 121, 8, "\x18\xc0\0\x02\x0a\0\0\x01"); /* 192.0.2.0/24 by 10.0.0.1 */
	put8(f, 255);
}

static inline void put_mdns_hello(struct test_frame *f)
{
	put_mdns(f, 120);
}

static inline void put_mdns_goodbye(struct test_frame *f)
{
	put_mdns(f, 0);
}

static inline void put_dns_query(struct test_frame *f)
{
	put_dns_head(f, 0x0100, 1, 0, 0);
	put_name(f, "www.example.org");
	put32(f, 0x00010001);
}

/* A name that points at itself. */
static inline void put_dns_loop(struct test_frame *f)
{
	put_dns_head(f, 0x8180, 0, 1, 0);
	put_record(f, 12, 1, 1, 60, 4);
	put(f, ip_web, 4);
}

static inline void put_dhcp_cut(struct test_frame *f)
{
	put_dhcp(f, 1, ip_none, 1);
	put16(f, 12 << 8 | 200);
	put_text(f, "laptop");
}

static inline void put_hello(struct test_frame *f)
{
	put_text(f, "hello");
}

/* The laptop fetches from the web server, and asks it by DNS over TCP, whose answer comes out of order. */
static inline void add_conversations(struct test_frames *all)
{
	struct test_frame answer = {.length = 0};
	const char *bytes = (const char *)answer.bytes;

	put16(&answer, 0);
	put_dns_answer(&answer);
	set16(&answer, 0, answer.length - 2);
	add_tcp(all, "tcp syn", true, 40001, 80, 1000, 0, TEST_SYN, "", 0);
	add_tcp(all, "tcp syn-ack", false, 40001, 80, 5000, 1001, TEST_SYN | TEST_ACK, "", 0);
	add_tcp(all, "tcp ack", true, 40001, 80, 1001, 5001, TEST_ACK, "", 0);
	add_tcp(all, "tcp request", true, 40001, 80, 1001, 5001, TEST_ACK | TEST_PSH, "GET /", 5);
	add_tcp(all, "tcp answer", false, 40001, 80, 5001, 1006, TEST_ACK | TEST_PSH, "hello", 5);
	add_tcp(all, "tcp second syn", true, 40002, 80, 9000, 0, TEST_SYN, "", 0);
	add_tcp(all, "tcp second refused", false, 40002, 80, 0, 9001, TEST_RST | TEST_ACK, "", 0);
	add_tcp(all, "dns tcp first", false, 40003, 53, 700, 1, TEST_ACK, bytes, 10);
	add_tcp(all, "dns tcp third", false, 40003, 53, 740, 1, TEST_ACK, bytes + 40, answer.length - 40);
	add_tcp(all, "dns tcp second", false, 40003, 53, 710, 1, TEST_ACK, bytes + 10, 30);
}

static inline void test_frames_honest(struct test_frames *all)
{
	const uint8_t *const ask_mac[2] = {mac_laptop, mac_all}, *const ask_ip[2] = {ip_none, ip_all};
	const uint8_t *const give_mac[2] = {mac_router, mac_all}, *const give_ip[2] = {ip_router, ip_all};
	const uint8_t *const in_mac[2] = {mac_router, mac_laptop}, *const in_ip[2] = {ip_router, ip_laptop};
	const uint8_t *const out_mac[2] = {mac_laptop, mac_router}, *const out_ip[2] = {ip_laptop, ip_router};
	const uint8_t *const group_mac[2] = {mac_printer, mac_mdns}, *const group_ip[2] = {ip_printer, ip_mdns};

	add_udp(all, "dhcp discover", ask_mac, ask_ip, 68, 67, put_discover);
	add_udp(all, "dhcp offer", give_mac, give_ip, 67, 68, put_offer);
	add_udp(all, "dhcp request", ask_mac, ask_ip, 68, 67, put_request);
	add_udp(all, "dhcp ack", give_mac, give_ip, 67, 68, put_ack);
	add_arp(all, "arp probe", 0, 0, 1, mac_laptop, ip_none, ip_laptop);
	add_arp(all, "arp request", 0, 0, 1, mac_laptop, ip_laptop, ip_router);
	add_arp(all, "arp reply", 0, 0, 2, mac_router, ip_router, ip_laptop);
	add_arp(all, "arp tagged", 0x81004014, 0, 2, mac_printer, ip_printer, ip_laptop);
	add_arp(all, "arp twice tagged", 0x88a8000a, 0x8100001e, 2, mac_printer, ip_printer, ip_laptop);
	add_nd(all, "nd dad", mac_laptop, ip6_none, 255, 135, ip6_laptop_global, 0);
	add_nd(all, "nd solicit", mac_laptop, ip6_laptop, 255, 135, ip6_router, 1);
	add_nd(all, "nd advert", mac_router, ip6_router, 255, 136, ip6_router, 2);
	add_nd(all, "nd router solicit", mac_laptop, ip6_laptop, 255, 133, NULL, 1);
	add_router_advert(all);
	add_udp(all, "dns query", out_mac, out_ip, 40000, 53, put_dns_query);
	add_udp(all, "dns answer", in_mac, in_ip, 53, 40000, put_dns_answer);
	add_udp(all, "llmnr answer", in_mac, in_ip, 5355, 40004, put_dns_answer);
	add_udp(all, "mdns hello", group_mac, group_ip, 5353, 5353, put_mdns_hello);
	add_udp(all, "mdns goodbye", group_mac, group_ip, 5353, 5353, put_mdns_goodbye);
	put_ether(next_frame(all, "lldp"), mac_lldp, mac_switch, 0x88cc);
	put_lldp(&all->frame[all->count - 1]);
	add_conversations(all);
	add_udp(all, "udp", out_mac, out_ip, 40005, 9999, put_hello);
}

/* Frames that say nothing, or that no decoder may believe. */
static inline void test_frames_hostile(struct test_frames *all)
{
	const uint8_t *const mac[2] = {mac_router, mac_laptop}, *const ip[2] = {ip_router, ip_laptop};
	struct test_frame *f;

	add_arp(all, "arp odd operation", 0, 0, 9, mac_laptop, ip_laptop, ip_router);
	add_arp(all, "arp group sender", 0, 0, 2, mac_all, ip_laptop, ip_router);
	add_nd(all, "nd from afar", mac_laptop, ip6_laptop, 64, 136, ip6_laptop, 2);
	f = add_nd(all, "nd option of length zero", mac_laptop, ip6_laptop, 255, 136, ip6_laptop, 2);
	f->bytes[f->length - 7] = 0;
	add_udp(all, "dns loop", mac, ip, 53, 40000, put_dns_loop);
	add_udp(all, "dhcp option past the end", mac, ip, 68, 67, put_dhcp_cut);
	f = next_frame(all, "lldp out of order");
	put_ether(f, mac_lldp, mac_switch, 0x88cc);
	put_tlv(f, 2, 5, "\x05gi12");
	put_tlv(f, 1, 5, "\x07gi12");
	f = next_frame(all, "udp length too short");
	put_ether(f, mac_router, mac_laptop, 0x0800);
	frame_end(f, put_ipv4(f, ip_laptop, ip_router, 17), 0);
	put32(f, 53 << 16 | 53);
	put32(f, 7 << 16);
	put_hello(f);
	set16(f, 16, f->length - 14);
}

static inline void test_frames_make(struct test_frames *all)
{
	all->count = 0;
	test_frames_honest(all);
	test_frames_hostile(all);
}

#endif
