// SPDX-License-Identifier: BSD-2-Clause
/*
 * SSDP (UPnP Device Architecture 2.0, 1.2 and 1.3): what a device announces of itself, and answers to a search. A search says what
 * the one that searches is, if it says who it is. Farewells say nothing.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/decode/lines.h"
#include "sensor/decode/tell.h"

enum { SSDP_PORT = 1900, PORT_MAX = 65535, HTTP_PORT = 80 };

/* An answer that came from another port than SSDP's own. */
bool looks_like_ssdp(struct wire payload)
{
	struct text message = {(const char *)payload.at, payload.left};

	return text_begins(message, "HTTP/1.1 200 OK\r\n") && header_value(message, "ST").length &&
	       header_value(message, "USN").length;
}

/* The place of an http:// address whose host is the sender itself: its port, or 0. */
static uint16_t location_port(const struct decode_context *ctx, struct text location)
{
	char line[ADDR_TEXT_MAX + 8];
	const char *slash, *host, *end;
	bool bracket;
	struct ip ip;
	unsigned long port;

	if (!text_begins(location, "http://"))
		return 0;
	location.bytes += 7;
	location.length -= 7;
	slash = memchr(location.bytes, '/', location.length);
	if (slash)
		location.length = (size_t)(slash - location.bytes);
	if (location.length == 0 || location.length >= sizeof(line))
		return 0;
	memcpy(line, location.bytes, location.length);
	line[location.length] = 0;
	bracket = line[0] == '[';
	host = line + bracket;
	end = strchr(host, bracket ? ']' : ':');
	if (bracket && !end)
		return 0;
	port = HTTP_PORT;
	if (end) {
		char *rest = line + (end - line), *number = rest + (bracket ? 1 : 0);

		if (*number == ':')
			port = strtoul(number + 1, NULL, 10);
		*rest = 0;
	}
	if (ip_parse(host, &ip) || !ip_equal(&ip, &ctx->ip_src) || port == 0 || port > PORT_MAX)
		return 0;
	return (uint16_t)port;
}

static void say_service(const struct decode_context *ctx, uint16_t port, struct fact_list *out)
{
	struct fact *fact = fact_add(out, ctx, FACT_SERVICE, SOURCE_SSDP, CONFIDENCE_ANNOUNCED);

	FACT_SET(fact, ip, ctx->ip_src);
	FACT_SET(fact, port, port);
	FACT_SET(fact, proto, TEXT("tcp"));
	FACT_SET(fact, state, TEXT("open"));
	FACT_SET(fact, clients, 0);
}

int decode_ssdp(const struct decode_context *ctx, struct wire payload, struct fact_list *out)
{
	struct text message = {(const char *)payload.at, payload.left};
	bool notice = text_begins(message, "NOTIFY * HTTP/1.1\r"),
	     answer = text_begins(message, "HTTP/1.1 200 ");

	while (ctx->cut && message.length && message.bytes[message.length - 1] != '\n') /* half a line */
		message.length--;
	if (text_begins(message, "M-SEARCH * HTTP/1.1\r")) {
		tell_trait(out, ctx, SOURCE_SSDP, TEXT("ssdp.user_agent"), header_value(message, "USER-AGENT"));
		return 0;
	}
	if (!notice && !answer)
		return -EBADMSG;
	if (notice && text_begins(header_value(message, "NTS"), "ssdp:byebye"))
		return 0;

	struct text location = header_value(message, "LOCATION");
	uint16_t port = location_port(ctx, location);

	if (answer && ctx->port_src == SSDP_PORT && ctx->asked.left &&
	    text_begins((struct text){(const char *)ctx->asked.at, ctx->asked.left}, "M-SEARCH * HTTP/1.1\r"))
		tell_service(out, ctx, SOURCE_SSDP, SSDP_PORT, TEXT("ssdp"));
	tell_trait(out, ctx, SOURCE_SSDP, TEXT("ssdp.server"), header_value(message, "SERVER"));
	tell_trait(out, ctx, SOURCE_SSDP, TEXT("ssdp.usn"), header_value(message, "USN"));
	tell_trait(out, ctx, SOURCE_SSDP, TEXT("ssdp.location"), location);
	if (port)
		say_service(ctx, port, out);
	return 0;
}
