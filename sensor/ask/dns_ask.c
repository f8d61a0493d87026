// SPDX-License-Identifier: BSD-2-Clause
/* Questions as DNS messages. See dns_ask.h. */
#include "sensor/ask/dns_ask.h"

#include <errno.h>
#include <stdio.h>

enum { LABEL_BYTES_MAX = 63 };

void put_dns_header(struct put *p, uint16_t id, uint16_t flags, uint16_t questions)
{
	put_u16(p, id);
	put_u16(p, flags);
	put_u16(p, questions);
	put_zeros(p, 6); /* no answers, authorities, additional records */
}

void put_dns_question(struct put *p, const char *name, uint16_t type, uint16_t class)
{
	while (*name) {
		size_t length = strcspn(name, ".");

		if (length == 0 || length > LABEL_BYTES_MAX)
			p->bad = true;
		put_u8(p, (uint8_t)length);
		put_bytes(p, name, length);
		name += length;
		name += *name == '.';
	}
	put_u8(p, 0);
	put_u16(p, type);
	put_u16(p, class);
}

const char *reverse_name(const struct ip *ip, char out[static REVERSE_NAME_BYTES])
{
	static const char digit[] = "0123456789abcdef";
	char *at = out;

	*at = 0;
	if (ip->version == 4) {
		snprintf(out, REVERSE_NAME_BYTES, "%u.%u.%u.%u.in-addr.arpa", ip->bytes[3], ip->bytes[2],
			 ip->bytes[1], ip->bytes[0]);
	} else if (ip->version == 6) {
		for (int i = 15; i >= 0; i--) {
			*at++ = digit[ip->bytes[i] & 15];
			*at++ = '.';
			*at++ = digit[ip->bytes[i] >> 4];
			*at++ = '.';
		}
		memcpy(at, "ip6.arpa", sizeof("ip6.arpa"));
	}
	return out;
}

uint16_t dns_flags(const struct dns_message *message)
{
	return (uint16_t)(message->whole.at[2] << 8 | message->whole.at[3]);
}

int dns_open_answer(const uint8_t *bytes, size_t length, uint16_t id, const char *name, uint16_t type,
		    struct dns_message *out)
{
	struct wire header = wire_over(bytes, length);
	struct dns_name asked;

	if (dns_open(header, out) || !out->response || out->opcode != 0 || wire_u16(&header) != id)
		return -EBADMSG;
	wire_skip(&header, 2);

	uint16_t questions = wire_u16(&header);

	wire_skip(&header, 6);
	if (questions == 0)
		return !name || header.left == 0 ? 0 : -EBADMSG;
	if (!name)
		return -EBADMSG;
	if (dns_name(out, &header, &asked) || !dns_name_is(&asked, name) || wire_u16(&header) != type)
		return -EBADMSG;
	return 0;
}

struct text dns_first_string(const struct dns_record *record)
{
	struct wire data = record->data;
	struct wire string = wire_nested(&data, wire_u8(&data));

	return string.bad ? (struct text){"", 0} : wire_rest(&string);
}
