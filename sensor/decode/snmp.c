// SPDX-License-Identifier: BSD-2-Clause
/*
 * SNMP (RFC 1157, RFC 3416) in clear: which agents answer, in which version, and what of the system group they are heard telling. The community is
 * a password, and is read over.
 */
#include <errno.h>
#include <string.h>

#include "sensor/decode/ber.h"
#include "sensor/decode/tell.h"

enum { SNMP_PORT = 161, VERSION_1 = 0, VERSION_2C = 1, VERSION_3 = 3, PDU_RESPONSE = 0xa2 };

/* 1.3.6.1.2.1.1.N.0 */
static const uint8_t system_group[] = {0x2b, 6, 1, 2, 1, 1};
enum { SYS_DESCRIPTION = 1, SYS_OBJECT_ID = 2, SYS_CONTACT = 4, SYS_NAME = 5, SYS_LOCATION = 6 };

static void say_variable(const struct decode_context *ctx, uint8_t which, uint8_t tag, struct wire value,
			 struct fact_list *out)
{
	char oid[BER_OID_TEXT_BYTES];
	struct text text = {(const char *)value.at, value.left};
	size_t length;

	if (which == SYS_OBJECT_ID && tag == BER_OID) {
		length = ber_oid_text(value, oid);
		tell_trait(out, ctx, SOURCE_SNMP, TEXT("snmp.object_id"), fact_text(out, oid, length));
		return;
	}
	if (tag != BER_OCTETS)
		return;
	if (which == SYS_DESCRIPTION)
		tell_trait(out, ctx, SOURCE_SNMP, TEXT("snmp.description"), text);
	else if (which == SYS_CONTACT)
		tell_trait(out, ctx, SOURCE_SNMP, TEXT("snmp.contact"), text);
	else if (which == SYS_LOCATION)
		tell_trait(out, ctx, SOURCE_SNMP, TEXT("snmp.location"), text);
	else if (which == SYS_NAME)
		tell_name(out, ctx, SOURCE_SNMP,
			  text.length && memchr(text.bytes, '.', text.length) ? TEXT("fqdn") : TEXT("hostname"),
			  text, &ctx->ip_src);
}

static int read_response(const struct decode_context *ctx, struct wire pdu, struct fact_list *out)
{
	struct wire list;

	ber_integer(&pdu);	    /* request */
	if (ber_integer(&pdu) != 0) /* an error: what follows repeats the question */
		return pdu.bad ? -EBADMSG : 0;
	ber_integer(&pdu);
	list = ber_take(&pdu, BER_SEQUENCE);
	while (list.left && !list.bad) {
		struct wire item = ber_take(&list, BER_SEQUENCE), name = ber_take(&item, BER_OID), value;
		uint8_t tag;

		value = ber_next(&item, &tag);
		if (item.bad)
			return -EBADMSG;
		if (name.left == sizeof(system_group) + 2 &&
		    memcmp(name.at, system_group, sizeof(system_group)) == 0 &&
		    name.at[sizeof(system_group) + 1] == 0)
			say_variable(ctx, name.at[sizeof(system_group)], tag, value, out);
	}
	return pdu.bad || list.bad ? -EBADMSG : 0;
}

int decode_snmp(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct wire message = ber_take(&w, BER_SEQUENCE), pdu;
	int64_t version = ber_integer(&message);
	uint8_t tag;

	if (w.bad || message.bad || (version != VERSION_1 && version != VERSION_2C && version != VERSION_3))
		return ctx->cut ? 0 : -EBADMSG;
	if (ctx->port_src != SNMP_PORT)
		return 0;
	if (version != VERSION_3) {
		ber_take(&message, BER_OCTETS); /* the community */
		pdu = ber_next(&message, &tag);
		if (message.bad)
			return -EBADMSG;
		if (tag != PDU_RESPONSE)
			return 0;
		if (read_response(ctx, pdu, out))
			return -EBADMSG;
	}
	tell_service(out, ctx, SOURCE_SNMP, SNMP_PORT, TEXT("snmp"));
	tell_port_trait(out, ctx, SOURCE_SNMP, SNMP_PORT, TEXT("snmp.version"),
			version == VERSION_3	? TEXT("3")
			: version == VERSION_2C ? TEXT("2c")
						: TEXT("1"));
	return 0;
}
