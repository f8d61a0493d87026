/* SPDX-License-Identifier: BSD-2-Clause */
/* A TCP connection and datagrams of numbered senders, made and sent through the program. */
#ifndef TESTS_BPF_TRAFFIC_H
#define TESTS_BPF_TRAFFIC_H

#include "tests/bpf/harness.h"
#include "tests/frames.h"

/* One TCP segment between the laptop (client) and the web server. */
struct segment {
	bool from_client;
	uint32_t seq, ack;
	unsigned int flags;
	size_t payload;
};

static void make_segment(struct test_frame *f, unsigned int client_port, const struct segment *s)
{
	static struct test_frames one;

	one.count = 0;
	add_tcp(&one, "", s->from_client, client_port, 80, s->seq, s->ack, s->flags, "xxxxxxxxxxxxxxxxxxxx",
		s->payload);
	*f = one.frame[0];
}

static void send_segments(struct harness *h, const struct segment *segments, size_t count)
{
	struct test_frame f;

	for (size_t i = 0; i < count; i++) {
		harness_time(h, 1000000000ULL + i * 1000000);
		make_segment(&f, 40001, &segments[i]);
		harness_run(h, f.bytes, f.length, 1, NULL);
	}
}

/* A datagram from 10.x.y.z with this number in it to the web server; no payload. */
static void make_datagram(struct test_frame *f, uint32_t number, size_t payload)
{
	uint8_t from[4] = {10, (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number};
	size_t ip, udp;

	f->length = 0;
	put_ether(f, mac_router, mac_laptop, 0x0800);
	ip = put_ipv4(f, from, ip_web, 17);
	udp = put_udp(f, 4000, 5000);
	put_zeros(f, payload);
	frame_end(f, ip, udp);
}

static void send_datagrams(struct harness *h, uint32_t first, uint32_t count, size_t payload)
{
	struct test_frame f;

	for (uint32_t i = 0; i < count; i++) {
		make_datagram(&f, first + i, payload);
		harness_run(h, f.bytes, f.length, 1, NULL);
	}
}

#endif
