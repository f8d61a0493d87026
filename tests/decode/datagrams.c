// SPDX-License-Identifier: BSD-2-Clause
/* Datagrams in pieces: in any order, over IPv4 and IPv6, and with pieces that repeat, overlap, lie or never come. */
#include "sensor/datagrams.h"

#include <stdlib.h>

#include "tests/frames.h"
#include "tests/tap.h"

enum { HEADERS = 14 + 20, HEADERS_V6 = 14 + 40 };

static struct test_frames frames;
static const struct test_frame *answer; /* a DNS answer over IPv4 */
static struct datagrams *datagrams;

/* Hand a frame over; what comes back. */
static const struct record_frame *take(const struct test_frame *f, int64_t time_us)
{
	static union {
		struct record_frame record;
		uint8_t room[sizeof(struct record_frame) + TEST_FRAME_BYTES_MAX];
	} copy;
	struct frame frame;

	copy.record.captured = (uint16_t)f->length;
	copy.record.length = (uint32_t)f->length;
	copy.record.link = LINK_ETHERNET;
	memcpy(copy.record.bytes, f->bytes, f->length);
	if (frame_open(&copy.record, time_us, &frame))
		return NULL;
	return datagrams_add(datagrams, &copy.record, &frame);
}

/* Bytes from … to of the datagram's UDP part, as an IPv4 fragment. */
static struct test_frame piece(uint16_t id, size_t from, size_t to)
{
	struct test_frame f = {.length = HEADERS};

	memcpy(f.bytes, answer->bytes, HEADERS);
	put(&f, answer->bytes + HEADERS + from, to - from);
	set16(&f, 14 + 2, f.length - 14);
	set16(&f, 14 + 4, id);
	set16(&f, 14 + 6, (to < answer->length - HEADERS ? 0x2000 : 0) | from / 8);
	return f;
}

static struct test_frame piece_v6(uint32_t id, size_t from, size_t to)
{
	struct test_frame f = {.length = 0};

	put_ether(&f, mac_laptop, mac_router, 0x86dd);
	size_t ip = put_ipv6(&f, ip6_web, ip6_laptop_global, 44, 64);
	put16(&f, 17 << 8);
	put16(&f, (unsigned int)from | (to < answer->length - HEADERS));
	put32(&f, id);
	put(&f, answer->bytes + HEADERS + from, to - from);
	frame_end(&f, ip, 0);
	return f;
}

static bool is_answer(const struct record_frame *whole, size_t headers)
{
	size_t length = answer->length - HEADERS;

	return whole && whole->captured == headers + length &&
	       memcmp(whole->bytes + headers, answer->bytes + HEADERS, length) == 0;
}

static void whole_again(void)
{
	size_t end = answer->length - HEADERS;
	struct test_frame a = piece(1, 0, 40), b = piece(1, 40, 80), c = piece(1, 80, end);
	const struct record_frame *whole;
	struct frame frame;

	tap_ok(!take(&a, 0) && !take(&b, 1) && is_answer(take(&c, 2), HEADERS), "three pieces in order");
	tap_ok(!take(&c, 3) && !take(&a, 4) && is_answer(take(&b, 5), HEADERS), "and in another order");
	tap_ok(!take(&c, 6) && !take(&c, 7) && !take(&b, 8), "a piece that repeats");
	whole = take(&a, 9);
	tap_ok(is_answer(whole, HEADERS), "does no harm");
	tap_ok(frame_open(whole, 9, &frame) == 0 && !frame.ctx.cut && frame.decoder &&
		       strcmp(frame.decoder->name, "dns") == 0,
	       "the whole is a frame like any other");
	tap_ok(!take(answer, 10), "a datagram that is no piece is left alone");

	struct test_frame a6 = piece_v6(7, 0, 40), b6 = piece_v6(7, 40, end);

	tap_ok(!take(&b6, 11) && is_answer(take(&a6, 12), HEADERS_V6), "IPv6: the fragment header is gone");
	tap_ok(datagrams_given_up(datagrams) == 0, "nothing was given up");
}

static void refused(void)
{
	size_t end = answer->length - HEADERS;
	struct test_frame a = piece(2, 0, 40), overlap = piece(2, 32, 80), c = piece(2, 80, end),
			  late = piece(3, 40, end);
	struct test_frame first = piece(3, 0, 40);

	take(&a, 0);
	tap_ok(!take(&overlap, 1) && !take(&c, 2) && datagrams_given_up(datagrams) == 1,
	       "a piece that overlaps another throws all away");
	struct test_frame far = piece(4, 80, 96), last = piece(4, 56, end);

	/* As many bytes as the whole has, and yet a hole: what is behind the end fills none. */
	first = piece(4, 0, 40);
	set16(&last, 14 + 2, 20 + 16);
	last.length = HEADERS + 16;
	take(&first, 0);
	take(&far, 1);
	tap_ok(!take(&last, 2) && datagrams_given_up(datagrams) == 2, "a piece behind the end throws all away");
	first = piece(3, 0, 40);
	take(&first, 3);
	tap_ok(!take(&late, 3 + 31 * INT64_C(1000000)),
	       "a piece that comes half a minute late is another datagram's");
	for (uint16_t id = 100; id < 400; id++) {
		struct test_frame one = piece(id, 0, 40);

		take(&one, 40 * INT64_C(1000000));
	}
	tap_ok(datagrams_given_up(datagrams) >= 200, "datagrams that never end make room for others");
}

/* Segments of TCP too, but for those of which only the later pieces are copied: they are no loss. */
static void tcp(void)
{
	size_t end = answer->length - HEADERS;
	struct test_frame a = piece(5, 0, 24), b = piece(5, 24, end);
	const struct record_frame *whole;
	struct frame frame;

	tap_ok(!take(&b, 0), "TCP: the second piece first");
	whole = take(&a, 1);
	tap_ok(is_answer(whole, HEADERS) && frame_open(whole, 1, &frame) == 0 && frame.segment &&
		       frame.packet.port_n[1] == parse_u16(80),
	       "TCP: whole, it is a segment like any other");
	for (uint16_t id = 100; id < 400; id++) {
		struct test_frame one = piece(id, 24, end);

		take(&one, 2);
	}
	tap_ok(datagrams_given_up(datagrams) == 0, "TCP: pieces of what is not copied are not lost");
}

int main(void)
{
	test_frames_make(&frames);
	answer = test_frame_find(&frames, "dns answer");
	if (!answer || datagrams_open(&datagrams))
		return 1;
	whole_again();
	datagrams_close(datagrams);
	if (datagrams_open(&datagrams))
		return 1;
	refused();
	datagrams_close(datagrams);
	answer = test_frame_find(&frames, "tcp request");
	if (!answer || datagrams_open(&datagrams))
		return 1;
	tcp();
	datagrams_close(datagrams);
	return tap_end();
}
