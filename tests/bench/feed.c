// SPDX-License-Identifier: BSD-2-Clause
/*
 * Made-up traffic (load.h), for benches:
 *
 *     feed mix                            what a pass of it holds
 *     feed write FILE BYTES               into a pcap file of about that size, 200,000 frames a second by its clock
 *     feed drop INTERFACE                 attach a plain XDP drop there until standard input ends
 *     feed flows INTERFACE FLOWS FRAMES   many flows by UDP
 *     feed send INTERFACE RATE FRAMES AFTER_S [FLOWS]
 *
 * `send` waits for a line on standard input, sends that many frames out of a port at RATE a second (0: as fast as one core
 * sends; with FLOWS: of that many flows by UDP, which go on), waits for AFTER_S seconds in which others can finish, and prints what was
 * sent, how long it took, and how long all cores were busy from its first frame to the end of that time, by the idle clock of
 * /proc/stat: a core's softirq is in it.
 * "own" is its own processor time, in which the receiving end's softirqs are too, as long as they run at once.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/load.h"
#include "tests/frames.h"

#include "load.skel.h"

enum {
	FILE_RATE = 200000,
	BURST_MAX = 8192,
	BURSTS_A_SECOND = 500, /* when there is a rate */
	BATCH = 64,	       /* frames that leave one after the other */
};

static void die(const char *what)
{
	fprintf(stderr, "feed: %s: %s\n", what, strerror(errno));
	exit(1);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* How long the cores have been idle, all together, waiting for a disk included. */
static double idle_seconds(void)
{
	FILE *file = fopen("/proc/stat", "re");
	unsigned long long user, nice, system, idle, wait;

	if (!file || fscanf(file, "cpu %llu %llu %llu %llu %llu", &user, &nice, &system, &idle, &wait) != 5)
		die("/proc/stat");
	fclose(file);
	return (double)(idle + wait) / (double)sysconf(_SC_CLK_TCK);
}

/* Processor time of this process, softirqs that ran in it included. */
static double own_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static struct load_frame *whole_pass(struct load_mix *mix)
{
	struct load_frame *frames = calloc(LOAD_FRAMES, sizeof(*frames));

	if (!frames)
		die("memory");
	load_fill(frames, mix);
	return frames;
}

static int show_mix(void)
{
	struct load_mix mix;

	free(whole_pass(&mix));
	printf("of %d frames, %.0f bytes on average: %u TCP connections with data, %u exchanges by UDP, %u "
	       "refused connections, %u "
	       "announcements begin; %u flows go on\n",
	       LOAD_FRAMES, (double)mix.bytes / LOAD_FRAMES, mix.connections, mix.datagrams, mix.refused,
	       mix.announcements, mix.lasting);
	return 0;
}

static void write_frame(FILE *file, struct load_frame *frame, unsigned int pass, __u64 number)
{
	__u64 time_us = UINT64_C(1700000000000000) + number * 1000000 / FILE_RATE;
	__u32 head[4] = {(__u32)(time_us / 1000000), (__u32)(time_us % 1000000), frame->length, frame->length};

	load_turn(frame, pass);
	fwrite(head, sizeof(head), 1, file);
	fwrite(frame->bytes, frame->length, 1, file);
}

static int write_file(const char *name, double bytes)
{
	static const __u32 header[6] = {0xa1b2c3d4, 0x00040002, 0, 0, 65535, 1};
	struct load_mix mix;
	struct load_frame *frames = whole_pass(&mix);
	FILE *file = fopen(name, "we");
	__u64 number = 0;
	double written = sizeof(header);

	if (!file)
		die(name);
	fwrite(header, sizeof(header), 1, file);
	for (; written < bytes; number++) {
		struct load_frame *frame = &frames[number % LOAD_FRAMES];

		write_frame(file, frame, (unsigned int)(number / LOAD_FRAMES), number);
		written += 16 + frame->length;
	}
	if (fclose(file))
		die(name);
	free(frames);
	printf("%llu\n", (unsigned long long)number);
	return 0;
}

static struct load_bpf *open_programs(void)
{
	struct load_bpf *programs = load_bpf__open_and_load();

	if (!programs)
		die("the programs can't be loaded");
	return programs;
}

static int drop(const char *interface)
{
	struct load_bpf *programs = open_programs();

	/* By a link: it ends with the process, however that ends. */
	if (!bpf_program__attach_xdp(programs->progs.drop, (int)if_nametoindex(interface)))
		die(interface);
	puts("ready");
	fflush(stdout);
	getchar();
	load_bpf__destroy(programs);
	return 0;
}

static void fill_script(const struct load_bpf *programs)
{
	size_t size = (size_t)LOAD_FRAMES * sizeof(struct load_frame);
	struct load_frame *script =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(programs->maps.script), 0);
	struct load_mix mix;

	if (script == MAP_FAILED)
		die("the script");
	load_fill(script, &mix);
	munmap(script, size);
}

/* Attached to some port, the kernel need not be made ready for it with each burst. */
static void stay_attached(const struct bpf_program *program)
{
	if (bpf_xdp_attach((int)if_nametoindex("lo"), bpf_program__fd(program), XDP_FLAGS_SKB_MODE, NULL))
		die("lo");
}

/* What is sent: a program that makes the next frame of what it is given. */
struct source {
	struct load_bpf *programs;
	const struct bpf_program *program;
	__u8 frame[LOAD_FRAME_BYTES];
	unsigned int length;
};

/* The made-up network; or, with flows, as many of UDP, round robin, in short frames. */
static void open_source(struct source *s, unsigned int flows)
{
	struct test_frame f = {.length = 0};
	size_t ip, udp;

	memset(s, 0, sizeof(*s));
	s->programs = open_programs();
	if (!flows) {
		fill_script(s->programs);
		s->program = s->programs->progs.load;
		s->length = sizeof(s->frame);
	} else {
		put_ether(&f, mac_router, mac_laptop, 0x0800);
		ip = put_ipv4(&f, ip_laptop, ip_web, 17);
		udp = put_udp(&f, 40000, 5000);
		put_zeros(&f, 18);
		frame_end(&f, ip, udp);
		memcpy(s->frame, f.bytes, f.length);
		s->programs->data->flows = flows;
		s->program = s->programs->progs.flow;
		s->length = (unsigned int)f.length;
	}
	stay_attached(s->program);
}

static void send_burst(const struct source *s, unsigned int index, unsigned int frames)
{
	struct xdp_md context = {.data_end = s->length, .ingress_ifindex = index};
	DECLARE_LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = s->frame, .data_size_in = s->length,
			    .ctx_in = &context, .ctx_size_in = sizeof(context), .repeat = (int)frames,
			    .flags = BPF_F_TEST_XDP_LIVE_FRAMES, .batch_size = BATCH);

	if (bpf_prog_test_run_opts(bpf_program__fd(s->program), &run))
		die("sending");
}

/* Two million packets a second at most. */
static int send_flows(const char *interface, unsigned int flows, unsigned long long frames)
{
	static struct source source;
	unsigned int index = if_nametoindex(interface);

	open_source(&source, flows);
	for (unsigned long long sent = 0; sent < frames; sent += BURST_MAX) {
		send_burst(&source, index, BURST_MAX);
		usleep(BURST_MAX / 2);
	}
	load_bpf__destroy(source.programs);
	return 0;
}

static int send_all(const char *interface, double rate, unsigned long long frames, double after,
		    unsigned int flows)
{
	static struct source source;
	unsigned int index = if_nametoindex(interface), burst = BURST_MAX;
	double start, took, idle, own;
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	sched_setaffinity(0, sizeof(one), &one);
	open_source(&source, flows);
	if (rate > 0)
		burst = (unsigned int)(rate / BURSTS_A_SECOND) + 1;
	puts("ready");
	fflush(stdout);
	getchar();
	idle = idle_seconds();
	own = own_seconds();
	start = seconds();
	for (unsigned long long sent = 0; sent < frames; sent += burst) {
		double early = rate > 0 ? start + (double)sent / rate - seconds() : 0;

		if (early > 0)
			usleep((useconds_t)(early * 1e6));
		send_burst(&source, index, burst);
	}
	took = seconds() - start;
	own = own_seconds() - own;
	usleep((useconds_t)(after * 1e6));
	idle = idle_seconds() - idle;
	printf("{\"frames\": %llu, \"seconds\": %.3f, \"busy\": %.3f, \"own\": %.4f}\n", frames, took,
	       (seconds() - start) * (double)sysconf(_SC_NPROCESSORS_ONLN) - idle, own);
	load_bpf__destroy(source.programs);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "mix"))
		return show_mix();
	if (argc == 4 && !strcmp(argv[1], "write"))
		return write_file(argv[2], strtod(argv[3], NULL));
	if (argc == 3 && !strcmp(argv[1], "drop"))
		return drop(argv[2]);
	if ((argc == 6 || argc == 7) && !strcmp(argv[1], "send"))
		return send_all(argv[2], strtod(argv[3], NULL), strtoull(argv[4], NULL, 10),
				strtod(argv[5], NULL),
				argc == 7 ? (unsigned int)strtoul(argv[6], NULL, 10) : 0);
	if (argc == 5 && !strcmp(argv[1], "flows"))
		return send_flows(argv[2], (unsigned int)strtoul(argv[3], NULL, 10),
				  strtoull(argv[4], NULL, 10));
	fprintf(stderr, "usage: feed mix | write FILE BYTES | drop INTERFACE | flows INTERFACE FLOWS FRAMES | "
			"send INTERFACE RATE FRAMES AFTER_S [FLOWS]\n");
	return 2;
}
