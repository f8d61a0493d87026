// SPDX-License-Identifier: BSD-2-Clause
/*
 * Every kind of header, twice: through defs/parse.h in user space, and through the XDP object. Then every frame that the
 * tests know, cut at each of its lengths: both come to the same outcome, and it is counted.
 */
#include <stdlib.h>

#include "defs/flow.h"
#include "tests/bpf/harness.h"
#include "tests/header_frames.h"
#include "tests/tap.h"

static const enum counter outcome_counter[] = {
	[PARSE_TRUNCATED] = COUNTER_TRUNCATED,
	[PARSE_MALFORMED] = COUNTER_MALFORMED,
	[PARSE_UNSUPPORTED] = COUNTER_UNSUPPORTED,
};

static enum parse_outcome parse(const uint8_t *bytes, size_t length, enum parse_depth depth, struct packet *p)
{
	struct cursor c = {bytes, bytes + length};
	enum parse_outcome outcome;

	*p = (struct packet){};
	outcome = parse_ethernet(&c, p, depth);
	if (outcome == PARSE_OK && p->version && packet_unsettled(p))
		packet_settle(p, 0);
	return outcome;
}

static bool packet_is(const struct packet *p, const struct header_case *expect)
{
	return p->version == expect->version && p->proto == expect->proto && p->vlan == expect->vlan &&
	       parse_u16(p->port_n[0]) == expect->src && parse_u16(p->port_n[1]) == expect->dst &&
	       (!p->version || p->ip_bytes == expect->ip_bytes);
}

static void in_user_space(const struct header_cases *all)
{
	for (size_t i = 0; i < all->frames.count; i++) {
		const struct test_frame *f = &all->frames.frame[i];
		const struct header_case *expect = &all->expect[i];
		struct packet p, fast;
		enum parse_outcome outcome = parse(f->bytes, f->length, PARSE_WHOLE, &p);
		enum parse_outcome quick = parse(f->bytes, f->length, PARSE_FAST, &fast);

		tap_ok(outcome == expect->outcome && (outcome != PARSE_OK || packet_is(&p, expect)),
		       "parse: %s: outcome %d, version %d, proto %d, ports %d %d, %u bytes", f->name, outcome,
		       p.version, p.proto, parse_u16(p.port_n[0]), parse_u16(p.port_n[1]), p.ip_bytes);
		tap_ok(quick == PARSE_SHALLOW ||
			       (quick == outcome && (outcome != PARSE_OK || packet_is(&fast, expect))),
		       "parse: %s: the fast parser says the same, or that there is more", f->name);
	}
}

/* The flow record has the ends in the key's order. */
static bool record_is(const struct record_flow *flow, const struct header_case *expect)
{
	int from = flow->direction;

	return flow->key.version == expect->version && flow->key.proto == expect->proto &&
	       flow->key.vlan == expect->vlan && parse_u16(flow->key.port_n[from]) == expect->src &&
	       parse_u16(flow->key.port_n[!from]) == expect->dst;
}

static void in_the_kernel(const struct header_cases *all)
{
	struct harness h;

	if (!tap_ok(!harness_open(&(struct harness_options){}, &h, stdout), "the object loads"))
		return;
	for (size_t i = 0; i < all->frames.count; i++) {
		const struct test_frame *f = &all->frames.frame[i];
		const struct header_case *expect = &all->expect[i];
		const struct record_flow *flow;
		bool good;

		harness_reset(&h);
		good = harness_run(&h, f->bytes, f->length, 1, NULL) == 2; /* XDP_PASS */
		harness_collect(&h);
		flow = harness_find(&h, RECORD_FLOW);
		if (expect->outcome != PARSE_OK)
			good &= !h.count && harness_counter(&h, outcome_counter[expect->outcome]) == 1;
		else if (expect->version)
			good &= flow && record_is(flow, expect);
		else
			good &= !flow && harness_counter(&h, COUNTER_FRAMES_OTHER) == 1 &&
				harness_find(&h, RECORD_HOST) != NULL;
		tap_ok(good, "xdp: %s", f->name);
	}
	harness_close(&h);
}

/* Cut the frame at every length that the kernel takes, and compare the outcomes' sums. */
static bool cut_everywhere(struct harness *h, const struct test_frame *f)
{
	uint64_t expect[PARSE_SHALLOW] = {}, before[PARSE_SHALLOW] = {};
	bool good = true;

	for (int o = PARSE_TRUNCATED; o <= PARSE_UNSUPPORTED; o++)
		before[o] = harness_counter(h, outcome_counter[o]);
	for (size_t length = 0; length <= f->length; length++) {
		/* In memory of exactly that size, so that a sanitizer sees a byte read past the end. */
		uint8_t *bytes = malloc(length + !length);
		struct packet p;
		enum parse_outcome outcome;

		memcpy(bytes, f->bytes, length);
		outcome = parse(bytes, length, PARSE_WHOLE, &p);
		good &= outcome < PARSE_SHALLOW;
		if (length >= 14) {
			good &= harness_run(h, bytes, length, 1, NULL) == 2;
			expect[outcome]++;
		} else {
			good &= outcome == PARSE_TRUNCATED;
		}
		free(bytes);
	}
	for (int o = PARSE_TRUNCATED; o <= PARSE_UNSUPPORTED; o++)
		good &= harness_counter(h, outcome_counter[o]) - before[o] == expect[o];
	harness_collect(h);
	return good;
}

static void truncated(const struct test_frames *frames)
{
	struct harness h;

	if (!tap_ok(!harness_open(&(struct harness_options){}, &h, stdout), "the object loads"))
		return;
	for (size_t i = 0; i < frames->count; i++)
		tap_ok(cut_everywhere(&h, &frames->frame[i]), "cut at every length: %s", frames->frame[i].name);
	harness_close(&h);
}

int main(void)
{
	static struct header_cases headers;
	static struct test_frames frames;

	header_cases_make(&headers);
	test_frames_make(&frames);
	in_user_space(&headers);
	in_the_kernel(&headers);
	truncated(&headers.frames);
	truncated(&frames);
	return tap_end();
}
