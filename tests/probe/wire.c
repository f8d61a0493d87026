// SPDX-License-Identifier: BSD-2-Clause
/*
 * `wire INTERFACE ENGINE PORTS TARGET… [KEY=VALUE…]`: the prober alone, with the sensor's own engines and XDP program. Says each host and each open port as a
 * line, and in the end as JSON what was sent and found. Keys: rate, host_rate, timeout_ms, retries, shard, shards, skip_alive, all_nodes, quiet (no lines).
 * SIGUSR1 stops it.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/clock.h"
#include "sensor/engine.h"
#include "sensor/observe.h"
#include "sensor/probe/answers.h"
#include "sensor/probe/ports.h"
#include "sensor/probe/prober.h"
#include "sensor/probe/route.h"
#include "sensor/probe/source.h"
#include "sensor/probe/space.h"
#include "sensor/probe/transmit.h"

static volatile sig_atomic_t stopped;
static bool quiet;

/* The packets that are watched while this asks are of no interest. */
void observe_record(struct observe *o, const struct record *record, size_t size, int64_t time_us)
{
	(void)o, (void)record, (void)size, (void)time_us;
}

void observe_flow(struct observe *o, const struct flow_report *report)
{
	(void)o, (void)report;
}

void observe_loss(struct observe *o, const char *counter, uint64_t value, int64_t time_us)
{
	(void)o, (void)counter, (void)value, (void)time_us;
}

static void on_signal(int number)
{
	(void)number;
	stopped = 1;
}

static void on_host(void *context, const struct ip *ip, const struct mac *mac, enum probe_answer_kind how,
		    uint32_t rtt_us)
{
	char address[ADDR_TEXT_MAX], hardware[ADDR_TEXT_MAX];

	(void)context, (void)rtt_us;
	if (!quiet)
		printf("host %s %s %d\n", ip_text(ip, address), mac_text(mac, hardware), how);
}

static void on_port(void *context, const struct ip *ip, uint16_t port_h, const struct probe_answer *answer)
{
	char address[ADDR_TEXT_MAX];

	(void)context;
	if (!quiet && answer->kind != ANSWER_CLOSED)
		printf("%s %s %u\n", answer->kind == ANSWER_OPEN ? "open" : "unreachable", ip_text(ip, address),
		       port_h);
}

static void on_host_done(void *context, const struct ip *ip, uint32_t open, uint32_t closed, uint32_t filtered,
			 bool middlebox)
{
	char address[ADDR_TEXT_MAX];

	(void)context;
	if (!quiet)
		printf("%s %s %u %u %u\n", middlebox ? "middlebox" : "done", ip_text(ip, address), open, closed,
		       filtered);
}

static bool set_number(struct prober_options *options, const char *text)
{
	const struct {
		const char *name;
		uint32_t *value;
	} numbers[] = {
		{"rate=", &options->rate},
		{"host_rate=", &options->host_rate},
		{"subnet_rate=", &options->subnet_rate},
		{"timeout_ms=", &options->timeout_ms},
		{"shard=", &options->shard},
		{"shards=", &options->shards},
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (!strncmp(text, numbers[i].name, strlen(numbers[i].name))) {
			*numbers[i].value = (uint32_t)atoi(text + strlen(numbers[i].name));
			return true;
		}
	if (!strncmp(text, "retries=", 8))
		options->retries = (uint8_t)atoi(text + 8);
	else if (!strcmp(text, "skip_alive=1"))
		options->skip_alive = true;
	else if (!strcmp(text, "all_nodes=1"))
		options->all_nodes = true;
	else if (!strcmp(text, "quiet=1"))
		quiet = true;
	else
		return false;
	return true;
}

static int add_targets(struct space *space, const struct route *route, struct prober_options *options,
		       char **arguments)
{
	const struct prefix *prefixes;
	char why[SPACE_WHY_BYTES];
	size_t count;

	for (; *arguments; arguments++)
		if (!set_number(options, *arguments) && space_target(space, *arguments, why)) {
			fprintf(stderr, "%s\n", why);
			return -EINVAL;
		}
	prefixes = route_subnets(route, &count);
	for (size_t i = 0; i < count; i++)
		space_subnet(space, &prefixes[i]);
	prefixes = route_addresses(route, &count);
	for (size_t i = 0; i < count; i++)
		space_exclude_ip(space, &prefixes[i].ip);
	return space_ready(space);
}

/* The most memory that was resident, in KB; not that of who started this, which getrusage() has in it. */
static long memory_kb(void)
{
	FILE *file = fopen("/proc/self/status", "r");
	char line[256];
	long value = 0;

	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, "VmHWM:", 6))
			value = atol(line + 6);
	if (file)
		fclose(file);
	return value;
}

static void say_end(const struct prober *prober, const struct answers *answers, const char *engine,
		    double seconds)
{
	struct prober_progress progress;
	struct answers_counters counts;

	prober_progress(prober, &progress);
	answers_count(answers, &counts);
	printf("{\"engine\": \"%s\", \"seconds\": %.6f, \"sent\": %llu, \"retried\": %llu, \"hosts_up\": %llu, "
	       "\"open\": %llu, "
	       "\"closed\": %llu, \"unreachable\": %llu, \"filtered\": %llu, \"settled\": %llu, \"total\": "
	       "%llu, "
	       "\"reset\": %llu, \"forged\": %llu, \"ring_full\": %llu, \"memory_kb\": %ld}\n",
	       engine, seconds, (unsigned long long)progress.sent, (unsigned long long)progress.retried,
	       (unsigned long long)progress.hosts_up, (unsigned long long)progress.open,
	       (unsigned long long)progress.closed, (unsigned long long)progress.unreachable,
	       (unsigned long long)progress.filtered, (unsigned long long)progress.settled,
	       (unsigned long long)progress.total, (unsigned long long)counts.reset,
	       (unsigned long long)counts.forged, (unsigned long long)counts.ring_full, memory_kb());
}

static int run(struct prober *prober, struct answers *answers)
{
	int64_t next_us = 0;
	int result;

	while ((result = prober_step(prober, clock_monotonic_us(), &next_us)) > 0) {
		const int64_t wait_us = next_us - clock_monotonic_us();
		struct pollfd fd = {.fd = answers_fd(answers), .events = POLLIN};
		struct timespec time = {wait_us > 0 ? wait_us / 1000000 : 0,
					wait_us > 0 ? wait_us % 1000000 * 1000 : 0};

		if (wait_us > 0)
			ppoll(&fd, 1, &time, NULL);
		if (stopped == 1) {
			prober_stop(prober);
			stopped = 2;
		}
	}
	return result;
}

int main(int argc, char **argv)
{
	struct engine_options watching = {.interface = argc > 4 ? argv[1] : NULL};
	struct prober_options options = {
		.timeout_ms = 1000, .retries = 2, .host = on_host, .port = on_port, .host_done = on_host_done};
	struct transmit *transmit;
	struct answers *answers;
	struct prober *prober;
	struct engine *engine;
	struct source *source;
	struct space *space;
	struct ports *ports;
	struct route *route;
	int64_t began_us;
	int result;

	if (argc < 5)
		return fprintf(stderr, "usage: wire INTERFACE ENGINE PORTS TARGET... [KEY=VALUE...]\n"), 2;
	signal(SIGUSR1, on_signal);
	if (route_read(argv[1], &route) || space_open(&space) || ports_open(&ports) ||
	    ports_parse(ports, argv[3]) || add_targets(space, route, &options, argv + 4) ||
	    capture_open(&watching, &engine) || answers_open(engine, &answers) ||
	    source_open(route, space, &source) ||
	    (strcmp(argv[2], "xdp") ? transmit_uring_open(source_probe(source), &transmit)
				    : transmit_xdp_open(source_probe(source), &transmit)))
		return 1;
	options.space = space;
	options.ports = ports;
	options.route = route;
	options.answers = answers;
	options.transmit = transmit;
	options.source = source_probe(source);
	began_us = clock_monotonic_us();
	if (prober_open(&options, &prober))
		return 1;
	result = run(prober, answers);
	say_end(prober, answers, argv[2], (double)(clock_monotonic_us() - began_us) / 1e6);
	prober_close(prober);
	transmit->close(transmit);
	answers_close(answers);
	engine->close(engine);
	source_close(source);
	route_close(route);
	ports_close(ports);
	space_close(space);
	return result < 0;
}
