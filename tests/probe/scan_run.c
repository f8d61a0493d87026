// SPDX-License-Identifier: BSD-2-Clause
/* The prober is driven as its callers do, in time that is made up. */
#include "tests/probe/scan_run.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void on_host(void *context, const struct ip *ip, const struct mac *mac, enum probe_answer_kind how,
		    uint32_t rtt_us)
{
	struct scan *scan = context;

	(void)ip, (void)how;
	scan->hosts++;
	scan->with_mac += !mac_is_zero(mac);
	scan->with_rtt += rtt_us == 300;
}

static void on_port(void *context, const struct ip *ip, uint16_t port_h, const struct probe_answer *answer)
{
	struct scan *scan = context;
	uint8_t *told = &scan->told[ip->bytes[ip->version == 4 ? 3 : 15]][port_h];

	scan->twice += *told != 0;
	*told = answer->kind;
	scan->opens += answer->kind == ANSWER_OPEN;
	scan->closeds += answer->kind == ANSWER_CLOSED;
	scan->unreachables += answer->kind == ANSWER_UNREACHABLE;
	scan->wrong += answer->port_n != htons(port_h);
}

static void on_host_done(void *context, const struct ip *ip, uint32_t open, uint32_t closed, uint32_t filtered,
			 bool middlebox)
{
	struct scan *scan = context;

	(void)ip, (void)open, (void)closed, (void)filtered;
	scan->hosts_done++;
	scan->middleboxes += middlebox;
}

void scan_begin(struct scan *scan, const char *targets, const char *ports)
{
	const struct mac mac = {{2, 9, 9, 9, 9, 9}};
	struct prefix all = {.ip.version = 4};
	char why[SPACE_WHY_BYTES];
	struct ip ip;

	memset(scan, 0, sizeof(*scan));
	network_open(&scan->network);
	scan->told = calloc(256, sizeof(*scan->told));
	if (!scan->told || space_open(&scan->space) || ports_open(&scan->ports) ||
	    route_make(3, &mac, &scan->route) || space_target(scan->space, targets, why) ||
	    space_ready(scan->space) || (*ports && ports_parse(scan->ports, ports)))
		abort();
	ip_parse("192.0.2.250", &ip);
	route_add_address(scan->route, &ip, 24);
	ip_parse("2001:db8::fa", &ip);
	route_add_address(scan->route, &ip, 64);
	ip_parse("192.0.2.1", &ip);
	route_add_gateway(scan->route, &all, &ip);
	scan->options = (struct prober_options){
		.space = scan->space,
		.ports = scan->ports,
		.route = scan->route,
		.answers = scan->network.answers,
		.transmit = &scan->network.transmit,
		.source = &scan->source,
		.timeout_ms = 1000,
		.retries = 2,
		.host = on_host,
		.port = on_port,
		.host_done = on_host_done,
		.context = scan,
	};
}

/* Addresses outside of the targets, kinds that are none, ports that were not asked, groups as MACs. */
static void add_nonsense(struct scan *scan)
{
	for (int i = 0; i < 200; i++) {
		struct network *network = &scan->network;
		const uint64_t a = network_random(network), b = network_random(network);
		struct probe_answer answer = {.time_ns = (uint64_t)network->now_us * 1000,
					      .addr = {192, 0, (uint8_t)(a & 1 ? 3 : 2), (uint8_t)(a >> 8)},
					      .mac = {1, 2, 3, 4, 5, 6},
					      .port_n = htons((uint16_t)(301 + b % 19000)),
					      .kind = (uint8_t)(a >> 16 & 7),
					      .version = (uint8_t)(b >> 24 & 3 ? 4 : 6),
					      .type = (uint8_t)(b >> 20)};

		if (answer.version == 6)
			answer.addr[0] = 0x20;
		/* The host that is asked is told apart from who says it is unreachable. */
		answer.from[0] = 9;
		network_say(network, &answer);
		scan->nonsense_sent++;
	}
}

/* From start to end, or to stop_after frames and then until it is done. */
int scan_run(struct scan *scan)
{
	struct network *network = &scan->network;
	const int64_t began_us = network->now_us;
	struct prober *prober;
	int64_t next_us = 0, before_us;
	int result = prober_open(&scan->options, &prober);

	if (result)
		return result;
	do {
		const uint64_t sent = network->sent;

		if (scan->nonsense)
			add_nonsense(scan);
		before_us = network->now_us;
		result = prober_step(prober, network->now_us, &next_us);
		if (result <= 0)
			break;
		if (scan->sent_after_stop != UINT64_MAX && scan->stop_after == UINT64_MAX)
			scan->sent_after_stop += network->sent - sent;
		if (scan->stop_after && network->sent >= scan->stop_after) {
			prober_stop(prober);
			scan->stop_after = UINT64_MAX;
		}
		if (network_next(network) < next_us)
			next_us = network_next(network);
		/* A step takes some time, too. */
		network->now_us = next_us > before_us + 20 ? next_us : before_us + 20;
	} while (network->now_us - began_us < INT64_C(3600) * 1000000);
	prober_progress(prober, &scan->progress);
	prober_position(prober, &scan->position);
	scan->took_us = network->now_us - began_us;
	prober_close(prober);
	return result;
}

void scan_end(struct scan *scan)
{
	space_close(scan->space);
	ports_close(scan->ports);
	route_close(scan->route);
	network_close(&scan->network);
	free(scan->told);
}

/* Fifty hosts of 192.0.2.0/24, each with three open ports. */
void scan_add_fifty(struct scan *scan)
{
	char text[32];

	for (int i = 0; i < 50; i++) {
		struct network_host *host;

		snprintf(text, sizeof(text), "192.0.2.%d", 2 + i * 4);
		host = network_add(&scan->network, text);
		network_host_open(host, 22);
		network_host_open(host, 80);
		network_host_open(host, (uint16_t)(110 + i));
	}
}
