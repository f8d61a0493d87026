// SPDX-License-Identifier: BSD-2-Clause
/*
 * `responder PORT respond|count`: attach responder.bpf.c to the port; a line on standard input has the counts since the last one written
 * as JSON, and set to zero; its end is the end.
 * `responder PORT forge COUNT ADDRESS TCP-PORT MAC`: send forged SYN-ACKs and RSTs there. Only in a network namespace of a bench.
 */
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/bench/responder.h"

#include "responder.skel.h"

enum { CPUS_MAX = 1024, CHUNK = 1 << 18 };

static void say_counts(int fd)
{
	static struct responder_count each[CPUS_MAX], none[CPUS_MAX];
	struct responder_count all = {};
	uint32_t zero = 0;
	int cpus = libbpf_num_possible_cpus();

	bpf_map_lookup_elem(fd, &zero, each);
	bpf_map_update_elem(fd, &zero, none, BPF_ANY);
	for (int i = 0; i < cpus && i < CPUS_MAX; i++) {
		all.syn += each[i].syn;
		all.syn_ack += each[i].syn_ack;
		all.reset += each[i].reset;
		all.other += each[i].other;
		if (each[i].first_ns && (!all.first_ns || each[i].first_ns < all.first_ns))
			all.first_ns = each[i].first_ns;
		if (each[i].last_ns > all.last_ns)
			all.last_ns = each[i].last_ns;
	}
	printf("{\"syn\": %llu, \"syn_ack\": %llu, \"reset\": %llu, \"other\": %llu, \"seconds\": %.6f}\n",
	       all.syn, all.syn_ack, all.reset, all.other, (double)(all.last_ns - all.first_ns) * 1e-9);
	fflush(stdout);
}

static int forge(struct responder_bpf *object, unsigned int index, char **arguments)
{
	static uint8_t frame[60];
	struct xdp_md context = {.data_end = sizeof(frame), .ingress_ifindex = index};
	DECLARE_LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = frame, .data_size_in = sizeof(frame),
			    .ctx_in = &context, .ctx_size_in = sizeof(context), .repeat = CHUNK,
			    .flags = BPF_F_TEST_XDP_LIVE_FRAMES, .batch_size = 64);
	struct responder_forge *what = &object->bss->forge_what;
	uint64_t count = strtoull(arguments[0], NULL, 10);
	unsigned int mac[6];

	what->state = (uint64_t)time(NULL);
	what->addr_n = inet_addr(arguments[1]);
	what->port_n = htons((uint16_t)atoi(arguments[2]));
	if (sscanf(arguments[3], "%x:%x:%x:%x:%x:%x", &mac[0], &mac[1], &mac[2], &mac[3], &mac[4], &mac[5]) !=
	    6)
		return 2;
	for (int i = 0; i < 6; i++)
		what->mac_to[i] = (uint8_t)mac[i];
	memcpy(what->mac_from, (uint8_t[]){2, 0, 0, 0, 0, 9}, 6);
	while (what->next < count) {
		run.repeat = (int)(count - what->next < CHUNK ? count - what->next : CHUNK);
		if (bpf_prog_test_run_opts(bpf_program__fd(object->progs.forge), &run))
			return perror("forge"), 1;
	}
	printf("{\"forged\": %llu}\n", what->next);
	return 0;
}

int main(int argc, char **argv)
{
	unsigned int index = argc > 2 ? if_nametoindex(argv[1]) : 0;
	struct responder_bpf *object;
	struct bpf_program *program;
	char line[16];

	if (!index || (!strcmp(argv[2], "forge") && argc != 7)) {
		fprintf(stderr, "usage: responder PORT respond|count | forge COUNT ADDRESS TCP-PORT MAC\n");
		return 2;
	}
	object = responder_bpf__open_and_load();
	if (!object)
		return perror("responder"), 1;
	if (!strcmp(argv[2], "forge"))
		return forge(object, index, argv + 3);
	program = strcmp(argv[2], "count") ? object->progs.respond : object->progs.count_only;
	/* A link, which ends with the process, however that ends. */
	if (!bpf_program__attach_xdp(program, (int)index))
		return perror("attach"), 1;
	puts("ready");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin))
		say_counts(bpf_map__fd(object->maps.counts));
	return 0;
}
