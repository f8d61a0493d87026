/* SPDX-License-Identifier: BSD-2-Clause */
/* Stories of a link, told frame by frame at given times, and the conflicts that are said of them. */
#ifndef TESTS_DECODE_CONFLICTS_H
#define TESTS_DECODE_CONFLICTS_H

#include <stdio.h>
#include <stdlib.h>

#include "sensor/learn.h"
#include "sensor/observe.h"
#include "sensor/sightings.h"
#include "tests/frames.h"
#include "tests/tap.h"

enum { SAID_BYTES = 4096 };

/* Devices of the stories: unlike makers, but for D and E, which are ports of one card. V is a virtual router's. */
static const uint8_t A[6] = {0x00, 0x1b, 0x21, 0x0a, 0x0a, 0x0a}, B[6] = {0x3c, 0x52, 0x82, 0x0b, 0x0b, 0x0b},
		     R[6] = {0x00, 0x00, 0x0c, 0x11, 0x22, 0x33}, M[6] = {0xd8, 0x3a, 0xdd, 0x66, 0x66, 0x66},
		     D[6] = {0x00, 0x15, 0x17, 0x40, 0x00, 0x10}, E[6] = {0x00, 0x15, 0x17, 0x40, 0x00, 0x11},
		     V[6] = {0x00, 0x00, 0x5e, 0x00, 0x01, 0x07}, W[6] = {0x00, 0x00, 0x5e, 0x00, 0x02, 0x07};
static const struct {
	const char *name;
	const uint8_t *mac;
} devices[] = {{"A", A}, {"B", B}, {"R", R}, {"M", M}, {"D", D}, {"E", E}, {"V", V}, {"W", W}};

static const uint8_t ip_a[4] = {10, 0, 0, 5}, ip_b[4] = {10, 0, 0, 6}, ip_r[4] = {10, 0, 0, 1},
		     ip_m[4] = {10, 0, 0, 66};

struct story {
	struct fact_sink sink;
	struct sightings *sightings;
	struct observe *observe;
	struct learn *learn;
	int64_t now_us;
	unsigned int vlan, segment; /* a VXLAN network's number; 0: no tunnel */
	char said[SAID_BYTES];	    /* "what ip by mac: claim claim; …" */
};

/* Device's letter for a MAC as text; otherwise the text itself. */
static const char *device(const char *text)
{
	char mac[ADDR_TEXT_MAX];

	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		if (strcmp(mac_text((const struct mac *)devices[i].mac, mac), text) == 0)
			return devices[i].name;
	return text;
}

static int story_say(void *context, const struct fact *fact)
{
	struct story *s = context;
	char text[ADDR_TEXT_MAX];
	size_t used = strlen(s->said);

	if (fact->kind != FACT_CONFLICT)
		return 0;
#define TELL(...) \
	(used += (size_t)snprintf(s->said + used, used < SAID_BYTES ? SAID_BYTES - used : 0, __VA_ARGS__))
	TELL("%s%.*s", used ? "; " : "", (int)fact->what.length, fact->what.bytes);
	if (FACT_HAS(fact, ip))
		TELL(" %s", ip_text(&fact->ip, text));
	if (FACT_HAS(fact, mac))
		TELL(" by %s", device(mac_text(&fact->mac, text)));
	TELL(":");
	for (size_t i = 0; i < fact->claims->count; i++)
		TELL(" %s", device(fact->claims->item[i]));
	if (FACT_HAS(fact, segment))
		TELL(" of %s %u", fact_source_names[fact->source], (unsigned int)fact->segment);
	if (fact->vlan.count)
		TELL(" in %u", fact->vlan.id[0]);
#undef TELL
	return 0;
}

static void story_open(struct story *s)
{
	struct sightings_options options = {.capacity = 4096, .at_end = true};

	memset(s, 0, sizeof(*s));
	s->sink = (struct fact_sink){story_say, s};
	s->now_us = TEST_TIME_US;
	if (sightings_open(&options, &s->sink, 1, &s->sightings) || observe_open(s->sightings, &s->observe) ||
	    learn_open(1024, &s->learn))
		exit(1);
}

/* The end of the story: then exactly this was said ("": nothing). */
__attribute__((unused)) static void story_says(struct story *s, const char *said, const char *title)
{
	learn_sweep(s->learn, s->observe, s->now_us);
	observe_tick(s->observe, 0);
	sightings_flush(s->sightings);
	if (!tap_ok(strcmp(s->said, said) == 0, "%s", title))
		printf("#  said: %s\n# wants: %s\n", s->said, said);
	learn_close(s->learn);
	observe_close(s->observe);
	sightings_close(s->sightings);
	story_open(s);
}

static void story_sees(struct story *s, const struct test_frame *f)
{
	struct test_frame tagged = *f, carrier = {.length = 0};
	struct learn_frame frame = {.bytes = tagged.bytes, .time_us = s->now_us};

	if (s->vlan) {
		tagged.length = 12;
		put32(&tagged, 0x81000000 | s->vlan);
		put(&tagged, f->bytes + 12, f->length - 12);
	}
	if (s->segment) {
		put_ether(&carrier, mac_router, mac_laptop, 0x0800);
		size_t ip = put_ipv4(&carrier, ip_laptop, ip_web, 17), udp = put_udp(&carrier, 50000, 4789);

		put32(&carrier, 0x08000000);
		put32(&carrier, s->segment << 8);
		put(&carrier, tagged.bytes, tagged.length);
		frame_end(&carrier, ip, udp);
		tagged = carrier;
	}
	frame.captured = frame.length = (uint32_t)tagged.length;
	learn_frame(s->learn, s->observe, &frame);
}

static void pass(struct story *s, double seconds)
{
	s->now_us += (int64_t)(seconds * 1e6);
}

/* ---- ARP. Each takes place after so many seconds. ---- */

static void arp_by(struct story *s, double after, const uint8_t *dst, const uint8_t *station,
		   const uint8_t *mac, unsigned int operation, const uint8_t *ip, const uint8_t *target)
{
	struct test_frame f = {.length = 0};

	pass(s, after);
	put_ether(&f, dst, station, 0x0806);
	put_arp(&f, operation, mac, ip, target);
	story_sees(s, &f);
}

static void arp(struct story *s, double after, const uint8_t *dst, const uint8_t *mac, unsigned int operation,
		const uint8_t *ip, const uint8_t *target)
{
	arp_by(s, after, dst, mac, mac, operation, ip, target);
}

__attribute__((unused)) static void asks(struct story *s, double after, const uint8_t *mac, const uint8_t *ip,
					 const uint8_t *target)
{
	arp(s, after, mac_all, mac, 1, ip, target);
}

__attribute__((unused)) static void answers(struct story *s, double after, const uint8_t *mac,
					    const uint8_t *ip, const uint8_t *whom)
{
	arp(s, after, M, mac, 2, ip, whom);
}

__attribute__((unused)) static void announces(struct story *s, double after, const uint8_t *mac,
					      const uint8_t *ip)
{
	arp(s, after, mac_all, mac, 1, ip, ip);
}

__attribute__((unused)) static void probes(struct story *s, double after, const uint8_t *mac, const uint8_t *ip)
{
	arp(s, after, mac_all, mac, 1, ip_none, ip);
}

#endif
