// SPDX-License-Identifier: BSD-2-Clause
/* A small device's list of what it has: CoAP (RFC 7252), the page /.well-known/core (RFC 6690 4). */
#include "sensor/ask/put.h"
#include "sensor/ask/udp.h"
#include "sensor/wire.h"

enum {
	VERSION = 1 << 6,
	CONFIRMABLE = 0 << 4,
	RESET = 3 << 4,
	TYPE_MASK = 3 << 4,
	GET = 1,
	TOKEN_BYTES = 4,
	PAYLOAD = 0xff
};

static size_t request(const struct dialogue_context *context, unsigned int step, uint8_t *out, size_t size)
{
	struct put p = put_to(out, size);

	if (step > 0)
		return 0;
	put_u8(&p, VERSION | CONFIRMABLE | TOKEN_BYTES);
	put_u8(&p, GET);
	put_u16(&p, (uint16_t)context->nonce);
	put_u32(&p, (uint32_t)(context->nonce >> 32));
	put_u8(&p, 0xbb); /* Uri-Path, 11 bytes */
	put_text(&p, ".well-known");
	put_u8(&p, 0x04); /* another part of it, 4 bytes */
	put_text(&p, "core");
	return put_length(&p);
}

/* The payload behind the options: each has its number's step and its length in one byte, and up to four more (3.1). */
static struct text payload_of(struct wire w)
{
	while (w.left) {
		uint8_t first = wire_u8(&w), step = first >> 4;
		size_t length = first & 15;

		if (first == PAYLOAD)
			return wire_rest(&w);
		wire_skip(&w, step == 13 ? 1 : step == 14 ? 2 : 0);
		if (length == 13)
			length += wire_u8(&w);
		else if (length == 14)
			length = 269 + (size_t)wire_u16(&w);
		wire_skip(&w, length);
	}
	return (struct text){"", 0};
}

static enum dialogue_verdict answer(const struct dialogue_context *context, unsigned int step,
				    const uint8_t *bytes, size_t length, bool ended, const struct say *say)
{
	struct wire w = wire_over(bytes, length);
	uint8_t first = wire_u8(&w), code = wire_u8(&w);
	uint16_t id = wire_u16(&w);

	(void)step, (void)ended;
	if (w.bad || first >> 6 != VERSION >> 6)
		return DIALOGUE_FOREIGN;
	if (code == 0) /* refused, or only received: the answer comes on its own */
		return id != (uint16_t)context->nonce ? DIALOGUE_FOREIGN
		       : (first & TYPE_MASK) == RESET ? DIALOGUE_DONE
						      : DIALOGUE_MORE;
	if ((first & 15) != TOKEN_BYTES || wire_u32(&w) != (uint32_t)(context->nonce >> 32) || code >> 5 < 2)
		return DIALOGUE_FOREIGN;
	if (code >> 5 == 2)
		say_trait(say, "coap.resources", payload_of(w));
	return DIALOGUE_DONE;
}

const struct dialogue udp_coap = {
	.name = "coap", .udp = true, .port_h = {5683}, .request = request, .answer = answer};
