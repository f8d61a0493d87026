// SPDX-License-Identifier: BSD-2-Clause
/*
 * The XDP object and its user-space twin (sensor/learn.c) say the same: the same frames at the same times go to both, and
 * every record and every flow's totals are compared. Only the name that each gives to an entry is its own.
 */
#include <stdlib.h>

#include "sensor/capture.h"
#include "sensor/learn.h"
#include "sensor/observe.h"
#include "tests/tap.h"
#include "tests/tunnel_frames.h"

enum { SAID_MAX = 20000 };

/* What one side has said. observe_*() below append to the one that is listened to. */
struct said {
	size_t records, reports;
	struct record *record[SAID_MAX];
	struct flow_report report[SAID_MAX];
};
static struct said kernel, user, *listening;

void observe_record(struct observe *o, const struct record *record, size_t size, int64_t time_us)
{
	struct record *copy = malloc(size);

	(void)o, (void)time_us;
	memcpy(copy, record, size);
	if (copy->type == RECORD_FLOW)
		((struct record_flow *)copy)->entry = 0;
	if (listening->records < SAID_MAX)
		listening->record[listening->records++] = copy;
}

void observe_flow(struct observe *o, const struct flow_report *report)
{
	(void)o;
	if (listening->reports < SAID_MAX) {
		listening->report[listening->reports] = *report;
		listening->report[listening->reports++].entry = 0;
	}
}

void observe_loss(struct observe *o, const char *counter, uint64_t value, int64_t time_us)
{
	(void)o, (void)counter, (void)value, (void)time_us;
}

static int by_key(const void *a, const void *b)
{
	const struct flow_report *x = a, *y = b;

	return memcmp(&x->key, &y->key, sizeof(x->key));
}

/* Where the two differ, as text; "" when they don't. */
static const char *difference(void)
{
	static char text[160];

	for (size_t i = 0; i < kernel.records && i < user.records; i++) {
		const struct record *a = kernel.record[i], *b = user.record[i];

		if (a->size != b->size || memcmp(a, b, a->size) != 0) {
			snprintf(text, sizeof(text), "record %zu: type %d of %d bytes, and type %d of %d bytes",
				 i, a->type, a->size, b->type, b->size);
			return text;
		}
	}
	snprintf(text, sizeof(text), "%zu records and %zu", kernel.records, user.records);
	if (kernel.records != user.records)
		return text;
	qsort(kernel.report, kernel.reports, sizeof(*kernel.report), by_key);
	qsort(user.report, user.reports, sizeof(*user.report), by_key);
	snprintf(text, sizeof(text), "%zu flows and %zu", kernel.reports, user.reports);
	if (kernel.reports != user.reports)
		return text;
	for (size_t i = 0; i < kernel.reports; i++) {
		if (memcmp(&kernel.report[i], &user.report[i], sizeof(kernel.report[i])) != 0) {
			snprintf(text, sizeof(text), "flow %zu of %zu", i, kernel.reports);
			return text;
		}
	}
	return "";
}

/* Copies of later turns among what was said last. */
static size_t later_turns;

static void forget(struct said *said)
{
	later_turns = 0;
	for (size_t i = 0; i < said->records; i++)
		later_turns += said->record[i]->type == RECORD_FRAME &&
			       ((struct record_frame *)said->record[i])->frame_class == FRAME_HEAD;
	for (size_t i = 0; i < said->records; i++)
		free(said->record[i]);
	said->records = said->reports = 0;
}

struct sides {
	struct engine *engine;
	struct learn *learn;
	uint64_t time_us;
};

static void send_both(struct sides *s, const uint8_t *bytes, uint32_t captured, uint32_t length)
{
	struct learn_frame frame = {
		.bytes = bytes, .captured = captured, .length = length, .time_us = (int64_t)s->time_us};

	listening = &kernel;
	capture_replay_frame(s->engine, &frame);
	s->engine->poll(s->engine, NULL);
	listening = &user;
	learn_frame(s->learn, NULL, &frame);
	s->time_us += TEST_FRAMES_STEP_US;
}

static void compare(struct sides *s, const char *what)
{
	uint64_t totals[COUNTER_COUNT];
	const uint64_t *counters = learn_counters(s->learn);
	const char *differs;
	bool same = true;

	listening = &kernel;
	s->engine->sweep(s->engine, NULL);
	listening = &user;
	learn_sweep(s->learn, NULL, (int64_t)s->time_us);
	differs = difference();
	tap_ok(kernel.records > 0 && !*differs, "%s: %zu records, %zu flows: %s", what, kernel.records,
	       kernel.reports, *differs ? differs : "the same");
	s->engine->count(s->engine, totals);
	for (int i = 0; i < COUNTER_COUNT; i++)
		same &= totals[i] == counters[i];
	tap_ok(same, "%s: the same counters", what);
	forget(&kernel);
	forget(&user);
}

/* Fresh tables on both sides, all frames, one comparison. cut: at every length, as a capture's snap length does. */
static void run(const char *what, const struct test_frames *frames, bool cut)
{
	struct engine_options options = {.flow_slots = 4096};
	struct sides s = {.time_us = TEST_TIME_US};

	if (!tap_ok(!capture_replay_open(&options, &s.engine) && !learn_open(4096, &s.learn), "%s: both open",
		    what))
		return;
	for (size_t i = 0; i < frames->count; i++) {
		const struct test_frame *f = &frames->frame[i];

		for (size_t captured = cut ? 14 : f->length; captured <= f->length; captured++)
			send_both(&s, f->bytes, (uint32_t)captured, (uint32_t)f->length);
	}
	compare(&s, what);
	learn_close(s.learn);
	s.engine->close(s.engine);
}

/* A talk of many turns, in which an end says so many segments in a row; what each of its turns begins with. */
static void add_turns(struct test_frames *all, uint16_t port, const char *asks, const char *says)
{
	uint32_t seq[2] = {1, 1};

	for (int turn = 0; turn < 12; turn++) {
		for (int i = 0; i < 3; i++) {
			bool client = turn % 2 == 0;
			const char *text = i ? "and the rest of it" : client ? asks : says;

			add_tcp(all, "turn", client, port, 8080, seq[!client], seq[client], TEST_ACK, text,
				strlen(text));
			seq[!client] += (uint32_t)strlen(text);
		}
	}
}

static void turns(void)
{
	static struct test_frames web, other, hello;

	/* Each end's third turn is the first of which it has no copy left; six turns each. */
	add_turns(&web, 40100, "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n");
	run("turns of the web", &web, false);
	tap_ok(later_turns == 8, "each is copied that begins with a head: %zu", later_turns);
	add_turns(&other, 40101, "say something", "something else");
	run("turns of another protocol", &other, false);
	tap_ok(later_turns == 0, "none of them is copied: %zu", later_turns);
	add_turns(&hello, 40102, "GET / HTTP/1.1\r\n\r\n", "\x16\3\1\1\1\1\1\1 hello");
	run("turns of TLS", &hello, false);
	tap_ok(later_turns == 1, "a hello begins anew, and is no later turn: %zu", later_turns);
}

int main(void)
{
	static struct test_frames frames;
	static struct header_cases headers, tunnels;

	test_frames_make(&frames);
	header_cases_make(&headers);
	tunnel_cases_make(&tunnels);
	run("a network's story", &frames, false);
	run("every kind of header", &headers.frames, false);
	run("the story, cut everywhere", &frames, true);
	run("headers, cut everywhere", &headers.frames, true);
	run("every kind of tunnel", &tunnels.frames, false);
	run("tunnels, cut everywhere", &tunnels.frames, true);
	turns();
	return tap_end();
}
