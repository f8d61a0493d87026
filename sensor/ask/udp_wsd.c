// SPDX-License-Identifier: BSD-2-Clause
/* What does it say by Web Services Discovery (WS-Discovery 1.1, 5.2; ONVIF's cameras)? Its types, addresses and scopes. */
#include <inttypes.h>
#include <stdio.h>

#include "sensor/ask/lines.h"
#include "sensor/ask/udp.h"

enum { ID_BYTES = 36 + 1 };

static const char probe[] =
	"<?xml version=\"1.0\" encoding=\"utf-8\"?>"
	"<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\""
	" xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\""
	" xmlns:d=\"http://schemas.xmlsoap.org/ws/2005/04/discovery\">"
	"<s:Header><a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>"
	"<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action>"
	"<a:MessageID>urn:uuid:%s</a:MessageID></s:Header><s:Body><d:Probe/></s:Body></s:Envelope>";

static const char *message_id(const struct dialogue_context *context, char out[static ID_BYTES])
{
	snprintf(out, ID_BYTES, "%08" PRIx32 "-%04x-4000-8000-000000000000", (uint32_t)(context->nonce >> 32),
		 (unsigned int)(context->nonce & 0xffff));
	return out;
}

static size_t request(const struct dialogue_context *context, unsigned int step, uint8_t *out, size_t size)
{
	char id[ID_BYTES];
	int length;

	if (step > 0)
		return 0;
	length = snprintf((char *)out, size, probe, message_id(context, id));
	return length > 0 && (size_t)length < size ? (size_t)length : 0;
}

/* The text between <any:NAME …> and the next "<"; empty when there is none. Not a reader of XML, only of this. */
static struct text element(struct text xml, const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 1; i + length < xml.length; i++) {
		const char *at = xml.bytes + i;
		size_t left = xml.length - i;

		if ((at[-1] != ':' && at[-1] != '<') || strncmp(at, name, length) != 0 ||
		    !strchr("> \t\r\n", at[length]))
			continue;

		const char *start = memchr(at, '>', left);
		const char *end = start ? memchr(start, '<', left - (size_t)(start - at)) : NULL;

		return end ? text_trim((struct text){start + 1, (size_t)(end - start - 1)})
			   : (struct text){"", 0};
	}
	return (struct text){"", 0};
}

static enum dialogue_verdict answer(const struct dialogue_context *context, unsigned int step,
				    const uint8_t *bytes, size_t length, bool ended, const struct say *say)
{
	struct text xml = {(const char *)bytes, length};
	struct text relates = element(xml, "RelatesTo");
	char id[ID_BYTES];

	(void)step, (void)ended;
	message_id(context, id);
	if (!relates.length || !memmem(relates.bytes, relates.length, id, strlen(id)) ||
	    !memmem(bytes, length, "ProbeMatch", 10))
		return DIALOGUE_FOREIGN;
	say_host_trait(say, "wsd.types", element(xml, "Types"));
	say_host_trait(say, "wsd.addresses", element(xml, "XAddrs"));
	say_host_trait(say, "wsd.scopes", element(xml, "Scopes"));
	return DIALOGUE_DONE;
}

const struct dialogue udp_wsd = {.name = "ws-discovery",
				 .udp = true,
				 .any_port = true,
				 .port_h = {3702},
				 .request = request,
				 .answer = answer};
