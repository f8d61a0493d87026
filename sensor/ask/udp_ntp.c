// SPDX-License-Identifier: BSD-2-Clause
/* Does it give the time? (RFC 5905.) Only the packet that every client sends; no control messages. */
#include <stdio.h>

#include "sensor/ask/put.h"
#include "sensor/ask/udp.h"
#include "sensor/wire.h"

enum {
	NTP_BYTES = 48,
	CLIENT = 0x23 /* no leap warning, version 4, mode 3 */,
	MODE_SERVER = 4,
	STRATUM_PRIMARY = 1
};

static size_t request(const struct dialogue_context *context, unsigned int step, uint8_t *out, size_t size)
{
	struct put p = put_to(out, size);

	if (step > 0)
		return 0;
	put_u8(&p, CLIENT);
	put_zeros(&p, NTP_BYTES - 9);
	put_u64(&p, context->nonce); /* transmit time: it comes back as origin, and is nobody's business */
	return put_length(&p);
}

static void say_reference(const struct say *say, uint8_t stratum, const uint8_t *reference)
{
	struct ip ip = ip_from_v4(reference);
	char text[ADDR_TEXT_MAX];
	size_t length = 0;

	if (stratum > STRATUM_PRIMARY) {
		ip_text(&ip, text);
		say_trait(say, "ntp.reference", (struct text){text, strlen(text)});
		return;
	}
	while (length < 4 && reference[length])
		length++;
	say_trait(say, "ntp.reference", (struct text){(const char *)reference, length});
}

static enum dialogue_verdict answer(const struct dialogue_context *context, unsigned int step,
				    const uint8_t *bytes, size_t length, bool ended, const struct say *say)
{
	struct wire w = wire_over(bytes, length);
	uint8_t first = wire_u8(&w), stratum = wire_u8(&w);

	(void)step, (void)ended;
	wire_skip(&w, 10); /* poll, precision, root delay, root dispersion */

	const uint8_t *reference = wire_bytes(&w, 4);

	wire_skip(&w, 8); /* reference time */

	uint64_t origin = (uint64_t)wire_u32(&w) << 32;

	origin |= wire_u32(&w);
	wire_skip(&w, 16);
	if (w.bad || (first & 7) != MODE_SERVER || origin != context->nonce)
		return DIALOGUE_FOREIGN;

	char text[8];
	int printed = snprintf(text, sizeof(text), "%u", stratum);

	say_trait(say, "ntp.stratum", (struct text){text, (size_t)printed});
	say_reference(say, stratum, reference);
	return DIALOGUE_DONE;
}

const struct dialogue udp_ntp = {
	.name = "ntp", .udp = true, .port_h = {123}, .request = request, .answer = answer};
