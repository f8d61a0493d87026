// SPDX-License-Identifier: BSD-2-Clause
/*
 * Steam's search for computers to play from (UDP 27036 to all): two messages of Protocol Buffers, each behind its length, which Wireshark's
 * packet-steam-ihs-discovery.c names. What a computer says of itself: its name and where it listens. Whose account it is is read over.
 */
#include <errno.h>
#include <string.h>

#include "sensor/decode/tell.h"

enum { STEAM_PORT = 27036, SIGNATURE_BYTES = 8, STATUS = 1, PORT_MAX = 65535 };
enum { HEADER_TYPE = 2, CONNECT_PORT = 3, HOSTNAME = 4 };
enum { VARINT = 0, FIXED_64 = 1, BYTES = 2, FIXED_32 = 5, VARINT_BYTES_MAX = 10 };
static const uint8_t signature[SIGNATURE_BYTES] = {0xff, 0xff, 0xff, 0xff, 0x21, 0x4c, 0x5f, 0xa0};

struct field {
	uint64_t number, value; /* value: of a varint */
	struct wire bytes;	/* of what has a length */
	uint8_t kind;
};

static uint64_t varint(struct wire *w)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < VARINT_BYTES_MAX; i++) {
		uint8_t byte = wire_u8(w);

		value |= (uint64_t)(byte & 0x7f) << (7 * i);
		if (!(byte & 0x80))
			return value;
	}
	w->bad = true;
	return 0;
}

static struct field next_field(struct wire *w)
{
	uint64_t tag = varint(w), length;
	struct field field = {.number = tag >> 3, .kind = tag & 7};

	switch (field.kind) {
	case VARINT:
		field.value = varint(w);
		break;
	case FIXED_64:
		wire_skip(w, 8);
		break;
	case FIXED_32:
		wire_skip(w, 4);
		break;
	case BYTES:
		length = varint(w);
		field.bytes = wire_nested(w, length > w->left ? w->left + 1 : (size_t)length);
		break;
	default:
		w->bad = true;
	}
	return field;
}

static struct wire message(struct wire *w)
{
	return wire_nested(w, __builtin_bswap32(wire_u32(w)));
}

static bool is_name(struct text name)
{
	for (size_t i = 0; i < name.length; i++)
		if ((uint8_t)name.bytes[i] <= ' ')
			return false;
	return name.length > 0;
}

static void say_service(const struct decode_context *ctx, uint64_t port, struct fact_list *out)
{
	struct fact *fact;

	if (!port || port > PORT_MAX || ip_is_unspecified(&ctx->ip_src))
		return;
	fact = fact_add(out, ctx, FACT_SERVICE, SOURCE_UDP, CONFIDENCE_ANNOUNCED);
	FACT_SET(fact, ip, ctx->ip_src);
	FACT_SET(fact, port, port);
	FACT_SET(fact, proto, TEXT("tcp"));
	FACT_SET(fact, state, TEXT("open"));
	FACT_SET(fact, name, TEXT("steam"));
	FACT_SET(fact, clients, 0);
}

int decode_steam(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct wire header, body;
	struct text name = {"", 0};
	uint64_t type = 0, port = 0;

	if (ctx->port_dst != STEAM_PORT || ctx->cut || w.left < SIGNATURE_BYTES ||
	    memcmp(w.at, signature, SIGNATURE_BYTES) != 0)
		return 0;
	wire_skip(&w, SIGNATURE_BYTES);
	header = message(&w);
	body = message(&w);
	if (w.bad || w.left)
		return -EBADMSG;
	while (header.left) {
		struct field field = next_field(&header);

		if (field.number == HEADER_TYPE && field.kind == VARINT)
			type = field.value;
	}
	while (type == STATUS && body.left) {
		struct field field = next_field(&body);

		if (field.number == CONNECT_PORT && field.kind == VARINT)
			port = field.value;
		else if (field.number == HOSTNAME && field.kind == BYTES)
			name = (struct text){(const char *)field.bytes.at, field.bytes.left};
	}
	if (header.bad || body.bad)
		return -EBADMSG;
	if (is_name(name))
		tell_own_name(out, ctx, SOURCE_UDP, TEXT("hostname"), name);
	say_service(ctx, port, out);
	return 0;
}
