// SPDX-License-Identifier: BSD-2-Clause
/* See load.h. Some hundreds of talks go on at a time; whose next frame leaves is drawn by lot. */
#include "tests/bench/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/frames.h"

enum {
	TALKS = 512, /* at a time */
	CLIENTS = 600,
	SERVERS = 3000,
	LASTING = 300,	      /* transfers and streams that neither begin nor end here */
	LASTING_PERCENT = 30, /* of all frames */
	SEGMENT = 1428,
	PORT_FIRST = 16, /* upper byte of a client's first port */
};

enum talk_kind {
	TALK_TLS,
	TALK_HTTP,
	TALK_DNS,
	TALK_NTP,
	TALK_STREAM,
	TALK_REFUSED,
	TALK_ANNOUNCE,
	TALK_KINDS
};

/* In a thousand talks. */
static const unsigned int share[TALK_KINDS] = {
	[TALK_TLS] = 250,   [TALK_HTTP] = 70,	 [TALK_DNS] = 500,    [TALK_NTP] = 30,
	[TALK_STREAM] = 60, [TALK_REFUSED] = 50, [TALK_ANNOUNCE] = 40};

struct talk {
	enum talk_kind kind;
	unsigned int client, server, port, step, steps, data; /* data: segments of the answer */
	__u32 seq[2];
	bool v6, lasting;
};

struct load {
	struct load_frame *frames;
	struct load_mix *mix;
	__u32 made, owed; /* owed: of talks that have begun */
	__u64 state;
	unsigned int ports[CLIENTS];
	struct talk talk[TALKS], lasting[LASTING];
	unsigned int talks;
};

/* xorshift64* (Vigna, 2014). */
static __u32 lot(struct load *l, __u32 below)
{
	l->state ^= l->state >> 12;
	l->state ^= l->state << 25;
	l->state ^= l->state >> 27;
	return (__u32)((l->state * UINT64_C(0x2545F4914F6CDD1D)) >> 32) % below;
}

static void put_noise(struct load *l, struct test_frame *f, size_t count)
{
	while (count--)
		put8(f, lot(l, 256));
}

static void put_client_mac(struct test_frame *f, unsigned int client)
{
	put32(f, 0x00113200);
	put16(f, client);
}

/* Link and IP header; toward: to the server. Returns where the IP header is. */
static size_t put_head(struct test_frame *f, const struct talk *t, bool toward, unsigned int proto)
{
	__u8 client[16] = {10, 1, (__u8)(t->client >> 8), (__u8)t->client}, server[16] = {198, 18};

	server[2] = (__u8)(t->server >> 8);
	server[3] = (__u8)t->server;
	if (toward)
		put(f, mac_router, 6);
	put_client_mac(f, t->client);
	if (!toward)
		put(f, mac_router, 6);
	put16(f, t->v6 ? 0x86dd : 0x0800);
	if (!t->v6)
		return put_ipv4(f, toward ? client : server, toward ? server : client, proto);
	memcpy(client, "\x20\x01\x0d\xb8\0\1", 6);
	memcpy(server, "\x20\x01\x0d\xb8\0\2", 6);
	memset(client + 6, 0, 8);
	memset(server + 6, 0, 8);
	client[14] = (__u8)(t->client >> 8);
	client[15] = (__u8)t->client;
	server[14] = (__u8)(t->server >> 8);
	server[15] = (__u8)t->server;
	return put_ipv6(f, toward ? client : server, toward ? server : client, proto, 64);
}

/* Lengths and checksums, and the frame is the next one of the pass. */
static void finish(struct load *l, struct test_frame *f, const struct talk *t, size_t ip, size_t l4,
		   bool toward, unsigned int proto)
{
	struct load_frame *out = &l->frames[l->made++];
	bool v4 = f->bytes[ip] >> 4 == 4;
	size_t length = f->length - l4, sum_at = l4 + (proto == 6 ? 16 : 6);

	frame_end(f, ip, proto == 17 ? l4 : 0);
	if (v4)
		set16(f, ip + 10, (__u16)~frame_sum16(f->bytes + ip, 20, 0));
	set16(f, sum_at,
	      (__u16)~frame_sum16(
		      f->bytes + l4, length,
		      frame_sum16(f->bytes + ip + (v4 ? 12 : 8), v4 ? 8 : 32, proto + (__u32)length)));
	out->length = (__u16)(f->length < 60 ? 60 : f->length);
	out->port_at = (__u16)(t->lasting ? 0 : l4 + (toward ? 0 : 2));
	out->sum_at = (__u16)sum_at;
	out->sum = (__u16)(f->bytes[sum_at] << 8 | f->bytes[sum_at + 1]);
	memset(out->bytes, 0, sizeof(out->bytes));
	memcpy(out->bytes, f->bytes, f->length);
	l->mix->bytes += out->length;
}

/* One TCP segment; a payload was put behind 20 bytes of header at *f's end by the caller: text, or noise. */
static void tcp(struct load *l, struct talk *t, bool toward, unsigned int flags, const char *text, size_t noise)
{
	struct test_frame f = {.length = 0};
	size_t ip = put_head(&f, t, toward, 6), l4 = f.length;
	unsigned int server_port = t->kind == TALK_HTTP ? 80 : t->kind == TALK_REFUSED ? 8080 : 443;
	__u32 taken = (flags & (TEST_SYN | TEST_FIN)) != 0;

	put_tcp(&f, toward ? t->port : server_port, toward ? server_port : t->port, t->seq[!toward],
		flags & TEST_ACK ? t->seq[toward] : 0, flags);
	if (flags & TEST_SYN) {
		f.bytes[l4 + 12] = 0x60;
		put32(&f, 0x020405b4);
	}
	if (text)
		put_text(&f, text);
	put_noise(l, &f, noise);
	t->seq[!toward] += taken + (__u32)((text ? strlen(text) : 0) + noise);
	finish(l, &f, t, ip, l4, toward, 6);
}

/* A ClientHello as TLS libraries send it, with a name (RFC 8446 §4.1.2, RFC 6066 §3). */
static void client_hello(struct load *l, struct talk *t)
{
	static const __u8 after[] = {0,	  10, 0,   8,	0,   6,	  0,   29,  0,	 23,  0,  24, 0, 13, 0, 8,
				     0,	  6,  4,   3,	8,   4,	  4,   1,   0,	 16,  0,  14, 0, 12, 2, 'h',
				     '2', 8,  'h', 't', 't', 'p', '/', '1', '.', '1', 0,  43, 0, 5,  4, 3,
				     4,	  3,  3,   0,	51,  0,	  38,  0,   36,	 0,   29, 0,  32};
	char name[] = "host-0000.example.net";
	struct test_frame f = {.length = 0}, hello = {.length = 0};
	size_t ip = put_head(&f, t, true, 6), l4 = f.length, extensions = 9 + strlen(name) + sizeof(after) + 32;

	for (unsigned int i = 0, number = t->server; i < 4; i++, number /= 10)
		name[8 - i] = (char)('0' + number % 10);
	put16(&hello, 0x0303);
	put_noise(l, &hello, 32);
	put8(&hello, 32);
	put_noise(l, &hello, 32);
	put16(&hello, 8);
	put32(&hello, 0x13011302);
	put32(&hello, 0xc02bc02f);
	put16(&hello, 0x0100);
	put16(&hello, (unsigned int)extensions);
	put16(&hello, 0);
	put16(&hello, (unsigned int)strlen(name) + 5);
	put16(&hello, (unsigned int)strlen(name) + 3);
	put8(&hello, 0);
	put16(&hello, (unsigned int)strlen(name));
	put_text(&hello, name);
	put(&hello, after, sizeof(after));
	put_noise(l, &hello, 32);
	put_tcp(&f, t->port, 443, t->seq[0], t->seq[1], TEST_PSH | TEST_ACK);
	put(&f, "\x16\x03\x01", 3);
	put16(&f, (unsigned int)hello.length + 4);
	put16(&f, 0x0100);
	put16(&f, (unsigned int)hello.length);
	put(&f, hello.bytes, hello.length);
	t->seq[0] += (__u32)hello.length + 9;
	finish(l, &f, t, ip, l4, true, 6);
}

static void http_head(struct load *l, struct talk *t, bool toward)
{
	char text[256];

	if (toward)
		snprintf(text, sizeof(text),
			 "GET /p/%u HTTP/1.1\r\nHost: host-%u.example.net\r\nUser-Agent: Agent/%u.0 (bench)\r\n"
			 "Accept: */*\r\n\r\n",
			 lot(l, 1000), t->server, t->client % 7);
	else
		snprintf(text, sizeof(text),
			 "HTTP/1.1 200 OK\r\nServer: nginx/1.%u\r\nContent-Type: text/html\r\n"
			 "Content-Length: %u\r\n\r\n",
			 18 + t->server % 8, t->data * SEGMENT);
	tcp(l, t, toward, TEST_PSH | TEST_ACK, text, toward ? 0 : 400);
}

/* SYN, SYN-ACK, ACK, question, answer by segments with an ACK for each two, FIN, FIN, ACK. */
static void step_connection(struct load *l, struct talk *t)
{
	unsigned int left = t->steps - t->step;

	if (t->step < 3)
		tcp(l, t, t->step != 1,
		    t->step == 0   ? TEST_SYN
		    : t->step == 1 ? TEST_SYN | TEST_ACK
				   : TEST_ACK,
		    NULL, 0);
	else if (left <= 3)
		tcp(l, t, left != 2, left == 1 ? TEST_ACK : TEST_FIN | TEST_ACK, NULL, 0);
	else if (t->step == 3 && t->kind == TALK_TLS)
		client_hello(l, t);
	else if (t->kind == TALK_HTTP && t->step <= 4)
		http_head(l, t, t->step == 3);
	else if (t->step == 4) /* a ServerHello, and what is encrypted behind it */
		tcp(l, t, false, TEST_ACK, "\x16\x03\x03\x03\x40\x02", SEGMENT - 6);
	else if (t->step == 5)
		tcp(l, t, true, TEST_PSH | TEST_ACK, "\x17\x03\x03", 130);
	else
		tcp(l, t, t->step % 3 == 2, TEST_ACK, NULL, t->step % 3 == 2 ? 0 : SEGMENT);
}

static void datagram(struct load *l, const struct talk *t, bool toward, unsigned int server_port,
		     const struct test_frame *payload)
{
	struct test_frame f = {.length = 0};
	size_t ip = put_head(&f, t, toward, 17), l4 = f.length;

	put_udp(&f, toward ? t->port : server_port, toward ? server_port : t->port);
	put(&f, payload->bytes, payload->length);
	finish(l, &f, t, ip, l4, toward, 17);
}

static void step_datagrams(struct load *l, struct talk *t)
{
	bool toward = t->step % 2 == 0;
	struct test_frame p = {.length = 0};

	if (t->kind == TALK_DNS && toward) {
		put_dns_head(&p, 0x0100, 1, 0, 0);
		put_name(&p, "www.example.org");
		put32(&p, 0x00010001);
	} else if (t->kind == TALK_DNS) {
		put_dns_answer(&p);
	} else if (t->kind == TALK_NTP) {
		put8(&p, toward ? 0x23 : 0x24);
		put_noise(l, &p, 47);
	} else { /* a stream of its own protocol, as QUIC is once it is encrypted */
		toward = t->step % 4 == 0;
		put8(&p, 0x40);
		put_noise(l, &p, toward ? 60 : 1200);
	}
	datagram(l, t, toward, t->kind == TALK_DNS ? 53 : t->kind == TALK_NTP ? 123 : 443, &p);
}

static void announce(struct load *l, const struct talk *t)
{
	struct test_frame f = {.length = 0};
	const __u8 mac[6] = {0, 0x11, 0x32, 0, (__u8)(t->client >> 8), (__u8)t->client};
	const __u8 address[4] = {10, 1, (__u8)(t->client >> 8), (__u8)t->client};
	size_t ip = 0, udp = 0;
	struct load_frame *out;

	switch (lot(l, 4)) {
	case 0:
		put_ether(&f, mac_mdns, mac, 0x0800);
		ip = put_ipv4(&f, address, ip_mdns, 17);
		udp = put_udp(&f, 5353, 5353);
		put_mdns(&f, 120);
		break;
	case 1:
		put_ether(&f, mac_all, mac, 0x0800);
		ip = put_ipv4(&f, address, ip_all, 17);
		udp = put_udp(&f, 50000, 1900);
		put_text(&f, "NOTIFY * HTTP/1.1\r\nHost: 239.255.255.250:1900\r\nNT: upnp:rootdevice\r\n"
			     "NTS: ssdp:alive\r\nServer: Linux UPnP/1.0 Bench/1\r\nUSN: uuid:1\r\n\r\n");
		break;
	default:
		put_ether(&f, mac_all, mac, 0x0806);
		put_arp(&f, 1, mac, address, ip_router);
	}
	if (ip) {
		frame_end(&f, ip, udp);
		set16(&f, ip + 10, (__u16)~frame_sum16(f.bytes + ip, 20, 0));
	}
	out = &l->frames[l->made++];
	memset(out, 0, sizeof(*out));
	out->length = (__u16)f.length;
	memcpy(out->bytes, f.bytes, f.length);
	l->mix->bytes += out->length;
}

static unsigned int segments_of(struct load *l)
{
	unsigned int kind = lot(l, 100);

	return kind < 50   ? 4 + lot(l, 7)
	       : kind < 85 ? 10 + lot(l, 31)
	       : kind < 99 ? 40 + lot(l, 161)
			   : 200 + lot(l, 801);
}

static void begin(struct load *l, struct talk *t)
{
	unsigned int drawn = lot(l, 1000);

	*t = (struct talk){
		.client = lot(l, CLIENTS), .server = lot(l, lot(l, SERVERS) + 1), .v6 = lot(l, 100) < 15};
	while (drawn >= share[t->kind])
		drawn -= share[t->kind++];
	t->port = (PORT_FIRST + l->ports[t->client]++ % (255 - PORT_FIRST)) << 8;
	t->seq[0] = lot(l, UINT32_MAX);
	t->seq[1] = lot(l, UINT32_MAX);
	t->data = segments_of(l);
	t->steps = t->kind == TALK_TLS || t->kind == TALK_HTTP ? 9 + t->data * 3 / 2
		   : t->kind == TALK_STREAM		       ? t->data * 4 / 3
		   : t->kind == TALK_ANNOUNCE		       ? 1
							       : 2;
	l->owed += t->steps;
	l->mix->connections += t->kind == TALK_TLS || t->kind == TALK_HTTP;
	l->mix->datagrams += t->kind == TALK_DNS || t->kind == TALK_NTP || t->kind == TALK_STREAM;
	l->mix->refused += t->kind == TALK_REFUSED;
	l->mix->announcements += t->kind == TALK_ANNOUNCE;
}

static void step(struct load *l, struct talk *t)
{
	switch (t->kind) {
	case TALK_REFUSED:
		tcp(l, t, t->step == 0, t->step == 0 ? TEST_SYN : TEST_RST | TEST_ACK, NULL, 0);
		break;
	case TALK_TLS:
	case TALK_HTTP:
		step_connection(l, t);
		break;
	case TALK_ANNOUNCE:
		announce(l, t);
		break;
	default:
		step_datagrams(l, t);
	}
	t->step++;
	l->owed--;
}

/* A transfer in trains: that is how they come. */
static void step_lasting(struct load *l)
{
	struct talk *t = &l->lasting[lot(l, LASTING)];

	for (unsigned int i = 0; i < 6 && l->made + l->owed < LOAD_FRAMES; i++)
		tcp(l, t, i % 3 == 2, TEST_ACK, NULL, i % 3 == 2 ? 0 : SEGMENT);
}

void load_fill(struct load_frame *frames, struct load_mix *mix)
{
	static struct load load;
	struct load *l = &load;

	*mix = (struct load_mix){.lasting = LASTING};
	*l = (struct load){.frames = frames, .mix = mix, .state = 0x9e3779b97f4a7c15};
	for (unsigned int i = 0; i < LASTING; i++)
		l->lasting[i] = (struct talk){
			.kind = TALK_TLS, .client = i, .server = i, .port = 60000 + i, .lasting = true};
	while (l->made < LOAD_FRAMES) {
		bool room = l->made + l->owed + 2000 < LOAD_FRAMES; /* the longest talk has fewer frames */
		unsigned int which;

		if (room && l->talks < TALKS) {
			begin(l, &l->talk[l->talks++]);
			continue;
		}
		if (!l->talks || lot(l, 100) < LASTING_PERCENT / 6 + 1) {
			step_lasting(l);
			if (l->talks || l->made + l->owed < LOAD_FRAMES)
				continue;
		}
		which = lot(l, l->talks);
		step(l, &l->talk[which]);
		if (l->talk[which].step == l->talk[which].steps)
			l->talk[which] = l->talk[--l->talks];
	}
}
