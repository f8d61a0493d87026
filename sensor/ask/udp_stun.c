// SPDX-License-Identifier: BSD-2-Clause
/* Does it help calls through NAT? A binding request (RFC 8489 5, 14.14). */
#include "sensor/ask/put.h"
#include "sensor/ask/udp.h"
#include "sensor/wire.h"

enum {
	BINDING = 0x0001,
	BINDING_SUCCESS = 0x0101,
	BINDING_ERROR = 0x0111,
	MAGIC = 0x2112a442,
	SOFTWARE = 0x8022
};

static size_t request(const struct dialogue_context *context, unsigned int step, uint8_t *out, size_t size)
{
	struct put p = put_to(out, size);

	if (step > 0)
		return 0;
	put_u16(&p, BINDING);
	put_u16(&p, 0);
	put_u32(&p, MAGIC);
	put_u64(&p, context->nonce);
	put_u32(&p, 0);
	return put_length(&p);
}

static enum dialogue_verdict answer(const struct dialogue_context *context, unsigned int step,
				    const uint8_t *bytes, size_t length, bool ended, const struct say *say)
{
	struct wire w = wire_over(bytes, length);
	uint16_t type = wire_u16(&w), size = wire_u16(&w);
	uint32_t magic = wire_u32(&w);
	uint64_t id = (uint64_t)wire_u32(&w) << 32;

	(void)step, (void)ended;
	id |= wire_u32(&w);
	wire_skip(&w, 4);
	if (w.bad || (type != BINDING_SUCCESS && type != BINDING_ERROR) || magic != MAGIC ||
	    id != context->nonce || size != w.left)
		return DIALOGUE_FOREIGN;
	while (w.left >= 4) {
		uint16_t attribute = wire_u16(&w), bytes_of_it = wire_u16(&w);
		struct wire value = wire_nested(&w, bytes_of_it);

		if (!value.bad && attribute == SOFTWARE)
			say_trait(say, "stun.software", wire_rest(&value));
		wire_skip(&w, (4 - bytes_of_it % 4) % 4);
	}
	return DIALOGUE_DONE;
}

const struct dialogue udp_stun = {
	.name = "stun", .udp = true, .port_h = {3478}, .request = request, .answer = answer};
