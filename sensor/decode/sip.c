// SPDX-License-Identifier: BSD-2-Clause
/*
 * SIP over UDP (RFC 3261): telephones and exchanges say what they are in every message. Whoever answers is a service; a telephone is
 * told by its User-Agent.
 */
#include <errno.h>

#include "sensor/decode/lines.h"
#include "sensor/decode/tell.h"

enum { SIP_PORT = 5060, KEEPALIVE_BYTES_MAX = 4 };

static bool is_request(struct text message)
{
	struct text line = line_next(&message);

	return line.length > 8 &&
	       memmem(line.bytes, line.length, " SIP/2.0", 8) == line.bytes + line.length - 8;
}

int decode_sip(const struct decode_context *ctx, struct wire payload, struct fact_list *out)
{
	struct text message = {(const char *)payload.at, payload.left};
	bool answer = text_begins(message, "SIP/2.0 ");

	if (message.length <= KEEPALIVE_BYTES_MAX)
		return 0;
	if (!answer && !is_request(message))
		return ctx->cut ? 0 : -EBADMSG;
	while (ctx->cut && message.length && message.bytes[message.length - 1] != '\n') /* half a line */
		message.length--;
	if (answer && ctx->port_src == SIP_PORT)
		tell_service(out, ctx, SOURCE_SIP, SIP_PORT, TEXT("sip"));
	if (answer)
		tell_port_trait(out, ctx, SOURCE_SIP, ctx->port_src, TEXT("sip.server"),
				header_value(message, "Server"));
	tell_trait(out, ctx, SOURCE_SIP, TEXT("sip.user_agent"), header_value(message, "User-Agent"));
	return 0;
}
