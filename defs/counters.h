/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The counters of the packet path: what was seen, and every way in which something can be lost there.
 * The XDP program and its user-space twin add to them; the sensor shows each under its name.
 */
#ifndef DEFS_COUNTERS_H
#define DEFS_COUNTERS_H

/* X(id, "name", LOSS or SEEN) — a LOSS that is not zero becomes a `loss` fact. */
#define COUNTERS(X)                                                                                            \
	X(FRAMES_OTHER, "frames_other", SEEN)  /* good frames that are not IP */                               \
	X(TRUNCATED, "frames_truncated", LOSS) /* a header does not fit into what was received */              \
	X(MALFORMED, "frames_malformed", LOSS) /* a header contradicts itself */                               \
	X(UNSUPPORTED, "frames_unsupported",                                                                   \
	  LOSS)			/* too many tags, labels or extension headers, or inside what is not known */  \
	X(FLOWS, "flows", SEEN) /* entries made in the flow table */                                           \
	X(FLOWS_OVERFLOW, "flows_overflow", SEEN) /* entries made in the overflow map */                       \
	X(FLOWS_REFUSED, "flows_refused", LOSS)	  /* packets of flows that found no room at all */             \
	X(FLOWS_EVICTED, "flows_evicted", LOSS)	  /* pushed out of the overflow map by others */               \
	X(HOSTS, "hosts", SEEN)			  /* entries made in the hosts map */                          \
	X(HOSTS_EVICTED, "hosts_evicted", LOSS)	  /* forgotten for others, announced again later */            \
	X(HANDSHAKES, "handshakes", SEEN)                                                                      \
	X(RING_FLOW, "ring_full_flow", LOSS)	       /* announced later, with the flow's next packet */      \
	X(RING_HANDSHAKE, "ring_full_handshake", LOSS) /* announced later, with the opener's next packet */    \
	X(RING_HOST, "ring_full_host", LOSS)	       /* announced later, with the host's next flow */        \
	X(RING_FRAME, "ring_full_frame", LOSS)                                                                 \
	X(FRAME_CUT, "frame_copies_cut", LOSS)		 /* longer than FRAME_COPY_BYTES_MAX */                \
	X(FRAME_UNREAD, "frame_copies_unreadable", LOSS) /* the kernel would not hand out the bytes */         \
	X(BUDGET_ARP, "over_budget_arp", LOSS)		 /* one for each frame class, in its order */          \
	X(BUDGET_ND, "over_budget_nd", LOSS)                                                                   \
	X(BUDGET_DHCP, "over_budget_dhcp", LOSS)                                                               \
	X(BUDGET_DNS, "over_budget_dns", LOSS)                                                                 \
	X(BUDGET_MDNS, "over_budget_mdns", LOSS)                                                               \
	X(BUDGET_ANNOUNCE, "over_budget_announce", LOSS)                                                       \
	X(BUDGET_LINK, "over_budget_link", LOSS)                                                               \
	X(BUDGET_ROUTER, "over_budget_router", LOSS)                                                           \
	X(BUDGET_FRAGMENT, "over_budget_fragment", LOSS)                                                       \
	X(BUDGET_SYN, "over_budget_syn", SEEN)	 /* those of a flood or a scan tell nothing new */             \
	X(BUDGET_HEAD, "over_budget_head", SEEN) /* most say what the connection's first ones did */           \
	X(BUDGET_DATA, "over_budget_data", LOSS)                                                               \
	X(FRAMES_REPEATED, "frames_repeated", SEEN)   /* a mirror showed them twice: not learned from again */ \
	X(TUNNELED, "frames_in_tunnels", SEEN)	      /* packets found inside others, and learned from */      \
	X(TUNNELS_DEEPER, "tunnels_in_tunnels", LOSS) /* what the inner one carries is not looked at */

#define COUNTER_ENUM(id, name, kind) COUNTER_##id,
enum counter { COUNTERS(COUNTER_ENUM) COUNTER_COUNT };

#endif
