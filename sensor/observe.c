// SPDX-License-Identifier: BSD-2-Clause
/*
 * What engines tell, turned into facts. See observe.h.
 *
 * Records come from the kernel or from learn.c, but what they hold comes from strangers: sizes are checked, frames are
 * parsed again, and what a decoder refuses is counted under its name and said as a `loss` fact.
 */
#include "sensor/observe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/conflict/conflicts.h"
#include "sensor/datagrams.h"
#include "sensor/flows.h"
#include "sensor/frame.h"
#include "sensor/heads.h"
#include "sensor/heard/quic.h"
#include "sensor/hellos.h"
#include "sensor/hosts.h"
#include "sensor/inside.h"
#include "sensor/losses.h"
#include "sensor/presence.h"
#include "sensor/questions.h"
#include "sensor/record_key.h"
#include "sensor/segments.h"
#include "sensor/services.h"
#include "sensor/sightings.h"
#include "sensor/variety.h"

struct observe {
	struct sightings *sightings;
	struct hosts *hosts;
	struct flows *flows;
	struct services *services;
	struct segments *segments;
	struct heads *heads;
	struct hellos *hellos;
	struct variety *variety;
	struct datagrams *datagrams;
	struct questions *questions;
	struct conflicts *conflicts;
	struct presence *presence;
	int64_t now_us; /* of the latest record or report */
	struct losses *losses;
	struct fact_list list; /* of the frame at hand */
};

static void lose(struct observe *o, const char *prefix, const char *name, uint64_t more)
{
	losses_add(o->losses, prefix, name, more, o->now_us);
}

/* What a decoded address means for the host it is of. False: it is not to be believed. */
static bool learn_binding(struct observe *o, const struct frame *frame, const struct fact *fact,
			  uint32_t length)
{
	if (!hosts_bind(o->hosts, frame->packet.vlan, &fact->mac, &fact->ip, frame->ctx.inside != TUNNEL_NONE,
			fact->last_us))
		return false;
	if (fact->source == SOURCE_ARP) /* no flow counts ARP */
		hosts_count(o->hosts, frame->packet.vlan, NULL, &fact->ip, 1, length, fact->last_us);
	return true;
}

static void key_of_packet(const struct frame *frame, struct flow_key *key, uint8_t *from)
{
	static const __u64 no_seed[FLOW_SEEDS];
	struct flow_slot slot = {};
	struct flow_id id;

	flow_identify(&frame->packet, no_seed, &id);
	slot.ports = id.ports;
	slot.ends = id.ends;
	slot.link = id.link;
	flow_slot_key(&slot, flow_is_v6(&id) ? id.addr : NULL, key);
	*from = id.from & 1;
}

/* What it does not refuse is its protocol, also when it has nothing to say of it. */
static bool has_form(const struct decoder *decoder)
{
	static decode_function *const strict[] = {decode_dns,  decode_dns_tcp, decode_mdns,  decode_llmnr,
						  decode_nbns, decode_dhcp,    decode_dhcpv6};

	for (size_t i = 0; i < sizeof(strict) / sizeof(strict[0]); i++)
		if (decoder->decode == strict[i])
			return true;
	return false;
}

/* An answer that no decoder is for has the service's name, if any. */
static struct text app_of(const struct decoder *decoder, const struct fact_list *list)
{
	if (decoder->decode != decode_answer)
		return (struct text){decoder->name, strlen(decoder->name)};
	for (size_t i = 0; i < list->count; i++)
		if (list->item[i].kind == FACT_SERVICE && FACT_HAS(&list->item[i], name))
			return list->item[i].name;
	return (struct text){};
}

static void decode_payload(struct observe *o, const struct frame *frame, struct wire payload, uint32_t length)
{
	struct fact_list *list = &o->list;
	struct flow_key key;
	uint8_t from;

	fact_list_reset(list);
	if (frame->decoder->decode(&frame->ctx, payload, list)) {
		lose(o, frame->ctx.cut ? "truncated_" : "malformed_", frame->decoder->name, 1);
		return;
	}
	if (list->dropped)
		lose(o, "facts_over_limit_", frame->decoder->name, list->dropped);
	presence_hear(o->presence, frame, payload, list);
	conflicts_hear(o->conflicts, frame, payload, list); /* by the protocol, also inside a tunnel */
	for (size_t i = 0; i < list->count; i++) {
		struct fact *fact = &list->item[i];

		if (fact->kind == FACT_ADDRESS && !learn_binding(o, frame, fact, length)) {
			lose(o, "", "tunnel_claims_left_out", 1);
			continue;
		}
		if (fact->kind == FACT_SERVICE && !FACT_HAS(fact, clients))
			services_heard(o->services, fact, &frame->ctx.ip_dst);
		if (!variety_may_say(o->variety, fact)) {
			lose(o, "facts_over_limit_", frame->decoder->name, 1);
			continue;
		}
		fact->source = inside_source(fact, frame->ctx.inside);
		if (fact->kind == FACT_ADDRESS && frame->ctx.segment)
			FACT_SET(fact, segment, frame->ctx.segment);
		sightings_see(o->sightings, fact);
	}
	if ((frame->datagram || frame->segment) && (list->count || has_form(frame->decoder))) {
		key_of_packet(frame, &key, &from);
		flows_heard(o->flows, &key, app_of(frame->decoder, list));
	}
}

/* Of a port that the connection was opened from: HTTP was asked there by who was called (SOCKS turned round), and its answers are another's. */
static bool is_of_caller(const struct observe *o, const struct flow_key *key, const struct fact *fact)
{
	for (unsigned int end = 0; end < 2; end++) {
		struct ip ip = flow_key_ip(key, end);

		if (FACT_HAS(fact, port) && fact->port == flow_key_port(key, end) && ip_equal(&fact->ip, &ip))
			return flows_opened_by(o->flows, key, end);
	}
	return false;
}

/* Which server it was is told, as what came through that address, of no port of it. False: nothing of the fact is true there. */
static bool came_through(struct fact *fact)
{
	static const char key[] = "http.server";

	if (fact->kind != FACT_TRAIT || fact->key.length != strlen(key) ||
	    memcmp(fact->key.bytes, key, strlen(key)) != 0)
		return false;
	fact->has &= ~(UINT64_C(1) << FIELD_port);
	fact->confidence = CONFIDENCE_MEASURED;
	return true;
}

/* What the head of a connection says. */
static void observe_heard(void *to, const struct flow_key *key, struct text app, const struct fact_list *list)
{
	struct observe *o = to;
	struct ip ends[2] = {flow_key_ip(key, 0), flow_key_ip(key, 1)};

	if (list->dropped)
		lose(o, "facts_over_limit_", "heard", list->dropped);
	flows_heard(o->flows, key, app);
	for (size_t i = 0; i < list->count; i++) {
		struct fact fact = list->item[i];

		if (key->proto == PROTO_TCP && is_of_caller(o, key, &fact) && !came_through(&fact))
			continue;
		if (fact.kind == FACT_SERVICE)
			services_heard(o->services, &fact, &ends[ip_equal(&ends[0], &fact.ip)]);
		if (fact.kind == FACT_TRAIT && !variety_allows(o->variety, &fact))
			lose(o, "facts_over_limit_", "heard", 1);
		else
			sightings_see(o->sightings, &fact);
	}
}

static void observe_segment(struct observe *o, const struct frame *frame, uint32_t length)
{
	bool syn = frame->packet.tcp_flags &
		   TCP_SYN; /* counts as one byte before the payload (RFC 7413 sends some) */
	struct segment segment = {.seq = frame->packet.seq + syn,
				  .bytes = frame->payload.at,
				  .length = frame->payload.left,
				  .time_us = frame->ctx.time_us};
	struct flow_key key;
	const uint8_t *bytes;
	size_t size;

	if (frame->payload.left == 0)
		return;
	key_of_packet(frame, &key, &segment.from);
	segment.key = &key;
	if (!frame->decoder) {
		heads_add(o->heads, &segment);
		return;
	}
	segments_add(o->segments, &segment);
	while (segments_message(o->segments, &bytes, &size))
		decode_payload(o, frame, wire_over(bytes, size), length);
}

/* The sender of a frame between bridges is a device without an address, as far as the frame tells. */
static void count_link_sender(struct observe *o, const struct frame *frame, uint32_t length)
{
	struct ip none = {};

	hosts_count(o->hosts, frame->packet.vlan, &frame->ctx.mac_src, &none, 1, length, frame->ctx.time_us);
}

static void observe_quic(struct observe *o, const struct frame *frame)
{
	struct hello_datagram datagram = {.time_us = frame->ctx.time_us, .payload = frame->payload};
	struct flow_key key;

	key_of_packet(frame, &key, &datagram.from);
	datagram.key = &key;
	hellos_add(o->hellos, &datagram);
}

static void decode_frame(struct observe *o, struct frame *frame, uint32_t length)
{
	if (frame->datagram)
		questions_see(o->questions, &frame->ctx, frame->payload);
	if (frame->segment)
		observe_segment(o, frame, length);
	else if (frame->datagram && !frame->decoder && quic_begins(frame->payload))
		observe_quic(o, frame);
	else if (frame->datagram && !frame->decoder && frame->ctx.asked.left)
		frame->decoder = decode_find_answer();
	if (frame->decoder && !frame->segment)
		decode_payload(o, frame, frame->payload, length);
}

/* The first piece of a datagram is looked at by itself too: the others may never come. */
static void observe_frame(struct observe *o, const struct record_frame *record, int64_t time_us)
{
	const struct record_frame *whole;
	struct frame frame;

	if (frame_open(record, time_us, &frame)) {
		lose(o, "", "frames_unreadable", 1);
		return;
	}
	if (record->frame_class == FRAME_LINK && frame.ethernet)
		count_link_sender(o, &frame, record->length);
	decode_frame(o, &frame, record->length);
	whole = datagrams_add(o->datagrams, record, &frame);
	if (whole && frame_open(whole, time_us, &frame) == 0)
		decode_frame(o, &frame, whole->length);
}

/* Multicast that routers never forward: 224.0.0.0/24 (RFC 5771), ff02::/16, and the limited broadcast. */
static bool stays_on_link(const struct ip *ip)
{
	if (ip->version == 6)
		return ip->bytes[0] == 0xff && (ip->bytes[1] & 15) <= 2;
	return ip->version == 4 && ip_is_multicast(ip) &&
	       (ip->bytes[0] == 255 || (ip->bytes[0] == 224 && ip->bytes[1] == 0 && ip->bytes[2] == 0));
}

static void observe_begin(struct observe *o, const struct record_flow *record, int64_t time_us)
{
	unsigned int from = record->direction & 1;
	struct ip sender = flow_key_ip(&record->key, from), receiver = flow_key_ip(&record->key, !from);
	struct mac mac;

	memcpy(mac.bytes, record->mac_src, sizeof(mac.bytes));
	hosts_spoke(o->hosts, record->key.vlan, mac_is_zero(&mac) ? NULL : &mac, &sender,
		    stays_on_link(&receiver), time_us);
	flows_begin(o->flows, record, time_us);
}

static void observe_host(struct observe *o, const struct record_host *record, int64_t time_us)
{
	struct ip ip = ip_of(record->version, record->addr);
	struct mac mac;

	memcpy(mac.bytes, record->mac, sizeof(mac.bytes));
	hosts_spoke(o->hosts, record->vlan, mac_is_zero(&mac) ? NULL : &mac, &ip, false, time_us);
}

static bool key_is_sound(const struct flow_key *key)
{
	return (key->version == 4 || key->version == 6) && key->vlan >> 48 <= VLAN_TAGS_MAX;
}

int observe_open(struct sightings *s, struct observe **out)
{
	struct observe *o = calloc(1, sizeof(*o));

	if (!o)
		return -ENOMEM;
	o->sightings = s;
	if (losses_open(&o->losses) || hosts_open(s, &o->hosts) || flows_open(s, o->hosts, &o->flows) ||
	    services_open(s, &o->services) || segments_open(&o->segments) || datagrams_open(&o->datagrams) ||
	    questions_open(&o->questions) || variety_open(&o->variety) || conflicts_open(s, &o->conflicts) ||
	    presence_open(&o->presence) || heads_open(observe_heard, o, &o->heads) ||
	    hellos_open(observe_heard, o, &o->hellos)) {
		observe_close(o);
		return -ENOMEM;
	}
	hosts_believe(o->hosts, o->presence);
	*out = o;
	return 0;
}

void observe_record(struct observe *o, const struct record *record, size_t size, int64_t time_us)
{
	const struct record_frame *frame = (const void *)record;
	const struct record_flow *flow = (const void *)record;
	const struct record_handshake *handshake = (const void *)record;

	o->now_us = time_us;
	if (size < sizeof(*record))
		goto malformed;
	switch (record->type) {
	case RECORD_FLOW:
		if (size < sizeof(*flow) || !key_is_sound(&flow->key))
			goto malformed;
		observe_begin(o, flow, time_us);
		return;
	case RECORD_HANDSHAKE:
		if (size < sizeof(*handshake) || !key_is_sound(&handshake->key))
			goto malformed;
		flows_handshake(o->flows, handshake, time_us);
		services_handshake(o->services, handshake, time_us);
		if (handshake->key.proto == PROTO_TCP)
			heads_handshake(o->heads, handshake, time_us);
		return;
	case RECORD_HOST:
		if (size < sizeof(struct record_host))
			goto malformed;
		observe_host(o, (const void *)record, time_us);
		return;
	case RECORD_FRAME:
		if (size < sizeof(*frame) || frame->captured > size - sizeof(*frame) ||
		    frame->length < frame->captured)
			goto malformed;
		observe_frame(o, frame, time_us);
		return;
	}
malformed:
	lose(o, "", "records_malformed", 1);
}

void observe_flow(struct observe *o, const struct flow_report *report)
{
	if (report->last_us > o->now_us)
		o->now_us = report->last_us;
	if (key_is_sound(&report->key))
		flows_report(o->flows, report);
	else
		lose(o, "", "records_malformed", 1);
}

void observe_loss(struct observe *o, const char *counter, uint64_t value, int64_t time_us)
{
	if (value)
		losses_set(o->losses, counter, value, time_us);
}

void observe_tick(struct observe *o, int64_t now_us)
{
	heads_tick(o->heads, now_us);
	conflicts_tick(o->conflicts, now_us);
	if (now_us < o->now_us) /* a file's time is that of its packets */
		now_us = o->now_us;
	flows_tick(o->flows);
	hosts_tick(o->hosts);
	observe_loss(o, "flows_forgotten", flows_evicted(o->flows), now_us);
	observe_loss(o, "hosts_forgotten", hosts_evicted(o->hosts), now_us);
	observe_loss(o, "claims_forgotten", conflicts_evicted(o->conflicts) + presence_evicted(o->presence),
		     now_us);
	observe_loss(o, "conflicts_over_limit", conflicts_unsaid(o->conflicts), now_us);
	observe_loss(o, "services_forgotten", services_evicted(o->services), now_us);
	observe_loss(o, "clients_uncounted", services_uncounted(o->services), now_us);
	observe_loss(o, "received_forgotten", hosts_debts_evicted(o->hosts), now_us);
	observe_loss(o, "questions_forgotten", questions_forgotten(o->questions), now_us);
	observe_loss(o, "streams_given_up", segments_given_up(o->segments), now_us);
	observe_loss(o, "connections_given_up", heads_given_up(o->heads), now_us);
	observe_loss(o, "hellos_given_up", hellos_given_up(o->hellos), now_us);
	observe_loss(o, "datagrams_given_up", datagrams_given_up(o->datagrams), now_us);
	losses_say(o->losses, o->sightings);
}

void observe_close(struct observe *o)
{
	if (!o)
		return;
	losses_close(o->losses);
	hellos_close(o->hellos);
	heads_close(o->heads);
	conflicts_close(o->conflicts);
	presence_close(o->presence);
	variety_close(o->variety);
	questions_close(o->questions);
	datagrams_close(o->datagrams);
	segments_close(o->segments);
	services_close(o->services);
	flows_close(o->flows);
	hosts_close(o->hosts);
	free(o);
}
