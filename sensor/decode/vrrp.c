// SPDX-License-Identifier: BSD-2-Clause
/*
 * Routers that stand in for each other: VRRP (RFC 3768, RFC 9568), HSRP (RFC 2281; its version 2 as Cisco documents it), and CARP (OpenBSD's
 * ip_carp.h), which has VRRP's number and tells no address. The first two say that the address is a router's, shared, with the MAC that
 * it then has; all three, what part the sender has in which group.
 */
#include <errno.h>
#include <string.h>

#include "sensor/decode/tell.h"

enum { VRRP_2 = 0x21, VRRP_3 = 0x31, CARP_AUTH_WORDS = 7, CARP_BYTES = 36, PRIORITY_LEAVES = 0 };
enum { HSRP_1_STANDBY = 8, HSRP_1_ACTIVE = 16, HSRP_2_STANDBY = 5, HSRP_2_ACTIVE = 6 };
enum {
	HSRP_1 = 0,
	HSRP_HELLO = 0,
	HSRP_COUP = 1,
	HSRP_ADVERTISE = 3,
	HSRP_TLV_GROUP_2 = 1,
	HSRP_TLV_GROUP_2_BYTES = 40
};

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

/* The bytes after version and group: how readily it gives way, how long its signature is, how often it speaks. */
static int read_carp(const struct decode_context *ctx, uint8_t group, struct wire w, struct fact_list *out)
{
	uint8_t skew = wire_u8(&w), base;

	wire_skip(&w, 2);
	base = wire_u8(&w);
	if (w.bad)
		return -EBADMSG;
	tell_trait(out, ctx, SOURCE_CARP, TEXT("carp.group"),
		   fact_format(out, "%u, skew %u, every %u s", group, skew, base));
	return 0;
}

int decode_vrrp(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct wire whole = w;
	bool ip6 = ctx->ip_src.version == 6;
	struct mac mac = {{0, 0, 0x5e, 0, ip6 ? 2 : 1, 0}};
	uint8_t version = wire_u8(&w), id = wire_u8(&w), priority, count;
	struct wire rest = w;

	priority = wire_u8(&w);
	count = wire_u8(&w);
	mac.bytes[5] = id;
	if (w.bad || (version != VRRP_2 && version != VRRP_3) || ctx->hop_limit != 255)
		return -EBADMSG;
	if (version == VRRP_2 && !wire_sum_right(whole)) /* of version 3 it covers addresses too */
		return -EBADMSG;
	if (version == VRRP_2 && count == CARP_AUTH_WORDS && whole.left == CARP_BYTES)
		return read_carp(ctx, id, rest, out);
	wire_skip(&w, 4); /* authentication or reserved, interval, checksum */
	while (count-- && !w.bad) {
		struct ip ip = ip6 ? wire_ip6(&w) : wire_ip4(&w);

		say_router(ctx, SOURCE_VRRP, &ip, &mac, out);
	}
	if (w.bad)
		return -EBADMSG;
	if (priority != PRIORITY_LEAVES)
		tell_trait(out, ctx, SOURCE_VRRP, TEXT("vrrp.group"),
			   fact_format(out, "%u, version %u, priority %u", id, version >> 4, priority));
	return 0;
}

/* Only whose part lasts: the others are on the way to one of these. */
static void say_hsrp(const struct decode_context *ctx, unsigned int group, bool active, bool standby,
		     uint32_t priority, struct fact_list *out)
{
	if (active || standby)
		tell_trait(out, ctx, SOURCE_HSRP, TEXT("hsrp.group"),
			   fact_format(out, "%u, priority %u, %s", group, priority,
				       active ? "active" : "stands by"));
}

static int read_hsrp_1(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct mac mac = {{0, 0, 0x0c, 0x07, 0xac, 0}};
	uint8_t operation, state, priority;
	struct ip ip;

	wire_skip(&w, 1);
	operation = wire_u8(&w);
	state = wire_u8(&w);
	wire_skip(&w, 2); /* hello time, hold time */
	priority = wire_u8(&w);
	mac.bytes[5] = wire_u8(&w);
	wire_skip(&w, 9); /* reserved, password */
	ip = wire_ip4(&w);
	if (w.bad)
		return -EBADMSG;
	if (operation == HSRP_HELLO || operation == HSRP_COUP) {
		say_router(ctx, SOURCE_HSRP, &ip, &mac, out);
		say_hsrp(ctx, mac.bytes[5], state == HSRP_1_ACTIVE, state == HSRP_1_STANDBY, priority, out);
	}
	return 0;
}

static void read_hsrp_2_group(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct mac mac = {{0, 0, 0x0c, 0x9f, 0xf0, 0}};
	uint8_t operation, state, family;
	uint16_t group;
	uint32_t priority;
	struct ip ip;

	wire_skip(&w, 1); /* version */
	operation = wire_u8(&w);
	state = wire_u8(&w);
	family = wire_u8(&w);
	group = wire_u16(&w);
	wire_skip(&w, 6); /* identifier */
	priority = wire_u32(&w);
	wire_skip(&w, 8); /* hello time, hold time */
	ip = family == 6 ? wire_ip6(&w) : wire_ip4(&w);
	if (w.bad || group > 0xfff)
		return;
	if (family == 6)
		mac = (struct mac){{0, 5, 0x73, 0xa0, 0, 0}};
	mac.bytes[4] |= group >> 8;
	mac.bytes[5] = (uint8_t)group;
	if (operation != HSRP_HELLO && operation != HSRP_COUP)
		return;
	say_router(ctx, SOURCE_HSRP, &ip, &mac, out);
	say_hsrp(ctx, group, state == HSRP_2_ACTIVE, state == HSRP_2_STANDBY, priority, out);
}

int decode_hsrp(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	if (w.left == 0)
		return -EBADMSG;
	/* To the link's routers: what is sent to one address may come from anywhere, and makes no router here. */
	if (!ip_is_multicast(&ctx->ip_dst))
		return 0;
	if (w.at[0] == HSRP_1 && w.left >= 2 && w.at[1] == HSRP_ADVERTISE) /* how many groups there are */
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
