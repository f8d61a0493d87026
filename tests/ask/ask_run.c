// SPDX-License-Identifier: BSD-2-Clause
/*
 * Speak to ports and print what they are: facts as JSON lines, then for each target `done IP PORT PROTO NAME`, then one line of
 * counters. For tests and the bench.
 *
 *   ask_run [-t TIMEOUT_MS] [-n AT_ONCE] [-c HOST_MAX] [-r RATE] [-i INTERFACE] [-s STOP_MS] [-q] [-p] TARGET…
 *
 * TARGET: [udp/]ADDRESS/PORT[-PORT][=NAME]. -q: no facts. -p: ports that are kept from accidents were asked for by name.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "sensor/ask/ask.h"
#include "sensor/clock.h"
#include "sensor/fact_json.h"

struct run {
	struct ask *ask;
	bool quiet, named;
	uint64_t facts, refused;
};

static int64_t next_us;

static void say(void *context, const struct fact *fact)
{
	struct run *run = context;

	run->facts++;
	if (!run->quiet)
		fact_json_say(stdout, fact);
}

static void done(void *context, const struct ip *ip, uint16_t port_h, const char *proto, const char *name)
{
	const struct run *run = context;
	char text[ADDR_TEXT_MAX];

	if (!run->quiet)
		printf("done %s %u %s %s\n", ip_text(ip, text), port_h, proto, name);
}

static int step(struct run *run)
{
	struct pollfd poll_fd = {.fd = ask_fd(run->ask), .events = POLLIN};
	int64_t now_us = clock_monotonic_us();
	int result = ask_step(run->ask, now_us, &next_us);

	if (result == 1 && next_us > now_us)
		poll(&poll_fd, 1, (int)((next_us - now_us + 999) / 1000));
	return result;
}

static void add(struct run *run, char *text)
{
	struct ask_target target = {.raw_print_allowed = run->named, .industrial_allowed = run->named};
	char *name = strchr(text, '='), *slash, *end;
	unsigned long first, last;
	int error;

	if (name) {
		*name++ = 0;
		snprintf(target.name, sizeof(target.name), "%s", name);
	}
	target.udp = !strncmp(text, "udp/", 4);
	text += target.udp ? 4 : 0;
	slash = strrchr(text, '/');
	if (!slash || (*slash = 0, ip_parse(text, &target.ip))) {
		fprintf(stderr, "no target: %s\n", text);
		exit(2);
	}
	first = last = strtoul(slash + 1, &end, 10);
	if (*end == '-')
		last = strtoul(end + 1, NULL, 10);
	for (; first <= last; first++) {
		target.port_h = (uint16_t)first;
		while ((error = ask_add(run->ask, &target)) == -EAGAIN)
			step(run);
		run->refused += error == -EPERM;
		if (error && error != -EPERM) {
			fprintf(stderr, "ask_add: %s\n", strerror(-error));
			exit(1);
		}
	}
}

int main(int argc, char **argv)
{
	struct run run = {};
	struct ask_options options = {.say = say, .done = done, .context = &run};
	int64_t start_us, stop_us = INT64_MAX, stopped_us = 0;
	struct ask_counters count;
	struct rusage usage;
	int option;

	while ((option = getopt(argc, argv, "t:n:c:r:i:s:qp")) != -1) {
		switch (option) {
		case 't':
			options.timeout_ms = (uint32_t)atoi(optarg);
			break;
		case 'n':
			options.at_once_max = (uint32_t)atoi(optarg);
			break;
		case 'c':
			options.host_max = (uint32_t)atoi(optarg);
			break;
		case 'r':
			options.rate = (uint32_t)atoi(optarg);
			break;
		case 'i':
			options.interface = optarg;
			break;
		case 's':
			stop_us = (int64_t)atoi(optarg) * 1000;
			break;
		case 'q':
			run.quiet = true;
			break;
		case 'p':
			run.named = true;
			break;
		default:
			return 2;
		}
	}
	option = ask_open(&options, &run.ask);
	if (option) {
		printf("can't: %s\n", strerror(-option));
		return option == -ENOSYS ? 77 : 1;
	}
	start_us = clock_monotonic_us();
	for (int i = optind; i < argc; i++)
		add(&run, argv[i]);
	while (step(&run) == 1) {
		if (clock_monotonic_us() - start_us < stop_us)
			continue;
		stopped_us = clock_monotonic_us();
		ask_stop(run.ask);
		stopped_us = clock_monotonic_us() - stopped_us;
	}
	ask_count(run.ask, &count);
	getrusage(RUSAGE_SELF, &usage);
	printf("{\"seconds\":%.3f,\"done\":%llu,\"timed_out\":%llu,\"refused\":%llu,\"bytes\":%llu,\"cut\":%"
	       "llu,\"facts\":%llu,"
	       "\"never\":%llu,\"rss_kib\":%ld,\"cpu_seconds\":%.3f,\"stop_us\":%lld}\n",
	       (double)(clock_monotonic_us() - start_us) / 1e6, (unsigned long long)count.done,
	       (unsigned long long)count.timed_out, (unsigned long long)count.refused,
	       (unsigned long long)count.bytes_in, (unsigned long long)count.cut, (unsigned long long)run.facts,
	       (unsigned long long)run.refused, usage.ru_maxrss,
	       (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
		       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6,
	       (long long)stopped_us);
	ask_close(run.ask);
	return 0;
}
