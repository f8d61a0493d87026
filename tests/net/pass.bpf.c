// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Somebody else's XDP program: it counts frames and lets them pass. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

__u64 frames;

SEC("xdp.frags")
int pass(struct xdp_md *ctx)
{
	(void)ctx;
	__sync_fetch_and_add(&frames, 1);
	return XDP_PASS;
}
