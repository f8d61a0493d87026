// SPDX-License-Identifier: BSD-2-Clause
/*
 * Learning in user space. See learn.h: the twin of bpf/discover.bpf.c and bpf/learn.h, on the same defs/parse.h and
 * defs/flow.h. Only where slots live is its own: learn_flows.h.
 */
#include "sensor/learn.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "defs/flow.h"
#include "defs/fold.h"
#include "defs/limits.h"
#include "sensor/frame.h"
#include "sensor/learn_flows.h"
#include "sensor/observe.h"
#include "sensor/table.h"

enum { TICKS_SECOND = 1000 };

struct host_key {
	vlan_packed vlan;
	uint8_t addr[16], mac[6], version, pad;
};

struct host {
	struct table_entry entry;
	struct host_key key;
};

struct learn {
	struct learn_flows flows;
	struct table *hosts;
	__u64 seed[FLOW_SEEDS];
	uint64_t counters[COUNTER_COUNT];
	bool mirror;
	bool folding; /* frames are looked at for repetitions: defs/fold.h */
	uint32_t fold_tick;
	struct fold_entry folds[FOLD_ENTRIES];
	union {
		struct record_frame record;
		uint8_t room[sizeof(struct record_frame) + FRAME_COPY_BYTES_MAX];
	} copy;
};

/* What is learned from: a whole frame, or what a tunnel in it carries. */
struct seen {
	const struct learn_frame *frame;
	struct packet packet;
	const uint8_t *mac; /* the Ethernet header, or NULL */
	struct flow_id id;
	struct packet_inner around; /* of the packet that carries it; zero where none does */
};

static struct record record_head(enum record_type type, size_t size, int64_t time_us)
{
	return (struct record){.type = type, .size = (__u16)size, .time_ns = (__u64)time_us * 1000};
}

static void tell_host(struct learn *l, struct observe *o, const struct seen *seen)
{
	const struct packet *p = &seen->packet;
	struct host_key key = {.vlan = p->vlan};
	struct record_host record = {.head = record_head(RECORD_HOST, sizeof(record), seen->frame->time_us)};
	static const uint8_t none[16];

	if (seen->mac && seen->mac[6] & 1)
		return;
	if (seen->mac)
		memcpy(key.mac, seen->mac + 6, sizeof(key.mac));
	if (p->version == 4 && p->addr_v4_n[0]) {
		key.version = 4;
		memcpy(key.addr, &p->addr_v4_n[0], 4);
	} else if (p->version == 6 && memcmp(p->addr_v6, none, sizeof(none)) != 0) {
		key.version = 6;
		memcpy(key.addr, p->addr_v6, sizeof(key.addr));
	}
	if ((!seen->mac && !key.version) || table_find(l->hosts, &key))
		return;
	if (table_add(l->hosts, &key))
		l->counters[COUNTER_HOSTS]++;
	record.vlan = key.vlan;
	record.version = key.version;
	memcpy(record.mac, key.mac, sizeof(record.mac));
	memcpy(record.addr, key.addr, sizeof(record.addr));
	observe_record(o, &record.head, sizeof(record), seen->frame->time_us);
}

/* A frame of a link without Ethernet is copied from its IP header on. */
static void tell_frame(struct learn *l, struct observe *o, const struct seen *seen, enum frame_class class)
{
	const struct learn_frame *frame = seen->frame;
	struct record_frame *record = &l->copy.record;
	uint32_t skipped = frame->ether_type ? frame->captured - seen->packet.seen_bytes : 0;
	uint32_t captured = frame->captured - skipped;

	if (captured > FRAME_COPY_BYTES_MAX) {
		captured = FRAME_COPY_BYTES_MAX;
		l->counters[COUNTER_FRAME_CUT]++;
	}
	memset(record, 0, sizeof(*record));
	record->head = record_head(RECORD_FRAME, sizeof(*record) + captured, frame->time_us);
	record->frame_class = class;
	record->captured = (__u16)captured;
	record->length = frame->length - skipped;
	record->link = frame->ether_type ? LINK_RAW_IP : LINK_ETHERNET;
	record->inside = seen->packet.inside;
	record->tag = packet_tag(&seen->packet, record->link == LINK_ETHERNET, seen->around.tag);
	record->segment = seen->around.segment;
	memcpy(record->bytes, frame->bytes + skipped, captured);
	observe_record(o, &record->head, record->head.size, frame->time_us);
}

static void entry_key(const struct learn_flow *e, struct flow_key *key)
{
	flow_slot_key(&e->slot, e->slot.link >> FLOW_LINK_VERSION_6 & 1 ? e->addr : NULL, key);
}

static void report(struct observe *o, struct learn_flow *e, bool finished)
{
	struct flow_report all = {.entry = e->id,
				  .last_us = e->last_us,
				  .sent_us = {e->sent_us[0], e->sent_us[1]},
				  .finished = finished};

	entry_key(e, &all.key);
	told_report(&e->told, &e->slot, &all);
	observe_flow(o, &all);
}

static void leave(void *context, struct learn_flow *flow)
{
	report(context, flow, true);
}

static void tell_flow(struct observe *o, const struct seen *seen, const struct learn_flow *e)
{
	struct record_flow record = {.head = record_head(RECORD_FLOW, sizeof(record), seen->frame->time_us),
				     .entry = e->id,
				     .direction = (__u8)seen->id.from,
				     .tcp_flags = seen->packet.tcp_flags};

	entry_key(e, &record.key);
	if (seen->mac) {
		memcpy(record.mac_dst, seen->mac, sizeof(record.mac_dst));
		memcpy(record.mac_src, seen->mac + 6, sizeof(record.mac_src));
	}
	observe_record(o, &record.head, sizeof(record), seen->frame->time_us);
}

static void tell_handshake(struct learn *l, struct observe *o, const struct seen *seen, struct learn_flow *e)
{
	struct record_handshake record = {
		.head = record_head(RECORD_HANDSHAKE, sizeof(record), seen->frame->time_us),
		.seq = e->slot.seq,
		.opener_seq = seen->packet.seq,
		.opener = !!(e->slot.handshake & HANDSHAKE_OPENER),
		.rtt_us = flow_handshake_time(&e->slot, (__u32)seen->frame->time_us)};

	entry_key(e, &record.key);
	flow_handshake_end(&e->slot);
	l->counters[COUNTER_HANDSHAKES]++;
	observe_record(o, &record.head, sizeof(record), seen->frame->time_us);
}

/* Of the payload, as defs/head.h has them; 0: there are fewer. */
static __u64 first_bytes(const struct seen *seen)
{
	const struct packet *p = &seen->packet;
	__u64 first;

	if (p->header_bytes + HEAD_BYTES > p->seen_bytes)
		return 0;
	memcpy(&first, seen->frame->bytes + seen->frame->captured - p->seen_bytes + p->header_bytes,
	       HEAD_BYTES);
	return __builtin_bswap64(first);
}

/* Whether the frame is a repetition of one that was just there: then it is counted. */
static bool fold_frame(struct learn *l, const struct learn_frame *frame)
{
	uint64_t sum = fold_begin(l->seed, frame->captured), word;
	uint32_t tick = (uint32_t)(frame->time_us / 1000), words = frame->captured / 8;
	struct fold_entry *entry;

	for (uint32_t i = 0; i < words && i < FOLD_WORDS; i++) {
		memcpy(&word, frame->bytes + (size_t)8 * i, 8);
		sum = fold_mix(sum, l->seed, word);
	}
	entry = &l->folds[fold_index(sum)];
	if (fold_repeats(entry, sum, tick, fold_window(TICKS_SECOND))) {
		l->counters[COUNTER_FRAMES_REPEATED]++;
		l->folding = true;
		l->fold_tick = tick;
		return true;
	}
	if (l->folding && tick - l->fold_tick > FOLD_SECONDS * TICKS_SECOND) {
		l->folding = false;
		entry->digest = 0; /* a SYN is looked at once more, and would be its own copy */
	}
	return false;
}

/* A packet that may tell more than that its flow goes on: learn_packet() of the XDP program. */
static void attend(struct learn *l, struct observe *o, const struct seen *seen, struct learn_flow *e)
{
	const struct packet *p = &seen->packet;
	uint32_t from = seen->id.from;
	enum frame_class class;

	if (l->mirror && !l->folding && flow_opens(p) && fold_frame(l, seen->frame)) {
		flow_slot_uncount(&e->slot, p, from);
		return;
	}
	if (e->slot.packets[from & 1] == 1)
		tell_host(l, o, seen);
	if (flow_handshake_begins(&e->slot, p, from))
		flow_handshake_begin(&e->slot, p, from, (__u32)seen->frame->time_us);
	if (e->slot.handshake & FLOW_UNTOLD) {
		tell_flow(o, seen, e);
		e->slot.handshake &= (__u8)~FLOW_UNTOLD;
	}
	if (flow_handshake_ends(&e->slot, p, from))
		tell_handshake(l, o, seen, e);
	class = flow_take_copy(&e->slot, p, from, flow_wants_head(&e->slot, p, from) ? first_bytes(seen) : 0);
	if (class)
		tell_frame(l, o, seen, class);
}

static void learn_ip(struct learn *l, struct observe *o, struct seen *seen)
{
	struct packet *p = &seen->packet;
	struct learn_flow *e;
	uint32_t hash;

	hash = flow_identify(p, l->seed, &seen->id);
	e = learn_flows_find(&l->flows, hash, &seen->id);
	if (!e) {
		e = learn_flows_make(&l->flows, hash, &seen->id, p, o);
		l->counters[COUNTER_FLOWS]++;
	}
	e->quiet = false;
	if (seen->frame->time_us > e->last_us)
		e->last_us = seen->frame->time_us;
	if (seen->frame->time_us > e->sent_us[seen->id.from & 1])
		e->sent_us[seen->id.from & 1] = seen->frame->time_us;
	if (flow_slot_count(&e->slot, p, seen->id.from, (__u32)(seen->frame->time_us / 1000)))
		attend(l, o, seen, e);
}

int learn_open(uint32_t flow_slots, struct learn **out)
{
	struct learn *l = calloc(1, sizeof(*l));
	struct table_options hosts = {.key_size = sizeof(struct host_key),
				      .entry_size = sizeof(struct host),
				      .capacity = HOST_ENTRIES_DEFAULT};

	if (!l)
		return -ENOMEM;
	l->flows.leave = leave;
	if (learn_flows_open(&l->flows, flow_slots) || table_open(&hosts, &l->hosts)) {
		learn_close(l);
		return -ENOMEM;
	}
	for (size_t i = 0; i < FLOW_SEEDS; i++) {
		uint64_t random[2];

		hash_key(random);
		l->seed[i] = random[0];
	}
	*out = l;
	return 0;
}

static void count_outcome(struct learn *l, enum parse_outcome outcome)
{
	l->counters[COUNTER_TRUNCATED + outcome - PARSE_TRUNCATED]++;
}

static void learn_seen(struct learn *l, struct observe *o, struct seen *seen)
{
	enum frame_class class;

	if (seen->packet.version) {
		learn_ip(l, o, seen);
		return;
	}
	l->counters[COUNTER_FRAMES_OTHER]++;
	tell_host(l, o, seen);
	class = seen->mac ? class_of_other(&seen->packet, seen->mac) : FRAME_NONE;
	if (class)
		tell_frame(l, o, seen, class);
}

/* What the packet carries. */
static void learn_inner(struct learn *l, struct observe *o, const struct seen *outer)
{
	struct seen seen = {.around = outer->packet.inner};
	struct learn_frame frame = *outer->frame;
	uint32_t at = frame.captured - seen.around.left, missing = frame.length - frame.captured;
	struct cursor c = {frame.bytes + at, frame.bytes + frame.captured};
	enum parse_outcome outcome =
		at > PACKET_INNER_AT_MAX ? PARSE_UNSUPPORTED : parse_inner(&c, &seen.packet, &seen.around);

	if (outcome != PARSE_OK) {
		count_outcome(l, outcome);
		return;
	}
	if (seen.packet.version && packet_unsettled(&seen.packet))
		packet_settle(&seen.packet, seen.around.cut ? PACKET_CUT_BYTES_MAX : missing);
	frame.bytes += at;
	frame.captured -= at;
	frame.length = frame.captured + packet_missing(&seen.packet, seen.around.cut, missing);
	frame.ether_type = seen.around.type == ETHER_TRANSPARENT ? 0 : seen.around.type;
	seen.frame = &frame;
	seen.mac = frame.ether_type ? NULL : frame.bytes;
	if (l->folding && fold_frame(l, &frame))
		return;
	l->counters[COUNTER_TUNNELED]++;
	l->counters[COUNTER_TUNNELS_DEEPER] += seen.packet.inner.left != 0;
	learn_seen(l, o, &seen);
}

static enum parse_outcome open_tunnel(const struct learn_frame *frame, struct packet_inner *inner)
{
	const uint8_t *end = frame->bytes + frame->captured;
	struct cursor c = {end - inner->left, end};

	if (frame->captured - inner->left <= PACKET_INNER_AT_MAX)
		return parse_tunnel(&c, inner);
	inner->left = 0;
	return PARSE_UNSUPPORTED;
}

void learn_mirror(struct learn *l)
{
	l->mirror = true;
}

void learn_frame(struct learn *l, struct observe *o, const struct learn_frame *frame)
{
	struct cursor c = {frame->bytes, frame->bytes + frame->captured};
	struct seen seen = {.frame = frame, .mac = frame->ether_type ? NULL : frame->bytes};
	struct packet_inner whole = {.type = frame->ether_type ? frame->ether_type : ETHER_TRANSPARENT};
	enum parse_outcome outcome, inside = PARSE_OK;

	if (l->folding && fold_frame(l, frame))
		return;
	outcome = parse_inner(&c, &seen.packet, &whole);
	if (outcome != PARSE_OK) {
		count_outcome(l, outcome);
		return;
	}
	if (seen.packet.version && packet_unsettled(&seen.packet))
		packet_settle(&seen.packet, frame->length - frame->captured);
	if (seen.packet.inner.left)
		inside = open_tunnel(frame, &seen.packet.inner);
	learn_seen(l, o, &seen);
	if (inside != PARSE_OK)
		count_outcome(l, inside);
	else if (seen.packet.inner.left)
		learn_inner(l, o, &seen);
}

void learn_sweep(struct learn *l, struct observe *o, int64_t now_us)
{
	for (uint32_t i = 0; i < l->flows.used; i++) {
		struct learn_flow *e = &l->flows.entries[i];

		if (e->slot.state != FLOW_LIVE)
			continue;
		if (now_us - e->last_us > flow_idle_s(&e->slot) * INT64_C(1000000)) {
			report(o, e, true);
			learn_flows_release(&l->flows, i);
		} else if (told_is_old(&e->told, &e->slot)) {
			report(o, e, false);
		}
	}
}

void learn_losses(const struct learn *l, struct observe *o, int64_t now_us)
{
	enum { LOSS, SEEN };
	static const struct {
		const char *name;
		int kind;
	} rows[] = {
#define COUNTER_ROW(id, name, kind) {name, kind},
		COUNTERS(COUNTER_ROW)};

	for (size_t i = 0; i < COUNTER_COUNT; i++)
		if (rows[i].kind == LOSS)
			observe_loss(o, rows[i].name, l->counters[i], now_us);
}

const uint64_t *learn_counters(const struct learn *l)
{
	return l->counters;
}

void learn_close(struct learn *l)
{
	if (!l)
		return;
	table_close(l->hosts);
	learn_flows_close(&l->flows);
	free(l);
}
