// SPDX-License-Identifier: BSD-2-Clause
/*
 * Routers that stand in for each other: VRRP (RFC 3768, RFC 9568), HSRP (RFC 2281; its version 2 as Cisco documents it), and CARP, which
 * has VRRP's number and tells no address. Each says that the address is a router's, shared, with the MAC that it then has.
 */
#include <errno.h>

#include "sensor/decode/decode.h"

enum { VRRP_2 = 0x21, VRRP_3 = 0x31, CARP_AUTH_WORDS = 7, CARP_BYTES = 36 };
enum { HSRP_1 = 0, HSRP_HELLO = 0, HSRP_COUP = 1, HSRP_TLV_GROUP_2 = 1, HSRP_TLV_GROUP_2_BYTES = 40 };

static void say_router(const struct decode_context *ctx, enum fact_source source, const struct ip *ip,
		       const struct mac *mac, struct fact_list *out)
{
	struct fact *fact;

	if (ip->version == 0 || ip_is_unspecified(ip) || ip_is_multicast(ip))
		return;
	fact = fact_add(out, ctx, FACT_ROUTE, source, CONFIDENCE_ANNOUNCED);
	FACT_SET(fact, ip, *ip);
	FACT_SET(fact, mac, *mac);
	FACT_SET(fact, virtual_mac, true);
}

int decode_vrrp(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct mac mac = {{0, 0, 0x5e, 0, ctx->ip_src.version == 6 ? 2 : 1, 0}};
	size_t whole = w.left;
	uint8_t version = wire_u8(&w);
	uint8_t id = wire_u8(&w), count;

	wire_skip(&w, 1); /* priority */
	count = wire_u8(&w);
	mac.bytes[5] = id;
	if (w.bad || (version != VRRP_2 && version != VRRP_3) || ctx->hop_limit != 255)
		return -EBADMSG;
	if (version == VRRP_2 && count == CARP_AUTH_WORDS && whole == CARP_BYTES)
		return 0;
	wire_skip(&w, 4); /* authentication or reserved, interval, checksum */
	while (count-- && !w.bad) {
		struct ip ip = ctx->ip_src.version == 6 ? wire_ip6(&w) : wire_ip4(&w);

		say_router(ctx, SOURCE_VRRP, &ip, &mac, out);
	}
	return w.bad ? -EBADMSG : 0;
}

static int read_hsrp_1(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct mac mac = {{0, 0, 0x0c, 0x07, 0xac, 0}};
	uint8_t operation;
	struct ip ip;

	wire_skip(&w, 1);
	operation = wire_u8(&w);
	wire_skip(&w, 4); /* state, hello time, hold time, priority */
	mac.bytes[5] = wire_u8(&w);
	wire_skip(&w, 9); /* reserved, password */
	ip = wire_ip4(&w);
	if (w.bad)
		return -EBADMSG;
	if (operation == HSRP_HELLO || operation == HSRP_COUP)
		say_router(ctx, SOURCE_HSRP, &ip, &mac, out);
	return 0;
}

static void read_hsrp_2_group(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct mac mac = {{0, 0, 0x0c, 0x9f, 0xf0, 0}};
	uint8_t family;
	uint16_t group;
	struct ip ip;

	wire_skip(&w, 3); /* version, operation, state */
	family = wire_u8(&w);
	group = wire_u16(&w);
	wire_skip(&w, 18); /* identifier, priority, hello time, hold time */
	ip = family == 6 ? wire_ip6(&w) : wire_ip4(&w);
	if (w.bad || group > 0xfff)
		return;
	if (family == 6)
		mac = (struct mac){{0, 5, 0x73, 0xa0, 0, 0}};
	mac.bytes[4] |= group >> 8;
	mac.bytes[5] = (uint8_t)group;
	say_router(ctx, SOURCE_HSRP, &ip, &mac, out);
}

int decode_hsrp(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	if (w.left == 0)
		return -EBADMSG;
	/* To the link's routers: what is sent to one address may come from anywhere, and makes no router here. */
	if (!ip_is_multicast(&ctx->ip_dst))
		return 0;
	if (w.at[0] == HSRP_1 && w.left >= 20)
		return read_hsrp_1(ctx, w, out);
	while (w.left >= 2) {
		uint8_t type = wire_u8(&w);
		struct wire value = wire_nested(&w, wire_u8(&w));

		if (w.bad)
			return -EBADMSG;
		if (type == HSRP_TLV_GROUP_2 && value.left >= HSRP_TLV_GROUP_2_BYTES)
			read_hsrp_2_group(ctx, value, out);
	}
	return 0;
}
