// SPDX-License-Identifier: BSD-2-Clause
/*
 * MikroTik's Neighbor Discovery Protocol (UDP 5678 to all, once a minute; https://help.mikrotik.com/docs/display/ROS/Neighbor+discovery): who a
 * router is. Four bytes that do not matter, then types with lengths. It passes bridges, so it says nothing of who is next to whom.
 */
#include <errno.h>

#include "sensor/decode/tell.h"

enum { MNDP_PORT = 5678, QUESTION_BYTES = 4 };
enum { MAC = 1, IDENTITY = 5, VERSION = 7, PLATFORM = 8, SOFTWARE = 11, BOARD = 12, INTERFACE = 16 };

/* A reader over the first value of that type; empty when there is none. */
static struct wire find(struct wire w, uint16_t wanted)
{
	while (w.left) {
		uint16_t type = wire_u16(&w);
		struct wire value = wire_nested(&w, wire_u16(&w));

		if (type == wanted && !value.bad)
			return value;
	}
	return w;
}

static bool is_sound(struct wire w)
{
	while (w.left) {
		wire_skip(&w, 2);
		wire_skip(&w, wire_u16(&w));
	}
	return !w.bad;
}

static void say_text(const struct decode_context *ctx, struct wire w, uint16_t type, struct text key,
		     struct fact_list *out)
{
	struct wire value = find(w, type);

	tell_trait(out, ctx, SOURCE_MNDP, key, wire_rest(&value));
}

int decode_mndp(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct wire value;
	struct mac mac;

	if (ctx->port_dst != MNDP_PORT || w.left == QUESTION_BYTES || ctx->cut)
		return 0;
	if (w.left < QUESTION_BYTES || w.at[0] || w.at[1]) /* something else's at that port */
		return 0;
	wire_skip(&w, QUESTION_BYTES);
	value = find(w, MAC);
	mac = wire_mac(&value);
	if (w.bad || !is_sound(w) || value.bad || value.left || mac_is_zero(&mac) || mac_is_group(&mac))
		return -EBADMSG;
	tell_own_address(out, ctx, SOURCE_MNDP, &mac, &ctx->ip_src);
	value = find(w, IDENTITY);
	tell_own_name(out, ctx, SOURCE_MNDP, TEXT("hostname"), wire_rest(&value));
	say_text(ctx, w, PLATFORM, TEXT("mndp.platform"), out);
	say_text(ctx, w, BOARD, TEXT("mndp.board"), out);
	say_text(ctx, w, VERSION, TEXT("mndp.version"), out);
	say_text(ctx, w, SOFTWARE, TEXT("mndp.software_id"), out);
	say_text(ctx, w, INTERFACE, TEXT("mndp.interface"), out);
	return 0;
}
