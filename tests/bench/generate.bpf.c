// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * For benches, in namespaces of their own. `generate` is run with live frames: it writes the next flow's address and
 * ports into the frame and sends it out of the port that it is run on. `drop` is what the other side is measured against.
 */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* Set by the bench: flows visited round robin, so many frames of each in a row, and whether the template frame is IPv6. */
__u32 flows = 1, train = 1, ipv6;
__u32 next, left, made;

enum {
	SOURCE = 14 + 12,
	PORTS = 14 + 20,
	ID = 14 + 4,
	ID_V6 = 14 + 2,
	SOURCE_V6 = 14 + 8 + 12,
	PORTS_V6 = 14 + 40
};

SEC("xdp")
int generate(struct xdp_md *ctx)
{
	__u8 *frame = (void *)(long)ctx->data;
	__u32 flow = next, *address = (void *)(frame + (ipv6 ? SOURCE_V6 : SOURCE));
	__u16 *port = (void *)(frame + (ipv6 ? PORTS_V6 : PORTS));

	if (frame + PORTS_V6 + 2 > (__u8 *)(long)ctx->data_end)
		return XDP_DROP;
	if (left) {
		left--;
	} else {
		left = train - 1;
		next = flow + 1 < flows ? flow + 1 : 0;
	}
	/* No two frames are the same, bit for bit: a mirror's copies would be. IPv4's identification, IPv6's flow label. */
	*(__u16 *)(frame + (ipv6 ? ID_V6 : ID)) = made++;
	/* 10.x.y.z, or the end of an IPv6 address, by the flow's upper bits, the port by its lower ones: hosts with sixteen conversations each. */
	*address = __builtin_bswap32(0x0a000000 | flow >> 4);
	*port = __builtin_bswap16(40000 + (flow & 15));
	return XDP_TX;
}

SEC("xdp.frags")
int drop(struct xdp_md *ctx)
{
	(void)ctx;
	return XDP_DROP;
}
