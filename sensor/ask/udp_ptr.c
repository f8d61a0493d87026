// SPDX-License-Identifier: BSD-2-Clause
/*
 * What is an address called? One question to a resolver about another host (context->about): rdns.h. Answers may go through
 * aliases (RFC 2317); every name is taken, up to a bound.
 */
#include "sensor/ask/dns_ask.h"
#include "sensor/ask/udp.h"

enum { NAMES_MAX = 8 };

static size_t request(const struct dialogue_context *context, unsigned int step, uint8_t *out, size_t size)
{
	char name[REVERSE_NAME_BYTES];
	struct put p = put_to(out, size);

	if (step > 0 || !context->about.version)
		return 0;
	put_dns_header(&p, (uint16_t)context->nonce, DNS_RECURSE, 1);
	put_dns_question(&p, reverse_name(&context->about, name), DNS_PTR, DNS_IN);
	return put_length(&p);
}

static void say_fqdn(const struct say *say, struct text name)
{
	struct fact fact = {.kind = FACT_NAME, .confidence = CONFIDENCE_ANNOUNCED};

	FACT_SET(&fact, name, name);
	FACT_SET(&fact, name_kind, TEXT("fqdn"));
	FACT_SET(&fact, ip, say->context->about);
	say_fact(say, &fact);
}

static enum dialogue_verdict answer(const struct dialogue_context *context, unsigned int step,
				    const uint8_t *bytes, size_t length, bool ended, const struct say *say)
{
	char name[REVERSE_NAME_BYTES];
	struct dns_message message;
	struct dns_record record;
	struct dns_name target;
	int names = 0;

	(void)step, (void)ended;
	if (dns_open_answer(bytes, length, (uint16_t)context->nonce, reverse_name(&context->about, name),
			    DNS_PTR, &message))
		return DIALOGUE_FOREIGN;
	while (names < NAMES_MAX && dns_next(&message, &record) == 1)
		if (record.section == DNS_ANSWER && record.type == DNS_PTR && record.class == DNS_IN &&
		    dns_name(&message, &record.data, &target) == 0 && target.length) {
			say_fqdn(say, dns_labels_from(&target, 0));
			names++;
		}
	return DIALOGUE_DONE;
}

const struct dialogue udp_ptr = {
	.name = "dns", .udp = true, .port_h = {53}, .request = request, .answer = answer};
