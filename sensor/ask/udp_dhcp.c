// SPDX-License-Identifier: BSD-2-Clause
/*
 * Does it give addresses? DHCPINFORM (RFC 2131 3.4) asks for none: it asks what else the server would tell, so the answer
 * says the network's routers and resolvers. A server sends it to the client's port.
 */
#include "sensor/ask/decoded.h"
#include "sensor/ask/put.h"
#include "sensor/ask/udp.h"

enum {
	CLIENT_PORT = 68,
	SERVER_PORT = 67,
	REQUEST = 1,
	REPLY = 2,
	ETHERNET = 1,
	COOKIE = 0x63825363,
	INFORM = 8,
	MESSAGE_BYTES_MIN = 300
};
enum { OPTION_MESSAGE = 53, OPTION_PARAMETERS = 55, OPTION_END = 255 };

static size_t request(const struct dialogue_context *context, unsigned int step, uint8_t *out, size_t size)
{
	/* Routers, resolvers, domain, static routes. */
	static const uint8_t wanted[] = {OPTION_PARAMETERS, 5, 1, 3, 6, 15, 121};
	struct put p = put_to(out, size);

	if (step > 0 || context->ip.version != 4 || context->local.version != 4)
		return 0;
	put_u8(&p, REQUEST);
	put_u8(&p, ETHERNET);
	put_u8(&p, 6);
	put_u8(&p, 0);
	put_u32(&p, (uint32_t)context->nonce);
	put_u32(&p, 0);
	put_bytes(&p, context->local.bytes, 4); /* ciaddr */
	put_zeros(&p, 12);
	put_u8(&p, 2); /* a MAC that is nobody's: locally administered, of the nonce */
	put_u8(&p, 0);
	put_u32(&p, (uint32_t)(context->nonce >> 32));
	put_zeros(&p, 10 + 64 + 128);
	put_u32(&p, COOKIE);
	put_u8(&p, OPTION_MESSAGE);
	put_u8(&p, 1);
	put_u8(&p, INFORM);
	put_bytes(&p, wanted, sizeof(wanted));
	put_u8(&p, OPTION_END);
	put_zeros(&p, MESSAGE_BYTES_MIN - p.length);
	return put_length(&p);
}

static enum dialogue_verdict answer(const struct dialogue_context *context, unsigned int step,
				    const uint8_t *bytes, size_t length, bool ended, const struct say *say)
{
	struct wire w = wire_over(bytes, length);
	uint8_t operation = wire_u8(&w);

	(void)step, (void)ended;
	wire_skip(&w, 3);
	if (operation != REPLY || wire_u32(&w) != (uint32_t)context->nonce)
		return DIALOGUE_FOREIGN;
	return say_decoded(say, decode_dhcp, bytes, length) ? DIALOGUE_FOREIGN : DIALOGUE_DONE;
}

const struct dialogue udp_dhcp = {.name = "dhcp",
				  .udp = true,
				  .source_port_h = CLIENT_PORT,
				  .port_h = {SERVER_PORT},
				  .request = request,
				  .answer = answer};
