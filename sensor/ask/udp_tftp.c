// SPDX-License-Identifier: BSD-2-Clause
/* Does it hand out files by TFTP (RFC 1350)? One is asked for that nobody has; the answer, an error, comes from another port. */
#include "sensor/ask/put.h"
#include "sensor/ask/udp.h"
#include "sensor/decode/lines.h"
#include "sensor/wire.h"

enum { READ_REQUEST = 1, ERROR = 5, ERROR_CODE_MAX = 8 };

static size_t request(const struct dialogue_context *context, unsigned int step, uint8_t *out, size_t size)
{
	struct put p = put_to(out, size);

	(void)context;
	if (step > 0)
		return 0;
	put_u16(&p, READ_REQUEST);
	put_text(&p, "netvisor-asks"); /* always the same: some repeat it in their answer */
	put_u8(&p, 0);
	put_text(&p, "octet");
	put_u8(&p, 0);
	return put_length(&p);
}

static enum dialogue_verdict answer(const struct dialogue_context *context, unsigned int step,
				    const uint8_t *bytes, size_t length, bool ended, const struct say *say)
{
	struct wire w = wire_over(bytes, length);
	uint16_t operation = wire_u16(&w), code = wire_u16(&w);
	struct text why;

	(void)context, (void)step, (void)ended;
	if (w.bad || operation != ERROR || code > ERROR_CODE_MAX || !w.left || w.at[w.left - 1] != 0)
		return DIALOGUE_FOREIGN;
	why = (struct text){(const char *)w.at, strnlen((const char *)w.at, w.left)};
	say_trait(say, "tftp.error", why); /* each program has words of its own */
	return DIALOGUE_DONE;
}

const struct dialogue udp_tftp = {
	.name = "tftp", .udp = true, .any_port = true, .port_h = {69}, .request = request, .answer = answer};
