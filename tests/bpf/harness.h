/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The XDP object on a workbench: loaded with the settings that a test wants, run frame by frame by BPF_PROG_TEST_RUN, and
 * its records collected. No interface is involved.
 */
#ifndef TESTS_BPF_HARNESS_H
#define TESTS_BPF_HARNESS_H

#include <stdint.h>
#include <stdio.h>

#include "defs/counters.h"
#include "defs/kernel.h"

struct bpf_object;
struct discover_bpf;

struct harness_options {
	bool span, live, raw_ip;  /* live: with clock and budgets, as on a port */
	uint32_t buckets;	  /* 0: 256 */
	uint32_t buckets_first;	  /* in use before the table grows; 0: all */
	uint32_t overflow, hosts; /* 0: 1024 */
	uint32_t ring_bytes;	  /* 0: 1 MiB */
	uint32_t budget;	  /* of every class; 0: 1000 */
};

enum { HARNESS_RECORDS_MAX = 4096 };

struct harness {
	struct discover_bpf *skeleton;
	struct bpf_object *object;
	int program_fd, flows_fd, counters_fd, overflow_fd, hosts_fd;
	struct flow_bucket *flows;
	uint32_t buckets;
	void *ring;
	/* Records of the last harness_collect(): their heads, each in memory of its own. */
	size_t count;
	struct record *record[HARNESS_RECORDS_MAX];
};

/* 0, or -errno after saying why. log: where the verifier's last words go, or NULL. */
int harness_open(const struct harness_options *options, struct harness *out, FILE *log);
/* The verdict, or -errno. repeat: how often; *ns_each, when not NULL, the kernel's measure of one run. */
int harness_run(struct harness *, const void *frame, size_t length, uint32_t repeat, uint32_t *ns_each);
/* Read the ring into record[]. Returns how many; the ones before are freed. */
size_t harness_collect(struct harness *);
/* The first of the collected records of this type, or NULL. */
const void *harness_find(const struct harness *, enum record_type type);
size_t harness_count(const struct harness *, enum record_type type);
uint64_t harness_counter(const struct harness *, enum counter which);
/* The live slot, when there is one and no more; else NULL. */
const struct flow_slot *harness_only_slot(const struct harness *);
/* As it was when it was opened: nothing learned, nothing counted. */
void harness_reset(struct harness *);
/* Replay: the time of the frames to come. */
void harness_time(struct harness *, uint64_t ns);
void harness_close(struct harness *);

#endif
