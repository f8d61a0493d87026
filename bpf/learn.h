/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Learning: the hosts map, and where flows live. flow_find() is the steady path: a hash, and one slot. All else is
 * for packets that tell something new.
 */
#ifndef BPF_LEARN_H
#define BPF_LEARN_H

#include "bpf/emit.h"

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

	if (!mac || mac[6] & 1)
		return 0;
	__builtin_memcpy(host.mac, mac + 6, 6);
	if (p->version == 4 && p->addr_v4_n[0]) {
		host.version = 4;
		__builtin_memcpy(host.addr, &p->addr_v4_n[0], 4);
	} else if (p->version == 6 && (p->addr_v6[0] | p->addr_v6[1])) {
		host.version = 6;
		__builtin_memcpy(host.addr, p->addr_v6, 16);
	}
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

/* Take a free way of the bucket, in the order of flow_find(). NULL: none is free. */
static __always_inline struct flow_slot *flow_claim(struct flow_bucket *bucket, __u32 index, __u32 first,
						    const struct packet *p, const struct flow_id *id)
{
	for (int i = 0; i < FLOW_WAYS; i++) {
		__u32 way = (first ^ i) & (FLOW_WAYS - 1);
		struct flow_slot *slot = &bucket->slot[way];
		__u32 free = slot->state;
		struct flow_addresses *kept;

		if ((free & FLOW_STATE_MASK) != FLOW_FREE ||
		    __sync_val_compare_and_swap(&slot->state, free, flow_next_state(free, way, FLOW_BUSY)) !=
			    free)
			continue;
		flow_slot_fill(slot, id, p);
		kept = flow_is_v6(id) ? bpf_map_lookup_elem(&addresses, &index) : NULL;
		if (kept)
			__builtin_memcpy(kept->addr[way], id->addr, sizeof(id->addr));
		/* An exchange, because it is a barrier: whoever sees it live sees it filled. */
		__sync_lock_test_and_set(&slot->state, flow_next_state(free, way, FLOW_LIVE));
		counter_add(COUNTER_FLOWS);
		return slot;
	}
	return NULL;
}

/* A slot for a flow that the table does not hold. NULL: no room anywhere; counted. */
static __noinline struct flow_slot *flow_make(struct flow_bucket *bucket, __u32 hash, struct workspace *work)
{
	struct flow_slot *slot = NULL;

	/* A flow that began in the overflow map stays there: it lives in one place. */
	if (globals.overflow_used)
		slot = flow_overflow(work, false);
	if (!slot)
		slot = flow_claim(bucket, hash & config.bucket_mask, flow_first_way(hash), &work->packet,
				  &work->id);
	if (!slot)
		slot = flow_overflow(work, true);
	if (!slot)
		counter_add(COUNTER_FLOWS_REFUSED);
	return slot;
}

/* The file's time of a slot's latest packet: ticks are too coarse for a file. */
static __always_inline void replay_note(struct flow_slot *slot, __u32 index)
{
	__u64 *last = bpf_map_lookup_elem(&replay_last, &index);

	if (last && !(slot->state & FLOW_OVERFLOW))
		last[slot->state >> FLOW_STATE_BITS & (FLOW_WAYS - 1)] = globals.replay_ns;
}

/*
 * The live slot of a known flow, or NULL. The first way to try is the hash's, so the first one is nearly always it. The second is the line
 * beside it, which processors fetch along with the first.
 */
static __always_inline struct flow_slot *flow_find(struct flow_bucket *bucket, __u32 hash,
						   const struct flow_id *id)
{
	__u32 index = hash & config.bucket_mask;
	struct flow_addresses *kept;

#pragma GCC unroll 4
	for (int i = 0; i < FLOW_WAYS; i++) {
		__u32 way = (flow_first_way(hash) ^ i) & (FLOW_WAYS - 1);
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

#endif
