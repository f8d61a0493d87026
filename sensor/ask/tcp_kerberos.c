// SPDX-License-Identifier: BSD-2-Clause
/* Kerberos over TCP (RFC 4120, 7.2.2): a request for a realm that nobody has, which every KDC refuses in its own words. Pure. */
#include "sensor/ask/put_ber.h"
#include "sensor/ask/tcp.h"
#include "sensor/ask/tcp_row.h"

enum {
	ELEMENT = 0xa0, /* [0], [1] … of a sequence */
	REPLY = 0x6b,
	REFUSAL = 0x7e,
	NONCE_AT = 85, /* in the request */
	LENGTH_BYTES = 4,
	LENGTH_MAX = 4096, /* of an answer */
};

/*
 * 5.4.1: version 5, kind 10; no options, realm NV, its krbtgt (kind 2: a service's instance), no end, a number, AES-256. Nobody is named, so
 * nobody's account is tried.
 */
static const uint8_t as_request[] = "\0\0\0\x5c"
				    "\x6a\x5a\x30\x58\xa1\3\2\1\5\xa2\3\2\1\x0a\xa4\x4c\x30\x4a"
				    "\xa0\7\3\5\0\0\0\0\0"
				    "\xa2\4\x1b\2NV"
				    "\xa3\x17\x30\x15\xa0\3\2\1\2\xa1\x0e\x30\x0c\x1b\6krbtgt\x1b\2NV"
				    "\xa5\x11\x18\x0f"
				    "19700101000000Z"
				    "\xa7\6\2\4\0\0\0\0"
				    "\xa8\5\x30\3\2\1\x12";

_Static_assert(sizeof(as_request) - 1 == LENGTH_BYTES + 0x5c, "the lengths within are right");

static size_t ask(ASK_ARGUMENTS)
{
	size_t length;

	if (step)
		return 0;
	length = ask_bytes(out, size, as_request, sizeof(as_request) - 1);
	if (length) {
		out[NONCE_AT] = (uint8_t)(context->nonce & 0x7f); /* a positive number */
		out[NONCE_AT + 1] = (uint8_t)(context->nonce >> 8);
	}
	return length;
}

/* 5.9.1: an error (or, from a server that has that realm, a reply) of version 5. */
static enum dialogue_verdict answer(ANSWER_ARGUMENTS)
{
	struct wire wire = wire_over(bytes, length), message, sequence, element;
	uint32_t size;
	uint8_t tag;

	(void)context, (void)step, (void)say;
	if (length < LENGTH_BYTES + 2)
		return bytes[0] ? DIALOGUE_FOREIGN : more(ended);
	size = wire_u32(&wire);
	if (size > LENGTH_MAX || (bytes[LENGTH_BYTES] != REFUSAL && bytes[LENGTH_BYTES] != REPLY))
		return DIALOGUE_FOREIGN;
	if (size > wire.left)
		return more(ended);
	message = ber_next(&wire, &tag);
	sequence = ber_take(&message, BER_SEQUENCE);
	element = ber_take(&sequence, ELEMENT);
	return ber_integer(&element) == 5 && !element.bad ? DIALOGUE_DONE : DIALOGUE_FOREIGN;
}

static const struct dialogue rows[] = {
	{.name = "kerberos", .port_h = {88, 464}, .request = ask, .answer = answer},
};

const struct dialogue *tcp_kerberos_rows(size_t *count)
{
	*count = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
