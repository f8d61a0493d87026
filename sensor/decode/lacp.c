// SPDX-License-Identifier: BSD-2-Clause
/*
 * LACP (IEEE 802.1AX-2014, 6.4.2.3): ports that are one link together. Which system a port is of, and which system it hears at the other end.
 * Other slow protocols are left alone.
 */
#include <errno.h>
#include <string.h>

#include "sensor/decode/tell.h"

enum { SUBTYPE_LACP = 1, TLV_ACTOR = 1, TLV_PARTNER = 2, TLV_END_BYTES = 20 };

struct end {
	unsigned int priority, key, port;
	struct mac system;
};

/* Type and length, then one end of the link: 6.4.2.3 b to k. */
static bool read_end(struct wire *w, uint8_t type, struct end *end)
{
	bool right = wire_u8(w) == type;

	right &= wire_u8(w) == TLV_END_BYTES;
	end->priority = wire_u16(w);
	end->system = wire_mac(w);
	end->key = wire_u16(w);
	wire_skip(w, 2); /* the port's priority */
	end->port = wire_u16(w);
	wire_skip(w, 4); /* state, reserved */
	return right && !w->bad;
}

int decode_lacp(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct end actor, partner;
	char system[ADDR_TEXT_MAX];

	if (wire_u8(&w) != SUBTYPE_LACP)
		return w.bad ? -EBADMSG : 0;
	wire_skip(&w, 1); /* version */
	if (!read_end(&w, TLV_ACTOR, &actor) || !read_end(&w, TLV_PARTNER, &partner))
		return -EBADMSG;
	if (mac_is_zero(&actor.system) || mac_is_group(&actor.system))
		return 0;
	tell_trait(out, ctx, SOURCE_LACP, TEXT("lacp.system"),
		   fact_format(out, "%u.%s", actor.priority, mac_text(&actor.system, system)));
	tell_trait(out, ctx, SOURCE_LACP, TEXT("lacp.port"),
		   fact_format(out, "%u, key %u", actor.port, actor.key));
	if (!mac_is_zero(&partner.system) && !mac_is_group(&partner.system))
		tell_trait(out, ctx, SOURCE_LACP, TEXT("lacp.partner"),
			   fact_format(out, "%u.%s port %u", partner.priority,
				       mac_text(&partner.system, system), partner.port));
	return 0;
}
