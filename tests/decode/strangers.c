// SPDX-License-Identifier: BSD-2-Clause
/* What a stranger can send to take the place of what is true: through a tunnel from anywhere, or by flooding. */
#include "tests/decode/conflicts.h"

enum { LOSSES = 200, FLOOD = 300, FLOOD_LONG = 1000 };

static struct story s;
static char hosts_said[SAID_BYTES]; /* "ip mac; …" of hosts and addresses */
static uint64_t losses_said[LOSSES], conflicts_said, conflicts_over_limit;

static int say_host(void *context, const struct fact *fact)
{
	char ip[ADDR_TEXT_MAX], mac[ADDR_TEXT_MAX];
	size_t used = strlen(hosts_said);
	unsigned int number;

	(void)context;
	if ((fact->kind == FACT_HOST || fact->kind == FACT_ADDRESS) && FACT_HAS(fact, ip) &&
	    FACT_HAS(fact, mac))
		snprintf(hosts_said + used, sizeof(hosts_said) - used, "%s%s %s", used ? "; " : "",
			 ip_text(&fact->ip, ip), device(mac_text(&fact->mac, mac)));
	if (fact->kind == FACT_LOSS && sscanf(fact->counter.bytes, "test_%u", &number) == 1 && number < LOSSES)
		losses_said[number] = fact->counter_value;
	if (fact->kind == FACT_LOSS && strncmp(fact->counter.bytes, "conflicts_over", 14) == 0)
		conflicts_over_limit = fact->counter_value;
	conflicts_said += fact->kind == FACT_CONFLICT;
	return 0;
}

/* In VXLAN, also without a number: the device says that it has the address. */
static void claims_inside(double after, unsigned int segment, const uint8_t *mac, const uint8_t *ip)
{
	struct test_frame f = {.length = 0};
	struct learn_frame frame = {.bytes = f.bytes};

	pass(&s, after);
	frame.time_us = s.now_us;
	put_ether(&f, mac_router, mac_laptop, 0x0800);
	size_t outer = put_ipv4(&f, ip_laptop, ip_web, 17), udp = put_udp(&f, 50000, 4789);

	put32(&f, 0x08000000);
	put32(&f, segment << 8);
	put(&f, mac_all, 6);
	put(&f, mac, 6);
	put16(&f, 0x0806);
	put_arp(&f, 1, mac, ip, ip_r);
	frame_end(&f, outer, udp);
	frame.captured = frame.length = (uint32_t)f.length;
	learn_frame(s.learn, s.observe, &frame);
}

static void tunnels(void)
{
	s.sink.say = say_host;
	asks(&s, 0, A, ip_a, ip_r);
	claims_inside(1, 0, M, ip_a);
	claims_inside(1, 7, M, ip_a);
	asks(&s, 1, A, ip_a, ip_r);
	claims_inside(1, 0, B, ip_b);
	story_says(&s, "", "claims inside a tunnel are no conflict with the link's");
	tap_ok(strstr(hosts_said, "10.0.0.5 A") && !strstr(hosts_said, "10.0.0.5 M"),
	       "nor do they take an address of the link: %s", hosts_said);
	tap_ok(strstr(hosts_said, "10.0.0.6 B") != NULL, "whom only a remote mirror shows is known by it");
	hosts_said[0] = 0;
	s.sink.say = say_host;
	claims_inside(1, 0, M, ip_a);
	asks(&s, 1, A, ip_a, ip_r);
	claims_inside(1, 0, M, ip_a);
	story_says(&s, "", "a tunnel's claim first");
	tap_ok(strstr(hosts_said, "10.0.0.5 A") != NULL, "gives way to the link's: %s", hosts_said);
}

/* Two answer for one address; there are many such. */
static void both_answer(unsigned int number)
{
	uint8_t high = (uint8_t)(number >> 8), low = (uint8_t)number;
	uint8_t ip[4] = {10, 9, high, low}, one[6] = {0x00, 0x1b, 0x21, high, low, 1},
		other[6] = {0x3c, 0x52, 0x82, high, low, 1};

	answers(&s, 0.001, one, ip, ip_m);
	answers(&s, 0.001, other, ip, ip_m);
}

/* It is about to have another address. */
static void asks_dhcp(double after, const uint8_t *mac)
{
	struct test_frame f = {.length = 0};

	pass(&s, after);
	put_ether(&f, mac_all, mac, 0x0800);
	size_t ip = put_ipv4(&f, ip_none, ip_all, 17), udp = put_udp(&f, 68, 67), client = f.length + 28;

	put_dhcp(&f, 1, ip_none, 1);
	memcpy(f.bytes + client, mac, 6);
	put8(&f, 255);
	frame_end(&f, ip, udp);
	story_sees(&s, &f);
}

static void floods(void)
{
	asks(&s, 0, A, ip_a, ip_r);
	asks(&s, 10, B, ip_a, ip_r);
	asks(&s, 5, B, ip_a, ip_r);
	asks(&s, 5, A, ip_a, ip_r);
	for (unsigned int i = 0; i < FLOOD; i++)
		both_answer(i);
	asks_dhcp(1, B);
	learn_sweep(s.learn, s.observe, s.now_us);
	observe_tick(s.observe, s.now_us + 20 * INT64_C(1000000));
	sightings_flush(s.sightings);
	tap_ok(strstr(s.said, "10.9.0.1:") && !strstr(s.said, "10.0.0.5:"),
	       "a flood makes nobody decide before an explanation can have come");
}

static void made_up(void)
{
	s.sink.say = say_host;
	for (unsigned int i = 0; i < FLOOD_LONG; i++) {
		pass(&s, 1);
		both_answer(i);
	}
	story_says(&s, "", "a thousand conflicts that somebody makes up");
	tap_ok(conflicts_said == 512 && conflicts_said + conflicts_over_limit == FLOOD_LONG,
	       "are said as far as anybody reads, and counted: %zu and %zu", (size_t)conflicts_said,
	       (size_t)conflicts_over_limit);
}

static void losses(void)
{
	size_t right = 0;
	char name[16];

	s.sink.say = say_host;
	for (unsigned int i = 0; i < LOSSES; i++) {
		snprintf(name, sizeof(name), "test_%u", i);
		observe_loss(s.observe, name, 1000 - i, s.now_us);
	}
	story_says(&s, "", "as many kinds of loss as there can be");
	for (unsigned int i = 0; i < LOSSES; i++)
		right += losses_said[i] == 1000 - i;
	tap_ok(right == LOSSES, "each is said by its own name: %zu", right);
}

int main(void)
{
	story_open(&s);
	tunnels();
	losses();
	made_up();
	floods();
	learn_close(s.learn);
	observe_close(s.observe);
	sightings_close(s.sightings);
	return tap_end();
}
