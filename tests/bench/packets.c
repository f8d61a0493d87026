// SPDX-License-Identifier: BSD-2-Clause
/*
 * Packets a second: one veth pair in namespaces of its own, frames made by a BPF program (live frames), into a plain XDP
 * drop, into our program in its steady state, and into `tcpdump -w /dev/null`; measured in turns in the same run, medians.
 * All of it happens on one core: the generator's system call, and in its softirq the receiving end.
 */
#include <bpf/libbpf.h>
#include <linux/if_link.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sensor/capture_map.h"
#include "sensor/observe.h"
#include "tests/bench/generator.h"
#include "tests/bpf/harness.h"

enum {
	ROUNDS = 15,
	SETTLE_MAX = 40,
	TEST_RUNS = 100,
	TCPDUMP_FRAMES = 1 << 20,
};

struct run {
	uint32_t flows, train, slots;
	bool beside; /* tcpdump too */
};

struct bench {
	struct generator generator;
	struct harness ours;
	struct capture_map *map;
};

/* The sensor's part, which reads the table and frees what is over: nobody is told here. */
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

static void attach(struct bench *b, int program_fd)
{
	int error = bpf_xdp_attach(b->generator.in_index, program_fd, XDP_FLAGS_DRV_MODE, NULL);

	if (error) {
		fprintf(stderr, "attach: %s\n", strerror(-error));
		exit(1);
	}
}

/* Frames a second: by the time that the kernel says it spent in the run, and by the clock, its beginning and end included. */
struct rate {
	double run, clock;
};

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static struct rate rate(struct bench *b)
{
	uint64_t before = generator_received(&b->generator);
	double began = seconds(), spent = generator_send(&b->generator, GENERATOR_CHUNK),
	       took = seconds() - began;
	double received = (double)(generator_received(&b->generator) - before);

	return (struct rate){received / spent, received / took};
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
	took = generator_send(&b->generator, TCPDUMP_FRAMES);
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

/* Until every flow is known, announced, and has had its copies: the steady state is what is measured. Rounds of the flows. */
static int make_flows(struct bench *b, const struct run *run)
{
	size_t told = 1;
	int round = 0;

	for (; told && round < SETTLE_MAX; round++) {
		told = 0;
		for (uint64_t sent = 0; sent < (uint64_t)run->flows * run->train; sent += GENERATOR_CHUNK) {
			generator_send(&b->generator, GENERATOR_CHUNK);
			for (size_t more = 1; more; told += more)
				more = harness_collect(&b->ours);
		}
		capture_map_sweep(b->map, NULL);
	}
	return round;
}

static void print_rates(struct bench *b, enum generator_kind kind, const struct run *run)
{
	static const char *const names[] = {"udp", "syn", "udp6"};
	double drop[ROUNDS], ours[ROUNDS], share[ROUNDS], clock[ROUNDS], tcpdump;
	struct rate dropped, learned;
	int settled;

	generator_frame(&b->generator, kind);
	generator_flows(&b->generator, run->flows, run->train);
	attach(b, b->ours.program_fd);
	settled = make_flows(b, run);
	for (int i = 0; i < ROUNDS; i++) {
		attach(b, generator_drop_fd(&b->generator));
		dropped = rate(b);
		attach(b, b->ours.program_fd);
		learned = rate(b);
		drop[i] = dropped.run;
		ours[i] = learned.run;
		share[i] = learned.run / dropped.run;
		clock[i] = learned.clock / dropped.clock;
		harness_collect(&b->ours);
	}
	printf("%-4s %8u flows in trains of %u, %7u slots%s: drop %5.2f M/s, netvisor %5.2f M/s (%.2f of drop; "
	       "%.2f by "
	       "the clock)",
	       names[kind], run->flows, run->train, run->slots, settled < SETTLE_MAX ? "" : " (unsettled)",
	       median(drop, ROUNDS) / 1e6, median(ours, ROUNDS) / 1e6, median(share, ROUNDS),
	       median(clock, ROUNDS));
	if (run->beside) {
		tcpdump = rate_tcpdump(b);
		printf(", tcpdump %5.2f M/s (%.2f)", tcpdump / 1e6, tcpdump / median(drop, ROUNDS));
	}
	printf("\n");
	fflush(stdout);
}

/* The kernel's own measure of one run, beside that of an empty program. */
static void print_test_run(struct bench *b)
{
	struct harness empty = {.program_fd = generator_drop_fd(&b->generator)};

	for (int syn = 0; syn < 2; syn++) {
		double least[2] = {1e9, 1e9};

		generator_frame(&b->generator, syn ? GENERATE_SYN : GENERATE_UDP);
		/* The least of many short runs: whatever else the machine does only ever adds to it. */
		for (int i = 0; i < TEST_RUNS; i++) {
			uint32_t ns[2];

			harness_run(&empty, b->generator.frame.bytes, b->generator.frame.length, 200000,
				    &ns[0]);
			harness_run(&b->ours, b->generator.frame.bytes, b->generator.frame.length, 200000,
				    &ns[1]);
			for (int k = 0; k < 2; k++)
				least[k] = ns[k] < least[k] ? ns[k] : least[k];
		}
		printf("%-4s BPF_PROG_TEST_RUN: %.0f ns a packet of one known flow, an empty program %.0f ns\n",
		       syn ? "syn" : "udp", least[1], least[0]);
	}
}

static int measure(struct bench *b, enum generator_kind kind, const struct run *run, bool last)
{
	struct harness_options options = {.span = true,
					  .live = true,
					  .buckets = run->slots / FLOW_WAYS,
					  .buckets_first = FLOW_SLOTS_FIRST / FLOW_WAYS,
					  .overflow = FLOW_OVERFLOW_DEFAULT,
					  .hosts = HOST_ENTRIES_DEFAULT,
					  .ring_bytes = RING_BYTES_DEFAULT};

	if (harness_open(&options, &b->ours, stderr) || capture_map_open(b->ours.object, false, &b->map))
		return 1;
	print_rates(b, kind, run);
	attach(b, -1);
	if (last)
		print_test_run(b);
	capture_map_close(b->map);
	harness_close(&b->ours);
	return 0;
}

/* Arguments: only so many flows; only this kind (0 UDP, 1 SYN, 2 UDP over IPv6); so many slots. */
int main(int argc, char **argv)
{
	static const struct run runs[] = {{1 << 10, 1, FLOW_SLOTS_DEFAULT, true},
					  {1 << 15, 8, FLOW_SLOTS_DEFAULT, false},
					  {1 << 15, 1, FLOW_SLOTS_DEFAULT, true},
					  {1 << 20, 1, 1 << 21, false}};
	static struct bench b;
	cpu_set_t one;
	int failed = 0;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	sched_setaffinity(0, sizeof(one), &one);
	/* Before all else that this machine does; tcpdump inherits none of it. */
	sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &(struct sched_param){.sched_priority = 1});
	generator_open(&b.generator);
	for (int kind = GENERATE_UDP; kind <= GENERATE_UDP6; kind++) {
		for (size_t i = 0; i < sizeof(runs) / sizeof(*runs) && !failed; i++) {
			struct run run = runs[i];

			if ((argc > 1 && strtoul(argv[1], NULL, 10) != run.flows) ||
			    (argc > 2 && atoi(argv[2]) != kind))
				continue;
			if (argc > 3) {
				run.slots = (uint32_t)strtoul(argv[3], NULL, 10);
				run.beside = false;
			}
			failed = measure(&b, kind, &run, i == 0 && kind == GENERATE_SYN);
		}
	}
	generator_close(&b.generator);
	return failed;
}
