// SPDX-License-Identifier: BSD-2-Clause
/* Until when a device is believed to be there, by what is heard of it. */
#include "sensor/presence.h"

#include <stdlib.h>

#include "sensor/learn.h"
#include "sensor/observe.h"
#include "sensor/sightings.h"
#include "tests/frames.h"
#include "tests/tap.h"

enum { MINUTE = 60 };

static struct {
	struct sightings *sightings;
	struct observe *observe;
	struct learn *learn;
	int64_t now_us;
	uint64_t until_s, last_s; /* of the laptop's address, as last said */
} s;

static int take(void *context, const struct fact *fact)
{
	(void)context;
	if (fact->kind == FACT_HOST && FACT_HAS(fact, ip) && memcmp(fact->ip.bytes, ip_laptop, 4) == 0 &&
	    fact->ip.version == 4) {
		s.until_s = FACT_HAS(fact, until) ? fact->until : 0;
		s.last_s = (uint64_t)fact->last_us / 1000000;
	}
	return 0;
}

static const struct fact_sink sink = {take, NULL};

static void begin(void)
{
	struct sightings_options options = {.capacity = 1024, .at_end = true};

	s.now_us = TEST_TIME_US;
	if (sightings_open(&options, &sink, 1, &s.sightings) || observe_open(s.sightings, &s.observe) ||
	    learn_open(1024, &s.learn))
		exit(1);
}

static void sees(double after, const struct test_frame *f)
{
	struct learn_frame frame = {
		.bytes = f->bytes, .captured = (uint32_t)f->length, .length = (uint32_t)f->length};

	s.now_us += (int64_t)(after * 1e6);
	frame.time_us = s.now_us;
	learn_frame(s.learn, s.observe, &frame);
}

static void asks(double after)
{
	struct test_frame f = {.length = 0};

	put_ether(&f, mac_all, mac_laptop, 0x0806);
	put_arp(&f, 1, mac_laptop, ip_laptop, ip_router);
	sees(after, &f);
}

static void lease(double after, unsigned int message, uint32_t seconds)
{
	struct test_frame f = {.length = 0};
	const uint8_t bytes[4] = {(uint8_t)(seconds >> 24), (uint8_t)(seconds >> 16), (uint8_t)(seconds >> 8),
				  (uint8_t)seconds};

	put_ether(&f, mac_all, message == 5 ? mac_router : mac_laptop, 0x0800);
	size_t ip = put_ipv4(&f, message == 5 ? ip_router : ip_laptop, ip_all, 17),
	       udp = put_udp(&f, message == 5 ? 67 : 68, message == 5 ? 68 : 67);

	put_dhcp(&f, message == 5 ? 2 : 1, message == 5 ? ip_laptop : ip_none, message);
	if (message == 5)
		put_option(&f, 51, 4, bytes);
	put8(&f, 255);
	frame_end(&f, ip, udp);
	sees(after, &f);
}

static void lldp(double after, unsigned int ttl_s)
{
	struct test_frame f = {.length = 0};

	put_ether(&f, mac_lldp, mac_laptop, 0x88cc);
	put(&f, "\x02\x07\x04\x02\0\0\0\0\x05\x04\x02\x07\x31\x06\x02", 15);
	put16(&f, ttl_s);
	put16(&f, 0);
	sees(after, &f);
}

/* At the end: so many seconds after it was last heard. */
static void believed(uint64_t seconds, const char *title)
{
	learn_sweep(s.learn, s.observe, s.now_us);
	observe_tick(s.observe, 0);
	sightings_flush(s.sightings);
	if (!tap_ok(s.until_s == s.last_s + seconds, "%s", title))
		printf("# believed for %lld s\n", (long long)(s.until_s - s.last_s));
	learn_close(s.learn);
	observe_close(s.observe);
	sightings_close(s.sightings);
	begin();
}

int main(void)
{
	begin();
	asks(0);
	believed(15 * MINUTE, "who has just come is believed for a quarter of an hour");

	for (int i = 0; i < 120; i++)
		asks(30);
	believed(5 * MINUTE, "who is heard every half minute, for five minutes");

	for (int i = 0; i < 12; i++)
		asks(20 * MINUTE);
	believed(40 * MINUTE, "who sleeps for twenty minutes at a time, for twice as long");

	lease(0, 5, 3600);
	asks(1);
	believed(30 * MINUTE, "a client with a lease renews at half of it");

	lease(0, 5, 600);
	for (int i = 0; i < 8; i++)
		asks(60);
	believed(5 * MINUTE, "and has not renewed when it has run out");

	lease(0, 5, 3600);
	asks(60);
	lease(60, 7, 0);
	believed(0, "who gives its lease back has left");

	lease(0, 5, 3600);
	lease(60, 7, 0);
	asks(60);
	believed(30 * MINUTE, "until it is heard again");

	asks(0);
	lldp(10, 120);
	asks(50);
	believed(3 * MINUTE, "one whose word by LLDP is void, and that is silent otherwise too");

	lldp(0, 120);
	asks(300);
	believed(15 * MINUTE, "a word that it did not keep while it spoke otherwise is none");
	return tap_end();
}
