// SPDX-License-Identifier: BSD-2-Clause
/*
 * Neighbor Discovery (RFC 4861): addresses from solicitations, advertisements and duplicate address detection,
 * routes from router advertisements (with RFC 4191 route and RFC 8106 DNS options) and redirects, and how a router wants the link to be used.
 *
 * The payload is the ICMPv6 message. A packet that crossed a router (hop limit not 255) could come from anywhere
 * and says nothing. What a redirect says of a third party's MAC is left alone.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sensor/decode/tell.h"

enum {
	ROUTER_SOLICIT = 133,
	ROUTER_ADVERT = 134,
	NEIGHBOR_SOLICIT = 135,
	NEIGHBOR_ADVERT = 136,
	REDIRECT = 137
};
enum {
	OPTION_SOURCE_LINK = 1,
	OPTION_TARGET_LINK = 2,
	OPTION_PREFIX = 3,
	OPTION_MTU = 5,
	OPTION_ROUTE = 24,
	OPTION_RDNSS = 25,
	OPTION_SEARCH = 31,
	OPTION_PORTAL = 37,
};
enum { PREFIX_ON_LINK = 0x80, FLAG_MANAGED = 0x80, FLAG_OTHER = 0x40, PREFERENCE_HIGH = 1, PREFERENCE_LOW = 3 };

static void say_address(const struct decode_context *ctx, const struct mac *mac, const struct ip *ip,
			struct fact_list *out)
{
	if (ip_is_unspecified(ip) || ip_is_multicast(ip) || mac_is_group(mac) || mac_is_zero(mac))
		return;

	struct fact *fact = fact_add(out, ctx, FACT_ADDRESS, SOURCE_ND, CONFIDENCE_ANNOUNCED);

	FACT_SET(fact, mac, *mac);
	FACT_SET(fact, ip, *ip);
}

/* A router's word about a prefix; its MAC is the one that it names, otherwise the frame's. */
static struct fact *say_route(const struct decode_context *ctx, const struct mac *mac, const struct ip *prefix,
			      unsigned int bits, uint32_t lifetime_s, struct fact_list *out)
{
	char address[ADDR_TEXT_MAX], line[ADDR_TEXT_MAX + 8];
	int length = snprintf(line, sizeof(line), "%s/%u", ip_text(prefix, address), bits);
	struct text text = fact_text(out, line, (size_t)length);
	struct fact *fact = fact_add(out, ctx, FACT_ROUTE, SOURCE_ND, CONFIDENCE_ANNOUNCED);

	FACT_SET(fact, ip, ctx->ip_src);
	FACT_SET(fact, mac, *mac);
	FACT_SET(fact, prefix, text);
	FACT_SET(fact, lifetime_s, lifetime_s);
	return fact;
}

/* RFC 4861 4.6.2, RFC 4191 2.3. */
static void read_prefix(const struct decode_context *ctx, uint8_t type, struct wire *option,
			const struct mac *mac, struct fact_list *out)
{
	uint8_t bytes[16] = {};
	uint8_t bits = wire_u8(option);
	uint8_t flags = wire_u8(option);
	uint32_t lifetime_s = wire_u32(option);

	if (type == OPTION_PREFIX)
		wire_skip(option, 8); /* preferred lifetime, reserved */
	if (option->bad || bits > 128 || (type == OPTION_PREFIX && !(flags & PREFIX_ON_LINK)))
		return;
	for (size_t i = 0; i < 16 && i * 8 < bits; i++) {
		uint8_t byte = wire_u8(option);

		bytes[i] = bits - i * 8 >= 8 ? byte : byte & (uint8_t)(0xff << (8 - bits % 8));
	}
	if (option->bad)
		return;

	struct ip prefix = ip_from_v6(bytes);

	say_route(ctx, mac, &prefix, bits, lifetime_s, out);
}

static void read_dns(struct wire *option, struct ip_list *dns, struct fact_list *out)
{
	wire_skip(option, 6); /* reserved, lifetime */
	while (!option->bad && option->left >= 16) {
		struct ip server = wire_ip6(option);

		if (dns->count < FACT_LIST_MAX)
			dns->item[dns->count++] = server;
		else
			out->dropped++;
	}
}

/* RFC 8106 5.2: names in DNS wire form, one after the other, then zeros. */
static void say_search(const struct decode_context *ctx, struct wire option, struct fact_list *out)
{
	char name[256];
	size_t used = 0;

	wire_skip(&option, 6); /* reserved, lifetime */
	while (!option.bad && option.left) {
		size_t length = wire_u8(&option);
		const uint8_t *label = wire_bytes(&option, length);

		if (!label || length > 63 || used + length + 1 > sizeof(name))
			return;
		if (length) {
			if (used)
				name[used++] = '.';
			memcpy(name + used, label, length);
			used += length;
			continue;
		}
		if (used == 0)
			return;
		tell_trait(out, ctx, SOURCE_ND, TEXT("nd.search"), fact_text(out, name, used));
		used = 0;
	}
}

/* What else a router tells of its link. */
static void say_manners(const struct decode_context *ctx, uint8_t flags, struct fact_list *out)
{
	unsigned int preference = flags >> 3 & 3; /* RFC 4191 2.1 */

	if (flags & FLAG_MANAGED)
		tell_trait(out, ctx, SOURCE_ND, TEXT("nd.dhcpv6"), TEXT("addresses"));
	else if (flags & FLAG_OTHER)
		tell_trait(out, ctx, SOURCE_ND, TEXT("nd.dhcpv6"), TEXT("options"));
	if (preference == PREFERENCE_HIGH || preference == PREFERENCE_LOW)
		tell_trait(out, ctx, SOURCE_ND, TEXT("nd.preference"),
			   preference == PREFERENCE_HIGH ? TEXT("high") : TEXT("low"));
}

static void read_manner(const struct decode_context *ctx, uint8_t type, struct wire option,
			struct fact_list *out)
{
	uint32_t mtu;

	switch (type) {
	case OPTION_MTU:
		wire_skip(&option, 2);
		mtu = wire_u32(&option);
		if (!option.bad && mtu)
			tell_trait(out, ctx, SOURCE_ND, TEXT("nd.mtu"), fact_format(out, "%u", mtu));
		break;
	case OPTION_SEARCH:
		say_search(ctx, option, out);
		break;
	case OPTION_PORTAL: /* RFC 8910 */
		tell_trait(out, ctx, SOURCE_ND, TEXT("nd.portal"), wire_rest(&option));
		break;
	}
}

struct option {
	uint8_t type;
	struct wire content;
};

/* Take the next option. -EBADMSG for one of length zero or past the end (RFC 4861 4.6). */
static int next_option(struct wire *w, struct option *out)
{
	uint8_t type = wire_u8(w);
	size_t length = wire_u8(w) * (size_t)8;

	if (w->bad || length == 0)
		return -EBADMSG;
	out->type = type;
	out->content = wire_nested(w, length - 2);
	return w->bad ? -EBADMSG : 0;
}

/* The link-layer address of the first option of that type; zero when there is none. */
static int find_link(struct wire options, uint8_t type, struct mac *out)
{
	struct mac found = {};

	while (options.left) {
		struct option option;

		if (next_option(&options, &option))
			return -EBADMSG;
		if (option.type == type && option.content.left == 6 && mac_is_zero(&found))
			found = wire_mac(&option.content);
	}
	*out = found;
	return 0;
}

static int read_advert(const struct decode_context *ctx, struct wire body, struct fact_list *out)
{
	struct wire w = body;
	static const uint8_t anywhere[16];
	struct ip all = ip_from_v6(anywhere);
	struct mac mac;

	wire_skip(&w, 1); /* hop limit */
	uint8_t flags = wire_u8(&w);
	uint16_t lifetime_s = wire_u16(&w);
	wire_skip(&w, 8); /* reachable time, retransmission timer */
	if (w.bad || find_link(w, OPTION_SOURCE_LINK, &mac))
		return -EBADMSG;
	say_address(ctx, &mac, &ctx->ip_src, out);
	/* A router speaks from a link-local address (RFC 4861 6.1.2). Of a packet that was cut, options may be missing. */
	if (!ip_is_link_local(&ctx->ip_src) || ctx->cut)
		return 0;
	if (mac_is_zero(&mac))
		mac = ctx->mac_src;

	struct ip_list *dns = fact_room(out, sizeof(*dns));
	struct option option;

	if (dns)
		dns->count = 0;
	while (w.left && next_option(&w, &option) == 0) {
		if (option.type == OPTION_PREFIX || option.type == OPTION_ROUTE)
			read_prefix(ctx, option.type, &option.content, &mac, out);
		else if (option.type == OPTION_RDNSS && dns)
			read_dns(&option.content, dns, out);
		else
			read_manner(ctx, option.type, option.content, out);
	}
	say_manners(ctx, flags, out);
	if (lifetime_s == 0 && !(dns && dns->count))
		return 0;

	struct fact *fact = say_route(ctx, &mac, &all, 0, lifetime_s, out);

	if (dns && dns->count)
		FACT_SET(fact, dns, dns);
	return 0;
}

/* RFC 4861 8.1: a router's word that another one is nearer to one address. */
static int read_redirect(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct ip target, to;
	struct fact *fact;
	struct text prefix;
	char line[ADDR_TEXT_MAX];
	struct mac mac;

	wire_skip(&w, 4); /* reserved */
	target = wire_ip6(&w);
	to = wire_ip6(&w);
	if (w.bad || ctx->cut || find_link(w, OPTION_TARGET_LINK, &mac))
		return -EBADMSG;
	/* To itself: it is on this link. */
	if (!ip_is_link_local(&ctx->ip_src) || !ip_is_link_local(&target) || ip_is_multicast(&to) ||
	    ip_equal(&target, &to) || ip_equal(&target, &ctx->ip_src))
		return 0;
	prefix = fact_format(out, "%s/128", ip_text(&to, line));
	fact = fact_add(out, ctx, FACT_ROUTE, SOURCE_ND, CONFIDENCE_ANNOUNCED);
	FACT_SET(fact, ip, target);
	FACT_SET(fact, prefix, prefix);
	return 0;
}

int decode_nd(const struct decode_context *ctx, struct wire payload, struct fact_list *out)
{
	struct wire w = payload;
	uint8_t type = wire_u8(&w);
	uint8_t code = wire_u8(&w);
	struct ip target = {};
	struct mac mac;

	wire_skip(&w, 2); /* checksum: the copy may have been taken before the port computed it */
	if (w.bad)
		return -EBADMSG;
	if (ctx->hop_limit != 255 || code != 0)
		return 0;
	if (type == ROUTER_ADVERT)
		return read_advert(ctx, w, out);
	if (type == REDIRECT)
		return read_redirect(ctx, w, out);
	wire_skip(&w, 4); /* flags, reserved */
	if (type == NEIGHBOR_SOLICIT || type == NEIGHBOR_ADVERT)
		target = wire_ip6(&w);
	if (w.bad || find_link(w, type == NEIGHBOR_ADVERT ? OPTION_TARGET_LINK : OPTION_SOURCE_LINK, &mac))
		return -EBADMSG;
	if (type == NEIGHBOR_ADVERT)
		say_address(ctx, &mac, &target, out);
	else if (type == NEIGHBOR_SOLICIT && ip_is_unspecified(&ctx->ip_src))
		say_address(ctx, &ctx->mac_src, &target, out); /* duplicate address detection, RFC 4862 5.4 */
	else
		say_address(ctx, &mac, &ctx->ip_src, out);
	return 0;
}
