// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Frames of probes, made in the kernel: run with live frames (BPF_F_TEST_XDP_LIVE_FRAMES), each run of the program makes the next one of
 * the list that the sensor has written, and the kernel sends it out of the port that the program is run "on". It is attached to no port
 * that anybody uses.
 *
 * What the port takes is counted, and what it has no room for is noted, as a sender by XDP is not told otherwise.
 */
#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "defs/generate.h"
#include "defs/probe_frame.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* What is to be sent. Written by the sensor through mmap. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, GENERATE_FRAMES_MAX);
	__type(key, __u32);
	__type(value, struct probe_frame);
} frames SEC(".maps");

struct generate generate;

/* The buffer is the last run's, and has been anywhere since: all of it is written. */
SEC("xdp")
int netvisor_generate(struct xdp_md *ctx)
{
	__u8 *frame = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u32 which = generate.next;
	const struct probe_frame *probe;

	if (which >= generate.end)
		return XDP_DROP;
	probe = bpf_map_lookup_elem(&frames, &which);
	if (!probe || frame + PROBE_BYTES_V4 > end)
		return XDP_DROP;
	generate.next = which + 1;
	if (probe->kind == PROBE_ARP)
		probe_make_arp(frame, probe, &generate.source);
	else if (probe->version == 4)
		probe_make_v4(frame, probe, &generate.source);
	else if (probe->kind == PROBE_ND && frame + PROBE_BYTES_ND <= end)
		probe_make_nd(frame, probe, &generate.source);
	else if (probe->kind != PROBE_ND && frame + PROBE_BYTES_V6 <= end)
		probe_make_v6(frame, probe, &generate.source);
	else
		return XDP_DROP;
	return XDP_TX;
}

struct net_device {
	int ifindex;
} __attribute__((preserve_access_index));

enum { BULK_MAX = 64 }; /* the kernel's are 16 */

/* The kernel sends in bulks, in the order in which they were made; the port takes the first ones of each. */
SEC("tp_btf/xdp_devmap_xmit")
int BPF_PROG(netvisor_sent, const struct net_device *from, const struct net_device *to, int sent, int drops)
{
	__u32 first;

	(void)ctx;
	(void)from;
	if (!generate.running || to->ifindex != (int)generate.source.interface_index || sent < 0)
		return 0;
	first = generate.done + sent;
	generate.sent += sent;
	generate.done = first + drops;
	for (int i = 0; i < BULK_MAX && i < drops; i++)
		generate.refused[generate.refused_count++ & (GENERATE_FRAMES_MAX - 1)] = first + i;
	return 0;
}
