// SPDX-License-Identifier: BSD-2-Clause
/* What a probe looks like on the wire: by the same code that BPF runs, checked by the tests' own. Nothing of the kernel is needed. */
#include <arpa/inet.h>

#include "defs/parse.h"
#include "defs/probe_frame.h"
#include "tests/frames.h"
#include "tests/tap.h"

enum { OUR_PORT = 40123 };

static const uint8_t ip6_host[16] = {0x20, 1, 0xd, 0xb8, [15] = 9};
static struct probe_source asker = {.key = {0x0123456789abcdef, 0xfedcba9876543210}, .port_n = 0};

static struct probe_source *source(void)
{
	return &asker;
}

static void siphash(void)
{
	static const uint64_t key[2] = {0x0706050403020100, 0x0f0e0d0c0b0a0908};
	struct probe_sip s;
	uint64_t short_one, long_one;

	probe_sip_begin(&s, (const __u64 *)key);
	probe_sip_word(&s, 0x0706050403020100);
	short_one = probe_sip_end(&s, 8);
	probe_sip_begin(&s, (const __u64 *)key);
	probe_sip_word(&s, 0x0706050403020100);
	probe_sip_word(&s, 0x0f0e0d0c0b0a0908);
	probe_sip_word(&s, 0x1716151413121110);
	long_one = probe_sip_end(&s, 24);
	tap_ok(short_one == 0x93f5f5799a932462 && long_one == 0xb8ad50c6f649af94,
	       "SipHash-2-4 of 8 and of 24 bytes is what its authors say");
}

static struct probe_frame probe_to(enum probe_kind kind, const uint8_t *addr, int version, unsigned int port)
{
	struct probe_frame p = {.kind = kind, .version = (uint8_t)version, .port_n = htons((uint16_t)port)};

	memcpy(p.addr, addr, version == 4 ? 4 : 16);
	memcpy(p.mac, mac_printer, 6);
	return p;
}

static uint32_t cookie_of(enum probe_kind kind, const uint8_t *addr, int version, unsigned int port)
{
	struct probe_frame p = probe_to(kind, addr, version, port);

	return probe_cookie(source()->key, &p);
}

static void probes(void)
{
	static const struct {
		const char *name;
		enum probe_kind kind;
		const uint8_t *addr;
		int version;
		size_t bytes;
	} all[] = {
		{"SYN", PROBE_SYN, ip_printer, 4, 58},
		{"echo request", PROBE_ECHO, ip_printer, 4, 58},
		{"SYN over IPv6", PROBE_SYN, ip6_host, 6, 78},
		{"ICMPv6 echo request", PROBE_ECHO, ip6_host, 6, 78},
		{"echo to all nodes", PROBE_ECHO, ip6_nodes, 6, 78},
		{"neighbour solicitation", PROBE_ND, ip6_host, 6, 86},
	};
	uint8_t frame[PROBE_BYTES_MAX];
	struct probe_frame arp = probe_to(PROBE_ARP, ip_printer, 4, 0);

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		struct probe_frame p = probe_to(all[i].kind, all[i].addr, all[i].version, 443);
		struct packet parsed = {};
		struct cursor c = {frame, frame + all[i].bytes};
		enum parse_outcome outcome;

		/* Whatever was there before. */
		memset(frame, 0xa5, sizeof(frame));
		probe_make(frame, &p, source());
		outcome = parse_ethernet(&c, &parsed, PARSE_WHOLE);
		tap_ok(outcome == PARSE_OK && frame_sums_right(frame + 14) &&
			       parsed.ip_bytes == all[i].bytes - 14 && probe_bytes(&p) >= all[i].bytes &&
			       probe_bytes(&p) <= PROBE_BYTES_MAX &&
			       (all[i].kind != PROBE_SYN ||
				(parsed.tcp_flags == TCP_SYN && parsed.port_n[0] == htons(OUR_PORT) &&
				 parsed.port_n[1] == htons(443) &&
				 parsed.seq == cookie_of(PROBE_SYN, all[i].addr, all[i].version, 443))),
		       "%s: parses, %zu bytes, checksums are right", all[i].name, all[i].bytes);
	}
	tap_ok(!memcmp(frame, (uint8_t[]){0x33, 0x33, 0xff, 0, 0, 9}, 6) && frame[21] == 255,
	       "a solicitation goes to the solicited node's group, with hop limit 255");
	probe_make(frame, &arp, source());
	tap_ok(!memcmp(frame, mac_all, 6) && frame[21] == 1 && !memcmp(frame + 28, ip_laptop, 4) &&
		       !memcmp(frame + 38, ip_printer, 4) && !frame[59],
	       "an ARP request goes to all, and says who asks");
}

/* Which of our addresses asks. */
static void sources(void)
{
	struct probe_source none = asker;
	uint64_t out[2];

	probe_source6(&asker, ip6_host, (__u64 *)out);
	tap_ok(!memcmp(out, ip6_laptop_global, 16), "a global address is asked by our global one");
	probe_source6(&asker, ip6_router, (__u64 *)out);
	tap_ok(!memcmp(out, ip6_laptop, 16), "a link-local one by our link-local one");
	probe_source6(&asker, ip6_nodes, (__u64 *)out);
	tap_ok(!memcmp(out, ip6_laptop, 16), "and so are all nodes");
	memset(none.addr6_link, 0, 16);
	probe_source6(&none, ip6_nodes, (__u64 *)out);
	tap_ok(!memcmp(out, ip6_laptop_global, 16), "the one that there is, when there is only one");
}

int main(void)
{
	asker.port_n = htons(OUR_PORT);
	memcpy(asker.addr4, ip_laptop, 4);
	memcpy(asker.addr6, ip6_laptop_global, 16);
	memcpy(asker.addr6_link, ip6_laptop, 16);
	memcpy(asker.mac, mac_laptop, 6);
	siphash();
	probes();
	sources();
	return tap_end();
}
