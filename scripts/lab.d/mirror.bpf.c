// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The lab's mirror port: on egress, give each copied frame the 802.1Q tag of the VLAN it was copied from.
 *
 * scripts/lab numbers the switch's ports VLAN * 100 + n, and the copying action leaves the number of the port in
 * ingress_ifindex; so the port's number says the VLAN. A frame that is not a copy of a port's is dropped.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define PORTS_PER_VLAN 100
#define VLAN_ID_MAX 4094

SEC("tc")
int lab_mirror(struct __sk_buff *skb)
{
	__u32 vlan = skb->ingress_ifindex / PORTS_PER_VLAN;

	if (vlan < 1 || vlan > VLAN_ID_MAX)
		return TC_ACT_SHOT;
	if (bpf_skb_vlan_push(skb, bpf_htons(ETH_P_8021Q), vlan))
		return TC_ACT_SHOT;
	return TC_ACT_OK;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
