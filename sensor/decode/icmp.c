// SPDX-License-Identifier: BSD-2-Clause
/*
 * What routers say by ICMP: that another one is the shorter way (RFC 792 and RFC 1812, 5.2.7.2), and that they are there (RFC 1256). A redirect
 * shows the packet that it is about, which has to be one that the receiver sent.
 */
#include <errno.h>

#include "sensor/decode/tell.h"

enum { REDIRECT = 5, ROUTER_ADVERT = 9, CODE_REDIRECT_MAX = 3, WORDS_OF_ENTRY = 2, MOBILE_AGENT_ONLY = 16 };

static void say(const struct decode_context *ctx, const struct ip *router, struct text prefix,
		uint32_t lifetime_s, struct fact_list *out)
{
	struct fact *fact = fact_add(out, ctx, FACT_ROUTE, SOURCE_ICMP, CONFIDENCE_ANNOUNCED);

	FACT_SET(fact, ip, *router);
	FACT_SET(fact, prefix, prefix);
	if (lifetime_s)
		FACT_SET(fact, lifetime_s, lifetime_s);
}

static int read_redirect(const struct decode_context *ctx, uint8_t code, struct wire w, struct fact_list *out)
{
	struct ip router = wire_ip4(&w), from, to;
	uint8_t head = wire_u8(&w);
	char line[ADDR_TEXT_MAX];

	wire_skip(&w, 11);
	from = wire_ip4(&w);
	to = wire_ip4(&w);
	if (w.bad || code > CODE_REDIRECT_MAX || head >> 4 != 4 || (head & 15) < 5)
		return -EBADMSG;
	if (ip_is_unspecified(&router) || ip_is_multicast(&router) || ip_is_multicast(&to) ||
	    !ip_equal(&from, &ctx->ip_dst) || ip_equal(&router, &ctx->ip_src) || ip_equal(&router, &to))
		return 0;
	say(ctx, &router, fact_format(out, "%s/32", ip_text(&to, line)), 0, out);
	return 0;
}

static int read_advert(const struct decode_context *ctx, uint8_t code, struct wire w, struct fact_list *out)
{
	uint8_t count = wire_u8(&w), words = wire_u8(&w);
	uint16_t lifetime_s = wire_u16(&w);

	if (w.bad || words < WORDS_OF_ENTRY || (code != 0 && code != MOBILE_AGENT_ONLY))
		return -EBADMSG;
	if (ctx->hop_limit != 1 || code != 0 || lifetime_s == 0)
		return 0;
	while (count--) {
		struct ip router = wire_ip4(&w);

		wire_skip(&w, (size_t)words * 4 - 4); /* preference */
		if (w.bad)
			return -EBADMSG;
		if (!ip_is_unspecified(&router) && !ip_is_multicast(&router))
			say(ctx, &router, TEXT("0.0.0.0/0"), lifetime_s, out);
	}
	return 0;
}

int decode_icmp(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct wire whole = w;
	uint8_t type = wire_u8(&w), code = wire_u8(&w);

	wire_skip(&w, 2);
	if (w.bad || ctx->cut || !wire_sum_right(whole))
		return -EBADMSG;
	if (type == REDIRECT)
		return read_redirect(ctx, code, w, out);
	return type == ROUTER_ADVERT ? read_advert(ctx, code, w, out) : 0;
}
