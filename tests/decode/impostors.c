// SPDX-License-Identifier: BSD-2-Clause
/* DHCP servers, routers and spanning trees' roots that are others than those that were there, and those that only seem to be; and claims by ND and after DHCP. */
#include "tests/decode/conflicts.h"

static struct story s;

/* ---- DHCP ---- */

struct lease {
	const uint8_t *server_mac, *server, *client, *address, *router, *dns;
};

static void dhcp(double after, const struct lease *l, unsigned int message)
{
	bool reply = message == 2 || message == 5;
	struct test_frame f = {.length = 0};

	pass(&s, after);
	put_ether(&f, mac_all, reply ? l->server_mac : l->client, 0x0800);
	size_t ip = put_ipv4(&f, reply ? l->server : ip_none, ip_all, 17),
	       udp = put_udp(&f, reply ? 67 : 68, reply ? 68 : 67);
	size_t client = f.length + 28;

	put_dhcp(&f, reply ? 2 : 1, reply ? l->address : ip_none, message);
	memcpy(f.bytes + client, l->client, 6);
	if (reply) {
		put_option(&f, 54, 4, l->server);
		put_option(&f, 51, 4, "\0\0\x0e\x10");
		put_option(&f, 1, 4, "\xff\xff\xff\0");
		put_option(&f, 3, l->router ? 4 : 0, l->router ? l->router : ip_none);
		put_option(&f, 6, l->dns ? 4 : 0, l->dns ? l->dns : ip_none);
	}
	put8(&f, 255);
	frame_end(&f, ip, udp);
	story_sees(&s, &f);
}

static void gets(double after, const struct lease *l)
{
	for (unsigned int message = 1; message <= 5; message += message == 3 ? 2 : 1)
		dhcp(message == 1 ? after : 0.01, l, message);
}

static const struct lease usual = {R, ip_r, A, ip_a, ip_r, ip_r};

static void servers(void)
{
	const struct lease rogue = {M, ip_m, B, ip_b, ip_m, ip_m}, peer = {B, ip_b, A, ip_a, ip_r, ip_r},
			   resolver = {M, ip_m, A, ip_a, ip_r, ip_m}, little = {M, ip_m, A, ip_a, NULL, NULL},
			   boot = {M, ip_m, A, ip_none, ip_m, ip_m};

	gets(0, &usual);
	gets(60, &rogue);
	story_says(&s, "dhcp 10.0.0.66 by M: 10.0.0.1 10.0.0.66", "a DHCP server that names itself as router");

	gets(0, &usual);
	gets(60, &resolver);
	story_says(&s, "dhcp 10.0.0.66 by M: 10.0.0.1 10.0.0.66", "or as resolver");

	gets(0, &usual);
	dhcp(10, &usual, 1);
	dhcp(0.01, &rogue, 2);
	dhcp(0.01, &usual, 2);
	story_says(&s, "dhcp 10.0.0.66 by M: 10.0.0.1 10.0.0.66", "an offer is enough");

	gets(0, &usual);
	gets(60, &peer);
	gets(60, &usual);
	story_says(&s, "", "two servers that offer the same");

	gets(0, &usual);
	gets(60, &little);
	gets(60, &boot);
	story_says(&s, "", "one of whom a client asks for less, and one that only says what to boot");

	gets(0, &usual);
	gets(2 * 86400.0, &rogue);
	story_says(&s, "", "a network that has another server since days");
}

static void handed_on(void)
{
	const struct lease next = {R, ip_r, B, ip_a, ip_r, ip_r};

	gets(0, &usual);
	announces(&s, 0.1, A, ip_a);
	asks(&s, 20, A, ip_a, ip_r);
	gets(3000, &next);
	announces(&s, 0.1, B, ip_a);
	asks(&s, 20, B, ip_a, ip_r);
	story_says(&s, "", "DHCP hands an address on");

	gets(0, &usual);
	asks(&s, 1, A, ip_a, ip_r);
	gets(300, &next);
	asks(&s, 1, B, ip_a, ip_r);
	asks(&s, 200, A, ip_a, ip_r); /* RFC 4436 */
	dhcp(0.2, &usual, 3);
	asks(&s, 60, B, ip_a, ip_r);
	story_says(&s, "", "who had it wakes up, looks whether it is where it was, and asks the server");

	gets(0, &usual);
	asks(&s, 1, A, ip_a, ip_r);
	answers(&s, 0.01, R, ip_r, ip_a);
	gets(100, &next);
	answers(&s, 60, B, ip_a, ip_r);
	story_says(&s, "", "the new one answers, and the question was not seen");

	gets(0, &usual);
	asks(&s, 1, A, ip_a, ip_r);
	gets(100, &next);
	for (int i = 0; i < 3; i++) {
		asks(&s, 50, B, ip_a, ip_r);
		asks(&s, 50, A, ip_a, ip_r);
	}
	story_says(&s, "address 10.0.0.5: A B", "the one before never left");
}

/* ---- routers ---- */

static const uint8_t link_r[16] = {0xfe, 0x80, [15] = 1}, link_m[16] = {0xfe, 0x80, [15] = 0x66},
		     link_a[16] = {0xfe, 0x80, [15] = 5}, all_nodes[16] = {0xff, 2, [15] = 1};

/* net: the third byte of its prefix; 0: none. */
static void advertises(double after, const uint8_t *mac, const uint8_t *ip, unsigned int lifetime_s,
		       unsigned int net)
{
	struct test_frame f = {.length = 0};

	pass(&s, after);
	put_ether(&f, mac_nodes, mac, 0x86dd);
	size_t at = put_ipv6(&f, ip, all_nodes, 58, 255);

	put32(&f, 134u << 24);
	put32(&f, 0x40000000 | lifetime_s);
	put_zeros(&f, 8);
	put16(&f, 0x0101);
	put(&f, mac, 6);
	if (net) {
		put32(&f, 0x030440c0);
		put32(&f, 86400);
		put32(&f, 14400);
		put32(&f, 0);
		put32(&f, 0x20010db8);
		put16(&f, net);
		put_zeros(&f, 10);
	}
	frame_end(&f, at, 0);
	story_sees(&s, &f);
}

static void routers(void)
{
	advertises(0, R, link_r, 1800, 1);
	advertises(10, M, link_m, 1800, 66);
	story_says(&s, "router fe80::66 by M: R M", "a router with another prefix");

	for (int i = 0; i < 20; i++)
		advertises(200, R, link_r, 1800, 1);
	advertises(10, M, link_m, 1800, 1);
	advertises(200, R, link_r, 1800, 1);
	story_says(&s, "router fe80::66 by M: R M",
		   "one with the same prefix that was not there for an hour, beside the one that was");

	for (int i = 0; i < 20; i++)
		advertises(200, R, link_r, 1800, 1);
	advertises(210, M, link_m, 1800, 1);
	advertises(200, M, link_m, 1800, 1);
	story_says(&s, "", "which stands in for the one that is gone");

	for (int i = 0; i < 20; i++) {
		advertises(100, R, link_r, 1800, 1);
		advertises(100, M, link_m, 1800, 1);
	}
	story_says(&s, "", "two routers that advertise the same, for long");

	advertises(0, R, link_r, 1800, 1);
	advertises(1, A, link_a, 0, 99);
	advertises(1, W, link_m, 1800, 66);
	advertises(1, R, link_r, 1800, 2);
	advertises(1, M, link_m, 1800, 0);
	story_says(&s, "",
		   "a border router of another kind of network, a virtual router, new prefixes, and one of no "
		   "prefix");
}

/* ---- ND ---- */

static void neighbor(double after, const uint8_t *mac, const uint8_t *src, const uint8_t *dst,
		     unsigned int type, unsigned int flags, const uint8_t *target)
{
	struct test_frame f = {.length = 0};

	pass(&s, after);
	put_ether(&f, mac_nodes, mac, 0x86dd);
	size_t at = put_ipv6(&f, src, dst, 58, 255);

	put32(&f, type << 24);
	put32(&f, flags << 24);
	put(&f, target, 16);
	if (memcmp(src, ip6_none, 16) != 0) {
		put16(&f, type == 136 ? 0x0201 : 0x0101);
		put(&f, mac, 6);
	}
	frame_end(&f, at, 0);
	story_sees(&s, &f);
}

enum { SOLICIT = 135, ADVERT = 136, SOLICITED = 0x40, OVERRIDE = 0x20 };

static void neighbors(void)
{
	const uint8_t *x = ip6_laptop_global;

	neighbor(0, R, link_r, all_nodes, SOLICIT, 0, x);
	neighbor(0.001, A, x, link_r, ADVERT, SOLICITED | OVERRIDE, x);
	neighbor(0.001, M, x, link_r, ADVERT, SOLICITED | OVERRIDE, x);
	story_says(&s, "address 2001:db8::5: A M", "two answer for one IPv6 address");

	neighbor(0, R, link_r, all_nodes, SOLICIT, 0, x);
	neighbor(0.001, A, x, link_r, ADVERT, SOLICITED | OVERRIDE, x);
	neighbor(30, M, x, link_r, ADVERT, OVERRIDE, x);
	story_says(&s, "answer 2001:db8::5 by M: A M", "one that says itself that nobody asked");

	neighbor(0, R, link_r, all_nodes, SOLICIT, 0, x);
	neighbor(0.001, A, x, link_r, ADVERT, SOLICITED, x);
	neighbor(0.001, M, x, link_r, ADVERT, SOLICITED, x);
	neighbor(1, B, ip6_none, all_nodes, SOLICIT, 0, x);
	neighbor(0.1, A, x, all_nodes, ADVERT, OVERRIDE, x);
	story_says(&s, "", "anycast, a proxy that does not override, and an address that was not free");
}

/* ---- spanning tree ---- */

static void bpdu(double after, const uint8_t *src, unsigned int priority, const uint8_t *root)
{
	struct test_frame f = {.length = 0};

	pass(&s, after);
	put(&f, "\x01\x80\xc2\0\0\0", 6);
	put(&f, src, 6);
	put16(&f, 38);
	put(&f, "\x42\x42\x03", 3);
	put32(&f, 0);
	put8(&f, 0);
	put16(&f, priority);
	put(&f, root, 6);
	put32(&f, 4);
	put16(&f, 0x8000);
	put(&f, src, 6);
	put16(&f, 0x8001);
	put(&f, "\0\0\x14\0\x02\0\x0f\0", 8);
	put_zeros(&f, 8);
	story_sees(&s, &f);
}

static void hellos(int count, const uint8_t *src, unsigned int priority, const uint8_t *root)
{
	while (count--)
		bpdu(2, src, priority, root);
}

static void roots(void)
{
	hellos(5, A, 0x8000, R);
	hellos(2, M, 0, M);
	story_says(&s, "root by M: R M", "a bridge makes itself the root");

	hellos(5, A, 0x8000, R);
	pass(&s, 60);
	hellos(20, A, 0x9000, B);
	story_says(&s, "root by B: R B", "the root is gone, and another takes its place");

	hellos(2, A, 0x8000, A);
	hellos(5, A, 0x8000, R);
	story_says(&s, "", "bridges that have just begun find out who is the root");

	for (int i = 0; i < 20; i++) {
		bpdu(1, A, 0x8000, R);
		bpdu(1, M, 0x9000, M);
	}
	story_says(&s, "", "a bridge that takes itself for the root beside a better one, or another tree");

	hellos(5, A, 0x8000, R);
	hellos(5, A, 0x4000, R);
	story_says(&s, "", "the root gets another priority");

	hellos(5, A, 0x8000, R);
	pass(&s, 60);
	hellos(20, A, 0x9000, B);
	hellos(5, A, 0x8000, R);
	hellos(5, A, 0x8000, R);
	story_says(&s, "root by B: R B", "the former root that is back is none other");

	for (int i = 0; i < 5; i++) {
		s.vlan = 10;
		bpdu(1, A, 0x800a, R);
		s.vlan = 20;
		bpdu(1, A, 0x1014, M);
	}
	story_says(&s, "", "each VLAN has its own");
}

int main(void)
{
	story_open(&s);
	servers();
	handed_on();
	routers();
	neighbors();
	roots();
	return tap_end();
}
