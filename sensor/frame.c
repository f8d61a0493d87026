// SPDX-License-Identifier: BSD-2-Clause
/*
 * A copied frame, opened. See frame.h. The parser is the one that the engine used (defs/parse.h), so both agree on what
 * the frame is.
 */
#include "sensor/frame.h"

#include <errno.h>
#include <string.h>

#include "sensor/record_key.h"

static enum parse_outcome parse(const struct record_frame *record, struct cursor *c, struct packet *p)
{
	enum parse_outcome outcome = PARSE_UNSUPPORTED;

	if (record->link == LINK_ETHERNET)
		outcome = parse_ethernet(c, p, PARSE_WHOLE);
	else if (record->link == LINK_RAW_IP)
		outcome = parse_raw_ip(c, p, PARSE_WHOLE);
	packet_enclose(p, record->inside, record->tag, record->segment);
	return outcome;
}

static void fill_context(const struct frame *frame, const struct record_frame *record, int64_t time_us,
			 struct decode_context *ctx)
{
	const struct packet *p = &frame->packet;

	ctx->time_us = time_us;
	ctx->vlan = vlan_unpack(p->vlan);
	ctx->inside = p->inside;
	ctx->segment = record->segment;
	if (record->link == LINK_ETHERNET) {
		memcpy(ctx->mac_dst.bytes, record->bytes, sizeof(ctx->mac_dst.bytes));
		memcpy(ctx->mac_src.bytes, record->bytes + 6, sizeof(ctx->mac_src.bytes));
	}
	if (p->version == 4) {
		ctx->ip_src = ip_from_v4(&p->addr_v4_n[0]);
		ctx->ip_dst = ip_from_v4(&p->addr_v4_n[1]);
		ctx->hop_limit = frame->network[8];
	} else if (p->version == 6) {
		ctx->ip_src = ip_from_v6(&p->addr_v6[0]);
		ctx->ip_dst = ip_from_v6(&p->addr_v6[2]);
		ctx->hop_limit = frame->network[7];
	}
	ctx->port_src = ntohs(p->port_n[0]);
	ctx->port_dst = ntohs(p->port_n[1]);
}

/* What follows header_bytes of the IP packet, as far as it was copied. */
static struct wire after_headers(const struct frame *frame, uint32_t header_bytes, bool *cut)
{
	const struct packet *p = &frame->packet;
	uint32_t whole = p->ip_bytes > header_bytes ? p->ip_bytes - header_bytes : 0;
	uint32_t seen = p->seen_bytes > header_bytes ? p->seen_bytes - header_bytes : 0;

	*cut |= seen < whole;
	return wire_over(frame->network + header_bytes, seen < whole ? seen : whole);
}

/* RFC 768: the datagram may be shorter than its packet. Longer than it: the first piece of a fragmented one. */
static int open_udp(struct frame *frame)
{
	struct wire header = after_headers(frame, frame->packet.header_bytes - 8, &frame->ctx.cut);

	wire_skip(&header, 4);
	uint16_t length = wire_u16(&header);
	wire_skip(&header, 2);
	if (header.bad || (length && length < 8))
		return -EBADMSG;
	frame->payload = header;
	if (length && length - 8u < header.left)
		frame->payload.left = length - 8u;
	else if (length && length - 8u > header.left)
		frame->ctx.cut = true;
	frame->datagram = true;
	frame->decoder = decode_find(DECODE_UDP, frame->ctx.port_dst, frame->ctx.port_src);
	if (!frame->decoder)
		frame->decoder = decode_guess(frame->payload);
	return 0;
}

/* The TCP header with its options. Behind extension headers it is nobody's fingerprint. */
static void open_syn(struct frame *frame)
{
	const struct packet *p = &frame->packet;
	uint32_t network_bytes = p->version == 4 ? (frame->network[0] & 15) * 4 : 40;

	if (p->version == 6 && frame->network[6] != PROTO_TCP)
		return;
	/* The parser has looked at 20 bytes of it: all of its options must have been copied, and be the packet's. */
	frame->payload = after_headers(frame, network_bytes, &frame->ctx.cut);
	if (frame->payload.left < p->header_bytes - network_bytes)
		frame->payload.left = 0;
	else
		frame->payload.left = p->header_bytes - network_bytes;
	frame->decoder = decode_find(DECODE_TCP_SYN, 0, 0);
}

/*
 * IEEE 802.2: who it is for stands in the first byte (the SAP), or in a SNAP header. What is behind the 802.3 length is padding, or a trailer
 * that some captures have.
 */
static void open_llc(struct frame *frame, const struct record_frame *record)
{
	static const struct {
		uint8_t header[6];
		enum decode_layer layer;
	} snap[] = {{{0xaa, 0xaa, 0x03, 0x00, 0x00, 0x0c}, DECODE_CISCO},
		    {{0xaa, 0xaa, 0x03, 0x00, 0xe0, 0x52}, DECODE_FOUNDRY},
		    {{0xaa, 0xaa, 0x03, 0x00, 0xe0, 0x2b}, DECODE_EXTREME}};
	struct wire *w = &frame->payload;
	size_t before = (size_t)(w->at - record->bytes);
	size_t length = before >= 2 ? (size_t)w->at[-2] << 8 | w->at[-1] : 0;

	frame->ctx.cut = length > w->left;
	if (length < w->left)
		w->left = length;
	for (size_t i = 0; i < sizeof(snap) / sizeof(snap[0]) && w->left >= 8; i++) {
		if (memcmp(w->at, snap[i].header, sizeof(snap[i].header)) != 0)
			continue;
		wire_skip(w, sizeof(snap[i].header));
		frame->decoder = decode_find(snap[i].layer, wire_u16(w), 0);
		return;
	}
	if (w->left >= 3 && w->at[0] == w->at[1]) {
		frame->decoder = decode_find(DECODE_SAP, w->at[0], 0);
		wire_skip(w, 3);
	}
}

int frame_open(const struct record_frame *record, int64_t time_us, struct frame *out)
{
	struct cursor c = {record->bytes, record->bytes + record->captured};
	struct packet *p = &out->packet;

	memset(out, 0, sizeof(*out));
	if (parse(record, &c, p) != PARSE_OK)
		return -EBADMSG;
	out->ctx.cut = p->version && p->ip_bytes > p->seen_bytes;
	if (packet_unsettled(p))
		packet_settle(p, record->length - record->captured);
	out->ethernet = record->link == LINK_ETHERNET;
	out->network = c.end - p->seen_bytes;
	fill_context(out, record, time_us, &out->ctx);
	if (p->version == 0) {
		out->ctx.cut = record->captured < record->length;
		out->payload = wire_over(c.pos, (size_t)(c.end - c.pos));
		if (p->ether_type == PACKET_LLC && out->ethernet)
			open_llc(out, record);
		else
			out->decoder = decode_find(DECODE_ETHERTYPE, p->ether_type, 0);
		return 0;
	}
	if (p->fragment_later)
		return 0;
	switch (p->proto) {
	case PROTO_ICMP:
	case PROTO_ICMPV6:
		out->payload = after_headers(out, p->header_bytes - 4, &out->ctx.cut);
		out->decoder =
			decode_find(p->proto == PROTO_ICMP ? DECODE_ICMP : DECODE_ICMPV6, p->icmp_type, 0);
		return 0;
	case PROTO_UDP:
		return open_udp(out);
	case PROTO_TCP:
		if (record->frame_class == FRAME_SYN) {
			open_syn(out);
			return 0;
		}
		out->payload = after_headers(out, p->header_bytes, &out->ctx.cut);
		out->decoder = decode_find(DECODE_TCP_MESSAGE, out->ctx.port_dst, out->ctx.port_src);
		out->segment = true;
		return 0;
	default:
		out->payload = after_headers(out, p->header_bytes, &out->ctx.cut);
		out->decoder = decode_find(DECODE_IP, p->proto, 0);
		return 0;
	}
}
