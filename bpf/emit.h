/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Telling the sensor: counters, and records in the ring. None of this is reached by the packets of a known flow.
 * A record that finds the ring full is counted; those for flows, handshakes and hosts are tried again.
 */
#ifndef BPF_EMIT_H
#define BPF_EMIT_H

#include "bpf/maps.h"

enum { FRAME_COPY_BYTES_MIN = 14 }; /* no frame is shorter */

static __always_inline void counter_add(__u32 which)
{
	__u64 *value = bpf_map_lookup_elem(&counters, &which);

	if (value)
		++*value;
}

static __always_inline __u64 clock_ns(void)
{
	return config.replay ? globals.replay_ns : bpf_ktime_get_ns();
}

/* Inlined by the verifier to one load, where a clock would be a call. */
static __always_inline __u64 clock_ticks(void)
{
	return config.replay ? globals.replay_ns / 1000000 : bpf_jiffies64();
}

/*
 * The exchange is a full barrier: a reader that found the ring empty after it had set the flag is always woken by
 * the record that it missed.
 */
static __always_inline __u64 emit_wakeup(void)
{
	return __sync_lock_test_and_set(&globals.reader_waits, 0) ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP;
}

static __always_inline void emit_head(struct record *head, __u16 type, __u16 size)
{
	head->type = type;
	head->size = size;
	head->pad = 0;
	head->time_ns = clock_ns();
}

static __always_inline struct cursor frame_cursor(struct xdp_md *ctx)
{
	struct cursor c = {(void *)(long)ctx->data, (void *)(long)ctx->data_end};

	/* Both are pointers to the verifier and 32-bit fields to the compiler, which must not use that. */
	asm volatile("" : "+r"(c.pos), "+r"(c.end));
	return c;
}

/* From the inner frame on, which begins at byte at. */
static __always_inline struct cursor frame_cursor_at(struct xdp_md *ctx, __u32 at)
{
	struct cursor c = frame_cursor(ctx);

	at &= PACKET_INNER_AT_MAX;
	asm volatile("" : "+r"(at));
	c.pos += at;
	return c;
}

/* The Ethernet header: destination and source. NULL where there is none. */
static __always_inline const __u8 *frame_macs(struct xdp_md *ctx, const struct place *place)
{
	struct cursor c = frame_cursor_at(ctx, place->at);

	return place->ethernet && cursor_has(&c, 12) ? c.pos : NULL;
}

static __always_inline bool emit_flow(struct xdp_md *ctx, const struct workspace *work, __u64 entry)
{
	const __u8 *mac = frame_macs(ctx, &work->place);
	struct record_flow *record = bpf_ringbuf_reserve(&records, sizeof(*record), 0);

	if (!record) {
		counter_add(COUNTER_RING_FLOW);
		return false;
	}
	emit_head(&record->head, RECORD_FLOW, sizeof(*record));
	record->key = work->key;
	record->entry = entry;
	__builtin_memset(record->mac_src, 0, 12);
	if (mac) {
		__builtin_memcpy(record->mac_dst, mac, 6);
		__builtin_memcpy(record->mac_src, mac + 6, 6);
	}
	record->direction = work->id.from;
	record->tcp_flags = work->packet.tcp_flags;
	__builtin_memset(record->pad, 0, sizeof(record->pad));
	bpf_ringbuf_submit(record, emit_wakeup());
	return true;
}

static __always_inline bool emit_handshake(const struct flow_key *key, const struct packet *p, __u32 seq,
					   __u32 rtt_us, __u8 opener)
{
	struct record_handshake *record = bpf_ringbuf_reserve(&records, sizeof(*record), 0);

	if (!record) {
		counter_add(COUNTER_RING_HANDSHAKE);
		return false;
	}
	emit_head(&record->head, RECORD_HANDSHAKE, sizeof(*record));
	record->key = *key;
	record->rtt_us = rtt_us;
	record->seq = seq;
	record->opener_seq = p->seq;
	record->opener = opener;
	__builtin_memset(record->pad, 0, sizeof(record->pad));
	bpf_ringbuf_submit(record, emit_wakeup());
	counter_add(COUNTER_HANDSHAKES);
	return true;
}

static __always_inline bool emit_host(const struct host_key *host)
{
	struct record_host *record = bpf_ringbuf_reserve(&records, sizeof(*record), 0);

	if (!record) {
		counter_add(COUNTER_RING_HOST);
		return false;
	}
	emit_head(&record->head, RECORD_HOST, sizeof(*record));
	record->vlan = host->vlan;
	__builtin_memcpy(record->mac, host->mac, 6);
	record->version = host->version;
	record->pad = 0;
	__builtin_memcpy(record->addr, host->addr, 16);
	bpf_ringbuf_submit(record, emit_wakeup());
	return true;
}

/* This CPU's budget of copies in this second. */
static __always_inline struct budget *budget_now(void)
{
	__u32 zero = 0;
	struct budget *budget = bpf_map_lookup_elem(&budgets, &zero);
	__u64 second = clock_ticks() / config.ticks_second;

	if (budget && budget->second != second) {
		__builtin_memset(budget, 0, sizeof(*budget));
		budget->second = second;
	}
	return budget;
}

/* The compiler must not think the mask needless. */
static __always_inline __u32 budget_place(__u32 class)
{
	asm volatile("" : "+r"(class));
	return class & (FRAME_CLASS_ROOM - 1);
}

/* Whether the class has no copy left in this second: then this one is counted as lost. */
static __always_inline bool budget_spent(const struct budget *budget, __u32 class)
{
	__u32 place = budget_place(class);

	if (budget->used[place] < config.budget[place])
		return false;
	counter_add(COUNTER_BUDGET_ARP + class - FRAME_ARP);
	return true;
}

/* Whether this second's budget of the class has one more copy on this CPU. */
static __always_inline bool budget_take(__u32 class)
{
	struct budget *budget;

	if (config.replay)
		return true;
	budget = budget_now();
	if (!budget || budget_spent(budget, class))
		return false;
	budget->used[budget_place(class)]++;
	return true;
}

/* Copy the frame, up to FRAME_COPY_BYTES_MAX of it, whether it lies in one buffer or in several. */
static __noinline int emit_frame(struct xdp_md *ctx, const struct workspace *work, __u32 class)
{
	const struct place *place = &work->place;
	__u32 zero = 0, at = place->at & PACKET_INNER_AT_MAX, captured = bpf_xdp_get_buff_len(ctx) - at;
	__u32 length = captured + place->missing;
	struct frame_scratch *held;
	struct record_frame *copy;

	if (!budget_take(class))
		return 0;
	held = bpf_map_lookup_elem(&scratch, &zero);
	if (!held)
		return 0;
	copy = (void *)held;
	if (captured > FRAME_COPY_BYTES_MAX) {
		captured = FRAME_COPY_BYTES_MAX;
		counter_add(COUNTER_FRAME_CUT);
	}
	/*
	 * The compiler moves the value about and the verifier loses its bounds: have both look again. Not "not zero", from
	 * which 6.1's verifier learns nothing.
	 */
	asm volatile("" : "+r"(captured));
	if (captured < FRAME_COPY_BYTES_MIN || captured > FRAME_COPY_BYTES_MAX ||
	    bpf_xdp_load_bytes(ctx, at, copy->bytes, captured)) {
		counter_add(COUNTER_FRAME_UNREAD);
		return 0;
	}
	emit_head(&copy->head, RECORD_FRAME, sizeof(*copy) + captured);
	copy->frame_class = class;
	copy->captured = captured;
	copy->length = length;
	copy->link = place->ethernet ? 1 : 101;
	copy->inside = work->packet.inside;
	copy->tag = packet_tag(&work->packet, place->ethernet, place->around.tag);
	copy->segment = place->around.segment;
	if (bpf_ringbuf_output(&records, copy, sizeof(*copy) + captured, emit_wakeup()))
		counter_add(COUNTER_RING_FRAME);
	return 0;
}

#endif
