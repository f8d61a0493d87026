// SPDX-License-Identifier: BSD-2-Clause
/*
 * Has it a controller of its own that can start and stop it? Presence ping (ASF 2.0, 3.2.4.2), and which ways of signing in it
 * has (IPMI 2.0, 22.13): asked before anybody signs in.
 */
#include "sensor/ask/put.h"
#include "sensor/ask/udp.h"
#include "sensor/wire.h"

enum {
	RMCP = 6,
	NO_SEQUENCE = 0xff,
	CLASS_ASF = 6,
	CLASS_IPMI = 7,
	ASF_NUMBER = 4542,
	PING = 0x80,
	PONG = 0x40
};
enum { AUTH_CAPABILITIES = 0x38, NETFN_APP_ANSWER = 0x1c, HAS_IPMI_2 = 0x02, CHANNEL_EXTENDED = 0x80 };

static size_t request(const struct dialogue_context *context, unsigned int step, uint8_t *out, size_t size)
{
	/* To the controller (20) from a console (81): IPMI 2.0 13.8, each part with its checksum. */
	static const uint8_t capabilities[] = {0x20, 0x18, 0xc8, 0x81, 0x00, AUTH_CAPABILITIES,
					       0x8e, 0x04, 0xb5};
	struct put p = put_to(out, size);

	if (step > 1)
		return 0;
	put_u8(&p, RMCP);
	put_u8(&p, 0);
	put_u8(&p, NO_SEQUENCE);
	put_u8(&p, step == 0 ? CLASS_ASF : CLASS_IPMI);
	if (step == 0) {
		put_u32(&p, ASF_NUMBER);
		put_u8(&p, PING);
		put_u8(&p, (uint8_t)context->nonce);
		put_u16(&p, 0);
		return put_length(&p);
	}
	put_zeros(&p, 9); /* nobody signed in, no session */
	put_u8(&p, sizeof(capabilities));
	put_bytes(&p, capabilities, sizeof(capabilities));
	return put_length(&p);
}

static enum dialogue_verdict answer(const struct dialogue_context *context, unsigned int step,
				    const uint8_t *bytes, size_t length, bool ended, const struct say *say)
{
	struct wire w = wire_over(bytes, length);
	uint8_t version = wire_u8(&w), class;

	(void)step, (void)ended;
	wire_skip(&w, 2);
	class = wire_u8(&w);
	if (w.bad || version != RMCP)
		return DIALOGUE_FOREIGN;
	if (class == CLASS_ASF)
		return wire_u32(&w) == ASF_NUMBER && wire_u8(&w) == PONG &&
				       wire_u8(&w) == (uint8_t)context->nonce
			       ? DIALOGUE_AGAIN
			       : DIALOGUE_FOREIGN;
	if (class != CLASS_IPMI)
		return DIALOGUE_FOREIGN;
	wire_skip(&w, 11); /* session, length, address */
	if (wire_u8(&w) != NETFN_APP_ANSWER)
		return DIALOGUE_FOREIGN;
	wire_skip(&w, 3);

	uint8_t command = wire_u8(&w), completion = wire_u8(&w);

	if (command != AUTH_CAPABILITIES || completion != 0 || w.bad)
		return DIALOGUE_FOREIGN;
	wire_skip(&w, 1); /* channel */

	bool extended = wire_u8(&w) & CHANNEL_EXTENDED;

	wire_skip(&w, 1);

	bool v2 = extended && wire_u8(&w) & HAS_IPMI_2;

	if (w.bad)
		return DIALOGUE_FOREIGN;
	say_trait(say, "ipmi.version", v2 ? TEXT("2.0") : TEXT("1.5"));
	return DIALOGUE_AGAIN;
}

const struct dialogue udp_ipmi = {
	.name = "ipmi", .udp = true, .port_h = {623}, .request = request, .answer = answer};
