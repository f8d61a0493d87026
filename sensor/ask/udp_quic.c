// SPDX-License-Identifier: BSD-2-Clause
/*
 * Does it speak HTTP/3? A packet of a version that nobody has, long enough to be answered, gets the list of versions that it
 * has (RFC 9000 6, 17.2.1), and the server keeps nothing.
 */
#include <stdio.h>

#include "sensor/ask/put.h"
#include "sensor/ask/udp.h"
#include "sensor/wire.h"

enum { LONG_HEADER = 0xc0, NO_VERSION = 0x1a2a3a4a, ID_BYTES = 8, INITIAL_BYTES = 1200, VERSIONS_MAX = 16 };

static size_t request(const struct dialogue_context *context, unsigned int step, uint8_t *out, size_t size)
{
	struct put p = put_to(out, size);

	if (step > 0)
		return 0;
	put_u8(&p, LONG_HEADER);
	put_u32(&p, NO_VERSION);
	put_u8(&p, ID_BYTES);
	put_u64(&p, context->nonce);
	put_u8(&p, ID_BYTES);
	put_u64(&p, ~context->nonce);
	put_zeros(&p, INITIAL_BYTES - p.length);
	return put_length(&p);
}

static uint64_t take_id(struct wire *w)
{
	uint64_t id;

	if (wire_u8(w) != ID_BYTES)
		w->bad = true;
	id = (uint64_t)wire_u32(w) << 32;
	return id | wire_u32(w);
}

static enum dialogue_verdict answer(const struct dialogue_context *context, unsigned int step,
				    const uint8_t *bytes, size_t length, bool ended, const struct say *say)
{
	struct wire w = wire_over(bytes, length);
	char text[VERSIONS_MAX * 11 + 1];
	uint8_t first = wire_u8(&w);
	uint32_t version = wire_u32(&w);
	uint64_t to = take_id(&w), from = take_id(&w);
	size_t used = 0;

	(void)step, (void)ended;
	if (w.bad || !(first & 0x80) || version != 0 || to != ~context->nonce || from != context->nonce)
		return DIALOGUE_FOREIGN;
	for (int i = 0; i < VERSIONS_MAX && w.left >= 4; i++) {
		version = wire_u32(&w);
		if ((version & 0x0f0f0f0f) == 0x0a0a0a0a) /* there to be ignored: RFC 9000 15 */
			continue;
		used += (size_t)sprintf(text + used, used ? " %x" : "%x", version);
	}
	say_trait(say, "quic.versions", (struct text){text, used});
	return DIALOGUE_DONE;
}

const struct dialogue udp_quic = {
	.name = "quic", .udp = true, .port_h = {443, 8443}, .request = request, .answer = answer};
