// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The XDP program: parse, learn, tell what is new. A packet of a known flow costs a parse, a hash and one cache line.
 *
 * Verdict: on to the stack, or dropped on a mirror port. Only while the sensor asks, and only on what answers it, is a frame taken
 * away or turned into one that is sent: probe.h.
 */
#include "bpf/fast.h"
#include "bpf/probe.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* Bytes in the first buffer. The verifier wants pointers subtracted in 64 bits; the compiler would narrow it. */
static __always_inline __u32 linear_bytes(struct xdp_md *ctx)
{
	long bytes = (void *)(long)ctx->data_end - (void *)(long)ctx->data;

	asm volatile("" : "+r"(bytes));
	return bytes;
}

static __always_inline void count_outcome(int outcome)
{
	counter_add(COUNTER_TRUNCATED + outcome - PARSE_TRUNCATED);
}

static __always_inline __u32 linear_left(const struct cursor *c)
{
	long bytes = c->end - c->pos;

	asm volatile("" : "+r"(bytes));
	return bytes;
}

/* Bytes of the frame that are not in its first buffer. */
static __always_inline __u32 frame_missing(struct xdp_md *ctx)
{
	return bpf_xdp_get_buff_len(ctx) - linear_bytes(ctx) + (config.replay ? globals.replay_missing : 0);
}

static __always_inline void settle(struct xdp_md *ctx, struct packet *p)
{
	if (packet_unsettled(p))
		packet_settle(p, frame_missing(ctx));
}

/*
 * The rare path parses the frame again, step by step into memory that the verifier knows nothing of, each step behind a function
 * that it checks once and for all: handing the parser's many outcomes on to all that follows would be more than it walks.
 */
static __always_inline struct workspace *workspace(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&workspaces, &zero);
}

/* From the link header on, at place.at, to what is above it. */
__noinline int frame_link(struct xdp_md *ctx)
{
	struct workspace *work = workspace();
	struct packet parsed = {};
	enum parse_outcome outcome;
	struct cursor c;
	__u16 type;

	if (!work)
		return PARSE_UNSUPPORTED;
	c = frame_cursor_at(ctx, work->place.at);
	type = work->place.around.type;
	if (config.raw_ip && !type)
		outcome = parse_raw_type(&c, &parsed, &type);
	else
		outcome = parse_inner_link(&c, &parsed, &type);
	work->packet = parsed;
	work->place.left = linear_left(&c);
	work->place.type = type;
	return outcome;
}

/* From there to the transport header. */
__noinline int frame_above(struct xdp_md *ctx)
{
	struct workspace *work = workspace();
	enum parse_outcome outcome;
	struct packet parsed;
	struct cursor c;
	__u32 at;

	if (!work)
		return PARSE_UNSUPPORTED;
	at = linear_bytes(ctx) - work->place.left;
	if (at > PACKET_INNER_AT_MAX)
		return PARSE_UNSUPPORTED;
	parsed = work->packet;
	c = frame_cursor_at(ctx, at);
	outcome = parse_above(&c, &parsed, work->place.type, PARSE_WHOLE);
	work->packet = parsed;
	return outcome;
}

/* From there to what a tunnel carries. */
__noinline int frame_tunnel(struct xdp_md *ctx)
{
	struct workspace *work = workspace();
	enum parse_outcome outcome;
	struct packet_inner inner;
	struct cursor c;
	__u32 at;

	if (!work)
		return PARSE_UNSUPPORTED;
	inner = work->packet.inner;
	at = linear_bytes(ctx) - inner.left;
	work->packet.inner.left = 0;
	if (at > PACKET_INNER_AT_MAX)
		return PARSE_UNSUPPORTED;
	c = frame_cursor_at(ctx, at);
	outcome = parse_tunnel(&c, &inner);
	work->packet.inner = inner;
	return outcome;
}

/* What place says, into the workspace. */
static __always_inline int frame_parse_place(struct xdp_md *ctx, struct workspace *work)
{
	struct packet_inner *around = &work->place.around;
	struct packet *p = &work->packet;
	int outcome = frame_link(ctx);

	if (outcome == PARSE_OK)
		outcome = frame_above(ctx);
	if (outcome != PARSE_OK)
		return outcome;
	packet_enclose(p, around->kind, around->tag, around->segment);
	if (p->version && packet_unsettled(p))
		packet_settle(p, around->cut ? PACKET_CUT_BYTES_MAX : frame_missing(ctx));
	if (!work->place.ethernet) /* copied from its IP header on */
		work->place.at = linear_bytes(ctx) - p->seen_bytes;
	return PARSE_OK;
}

/* The whole frame. */
static __always_inline int frame_parse(struct xdp_md *ctx, struct workspace *work)
{
	__u16 type = config.replay ? globals.replay_type : 0;
	struct place place = {.missing = config.replay ? globals.replay_missing : 0,
			      .ethernet = !config.raw_ip && !type};

	place.around.type = place.ethernet ? ETHER_TRANSPARENT : type;
	work->place = place;
	return frame_parse_place(ctx, work);
}

/* What the packet in the workspace carries, in its place. */
static __always_inline int frame_parse_inner(struct xdp_md *ctx, struct workspace *work)
{
	int outcome;

	work->place.around = work->packet.inner;
	work->place.at = linear_bytes(ctx) - work->place.around.left;
	work->place.ethernet = work->place.around.type == ETHER_TRANSPARENT;
	if (work->place.at > PACKET_INNER_AT_MAX)
		return PARSE_UNSUPPORTED;
	outcome = frame_parse_place(ctx, work);
	work->place.missing = packet_missing(&work->packet, work->place.around.cut, work->place.missing);
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
	__u8 opener;

	if (slot->handshake & FLOW_UNTOLD && emit_flow(ctx, work, flow_slot_entry(slot->state, bucket)))
		slot->handshake &= ~FLOW_UNTOLD;
	if (!flow_handshake_ends(slot, &work->packet, work->id.from))
		return;
	opener = !!(slot->handshake & HANDSHAKE_OPENER);
	if (emit_handshake(&work->key, &work->packet, slot->seq, flow_handshake_time(slot, clock_ns() / 1000),
			   opener))
		flow_handshake_end(slot);
}

/* Whether the frame, from byte at on, is a repetition of one that was just there: then it is counted. */
__noinline int fold_frame(struct xdp_md *ctx, __u32 at)
{
	struct cursor c = frame_cursor_at(ctx, at);
	__u64 sum = fold_begin(hash_seed(), bpf_xdp_get_buff_len(ctx) - at);
	__u32 tick = clock_ticks(), index;
	struct fold_entry *entry;

#pragma GCC unroll 1
	for (int i = 0; i < FOLD_WORDS && cursor_has(&c, 8); i++)
		sum = fold_mix(sum, hash_seed(), *(const __u64 *)cursor_take(&c, 8));
	index = fold_index(sum);
	entry = bpf_map_lookup_elem(&folds, &index);
	if (!entry)
		return false;
	if (fold_repeats(entry, sum, tick, fold_window(config.ticks_second))) {
		counter_add(COUNTER_FRAMES_REPEATED);
		globals.folding = 1;
		globals.fold_tick = tick;
		return true;
	}
	if (globals.folding && tick - globals.fold_tick > FOLD_SECONDS * config.ticks_second) {
		globals.folding = 0;
		entry->digest = 0; /* a SYN is looked at once more, and would be its own copy */
	}
	return false;
}

/* The IP packet in the workspace: of a flow that may be new, and counted already or not. */
__noinline int learn_packet(struct xdp_md *ctx, __u32 counted)
{
	struct workspace *work = workspace();
	__u32 hash, class;
	struct flow_bucket *bucket;
	struct flow_slot *slot;

	if (!work)
		return 0;
	hash = flow_identify(&work->packet, hash_seed(), &work->id);
	flow_id_key(&work->id, &work->key);
	work->bucket = hash & globals.bucket_mask;
	bucket = bpf_map_lookup_elem(&flows, &work->bucket);
	if (!bucket)
		return 0;
	slot = flow_find(bucket, work->bucket, hash, &work->id);
	if (!slot)
		slot = flow_make(work, hash);
	if (!slot)
		return 0;
	if (config.replay)
		replay_note(slot, work->bucket, work->id.from);
	if (!counted && !flow_slot_count(slot, &work->packet, work->id.from, clock_ticks()))
		return 0;
	if (config.span && !globals.folding && flow_opens(&work->packet) && fold_frame(ctx, work->place.at)) {
		flow_slot_uncount(slot, &work->packet, work->id.from);
		return 0;
	}
	if (slot->packets[work->id.from & 1] == 1)
		host_learn(ctx, work);
	if (flow_handshake_begins(slot, &work->packet, work->id.from))
		flow_handshake_begin(slot, &work->packet, work->id.from, clock_ns() / 1000);
	flow_tell(ctx, work, slot, work->bucket);
	class = flow_take_copy(
		slot, &work->packet, work->id.from,
		flow_wants_head(slot, &work->packet, work->id.from) ? first_bytes(ctx, &work->packet) : 0);
	if (class)
		emit_frame(ctx, work, class);
	return 0;
}

/* What is in the workspace and not IP. */
__noinline int learn_frame_other(struct xdp_md *ctx)
{
	struct workspace *work = workspace();
	const __u8 *mac;
	__u32 class;

	if (!work)
		return 0;
	counter_add(COUNTER_FRAMES_OTHER);
	host_learn(ctx, work);
	mac = frame_macs(ctx, &work->place);
	class = mac ? class_of_other(&work->packet, mac) : FRAME_NONE;
	if (class)
		emit_frame(ctx, work, class);
	return 0;
}

static __always_inline void learn_workspace(struct xdp_md *ctx, const struct workspace *work, __u32 counted)
{
	if (work->packet.version)
		learn_packet(ctx, counted);
	else
		learn_frame_other(ctx);
}

/* What the packet in the workspace carries. */
__noinline int learn_inner(struct xdp_md *ctx)
{
	struct workspace *work = workspace();
	int outcome;

	if (!work)
		return 0;
	outcome = frame_parse_inner(ctx, work);
	if (outcome != PARSE_OK) {
		count_outcome(outcome);
		return 0;
	}
	if (config.span && globals.folding && fold_frame(ctx, work->place.at))
		return 0;
	counter_add(COUNTER_TUNNELED);
	if (work->packet.inner.left)
		counter_add(COUNTER_TUNNELS_DEEPER);
	learn_workspace(ctx, work, false);
	return 0;
}

/*
 * A frame that may tell more than that its flow goes on: of a new flow (and then it is counted here), or one for which
 * flow_slot_count() said so; one that is not IP; one in which PARSE_FAST has not seen all.
 */
__noinline int learn_rare(struct xdp_md *ctx, __u32 counted)
{
	struct workspace *work = workspace();
	int outcome, inside = PARSE_OK;

	if (!work)
		return 0;
	outcome = frame_parse(ctx, work);
	if (outcome != PARSE_OK) {
		count_outcome(outcome);
		return 0;
	}
	if (work->packet.inner.left)
		inside = frame_tunnel(ctx);
	learn_workspace(ctx, work, counted);
	if (inside != PARSE_OK)
		count_outcome(inside);
	else if (work->packet.inner.left)
		learn_inner(ctx);
	return 0;
}

/* The steady path of what fast.h does not know. */
static __always_inline void learn_ip(struct xdp_md *ctx, struct packet *p)
{
	struct flow_bucket *bucket;
	struct flow_slot *slot;
	struct flow_id id;
	__u32 hash, index;

	settle(ctx, p);
	hash = flow_identify(p, hash_seed(), &id);
	index = hash & globals.bucket_mask;
	bucket = bpf_map_lookup_elem(&flows, &index);
	if (!bucket)
		return;
	slot = flow_find(bucket, index, hash, &id);
	if (!slot) {
		learn_rare(ctx, false);
		return;
	}
	if (config.replay)
		replay_note(slot, index, id.from);
	if (flow_slot_count(slot, p, id.from, clock_ticks()))
		learn_rare(ctx, true);
}

/* IPv4 and IPv6 each have a steady path of their own: what they share would be kept in memory between the two. */
static __always_inline enum parse_outcome learn_frame(struct xdp_md *ctx)
{
	struct cursor c = frame_cursor(ctx);
	struct packet p = {};
	enum parse_outcome outcome;
	__u16 type;

	if (config.span && globals.folding && fold_frame(ctx, 0))
		return PARSE_OK;
	if (config.raw_ip || (config.replay && globals.replay_type))
		return PARSE_SHALLOW;
	switch (fast_learn(&c)) {
	case FAST_DONE:
		return PARSE_OK;
	case FAST_NEW:
		learn_rare(ctx, false);
		return PARSE_OK;
	case FAST_TELLS:
		learn_rare(ctx, true);
		return PARSE_OK;
	case FAST_OTHER:
		break;
	}
	outcome = parse_ether_type(&c, &type);
	if (outcome == PARSE_OK)
		outcome = parse_link(&c, &p, &type, PARSE_FAST);
	if (outcome != PARSE_OK)
		return outcome;
	if (type == ETHER_IPV4) {
		outcome = parse_ipv4(&c, &p, PARSE_FAST);
		if (outcome == PARSE_OK)
			learn_ip(ctx, &p);
	} else if (type == ETHER_IPV6) {
		outcome = parse_ipv6(&c, &p, PARSE_FAST);
		if (outcome == PARSE_OK)
			learn_ip(ctx, &p);
	} else {
		learn_rare(ctx, false);
	}
	return outcome;
}

SEC("xdp.frags")
int netvisor_discover(struct xdp_md *ctx)
{
	enum parse_outcome outcome;
	int verdict;

	if (probe_source.active && !config.replay && !config.raw_ip && !config.silent) {
		verdict = probe_look(ctx);
		if (verdict != PROBE_PASS)
			return verdict;
	}
	outcome = learn_frame(ctx);
	if (outcome == PARSE_SHALLOW)
		learn_rare(ctx, false);
	else if (outcome != PARSE_OK)
		count_outcome(outcome);
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
