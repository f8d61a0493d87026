// SPDX-License-Identifier: BSD-2-Clause
/* See generator.h. */
#include "tests/bench/generator.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "generate.skel.h"
#include "tests/frames.h"

enum { STATS_MAX = 512 };

void generator_open(struct generator *g)
{
	if (unshare(CLONE_NEWNET) ||
	    system("ip link add out type veth peer name in && ip link set out up && "
		   "ip link set in up && ethtool -K out gro on && ethtool -K in gro on")) {
		fprintf(stderr,
			"no network namespace with a veth pair: run as root, with iproute2 and ethtool\n");
		exit(1);
	}
	g->out_index = (int)if_nametoindex("out");
	g->in_index = (int)if_nametoindex("in");
	g->stats_fd = socket(AF_INET, SOCK_DGRAM, 0);
	g->program = generate_bpf__open_and_load();
	if (!g->program) {
		fprintf(stderr, "the generator can't be loaded: %s\n", strerror(errno));
		exit(1);
	}
}

void generator_frame(struct generator *g, enum generator_kind kind)
{
	bool syn = kind == GENERATE_SYN, v6 = kind == GENERATE_UDP6;
	struct test_frame *f = &g->frame;
	size_t ip, udp;

	g->program->bss->ipv6 = v6;
	f->length = 0;
	put_ether(f, mac_router, mac_laptop, v6 ? 0x86dd : 0x0800);
	ip = v6 ? put_ipv6(f, ip6_laptop, ip6_web, 17, 64) : put_ipv4(f, ip_laptop, ip_web, syn ? 6 : 17);
	udp = f->length;
	if (syn)
		put_tcp(f, 40000, 80, 1000, 0, TEST_SYN);
	else
		put_udp(f, 40000, 5000);
	if (!syn)
		put_zeros(f, 18);
	frame_end(f, ip, syn ? 0 : udp);
	if (f->length < 60)
		put_zeros(f, 60 - f->length);
}

void generator_flows(struct generator *g, uint32_t flows, uint32_t train)
{
	g->program->bss->next = 0;
	g->program->bss->left = train - 1;
	g->program->data->train = train;
	g->program->data->flows = flows;
}

int generator_drop_fd(const struct generator *g)
{
	return bpf_program__fd(g->program->progs.drop);
}

double generator_send(struct generator *g, uint64_t frames)
{
	struct xdp_md context = {.data_end = (uint32_t)g->frame.length,
				 .ingress_ifindex = (uint32_t)g->out_index};
	DECLARE_LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = g->frame.bytes,
			    .data_size_in = (uint32_t)g->frame.length, .ctx_in = &context,
			    .ctx_size_in = sizeof(context), .repeat = GENERATOR_CHUNK,
			    .flags = BPF_F_TEST_XDP_LIVE_FRAMES, .batch_size = 64);
	double spent = 0;

	for (uint64_t sent = 0; sent < frames; sent += GENERATOR_CHUNK) {
		if (bpf_prog_test_run_opts(bpf_program__fd(g->program->progs.generate), &run)) {
			perror("the generator");
			exit(1);
		}
		spent += run.duration * 1e-9 * GENERATOR_CHUNK;
	}
	return spent;
}

uint64_t generator_received(const struct generator *g)
{
	static struct {
		struct ethtool_gstrings head;
		char name[STATS_MAX][ETH_GSTRING_LEN];
	} names;
	static struct {
		struct ethtool_stats head;
		uint64_t value[STATS_MAX];
	} stats;
	struct ethtool_drvinfo driver = {.cmd = ETHTOOL_GDRVINFO};
	struct ifreq request = {.ifr_name = "in", .ifr_data = (void *)&driver};
	uint64_t sum = 0;

	ioctl(g->stats_fd, SIOCETHTOOL, &request);
	names.head = (struct ethtool_gstrings){
		.cmd = ETHTOOL_GSTRINGS, .string_set = ETH_SS_STATS, .len = driver.n_stats};
	stats.head = (struct ethtool_stats){.cmd = ETHTOOL_GSTATS, .n_stats = driver.n_stats};
	if (driver.n_stats > STATS_MAX)
		return 0;
	request.ifr_data = (void *)&names;
	ioctl(g->stats_fd, SIOCETHTOOL, &request);
	request.ifr_data = (void *)&stats;
	ioctl(g->stats_fd, SIOCETHTOOL, &request);
	for (uint32_t i = 0; i < driver.n_stats; i++)
		if (!strncmp(names.name[i], "rx_queue_", 9) && strstr(names.name[i], "xdp_packets"))
			sum += stats.value[i];
	return sum;
}

void generator_close(struct generator *g)
{
	generate_bpf__destroy(g->program);
	close(g->stats_fd);
}
