// SPDX-License-Identifier: BSD-2-Clause
/*
 * SIP over UDP (RFC 3261): telephones and exchanges say what they are in every message. Whoever answers is a service; a telephone is
 * told by its User-Agent.
 *
 * What is passed on keeps its first sender's words: a request that has been through anybody has more than one Via (16.6); of answers nobody but
 * the first can tell, so only those count that proxies give themselves, or that name the sender as whom to contact.
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

bool looks_like_sip(struct wire payload)
{
	struct text message = {(const char *)payload.at, payload.left};

	return payload.left > KEEPALIVE_BYTES_MAX && (text_begins(message, "SIP/2.0 ") || is_request(message));
}

/* How many hops it has been over, the first sender's own among them: each a line, or a part of one. */
static unsigned int count_vias(struct text message)
{
	unsigned int count = 0;
	struct text line;

	line_next(&message);
	while ((line = line_next(&message)).length) {
		if (!text_begins(line, "Via:") && !text_begins(line, "v:") && !text_begins(line, "Via "))
			continue;
		count++;
		for (size_t i = 0; i < line.length; i++)
			count += line.bytes[i] == ',';
	}
	return count;
}

/* The host of "sip:user@HOST:port" is the sender's address. */
static bool contact_is_sender(const struct decode_context *ctx, struct text message)
{
	struct text contact = header_value(message, "Contact"), short_form = header_value(message, "m");
	char line[ADDR_TEXT_MAX];

	if (!contact.length)
		contact = short_form;
	ip_text(&ctx->ip_src, line);
	for (size_t i = 0, n = strlen(line); i + n <= contact.length; i++)
		if (!memcmp(contact.bytes + i, line, n) && i && strchr("@:[", contact.bytes[i - 1]) &&
		    (i + n == contact.length || strchr(":;>]", contact.bytes[i + n])))
			return true;
	return false;
}

/* 100, 401, 407, and answers to REGISTER and OPTIONS are the next hop's own; all others may come from behind it (16.2). */
static bool answers_itself(const struct decode_context *ctx, struct text message)
{
	static const char *const own[] = {"SIP/2.0 100 ", "SIP/2.0 401 ", "SIP/2.0 407 "};
	struct text method = header_value(message, "CSeq");

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (text_begins(message, own[i]))
			return true;
	while (method.length && ((method.bytes[0] >= '0' && method.bytes[0] <= '9') || method.bytes[0] == ' '))
		method = (struct text){method.bytes + 1, method.length - 1};
	if (text_begins(method, "REGISTER"))
		return true;
	return !header_value(message, "Record-Route").length &&
	       (text_begins(method, "OPTIONS") || contact_is_sender(ctx, message));
}

int decode_sip(const struct decode_context *ctx, struct wire payload, struct fact_list *out)
{
	struct text message = {(const char *)payload.at, payload.left};
	struct text asked = {(const char *)ctx->asked.at, ctx->asked.left};
	bool answer = text_begins(message, "SIP/2.0 ");

	if (message.length <= KEEPALIVE_BYTES_MAX)
		return 0;
	if (!answer && !is_request(message))
		return ctx->cut ? 0 : -EBADMSG;
	while (ctx->cut && message.length && message.bytes[message.length - 1] != '\n') /* half a line */
		message.length--;
	if (answer && asked.length && is_request(asked))
		tell_service(out, ctx, SOURCE_SIP, ctx->port_src, TEXT("sip"));
	if (answer && answers_itself(ctx, message))
		tell_port_trait(out, ctx, SOURCE_SIP, ctx->port_src, TEXT("sip.server"),
				header_value(message, "Server"));
	if (answer ? answers_itself(ctx, message) : count_vias(message) == 1)
		tell_trait(out, ctx, SOURCE_SIP, TEXT("sip.user_agent"), header_value(message, "User-Agent"));
	return 0;
}
