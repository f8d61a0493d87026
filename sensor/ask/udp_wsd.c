// SPDX-License-Identifier: BSD-2-Clause
/* What does it say by Web Services Discovery (WS-Discovery 1.1, 5.2; ONVIF's cameras)? Its types, addresses and scopes. */
#include <inttypes.h>
#include <stdio.h>

#include "sensor/ask/udp.h"
#include "sensor/decode/xml.h"

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

static enum dialogue_verdict answer(const struct dialogue_context *context, unsigned int step,
				    const uint8_t *bytes, size_t length, bool ended, const struct say *say)
{
	struct text xml = {(const char *)bytes, length};
	struct text relates = xml_element(xml, "RelatesTo");
	char id[ID_BYTES];

	(void)step, (void)ended;
	message_id(context, id);
	if (!relates.length || !memmem(relates.bytes, relates.length, id, strlen(id)) ||
	    !memmem(bytes, length, "ProbeMatch", 10))
		return DIALOGUE_FOREIGN;
	say_host_trait(say, "wsd.types", xml_element(xml, "Types"));
	say_host_trait(say, "wsd.addresses", xml_element(xml, "XAddrs"));
	say_host_trait(say, "wsd.scopes", xml_element(xml, "Scopes"));
	return DIALOGUE_DONE;
}

const struct dialogue udp_wsd = {.name = "ws-discovery",
				 .udp = true,
				 .any_port = true,
				 .port_h = {3702},
				 .request = request,
				 .answer = answer};
