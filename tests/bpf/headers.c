// SPDX-License-Identifier: BSD-2-Clause
/*
 * Every kind of header, twice: through defs/parse.h in user space, and through the XDP object. Then every frame that the
 * tests know, cut at each of its lengths: both come to the same outcome, and it is counted.
 */
#include <stdlib.h>

#include "defs/flow.h"
#include "tests/bpf/harness.h"
#include "tests/tap.h"
#include "tests/tunnel_frames.h"

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

/* What the parsed frame carries; inner is zeroed where that is nothing. */
static enum parse_outcome parse_carried(const uint8_t *end, const struct packet *p, struct packet *inner)
{
	struct packet_inner around = p->inner;
	struct cursor c = {end - around.left, end};
	enum parse_outcome outcome;

	*inner = (struct packet){};
	if (!around.left)
		return PARSE_OK;
	outcome = parse_tunnel(&c, &around);
	if (outcome != PARSE_OK || !around.left)
		return outcome;
	c.pos = end - around.left;
	outcome = parse_inner(&c, inner, &around);
	if (outcome == PARSE_OK && inner->version && packet_unsettled(inner))
		packet_settle(inner, around.cut ? PACKET_CUT_BYTES_MAX : 0);
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
		struct packet p, fast, carried = {};
		enum parse_outcome outcome = parse(f->bytes, f->length, PARSE_WHOLE, &p);
		enum parse_outcome quick = parse(f->bytes, f->length, PARSE_FAST, &fast), inside = PARSE_OK;

		tap_ok(outcome == expect->outcome && (outcome != PARSE_OK || packet_is(&p, expect)),
		       "parse: %s: outcome %d, version %d, proto %d, ports %d %d, %u bytes", f->name, outcome,
		       p.version, p.proto, parse_u16(p.port_n[0]), parse_u16(p.port_n[1]), p.ip_bytes);
		if (outcome == PARSE_OK)
			inside = parse_carried(f->bytes + f->length, &p, &carried);
		tap_ok(inside == all->inner[i].outcome &&
			       (inside != PARSE_OK || packet_is(&carried, &all->inner[i])),
		       "parse: %s: carries: outcome %d, version %d, proto %d, ports %d %d, %u bytes", f->name,
		       inside, carried.version, carried.proto, parse_u16(carried.port_n[0]),
		       parse_u16(carried.port_n[1]), carried.ip_bytes);
		tap_ok(quick == PARSE_SHALLOW ||
			       (quick == outcome && (outcome != PARSE_OK || packet_is(&fast, expect))),
		       "parse: %s: the fast parser says the same, or that there is more", f->name);
	}
}

/* The flow record has the ends in the key's order. */
static bool has_flow(const struct harness *h, const struct header_case *expect)
{
	for (size_t i = 0; i < h->count; i++) {
		const struct record_flow *flow = (const void *)h->record[i];
		int from = flow->direction;

		if (h->record[i]->type == RECORD_FLOW && flow->key.version == expect->version &&
		    flow->key.proto == expect->proto && flow->key.vlan == expect->vlan &&
		    parse_u16(flow->key.port_n[from]) == expect->src &&
		    parse_u16(flow->key.port_n[!from]) == expect->dst)
			return true;
	}
	return false;
}

/* Whether the program has told of the frame and of what it carries, and counted what it could not read. */
static bool is_told(const struct harness *h, const struct header_cases *all, size_t i)
{
	const struct header_case *expect = &all->expect[i], *inner = &all->inner[i];
	size_t flows = (expect->outcome == PARSE_OK && expect->version) + (inner->version != 0);

	if (expect->outcome != PARSE_OK)
		return !h->count && harness_counter(h, outcome_counter[expect->outcome]) == 1;
	if (harness_count(h, RECORD_FLOW) != flows || (inner->version && !has_flow(h, inner)) ||
	    harness_counter(h, COUNTER_TUNNELED) != (inner->version != 0) ||
	    harness_counter(h, COUNTER_TUNNELS_DEEPER) != all->deeper[i])
		return false;
	if (inner->outcome != PARSE_OK && harness_counter(h, outcome_counter[inner->outcome]) != 1)
		return false;
	if (expect->version)
		return has_flow(h, expect);
	return harness_counter(h, COUNTER_FRAMES_OTHER) == 1 && harness_find(h, RECORD_HOST) != NULL;
}

static void in_the_kernel(const struct header_cases *all)
{
	struct harness h;

	if (!tap_ok(!harness_open(&(struct harness_options){}, &h, stdout), "the object loads"))
		return;
	for (size_t i = 0; i < all->frames.count; i++) {
		const struct test_frame *f = &all->frames.frame[i];
		bool good;

		harness_reset(&h);
		good = harness_run(&h, f->bytes, f->length, 1, NULL) == 2; /* XDP_PASS */
		harness_collect(&h);
		good &= is_told(&h, all, i);
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
		struct packet p, carried;
		enum parse_outcome outcome, inside = PARSE_OK;

		memcpy(bytes, f->bytes, length);
		outcome = parse(bytes, length, PARSE_WHOLE, &p);
		if (outcome == PARSE_OK)
			inside = parse_carried(bytes + length, &p, &carried);
		good &= outcome < PARSE_SHALLOW && inside < PARSE_SHALLOW;
		if (length >= 14) {
			good &= harness_run(h, bytes, length, 1, NULL) == 2;
			expect[outcome]++;
			expect[inside]++;
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
	static struct header_cases headers, tunnels;
	static struct test_frames frames;

	header_cases_make(&headers);
	tunnel_cases_make(&tunnels);
	test_frames_make(&frames);
	in_user_space(&headers);
	in_user_space(&tunnels);
	in_the_kernel(&headers);
	in_the_kernel(&tunnels);
	truncated(&headers.frames);
	truncated(&tunnels.frames);
	truncated(&frames);
	return tap_end();
}
