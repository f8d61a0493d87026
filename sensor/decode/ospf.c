// SPDX-License-Identifier: BSD-2-Clause
/*
 * OSPF's hello, versions 2 (RFC 2328, A.3.1 and A.3.2) and 3 (RFC 5340, A.3.1 and A.3.2): the sender is a router, of which number and area.
 * Only what is said to the routers of the link: a virtual link's may come from afar.
 */
#include <errno.h>

#include "sensor/decode/tell.h"

enum { VERSION_2 = 2, VERSION_3 = 3, TYPE_HELLO = 1, TYPE_MAX = 5, CRYPTOGRAPHIC = 2 };
enum { HEAD_2_BYTES = 24, HEAD_3_BYTES = 16, HELLO_BYTES = 20, AUTHENTICATION_BYTES = 8 };

static void say(const struct decode_context *ctx, const struct ip *router, const struct ip *area,
		uint32_t dead_s, struct fact_list *out)
{
	char line[ADDR_TEXT_MAX];

	tell_router(out, ctx, SOURCE_OSPF, dead_s);
	tell_trait(out, ctx, SOURCE_OSPF, TEXT("ospf.router_id"),
		   fact_format(out, "%s", ip_text(router, line)));
	tell_trait(out, ctx, SOURCE_OSPF, TEXT("ospf.area"), fact_format(out, "%s", ip_text(area, line)));
}

/* The checksum leaves the password out; of a packet that is signed there is none. */
static bool sum_right(struct wire packet, uint16_t authentication)
{
	struct wire head = wire_nested(&packet, HEAD_2_BYTES - AUTHENTICATION_BYTES);

	wire_skip(&packet, AUTHENTICATION_BYTES);
	return authentication == CRYPTOGRAPHIC || wire_sums_right(head, packet);
}

static int read_2(const struct decode_context *ctx, struct wire packet, struct fact_list *out)
{
	struct wire w = packet;
	struct ip router, area;
	uint16_t authentication;
	uint32_t dead_s;

	wire_skip(&w, 4);
	router = wire_ip4(&w);
	area = wire_ip4(&w);
	wire_skip(&w, 2);
	authentication = wire_u16(&w);
	wire_skip(&w, AUTHENTICATION_BYTES);
	wire_skip(&w, 8); /* mask, how often, options, priority */
	dead_s = wire_u32(&w);
	wire_skip(&w, 8); /* designated routers */
	if (w.bad || w.left % 4 || !sum_right(packet, authentication))
		return -EBADMSG;
	if (ctx->ip_src.version == 4 && ip_is_multicast(&ctx->ip_dst))
		say(ctx, &router, &area, dead_s, out);
	return 0;
}

static int read_3(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct ip router, area;
	uint32_t dead_s;

	wire_skip(&w, 4);
	router = wire_ip4(&w);
	area = wire_ip4(&w);
	wire_skip(&w, HEAD_3_BYTES - 12);
	wire_skip(&w, 10); /* interface, priority, options, how often */
	dead_s = wire_u16(&w);
	wire_skip(&w, 8); /* designated routers */
	if (w.bad || w.left % 4)
		return -EBADMSG;
	if (ctx->ip_src.version == 6 && ip_is_link_local(&ctx->ip_src) && ip_is_multicast(&ctx->ip_dst))
		say(ctx, &router, &area, dead_s, out);
	return 0;
}

int decode_ospf(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct wire packet = w;
	uint8_t version = wire_u8(&w), type = wire_u8(&w);
	uint16_t length = wire_u16(&w);

	packet = wire_nested(&packet, length); /* what is behind it is a signature */
	if (w.bad || packet.bad || (version != VERSION_2 && version != VERSION_3) || type < TYPE_HELLO ||
	    type > TYPE_MAX)
		return -EBADMSG;
	if (type != TYPE_HELLO)
		return 0;
	return version == VERSION_2 ? read_2(ctx, packet, out) : read_3(ctx, packet, out);
}
