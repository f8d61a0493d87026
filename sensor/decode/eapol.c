// SPDX-License-Identifier: BSD-2-Clause
/*
 * EAP over LANs (IEEE 802.1X-2010, RFC 3748): who lets in, who asks to be let in, for which realm and by which method. Who the person is, or the
 * number of a SIM card, is nobody's business; a computer that signs in as itself says its name. Nothing of what proves it: answers to
 * challenges, tickets and keys are never looked at.
 */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "sensor/decode/tell.h"

enum { BODY_EAP = 0, BODY_START = 1, BODY_MAX = 8 };
enum { CODE_REQUEST = 1, CODE_RESPONSE = 2, CODE_MAX = 4, HEAD_BYTES = 4 };
enum { TYPE_IDENTITY = 1 };

/* IANA's EAP method types: those that are seen. */
static struct text method(uint8_t type)
{
	switch (type) {
	case 4:
		return TEXT("MD5");
	case 13:
		return TEXT("TLS");
	case 17:
		return TEXT("LEAP");
	case 18:
		return TEXT("SIM");
	case 21:
		return TEXT("TTLS");
	case 23:
		return TEXT("AKA");
	case 25:
		return TEXT("PEAP");
	case 26:
		return TEXT("MSCHAPv2");
	case 43:
		return TEXT("FAST");
	case 50:
		return TEXT("AKA'");
	case 52:
		return TEXT("PWD");
	case 55:
		return TEXT("TEAP");
	}
	return (struct text){};
}

/* "host/NAME" as it is, of a computer (MS-PEAP, MS-RNAP); of all others the realm, as a name without a user is written (RFC 7542, 2.4). */
static struct text without_user(struct text name)
{
	const char *at = name.length ? memrchr(name.bytes, '@', name.length) : NULL;

	if (name.length > 5 && !strncasecmp(name.bytes, "host/", 5) && !at)
		return name;
	return at ? (struct text){at, name.length - (size_t)(at - name.bytes)} : (struct text){};
}

static int read_eap(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	uint8_t code = wire_u8(&w), type;
	uint16_t length;
	struct text name;

	wire_skip(&w, 1); /* which question it answers */
	length = wire_u16(&w);
	if (w.bad || length < HEAD_BYTES || code < CODE_REQUEST || code > CODE_MAX)
		return -EBADMSG;
	w = wire_nested(&w, length - HEAD_BYTES);
	if (w.bad)
		return -EBADMSG;
	if (code > CODE_RESPONSE) { /* it is let in, or not */
		tell_trait(out, ctx, SOURCE_EAPOL, TEXT("eapol.role"), TEXT("authenticator"));
		return 0;
	}
	type = wire_u8(&w);
	if (w.bad)
		return -EBADMSG;
	tell_trait(out, ctx, SOURCE_EAPOL, TEXT("eapol.role"),
		   code == CODE_REQUEST ? TEXT("authenticator") : TEXT("supplicant"));
	if (code != CODE_RESPONSE)
		return 0;
	if (type == TYPE_IDENTITY) { /* 5.1: what stands behind a zero byte is for the other end */
		name = wire_rest(&w);
		if (name.length)
			name.length = strnlen(name.bytes, name.length);
		tell_trait(out, ctx, SOURCE_EAPOL, TEXT("eapol.identity"), without_user(name));
	} else {
		tell_trait(out, ctx, SOURCE_EAPOL, TEXT("eapol.method"), method(type));
	}
	return 0;
}

int decode_eapol(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	uint8_t version = wire_u8(&w), type = wire_u8(&w);
	struct wire body = wire_nested(&w, wire_u16(&w));

	if (w.bad || version < 1 || version > 3 || type > BODY_MAX)
		return -EBADMSG;
	if (type == BODY_EAP)
		return read_eap(ctx, body, out);
	if (type == BODY_START)
		tell_trait(out, ctx, SOURCE_EAPOL, TEXT("eapol.role"), TEXT("supplicant"));
	return 0;
}
