/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What carries other packets: where in the frame the inner one begins, and what it is. One level: what is found is
 * parsed as a frame of its own by whoever asks, and a tunnel in that one is not looked into.
 *
 * Links (PPPoE, MPLS) are stepped over: what they carry is on the link where the frame was seen. Tunnels (GRE with all its
 * kinds, VXLAN, Geneve, IP in IP) have a packet of their own around, which stays what the frame is; parse.h tells in p->inner
 * where the tunnel's header is, and parse_tunnel() what stands behind it. A header that does not hold makes no tunnel, and no
 * malformed frame either.
 *
 * Only PARSE_WHOLE comes here. Pure, as parse.h is.
 */
#ifndef DEFS_TUNNEL_H
#define DEFS_TUNNEL_H

#include "defs/packet.h"

enum {
	UDP_VXLAN = 4789,	/* RFC 7348 */
	UDP_VXLAN_OLD = 8472,	/* Linux before the port was assigned, and flannel */
	UDP_GENEVE = 6081,	/* RFC 8926 */
	UDP_PORTS_KNOWN = 1024, /* what comes from such a port is a server's answer, not a tunnel's packet */

	GRE_CHECKSUM = 0x8000, /* RFC 2784, RFC 2890 */
	GRE_ROUTING = 0x4000,
	GRE_KEY = 0x2000,
	GRE_SEQUENCE = 0x1000,
	GRE_ACK = 0x0080, /* RFC 2637 */
	GRE_VERSION = 7,

	PPP_IPV4 = 0x0021,
	PPP_IPV6 = 0x0057,
	MPLS_LABELS_MAX = 8, /* labels stepped over; a frame with more is counted as unsupported */
};

/* Cursor c stands at a tunnel's header, or at what it carries. type: EtherType, ETHER_TRANSPARENT, or 0: not known yet. */
static __always_inline enum parse_outcome tunnel_at(const struct cursor *c, struct packet_inner *inner,
						    enum tunnel kind, __u16 type)
{
	inner->left = c->end - c->pos;
	inner->kind = kind;
	inner->type = type;
	return PARSE_OK;
}

/* A PPP frame from its protocol field on (RFC 1661; one byte where that is compressed), with or without address and control. */
static __always_inline enum parse_outcome parse_ppp(struct cursor *c, __u16 *type)
{
	const __u8 *at = c->pos;
	__u16 protocol;

	if (!cursor_has(c, 4))
		return PARSE_TRUNCATED;
	if (at[0] == 0xff && at[1] == 0x03)
		at = (const __u8 *)cursor_take(c, 2) + 2;
	protocol = at[0];
	cursor_take(c, 1);
	if (!(protocol & 1)) {
		protocol = protocol << 8 | at[1];
		cursor_take(c, 1);
	}
	*type = protocol == PPP_IPV4 ? ETHER_IPV4 : protocol == PPP_IPV6 ? ETHER_IPV6 : PACKET_PPP;
	return PARSE_OK;
}

/* RFC 2516 section 4: a session's frame. */
static __always_inline enum parse_outcome parse_pppoe(struct cursor *c, struct packet *p, __u16 *type)
{
	const struct wire_pppoe *head;

	if (!cursor_has(c, sizeof(*head)))
		return PARSE_TRUNCATED;
	head = cursor_take(c, sizeof(*head));
	if (head->version_type != 0x11 || head->code)
		return PARSE_MALFORMED;
	p->inside = TUNNEL_PPPOE;
	return parse_ppp(c, type);
}

/*
 * RFC 3032. What the labels carry they do not say: it is told from the first four bits, as routers do that balance load
 * (RFC 4928). 0 is the control word of a pseudowire (RFC 4385), whose Ethernet frame (RFC 4448) is the inner one.
 */
static __always_inline enum parse_outcome parse_mpls(struct cursor *c, struct packet *p, __u16 *type)
{
	const __u8 *label = c->pos;

	p->inside = TUNNEL_MPLS;
#pragma GCC unroll 1
	for (int i = 0; i < MPLS_LABELS_MAX; i++) {
		if (!cursor_has(c, 5))
			return PARSE_TRUNCATED;
		label = cursor_take(c, 4);
		if (label[2] & 1)
			break;
	}
	if (!(label[2] & 1))
		return PARSE_UNSUPPORTED;
	switch (*c->pos >> 4) {
	case 4:
		*type = ETHER_IPV4;
		return PARSE_OK;
	case 6:
		*type = ETHER_IPV6;
		return PARSE_OK;
	case 1: /* an associated channel: between the ends of the path (RFC 5586) */
		*type = PACKET_MPLS;
		return PARSE_OK;
	case 0:
		if (!cursor_has(c, 4 + sizeof(struct wire_ether)))
			return PARSE_TRUNCATED;
		*type = PACKET_MPLS;
		cursor_take(c, 4);
		return tunnel_at(c, &p->inner, TUNNEL_MPLS, ETHER_TRANSPARENT);
	}
	return PARSE_UNSUPPORTED;
}

/*
 * ERSPAN (draft-foschiano-erspan): a mirror's frames. Type I has no header of its own. In type II "En" says whether the port's
 * frame had a tag that the mirror took off (1 ISL, 2 802.1Q); the VLAN is that tag's.
 */
static __always_inline enum parse_outcome parse_erspan_ii(struct cursor *c, struct packet_inner *inner)
{
	const __u8 *head;
	__u8 taken;

	if (!cursor_has(c, 8))
		return PARSE_TRUNCATED;
	head = cursor_take(c, 8);
	if (head[0] >> 4 != 1)
		return PARSE_UNSUPPORTED;
	taken = head[2] >> 3 & 3;
	if (taken == 1 || taken == 2)
		inner->tag = (head[0] & 15) << 8 | head[1];
	inner->cut |= head[2] >> 2 & 1;
	return tunnel_at(c, inner, TUNNEL_ERSPAN, ETHER_TRANSPARENT);
}

/* Type III: 12 bytes and, if its last bit says so, 8 more. A frame type other than 0 is not Ethernet. */
static __always_inline enum parse_outcome parse_erspan_iii(struct cursor *c, struct packet_inner *inner)
{
	const __u8 *head;

	if (!cursor_has(c, 12))
		return PARSE_TRUNCATED;
	head = cursor_take(c, 12);
	if (head[0] >> 4 != 2 || head[10] & 0x7c)
		return PARSE_UNSUPPORTED;
	inner->cut |= head[2] >> 2 & 1;
	if (head[11] & 1) {
		if (!cursor_has(c, 8))
			return PARSE_TRUNCATED;
		cursor_take(c, 8);
	}
	return tunnel_at(c, inner, TUNNEL_ERSPAN, ETHER_TRANSPARENT);
}

static __always_inline enum parse_outcome parse_gre(struct cursor *c, struct packet_inner *inner)
{
	const struct wire_gre *head;
	__u16 flags, type;
	__u32 more;

	if (!cursor_has(c, sizeof(*head)))
		return PARSE_TRUNCATED;
	head = cursor_take(c, sizeof(*head));
	flags = parse_u16(head->flags_n);
	type = parse_u16(head->type_n);
	if (flags & GRE_ROUTING || (flags & GRE_VERSION) > 1)
		return PARSE_UNSUPPORTED;
	more = !!(flags & GRE_CHECKSUM) + !!(flags & GRE_KEY) + !!(flags & GRE_SEQUENCE);
	if (flags & GRE_VERSION)
		more += !!(flags & GRE_ACK);
	more *= 4;
	/* 6.1's verifier has lost that this is 16 at most: the compiler must not know it either, or it leaves the mask out. */
	asm volatile("" : "+r"(more));
	more &= 28;
	if (!cursor_has(c, more))
		return PARSE_TRUNCATED;
	cursor_take(c, more);
	switch (type) {
	case ETHER_ERSPAN:
		return flags & GRE_SEQUENCE ? parse_erspan_ii(c, inner)
					    : tunnel_at(c, inner, TUNNEL_ERSPAN, ETHER_TRANSPARENT);
	case ETHER_ERSPAN_III:
		return parse_erspan_iii(c, inner);
	case ETHER_TRANSPARENT:
	case ETHER_IPV4:
	case ETHER_IPV6:
	case ETHER_MPLS:
	case ETHER_PPP:
		/* An acknowledgement carries nothing, and neither does a keepalive. */
		return c->pos == c->end ? PARSE_OK : tunnel_at(c, inner, TUNNEL_GRE, type);
	case 0:
		return PARSE_OK;
	}
	return PARSE_UNSUPPORTED;
}

/* An Ethernet frame of IP, as its first bytes look. */
static __always_inline bool tunnel_looks_ethernet(const struct cursor *c)
{
	const __u8 *at = c->pos;

	if (!cursor_has(c, sizeof(struct wire_ether) + 1))
		return false;
	if (at[12] == 0x08 && at[13] == 0x00)
		return at[14] >> 4 == 4;
	return at[12] == 0x86 && at[13] == 0xdd && at[14] >> 4 == 6;
}

/*
 * RFC 7348 section 5. The bits that it reserves are to be ignored, and draft-ietf-nvo3-vxlan-gpe uses one (0x04) to say that the fourth
 * byte tells what follows. Where they are not zero it must look like Ethernet: the port alone is no proof.
 */
static __always_inline enum parse_outcome parse_vxlan(struct cursor *c, struct packet_inner *inner)
{
	const __u8 *head;
	__u16 type = ETHER_TRANSPARENT;

	if (!cursor_has(c, 8))
		return PARSE_TRUNCATED;
	head = cursor_take(c, 8);
	if (!(head[0] & 8))
		return PARSE_MALFORMED;
	if (head[0] == 0x0c && head[3] == 1)
		type = ETHER_IPV4;
	else if (head[0] == 0x0c && head[3] == 2)
		type = ETHER_IPV6;
	else if ((head[0] != 8 || (head[1] | head[2] | head[3]) || head[7]) && !tunnel_looks_ethernet(c))
		return PARSE_MALFORMED;
	inner->segment = head[4] << 16 | head[5] << 8 | head[6];
	return tunnel_at(c, inner, TUNNEL_VXLAN, type);
}

/* RFC 8926 section 3.4. */
static __always_inline enum parse_outcome parse_geneve(struct cursor *c, struct packet_inner *inner)
{
	const __u8 *head;
	__u32 options;
	__u16 type;

	if (!cursor_has(c, 8))
		return PARSE_TRUNCATED;
	head = cursor_take(c, 8);
	options = (head[0] & 0x3f) * 4;
	type = head[2] << 8 | head[3];
	if (head[0] >> 6 || (head[1] & 0x3f) || head[7])
		return PARSE_MALFORMED;
	if (!cursor_has(c, options))
		return PARSE_TRUNCATED;
	cursor_take(c, options);
	if (type != ETHER_TRANSPARENT && type != ETHER_IPV4 && type != ETHER_IPV6)
		return PARSE_UNSUPPORTED;
	inner->segment = head[4] << 16 | head[5] << 8 | head[6];
	return tunnel_at(c, inner, TUNNEL_GENEVE, type);
}

static __always_inline bool tunnel_is_port(__u16 to_n)
{
	__u32 to = parse_u16(to_n);

	return to - UDP_VXLAN <= 1 || to == UDP_VXLAN_OLD || to == UDP_GENEVE;
}

static __always_inline bool tunnel_is_udp(const struct packet *p)
{
	return tunnel_is_port(p->port_n[1]) && parse_u16(p->port_n[0]) >= UDP_PORTS_KNOWN;
}

static __always_inline bool tunnel_is_proto(const struct packet *p)
{
	return p->proto == PROTO_GRE || p->proto == PROTO_IPV4 || p->proto == PROTO_IPV6;
}

/* After the transport header of a packet for which one of the two above holds. */
static __always_inline void tunnel_begins(const struct cursor *c, struct packet *p)
{
	enum tunnel kind = p->proto == PROTO_GRE			   ? TUNNEL_GRE
			   : p->proto != PROTO_UDP			   ? TUNNEL_IP
			   : p->port_n[1] == __builtin_bswap16(UDP_GENEVE) ? TUNNEL_GENEVE
									   : TUNNEL_VXLAN;

	tunnel_at(c, &p->inner, kind,
		  p->proto == PROTO_IPV4   ? ETHER_IPV4
		  : p->proto == PROTO_IPV6 ? ETHER_IPV6
					   : 0);
	p->inner.cut = p->fragment_first;
}

/*
 * Cursor c stands where inner->left says. After it: inner->left is what is behind the tunnel's header, or 0, where nothing is
 * carried or, with another outcome than PARSE_OK, it cannot be told.
 */
static __always_inline enum parse_outcome parse_tunnel(struct cursor *c, struct packet_inner *inner)
{
	enum parse_outcome outcome;

	if (inner->type)
		return PARSE_OK;
	inner->left = 0;
	if (inner->kind == TUNNEL_GRE)
		outcome = parse_gre(c, inner);
	else if (inner->kind == TUNNEL_GENEVE)
		outcome = parse_geneve(c, inner);
	else
		outcome = parse_vxlan(c, inner);
	return outcome;
}

/*
 * What the tunnel's header says of the packet p that it carries. Two segments of an overlay may use the same addresses: the
 * segment stands above the VLAN ids, in the two places that hardly any frame needs.
 */
static __always_inline void packet_enclose(struct packet *p, __u8 kind, __u16 tag, __u32 segment)
{
	__u64 count = p->vlan >> 48;

	if (kind)
		p->inside = kind;
	if (tag && !count)
		p->vlan = (tag & 0xfff) | 1ULL << 48;
	if (count <= 2)
		p->vlan |= (__u64)(segment & 0xffffff) << PACKET_SEGMENT_SHIFT;
}

/* The tag to give with a copy of p: of bytes without link header the first one, which they do not hold. */
static __always_inline __u16 packet_tag(const struct packet *p, bool ethernet, __u16 tag)
{
	return ethernet ? tag : p->vlan & 0xfff;
}

#endif
