// SPDX-License-Identifier: BSD-2-Clause
/*
 * STUN (RFC 8489) at any port: who tells others how they look from outside, and with which program. Two ends of a call ask each other the same (ICE, RFC 8445),
 * with a name in the question: they are no servers.
 */
#include <errno.h>
#include <string.h>

#include "sensor/decode/tell.h"

enum {
	HEADER_BYTES = 20,
	COOKIE_AT = 4,
	BINDING = 0x0001,
	SUCCESS = 0x0101,
	USERNAME = 0x0006,
	SOFTWARE = 0x8022
};
static const uint8_t cookie[4] = {0x21, 0x12, 0xa4, 0x42};

bool looks_like_stun(struct wire w)
{
	return w.left >= HEADER_BYTES && w.at[0] < 2 && !memcmp(w.at + COOKIE_AT, cookie, sizeof(cookie)) &&
	       ((size_t)w.at[2] << 8 | w.at[3]) + HEADER_BYTES == w.left;
}

/* The first attribute of that type; at NULL when there is none. bad: they do not fit. */
static struct wire find(struct wire w, uint16_t wanted)
{
	struct wire none = {};

	wire_skip(&w, HEADER_BYTES);
	while (w.left) {
		uint16_t type = wire_u16(&w), length = wire_u16(&w);
		struct wire value = wire_nested(&w, length);

		wire_skip(&w, -length & 3);
		if (w.bad)
			break;
		if (type == wanted)
			return value;
	}
	none.bad = w.bad;
	return none;
}

static bool was_asked(struct wire asked, struct wire answer)
{
	struct wire name = find(asked, USERNAME);

	return asked.left >= HEADER_BYTES && asked.at[0] == 0 && asked.at[1] == BINDING &&
	       !memcmp(asked.at + COOKIE_AT, answer.at + COOKIE_AT, HEADER_BYTES - COOKIE_AT) && !name.at;
}

int decode_stun(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct wire software;

	if (!looks_like_stun(w))
		return ctx->cut ? 0 : -EBADMSG;
	software = find(w, SOFTWARE);
	if (software.bad)
		return -EBADMSG;
	if ((w.at[0] << 8 | w.at[1]) != SUCCESS || !was_asked(ctx->asked, w))
		return 0;
	tell_service(out, ctx, SOURCE_UDP, ctx->port_src, TEXT("stun"));
	tell_port_trait(out, ctx, SOURCE_UDP, ctx->port_src, TEXT("stun.software"), wire_rest(&software));
	return 0;
}
