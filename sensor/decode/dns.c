// SPDX-License-Identifier: BSD-2-Clause
/*
 * DNS answers (RFC 1035), and LLMNR's (RFC 4795), whose messages have the same form: which name has which address.
 *
 * Only answers of responses to standard queries count: questions and additional records are not what was asked for.
 * Of a packet that the capture cut short, the records before the cut are said.
 */
#include <errno.h>

#include "sensor/decode/dns_message.h"
#include "sensor/decode/tell.h"

enum {
	DNS_PORT = 53,
	LLMNR_PORT = 5355,
	DNS_CH = 3,
	DNS_RESPONSE = 0x80, /* of the flags' first byte */
	RCODE_MAX = 11,
};

static int read_answers(const struct decode_context *ctx, struct wire payload, enum fact_source source,
			enum fact_confidence confidence, struct text kind, struct fact_list *out)
{
	struct dns_message message;
	struct dns_record record;
	int more;

	if (dns_open(payload, &message))
		return -EBADMSG;
	if (!message.response || message.opcode != 0)
		return 0;
	while ((more = dns_next(&message, &record)) == 1) {
		struct ip ip;

		if (record.section != DNS_ANSWER)
			break;
		if (record.owner.length == 0 || dns_address(&record, &ip))
			continue;

		struct text name = fact_text(out, record.owner.bytes, record.owner.length);
		struct fact *fact = fact_add(out, ctx, FACT_NAME, source, confidence);

		FACT_SET(fact, name, name);
		FACT_SET(fact, name_kind, kind);
		FACT_SET(fact, ip, ip);
	}
	return more < 0 && !ctx->cut ? -EBADMSG : 0;
}

int decode_dns_tcp(const struct decode_context *ctx, struct wire payload, struct fact_list *out)
{
	return read_answers(ctx, payload, SOURCE_DNS, CONFIDENCE_MEASURED, TEXT("fqdn"), out);
}

/* What a server answers to whoever asks which program it is (RFC 4892): version.bind, of class CH. */
static void read_version(const struct decode_context *ctx, struct wire payload, struct fact_list *out)
{
	struct dns_message message;
	struct dns_record record;

	if (dns_open(payload, &message) || message.opcode != 0)
		return;
	while (dns_next(&message, &record) == 1 && record.section == DNS_ANSWER) {
		struct wire text;

		if (record.class != DNS_CH || record.type != DNS_TXT ||
		    (!dns_name_is(&record.owner, "version.bind") &&
		     !dns_name_is(&record.owner, "version.server")))
			continue;
		text = wire_nested(&record.data, wire_u8(&record.data));
		if (!text.bad)
			tell_port_trait(out, ctx, SOURCE_DNS, ctx->port_src, TEXT("dns.version"),
					wire_rest(&text));
	}
}

/* Whoever answers from the port is a server of it; over TCP the handshake has shown that. */
int decode_dns(const struct decode_context *ctx, struct wire payload, struct fact_list *out)
{
	int error = decode_dns_tcp(ctx, payload, out);

	if (!error && !ctx->cut && ctx->port_dst != DNS_PORT && payload.left > 2 &&
	    payload.at[2] & DNS_RESPONSE) {
		if (dns_was_asked(ctx->asked, payload))
			tell_service(out, ctx, SOURCE_DNS, ctx->port_src, TEXT("dns"));
		read_version(ctx, payload, out);
	}
	return error;
}

int decode_llmnr(const struct decode_context *ctx, struct wire payload, struct fact_list *out)
{
	int error = read_answers(ctx, payload, SOURCE_LLMNR, CONFIDENCE_ANNOUNCED, TEXT("hostname"), out);

	if (!error && ctx->port_src == LLMNR_PORT && dns_was_asked(ctx->asked, payload))
		tell_service(out, ctx, SOURCE_LLMNR, LLMNR_PORT, TEXT("llmnr"));
	return error;
}

static bool is_printed(const struct dns_name *name)
{
	for (size_t i = 0; i < name->length; i++)
		if (name->bytes[i] <= ' ' || name->bytes[i] > '~')
			return false;
	return true;
}

/*
 * At other ports: one question, in a name that can be read, and every record that is announced, up to the last byte. What else happens to begin
 * like a header does not go on so.
 */
bool looks_like_dns(struct wire w)
{
	struct wire head = w;
	struct dns_message message;
	struct dns_record record;
	struct dns_name name;
	uint16_t flags, class;
	int more;

	wire_skip(&head, 2);
	flags = wire_u16(&head);
	/* A standard query, no reserved bit, one question (RFC 1035, 4.1.1). */
	if ((flags & 0x7840) || wire_u16(&head) != 1 || dns_open(w, &message) || message.rcode > RCODE_MAX)
		return false;
	wire_skip(&head, 6);
	if (dns_name(&message, &head, &name) || !is_printed(&name) || !wire_u16(&head))
		return false;
	class = wire_u16(&head);
	if ((class != DNS_IN && class != DNS_CH) || (!message.response && (message.left[0] || message.rcode)))
		return false;
	while ((more = dns_next(&message, &record)) == 1)
		;
	return more == 0 && !message.rest.left;
}
