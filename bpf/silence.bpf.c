// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What the kernel of a silent sensor's machine would send out of the watched port by itself (ARP, ND, MLD reports, answers to
 * pings) ends here, on the port's way out, and is counted.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

__u64 held_back;

SEC("tc")
int netvisor_silence(struct __sk_buff *frame __attribute__((unused)))
{
	__sync_fetch_and_add(&held_back, 1);
	return TC_ACT_SHOT;
}
