// SPDX-License-Identifier: BSD-2-Clause
/*
 * Packets a second: one veth pair in namespaces of its own, frames made by a BPF program (live frames), into a plain XDP
 * drop, into our program in its steady state, and into `tcpdump -w /dev/null`; measured in turns in the same run, medians.
 * All of it happens on one core: the generator's system call, and in its softirq the receiving end.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "generate.skel.h"
#include "tests/bpf/harness.h"
#include "tests/frames.h"

enum {
	ROUNDS = 15,
	TEST_RUNS = 100,
	TCPDUMP_FRAMES = 1 << 20,
	CHUNK = 1 << 18, /* frames of one system call, whose beginning and end take a while */
	BUCKETS = FLOW_SLOTS_DEFAULT / FLOW_WAYS,
	STATS_MAX = 512,
};

struct bench {
	struct generate_bpf *generator;
	struct harness ours;
	int out_index, in_index, stats_fd;
	struct test_frame frame;
};

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), by_value);
	return values[count / 2];
}

/* Packets that the receiving end's XDP program has had, by the driver's own count: the same for every program. */
static uint64_t xdp_packets(const struct bench *b)
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

	ioctl(b->stats_fd, SIOCETHTOOL, &request);
	names.head = (struct ethtool_gstrings){
		.cmd = ETHTOOL_GSTRINGS, .string_set = ETH_SS_STATS, .len = driver.n_stats};
	stats.head = (struct ethtool_stats){.cmd = ETHTOOL_GSTATS, .n_stats = driver.n_stats};
	if (driver.n_stats > STATS_MAX)
		return 0;
	request.ifr_data = (void *)&names;
	ioctl(b->stats_fd, SIOCETHTOOL, &request);
	request.ifr_data = (void *)&stats;
	ioctl(b->stats_fd, SIOCETHTOOL, &request);
	for (uint32_t i = 0; i < driver.n_stats; i++)
		if (!strncmp(names.name[i], "rx_queue_", 9) && strstr(names.name[i], "xdp_packets"))
			sum += stats.value[i];
	return sum;
}

/*
 * Send at least so many frames. Returns the seconds that the kernel spent in it, by its own count: what a system call of
 * this kind does before and after takes longer, by whole ticks.
 */
static double generate(struct bench *b, uint64_t frames)
{
	struct xdp_md context = {.data_end = (uint32_t)b->frame.length,
				 .ingress_ifindex = (uint32_t)b->out_index};
	DECLARE_LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = b->frame.bytes,
			    .data_size_in = (uint32_t)b->frame.length, .ctx_in = &context,
			    .ctx_size_in = sizeof(context), .repeat = CHUNK,
			    .flags = BPF_F_TEST_XDP_LIVE_FRAMES, .batch_size = 64);
	double spent = 0;

	for (uint64_t sent = 0; sent < frames; sent += CHUNK) {
		if (bpf_prog_test_run_opts(bpf_program__fd(b->generator->progs.generate), &run)) {
			perror("the generator");
			exit(1);
		}
		spent += run.duration * 1e-9 * CHUNK;
	}
	return spent;
}

static void attach(struct bench *b, int program_fd)
{
	int error = bpf_xdp_attach(b->in_index, program_fd, XDP_FLAGS_DRV_MODE, NULL);

	if (error) {
		fprintf(stderr, "attach: %s\n", strerror(-error));
		exit(1);
	}
}

static double rate(struct bench *b)
{
	uint64_t before = xdp_packets(b);
	double spent = generate(b, CHUNK);

	return (double)(xdp_packets(b) - before) / spent;
}

/* Into tcpdump: what it has written, a second. It says so when it ends. */
static double rate_tcpdump(struct bench *b)
{
	int ends[2];
	char text[1024] = "", *at;
	double took;
	unsigned long captured = 0;
	ssize_t length = 0, more;
	cpu_set_t all;
	pid_t child;

	attach(b, -1);
	if (pipe(ends))
		return 0;
	child = fork();
	if (!child) {
		CPU_ZERO(&all);
		for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
			CPU_SET(cpu, &all);
		sched_setaffinity(0, sizeof(all), &all);
		dup2(ends[1], 2);
		execlp("tcpdump", "tcpdump", "-i", "in", "-n", "-w", "/dev/null", (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	usleep(500000);
	took = generate(b, TCPDUMP_FRAMES);
	usleep(200000);
	kill(child, SIGINT);
	while ((more = read(ends[0], text + length, sizeof(text) - 1 - (size_t)length)) > 0)
		length += more;
	close(ends[0]);
	waitpid(child, NULL, 0);
	at = strstr(text, " packets captured");
	while (at && at > text && at[-1] >= '0' && at[-1] <= '9')
		at--;
	if (at)
		captured = strtoul(at, NULL, 10);
	return (double)captured / took;
}

static void make_frame(struct bench *b, bool syn)
{
	struct test_frame *f = &b->frame;
	size_t ip;

	f->length = 0;
	put_ether(f, mac_router, mac_laptop, 0x0800);
	ip = put_ipv4(f, ip_laptop, ip_web, syn ? 6 : 17);
	if (syn)
		put_tcp(f, 40000, 80, 1000, 0, TEST_SYN);
	else
		put_udp(f, 40000, 5000);
	if (!syn)
		put_zeros(f, 18);
	frame_end(f, ip, syn ? 0 : ip + 20);
	put_zeros(f, 60 - f->length);
}

static void print_rates(struct bench *b, const char *mix, uint32_t flows)
{
	double drop[ROUNDS], ours[ROUNDS], share[ROUNDS], tcpdump;

	b->generator->bss->next = 0;
	b->generator->data->flows = flows;
	/* Make the flows first, twice and a bit: the steady state is what is measured. */
	attach(b, b->ours.program_fd);
	generate(b, 3ULL * flows);
	for (int i = 0; i < ROUNDS; i++) {
		attach(b, bpf_program__fd(b->generator->progs.drop));
		drop[i] = rate(b);
		attach(b, b->ours.program_fd);
		ours[i] = rate(b);
		share[i] = ours[i] / drop[i];
		harness_collect(&b->ours);
	}
	tcpdump = rate_tcpdump(b);
	printf("%-4s %8u flows: drop %5.2f M/s, netvisor %5.2f M/s (%.2f of drop), tcpdump %5.2f M/s (%.2f)\n",
	       mix, flows, median(drop, ROUNDS) / 1e6, median(ours, ROUNDS) / 1e6, median(share, ROUNDS),
	       tcpdump / 1e6, tcpdump / median(drop, ROUNDS));
	fflush(stdout);
}

/* The kernel's own measure of one run, beside that of an empty program. */
static void print_test_run(struct bench *b)
{
	struct harness empty = {.program_fd = bpf_program__fd(b->generator->progs.drop)};

	for (int syn = 0; syn < 2; syn++) {
		double least[2] = {1e9, 1e9};

		make_frame(b, syn);
		/* The least of many short runs: whatever else the machine does only ever adds to it. */
		for (int i = 0; i < TEST_RUNS; i++) {
			uint32_t ns[2];

			harness_run(&empty, b->frame.bytes, b->frame.length, 200000, &ns[0]);
			harness_run(&b->ours, b->frame.bytes, b->frame.length, 200000, &ns[1]);
			for (int k = 0; k < 2; k++)
				least[k] = ns[k] < least[k] ? ns[k] : least[k];
		}
		printf("%-4s BPF_PROG_TEST_RUN: %.0f ns a packet of one known flow, an empty program %.0f ns\n",
		       syn ? "syn" : "udp", least[1], least[0]);
	}
}

static void open_port(struct bench *b)
{
	if (unshare(CLONE_NEWNET) ||
	    system("ip link add out type veth peer name in && ip link set out up && "
		   "ip link set in up && ethtool -K out gro on && ethtool -K in gro on")) {
		fprintf(stderr,
			"no network namespace with a veth pair: run as root, with iproute2 and ethtool\n");
		exit(1);
	}
	b->out_index = (int)if_nametoindex("out");
	b->in_index = (int)if_nametoindex("in");
	b->stats_fd = socket(AF_INET, SOCK_DGRAM, 0);
}

/* An argument: only this many flows. */
int main(int argc, char **argv)
{
	static const uint32_t flows[] = {1 << 10, 1 << 15, 1 << 20};
	static struct bench b;
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	sched_setaffinity(0, sizeof(one), &one);
	/* Before all else that this machine does; tcpdump inherits none of it. */
	sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &(struct sched_param){.sched_priority = 1});
	open_port(&b);
	b.generator = generate_bpf__open_and_load();
	for (int syn = 0; syn < 2; syn++) {
		for (size_t i = 0; i < sizeof(flows) / sizeof(*flows); i++) {
			struct harness_options options = {.span = true,
							  .live = true,
							  .buckets = BUCKETS,
							  .overflow = FLOW_OVERFLOW_DEFAULT,
							  .hosts = HOST_ENTRIES_DEFAULT,
							  .ring_bytes = RING_BYTES_DEFAULT};

			if (argc > 1 && strtoul(argv[1], NULL, 10) != flows[i])
				continue;

			if (!b.generator || harness_open(&options, &b.ours, stderr))
				return 1;
			make_frame(&b, syn);
			print_rates(&b, syn ? "syn" : "udp", flows[i]);
			attach(&b, -1);
			if (i == 0 && syn)
				print_test_run(&b);
			harness_close(&b.ours);
		}
	}
	generate_bpf__destroy(b.generator);
	return 0;
}
