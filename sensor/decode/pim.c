// SPDX-License-Identifier: BSD-2-Clause
/* PIM version 2's hello (RFC 7761, 4.9.2): the sender is a router that passes multicast on. */
#include <errno.h>

#include "sensor/decode/tell.h"

enum { VERSION_HELLO = 0x20, OPTION_HOLD_TIME = 1, HOLD_FOR_EVER = 0xffff };

int decode_pim(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct wire whole = w;
	uint8_t head = wire_u8(&w);
	uint32_t hold_s = 0;
	bool leaves = false;

	wire_skip(&w, 3); /* reserved, checksum */
	if (w.bad || head >> 4 != VERSION_HELLO >> 4)
		return -EBADMSG;
	if (head != VERSION_HELLO)
		return 0;
	/* IPv6's checksum covers addresses too, and is left to others. */
	if (ctx->ip_src.version == 4 && !wire_sum_right(whole))
		return -EBADMSG;
	while (w.left) {
		uint16_t option = wire_u16(&w);
		struct wire value = wire_nested(&w, wire_u16(&w));

		if (w.bad)
			return -EBADMSG;
		if (option != OPTION_HOLD_TIME)
			continue;
		hold_s = wire_u16(&value);
		if (value.bad)
			return -EBADMSG;
		leaves = hold_s == 0;
	}
	if (!leaves && ip_is_multicast(&ctx->ip_dst))
		tell_router(out, ctx, SOURCE_PIM, hold_s == HOLD_FOR_EVER ? 0 : hold_s);
	return 0;
}
