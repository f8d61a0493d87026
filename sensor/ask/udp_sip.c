// SPDX-License-Identifier: BSD-2-Clause
/* Is it a telephone exchange or a telephone? OPTIONS (RFC 3261 11) calls nobody; the answer comes back to our port (RFC 3581). */
#include <inttypes.h>
#include <stdio.h>

#include "sensor/ask/put.h"
#include "sensor/ask/udp.h"
#include "sensor/decode/lines.h"

enum { CALL_ID_BYTES = 16 + 1 };

static void call_id(const struct dialogue_context *context, char out[static CALL_ID_BYTES])
{
	snprintf(out, CALL_ID_BYTES, "%016" PRIx64, context->nonce);
}

static size_t request(const struct dialogue_context *context, unsigned int step, uint8_t *out, size_t size)
{
	char address[ADDR_TEXT_MAX], host[ADDR_TEXT_MAX + 2], id[CALL_ID_BYTES];
	struct put p = put_to(out, size);
	int length;

	if (step > 0)
		return 0;
	call_id(context, id);
	snprintf(host, sizeof(host), context->ip.version == 6 ? "[%s]" : "%s", ip_text(&context->ip, address));
	length = snprintf((char *)out, size,
			  "OPTIONS sip:%s SIP/2.0\r\n"
			  "Via: SIP/2.0/UDP netvisor.invalid;branch=z9hG4bK%s;rport\r\n"
			  "Max-Forwards: 1\r\n"
			  "From: <sip:netvisor@netvisor.invalid>;tag=%.8s\r\n"
			  "To: <sip:%s>\r\n"
			  "Call-ID: %s\r\n"
			  "CSeq: 1 OPTIONS\r\n"
			  "Contact: <sip:netvisor@netvisor.invalid>\r\n"
			  "Accept: application/sdp\r\n"
			  "Content-Length: 0\r\n\r\n",
			  host, id, id, host, id);
	p.length = length > 0 && (size_t)length < size ? (size_t)length : 0;
	return put_length(&p);
}

static enum dialogue_verdict answer(const struct dialogue_context *context, unsigned int step,
				    const uint8_t *bytes, size_t length, bool ended, const struct say *say)
{
	struct text message = {(const char *)bytes, length};
	char id[CALL_ID_BYTES];
	struct text theirs = header_value(message, "Call-ID");

	(void)step, (void)ended;
	call_id(context, id);
	if (!theirs.length)
		theirs = header_value(message, "i"); /* its short form: RFC 3261 7.3.3 */
	if (!text_begins(message, "SIP/2.0 ") || theirs.length != sizeof(id) - 1 || !text_begins(theirs, id))
		return DIALOGUE_FOREIGN;
	if (text_begins(message, "SIP/2.0 1")) /* "Trying": the answer comes later */
		return DIALOGUE_MORE;
	say_trait(say, "sip.server", header_value(message, "Server"));
	say_trait(say, "sip.user_agent", header_value(message, "User-Agent"));
	return DIALOGUE_DONE;
}

const struct dialogue udp_sip = {
	.name = "sip", .udp = true, .port_h = {5060}, .request = request, .answer = answer};
