// SPDX-License-Identifier: BSD-2-Clause
/* Which NetBIOS names has it? Its table of names and its MAC (RFC 1002 4.2.17, 4.2.18). */
#include <stdio.h>

#include "sensor/ask/dns_ask.h"
#include "sensor/ask/udp.h"

enum { NB_STATUS = 0x21, NAME_BYTES = 15, GROUP = 0x8000, NAMES_MAX = 64 };
enum { SUFFIX_STATION = 0x00 };
/* "*" and fifteen zeros, a letter for each half byte (RFC 1001 14.1). */
static const char any_name[] = "CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

static size_t request(const struct dialogue_context *context, unsigned int step, uint8_t *out, size_t size)
{
	struct put p = put_to(out, size);

	if (step > 0)
		return 0;
	put_dns_header(&p, (uint16_t)context->nonce, 0, 1);
	put_dns_question(&p, any_name, NB_STATUS, DNS_IN);
	return put_length(&p);
}

static void say_one(const struct say *say, const uint8_t *entry, uint16_t flags)
{
	struct text name = {(const char *)entry, NAME_BYTES};
	char text[NAME_BYTES + 16];
	uint8_t suffix = entry[NAME_BYTES];
	int length;

	while (name.length && name.bytes[name.length - 1] == ' ')
		name.length--;
	if (!name.length || (uint8_t)name.bytes[0] < ' ') /* "\1\2__MSBROWSE__\2" */
		return;
	if (suffix == SUFFIX_STATION)
		say_name(say, flags & GROUP ? "workgroup" : "netbios", name);
	length = snprintf(text, sizeof(text), "%.*s<%02x>%s", (int)name.length, name.bytes, suffix,
			  flags & GROUP ? " group" : "");
	say_host_trait(say, "nbns.name", (struct text){text, (size_t)length});
}

static enum dialogue_verdict answer(const struct dialogue_context *context, unsigned int step,
				    const uint8_t *bytes, size_t length, bool ended, const struct say *say)
{
	struct dns_message message;
	struct dns_record record;

	(void)step, (void)ended;
	if (dns_open_answer(bytes, length, (uint16_t)context->nonce, NULL, NB_STATUS, &message) ||
	    dns_next(&message, &record) != 1 || record.type != NB_STATUS)
		return DIALOGUE_FOREIGN;

	struct wire data = record.data, table;
	uint8_t count = wire_u8(&data);

	table = wire_nested(&data, (size_t)count * (NAME_BYTES + 3));

	struct mac mac = wire_mac(&data);

	if (table.bad || count > NAMES_MAX)
		return DIALOGUE_FOREIGN;
	while (table.left) {
		const uint8_t *entry = wire_bytes(&table, NAME_BYTES + 1);

		say_one(say, entry, wire_u16(&table));
	}
	if (!data.bad && !mac_is_zero(&mac) && !mac_is_group(&mac)) { /* Samba tells none */
		struct fact fact = {.kind = FACT_ADDRESS, .confidence = CONFIDENCE_ANNOUNCED};

		FACT_SET(&fact, mac, mac);
		FACT_SET(&fact, ip, context->ip);
		say_fact(say, &fact);
	}
	return DIALOGUE_DONE;
}

const struct dialogue udp_nbns = {
	.name = "netbios-ns", .udp = true, .port_h = {137}, .request = request, .answer = answer};
