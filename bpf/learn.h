/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Learning: the hosts map, and where flows live. flow_find() is the steady path: a hash, and one slot. All else is
 * for packets that tell something new.
 */
#ifndef BPF_LEARN_H
#define BPF_LEARN_H

#include "bpf/emit.h"

enum {
	FLOW_SIZES_MAX = 24, /* sizes that the table can have had */
	/* So many slots of so many buckets may be taken before the table grows. */
	FLOW_TAKEN = 9,
	FLOW_TAKEN_BUCKETS = 4,
};

/* Hidden from the compiler, which would take the zeros of an unset constant for its value. */
static __always_inline const __u64 *hash_seed(void)
{
	const __u64 *seed = (const __u64 *)config.seed;

	asm volatile("" : "+r"(seed));
	return seed;
}

/* A sender not seen before is announced; it is remembered only when that worked. */
static __noinline int host_learn(struct xdp_md *ctx, const struct workspace *work)
{
	const struct packet *p = &work->packet;
	struct host_key host = {.vlan = p->vlan};
	const __u8 *mac = frame_macs(ctx, &work->place);
	__u32 nothing = 0;

	if (mac && mac[6] & 1)
		return 0;
	if (mac)
		__builtin_memcpy(host.mac, mac + 6, 6);
	if (p->version == 4 && p->addr_v4_n[0]) {
		host.version = 4;
		__builtin_memcpy(host.addr, &p->addr_v4_n[0], 4);
	} else if (p->version == 6 && (p->addr_v6[0] | p->addr_v6[1])) {
		host.version = 6;
		__builtin_memcpy(host.addr, p->addr_v6, 16);
	}
	if (!mac && !host.version)
		return 0;
	if (bpf_map_lookup_elem(&hosts, &host) || !emit_host(&host))
		return 0;
	if (!bpf_map_update_elem(&hosts, &host, &nothing, BPF_NOEXIST))
		counter_add(COUNTER_HOSTS);
	return 0;
}

static __always_inline void flow_id_key(const struct flow_id *id, struct flow_key *key)
{
	struct flow_slot slot = {.ports = id->ports, .ends = id->ends, .link = id->link};

	flow_slot_key(&slot, NULL, key);
	if (flow_is_v6(id))
		__builtin_memcpy(key->addr, id->addr, sizeof(key->addr));
}

/* The flow's slot in the overflow map, made if need be. */
static __always_inline struct flow_slot *flow_overflow(struct workspace *work, bool make)
{
	struct flow_slot *slot = bpf_map_lookup_elem(&overflow, &work->key);

	if (slot || !make)
		return slot;
	flow_slot_fill(&work->fresh, &work->id, &work->packet);
	work->fresh.state = FLOW_OVERFLOW | bpf_get_prandom_u32() << FLOW_STATE_BITS | FLOW_LIVE;
	globals.overflow_used = 1;
	if (!bpf_map_update_elem(&overflow, &work->key, &work->fresh, BPF_NOEXIST))
		counter_add(COUNTER_FLOWS_OVERFLOW);
	return bpf_map_lookup_elem(&overflow, &work->key);
}

/* The way to try as number i. 6.1's verifier knows nothing of an exclusive or: the compiler must not think the mask needless. */
static __always_inline __u32 flow_way(__u32 hash, __u32 i)
{
	__u32 way = flow_first_way(hash) ^ i;

	asm volatile("" : "+r"(way));
	return way & (FLOW_WAYS - 1);
}

/*
 * The live slot of a known flow in the bucket of that index, or NULL. The first way to try is the hash's, so the first one is nearly always
 * it. The second is the line beside it, which processors fetch along with the first.
 */
static __always_inline struct flow_slot *flow_find(struct flow_bucket *bucket, __u32 index, __u32 hash,
						   const struct flow_id *id)
{
	struct flow_addresses *kept;

#pragma GCC unroll 2
	for (int i = 0; i < FLOW_WAYS; i++) {
		__u32 way = flow_way(hash, i);
		struct flow_slot *slot = &bucket->slot[way];

		if (!flow_slot_is(slot, id))
			continue;
		if (!flow_is_v6(id))
			return slot;
		kept = bpf_map_lookup_elem(&addresses, &index);
		if (kept && flow_addr_equal(kept->addr[way], id))
			return slot;
	}
	return NULL;
}

/* A flow that lies where it lay when the table was smaller. */
static __noinline struct flow_slot *flow_left_behind(struct workspace *work, __u32 hash)
{
	__u32 older = globals.buckets_older;

#pragma GCC unroll 1
	for (int i = 0; i < FLOW_SIZES_MAX && older; i++) {
		__u32 size = older & -older, index = hash & (size - 1);
		struct flow_bucket *bucket = bpf_map_lookup_elem(&flows, &index);
		struct flow_slot *slot = bucket ? flow_find(bucket, index, hash, &work->id) : NULL;

		if (slot) {
			work->bucket = index;
			return slot;
		}
		older &= older - 1;
	}
	return NULL;
}

/*
 * Take a free way of the flow's bucket, in the order of flow_find(); old: its slot so far, or NULL. NULL: none is free. What the old slot has counted, also
 * what another CPU is adding to it now, is read by user space before it frees it.
 */
static __noinline struct flow_slot *flow_claim(struct workspace *work, __u32 hash, struct flow_slot *old)
{
	__u32 index = hash & globals.bucket_mask;
	struct flow_bucket *bucket = bpf_map_lookup_elem(&flows, &index);

	if (!bucket)
		return NULL;
#pragma GCC unroll 1
	for (int i = 0; i < FLOW_WAYS; i++) {
		__u32 way = flow_way(hash, i);
		struct flow_slot *slot = &bucket->slot[way];
		__u32 free = slot->state;
		struct flow_addresses *kept;

		if ((free & FLOW_STATE_MASK) != FLOW_FREE ||
		    __sync_val_compare_and_swap(&slot->state, free, flow_next_state(free, way, FLOW_BUSY)) !=
			    free)
			continue;
		flow_slot_fill(slot, &work->id, &work->packet);
		if (old)
			flow_slot_inherit(slot, old);
		kept = flow_is_v6(&work->id) ? bpf_map_lookup_elem(&addresses, &index) : NULL;
		if (kept)
			__builtin_memcpy(kept->addr[way], work->id.addr, sizeof(work->id.addr));
		/* An exchange, because it is a barrier: whoever sees it live sees it filled. */
		__sync_lock_test_and_set(&slot->state, flow_next_state(free, way, FLOW_LIVE));
		work->bucket = index;
		__sync_fetch_and_add(&globals.slots_taken, 1);
		counter_add(COUNTER_FLOWS);
		return slot;
	}
	return NULL;
}

/*
 * Use twice as many buckets, when more than a quarter of the slots are taken: flows that are quiet stay where they are until they speak, and the
 * buckets that were there first must have room for both.
 */
static __always_inline void flow_table_grow(void)
{
	__u32 mask = globals.bucket_mask;

	if (mask >= config.bucket_mask || globals.slots_taken / FLOW_TAKEN <= mask / FLOW_TAKEN_BUCKETS)
		return;
	__sync_fetch_and_or(&globals.buckets_older, mask + 1);
	__sync_val_compare_and_swap(&globals.bucket_mask, mask, 2 * mask + 1);
}

/* A slot for a flow that is not where it belongs. NULL: no room anywhere; counted. */
static __noinline struct flow_slot *flow_make(struct workspace *work, __u32 hash)
{
	struct flow_slot *slot, *old = flow_left_behind(work, hash);

	if (!old && globals.overflow_used)
		old = flow_overflow(work, false);
	if (old) {
		__u32 live = old->state;

		slot = flow_claim(work, hash, old);
		if (!slot)
			return old;
		if (!(live & FLOW_OVERFLOW))
			__sync_val_compare_and_swap(&old->state, live,
						    (live & ~FLOW_STATE_MASK) | FLOW_CLOSING);
		return slot;
	}
	flow_table_grow();
	slot = flow_claim(work, hash, NULL);
	if (!slot)
		slot = flow_overflow(work, true);
	if (!slot)
		counter_add(COUNTER_FLOWS_REFUSED);
	return slot;
}

/* The file's time of a slot's latest packet from that end: ticks are too coarse for a file. */
static __always_inline void replay_note(struct flow_slot *slot, __u32 index, __u32 from)
{
	__u64 *last = bpf_map_lookup_elem(&replay_last, &index);
	__u32 state = slot->state, which = (state >> FLOW_STATE_BITS & (FLOW_WAYS - 1)) * 2 + (from & 1);

	/* The compiler makes it an "or", after which 6.1's verifier knows no bound. */
	asm volatile("" : "+r"(which));
	if (last && !(state & FLOW_OVERFLOW))
		last[which & (2 * FLOW_WAYS - 1)] = globals.replay_ns;
}

#endif
