// SPDX-License-Identifier: BSD-2-Clause
/*
 * Is there an SNMP agent, and which versions does it speak? Version 3 is asked for its engine (RFC 3414 4: needs no
 * name), versions 2c and 1 for what kind of device it is, with the community "public" that devices are delivered with. What
 * else it tells is asked with the network's own credentials (sensor/snmp).
 */
#include <stdio.h>

#include "sensor/ask/put_ber.h"
#include "sensor/ask/udp.h"

enum { STEP_V3, STEP_V2C, STEP_V1, STEPS };
enum { VERSION_1 = 0, VERSION_2C = 1, VERSION_3 = 3 };
enum { PDU_GET = 0xa0, PDU_RESPONSE = 0xa2, PDU_REPORT = 0xa8, REPORTABLE = 4, USER_SECURITY = 3 };
enum { MESSAGE_BYTES_MAX = 65507, ENGINE_BYTES_MAX = 32 };

static uint32_t id_of(const struct dialogue_context *context, unsigned int step)
{
	return (uint32_t)(context->nonce + step) & 0x7fffffff;
}

static void put_pdu(struct put *p, uint32_t id, bool with_object)
{
	static const uint8_t sys_object_id[] = {BER_OID, 8, 0x2b, 6, 1, 2, 1, 1, 2, 0, 0x05, 0};
	size_t pdu = put_ber_begin(p, PDU_GET), list, item;

	put_ber_u31(p, id);
	put_ber_u7(p, 0); /* error */
	put_ber_u7(p, 0); /* of which variable */
	list = put_ber_begin(p, BER_SEQUENCE);
	if (with_object) {
		item = put_ber_begin(p, BER_SEQUENCE);
		put_bytes(p, sys_object_id, sizeof(sys_object_id));
		put_ber_end(p, item);
	}
	put_ber_end(p, list);
	put_ber_end(p, pdu);
}

/* RFC 3412 6, RFC 3414 2.4: everything about the engine is empty, so that it has to tell. */
static void put_v3(struct put *p, uint32_t id)
{
	static const uint8_t nobody[] = {BER_SEQUENCE, 14, 4, 0, 2, 1, 0, 2, 1, 0, 4, 0, 4, 0, 4, 0};
	size_t header = put_ber_begin(p, BER_SEQUENCE), octets, scoped;

	put_ber_u31(p, id);
	put_ber_u31(p, MESSAGE_BYTES_MAX);
	octets = put_ber_begin(p, BER_OCTETS);
	put_u8(p, REPORTABLE);
	put_ber_end(p, octets);
	put_ber_u7(p, USER_SECURITY);
	put_ber_end(p, header);
	octets = put_ber_begin(p, BER_OCTETS);
	put_bytes(p, nobody, sizeof(nobody));
	put_ber_end(p, octets);
	scoped = put_ber_begin(p, BER_SEQUENCE);
	put_bytes(p, nobody + 12, 4); /* context engine and name: none */
	put_pdu(p, id, false);
	put_ber_end(p, scoped);
}

static size_t request(const struct dialogue_context *context, unsigned int step, uint8_t *out, size_t size)
{
	static const uint8_t version[STEPS] = {VERSION_3, VERSION_2C, VERSION_1};
	struct put p = put_to(out, size);

	if (step >= STEPS)
		return 0;

	size_t message = put_ber_begin(&p, BER_SEQUENCE), community;

	put_ber_u7(&p, version[step]);
	if (step == STEP_V3) {
		put_v3(&p, id_of(context, step));
	} else {
		community = put_ber_begin(&p, BER_OCTETS);
		put_text(&p, "public");
		put_ber_end(&p, community);
		put_pdu(&p, id_of(context, step), true);
	}
	put_ber_end(&p, message);
	return put_length(&p);
}

static enum dialogue_verdict answer_v3(const struct dialogue_context *context, struct wire message,
				       const struct say *say)
{
	struct wire header = ber_take(&message, BER_SEQUENCE);
	int64_t id = ber_integer(&header);
	struct wire octets = ber_take(&message, BER_OCTETS), security = ber_take(&octets, BER_SEQUENCE),
		    engine = ber_take(&security, BER_OCTETS), scoped = ber_take(&message, BER_SEQUENCE);
	char text[ENGINE_BYTES_MAX * 3];
	size_t length = 0;

	ber_take(&scoped, BER_OCTETS); /* context: engine, name */
	ber_take(&scoped, BER_OCTETS);
	ber_take(&scoped, PDU_REPORT);
	if (header.bad || scoped.bad || security.bad || id != id_of(context, STEP_V3) ||
	    engine.left > ENGINE_BYTES_MAX)
		return DIALOGUE_FOREIGN;
	for (size_t i = 0; i < engine.left; i++)
		length += (size_t)sprintf(text + length, i ? ":%02x" : "%02x", engine.at[i]);
	say_trait(say, "snmp.version", TEXT("3"));
	say_trait(say, "snmp.engine", (struct text){text, length});
	return DIALOGUE_AGAIN;
}

static enum dialogue_verdict answer_community(const struct dialogue_context *context, int64_t version,
					      struct wire message, const struct say *say)
{
	struct wire community = ber_take(&message, BER_OCTETS), pdu = ber_take(&message, PDU_RESPONSE);
	int64_t id = ber_integer(&pdu), error = ber_integer(&pdu);

	ber_integer(&pdu);

	struct wire list = ber_take(&pdu, BER_SEQUENCE), item = ber_take(&list, BER_SEQUENCE);
	char text[BER_OID_TEXT_BYTES];
	uint8_t tag = 0;

	ber_take(&item, BER_OID);

	struct wire value = ber_next(&item, &tag);

	if (community.bad || pdu.bad || id != id_of(context, version == VERSION_1 ? STEP_V1 : STEP_V2C))
		return DIALOGUE_FOREIGN;
	say_trait(say, "snmp.version", version == VERSION_1 ? TEXT("1") : TEXT("2c"));
	say_trait(say, "snmp.community", TEXT("public"));
	if (error == 0 && !item.bad && tag == BER_OID)
		say_trait(say, "snmp.object_id", (struct text){text, ber_oid_text(value, text)});
	return DIALOGUE_AGAIN;
}

static enum dialogue_verdict answer(const struct dialogue_context *context, unsigned int step,
				    const uint8_t *bytes, size_t length, bool ended, const struct say *say)
{
	struct wire w = wire_over(bytes, length), message = ber_take(&w, BER_SEQUENCE);
	int64_t version = ber_integer(&message);

	(void)step, (void)ended;
	if (message.bad)
		return DIALOGUE_FOREIGN;
	if (version == VERSION_3)
		return answer_v3(context, message, say);
	if (version == VERSION_1 || version == VERSION_2C)
		return answer_community(context, version, message, say);
	return DIALOGUE_FOREIGN;
}

const struct dialogue udp_snmp = {
	.name = "snmp", .udp = true, .port_h = {161}, .request = request, .answer = answer};
