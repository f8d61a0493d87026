// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The XDP program: parse, learn, tell what is new. A packet of a known flow costs a parse, a hash and one cache line.
 *
 * Verdict: on to the stack, or dropped on a mirror port. Only while the sensor asks, and only on what answers it, is a frame taken
 * away or turned into one that is sent: probe.h.
 */
#include "bpf/learn.h"
#include "bpf/probe.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* Bytes in the first buffer. The verifier wants pointers subtracted in 64 bits; the compiler would narrow it. */
static __always_inline __u32 linear_bytes(struct xdp_md *ctx)
{
	long bytes = (void *)(long)ctx->data_end - (void *)(long)ctx->data;

	asm volatile("" : "+r"(bytes));
	return bytes;
}

static __always_inline void settle(struct xdp_md *ctx, struct packet *p)
{
	if (packet_unsettled(p))
		packet_settle(p, bpf_xdp_get_buff_len(ctx) - linear_bytes(ctx) +
					 (config.replay ? globals.replay_missing : 0));
}

static __always_inline enum parse_outcome frame_parse(struct xdp_md *ctx, struct packet *p)
{
	struct cursor c = frame_cursor(ctx);
	enum parse_outcome outcome =
		config.raw_ip ? parse_raw_ip(&c, p, PARSE_WHOLE) : parse_ethernet(&c, p, PARSE_WHOLE);

	if (outcome == PARSE_OK && p->version)
		settle(ctx, p);
	return outcome;
}

/*
 * The rare path parses the frame again, into memory that the verifier knows nothing of, behind a function that it
 * checks once and for all: handing the parser's many outcomes on to all that follows would be more than it walks.
 */
__noinline int frame_parse_again(struct xdp_md *ctx)
{
	struct packet parsed = {};
	enum parse_outcome outcome = frame_parse(ctx, &parsed);
	__u32 zero = 0;
	struct workspace *work = bpf_map_lookup_elem(&workspaces, &zero);

	if (!work)
		return PARSE_UNSUPPORTED;
	work->packet = parsed;
	return outcome;
}

/* Of the payload, as defs/head.h has them; 0: there are fewer. */
static __always_inline __u64 first_bytes(struct xdp_md *ctx, const struct packet *p)
{
	__u64 first;

	if (p->header_bytes + HEAD_BYTES > p->seen_bytes ||
	    bpf_xdp_load_bytes(ctx, linear_bytes(ctx) - p->seen_bytes + p->header_bytes, &first, HEAD_BYTES))
		return 0;
	return __builtin_bswap64(first);
}

/* Announce what is not announced yet, and end a handshake. What finds the ring full is left for the next packet. */
static __always_inline void flow_tell(struct xdp_md *ctx, const struct workspace *work, struct flow_slot *slot,
				      __u32 bucket)
{
	__u32 from = work->id.from;
	__u8 opener;

	if (slot->handshake & FLOW_UNTOLD &&
	    emit_flow(ctx, &work->key, flow_slot_entry(slot->state, bucket), &work->packet, from))
		slot->handshake &= ~FLOW_UNTOLD;
	if (!flow_handshake_ends(slot, &work->packet, from))
		return;
	opener = !!(slot->handshake & HANDSHAKE_OPENER);
	if (emit_handshake(&work->key, &work->packet, slot->seq, flow_handshake_time(slot, clock_ns() / 1000),
			   opener))
		flow_handshake_end(slot);
}

/*
 * A packet that may tell more than that its flow goes on: of a new flow (and then it is counted here), or one for which
 * flow_slot_count() said so.
 */
__noinline int learn_rare(struct xdp_md *ctx, __u32 counted)
{
	int outcome = frame_parse_again(ctx);
	__u32 zero = 0, hash, bucket_index, class;
	struct workspace *work = bpf_map_lookup_elem(&workspaces, &zero);
	struct flow_bucket *bucket;
	struct flow_slot *slot;

	if (!work)
		return 0;
	if (outcome != PARSE_OK) {
		counter_add(COUNTER_TRUNCATED + outcome - PARSE_TRUNCATED);
		return 0;
	}
	hash = flow_identify(&work->packet, hash_seed(), &work->id);
	flow_id_key(&work->id, &work->key);
	bucket_index = hash >> (32 - config.bucket_bits);
	bucket = bpf_map_lookup_elem(&flows, &bucket_index);
	if (!bucket)
		return 0;
	slot = flow_find(bucket, hash, &work->id);
	if (!slot)
		slot = flow_make(bucket, hash, work);
	if (!slot)
		return 0;
	if (config.replay)
		replay_note(slot, bucket_index);
	if (!counted && !flow_slot_count(slot, &work->packet, work->id.from, clock_ticks()))
		return 0;
	if (slot->packets[work->id.from & 1] == 1)
		host_learn(ctx, &work->packet);
	if (flow_handshake_begins(slot, &work->packet, work->id.from))
		flow_handshake_begin(slot, &work->packet, work->id.from, clock_ns() / 1000);
	flow_tell(ctx, work, slot, bucket_index);
	class = flow_take_copy(
		slot, &work->packet, work->id.from,
		flow_wants_head(slot, &work->packet, work->id.from) ? first_bytes(ctx, &work->packet) : 0);
	if (class)
		emit_frame(ctx, class);
	return 0;
}

/* The steady path. */
static __always_inline void learn_ip(struct xdp_md *ctx, struct packet *p)
{
	struct flow_bucket *bucket;
	struct flow_slot *slot;
	struct flow_id id;
	__u32 hash, index;

	settle(ctx, p);
	hash = flow_identify(p, hash_seed(), &id);
	index = hash >> (32 - config.bucket_bits);
	bucket = bpf_map_lookup_elem(&flows, &index);
	if (!bucket)
		return;
	slot = flow_find(bucket, hash, &id);
	if (!slot) {
		learn_rare(ctx, false);
		return;
	}
	if (config.replay)
		replay_note(slot, index);
	if (flow_slot_count(slot, p, id.from, clock_ticks()))
		learn_rare(ctx, true);
}

__noinline int learn_other(struct xdp_md *ctx)
{
	int outcome = frame_parse_again(ctx);
	__u32 zero = 0, class;
	struct workspace *work = bpf_map_lookup_elem(&workspaces, &zero);

	if (outcome != PARSE_OK || !work)
		return 0;
	counter_add(COUNTER_FRAMES_OTHER);
	host_learn(ctx, &work->packet);
	class = class_of_other(&work->packet, frame_macs(ctx));
	if (class)
		emit_frame(ctx, class);
	return 0;
}

/* IPv4 and IPv6 each have a steady path of their own: what they share would be kept in memory between the two. */
static __always_inline enum parse_outcome learn_frame(struct xdp_md *ctx)
{
	struct cursor c = frame_cursor(ctx);
	struct packet p = {};
	enum parse_outcome outcome;
	__u16 type;

	if (config.raw_ip)
		return PARSE_SHALLOW;
	outcome = parse_ether_type(&c, &type);
	if (outcome == PARSE_OK)
		outcome = parse_link(&c, &p, &type, PARSE_FAST);
	if (outcome != PARSE_OK)
		return outcome;
	if (type == ETHER_IPV4) {
		outcome = parse_ipv4(&c, &p);
		if (outcome == PARSE_OK)
			learn_ip(ctx, &p);
	} else if (type == ETHER_IPV6) {
		outcome = parse_ipv6(&c, &p, PARSE_FAST);
		if (outcome == PARSE_OK)
			learn_ip(ctx, &p);
	} else {
		learn_other(ctx);
	}
	return outcome;
}

SEC("xdp.frags")
int netvisor_discover(struct xdp_md *ctx)
{
	enum parse_outcome outcome;
	int verdict;

	if (!config.replay && !config.raw_ip && !config.silent && probe_source.active) {
		verdict = probe_look(ctx);
		if (verdict != PROBE_PASS)
			return verdict;
	}
	outcome = learn_frame(ctx);
	if (outcome == PARSE_SHALLOW)
		learn_rare(ctx, false);
	else if (outcome != PARSE_OK)
		counter_add(COUNTER_TRUNCATED + outcome - PARSE_TRUNCATED);
	return config.span ? XDP_DROP : XDP_PASS;
}

/* Not attached anywhere: the sensor runs it. */
SEC("syscall")
int clock_sample(struct clock_sample *sample)
{
	sample->ticks = bpf_jiffies64();
	sample->mono_ns = bpf_ktime_get_ns();
	return 0;
}
