// SPDX-License-Identifier: BSD-2-Clause
/*
 * The prober against a network that is made up: who is there and what is open is found, each thing is asked as often as it must be, at the pace that was allowed.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "tests/probe/scan_run.h"
#include "tests/tap.h"

static void test_plain(void)
{
	struct scan scan;
	uint32_t once = 0, most_links = 0;

	scan_begin(&scan, "192.0.2.0/24", "1-300");
	scan_add_fifty(&scan);
	tap_ok(!scan_run(&scan), "a /24 with fifty hosts is asked to the end");
	tap_ok(scan.hosts == 50 && scan.with_mac == 50, "all fifty are found, each with its MAC");
	tap_ok(scan.with_rtt == 50, "and how long they took to answer");
	tap_ok(scan.opens == 150 && scan.closeds == 50 * 299 - 150 && !scan.wrong,
	       "every open and every closed port is told (%u, %u)", scan.opens, scan.closeds);
	tap_ok(!scan.twice && scan.hosts_done == 50 && !scan.middleboxes, "each once; each host is settled");
	for (size_t i = 0; i < scan.network.host_count; i++) {
		const struct network_host *host = &scan.network.hosts[i];

		once += host->syns == 299 + 3 && !host->asked[102];
		most_links = host->links > most_links ? host->links : most_links;
	}
	tap_ok(once == 50, "what answers is asked once: the ports, and three that nobody uses");
	tap_ok(most_links == 1 && scan.network.links == 50 + 204 * 3,
	       "only silent addresses are asked again whether they are there (%llu)",
	       (unsigned long long)scan.network.links);
	tap_ok(!scan.network.stranger_syns && !scan.network.wrong_mac && !scan.network.armed,
	       "nobody else gets a SYN; the answers are let go at the end");
	tap_ok(scan.progress.settled == scan.progress.total && scan.progress.total == 50 * 299,
	       "progress ends where it said it would (%llu of %llu)", (unsigned long long)scan.progress.settled,
	       (unsigned long long)scan.progress.total);
	scan_end(&scan);
}

static void test_silence(void)
{
	struct scan scan;
	struct network_host *wall, *rejects, *plain;
	bool thrice = true;

	scan_begin(&scan, "192.0.2.0/28", "1-1000");
	wall = network_add(&scan.network, "192.0.2.3");
	wall->habit = HOST_FIREWALL;
	network_host_open(wall, 443);
	rejects = network_add(&scan.network, "192.0.2.4");
	rejects->habit = HOST_REJECTS;
	plain = network_add(&scan.network, "192.0.2.5");
	network_host_open(plain, 25);
	tap_ok(!scan_run(&scan) && scan.opens == 2, "a firewall's open port is found");
	for (uint32_t port_h = 1; port_h <= 1000; port_h++)
		thrice &= wall->asked[port_h] == (port_h == 443				? 1
						  : never_find((uint16_t)port_h, false) ? 0
											: 3);
	tap_ok(thrice && scan.progress.filtered == 1000 - 5 - 1,
	       "its silent ports are asked three times, then they are filtered (%llu)",
	       (unsigned long long)scan.progress.filtered);
	tap_ok(scan.unreachables == 1000 - 5 && rejects->syns == 1000 - 5 + 3,
	       "a refusal by ICMP is an answer");
	tap_ok(scan.took_us < 6000000, "silence costs what it must: %lld ms", (long long)scan.took_us / 1000);
	scan_end(&scan);
}

static void test_loss(void)
{
	struct scan scan;
	uint32_t wanted = 0;
	char text[32];

	scan_begin(&scan, "192.0.2.0/27", "1-3000");
	for (int i = 1; i <= 20; i++) {
		struct network_host *host;

		snprintf(text, sizeof(text), "192.0.2.%d", i);
		host = network_add(&scan.network, text);
		host->rtt_us = 200 + (uint32_t)i * 997;
		for (uint16_t k = 0; k < 60; k++, wanted++)
			network_host_open(host, (uint16_t)(1003 + k * 31));
	}
	scan.network.loss_percent = 12;
	tap_ok(!scan_run(&scan), "a network that loses a quarter of what is asked");
	tap_ok(scan.hosts == 20 && scan.opens == wanted && !scan.twice,
	       "every open port is found, once (%u of %u)", scan.opens, wanted);
	tap_ok(scan.progress.filtered < 5, "next to nothing is taken for filtered (%llu of 60000)",
	       (unsigned long long)scan.progress.filtered);
	scan_end(&scan);
	scan_begin(&scan, "192.0.2.5", "1-3000");
	network_add(&scan.network, "192.0.2.5");
	scan.network.accept_max = 100;
	scan_run(&scan);
	tap_ok(scan.closeds == 3000 - 14 && scan.network.hosts[0].syns == 3000 - 14 + 3,
	       "what the kernel's queue had no room for is sent later, and once (%u)",
	       scan.network.hosts[0].syns);
	scan_end(&scan);
}

static void test_narrow(void)
{
	struct scan scan;
	uint32_t wanted = 0;
	char text[32];

	scan_begin(&scan, "192.0.2.0/27", "1-3000");
	for (int i = 1; i <= 20; i++) {
		struct network_host *host;

		snprintf(text, sizeof(text), "192.0.2.%d", i);
		host = network_add(&scan.network, text);
		for (uint16_t k = 0; k < 60; k++, wanted++)
			network_host_open(host, (uint16_t)(1003 + k * 31));
	}
	scan.network.capacity = 20000;
	scan_run(&scan);
	tap_ok(scan.hosts == 20 && scan.opens == wanted && scan.progress.filtered == 0,
	       "a link that takes 20,000 a second, asked as fast as it goes: all is found (%u of %u, %llu "
	       "filtered)",
	       scan.opens, wanted, (unsigned long long)scan.progress.filtered);
	tap_ok(scan.took_us < 25000000, "in %lld ms, of which 3000 are the link's, with %llu sent for 59720",
	       (long long)scan.took_us / 1000, (unsigned long long)scan.network.sent);
	scan_end(&scan);
}

static void test_pace(void)
{
	struct scan scan;
	uint32_t most = 0;

	scan_begin(&scan, "192.0.2.0/24", "1-300");
	scan_add_fifty(&scan);
	scan.options.rate = 500;
	tap_ok(!scan_run(&scan) && scan.opens == 150, "at 500 a second everything is found");
	tap_ok(scan.network.most_tenth <= 60, "no tenth of a second holds more than 60 (%u)",
	       scan.network.most_tenth);
	tap_ok((double)scan.network.sent / ((double)scan.took_us / 1e6) > 380,
	       "and the rate is used: %.0f a second over all, pauses for the last answers included",
	       (double)scan.network.sent / ((double)scan.took_us / 1e6));
	scan_end(&scan);
	scan_begin(&scan, "192.0.2.0/24", "1-300");
	scan_add_fifty(&scan);
	scan.network.hosts[7].habit = HOST_FIREWALL;
	scan.options.rate = 100000;
	scan.options.host_rate = 100;
	tap_ok(!scan_run(&scan) && scan.opens == 150, "at 100 a second to each host everything is found");
	for (size_t i = 0; i < 50; i++)
		most = scan.network.hosts[i].most_tenth > most ? scan.network.hosts[i].most_tenth : most;
	tap_ok(most <= 12, "no host gets more than 12 in a tenth of a second, a silent one neither (%u)", most);
	tap_ok(scan.took_us < 16000000, "the silent one does not slow the others: %lld ms",
	       (long long)scan.took_us / 1000);
	scan_end(&scan);
	scan_begin(&scan, "192.0.2.0/24", "1-300");
	scan_add_fifty(&scan);
	scan.options.subnet_rate = 1000;
	scan_run(&scan);
	tap_ok(scan.took_us > 14900000 && scan.took_us < 20500000,
	       "a subnet's budget holds for all its hosts together: 15,000 SYNs at 1000 a second, %lld ms",
	       (long long)scan.took_us / 1000);
	scan_end(&scan);
}

static void test_middlebox(void)
{
	struct scan scan;
	struct network_host *box, *busy;

	scan_begin(&scan, "192.0.2.0/28", "all");
	box = network_add(&scan.network, "192.0.2.3");
	box->habit = HOST_MIDDLEBOX;
	busy = network_add(&scan.network, "192.0.2.4");
	for (uint16_t k = 0; k < 60; k++)
		network_host_open(busy, (uint16_t)(3000 + k));
	scan.options.rate = 100000;
	tap_ok(!scan_run(&scan) && scan.middleboxes == 1 && scan.hosts_done == 2,
	       "who opens every port is told of as a middlebox");
	tap_ok(scan.opens == 60 && !scan.twice, "none of its ports is, all of its neighbour's are (%u)",
	       scan.opens);
	tap_ok(box->syns < 2500, "and it is left alone: %u of 65,503 SYNs", box->syns);
	tap_ok(scan.progress.settled == scan.progress.total, "the run ends (%llu of %llu)",
	       (unsigned long long)scan.progress.settled, (unsigned long long)scan.progress.total);
	scan_end(&scan);
}

static void test_stop_and_resume(void)
{
	struct scan scan, rest;
	uint32_t first, both = 0, opens = 0;

	scan_begin(&scan, "192.0.2.0/24", "1-300");
	scan_add_fifty(&scan);
	scan.options.rate = 5000;
	scan.stop_after = 9000;
	tap_ok(!scan_run(&scan) && !scan.sent_after_stop, "after a stop nothing leaves");
	tap_ok(scan.progress.phase == PROBER_DONE && scan.position.next > 0, "it ends, and knows where it was");
	first = scan.network.hosts[3].syns;
	scan_begin(&rest, "192.0.2.0/24", "1-300");
	scan_add_fifty(&rest);
	/* One is gone and a new one is there: the position means the same. */
	rest.network.hosts[49].habit = HOST_SILENT;
	network_add(&rest.network, "192.0.2.201");
	rest.options.rate = 5000;
	rest.options.resume = scan.position;
	tap_ok(!scan_run(&rest), "a second run goes on from there");
	for (int i = 0; i < 49; i++)
		for (uint32_t port_h = 1; port_h <= 300; port_h++) {
			const uint8_t *a = &scan.told[2 + i * 4][port_h], *b = &rest.told[2 + i * 4][port_h];

			both += *a || *b || never_find((uint16_t)port_h, false);
			opens += *a == ANSWER_OPEN || *b == ANSWER_OPEN;
		}
	tap_ok(both == 49 * 300 && opens == 49 * 3, "together they have asked everything (%u, %u)", both,
	       opens);
	tap_ok(first + rest.network.hosts[3].syns <= 320 && rest.network.hosts[3].syns < 200,
	       "the second does not begin anew (%u and %u SYNs)", first, rest.network.hosts[3].syns);
	rest.options.resume.next = UINT64_MAX;
	tap_ok(scan_run(&rest) == -EINVAL, "a position of another run is refused");
	scan_end(&scan);
	scan_end(&rest);
}

static void test_shards(void)
{
	struct scan scan;
	uint32_t hosts = 0, opens = 0, least = 1000;

	for (uint32_t i = 0; i < 3; i++) {
		scan_begin(&scan, "192.0.2.0/24", "1-300");
		scan_add_fifty(&scan);
		scan.options.shard = i;
		scan.options.shards = 3;
		scan_run(&scan);
		hosts += scan.hosts;
		opens += scan.opens;
		scan_end(&scan);
	}
	tap_ok(hosts == 50 && opens == 150, "three shards have everything once (%u, %u)", hosts, opens);
	opens = 0;
	for (uint32_t i = 0; i < 3; i++) {
		scan_begin(&scan, "192.0.2.9", "1-1000");
		network_add(&scan.network, "192.0.2.9");
		scan.options.shard = i;
		scan.options.shards = 3;
		scan_run(&scan);
		opens += scan.closeds;
		least = scan.closeds < least ? scan.closeds : least;
		scan_end(&scan);
	}
	tap_ok(opens == 995 && least > 300, "shards of one host share its ports (%u, at least %u each)", opens,
	       least);
}

static bool knows(void *context, const struct ip *ip, uint16_t port_h)
{
	(void)context;
	return ip->bytes[3] == 2 && port_h == 80;
}

static void test_known(void)
{
	struct scan scan;

	scan_begin(&scan, "192.0.2.0/24", "1-300");
	scan_add_fifty(&scan);
	scan.options.known = knows;
	tap_ok(!scan_run(&scan) && scan.progress.saved == 1 && !scan.network.hosts[0].asked[80] &&
		       scan.network.hosts[1].asked[80] == 1,
	       "what traffic has proven is not asked, and counted");
	tap_ok(scan.hosts_done == 50 && scan.opens == 149, "the rest is");
	scan_end(&scan);
}

static void test_routed(void)
{
	struct scan scan;
	struct network_host *gateway, *host;

	scan_begin(&scan, "198.51.100.0/28", "1-100");
	gateway = network_add(&scan.network, "192.0.2.1");
	for (int i = 0; i < 3; i++) {
		char text[32];

		snprintf(text, sizeof(text), "198.51.100.%d", 3 + i);
		host = network_add(&scan.network, text);
		host->routed = true;
		memcpy(host->mac, gateway->mac, 6);
		network_host_open(host, 80);
	}
	scan.network.hosts[2].habit = HOST_FIREWALL; /* no echo, but a web server */
	scan.network.hosts[3].habit = HOST_SILENT;
	tap_ok(!scan_run(&scan) && scan.hosts == 2 && scan.opens == 2,
	       "behind a gateway hosts are found by echo and by TCP");
	tap_ok(!scan.network.wrong_mac && gateway->links == 1 && !gateway->syns && !scan.with_mac,
	       "frames go to the gateway, which is asked for its MAC and nothing else");
	tap_ok(!host->asked[22], "who does not answer is not asked for ports");
	scan_end(&scan);
	scan_begin(&scan, "198.51.100.0/28", "1-100");
	scan.options.skip_alive = true;
	gateway = network_add(&scan.network, "192.0.2.1");
	host = network_add(&scan.network, "198.51.100.7");
	host->routed = true;
	host->habit = HOST_FIREWALL;
	memcpy(host->mac, gateway->mac, 6);
	network_host_open(host, 22);
	tap_ok(!scan_run(&scan) && scan.opens == 1 && !scan.network.echoes,
	       "without the alive check all are asked");
	scan_end(&scan);
	scan_begin(&scan, "198.51.100.0/28", "1-100");
	tap_ok(!scan_run(&scan) && scan.network.sent == 3 && scan.network.links == 3,
	       "a gateway that does not answer: nothing else leaves");
	scan_end(&scan);
}

static void test_ipv6(void)
{
	struct scan scan;
	struct network_host *host;
	struct probe_answer node = {.kind = ANSWER_ECHO,
				    .version = 6,
				    .addr = {0xfe, 0x80, [15] = 9},
				    .mac = {2, 1},
				    .time_ns = 1500000000};

	scan_begin(&scan, "2001:db8::7", "22,80");
	host = network_add(&scan.network, "2001:db8::7");
	network_host_open(host, 22);
	scan.source.addr6_link[0] = 0xfe;
	scan.options.all_nodes = true;
	scan_run(&scan);
	tap_ok(scan.opens == 1 && scan.closeds == 1 && host->links == 1, "an IPv6 address by ND");
	tap_ok(scan.network.echoes == 1 && scan.network.strangers == 1,
	       "one echo to all nodes, when it was asked for");
	scan_end(&scan);
	scan_begin(&scan, "ff02::1", "22");
	scan.source.addr6_link[0] = 0xfe;
	scan.options.all_nodes = true;
	network_say(&scan.network, &node);
	scan_run(&scan);
	tap_ok(scan.hosts == 1 && scan.with_mac == 1 && scan.network.sent == 1,
	       "all nodes alone: who answers within the second is told, and nobody asked further (%u, %u, "
	       "%llu)",
	       scan.hosts, scan.with_mac, (unsigned long long)scan.network.sent);
	scan_end(&scan);
}

/* Answers that nobody asked for, of every kind, from everywhere. What is true stays true. */
static void test_nonsense(void)
{
	struct scan scan;
	struct network *network = &scan.network;

	scan_begin(&scan, "192.0.2.0/24", "1-300");
	scan_add_fifty(&scan);
	scan.options.rate = 20000;
	scan.nonsense = true;
	tap_ok(!scan_run(&scan) && scan.nonsense_sent > 100000,
	       "a hundred thousand answers without sense meanwhile");
	tap_ok(scan.opens == 150 && scan.closeds == 14800 && !scan.twice && !scan.wrong && scan.hosts == 50,
	       "change nothing (%u, %u, %u)", scan.opens, scan.closeds, scan.hosts);
	tap_ok(network->stranger_syns == 0, "and make nobody be asked");
	scan_end(&scan);
}

static size_t memory_of(const char *targets, uint64_t *blocks)
{
	struct scan scan;
	struct mallinfo2 before, after;
	struct prober *prober;
	int64_t next_us;

	scan_begin(&scan, targets, "all");
	scan_add_fifty(&scan);
	before = mallinfo2();
	if (prober_open(&scan.options, &prober))
		abort();
	for (int i = 0; i < 600 && prober_step(prober, scan.network.now_us, &next_us) > 0; i++)
		scan.network.now_us = next_us > scan.network.now_us + 20 ? next_us : scan.network.now_us + 20;
	after = mallinfo2();
	*blocks = space_count(scan.space);
	prober_close(prober);
	scan_end(&scan);
	return after.uordblks + after.hblkhd - before.uordblks - before.hblkhd;
}

static void test_memory(void)
{
	uint64_t small, large;
	const size_t of_small = memory_of("192.0.2.0/24", &small), of_large = memory_of("10.0.0.0/8", &large);

	tap_ok(large == (1 << 24) - 2 && of_large < of_small + (1 << 20),
	       "a /8 by all ports needs the memory of a /24 and less than a megabyte (%zu and %zu KB)",
	       of_large >> 10, of_small >> 10);
}

int main(void)
{
	test_plain();
	test_silence();
	test_loss();
	test_narrow();
	test_pace();
	test_middlebox();
	test_stop_and_resume();
	test_shards();
	test_known();
	test_routed();
	test_ipv6();
	test_nonsense();
	test_memory();
	return tap_end();
}
