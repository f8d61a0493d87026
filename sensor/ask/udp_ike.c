// SPDX-License-Identifier: BSD-2-Clause
/*
 * Is it a gateway of IPsec? Version 2 (RFC 7296) is asked with a key of another group than the one proposed, so that the
 * gateway answers INVALID_KE_PAYLOAD or NO_PROPOSAL_CHOSEN and keeps nothing; version 1 (RFC 2409) with a proposal of main mode. On
 * port 4500 both go behind the four zeros of RFC 3948 2.2.
 */
#include <stdio.h>

#include "sensor/ask/put.h"
#include "sensor/ask/udp.h"
#include "sensor/wire.h"

enum { STEP_V2, STEP_V1 };
enum { NAT_PORT = 4500, NAT_MARKER_BYTES = 4, PAYLOADS_MAX = 32, VENDOR_BYTES_MAX = 64 };
enum {
	V1 = 0x10,
	V2 = 0x20,
	MAIN_MODE = 2,
	V1_INFORMATIONAL = 5,
	SA_INIT = 34,
	FROM_INITIATOR = 8,
	ANSWER = 0x20
};
/* Types of payloads. */
enum {
	V1_SA = 1,
	V1_NOTIFY = 11,
	V1_VENDOR = 13,
	V2_SA = 33,
	V2_KE = 34,
	V2_NONCE = 40,
	V2_NOTIFY = 41,
	V2_VENDOR = 43
};
enum { GROUP_ECP256 = 19, GROUP_MODP2048 = 14 };

static uint64_t mixed(uint64_t x) /* splitmix64: bytes that look like a key, and are none */
{
	x += 0x9e3779b97f4a7c15;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

static void put_noise(struct put *p, uint64_t seed, size_t words)
{
	for (size_t i = 0; i < words; i++)
		put_u64(p, seed = mixed(seed));
}

static void put_length_at(struct put *p, size_t at, size_t length)
{
	if (p->bad)
		return;
	p->at[at] = (uint8_t)(length >> 8);
	p->at[at + 1] = (uint8_t)length;
}

static void put_header(struct put *p, uint64_t spi, uint8_t first, uint8_t version, uint8_t exchange,
		       uint8_t flags)
{
	put_u64(p, spi);
	put_u64(p, 0);
	put_u8(p, first);
	put_u8(p, version);
	put_u8(p, exchange);
	put_u8(p, flags);
	put_u32(p, 0); /* message id */
	put_u32(p, 0); /* length: by the caller */
}

static void put_v2(struct put *p, uint64_t nonce)
{
	/* One proposal: AES-CBC-256, HMAC-SHA2-256, its PRF, MODP-2048. */
	static const uint8_t proposal[] = {
		V2_KE, 0, 0, 48, 0, 0, 0, 44, 1,    1,	0, 4, /* IKE, four transforms */
		3,     0, 0, 12, 1, 0, 0, 12, 0x80, 14, 1, 0, /* encryption, 256 bits */
		3,     0, 0, 8,	 2, 0, 0, 5,  3,    0,	0, 8, 3, 0, 0, 12, 0, 0, 0, 8, 4, 0, 0, GROUP_MODP2048};

	put_header(p, nonce, V2_SA, V2, SA_INIT, FROM_INITIATOR);
	put_bytes(p, proposal, sizeof(proposal));
	put_u8(p, V2_NONCE);
	put_u8(p, 0);
	put_u16(p, 8 + 64);
	put_u16(p, GROUP_ECP256);
	put_u16(p, 0);
	put_noise(p, nonce, 8);
	put_u8(p, 0);
	put_u8(p, 0);
	put_u16(p, 4 + 32);
	put_noise(p, ~nonce, 4);
}

/* A transform of an IKE SA with its attributes: RFC 2409 appendix A. */
static void put_v1_transform(struct put *p, bool last, uint8_t number, uint8_t cipher, uint16_t key_bits,
			     uint8_t hash, uint8_t group)
{
	size_t begin = p->length;

	put_u8(p, last ? 0 : 3);
	put_u8(p, 0);
	put_u16(p, 0);
	put_u8(p, number);
	put_u8(p, 1); /* KEY_IKE */
	put_u16(p, 0);
	put_u32(p, 0x80010000 | cipher);
	if (key_bits)
		put_u32(p, 0x800e0000 | key_bits);
	put_u32(p, 0x80020000 | hash);
	put_u32(p, 0x80030001); /* pre-shared key */
	put_u32(p, 0x80040000 | group);
	put_u32(p, 0x800b0001); /* life in seconds */
	put_u32(p, 0x800c7080);
	put_length_at(p, begin + 2, p->length - begin);
}

static void put_v1(struct put *p, uint64_t nonce)
{
	size_t sa, proposal;

	put_header(p, nonce, V1_SA, V1, MAIN_MODE, 0);
	sa = p->length;
	put_u32(p, 0); /* last payload; length below */
	put_u32(p, 1); /* IPsec's domain */
	put_u32(p, 1); /* situation: identity only */
	proposal = p->length;
	put_u32(p, 0);
	put_u32(p, 0x01010004); /* number 1, ISAKMP, no SPI, four transforms */
	put_v1_transform(p, false, 1, 7, 256, 4, GROUP_MODP2048);
	put_v1_transform(p, false, 2, 7, 128, 2, GROUP_MODP2048);
	put_v1_transform(p, false, 3, 7, 128, 2, 2);
	put_v1_transform(p, true, 4, 5, 0, 2, 2);
	put_length_at(p, proposal + 2, p->length - proposal);
	put_length_at(p, sa + 2, p->length - sa);
}

static size_t request(const struct dialogue_context *context, unsigned int step, uint8_t *out, size_t size)
{
	struct put p = put_to(out, size);
	size_t marker = context->port_h == NAT_PORT ? NAT_MARKER_BYTES : 0;

	if (step > STEP_V1)
		return 0;
	put_zeros(&p, marker);
	if (step == STEP_V2)
		put_v2(&p, context->nonce);
	else
		put_v1(&p, context->nonce);
	put_length_at(&p, marker + 26, p.length - marker);
	return put_length(&p);
}

static void say_vendor(const struct say *say, struct wire body)
{
	char text[VENDOR_BYTES_MAX * 2 + 1];
	size_t length = 0;

	while (body.left && length + 2 < sizeof(text))
		length += (size_t)sprintf(text + length, "%02x", wire_u8(&body));
	say_trait(say, "ike.vendor", (struct text){text, length});
}

static void say_notify(const struct say *say, struct wire body, bool v2)
{
	static const struct {
		uint16_t number;
		const char *name;
	} errors[] = {{7, "INVALID_SYNTAX"},
		      {14, "NO_PROPOSAL_CHOSEN"},
		      {17, "INVALID_KE_PAYLOAD"},
		      {24, "AUTHENTICATION_FAILED"}};
	char number[8];
	uint16_t type;

	wire_skip(&body, v2 ? 2 : 6);
	type = wire_u16(&body);
	if (body.bad || type >= 16384) /* a status, not an error */
		return;
	snprintf(number, sizeof(number), "%u", type);

	const char *name = number;

	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++)
		if (errors[i].number == type)
			name = errors[i].name;
	say_trait(say, "ike.notify", (struct text){name, strlen(name)});
}

static enum dialogue_verdict answer(const struct dialogue_context *context, unsigned int step,
				    const uint8_t *bytes, size_t length, bool ended, const struct say *say)
{
	struct wire w = wire_over(bytes, length);
	uint64_t spi;

	(void)step, (void)ended;
	if (context->port_h == NAT_PORT && wire_u32(&w) != 0)
		return DIALOGUE_FOREIGN;
	spi = (uint64_t)wire_u32(&w) << 32;
	spi |= wire_u32(&w);

	uint32_t theirs = wire_u32(&w);

	theirs |= wire_u32(&w);

	uint8_t next = wire_u8(&w), version = wire_u8(&w), exchange = wire_u8(&w);
	uint8_t flags = wire_u8(&w);
	bool v2 = version >> 4 == V2 >> 4;

	wire_skip(&w, 4); /* message id */

	uint32_t whole = wire_u32(&w);

	if (w.bad || whole != length - (context->port_h == NAT_PORT ? NAT_MARKER_BYTES : 0) ||
	    spi != context->nonce || !(v2 ? flags & ANSWER : theirs || next != V1_SA) ||
	    (version >> 4 != V1 >> 4 && !v2) ||
	    exchange != (v2		     ? SA_INIT
			 : next == V1_NOTIFY ? V1_INFORMATIONAL
					     : MAIN_MODE))
		return DIALOGUE_FOREIGN;
	say_trait(say, "ike.version", v2 ? TEXT("2") : TEXT("1"));
	for (int i = 0; i < PAYLOADS_MAX && next && w.left; i++) {
		uint8_t type = next;

		next = wire_u8(&w);
		wire_skip(&w, 1);

		size_t size = wire_u16(&w);
		struct wire body = wire_nested(&w, size < 4 ? SIZE_MAX : size - 4);

		if (body.bad)
			break; /* what came before it stands: the header alone has proven it */
		if (type == (v2 ? V2_VENDOR : V1_VENDOR))
			say_vendor(say, body);
		else if (type == (v2 ? V2_NOTIFY : V1_NOTIFY))
			say_notify(say, body, v2);
	}
	return DIALOGUE_AGAIN;
}

const struct dialogue udp_ike = {
	.name = "ike", .udp = true, .port_h = {500, NAT_PORT}, .request = request, .answer = answer};
