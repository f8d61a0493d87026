// SPDX-License-Identifier: BSD-2-Clause
/* The pure pieces of the prober, each against what its header promises. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/probe/asked.h"
#include "sensor/probe/order.h"
#include "sensor/probe/pace.h"
#include "sensor/probe/patience.h"
#include "sensor/probe/ports.h"
#include "sensor/probe/route.h"
#include "sensor/probe/space.h"
#include "tests/tap.h"

static uint64_t random_state = 1;

static uint64_t random_next(void)
{
	random_state = random_state * 6364136223846793005 + 1442695040888963407;
	return random_state >> 16;
}

static bool is_permutation(uint64_t n, uint64_t seed)
{
	const uint64_t key[2] = {seed, seed * 3};
	const struct order base = order_make(n, key), order = order_tweak(&base, seed);
	uint8_t *seen = calloc(n, 1);
	bool well = seen != NULL;

	for (uint64_t i = 0; i < n && well; i++) {
		const uint64_t number = order_at(&order, i);

		well = number < n && !seen[number] && order_place(&order, number) == i;
		seen[number % n] = 1;
	}
	free(seen);
	return well;
}

/* How often neighbours stay neighbours, and how evenly the first tenth is spread over tenths. */
static bool is_spread(uint64_t n)
{
	const uint64_t key[2] = {7, 8};
	const struct order order = order_make(n, key);
	uint64_t tenths[10] = {0}, neighbours = 0;

	for (uint64_t i = 0; i + 1 < n / 10; i++) {
		const uint64_t a = order_at(&order, i), b = order_at(&order, i + 1);

		tenths[a * 10 / n]++;
		neighbours += a + 1 == b || b + 1 == a;
	}
	for (int i = 0; i < 10; i++)
		if (tenths[i] < n / 100 * 8 / 10 || tenths[i] > n / 100 * 12 / 10)
			return false;
	return neighbours < 20;
}

static void test_order(void)
{
	static const uint64_t sizes[] = {1,   2,   3,	4,   5,	   7,	  8,	 9,	100,
					 254, 255, 256, 257, 1000, 65491, 65535, 65536, 100001};
	const uint64_t key[2] = {1, 2}, large = (UINT64_C(1) << 40) + 12345;
	const struct order order = order_make(large, key), other = order_tweak(&order, 1);
	uint32_t differ = 0;
	bool well = true;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		well &= is_permutation(sizes[i], i) && is_permutation(sizes[i], i + 1000);
	tap_ok(well,
	       "every number below n comes once, and the way back leads to its place, for n from 1 to 100001");
	well = true;
	for (int i = 0; i < 10000; i++) {
		const uint64_t place = random_next() % large;

		well &= order_at(&order, place) < large &&
			order_place(&order, order_at(&order, place)) == place;
		differ += order_at(&order, place) != order_at(&other, place);
	}
	tap_ok(well && differ > 9990, "also of a million million; another host has another order");
	tap_ok(is_spread(65536) && is_spread(100000),
	       "neighbours do not stay neighbours, and a tenth is spread over all");
}

/* The fullest stretch of `us` microseconds when everything that is allowed is sent, at uneven times. */
static uint32_t fullest(uint32_t rate, int64_t us, int64_t most_step, uint64_t *total)
{
	static int64_t sent[1 << 20];
	struct pace pace = pace_make(rate, 1);
	uint32_t count = 0, first = 0, most = 0;

	for (int64_t now = 1; now < 20000000 && count < 1000000;
	     now += 1 + (int64_t)(random_next() % (uint64_t)most_step)) {
		const uint32_t may = pace_take(&pace, now);

		for (uint32_t i = 0; i < may && count < 1000000; i++)
			sent[count++] = now;
		pace_spend(&pace, may);
		while (first < count && sent[first] <= now - us)
			first++;
		most = count - first > most ? count - first : most;
		/* Now and then the machine does something else. */
		if (random_next() % 100 == 0)
			now += 300000;
	}
	*total = count;
	return most;
}

static void test_pace(void)
{
	struct pace pace = pace_make(1000, 0);
	struct pace_slot slot = {0};
	uint32_t most, taken = 0, early = 0;
	uint64_t total;

	most = fullest(500, 100000, 3000, &total);
	tap_ok(most <= 60 && total > 500, "at 500 a second no tenth of a second holds more than 60 (%u)", most);
	most = fullest(20000, 100000, 3000, &total);
	tap_ok(most <= 2400, "at 20,000 none holds more than 2,400 (%u)", most);
	most = fullest(3, 1000000, 3000, &total);
	tap_ok(most <= 4 && total > 40, "at 3 a second no second holds more than 4 (%u)", most);
	pace = pace_make(100, 0);
	for (int64_t now = 0; now <= 10000000; now += 777)
		if (pace_take(&pace, now)) {
			pace_spend(&pace, 1);
			taken++;
		}
	tap_ok(taken >= 999 && taken <= 1002, "the rate is reached: 1000 in ten seconds at 100 (%u)", taken);
	pace = pace_make(1000, 0);
	pace_spend(&pace, 1);
	tap_ok(pace_when(&pace, 5) == 5000 && pace_take(&pace, 5000) == 5, "it says when so many may leave");
	pace_spend(&pace, 5);
	pace_late(&pace, 50000);
	tap_ok(pace_take(&pace, 55000) == 0, "what took long to send is not made up for");
	tap_ok(pace_take(&(struct pace){0}, 5) == UINT32_MAX, "no rate is no limit");
	taken = 0;
	for (int64_t now = 16; now < 10000000; now += 500)
		if (pace_slot_take(&slot, 100, pace_slot_time(now))) {
			taken++;
			early += now < 1000000;
		}
	tap_ok(taken >= 995 && taken <= 1003 && early <= 102,
	       "a host's budget in four bytes: %u in ten seconds at 100", taken);
	slot.next = pace_slot_time(10000000) + 40000000;
	tap_ok(pace_slot_take(&slot, 100, pace_slot_time(10000000)), "its clock may go round");
}

static struct space *space_of(const char *const *targets, const char *const *excludes, int *error, char *why)
{
	struct space *space;

	if (space_open(&space))
		abort();
	*error = 0;
	for (; *targets && !*error; targets++)
		*error = space_target(space, *targets, why);
	for (; *excludes && !*error; excludes++)
		*error = space_exclude(space, *excludes, why);
	if (space_ready(space))
		abort();
	return space;
}

#define LIST(...) ((const char *const[]){__VA_ARGS__ __VA_OPT__(, ) NULL})

static uint64_t count_of(const char *const *targets, const char *const *excludes)
{
	char why[SPACE_WHY_BYTES];
	int error;
	struct space *space = space_of(targets, excludes, &error, why);
	uint64_t count = error ? UINT64_MAX : space_count(space);

	for (uint64_t i = 0; i < count && i < 70000; i++) {
		const struct ip ip = space_at(space, i);

		if (space_number(space, &ip) != i || space_forbidden(&ip))
			count = UINT64_MAX - 1;
	}
	space_close(space);
	return count;
}

static bool holds(const char *const *targets, const char *const *excludes, const char *address)
{
	char why[SPACE_WHY_BYTES];
	int error;
	struct space *space = space_of(targets, excludes, &error, why);
	struct ip ip;
	bool held;

	if (ip_parse(address, &ip))
		abort();
	held = space_number(space, &ip) != UINT64_MAX;
	space_close(space);
	return held;
}

static int refused(const char *target, const char *word)
{
	char why[SPACE_WHY_BYTES] = "";
	int error;

	space_close(space_of(LIST(target), LIST(), &error, why));
	return strstr(why, word) ? error : 1;
}

static void test_space_counts(void)
{
	tap_ok(count_of(LIST("192.0.2.0/24"), LIST()) == 254 &&
		       !holds(LIST("192.0.2.0/24"), LIST(), "192.0.2.0") &&
		       !holds(LIST("192.0.2.0/24"), LIST(), "192.0.2.255"),
	       "a /24 is 254 addresses: not its network's, not its broadcast's");
	tap_ok(count_of(LIST("192.0.2.4/31"), LIST()) == 2 && count_of(LIST("192.0.2.255"), LIST()) == 1,
	       "a /31 is two; an address that is named is meant");
	tap_ok(count_of(LIST("192.0.2.10-20"), LIST()) == 11 &&
		       count_of(LIST("192.0.2.250-192.0.3.5"), LIST()) == 12 &&
		       count_of(LIST("2001:db8::1-2001:db8::10"), LIST()) == 16,
	       "ranges, short and long");
	tap_ok(count_of(LIST("192.0.2.0/24", "192.0.2.128/25", "192.0.2.7"), LIST()) == 254,
	       "what is named twice is asked once");
	tap_ok(count_of(LIST("192.0.2.0/24"), LIST("192.0.2.100-109", "192.0.2.0/30")) == 254 - 10 - 3,
	       "exclusions are taken out");
	tap_ok(count_of(LIST("10.0.0.0/8"), LIST()) == (1 << 24) - 2, "a /8");
	tap_ok(count_of(LIST("0.0.0.0/0"), LIST()) == (UINT64_C(1) << 32) - 2 * (1 << 24) - 2 * (1 << 28),
	       "everything, but for loopback, multicast, broadcast and reserved addresses");
	tap_ok(count_of(LIST("2001:db8::/112", "192.0.2.1"), LIST()) == 65537,
	       "a small IPv6 prefix, beside IPv4");
}

static void test_space_refusals(void)
{
	tap_ok(refused("224.0.0.251", "multicast") == -EPERM && refused("239.0.0.0/8", "multicast") == -EPERM &&
		       refused("ff02::2", "multicast") == -EPERM && refused("ff02::/16", "multicast") == -EPERM,
	       "multicast is refused");
	tap_ok(count_of(LIST("ff02::1"), LIST()) == 0,
	       "but for all nodes of the link, which are no address to be asked");
	tap_ok(refused("255.255.255.255", "broadcast") == -EPERM &&
		       refused("127.0.0.1", "loopback") == -EPERM && refused("::1", "loopback") == -EPERM &&
		       refused("240.0.0.0/4", "reserved") == -EPERM &&
		       refused("0.0.0.0", "this network") == -EPERM &&
		       refused("::ffff:192.0.2.1", "write it as IPv4") == -EPERM,
	       "broadcast, loopback, reserved are refused, with the reason");
	tap_ok(refused("2001:db8::/64", "not swept") == -E2BIG &&
		       refused("2001:db8::/111", "not swept") == -E2BIG,
	       "no IPv6 network is swept");
	for (size_t i = 0; i < 12; i++) {
		static const char *const texts[] = {
			"",	     "a",	    "1.2.3",	   "1.2.3.4/33",     "1.2.3.4/-1", "1.2.3.4/",
			"1.2.3.4-3", "1.2.3.4-300", "1.2.3.4-::1", "2001:db8::/129", "1.2.3.4/1a", " 1.2.3.4"};

		if (refused(texts[i], "") != -EINVAL)
			tap_ok(false, "\"%s\" is no target", texts[i]);
	}
	tap_ok(true, "what is no address, prefix or range is said to be none");
}

static void test_scope(void)
{
	const struct prefix scope[] = {{.ip = {4, {192, 0, 2}}, .length = 24},
				       {.ip = {4, {198, 51, 100}}, .length = 24}};
	char why[SPACE_WHY_BYTES] = "";
	int error;
	struct space *space = space_of(LIST("192.0.2.0/25", "198.51.100.7"), LIST(), &error, why);
	struct ip own;

	tap_ok(!space_confine(space, scope, 2, why), "targets within the scope");
	tap_ok(!space_subnet(space, &(struct prefix){{4, {192, 0, 2}}, 26}) && !space_ready(space) &&
		       space_count(space) == 126 + 1 - 1,
	       "the broadcast address of a subnet that is there is no host");
	ip_parse("192.0.2.9", &own);
	space_exclude_ip(space, &own);
	tap_ok(!space_ready(space) && space_count(space) == 125 && space_number(space, &own) == UINT64_MAX,
	       "our own address is left out");
	space_target(space, "198.51.101.3", why);
	tap_ok(space_confine(space, scope, 2, why) == -EPERM && strstr(why, "198.51.101.3"),
	       "one outside is refused by name: %s", why);
	space_close(space);
	space = space_of(LIST("192.0.2.0/23"), LIST(), &error, why);
	tap_ok(space_confine(space, scope, 2, why) == -EPERM && strstr(why, "192.0.3.0"),
	       "and one that goes beyond it: %s", why);
	space_close(space);
}

static void test_ports(void)
{
	struct ports *ports;
	bool well = true;
	size_t rows;

	if (ports_open(&ports))
		abort();
	tap_ok(!ports_parse(ports, "22, 80,8000-8080") && ports_count(ports) == 83 &&
		       ports_at(ports, 1) == 80 && ports_number(ports, 8000) == 2 &&
		       ports_number(ports, 81) == -1,
	       "single ports and ranges, in order");
	for (size_t i = 0; i < 10; i++) {
		static const char *const texts[] = {"",	     "0",      "65536", "80-", "-80",
						    "90-80", "80,,81", "80;81", "a",   "99999999999"};

		well &= ports_parse(ports, texts[i]) == -EINVAL;
	}
	tap_ok(well && ports_count(ports) == 83, "what is none is refused, and changes nothing");
	ports_close(ports);
	ports_open(&ports);
	ports_parse(ports, "all");
	for (uint32_t port_h = 9100; port_h <= 9107; port_h++)
		well &= !ports_has(ports, (uint16_t)port_h);
	tap_ok(well && !ports_has(ports, 515) && !ports_has(ports, 502) && !ports_has(ports, 102) &&
		       !ports_has(ports, 44818) && !ports_has(ports, 20000) && ports_has(ports, 2222),
	       "\"all\" leaves out print ports and industrial protocols");
	tap_ok(!ports_parse(ports, "9100") && ports_has(ports, 9100) && !ports_has(ports, 9101),
	       "one that is named is meant");
	tap_ok(ports_keep(ports, NEVER_INDUSTRIAL) == 1 && !ports_has(ports, 9100),
	       "unless that is not allowed");
	tap_ok(!ports_add(ports, 515, NEVER_INDUSTRIAL) && ports_add(ports, 515, NEVER_PRINT) &&
		       ports_has(ports, 515) && ports_at(ports, (size_t)ports_number(ports, 515)) == 515 &&
		       ports_at(ports, ports_count(ports) - 1) == 65535,
	       "added where it belongs");
	never_table(&rows);
	for (size_t i = 0; i < rows; i++)
		well &= never_table(&rows)[i].reason[0] &&
			never_table(&rows)[i].first_h <= never_table(&rows)[i].last_h;
	tap_ok(well && never_ask(47808, true, 0) && !never_ask(47808, true, NEVER_INDUSTRIAL) &&
		       !never_ask(2222, false, 0),
	       "each that is never asked has its reason");
	ports_close(ports);
}

/* docs/safety.md names each port that is never asked. */
static void test_told(void)
{
	static char text[1 << 16];
	FILE *file = fopen("docs/safety.md", "r");
	const size_t length = file ? fread(text, 1, sizeof(text) - 1, file) : 0;
	bool well = length > 1000;
	size_t rows;

	for (size_t i = 0; i < (never_table(&rows), rows); i++) {
		const struct never_row *row = &never_table(&rows)[i];
		char line[128], range[32] = "";

		if (row->first_h != row->last_h)
			snprintf(range, sizeof(range), "–%u", row->last_h);
		snprintf(line, sizeof(line), "| %u%s/%s%s%s | %s |", row->first_h, range, row->tcp ? "tcp" : "",
			 row->tcp && row->udp ? "/" : "", row->udp ? "udp" : "", row->name);
		if (!strstr(text, line)) {
			well = false;
			printf("# docs/safety.md lacks: %s\n", line);
		}
	}
	tap_ok(well, "the list in docs/safety.md is the one that is kept");
	if (file)
		fclose(file);
}

static void on_silent(void *context, uint64_t position)
{
	(void)position;
	++*(uint32_t *)context;
}

static void test_asked(void)
{
	enum { TOTAL = 20000 };
	static uint8_t times[TOTAL];
	uint32_t silent = 0, wrong = 0, thrice = 0;
	struct asked *asked;
	enum asked_next next;
	int64_t now = 1, when;
	uint64_t position, before = 0;
	bool again, forward = true;

	asked_open(0, TOTAL, 2, on_silent, &silent, &asked);
	while ((next = asked_next(asked, now, 1000, &position, &again, &when)) != ASKED_DONE) {
		if (next == ASKED_SWEPT) {
			now = when;
			continue;
		}
		wrong += again != (times[position] > 0);
		times[position]++;
		/* Every third does not answer. */
		if (position % 3)
			wrong += !asked_settle(asked, position) || asked_settle(asked, position);
		forward &= asked_first(asked) >= before;
		before = asked_first(asked);
	}
	for (uint32_t i = 0; i < TOTAL; i++)
		thrice += times[i] == (i % 3 ? 1 : 3);
	tap_ok(thrice == TOTAL && !wrong, "who answers is asked once, who does not three times (%u)", thrice);
	tap_ok(silent == TOTAL / 3 + 1 && asked_settled(asked) == TOTAL && asked_first(asked) == TOTAL &&
		       forward,
	       "the silent are told, each once (%u)", silent);
	asked_close(asked);
	/* One is always given back: the others go on. */
	asked_open(5, TOTAL, 0, on_silent, &silent, &asked);
	memset(times, 0, sizeof(times));
	for (int i = 0; i < 100000; i++) {
		next = asked_next(asked, now, 1000, &position, &again, &when);
		if (next == ASKED_SWEPT)
			now = when;
		else if (next == ASKED_SEND && position == 7)
			asked_return(asked, position);
		else if (next == ASKED_SEND)
			asked_settle(asked, position);
	}
	tap_ok(asked_first(asked) == 7 && asked_settled(asked) == TOTAL - 6,
	       "what can't be sent holds up nobody else");
	asked_stop(asked);
	tap_ok(asked_next(asked, now + 2000, 1000, &position, &again, &when) == ASKED_DONE &&
		       asked_first(asked) == 7,
	       "stopped, it knows what is left");
	asked_close(asked);
}

static void test_patience(void)
{
	struct patience patience;

	patience_start(&patience, 1000);
	tap_ok(patience_us(&patience) == 1000000, "at first one waits as long as was asked for");
	patience_sent(&patience, 640, 0, 1000);
	patience_answered(&patience, 640, 1300);
	tap_ok(patience_us(&patience) == 100000, "on a fast network a tenth of a second");
	patience_saw(&patience, 60000);
	tap_ok(patience_us(&patience) == 240000, "four times the slowest");
	patience_sent(&patience, 64, 0, 1000);
	patience_sent(&patience, 64, 1, 400000);
	patience_answered(&patience, 64, 400001);
	tap_ok(patience_us(&patience) == 240000, "who was asked twice tells nothing");
	patience_late(&patience);
	patience_late(&patience);
	tap_ok(patience_us(&patience) == 400000, "answers that came too late make it wait longer");
}

static void test_route(void)
{
	const struct mac mac = {{2}};
	struct prefix far = {{4, {10, 9}}, 16}, inside = {{4, {192, 0, 2, 64}}, 26}, all = {{4, {0}}, 0};
	struct ip own, gateway, other, ip, hop;
	struct route *route;
	size_t count;

	ip_parse("192.0.2.5", &own);
	ip_parse("192.0.2.1", &gateway);
	ip_parse("192.0.2.2", &other);
	if (route_make(1, &mac, &route) || route_add_address(route, &own, 24) ||
	    route_add_gateway(route, &far, &other))
		abort();
	ip_parse("10.9.1.1", &ip);
	tap_ok(!route_hop(route, &ip, &hop) && ip_equal(&hop, &other) && !route_on_link(route, &ip),
	       "behind a gateway");
	ip_parse("8.8.8.8", &ip);
	tap_ok(route_hop(route, &ip, &hop) == -ENETUNREACH, "nowhere without a default route");
	route_add_gateway(route, &all, &gateway);
	tap_ok(!route_hop(route, &ip, &hop) && ip_equal(&hop, &gateway), "by the default route");
	ip_parse("192.0.2.70", &ip);
	tap_ok(route_on_link(route, &ip) && !route_hop(route, &ip, &hop) && ip_equal(&hop, &ip), "on the link");
	route_add_gateway(route, &inside, &other);
	tap_ok(!route_on_link(route, &ip) && !route_hop(route, &ip, &hop) && ip_equal(&hop, &other),
	       "the longest match decides, also within our subnet");
	route_gateways(route, &count);
	tap_ok(count == 2 && route_is_own(route, &own) && !route_is_own(route, &gateway), "each gateway once");
	ip_parse("fe80::1", &ip);
	tap_ok(route_on_link(route, &ip), "link-local addresses are on the link");
	route_close(route);
}

int main(void)
{
	test_order();
	test_pace();
	test_space_counts();
	test_space_refusals();
	test_scope();
	test_ports();
	test_told();
	test_asked();
	test_patience();
	test_route();
	return tap_end();
}
