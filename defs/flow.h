/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The flow table's slot, and all that a packet does to it: which flow, which end, counters, TCP handshake, whether the
 * frame is worth a copy.
 *
 * Compiled into the XDP program and into its user-space twin, so it is pure: where slots live, what time it
 * is and who is told are the caller's. One slot is one cache line; an IPv4 packet of a known flow touches no other.
 *
 * Counters are plain, not atomic: one direction of a flow always arrives on one receive queue, so one CPU at a time
 * adds to packets[d] and bytes[d]. The fields that both directions share (wants, handshake) can lose an update when
 * both ends speak in the same nanoseconds on two CPUs; it costs a copy too many or one handshake's report.
 */
#ifndef DEFS_FLOW_H
#define DEFS_FLOW_H

#include "defs/flow_id.h"
#include "defs/frame_class.h"
#include "defs/head.h"

enum {
	FLOW_WAYS = 8, /* slots of a bucket: a flow lives in one of them, or in the overflow map */
	/*
	 * Packets with payload of each direction that are copied as FRAME_DATA: the certificate of a TLS 1.2 server fits into four, and
	 * a mirror that shows each packet twice leaves two.
	 */
	FLOW_DATA_MAX = 4,
	FLOW_QUIC_MAX = 16, /* the first packets of each direction, of which QUIC's take none of those copies */
	SYN_DATA_MAX = 9216, /* bytes of payload that a SYN may carry (TCP Fast Open): one segment */
};

/*
 * flow_slot.state: these bits, three bits with the slot's way, a generation that is one up each time the slot is taken,
 * and FLOW_OVERFLOW, which is set in slots of the overflow map (their generation is random).
 */
enum flow_state {
	FLOW_FREE, /* anyone's; only the kernel side takes it, by compare-and-swap to FLOW_BUSY */
	FLOW_BUSY, /* being filled in */
	FLOW_LIVE,
	FLOW_CLOSING, /* matches no packet any more: over, or moved; freed by user space one sweep later */
	FLOW_STATE_MASK = 3,
	FLOW_STATE_BITS = 2,
	FLOW_GENERATION = 1 << 5,
};
#define FLOW_OVERFLOW (1U << 31)

/* flow_slot.handshake */
enum {
	HANDSHAKE_NONE,
	HANDSHAKE_SYN,	    /* an end has sent a SYN: seq is its number */
	HANDSHAKE_ANSWERED, /* the other has sent a SYN-ACK: seq is the number that acknowledges it */
	HANDSHAKE_DONE,
	HANDSHAKE_STEP_MASK = 3,
	HANDSHAKE_OPENER =
		4, /* bit: which end sent the SYN; while step is NONE: which end sent the first packet */
	HANDSHAKE_REPEATED = 8,	  /* bit: the SYN came more than once, so no round trip can be told */
	FLOW_UNTOLD = 0x40,	  /* bit: the flow has not been announced yet */
	HANDSHAKE_PENDING = 0x80, /* bit: step is SYN or ANSWERED */
};

/*
 * flow_slot.wants, four bits for each direction: enum frame_class; or, above it, FRAME_DATA with some copies taken. FRAME_HEAD: the next
 * payload is the first since the other end has spoken, and copied if it is a head.
 */
enum {
	WANTS_HEAD_ONCE = FRAME_SYN, /* the same, and the turn before was none; no flow wants that class */
	WANTS_DATA_LAST = FRAME_DATA + FLOW_DATA_MAX - 1, /* one more */
};
_Static_assert(FRAME_DATA + 1 == FRAME_CLASS_COUNT && WANTS_DATA_LAST < 16, "they fit four bits");

struct flow_slot {
	__u32 state;
	__u32 ports;	/* end 0's in the low half, network order */
	__u64 ends;	/* IPv4: end 0's address in the low half; IPv6: a fold of both, see flow_identify() */
	__u64 link;	/* FLOW_LINK(): VLANs, version, protocol */
	__u64 bytes[2]; /* of IP packets, sent by end 0 and by end 1 */
	__u32 packets[2];
	__u32 last_tick;   /* the caller's clock, wraps */
	__u32 syn_us;	   /* the caller's clock, wraps */
	__u32 seq;	   /* see handshake */
	__u8 tcp_flags[2]; /* all that were seen, by direction */
	__u8 wants;
	__u8 handshake;
};
_Static_assert(sizeof(struct flow_slot) == 64, "one slot, one cache line");

/* The state word of a way that is taken again. */
static __always_inline __u32 flow_next_state(__u32 state, __u32 way, enum flow_state to)
{
	__u32 generation = (state & ~(FLOW_GENERATION - 1)) + FLOW_GENERATION;

	return (generation & ~FLOW_OVERFLOW) | (way & (FLOW_WAYS - 1)) << FLOW_STATE_BITS | to;
}

/* What tells this life of a slot from all others of the same key: `entry` of the records. */
static __always_inline __u64 flow_slot_entry(__u32 state, __u32 bucket)
{
	return (__u64)(state & FLOW_OVERFLOW ? ~0U : bucket) << 32 | state >> FLOW_STATE_BITS;
}

/* Whether a live slot is this flow's, but for the IPv6 addresses: those are flow_addr_equal()'s. */
static __always_inline bool flow_slot_is(const struct flow_slot *slot, const struct flow_id *id)
{
	return !(((slot->state ^ FLOW_LIVE) & FLOW_STATE_MASK) | (slot->ports ^ id->ports) |
		 (slot->ends ^ id->ends) | (slot->link ^ id->link));
}

/* kept: end 0's address and end 1's, as in struct flow_id. */
static __always_inline bool flow_addr_equal(const __u64 kept[4], const struct flow_id *id)
{
	return !((kept[0] ^ id->addr[0]) | (kept[1] ^ id->addr[1]) | (kept[2] ^ id->addr[2]) |
		 (kept[3] ^ id->addr[3]));
}

/* The key of a slot; addr is its IPv6 addresses, or NULL for IPv4. */
static __always_inline void flow_slot_key(const struct flow_slot *slot, const __u64 *addr, struct flow_key *key)
{
	__u32 *ends = (__u32 *)key->addr;

	__builtin_memset(key, 0, sizeof(*key));
	key->vlan = slot->link & FLOW_LINK_VLAN;
	key->version = slot->link >> FLOW_LINK_VERSION_6 & 1 ? 6 : 4;
	key->proto = slot->link >> FLOW_LINK_PROTO;
	key->port_n[0] = slot->ports;
	key->port_n[1] = slot->ports >> 16;
	if (addr) {
		__builtin_memcpy(key->addr, addr, sizeof(key->addr));
	} else {
		ends[0] = slot->ends;
		ends[4] = slot->ends >> 32;
	}
}

/* The packet that opens a flow. Once for each: what comes again has been counted before. */
static __always_inline bool flow_first_syn(const struct flow_slot *slot, const struct packet *p, __u32 from)
{
	return (p->tcp_flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN && slot->packets[from & 1] == 1 &&
	       slot->packets[!(from & 1)] == 0;
}

/* Whether flow_take_copy() looks at the payload's first bytes. */
static __always_inline bool flow_wants_head(const struct flow_slot *slot, const struct packet *p, __u32 from)
{
	__u32 wants = slot->wants >> (from ? 4 : 0) & 15;

	return wants == FRAME_HEAD || wants == WANTS_HEAD_ONCE ||
	       (p->proto == PROTO_UDP && wants >= FRAME_DATA);
}

/*
 * The copy that this packet is worth, for a flow with slot->wants; takes one from the slot's data copies. first: as in head.h, when
 * flow_wants_head(). FRAME_NONE: none.
 *
 * An end of a TCP flow that has used up its data copies wants a head each time the other has spoken, until two turns in a row begin with
 * none. So packets that follow one another in one direction never come here, nor do those of a flow that is no talk of HTTP. TLS that begins in
 * the middle is worth as much as a new flow.
 */
static __always_inline enum frame_class flow_take_copy(struct flow_slot *slot, const struct packet *p,
						       __u32 from, __u64 first)
{
	__u32 shift = from ? 4 : 0, wants = slot->wants >> shift & 15, other = slot->wants >> (4 - shift) & 15;
	bool once = wants == WANTS_HEAD_ONCE, looked = once || wants == FRAME_HEAD;
	enum frame_class class = FRAME_DATA;

	if (!wants || !class_wants(wants < FRAME_SYN ? wants : FRAME_DATA, p))
		return flow_first_syn(slot, p, from) ? FRAME_SYN : FRAME_NONE;
	if (wants < FRAME_SYN)
		return wants;
	if (p->proto == PROTO_UDP && slot->packets[from & 1] <= FLOW_QUIC_MAX) {
		enum head_quic quic = head_quic_of(first);

		if (quic)
			return quic == HEAD_QUIC_INITIAL ? FRAME_DATA : FRAME_NONE;
	}
	if (looked && head_is_hello(first)) {
		wants = FRAME_DATA + 1;
		other = FRAME_DATA;
	} else if (looked) {
		class = head_is_http(first) ? FRAME_HEAD : FRAME_NONE;
		wants = FRAME_NONE;
	} else {
		wants = wants < WANTS_DATA_LAST ? wants + 1 : FRAME_NONE;
	}
	if (other == FRAME_NONE && p->proto == PROTO_TCP && (class || !once))
		other = class ? FRAME_HEAD : WANTS_HEAD_ONCE;
	slot->wants = wants << shift | other << (4 - shift);
	return class;
}

/* Make a slot this flow's, all but its state; no packet is counted yet. */
static __always_inline void flow_slot_fill(struct flow_slot *slot, const struct flow_id *id,
					   const struct packet *p)
{
	enum frame_class class = class_of_flow(p);

	slot->ports = id->ports;
	slot->ends = id->ends;
	slot->link = id->link;
	slot->bytes[0] = slot->bytes[1] = 0;
	slot->packets[0] = slot->packets[1] = 0;
	slot->last_tick = slot->syn_us = slot->seq = 0;
	slot->tcp_flags[0] = slot->tcp_flags[1] = 0;
	slot->wants = class << 4 | class;
	slot->handshake = FLOW_UNTOLD | (id->from ? HANDSHAKE_OPENER : 0);
}

/* What a flow that is moved to another slot takes along: all but its counters, which its old slot has told or will tell. */
static __always_inline void flow_slot_inherit(struct flow_slot *slot, const struct flow_slot *old)
{
	slot->syn_us = old->syn_us;
	slot->seq = old->seq;
	slot->tcp_flags[0] = old->tcp_flags[0];
	slot->tcp_flags[1] = old->tcp_flags[1];
	slot->wants = old->wants;
	slot->handshake = old->handshake;
}

/* The same SYN once more, and more than once already: a scan's, or a client's that nobody answers. */
static __always_inline bool flow_syn_is_stale(const struct flow_slot *slot, const struct packet *p, __u32 from)
{
	__u8 stale = HANDSHAKE_PENDING | HANDSHAKE_SYN | HANDSHAKE_REPEATED | (from ? HANDSHAKE_OPENER : 0);

	return (p->tcp_flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN && slot->seq == p->seq &&
	       slot->handshake == stale;
}

/* Count the packet. False: that is all. True: flow_slot_tells() is to be asked. */
static __always_inline bool flow_slot_add(struct flow_slot *slot, __u32 ip_bytes, __u8 tcp_flags, __u32 from,
					  __u32 tick)
{
	__u32 open = slot->handshake & (FLOW_UNTOLD | HANDSHAKE_PENDING);

	open |= slot->wants >> (from << 2 & 4) & 15;
	open |= tcp_flags & TCP_SYN;
	slot->bytes[from & 1] += ip_bytes;
	slot->last_tick = tick;
	slot->tcp_flags[from & 1] |= tcp_flags;
	return !slot->packets[from & 1]++ || open;
}

/*
 * After a packet has been counted: true when more than that is to be done, for a first packet of its direction (its sender may be new),
 * the announcement, flow_handshake_*(), flow_take_copy().
 */
static __always_inline bool flow_slot_tells(const struct flow_slot *slot, const struct packet *p, __u32 from)
{
	if (slot->packets[from & 1] == 1)
		return true;
	if (slot->wants >> (from << 2 & 4) & 15 && packet_payload(p))
		return true;
	if (!((p->tcp_flags & TCP_SYN) | (slot->handshake & (FLOW_UNTOLD | HANDSHAKE_PENDING))))
		return false;
	return !flow_syn_is_stale(slot, p, from);
}

/* Both. */
static __always_inline bool flow_slot_count(struct flow_slot *slot, const struct packet *p, __u32 from,
					    __u32 tick)
{
	return flow_slot_add(slot, p->ip_bytes, p->tcp_flags, from, tick) && flow_slot_tells(slot, p, from);
}

static __always_inline bool flow_opens(const struct packet *p)
{
	return (p->tcp_flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN;
}

/* Take back what was counted for the packet, which was there before. */
static __always_inline void flow_slot_uncount(struct flow_slot *slot, const struct packet *p, __u32 from)
{
	slot->packets[from & 1]--;
	slot->bytes[from & 1] -= p->ip_bytes;
}

/* A SYN that begins a handshake. Only then, and when one ends, is the clock asked. */
static __always_inline bool flow_handshake_begins(struct flow_slot *slot, const struct packet *p, __u32 from)
{
	__u8 again = HANDSHAKE_PENDING | HANDSHAKE_SYN | (from ? HANDSHAKE_OPENER : 0);

	if ((p->tcp_flags & (TCP_SYN | TCP_ACK | TCP_RST)) != TCP_SYN)
		return false;
	if (slot->seq == p->seq && (slot->handshake & ~(FLOW_UNTOLD | HANDSHAKE_REPEATED)) == again) {
		slot->handshake |= HANDSHAKE_REPEATED;
		return false;
	}
	/*
	 * After the answer the SYN's number is not kept: it is the same one, late or seen twice by a mirror of both sides
	 * of a port, or a new one, whose SYN-ACK will put seq right.
	 */
	if ((slot->handshake & ~(FLOW_UNTOLD | HANDSHAKE_REPEATED)) ==
	    (HANDSHAKE_PENDING | HANDSHAKE_ANSWERED | (from ? HANDSHAKE_OPENER : 0))) {
		slot->handshake |= HANDSHAKE_REPEATED;
		return false;
	}
	return true;
}

static __always_inline void flow_handshake_begin(struct flow_slot *slot, const struct packet *p, __u32 from,
						 __u32 now_us)
{
	slot->seq = p->seq;
	slot->syn_us = now_us;
	slot->handshake = (slot->handshake & FLOW_UNTOLD) | HANDSHAKE_PENDING | HANDSHAKE_SYN |
			  (from ? HANDSHAKE_OPENER : 0);
}

/*
 * The packets after the SYN. True for the one that ends the handshake: from the opener, acknowledging the other's
 * SYN-ACK. The caller says so, and then calls flow_handshake_end(); until it has, the opener's next packet will do.
 */
static __always_inline bool flow_handshake_ends(struct flow_slot *slot, const struct packet *p, __u32 from)
{
	bool opener = from == !!(slot->handshake & HANDSHAKE_OPENER);
	__u32 step = slot->handshake & HANDSHAKE_STEP_MASK;

	if (!(slot->handshake & HANDSHAKE_PENDING) || !(p->tcp_flags & TCP_ACK) || p->tcp_flags & TCP_RST)
		return false;
	if (p->tcp_flags & TCP_SYN) {
		/* A repeated SYN-ACK may have another number: the server can have restarted in between. */
		if (opener || (step == HANDSHAKE_SYN && p->ack - slot->seq - 1 > SYN_DATA_MAX))
			return false;
		slot->seq = p->seq + 1;
		slot->handshake = (slot->handshake & ~HANDSHAKE_STEP_MASK) | HANDSHAKE_ANSWERED;
		return false;
	}
	return opener && step == HANDSHAKE_ANSWERED && (__s32)(p->ack - slot->seq) >= 0;
}

/* Time from the SYN to now, 0 when that cannot be told. */
static __always_inline __u32 flow_handshake_time(const struct flow_slot *slot, __u32 now_us)
{
	return slot->handshake & HANDSHAKE_REPEATED ? 0 : now_us - slot->syn_us;
}

static __always_inline void flow_handshake_end(struct flow_slot *slot)
{
	slot->handshake = (slot->handshake & (FLOW_UNTOLD | HANDSHAKE_OPENER)) | HANDSHAKE_DONE;
}

/* Seconds of silence after which an entry ends. */
static __always_inline __u32 flow_idle_s(const struct flow_slot *slot)
{
	enum {
		IDLE_TCP_S = 300,
		IDLE_TCP_ENDED_S = 10, /* FIN of both ends, or a RST */
		IDLE_TCP_HALF_S = 30,  /* only one end was ever heard */
		IDLE_OTHER_S = 60,
	};

	if ((__u8)(slot->link >> FLOW_LINK_PROTO) != PROTO_TCP)
		return IDLE_OTHER_S;
	if (slot->tcp_flags[0] & slot->tcp_flags[1] & TCP_FIN ||
	    (slot->tcp_flags[0] | slot->tcp_flags[1]) & TCP_RST)
		return IDLE_TCP_ENDED_S;
	return slot->packets[0] && slot->packets[1] ? IDLE_TCP_S : IDLE_TCP_HALF_S;
}

#endif
