// SPDX-License-Identifier: BSD-2-Clause
/* Which datagram may be the answer to which: who asked whom, from which port to which, when; one that went to all, and DHCP. */
#include "sensor/questions.h"

#include "sensor/frame.h"
#include "tests/decode/said.h"
#include "tests/device_frames.h"

#include "sensor/observe.h"

static struct questions *questions;
static struct decode_context ctx;

/* A datagram of one byte, `what`. Returns the byte of the question that it may answer, 0: none. */
static char see(const char *from, uint16_t from_port, const char *to, uint16_t to_port, int64_t second,
		char what)
{
	ctx = (struct decode_context){.time_us = second * 1000000, .port_src = from_port, .port_dst = to_port};
	ip_parse(from, &ctx.ip_src);
	ip_parse(to, &ctx.ip_dst);
	questions_see(questions, &ctx, wire_over(&what, 1));
	return ctx.asked.left ? (char)ctx.asked.at[0] : 0;
}

static void pairs(void)
{
	tap_ok(see("10.0.0.5", 4000, "10.0.0.1", 53, 1, 'a') == 0, "a question answers nothing");
	tap_ok(see("10.0.0.1", 53, "10.0.0.5", 4000, 2, 'b') == 'a',
	       "the next one the other way may be its answer");
	tap_ok(see("10.0.0.1", 53, "10.0.0.5", 4001, 2, 'c') == 0, "not to another port");
	tap_ok(see("10.0.0.1", 54, "10.0.0.5", 4000, 2, 'c') == 0, "nor from another port");
	tap_ok(see("10.0.0.2", 53, "10.0.0.5", 4000, 2, 'c') == 0, "nor from another address");
	tap_ok(see("10.0.0.5", 4000, "10.0.0.1", 53, 3, 'd') == 'b', "each is a question too");
	tap_ok(see("10.0.0.1", 53, "10.0.0.5", 4000, 34, 'e') == 0, "half a minute later it is none");
	see("10.0.0.5", 4002, "10.0.0.1", 53, 50, 'f');
	tap_ok(see("10.0.0.1", 53, "10.0.0.5", 4002, 49, 'g') == 0, "nor is what came before the question");
	see("fe80::5", 4000, "fe80::1", 53, 60, 'h');
	tap_ok(see("fe80::1", 53, "fe80::5", 4000, 60, 'i') == 'h', "IPv6 alike");
}

static void to_all(void)
{
	see("10.0.0.5", 4000, "239.255.255.250", 1900, 100, 'a');
	tap_ok(see("10.0.0.9", 1900, "10.0.0.5", 4000, 101, 'b') == 'a',
	       "anybody answers what went to a group");
	see("10.0.0.5", 137, "10.0.0.255", 137, 100, 'c');
	tap_ok(see("10.0.0.9", 137, "10.0.0.5", 137, 101, 'd') == 'c', "or to a subnet");
	see("0.0.0.0", 68, "255.255.255.255", 67, 100, 'e');
	tap_ok(see("10.0.0.1", 67, "10.0.0.77", 68, 101, 'f') == 'e', "who asks for an address has none yet");
	see("10.0.0.1", 67, "10.1.0.1", 67, 100, 'g');
	tap_ok(see("10.1.0.1", 67, "10.0.0.1", 67, 101, 'h') == 'g', "a relay asks for others");
}

static void bounds(void)
{
	char first;

	see("10.9.0.1", 1, "10.0.0.1", 53, 200, 'a');
	for (int i = 0; i < 8192; i++) {
		char line[32];

		snprintf(line, sizeof(line), "10.8.%d.%d", i / 200, i % 200);
		see(line, 1, "10.0.0.1", 53, 200, 'b');
	}
	tap_ok(questions_forgotten(questions) == 8193 - 4096,
	       "those that made room are counted, older ones that nobody answers any more are not");
	first = see("10.0.0.1", 53, "10.9.0.1", 1, 200, 'c');
	tap_ok(first == 0, "what was asked before thousands of others has made room");
	first = see("10.0.0.1", 53, "10.8.40.191", 1, 200, 'd');
	tap_ok(first == 'b', "and the latest are there");
}

/* ---- whole frames: a service is said once somebody has asked ---- */

static struct test_frames frames;
static struct said said;

static size_t services_of(const char *const *names)
{
	static union {
		struct record_frame record;
		uint8_t room[sizeof(struct record_frame) + TEST_FRAME_BYTES_MAX];
	} copy;
	struct sightings_options options = {.capacity = 64, .at_end = true};
	struct fact_sink sink = {said_say, &said};
	struct sightings *sightings;
	struct observe *observe;
	size_t count = 0;

	said_clear(&said);
	if (sightings_open(&options, &sink, 1, &sightings))
		abort();
	if (observe_open(sightings, &observe))
		abort();
	for (; *names; names++) {
		const struct test_frame *f = test_frame_find(&frames, *names);

		copy.record = (struct record_frame){
			.head = {.type = RECORD_FRAME, .size = (__u16)(sizeof(copy.record) + f->length)},
			.frame_class = FRAME_DATA,
			.link = LINK_ETHERNET,
			.captured = (__u16)f->length,
			.length = (__u32)f->length};
		memcpy(copy.record.bytes, f->bytes, f->length);
		observe_record(observe, &copy.record.head, copy.record.head.size, TEST_TIME_US);
	}
	observe_tick(observe, TEST_TIME_US);
	sightings_flush(sightings);
	observe_close(observe);
	for (size_t i = 0; i < said.count; i++)
		count += !strncmp(said.line[i], "{\"fact\":\"service\"", 17) &&
			 strstr(said.line[i], "\"measured\"");
	sightings_close(sightings);
	return count;
}

#define SERVICES(...) services_of((const char *const[]){__VA_ARGS__, NULL})

static void stories(void)
{
	device_frames_make(&frames);
	tap_ok(SERVICES("radius question", "radius") == 1, "asked and answered: a service");
	tap_ok(SERVICES("radius") == 0, "answered only, as backscatter is: none");
	tap_ok(SERVICES("radius question") == 0, "asked only, as a scan does: none");
	tap_ok(SERVICES("radius question", "radius question") == 0, "asked twice: none");
	tap_ok(SERVICES("radius", "radius question") == 0, "the answer came first: none");
	tap_ok(SERVICES("ike question", "radius") == 0, "asked for something else: none");
	tap_ok(SERVICES("kasa question", "ike question", "ike", "stun question", "stun", "radius") == 2,
	       "each has its own question");
	said_clear(&said);
}

int main(void)
{
	if (questions_open(&questions))
		abort();
	pairs();
	to_all();
	bounds();
	questions_close(questions);
	stories();
	return tap_end();
}
