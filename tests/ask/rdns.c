// SPDX-License-Identifier: BSD-2-Clause
/* Whom reverse DNS asks. What it would send is noted here instead of being sent. */
#include "sensor/ask/rdns.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/ask/udp.h"
#include "sensor/text.h"
#include "tests/tap.h"

static char sent[8192];
static size_t room = 1000;

/* What runs: whom it was sent to, and whom to tell when it is over. */
static struct {
	struct ip ip;
	void (*over)(void *to, const struct ip *ip, bool answered);
	void *to;
} running[256];
static size_t running_count, running_most;

int ask_add_dialogue(struct ask *ask, const struct dialogue *row, const struct ip *ip, uint16_t port_h,
		     const struct ip *about, void (*over)(void *to, const struct ip *ip, bool answered),
		     void *to)
{
	char a[ADDR_TEXT_MAX], b[ADDR_TEXT_MAX];
	size_t length = strlen(sent);

	(void)ask;
	if (room == 0 || running_count == sizeof(running) / sizeof(*running))
		return -EAGAIN;
	room--;
	snprintf(sent + length, sizeof(sent) - length, "%s@%s%s ", ip_text(about, a), ip_text(ip, b),
		 row == &udp_ptr && port_h == 53 ? "" : "?");
	running[running_count].ip = *ip;
	running[running_count].over = over;
	running[running_count++].to = to;
	if (running_count > running_most)
		running_most = running_count;
	return 0;
}

static size_t all_over(bool answered)
{
	size_t count = running_count;

	for (size_t i = 0; i < count; i++)
		running[i].over(running[i].to, &running[i].ip, answered);
	running_count = 0;
	return count;
}

static struct ip ip_of(const char *text)
{
	struct ip ip = {};

	if (ip_parse(text, &ip))
		abort();
	return ip;
}

static void learn_route(struct rdns *rdns, const char *dns)
{
	struct ip_list list = {1, {ip_of(dns)}};
	struct fact fact = {.kind = FACT_ROUTE, .source = SOURCE_DHCP};

	FACT_SET(&fact, dns, &list);
	rdns_learn(rdns, &fact);
}

static void learn_server(struct rdns *rdns, const char *ip, enum fact_source source, struct text name)
{
	struct fact fact = {.kind = FACT_SERVICE, .source = source};

	FACT_SET(&fact, ip, ip_of(ip));
	FACT_SET(&fact, port, 53);
	FACT_SET(&fact, proto, TEXT("udp"));
	FACT_SET(&fact, state, TEXT("open"));
	FACT_SET(&fact, name, name);
	rdns_learn(rdns, &fact);
}

static bool asks(struct rdns *rdns, const char *address, const char *wanted)
{
	struct ip ip = ip_of(address);
	bool right;

	sent[0] = 0;
	right = rdns_add(rdns, &ip) == 0 && rdns_step(rdns) == 0 && strcmp(sent, wanted) == 0;
	all_over(true);
	if (!right)
		printf("# %s\n", sent);
	return right;
}

static void choice(void)
{
	struct ip given = ip_of("9.9.9.9");
	struct rdns_counters counters;
	struct rdns *rdns;

	if (rdns_open(NULL, NULL, 0, &rdns))
		return;
	tap_ok(asks(rdns, "10.0.0.5", ""), "without a resolver nobody is asked");
	learn_route(rdns, "8.8.8.8");
	learn_server(rdns, "8.8.4.4", SOURCE_DNS, TEXT("dns"));
	learn_server(rdns, "10.0.0.8", SOURCE_PROBE, TEXT("mdns"));
	rdns_count(rdns, &counters);
	tap_ok(rdns_step(rdns) == 0 && !sent[0] && counters.refused == 1 && counters.waiting == 1,
	       "no public resolver that the network announces, none that was only seen, no port that is "
	       "something else");
	learn_server(rdns, "10.0.1.3", SOURCE_PROBE, TEXT("dns"));
	tap_ok(rdns_step(rdns) == 0 && strcmp(sent, "10.0.0.5@10.0.1.3 ") == 0,
	       "a name server that was found answers for what waited");
	learn_server(rdns, "10.0.0.4", SOURCE_PROBE, TEXT("dns"));
	learn_server(rdns, "10.0.0.4", SOURCE_PROBE, TEXT("dns"));
	tap_ok(asks(rdns, "10.0.0.6", "10.0.0.6@10.0.0.4 10.0.0.6@10.0.1.3 "),
	       "that of its own subnet first, each once");
	learn_route(rdns, "192.168.1.1");
	tap_ok(asks(rdns, "10.0.0.7", "10.0.0.7@192.168.1.1 "),
	       "one that is announced replaces those that were found");
	rdns_close(rdns);

	if (rdns_open(NULL, &given, 1, &rdns))
		return;
	tap_ok(asks(rdns, "fd00::5", "fd00::5@9.9.9.9 "), "one that was given is asked, wherever it is");
	learn_route(rdns, "fd00::1");
	learn_route(rdns, "fe80::2");
	tap_ok(asks(rdns, "fd00::6", "fd00::6@9.9.9.9 fd00::6@fd00::1 "), "first, and two are enough");
	rdns_close(rdns);
}

static void bounds(void)
{
	struct ip given[2] = {ip_of("10.0.0.1"), ip_of("10.0.0.2")};
	struct ip ip = ip_of("10.1.0.0");
	struct rdns_counters counters;
	struct rdns *rdns;
	size_t added = 0;

	if (rdns_open(NULL, given, 2, &rdns))
		return;
	room = 0;
	while (rdns_add(rdns, &ip) == 0)
		added++;
	tap_ok(added == RDNS_QUEUE_MAX && rdns_step(rdns) == RDNS_QUEUE_MAX,
	       "the queue has an end, and waits for room");
	room = 3;
	sent[0] = 0;
	rdns_step(rdns);
	rdns_count(rdns, &counters);
	tap_ok(counters.asked == 3 && counters.waiting == RDNS_QUEUE_MAX - 1 &&
		       strcmp(sent, "10.1.0.0@10.0.0.1 10.1.0.0@10.0.0.2 10.1.0.0@10.0.0.1 ") == 0,
	       "and goes on where it was");
	room = SIZE_MAX;
	while (rdns_step(rdns) > 0 && all_over(true))
		;
	all_over(true);
	rdns_count(rdns, &counters);
	tap_ok(counters.asked == 2 * RDNS_QUEUE_MAX && counters.answered == counters.asked &&
		       counters.waiting == 0,
	       "until all are asked");
	tap_ok(running_most <= 128, "never more than %zu at once", running_most);
	for (int i = 0; i < 20; i++) {
		char text[ADDR_TEXT_MAX];

		snprintf(text, sizeof(text), "10.2.0.%d", i + 1);
		learn_route(rdns, text);
	}
	tap_ok(asks(rdns, "10.0.0.9", "10.0.0.9@10.0.0.1 10.0.0.9@10.0.0.2 "),
	       "more resolvers than are remembered change nothing");
	rdns_close(rdns);
	rdns_close(NULL);
}

static void silence(void)
{
	struct ip given = ip_of("10.0.0.1"), ip = ip_of("10.1.0.0");
	struct rdns_counters counters;
	struct rdns *rdns;

	if (rdns_open(NULL, &given, 1, &rdns))
		return;
	running_most = 0;
	room = SIZE_MAX;
	for (int i = 0; i < 1000; i++)
		rdns_add(rdns, &ip);
	while (rdns_step(rdns) > 0 && all_over(false))
		;
	rdns_count(rdns, &counters);
	tap_ok(counters.asked == 4 && counters.answered == 0 && counters.waiting == 996 && running_most == 4,
	       "a resolver that is silent is asked %d times, not a thousand", (int)counters.asked);
	learn_server(rdns, "10.0.0.7", SOURCE_PROBE, TEXT("dns"));
	while (rdns_step(rdns) > 0 && all_over(true))
		;
	all_over(true);
	rdns_count(rdns, &counters);
	tap_ok(counters.waiting == 0 && counters.answered == 996, "and one that is found takes its place");
	rdns_close(rdns);
}

int main(void)
{
	choice();
	silence();
	bounds();
	return tap_end();
}
