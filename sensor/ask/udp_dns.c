// SPDX-License-Identifier: BSD-2-Clause
/*
 * Is it a name server? It is asked what it is (RFC 4892, class CHAOS) and who serves the root, without recursion: neither
 * makes it ask anybody else. The answer tells, too, whether it would look for names elsewhere.
 */
#include "sensor/ask/dns_ask.h"
#include "sensor/ask/udp.h"

enum { STEP_VERSION, STEP_ROOT };

static uint16_t id_of(const struct dialogue_context *context, unsigned int step)
{
	return (uint16_t)(context->nonce + step);
}

static size_t request(const struct dialogue_context *context, unsigned int step, uint8_t *out, size_t size)
{
	struct put p = put_to(out, size);

	if (step > STEP_ROOT)
		return 0;
	put_dns_header(&p, id_of(context, step), 0, 1);
	if (step == STEP_VERSION)
		put_dns_question(&p, "version.bind", DNS_TXT, DNS_CHAOS);
	else
		put_dns_question(&p, "", DNS_NS, DNS_IN);
	return put_length(&p);
}

static enum dialogue_verdict answer(const struct dialogue_context *context, unsigned int step,
				    const uint8_t *bytes, size_t length, bool ended, const struct say *say)
{
	struct dns_message message;
	struct dns_record record;

	(void)step, (void)ended;
	if (dns_open_answer(bytes, length, id_of(context, STEP_ROOT), "", DNS_NS, &message) == 0) {
		say_trait(say, "dns.recursion",
			  dns_flags(&message) & DNS_RECURSES ? TEXT("available") : TEXT("none"));
		return DIALOGUE_AGAIN;
	}
	if (dns_open_answer(bytes, length, id_of(context, STEP_VERSION), "version.bind", DNS_TXT, &message))
		return DIALOGUE_FOREIGN;
	while (dns_next(&message, &record) == 1)
		if (record.section == DNS_ANSWER && record.type == DNS_TXT && record.class == DNS_CHAOS) {
			say_trait(say, "dns.version", dns_first_string(&record));
			break;
		}
	return DIALOGUE_AGAIN;
}

const struct dialogue udp_dns = {
	.name = "dns", .udp = true, .port_h = {53}, .request = request, .answer = answer};
