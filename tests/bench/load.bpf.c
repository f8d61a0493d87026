// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * For benches, in namespaces of their own. `load` is run with live frames: it writes the next frame of the made-up traffic
 * (load.h) into what it is given and sends it out of the port that it is run on. `drop` is what the cost of the others is
 * measured against; `flow` makes many flows.
 */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "tests/bench/load.h"

enum { LOOPBACK = 1 }; /* its index in each namespace */

char LICENSE[] SEC("license") = "Dual BSD/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, LOAD_FRAMES);
	__type(key, __u32);
	__type(value, struct load_frame);
} script SEC(".maps");

__u32 next, pass, flows = 1;

/*
 * The programs are attached to the loopback (feed.c), whose own packets they let by: sent on, each would come in again, for ever, and take a core.
 */
static __always_inline int is_own(const struct xdp_md *ctx)
{
	return ctx->ingress_ifindex == LOOPBACK;
}

SEC("xdp")
int load(struct xdp_md *ctx)
{
	__u32 index = next;
	struct load_frame *frame = bpf_map_lookup_elem(&script, &index);
	int had = (int)((long)ctx->data_end - (long)ctx->data);

	__u32 length;

	if (is_own(ctx))
		return XDP_PASS;
	if (!frame)
		return XDP_DROP;
	length = frame->length;
	if (length < 60 || length > LOAD_FRAME_BYTES)
		return XDP_DROP;
	load_turn(frame, pass);
	if (bpf_xdp_adjust_tail(ctx, (int)length - had) || bpf_xdp_store_bytes(ctx, 0, frame->bytes, length))
		return XDP_DROP;
	next = index + 1;
	if (next == LOAD_FRAMES) {
		next = 0;
		pass++;
	}
	return XDP_TX;
}

/* Instead: UDP from 10.0.0.0/8, sixteen ports of each address, round robin. The frame is the template's. */
SEC("xdp")
int flow(struct xdp_md *ctx)
{
	__u8 *frame = (void *)(long)ctx->data;
	__u32 number = next;

	if (is_own(ctx))
		return XDP_PASS;
	if (frame + 42 > (__u8 *)(long)ctx->data_end)
		return XDP_DROP;
	next = number + 1 < flows ? number + 1 : 0;
	*(__u32 *)(frame + 26) = __builtin_bswap32(0x0a000000 | number >> 4);
	*(__u16 *)(frame + 34) = __builtin_bswap16(40000 + (number & 15));
	return XDP_TX;
}

SEC("xdp.frags")
int drop(struct xdp_md *ctx)
{
	(void)ctx;
	return XDP_DROP;
}
