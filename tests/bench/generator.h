/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A port and its traffic, for benches: a veth pair, `out` and `in`, in a network namespace of its own without a way out, and
 * frames made by a BPF program (generate.bpf.c) that leave `out` as fast as one core sends.
 */
#ifndef TESTS_BENCH_GENERATOR_H
#define TESTS_BENCH_GENERATOR_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/frame_build.h"

enum { GENERATOR_CHUNK = 1 << 18 }; /* frames of one system call, whose beginning and end take a while */

/* A UDP datagram, a SYN, a UDP datagram over IPv6. */
enum generator_kind { GENERATE_UDP, GENERATE_SYN, GENERATE_UDP6 };

struct generate_bpf;

struct generator {
	struct generate_bpf *program;
	int out_index, in_index, stats_fd;
	struct test_frame frame;
};

/* Enter a new namespace, make the pair, load the program. It ends the process when it can't, after saying why. */
void generator_open(struct generator *);
/* The frame that carries the flows. */
void generator_frame(struct generator *, enum generator_kind kind);
/* Flows visited round robin from now on, train frames of each in a row, the first one next. */
void generator_flows(struct generator *, uint32_t flows, uint32_t train);
/* A program that drops all, for the receiving end. */
int generator_drop_fd(const struct generator *);
/*
 * Send at least so many frames, in whole chunks. Returns the seconds that the kernel spent in it, by its own count: what a
 * system call of this kind does before and after takes longer, by whole ticks.
 */
double generator_send(struct generator *, uint64_t frames);
/* Packets that the receiving end's XDP program has had, by the driver's own count: the same for every program. */
uint64_t generator_received(const struct generator *);
void generator_close(struct generator *);

#endif
