// SPDX-License-Identifier: BSD-2-Clause
/*
 * Reverse DNS as a scan does it: names [-g RESOLVER] [-d HOST] ADDRESS… asks for the names of addresses, by a resolver that is given, or by one
 * that is found when HOST is asked what it has at 53/udp and 67/udp. Writes `name` and `route` facts, a line each, then the counters.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "sensor/ask/ask.h"
#include "sensor/ask/rdns.h"
#include "sensor/clock.h"
#include "tests/ask/said.h"

static struct rdns *rdns;

static void say(void *context, const struct fact *fact)
{
	struct said *said = context;

	rdns_learn(rdns, fact);
	if (fact->kind == FACT_NAME || fact->kind == FACT_ROUTE)
		said_fact(said, fact);
}

int main(int argc, char **argv)
{
	static struct said said;
	struct ask_options options = {.say = say, .context = &said, .timeout_ms = 1500};
	struct ip given, host, address;
	struct rdns_counters count;
	struct ask *ask = NULL;
	bool has_given = false;
	int option;

	option = ask_open(&options, &ask);
	if (option)
		return option == -ENOSYS ? 77 : 1;
	while ((option = getopt(argc, argv, "g:d:")) != -1) {
		if (ip_parse(optarg, option == 'g' ? &given : &host))
			return 2;
		has_given |= option == 'g';
		for (uint16_t port = 53; option == 'd' && port <= 67; port += 14)
			ask_add(ask, &(struct ask_target){.ip = host, .port_h = port, .udp = true});
	}
	if (rdns_open(ask, &given, has_given, &rdns))
		return 1;
	for (; optind < argc; optind++)
		if (ip_parse(argv[optind], &address) || rdns_add(rdns, &address))
			return 2;
	for (;;) {
		struct pollfd fd = {ask_fd(ask), POLLIN, 0};
		int64_t now_us = clock_monotonic_us(), next_us = now_us;
		size_t left = rdns_step(rdns);

		if (ask_step(ask, now_us, &next_us) != 1 && left == 0)
			break;
		poll(&fd, 1, (int)((next_us - now_us) / 1000) + 1);
	}
	rdns_count(rdns, &count);
	printf("%sasked %llu waiting %llu refused %llu%s\n", said.text, (unsigned long long)count.asked,
	       (unsigned long long)count.waiting, (unsigned long long)count.refused,
	       said.wrong ? " wrong" : "");
	ask_close(ask);
	rdns_close(rdns);
	return 0;
}
