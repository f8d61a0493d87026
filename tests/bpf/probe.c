// SPDX-License-Identifier: BSD-2-Clause
/*
 * Asking, frame by frame: what the XDP program makes of what comes back to a probe. Given this frame, then this
 * verdict, this answer, and this RST; all else goes its way, as if nobody asked.
 */
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>

#include "defs/probe_frame.h"
#include "tests/bpf/harness.h"
#include "tests/frames.h"
#include "tests/tap.h"

#include "bpf/discover.skel.h"

enum { DROP = 1, PASS = 2, SEND = 3, REDIRECT = 4, OUR_PORT = 40123, ANSWERS_MAX = 64, FORGED = 50000 };

static const uint8_t ip6_host[16] = {0x20, 1, 0xd, 0xb8, [15] = 9};

static struct {
	struct harness harness;
	struct ring_buffer *ring;
	size_t count;
	struct probe_answer answer[ANSWERS_MAX];
	uint8_t sent[2048];
	uint32_t sent_bytes;
} t;

static uint32_t read32(const uint8_t *at)
{
	uint32_t value_n;

	memcpy(&value_n, at, sizeof(value_n));
	return ntohl(value_n);
}

static void write32(uint8_t *at, uint32_t value)
{
	uint32_t value_n = htonl(value);

	memcpy(at, &value_n, sizeof(value_n));
}

static int keep_answer(void *context, void *data, size_t size)
{
	(void)context;
	if (size == sizeof(struct probe_answer) && t.count < ANSWERS_MAX)
		t.answer[t.count++] = *(struct probe_answer *)data;
	return 0;
}

static struct probe_source *source(void)
{
	return &t.harness.skeleton->data_probe->probe_source;
}

static uint64_t counted(enum probe_counter which)
{
	uint64_t values[1024], sum = 0;
	uint32_t key = which;
	int cpus = libbpf_num_possible_cpus();

	if (bpf_map_lookup_elem(bpf_map__fd(t.harness.skeleton->maps.probe_counters), &key, values))
		return UINT64_MAX;
	for (int cpu = 0; cpu < cpus; cpu++)
		sum += values[cpu];
	return sum;
}

/* The verdict; answers are in t.answer, what the frame has become in t.sent. */
static int run(const void *bytes, size_t length)
{
	DECLARE_LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = bytes, .data_size_in = (uint32_t)length,
			    .data_out = t.sent, .data_size_out = sizeof(t.sent), .repeat = 1);

	if (bpf_prog_test_run_opts(t.harness.program_fd, &opts))
		return -errno;
	t.sent_bytes = opts.data_size_out;
	t.count = 0;
	ring_buffer__consume(t.ring);
	return (int)opts.retval;
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

/* ---- what comes back ---- */

struct reply {
	const uint8_t *from, *to;
	int version;
	unsigned int port, to_port;
	uint32_t ack;
	unsigned int flags;
	int tag;      /* -1: none */
	bool options; /* IPv4 and TCP options */
};

static void make_reply(struct test_frame *f, const struct reply *r)
{
	size_t ip;

	f->length = 0;
	put(f, mac_laptop, 6);
	put(f, mac_printer, 6);
	if (r->tag >= 0) {
		put16(f, 0x8100);
		put16(f, 0xe000 | (unsigned int)r->tag);
	}
	put16(f, r->version == 4 ? 0x0800 : 0x86dd);
	ip = r->version == 4 ? put_ipv4(f, r->from, r->to, 6) : put_ipv6(f, r->from, r->to, 6, 61);
	if (r->options && r->version == 4) {
		f->bytes[ip] = 0x46;
		put32(f, 0x01010101);
	}
	put_tcp(f, r->port, r->to_port, 7777, r->ack, r->flags);
	if (r->options)
		put32(f, 0x020405b4);
	frame_end(f, ip, 0);
	if (f->length < 60)
		put_zeros(f, 60 - f->length);
}

/* t.sent is the RST to the one who sent the frame. */
static bool is_reset(const struct reply *r)
{
	size_t at = r->tag >= 0 ? 18 : 14, tcp = at + (r->version == 4 ? 20 : 40);
	const uint8_t *b = t.sent;
	size_t from = at + (r->version == 4 ? 12 : 8), size = r->version == 4 ? 4 : 16;

	return !memcmp(b, mac_printer, 6) && !memcmp(b + 6, mac_laptop, 6) && frame_sums_right(b + at) &&
	       !memcmp(b + from, r->to, size) && !memcmp(b + from + size, r->from, size) &&
	       (b[tcp] << 8 | b[tcp + 1]) == OUR_PORT &&
	       (unsigned int)(b[tcp + 2] << 8 | b[tcp + 3]) == r->port && read32(b + tcp + 4) == r->ack &&
	       b[tcp + 12] == 0x50 && b[tcp + 13] == TEST_RST;
}

static bool answer_is(enum probe_answer_kind kind, const uint8_t *addr, int version, unsigned int port)
{
	const struct probe_answer *a = &t.answer[0];

	return t.count == 1 && a->kind == kind && a->version == version && a->port_n == htons((uint16_t)port) &&
	       !memcmp(a->addr, addr, version == 4 ? 4 : 16) && !memcmp(a->mac, mac_printer, 6) && a->time_ns;
}

static void tcp_replies(void)
{
	struct test_frame f;
	const uint8_t *from[2] = {ip_printer, ip6_host}, *to[2] = {ip_laptop, ip6_laptop_global};

	for (int i = 0; i < 8; i++) {
		struct reply r = {from[i & 1], to[i & 1],	    i & 1 ? 6 : 4,  443,  OUR_PORT,
				  0,	       TEST_SYN | TEST_ACK, i & 2 ? 0 : -1, i & 4};
		const char *what = i & 1 ? "IPv6" : "IPv4", *tag = i & 2 ? ", priority tag" : "",
			   *options = i & 4 ? ", with options" : "";
		uint32_t cookie = cookie_of(PROBE_SYN, r.from, r.version, 443);
		uint64_t forged = counted(PROBE_COUNT_FORGED);

		r.ack = cookie + 1;
		make_reply(&f, &r);
		tap_ok(run(f.bytes, f.length) == SEND && answer_is(ANSWER_OPEN, r.from, r.version, 443) &&
			       is_reset(&r) && t.sent_bytes == f.length && t.answer[0].window == 64240 &&
			       t.answer[0].ttl == (i & 1 ? 61 : 64),
		       "%s%s%s: a SYN-ACK with our cookie: open, and the frame becomes the RST", what, tag,
		       options);
		r.flags = TEST_RST | TEST_ACK;
		make_reply(&f, &r);
		tap_ok(run(f.bytes, f.length) == DROP && answer_is(ANSWER_CLOSED, r.from, r.version, 443),
		       "%s%s%s: a RST with our cookie: closed, and nothing is sent", what, tag, options);
		r.ack = cookie;
		make_reply(&f, &r);
		tap_ok(run(f.bytes, f.length) == DROP && answer_is(ANSWER_CLOSED, r.from, r.version, 443),
		       "%s%s%s: a RST that acknowledges one less is believed too", what, tag, options);
		r.ack = cookie + 2;
		make_reply(&f, &r);
		tap_ok(run(f.bytes, f.length) == DROP && !t.count,
		       "%s%s%s: a RST that acknowledges more is not", what, tag, options);
		r.flags = TEST_SYN | TEST_ACK;
		make_reply(&f, &r);
		tap_ok(run(f.bytes, f.length) == DROP && !t.count && counted(PROBE_COUNT_FORGED) == forged + 2,
		       "%s%s%s: a SYN-ACK with another cookie is dropped, and counted", what, tag, options);
		r.ack = cookie + 1;
		r.port = 444;
		make_reply(&f, &r);
		tap_ok(run(f.bytes, f.length) == DROP && !t.count,
		       "%s%s%s: nor is one from another port than asked", what, tag, options);
	}
}

static void not_ours(void)
{
	static const struct {
		const char *what;
		struct reply reply;
	} all[] = {
		{"a SYN to our port is the stack's to refuse",
		 {ip_printer, ip_laptop, 4, 443, OUR_PORT, 0, TEST_SYN, -1, false}},
		{"another port of ours",
		 {ip_printer, ip_laptop, 4, 443, OUR_PORT + 1, 0, TEST_SYN | TEST_ACK, -1, false}},
		{"another host's address",
		 {ip_printer, ip_router, 4, 443, OUR_PORT, 0, TEST_SYN | TEST_ACK, -1, false}},
		{"another VLAN", {ip_printer, ip_laptop, 4, 443, OUR_PORT, 0, TEST_SYN | TEST_ACK, 7, false}},
		{"IPv6, another host's address",
		 {ip6_host, ip6_web, 6, 443, OUR_PORT, 0, TEST_SYN | TEST_ACK, -1, false}},
	};
	struct test_frame f;

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		struct reply r = all[i].reply;

		r.ack = cookie_of(PROBE_SYN, r.from, r.version, 443) + 1;
		make_reply(&f, &r);
		tap_ok(run(f.bytes, f.length) == PASS && !t.count && !memcmp(t.sent, f.bytes, f.length),
		       "goes its way: %s", all[i].what);
	}
}

/* Fifty thousand guesses here; ten million in the bench. */
static void forgeries(void)
{
	struct reply r = {ip_printer, ip_laptop, 4, 443, OUR_PORT, 0, TEST_SYN | TEST_ACK, -1, false};
	uint32_t cookie = cookie_of(PROBE_SYN, ip_printer, 4, 443), guess = 1;
	uint64_t forged = counted(PROBE_COUNT_FORGED);
	struct test_frame f;
	size_t accepted = 0, tried = 0;

	make_reply(&f, &r);
	for (int i = 0; i < FORGED; i++) {
		guess = guess * 1664525 + 1013904223;
		if (guess - cookie <= 1)
			continue;
		f.bytes[14 + 20 + 13] = i & 1 ? TEST_SYN | TEST_ACK : TEST_RST | TEST_ACK;
		write32(f.bytes + 14 + 20 + 8, guess);
		accepted += run(f.bytes, f.length) != DROP || t.count;
		tried++;
	}
	tap_ok(!accepted && counted(PROBE_COUNT_FORGED) - forged == tried,
	       "%zu forged SYN-ACKs and RSTs: none is believed, all are counted", tried);
}

/* An ICMP error from the router that quotes a probe, or what looks like one. */
static void make_error(struct test_frame *f, int version, unsigned int type, const struct probe_frame *quoted,
		       uint32_t change)
{
	uint8_t probe[PROBE_BYTES_MAX];
	size_t ip, keep = version == 4 ? 28 : 64;

	probe_make(probe, quoted, source());
	write32(probe + 14 + (version == 4 ? 24 : 44), read32(probe + 14 + (version == 4 ? 24 : 44)) ^ change);
	f->length = 0;
	put_ether(f, mac_laptop, mac_printer, version == 4 ? 0x0800 : 0x86dd);
	ip = version == 4 ? put_ipv4(f, ip_router, ip_laptop, 1)
			  : put_ipv6(f, ip6_web, ip6_laptop_global, 58, 63);
	put8(f, type);
	put8(f, 3);
	put_zeros(f, 6);
	put(f, probe + 14, keep);
	frame_end(f, ip, 0);
}

static void icmp_errors(void)
{
	const uint8_t *host[2] = {ip_printer, ip6_host}, *says[2] = {ip_router, ip6_web};
	struct test_frame f;

	for (int i = 0; i < 4; i++) {
		int version = i & 1 ? 6 : 4;
		enum probe_kind kind = i & 2 ? PROBE_ECHO : PROBE_SYN;
		unsigned int port = kind == PROBE_SYN ? 443 : 0;
		struct probe_frame p = probe_to(kind, host[i & 1], version, port);
		const char *what = kind == PROBE_SYN ? "SYN" : "echo";

		make_error(&f, version, version == 4 ? 3 : 1, &p, 0);
		tap_ok(run(f.bytes, f.length) == DROP &&
			       answer_is(ANSWER_UNREACHABLE, host[i & 1], version, port) &&
			       !memcmp(t.answer[0].from, says[i & 1], version == 4 ? 4 : 16) &&
			       t.answer[0].type == (version == 4 ? 3 : 1) && t.answer[0].code == 3,
		       "IPv%d: an error that quotes our %s: whose it was, and who says so", version, what);
		make_error(&f, version, version == 4 ? 3 : 1, &p, 0x100);
		tap_ok(run(f.bytes, f.length) == (kind == PROBE_SYN ? DROP : PASS) && !t.count,
		       "IPv%d: one that quotes another cookie in a %s is %s", version, what,
		       kind == PROBE_SYN ? "dropped" : "not ours");
	}
}

static void make_echo(struct test_frame *f, int version, unsigned int type, const uint8_t *from,
		      uint32_t cookie)
{
	size_t ip;

	f->length = 0;
	put_ether(f, mac_laptop, mac_printer, version == 4 ? 0x0800 : 0x86dd);
	ip = version == 4 ? put_ipv4(f, from, ip_laptop, 1)
			  : put_ipv6(f, from, from[0] == 0xfe ? ip6_laptop : ip6_laptop_global, 58, 64);
	put8(f, type);
	put8(f, 0);
	put16(f, 0);
	put32(f, cookie);
	put_zeros(f, 16);
	frame_end(f, ip, 0);
	put_zeros(f, f->length < 60 ? 60 - f->length : 0);
}

static void echoes(void)
{
	static const uint8_t ip6_other[16] = {0xfe, 0x80, [15] = 9};
	struct test_frame f;

	make_echo(&f, 4, 0, ip_printer, cookie_of(PROBE_ECHO, ip_printer, 4, 0));
	tap_ok(run(f.bytes, f.length) == DROP && answer_is(ANSWER_ECHO, ip_printer, 4, 0),
	       "an echo reply with our cookie");
	make_echo(&f, 4, 0, ip_printer, cookie_of(PROBE_ECHO, ip_router, 4, 0));
	tap_ok(run(f.bytes, f.length) == PASS && !t.count, "somebody else's ping gets its reply");
	make_echo(&f, 4, 8, ip_printer, cookie_of(PROBE_ECHO, ip_printer, 4, 0));
	tap_ok(run(f.bytes, f.length) == PASS && !t.count, "an echo request is the stack's to answer");
	make_echo(&f, 6, 129, ip6_host, cookie_of(PROBE_ECHO, ip6_host, 6, 0));
	tap_ok(run(f.bytes, f.length) == DROP && answer_is(ANSWER_ECHO, ip6_host, 6, 0),
	       "an ICMPv6 echo reply with our cookie");
	make_echo(&f, 6, 129, ip6_other, cookie_of(PROBE_ECHO, ip6_nodes, 6, 0));
	tap_ok(run(f.bytes, f.length) == DROP && answer_is(ANSWER_ECHO, ip6_other, 6, 0),
	       "the reply to an echo to all nodes says who is there");
	make_echo(&f, 6, 129, ip6_other, 12345);
	tap_ok(run(f.bytes, f.length) == PASS && !t.count, "another one goes its way");
}

static void neighbours(void)
{
	struct test_frame f = {};
	size_t ip;

	put_ether(&f, mac_laptop, mac_printer, 0x0806);
	put_arp(&f, 2, mac_printer, ip_printer, ip_laptop);
	tap_ok(run(f.bytes, f.length) == PASS && answer_is(ANSWER_ARP, ip_printer, 4, 0),
	       "an ARP reply to us is told, and the stack sees it too");
	f.length = 0;
	put_ether(&f, mac_all, mac_printer, 0x0806);
	put_arp(&f, 1, mac_printer, ip_printer, ip_printer);
	tap_ok(run(f.bytes, f.length) == PASS && answer_is(ANSWER_ARP, ip_printer, 4, 0),
	       "a gratuitous one too");
	f.length = 0;
	put_ether(&f, mac_all, mac_printer, 0x0806);
	put_arp(&f, 1, mac_printer, ip_printer, ip_laptop);
	tap_ok(run(f.bytes, f.length) == PASS && !t.count, "a request is not an answer");
	for (int hops = 255; hops >= 254; hops--) {
		f.length = 0;
		put_ether(&f, mac_laptop, mac_router, 0x86dd);
		ip = put_ipv6(&f, ip6_host, ip6_laptop_global, 58, (unsigned int)hops);
		put32(&f, 136u << 24);
		put32(&f, 0x60000000);
		put(&f, ip6_host, 16);
		put16(&f, 0x0201);
		put(&f, mac_printer, 6);
		frame_end(&f, ip, 0);
		tap_ok(run(f.bytes, f.length) == PASS &&
			       (hops == 255 ? answer_is(ANSWER_ND, ip6_host, 6, 0) : !t.count),
		       hops == 255 ? "a neighbour advertisement, with the MAC that it claims"
				   : "one that has been routed is not believed (RFC 4861 section 7.1.2)");
	}
}

/* Nothing of this when nobody asks. And whatever frame comes while somebody does, cut anywhere: it goes its way. */
static void strangers(void)
{
	static struct test_frames all;
	struct reply r = {ip_printer, ip_laptop, 4, 443, OUR_PORT, 0, TEST_SYN | TEST_ACK, -1, false};
	struct test_frame f;
	size_t runs = 0, bad = 0;

	test_frames_make(&all);
	for (size_t i = 0; i < all.count; i++)
		for (size_t length = 14; length <= all.frame[i].length; length++, runs++)
			bad += run(all.frame[i].bytes, length) != PASS;
	tap_ok(!bad, "%zu frames of the tests' network and their beginnings go their way while we ask", runs);
	r.ack = cookie_of(PROBE_SYN, ip_printer, 4, 443) + 1;
	make_reply(&f, &r);
	bad = 0;
	for (size_t length = 14; length < 54; length++)
		bad += run(f.bytes, length) != PASS || t.count;
	tap_ok(!bad, "a SYN-ACK cut short anywhere is not looked at");
	source()->reset = PROBE_RESET_BY_HAND;
	tap_ok(run(f.bytes, f.length) == DROP && answer_is(ANSWER_OPEN, ip_printer, 4, 443),
	       "a port that can't send from XDP: open, and the sensor sends the RST");
	source()->reset = PROBE_RESET_REDIRECT;
	tap_ok(run(f.bytes, f.length) == REDIRECT && answer_is(ANSWER_OPEN, ip_printer, 4, 443) && is_reset(&r),
	       "a veth: the RST is redirected to where it came from");
	source()->reset = PROBE_RESET_SEND;
	source()->active = 0;
	tap_ok(run(f.bytes, f.length) == PASS && !t.count, "nobody asks: nothing is looked at");
	source()->active = 1;
}

/* Anybody may say who they are by ARP, as often as they like. */
static void flooded(void)
{
	struct reply r = {ip_printer, ip_laptop, 4, 443, OUR_PORT, 0, TEST_SYN | TEST_ACK, -1, false};
	uint32_t room = bpf_map__max_entries(t.harness.skeleton->maps.answers) / 64;
	uint64_t told = counted(PROBE_COUNT_ARP), full = counted(PROBE_COUNT_RING_FULL);
	struct test_frame f = {};

	put_ether(&f, mac_all, mac_printer, 0x0806);
	put_arp(&f, 1, mac_printer, ip_printer, ip_printer);
	harness_run(&t.harness, f.bytes, f.length, room * 2, NULL);
	tap_ok(counted(PROBE_COUNT_ARP) - told == room / 2 &&
		       counted(PROBE_COUNT_RING_FULL) - full == room * 3 / 2,
	       "a flood of gratuitous ARP gets half of the ring; the rest is counted");
	r.ack = cookie_of(PROBE_SYN, ip_printer, 4, 443) + 1;
	make_reply(&f, &r);
	told = counted(PROBE_COUNT_OPEN);
	tap_ok(harness_run(&t.harness, f.bytes, f.length, 1, NULL) == SEND &&
		       counted(PROBE_COUNT_OPEN) == told + 1,
	       "and an answer still has room");
	ring_buffer__consume(t.ring);
}

/* The ring is full: the RST is sent all the same. */
static void full(void)
{
	struct reply r = {ip_printer, ip_laptop, 4, 443, OUR_PORT, 0, TEST_SYN | TEST_ACK, -1, false};
	struct test_frame f;
	DECLARE_LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = f.bytes, .data_out = t.sent, .repeat = 1);
	uint32_t room = bpf_map__max_entries(t.harness.skeleton->maps.answers) / 64;
	uint64_t before = counted(PROBE_COUNT_RING_FULL);
	bool sent = true;

	r.ack = cookie_of(PROBE_SYN, ip_printer, 4, 443) + 1;
	make_reply(&f, &r);
	for (uint32_t i = 0; i < room + 10; i++) {
		opts.data_size_in = (uint32_t)f.length;
		opts.data_size_out = sizeof(t.sent);
		sent &= !bpf_prog_test_run_opts(t.harness.program_fd, &opts) && opts.retval == SEND;
	}
	tap_ok(sent && counted(PROBE_COUNT_RING_FULL) - before >= 10 &&
		       counted(PROBE_COUNT_RING_FULL) - before <= 11 && counted(PROBE_COUNT_RESET) >= room + 10,
	       "a full ring is counted, and no connection is left half open for it");
}

int main(void)
{
	static const struct harness_options options = {.live = true};

	if (!tap_ok(!harness_open(&options, &t.harness, stdout), "the object loads"))
		return tap_end();
	t.ring = ring_buffer__new(bpf_map__fd(t.harness.skeleton->maps.answers), keep_answer, NULL, NULL);
	*source() = (struct probe_source){
		.key = {0x0123456789abcdef, 0xfedcba9876543210}, .port_n = htons(OUR_PORT), .active = 1};
	memcpy(source()->addr4, ip_laptop, 4);
	memcpy(source()->addr6, ip6_laptop_global, 16);
	memcpy(source()->addr6_link, ip6_laptop, 16);
	memcpy(source()->mac, mac_laptop, 6);
	tcp_replies();
	not_ours();
	forgeries();
	icmp_errors();
	echoes();
	neighbours();
	strangers();
	flooded();
	full();
	ring_buffer__free(t.ring);
	harness_close(&t.harness);
	return tap_end();
}
