/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From the bytes of a frame to struct packet: Ethernet, VLAN tags, LLC/SNAP, PPPoE, MPLS, IPv4, IPv6, TCP, UDP, SCTP, ICMP.
 *
 * Compiled into the XDP program and into its user-space twin, so it is pure: no map, no clock, no call.
 * One cursor; one function a header, which checks bounds first and hands the next type on. No byte outside
 * [pos, end) is ever read. Where a tunnel begins is told in struct packet_inner; parse_tunnel() and parse_inner() go
 * on from there. Whoever calls them counts the outcomes.
 */
#ifndef DEFS_PARSE_H
#define DEFS_PARSE_H

#include "defs/tunnel.h"

static __always_inline bool parse_is_tag(__u16 type)
{
	return type == ETHER_VLAN || type == ETHER_PROVIDER || type == ETHER_QINQ_OLD;
}

/* 802.1Q-2018 clause 9: 12 bits of id; id 0 carries a priority and names no VLAN. */
static __always_inline enum parse_outcome parse_tags(struct cursor *c, struct packet *p, __u16 *type,
						     enum parse_depth depth)
{
#ifdef __clang__ /* gcc warns that it can't: it has other means */
#pragma GCC unroll 4
#endif
	for (int i = 0; i < (depth == PARSE_FAST ? PARSE_TAGS_FAST : PARSE_TAGS_MAX); i++) {
		const struct wire_tag *tag;
		__u64 id, count;

		if (!parse_is_tag(*type))
			return PARSE_OK;
		if (!cursor_has(c, sizeof(*tag)))
			return PARSE_TRUNCATED;
		tag = cursor_take(c, sizeof(*tag));
		id = parse_u16(tag->control_n) & 0xfff;
		count = p->vlan >> 48;
		if (id)
			p->vlan = (p->vlan | id << (12 * count & 63)) + (1ULL << 48);
		*type = parse_u16(tag->type_n);
	}
	if (!parse_is_tag(*type))
		return PARSE_OK;
	return depth == PARSE_FAST ? PARSE_SHALLOW : PARSE_UNSUPPORTED;
}

/* 802.3 frames: SNAP with OUI 0 names an EtherType, SAP 6 is IP, all else is between bridges or too old to matter. */
static __always_inline void parse_llc(struct cursor *c, __u16 *type)
{
	const struct wire_snap *snap = (const void *)c->pos;

	*type = PACKET_LLC;
	if (!cursor_has(c, 3))
		return;
	if (snap->dsap == 6 && snap->ssap == 6 && snap->control == 3) {
		c->pos += 3;
		*type = ETHER_IPV4;
		return;
	}
	if (!cursor_has(c, sizeof(*snap)) || snap->dsap != 0xaa || snap->ssap != 0xaa || snap->control != 3)
		return;
	if (snap->oui[0] | snap->oui[1] | snap->oui[2])
		return;
	c->pos += sizeof(*snap);
	*type = parse_u16(snap->type_n);
}

static __always_inline enum parse_outcome parse_tcp(struct cursor *c, struct packet *p)
{
	const struct wire_tcp *tcp;
	__u32 header;

	if (!cursor_has(c, sizeof(*tcp)))
		return PARSE_TRUNCATED;
	tcp = cursor_take(c, sizeof(*tcp));
	header = (tcp->words >> 4) * 4;
	if (header < sizeof(*tcp))
		return PARSE_MALFORMED;
	p->port_n[0] = tcp->src_n;
	p->port_n[1] = tcp->dst_n;
	p->seq = parse_u32(tcp->seq_n);
	p->ack = parse_u32(tcp->ack_n);
	p->tcp_flags = tcp->flags;
	p->header_bytes += header;
	return PARSE_OK;
}

/* UDP and SCTP begin with the same two ports; the common header is 8 and 12 bytes. */
static __always_inline enum parse_outcome parse_ports(struct cursor *c, struct packet *p)
{
	const struct wire_ports *ports;

	if (!cursor_has(c, sizeof(*ports)))
		return PARSE_TRUNCATED;
	ports = cursor_take(c, sizeof(*ports));
	p->port_n[0] = ports->src_n;
	p->port_n[1] = ports->dst_n;
	p->header_bytes += p->proto == PROTO_SCTP ? 12 : 8;
	return PARSE_OK;
}

static __always_inline enum parse_outcome parse_udp(struct cursor *c, struct packet *p, enum parse_depth depth)
{
	enum parse_outcome outcome = parse_ports(c, p);

	if (outcome != PARSE_OK || !tunnel_is_udp(p))
		return outcome;
	if (depth == PARSE_FAST)
		return PARSE_SHALLOW;
	tunnel_begins(c, p);
	return PARSE_OK;
}

static __always_inline enum parse_outcome parse_transport(struct cursor *c, struct packet *p,
							  enum parse_depth depth)
{
	const __u8 *type;

	if (p->fragment_later)
		return PARSE_OK;
	if (p->proto == PROTO_TCP)
		return parse_tcp(c, p);
	if (p->proto == PROTO_UDP)
		return parse_udp(c, p, depth);
	if (p->proto == PROTO_SCTP)
		return parse_ports(c, p);
	if (tunnel_is_proto(p)) {
		if (depth == PARSE_FAST)
			return PARSE_SHALLOW;
		tunnel_begins(c, p);
		return PARSE_OK;
	}
	if (p->proto == PROTO_ICMP || p->proto == PROTO_ICMPV6) {
		if (!cursor_has(c, 4))
			return PARSE_TRUNCATED;
		type = cursor_take(c, 4);
		p->icmp_type = *type;
		p->header_bytes += 4;
	}
	return PARSE_OK;
}

/* RFC 791. A total length of 0 is what segmentation offload leaves, and BIG TCP: then the frame's length counts. */
static __always_inline enum parse_outcome parse_ipv4(struct cursor *c, struct packet *p, enum parse_depth depth)
{
	const struct wire_ipv4 *ip;
	__u32 header, fragment;

	p->seen_bytes = c->end - c->pos;
	if (!cursor_has(c, sizeof(*ip)))
		return PARSE_TRUNCATED;
	ip = cursor_take(c, sizeof(*ip));
	header = (ip->version_words & 15) * 4;
	p->ip_bytes = parse_u16(ip->total_n);
	if (ip->version_words >> 4 != 4 || header < sizeof(*ip) || (p->ip_bytes && p->ip_bytes < header))
		return PARSE_MALFORMED;
	if (!cursor_has(c, header - sizeof(*ip)))
		return PARSE_TRUNCATED;
	cursor_take(c, header - sizeof(*ip));
	fragment = parse_u16(ip->fragment_n);
	p->version = 4;
	p->proto = ip->proto;
	p->fragment_later = fragment & 0x1fff;
	p->fragment_first = (fragment & 0x3fff) == 0x2000;
	p->addr_v4_n[0] = ip->src_n;
	p->addr_v4_n[1] = ip->dst_n;
	p->header_bytes = header;
	return parse_transport(c, p, depth);
}

static __always_inline bool parse_is_extension(__u8 next)
{
	return next == PROTO_HOPOPTS || next == PROTO_ROUTING || next == PROTO_FRAGMENT || next == PROTO_AH ||
	       next == PROTO_DSTOPTS;
}

/* RFC 8200 section 4: at most IPV6_EXTENSIONS_MAX headers are walked. */
static __always_inline enum parse_outcome parse_extensions(struct cursor *c, struct packet *p)
{
#pragma GCC unroll 1
	for (int i = 0; i < IPV6_EXTENSIONS_MAX; i++) {
		const struct wire_extension *extension;
		__u32 length;
		__u8 kind = p->proto;

		if (!parse_is_extension(kind))
			return PARSE_OK;
		if (!cursor_has(c, sizeof(*extension)))
			return PARSE_TRUNCATED;
		extension = cursor_take(c, sizeof(*extension));
		p->proto = extension->next;
		length = sizeof(*extension);
		if (kind == PROTO_FRAGMENT) {
			p->fragment_later = parse_u16(extension->fragment_n) & 0xfff8;
			p->fragment_first = parse_u16(extension->fragment_n) & 1;
			if (p->fragment_later) {
				p->header_bytes += length;
				return PARSE_OK;
			}
		} else {
			/* AH counts in words of four and leaves two out (RFC 4302), the others in words of eight less one. */
			length = kind == PROTO_AH ? (extension->length + 2) * 4 : (extension->length + 1) * 8;
			if (length < sizeof(*extension))
				return PARSE_MALFORMED;
			if (!cursor_has(c, length - sizeof(*extension)))
				return PARSE_TRUNCATED;
			cursor_take(c, length - sizeof(*extension));
		}
		p->header_bytes += length;
	}
	return parse_is_extension(p->proto) ? PARSE_UNSUPPORTED : PARSE_OK;
}

/* RFC 8200. A payload length of 0 means a jumbogram or BIG TCP: then the frame's length counts. */
static __always_inline enum parse_outcome parse_ipv6(struct cursor *c, struct packet *p, enum parse_depth depth)
{
	const struct wire_ipv6 *ip;
	enum parse_outcome outcome;

	p->seen_bytes = c->end - c->pos;
	if (!cursor_has(c, sizeof(*ip)))
		return PARSE_TRUNCATED;
	ip = cursor_take(c, sizeof(*ip));
	if ((ip->version_class_label & 0xf0) != 0x60)
		return PARSE_MALFORMED;
	p->version = 6;
	p->proto = ip->next;
	for (int i = 0; i < 4; i++)
		p->addr_v6[i] = ip->addr[i];
	p->ip_bytes = ip->payload_n ? parse_u16(ip->payload_n) + sizeof(*ip) : 0;
	p->header_bytes = sizeof(*ip);
	if (parse_is_extension(p->proto)) {
		if (depth == PARSE_FAST)
			return PARSE_SHALLOW;
		outcome = parse_extensions(c, p);
		if (outcome != PARSE_OK)
			return outcome;
	}
	return parse_transport(c, p, depth);
}

/* Tags and LLC: from the EtherType of the link header (machine's order) to that of what is carried, in *type. */
static __always_inline enum parse_outcome parse_link(struct cursor *c, struct packet *p, __u16 *type,
						     enum parse_depth depth)
{
	enum parse_outcome outcome;

	if (*type != ETHER_IPV4 && *type != ETHER_IPV6) {
		outcome = parse_tags(c, p, type, depth);
		if (outcome != PARSE_OK)
			return outcome;
		if (*type < ETHER_TYPE_MIN)
			parse_llc(c, type);
	}
	if (*type == ETHER_PPPOE || *type == ETHER_MPLS || *type == ETHER_MPLS_MULTI) {
		if (depth == PARSE_FAST)
			return PARSE_SHALLOW;
		outcome = *type == ETHER_PPPOE ? parse_pppoe(c, p, type) : parse_mpls(c, p, type);
		if (outcome != PARSE_OK)
			return outcome;
	}
	p->ether_type = *type;
	return PARSE_OK;
}

/* What stands behind parse_link(). PARSE_OK with version 0: not IP. */
static __always_inline enum parse_outcome parse_above(struct cursor *c, struct packet *p, __u16 type,
						      enum parse_depth depth)
{
	if (type == ETHER_IPV4)
		return parse_ipv4(c, p, depth);
	if (type == ETHER_IPV6)
		return parse_ipv6(c, p, depth);
	if (type == ETHER_PROFINET && cursor_has(c, sizeof(p->port_n[0])))
		__builtin_memcpy(&p->port_n[0], c->pos, sizeof(p->port_n[0]));
	return PARSE_OK;
}

/*
 * What follows a link header, at c, whose EtherType (machine's order) is type. p is all zero but for what the link
 * header told. Also the entry for links without Ethernet.
 */
static __always_inline enum parse_outcome parse_network(struct cursor *c, struct packet *p, __u16 type,
							enum parse_depth depth)
{
	enum parse_outcome outcome = parse_link(c, p, &type, depth);

	return outcome == PARSE_OK ? parse_above(c, p, type, depth) : outcome;
}

/* Take the Ethernet header. */
static __always_inline enum parse_outcome parse_ether_type(struct cursor *c, __u16 *type)
{
	const struct wire_ether *ether;

	if (!cursor_has(c, sizeof(*ether)))
		return PARSE_TRUNCATED;
	ether = cursor_take(c, sizeof(*ether));
	*type = parse_u16(ether->type_n);
	return PARSE_OK;
}

/* An Ethernet frame at c. p is all zero. */
static __always_inline enum parse_outcome parse_ethernet(struct cursor *c, struct packet *p,
							 enum parse_depth depth)
{
	__u16 type;
	enum parse_outcome outcome = parse_ether_type(c, &type);

	return outcome == PARSE_OK ? parse_network(c, p, type, depth) : outcome;
}

/* A packet without a link header: its first four bits say what it is. */
static __always_inline enum parse_outcome parse_raw_type(struct cursor *c, struct packet *p, __u16 *type)
{
	__u8 version;

	if (!cursor_has(c, 1))
		return PARSE_TRUNCATED;
	version = *c->pos >> 4;
	if (version != 4 && version != 6)
		return PARSE_MALFORMED;
	*type = p->ether_type = version == 4 ? ETHER_IPV4 : ETHER_IPV6;
	return PARSE_OK;
}

static __always_inline enum parse_outcome parse_raw_ip(struct cursor *c, struct packet *p,
						       enum parse_depth depth)
{
	__u16 type;
	enum parse_outcome outcome = parse_raw_type(c, p, &type);

	return outcome == PARSE_OK ? parse_above(c, p, type, depth) : outcome;
}

/* The links of what a tunnel carries, at c, from the type that the tunnel gives to that of what is above them. p is all zero. */
static __always_inline enum parse_outcome parse_inner_link(struct cursor *c, struct packet *p, __u16 *type)
{
	enum parse_outcome outcome = PARSE_OK;

	if (*type == ETHER_TRANSPARENT)
		outcome = parse_ether_type(c, type);
	else if (*type == ETHER_PPP)
		outcome = parse_ppp(c, type);
	if (outcome != PARSE_OK)
		return outcome;
	if (*type != PACKET_PPP)
		return parse_link(c, p, type, PARSE_WHOLE);
	p->ether_type = *type;
	return PARSE_OK;
}

/* What a tunnel carries, at c, as inner says. p is all zero. A tunnel in it is told in p->inner, and not for going on. */
static __always_inline enum parse_outcome parse_inner(struct cursor *c, struct packet *p,
						      const struct packet_inner *inner)
{
	__u16 type = inner->type;
	enum parse_outcome outcome = parse_inner_link(c, p, &type);

	if (outcome == PARSE_OK)
		outcome = parse_above(c, p, type, PARSE_WHOLE);
	packet_enclose(p, inner->kind, inner->tag, inner->segment);
	return outcome;
}

#endif
