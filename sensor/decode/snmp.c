// SPDX-License-Identifier: BSD-2-Clause
/*
 * SNMP (RFC 1157, RFC 3416, RFC 3414) in clear: which agents answer, in which version and as which engine, and what of the system group they are heard
 * telling, in answers and in traps. The community is a password, and is read over.
 */
#include <errno.h>
#include <string.h>

#include "sensor/decode/ber.h"
#include "sensor/decode/tell.h"

enum { SNMP_PORT = 161, TRAP_PORT = 162, VERSION_1 = 0, VERSION_2C = 1, VERSION_3 = 3 };
enum { PDU_GET = 0xa0, PDU_RESPONSE = 0xa2, PDU_TRAP_1 = 0xa4, PDU_INFORM = 0xa6, PDU_TRAP_2 = 0xa7 };
enum { BER_ADDRESS = 0x40, BER_TICKS = 0x43, LONG_FORM = 0x80, ENGINE_BYTES_MIN = 5, ENGINE_BYTES_MAX = 32 };

/* 1.3.6.1.2.1.1.N.0 */
static const uint8_t system_group[] = {0x2b, 6, 1, 2, 1, 1};
enum { SYS_DESCRIPTION = 1, SYS_OBJECT_ID = 2, SYS_CONTACT = 4, SYS_NAME = 5, SYS_LOCATION = 6 };
/* snmpTrapAddress.0 (RFC 3584, 3.1): whose trap it was before somebody passed it on. */
static const uint8_t trap_address[] = {0x2b, 6, 1, 6, 3, 18, 1, 3, 0};

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

static bool is_oid(struct wire name, const uint8_t *oid, size_t length)
{
	return name.left == length && memcmp(name.at, oid, length) == 0;
}

/* Names and values up to the end. out NULL: only look for somebody else's address, and for bytes that are none of this. */
static int read_variables(const struct decode_context *ctx, struct wire list, bool *passed_on,
			  struct fact_list *out)
{
	while (list.left && !list.bad) {
		struct wire item = ber_take(&list, BER_SEQUENCE), name = ber_take(&item, BER_OID), value;
		uint8_t tag;

		value = ber_next(&item, &tag);
		if (item.bad)
			return -EBADMSG;
		*passed_on |= is_oid(name, trap_address, sizeof(trap_address));
		if (out && name.left == sizeof(system_group) + 2 && name.at[sizeof(system_group) + 1] == 0 &&
		    memcmp(name.at, system_group, sizeof(system_group)) == 0)
			say_variable(ctx, name.at[sizeof(system_group)], tag, value, out);
	}
	return list.bad ? -EBADMSG : 0;
}

/* Answers, informs and traps of version 2. */
static int read_pdu(const struct decode_context *ctx, struct wire pdu, struct fact_list *out)
{
	bool passed_on = false;
	struct wire list;

	ber_integer(&pdu);	    /* request */
	if (ber_integer(&pdu) != 0) /* an error: what follows repeats the question */
		return pdu.bad ? -EBADMSG : 0;
	ber_integer(&pdu);
	list = ber_take(&pdu, BER_SEQUENCE);
	if (pdu.bad || read_variables(ctx, list, &passed_on, NULL))
		return -EBADMSG;
	return passed_on ? 0 : read_variables(ctx, list, &passed_on, out);
}

/* RFC 1157, 4.1.6: of which system, whose address, what happened, when. */
static int read_trap_1(const struct decode_context *ctx, struct wire pdu, struct fact_list *out)
{
	struct wire agent, list;
	bool passed_on = false;
	struct ip ip;

	ber_take(&pdu, BER_OID);
	agent = ber_take(&pdu, BER_ADDRESS);
	ber_integer(&pdu);
	ber_integer(&pdu);
	ber_take(&pdu, BER_TICKS);
	list = ber_take(&pdu, BER_SEQUENCE);
	ip = wire_ip4(&agent);
	if (pdu.bad || agent.bad || agent.left)
		return -EBADMSG;
	return read_variables(ctx, list, &passed_on, ip_equal(&ip, &ctx->ip_src) ? out : NULL);
}

static void skip_header(struct wire *w, uint8_t *tag)
{
	uint8_t length;

	*tag = wire_u8(w);
	length = wire_u8(w);
	wire_skip(w, length & LONG_FORM ? length & ~LONG_FORM : 0);
}

/* The number of a question, of which only the start may be there; of a request of its version. False: it is none. */
static bool question_number(struct wire w, int64_t version, int64_t *number)
{
	uint8_t tag;

	skip_header(&w, &tag);
	if (tag != BER_SEQUENCE || ber_integer(&w) != version)
		return false;
	if (version != VERSION_3)
		ber_take(&w, BER_OCTETS);
	skip_header(&w, &tag);
	*number = ber_integer(&w);
	if (version == VERSION_3)
		return tag == BER_SEQUENCE && !w.bad;
	return tag >= PDU_GET && tag <= PDU_INFORM && tag != PDU_RESPONSE && tag != PDU_TRAP_1 && !w.bad;
}

static void say_agent(const struct decode_context *ctx, int64_t version, int64_t number, struct fact_list *out)
{
	int64_t asked;

	if (!question_number(ctx->asked, version, &asked) || asked != number)
		return;
	tell_service(out, ctx, SOURCE_SNMP, SNMP_PORT, TEXT("snmp"));
	tell_port_trait(out, ctx, SOURCE_SNMP, SNMP_PORT, TEXT("snmp.version"),
			version == VERSION_3	? TEXT("3")
			: version == VERSION_2C ? TEXT("2c")
						: TEXT("1"));
}

/* RFC 3412, 6; RFC 3414, 2.4: whose engine answers stands in clear. */
static int read_version_3(const struct decode_context *ctx, struct wire message, struct fact_list *out)
{
	struct wire global = ber_take(&message, BER_SEQUENCE), security, engine;
	int64_t number = ber_integer(&global);

	ber_integer(&global); /* the longest message */
	ber_take(&global, BER_OCTETS);
	ber_integer(&global); /* how it is secured */
	security = ber_take(&message, BER_OCTETS);
	if (global.bad || global.left || message.bad)
		return -EBADMSG;
	if (ctx->port_src != SNMP_PORT)
		return 0;
	security = ber_take(&security, BER_SEQUENCE);
	engine = ber_take(&security, BER_OCTETS);
	say_agent(ctx, VERSION_3, number, out);
	if (!engine.bad && engine.left >= ENGINE_BYTES_MIN && engine.left <= ENGINE_BYTES_MAX)
		tell_port_trait(out, ctx, SOURCE_SNMP, SNMP_PORT, TEXT("snmp.engine"),
				fact_hex(out, engine.at, engine.left));
	return 0;
}

static int read_community(const struct decode_context *ctx, struct wire message, int64_t version,
			  struct fact_list *out)
{
	struct wire pdu, copy;
	uint8_t tag;

	ber_take(&message, BER_OCTETS);
	pdu = ber_next(&message, &tag);
	if (message.bad)
		return -EBADMSG;
	if (ctx->port_src == SNMP_PORT && tag == PDU_RESPONSE) {
		copy = pdu;
		if (read_pdu(ctx, pdu, out))
			return -EBADMSG;
		say_agent(ctx, version, ber_integer(&copy), out);
		return 0;
	}
	if (ctx->port_dst != TRAP_PORT)
		return 0;
	if (tag == PDU_TRAP_1)
		return read_trap_1(ctx, pdu, out);
	return tag == PDU_TRAP_2 || tag == PDU_INFORM ? read_pdu(ctx, pdu, out) : 0;
}

int decode_snmp(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct wire message = ber_take(&w, BER_SEQUENCE);
	int64_t version = ber_integer(&message);

	if (w.bad || message.bad || (version != VERSION_1 && version != VERSION_2C && version != VERSION_3))
		return ctx->cut ? 0 : -EBADMSG;
	return version == VERSION_3 ? read_version_3(ctx, message, out)
				    : read_community(ctx, message, version, out);
}
