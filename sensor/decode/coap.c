// SPDX-License-Identifier: BSD-2-Clause
/* CoAP (RFC 7252): who answers, and the list of what a small device has (RFC 6690, 4), where somebody asks for it. */
#include <errno.h>
#include <string.h>

#include "sensor/decode/tell.h"

enum { COAP_PORT = 5683, VERSION = 1, TOKEN_BYTES_MAX = 8, PAYLOAD = 0xff, CONTENT_FORMAT = 12, LINKS = 40 };

struct message {
	uint8_t code;
	uint16_t id;
	struct wire token;
	bool links; /* the payload is a list of links */
	struct text payload;
};

/* The extended part of an option's number or length (3.1). */
static uint32_t extended(struct wire *w, uint8_t nibble)
{
	if (nibble == 13)
		return 13u + wire_u8(w);
	if (nibble == 14)
		return 269u + wire_u16(w);
	w->bad |= nibble == 15;
	return nibble;
}

static int read_message(struct wire w, struct message *m)
{
	uint8_t first = wire_u8(&w);
	uint32_t option = 0;

	m->code = wire_u8(&w);
	m->id = wire_u16(&w);
	m->token = wire_nested(&w, first & 15);
	if (w.bad || first >> 6 != VERSION || (first & 15) > TOKEN_BYTES_MAX)
		return -EBADMSG;
	while (w.left && !w.bad) {
		uint8_t byte = wire_u8(&w);
		struct wire value;
		uint32_t length;

		if (byte == PAYLOAD) {
			m->payload = wire_rest(&w);
			return m->payload.length ? 0 : -EBADMSG;
		}
		option += extended(&w, byte >> 4);
		length = extended(&w, byte & 15);
		value = wire_nested(&w, length);
		if (option == CONTENT_FORMAT && value.left == 1 && value.at[0] == LINKS)
			m->links = true;
	}
	return w.bad ? -EBADMSG : 0;
}

/* A request with the same token, or the same number where it was confirmed at once; only its start may be there. */
static bool was_asked(struct wire asked, const struct message *answer)
{
	uint8_t first = wire_u8(&asked), code = wire_u8(&asked);
	uint16_t id = wire_u16(&asked);
	struct wire token = wire_nested(&asked, first & 15);

	if (asked.bad || first >> 6 != VERSION || code == 0 || code >> 5 != 0 ||
	    token.left != answer->token.left)
		return false;
	return token.left ? !memcmp(token.at, answer->token.at, token.left) : id == answer->id;
}

int decode_coap(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct message m = {};

	if (ctx->cut || !w.left || w.at[0] >> 6 != VERSION)
		return 0;
	if (read_message(w, &m))
		return -EBADMSG;
	if (ctx->port_src != COAP_PORT || m.code >> 5 < 2 || m.code >> 5 > 5 || !was_asked(ctx->asked, &m))
		return 0;
	tell_service(out, ctx, SOURCE_UDP, COAP_PORT, TEXT("coap"));
	if (m.links && m.code >> 5 == 2)
		tell_port_trait(out, ctx, SOURCE_UDP, COAP_PORT, TEXT("coap.resources"), m.payload);
	return 0;
}
