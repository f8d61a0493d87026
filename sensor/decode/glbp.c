// SPDX-License-Identifier: BSD-2-Clause
/*
 * GLBP, by which Cisco's routers share the load of one address (as Wireshark reads it): the address that they have together, and the MACs, one
 * for each of them, by which it is answered for.
 */
#include <errno.h>
#include <string.h>

#include "sensor/decode/tell.h"

enum { VERSION = 1, TLV_HELLO = 1, TLV_FORWARDER = 2, TLV_HEAD_BYTES = 2, FAMILY_IPV4 = 1, FAMILY_IPV6 = 2 };
enum { STATE_ACTIVE = 0x20, MACS_MAX = 8 };

struct frame {
	uint8_t state, priority;
	bool hello;
	struct ip address;
	size_t macs;
	struct mac mac[MACS_MAX];
};

static void read_hello(struct wire w, struct frame *frame)
{
	uint8_t family, length;

	wire_skip(&w, 1);
	frame->state = wire_u8(&w);
	wire_skip(&w, 1);
	frame->priority = wire_u8(&w);
	wire_skip(&w, 2 + 4 + 4 + 2 + 2 + 2); /* how often, for how long */
	family = wire_u8(&w);
	length = wire_u8(&w);
	if (family == FAMILY_IPV4 && length == 4)
		frame->address = wire_ip4(&w);
	else if (family == FAMILY_IPV6 && length == 16)
		frame->address = wire_ip6(&w);
	frame->hello = !w.bad;
}

static void read_forwarder(struct wire w, struct frame *frame)
{
	struct mac mac;

	wire_skip(&w, 12); /* its number, state, priority, weight */
	mac = wire_mac(&w);
	if (!w.bad && mac_is_virtual_router(&mac) && frame->macs < MACS_MAX)
		frame->mac[frame->macs++] = mac;
}

static void say_route(const struct decode_context *ctx, const struct ip *ip, const struct mac *mac,
		      struct fact_list *out)
{
	struct fact *fact = fact_add(out, ctx, FACT_ROUTE, SOURCE_GLBP, CONFIDENCE_ANNOUNCED);

	FACT_SET(fact, ip, *ip);
	if (mac)
		FACT_SET(fact, mac, *mac);
	FACT_SET(fact, virtual_mac, true);
}

static void say(const struct decode_context *ctx, const struct frame *frame, uint16_t group,
		struct fact_list *out)
{
	if (!frame->hello)
		return;
	if (!ip_is_unspecified(&frame->address) && !ip_is_multicast(&frame->address)) {
		say_route(ctx, &frame->address, NULL, out);
		for (size_t i = 0; i < frame->macs; i++)
			say_route(ctx, &frame->address, &frame->mac[i], out);
	}
	tell_trait(out, ctx, SOURCE_GLBP, TEXT("glbp.group"),
		   fact_format(out, "%u, priority %u, %s", group, frame->priority,
			       frame->state == STATE_ACTIVE ? "active" : "stands by"));
}

int decode_glbp(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	uint8_t version = wire_u8(&w);
	struct frame frame = {};
	uint16_t group;

	wire_skip(&w, 1);
	group = wire_u16(&w);
	wire_skip(&w, 2 + 6); /* whose it is */
	if (w.bad || ctx->cut || version != VERSION)
		return -EBADMSG;
	while (w.left) {
		uint8_t type = wire_u8(&w), length = wire_u8(&w);
		struct wire value;

		if (length < TLV_HEAD_BYTES)
			return -EBADMSG;
		value = wire_nested(&w, length - TLV_HEAD_BYTES);
		if (value.bad)
			return -EBADMSG;
		if (type == TLV_HELLO)
			read_hello(value, &frame);
		else if (type == TLV_FORWARDER)
			read_forwarder(value, &frame);
	}
	if (ip_is_multicast(&ctx->ip_dst)) /* from afar it makes no router here */
		say(ctx, &frame, group, out);
	return 0;
}
