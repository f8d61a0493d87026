// SPDX-License-Identifier: BSD-2-Clause
/*
 * RIP versions 1 and 2 (RFC 2453) and RIPng (RFC 2080): the sender is a router, and whither. Only what is said to the link, from RIP's own port.
 * Version 1 has no masks, so its networks are not said.
 */
#include <errno.h>

#include "sensor/decode/tell.h"

enum {
	RESPONSE = 2,
	COMMAND_MAX = 10,
	FAMILY_IPV4 = 2,
	FAMILY_AUTHENTICATION = 0xffff,
	SIGNED = 3,
	INFINITY = 16
};
enum { PORT = 520, PORT_6 = 521, NEXT_HOP = 0xff, HEAD_BYTES = 4, ENTRY_BYTES = 20 };

static void say_way(const struct decode_context *ctx, const struct ip *net, unsigned int bits,
		    const struct ip *hop, struct fact_list *out)
{
	bool own = ip_is_unspecified(hop) || ip_equal(hop, &ctx->ip_src);
	char line[ADDR_TEXT_MAX];
	struct text prefix = fact_format(out, "%s/%u", ip_text(net, line), bits);
	struct fact *fact;

	if (ip_is_multicast(net) || (!own && ip_is_multicast(hop)))
		return;
	fact = fact_add(out, ctx, FACT_ROUTE, SOURCE_RIP, CONFIDENCE_ANNOUNCED);
	FACT_SET(fact, ip, own ? ctx->ip_src : *hop);
	if (own && !mac_is_zero(&ctx->mac_src) && !mac_is_group(&ctx->mac_src))
		FACT_SET(fact, mac, ctx->mac_src);
	FACT_SET(fact, prefix, prefix);
}

/* Leading ones, or -1 for a mask with holes. */
static int mask_bits(uint32_t mask)
{
	int bits = __builtin_popcount(mask);

	return bits == 0 || mask == ~UINT32_C(0) << (32 - bits) ? bits : -1;
}

static int read_entries(const struct decode_context *ctx, uint8_t version, struct wire w, struct fact_list *out)
{
	while (w.left) {
		uint16_t family = wire_u16(&w), tag, length;
		struct ip net, hop;
		uint32_t mask, metric;
		int bits;

		tag = wire_u16(&w);
		if (family == FAMILY_AUTHENTICATION) {
			length = wire_u16(&w);
			wire_skip(&w, ENTRY_BYTES - 6);
			/* RFC 4822: where the signature begins, from the packet's start on. */
			if (tag == SIGNED)
				w = wire_nested(&w, length - (size_t)HEAD_BYTES - ENTRY_BYTES);
			if (w.bad)
				return -EBADMSG;
			continue;
		}
		net = wire_ip4(&w);
		mask = wire_u32(&w);
		hop = wire_ip4(&w);
		metric = wire_u32(&w);
		if (w.bad)
			return -EBADMSG;
		bits = mask_bits(mask);
		if (family != FAMILY_IPV4 || metric == 0 || metric > INFINITY || bits < 0)
			return -EBADMSG;
		if (version == 2 && metric < INFINITY && (bits || ip_is_unspecified(&net)))
			say_way(ctx, &net, (unsigned int)bits, &hop, out);
	}
	return 0;
}

int decode_rip(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	uint8_t command = wire_u8(&w), version = wire_u8(&w);

	wire_skip(&w, 2);
	if (w.bad || ctx->cut || command < 1 || command > COMMAND_MAX || version < 1 || version > 2)
		return -EBADMSG;
	if (command != RESPONSE || ctx->port_src != PORT)
		return 0;
	/* Version 1 is sent to all of the subnet, whose last address this is most likely. */
	if (!ip_is_multicast(&ctx->ip_dst) && ctx->ip_dst.bytes[3] != 255)
		return 0;
	tell_router(out, ctx, SOURCE_RIP, 0);
	return read_entries(ctx, version, w, out);
}

int decode_ripng(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	uint8_t command = wire_u8(&w), version = wire_u8(&w);
	struct ip hop = {};

	wire_skip(&w, 2);
	if (w.bad || ctx->cut || command < 1 || command > RESPONSE || version != 1)
		return -EBADMSG;
	if (command != RESPONSE || ctx->port_src != PORT_6 || ctx->hop_limit != 255 ||
	    !ip_is_link_local(&ctx->ip_src) || !ip_is_multicast(&ctx->ip_dst))
		return 0;
	tell_router(out, ctx, SOURCE_RIP, 0);
	while (w.left) {
		struct ip net = wire_ip6(&w);
		uint8_t bits, metric;

		wire_skip(&w, 2); /* tag */
		bits = wire_u8(&w);
		metric = wire_u8(&w);
		if (w.bad || bits > 128)
			return -EBADMSG;
		if (metric == NEXT_HOP)
			hop = net;
		else if (metric == 0 || metric > INFINITY)
			return -EBADMSG;
		else if (metric < INFINITY)
			say_way(ctx, &net, bits, &hop, out);
	}
	return 0;
}
