// SPDX-License-Identifier: BSD-2-Clause
/*
 * What UPnP device is it? A search sent to that device alone (UPnP Device Architecture 1.1, 1.3.2): its root devices.
 * Plex's servers answer the same kind of search on a port of their own.
 */
#include <stdio.h>

#include "sensor/ask/put.h"
#include "sensor/ask/udp.h"
#include "sensor/decode/lines.h"

static const char root_device[] = "upnp:rootdevice";

static size_t ssdp_request(const struct dialogue_context *context, unsigned int step, uint8_t *out, size_t size)
{
	struct put p = put_to(out, size);
	char host[ADDR_TEXT_MAX];

	if (step > 0)
		return 0;
	put_text(&p, "M-SEARCH * HTTP/1.1\r\nHOST: ");
	put_text(&p, context->ip.version == 6 ? "[" : "");
	put_text(&p, ip_text(&context->ip, host));
	put_text(&p, context->ip.version == 6 ? "]" : "");
	put_text(&p, ":1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: ");
	put_text(&p, root_device);
	put_text(&p, "\r\n\r\n");
	return put_length(&p);
}

static enum dialogue_verdict ssdp_answer(const struct dialogue_context *context, unsigned int step,
					 const uint8_t *bytes, size_t length, bool ended, const struct say *say)
{
	struct text message = {(const char *)bytes, length};
	struct text what = header_value(message, "ST");

	(void)context, (void)step, (void)ended;
	if (!text_begins(message, "HTTP/1.1 200") || what.length != sizeof(root_device) - 1 ||
	    !text_begins(what, root_device))
		return DIALOGUE_FOREIGN;
	say_host_trait(say, "ssdp.server", header_value(message, "SERVER"));
	say_host_trait(say, "ssdp.usn", header_value(message, "USN"));
	say_host_trait(say, "ssdp.location", header_value(message, "LOCATION"));
	return DIALOGUE_AGAIN;
}

static size_t plex_request(const struct dialogue_context *context, unsigned int step, uint8_t *out, size_t size)
{
	struct put p = put_to(out, size);

	(void)context;
	if (step > 0)
		return 0;
	put_text(&p, "M-SEARCH * HTTP/1.1\r\n\r\n");
	return put_length(&p);
}

static enum dialogue_verdict plex_answer(const struct dialogue_context *context, unsigned int step,
					 const uint8_t *bytes, size_t length, bool ended, const struct say *say)
{
	struct text message = {(const char *)bytes, length};

	(void)context, (void)step, (void)ended;
	if (!text_begins(message, "HTTP/1.0 200") ||
	    !text_begins(header_value(message, "Content-Type"), "plex/"))
		return DIALOGUE_FOREIGN;
	say_name(say, "instance", header_value(message, "Name"));
	say_trait(say, "plex.version", header_value(message, "Version"));
	return DIALOGUE_DONE;
}

const struct dialogue udp_ssdp = {.name = "ssdp",
				  .udp = true,
				  .any_port = true, /* many answer from the port of a second socket */
				  .port_h = {1900},
				  .request = ssdp_request,
				  .answer = ssdp_answer};
const struct dialogue udp_plex = {
	.name = "plex", .udp = true, .port_h = {32414, 32410}, .request = plex_request, .answer = plex_answer};
