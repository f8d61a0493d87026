// SPDX-License-Identifier: BSD-2-Clause
/*
 * A mirror that shows each frame twice (defs/fold.h), in both engines: what is learned is what one copy tells. Only exact copies are
 * folded, only on a mirror, only after a SYN has come twice, and only as long as copies come.
 */
#include "sensor/capture.h"
#include "sensor/learn.h"
#include "sensor/observe.h"
#include "tests/tap.h"
#include "tests/tunnel_frames.h"

enum { COPY_US = 50 };

static uint64_t records, packets; /* of the side that is listened to */

void observe_record(struct observe *o, const struct record *record, size_t size, int64_t time_us)
{
	(void)o, (void)record, (void)size, (void)time_us;
	records++;
}

void observe_flow(struct observe *o, const struct flow_report *report)
{
	(void)o;
	packets += report->packets[0] + report->packets[1];
}

void observe_loss(struct observe *o, const char *counter, uint64_t value, int64_t time_us)
{
	(void)o, (void)counter, (void)value, (void)time_us;
}

struct sides {
	struct engine *engine;
	struct learn *learn;
	int64_t time_us;
	uint64_t records[2], packets[2], repeated[2]; /* kernel, user space */
};

static bool sides_open(struct sides *s, bool mirror)
{
	struct engine_options options = {.flow_slots = 4096, .span = mirror};

	*s = (struct sides){.time_us = TEST_TIME_US};
	if (!tap_ok(!capture_replay_open(&options, &s->engine) && !learn_open(4096, &s->learn),
		    "both engines open"))
		return false;
	if (mirror)
		learn_mirror(s->learn);
	return true;
}

static void sides_send(struct sides *s, const struct test_frame *f, int64_t after_us)
{
	struct learn_frame frame = {.bytes = f->bytes,
				    .captured = (uint32_t)f->length,
				    .length = (uint32_t)f->length,
				    .time_us = s->time_us += after_us};

	records = 0;
	capture_replay_frame(s->engine, &frame);
	s->engine->poll(s->engine, NULL);
	s->records[0] += records;
	records = 0;
	learn_frame(s->learn, NULL, &frame);
	s->records[1] += records;
}

/* The totals, which the caller compares; both sides agree on them. */
static void sides_end(struct sides *s, const char *what)
{
	uint64_t totals[COUNTER_COUNT];

	packets = 0;
	s->engine->sweep(s->engine, NULL);
	s->packets[0] = packets;
	packets = 0;
	learn_sweep(s->learn, NULL, s->time_us);
	s->packets[1] = packets;
	s->engine->count(s->engine, totals);
	s->repeated[0] = totals[COUNTER_FRAMES_REPEATED];
	s->repeated[1] = learn_counters(s->learn)[COUNTER_FRAMES_REPEATED];
	tap_ok(s->packets[0] == s->packets[1] && s->records[0] == s->records[1] &&
		       s->repeated[0] == s->repeated[1],
	       "%s: both engines say so: %zu and %zu packets, %zu and %zu records, %zu and %zu repeated", what,
	       (size_t)s->packets[0], (size_t)s->packets[1], (size_t)s->records[0], (size_t)s->records[1],
	       (size_t)s->repeated[0], (size_t)s->repeated[1]);
	learn_close(s->learn);
	s->engine->close(s->engine);
}

static struct sides story_of(const struct test_frames *frames, bool mirror, bool twice, const char *what)
{
	struct sides s;

	if (!sides_open(&s, mirror))
		return s;
	for (size_t i = 0; i < frames->count; i++) {
		sides_send(&s, &frames->frame[i], 1000);
		if (twice)
			sides_send(&s, &frames->frame[i], COPY_US);
	}
	sides_end(&s, what);
	return s;
}

static void the_whole_story(void)
{
	static struct test_frames story, frames;
	struct sides once, twice, elsewhere;

	test_frames_make(&story);
	add_tcp(&frames, "opener", true, 40200, 443, 1, 0, TEST_SYN, NULL, 0);
	for (size_t i = 0; i < story.count && frames.count < TEST_FRAMES_MAX; i++)
		frames.frame[frames.count++] = story.frame[i];
	once = story_of(&frames, true, false, "each frame once");
	tap_ok(once.packets[0] > 0 && once.repeated[0] == 0, "nothing repeats");
	twice = story_of(&frames, true, true, "each frame twice");
	tap_ok(twice.packets[0] == once.packets[0] && twice.records[0] == once.records[0] &&
		       twice.repeated[0] == frames.count,
	       "what is learned is the same, and every copy is counted");
	elsewhere = story_of(&frames, false, true, "twice, and no mirror");
	tap_ok(elsewhere.packets[0] == 2 * once.packets[0] && elsewhere.repeated[0] == 0,
	       "what comes twice was there twice");
}

static void only_copies(void)
{
	static struct test_frames frames;
	struct test_frame routed, *syn, *data;
	struct sides s;

	add_tcp(&frames, "opener", true, 40201, 443, 1, 0, TEST_SYN, NULL, 0);
	add_tcp(&frames, "data", true, 40201, 443, 2, 1, TEST_ACK, "hello", 5);
	syn = &frames.frame[0];
	data = &frames.frame[1];
	if (!sides_open(&s, true))
		return;
	sides_send(&s, data, 1000);
	sides_send(&s, data, COPY_US); /* 2: nothing has shown yet that it is a copy */
	sides_send(&s, syn, 1000);
	sides_send(&s, syn, COPY_US);
	sides_send(&s, syn, 1000000); /* 4: sent again */
	sides_send(&s, syn, COPY_US);
	routed = *data;
	routed.bytes[14 + 8]--; /* one router later */
	sides_send(&s, data, 1000);
	sides_send(&s, &routed, COPY_US); /* 6 */
	sides_send(&s, data, 1000000);	  /* 7: a second later it is another one */
	sides_send(&s, data, COPY_US);
	sides_send(&s, data, COPY_US); /* 8: two that were sent alike, and their copies */
	sides_send(&s, data, COPY_US);
	sides_send(&s, data, 61 * INT64_C(1000000)); /* 9: too long without a copy */
	sides_send(&s, data, COPY_US);		     /* 10 */
	sides_end(&s, "copies and others");
	tap_ok(s.packets[0] == 10 && s.repeated[0] == 4,
	       "only what is a copy is folded: %zu packets, %zu copies", (size_t)s.packets[0],
	       (size_t)s.repeated[0]);
}

/* The frame after which folding ends is a SYN: it is no copy of itself. */
static void a_syn_ends_it(void)
{
	static struct test_frames frames;
	struct sides s;

	add_tcp(&frames, "opener", true, 40203, 443, 1, 0, TEST_SYN, NULL, 0);
	add_tcp(&frames, "another", true, 40204, 443, 1, 0, TEST_SYN, NULL, 0);
	if (!sides_open(&s, true))
		return;
	sides_send(&s, &frames.frame[0], 1000);
	sides_send(&s, &frames.frame[0], COPY_US);
	sides_send(&s, &frames.frame[1], 61 * INT64_C(1000000));
	sides_end(&s, "a SYN after a minute without copies");
	tap_ok(s.packets[0] == 2 && s.repeated[0] == 1, "it is counted: %zu packets, %zu copies",
	       (size_t)s.packets[0], (size_t)s.repeated[0]);
}

/* A remote mirror sends two packets, which differ, with the same frame in it. */
static void in_a_tunnel(void)
{
	static struct header_cases all;
	struct test_frame *f;
	struct sides s;

	for (unsigned int number = 1; number <= 4; number++) {
		size_t inner;

		f = tunnel_begin(&all, "mirrored", 47, (struct header_case){});
		put32(f, 0x100088be);
		put32(f, number);
		put32(f, 0x10140007);
		put32(f, 0);
		inner = f->length;
		put(f, mac_laptop, 6);
		put(f, mac_router, 6);
		put16(f, ETHER_IPV4);
		put_ipv4(f, ip_laptop, ip_router, 6);
		put_tcp(f, 40202, 443, number <= 2 ? 1 : 2, 0, number <= 2 ? TEST_SYN : TEST_ACK);
		frame_end(f, inner + 14, 0);
		tunnel_end(&all, f);
	}
	if (!sides_open(&s, true))
		return;
	for (size_t i = 0; i < all.frames.count; i++)
		sides_send(&s, &all.frames.frame[i], COPY_US);
	sides_end(&s, "a remote mirror");
	tap_ok(s.packets[0] == 4 + 2 && s.repeated[0] == 2,
	       "the tunnel's packets are four, the frames inside two");
}

int main(void)
{
	the_whole_story();
	only_copies();
	a_syn_ends_it();
	in_a_tunnel();
	return tap_end();
}
