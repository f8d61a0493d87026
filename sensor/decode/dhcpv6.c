// SPDX-License-Identifier: BSD-2-Clause
/*
 * DHCPv6 (RFC 8415): what a client says of itself, and what a server has given it. Clients speak from their own link-local address, so the
 * frame's sender is the client; what relays pass on is left to the link where it was said.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sensor/decode/decode.h"

enum {
	SOLICIT = 1,
	REQUEST = 3,
	CONFIRM = 4,
	RENEW = 5,
	REBIND = 6,
	REPLY = 7,
	INFORMATION_REQUEST = 11,
	RELAY_FORWARD = 12
};
enum {
	OPTION_CLIENT = 1,
	OPTION_NA = 3,
	OPTION_TA = 4,
	OPTION_ADDRESS = 5,
	OPTION_REQUESTED = 6,
	OPTION_VENDOR_CLASS = 16,
	OPTION_FQDN = 39
};
enum { DUID_BYTES_MAX = 130, REQUESTED_MAX = 64 };

static void say_trait(const struct decode_context *ctx, struct text key, struct text value,
		      struct fact_list *out)
{
	struct fact *fact;

	if (!value.length)
		return;
	fact = fact_add(out, ctx, FACT_TRAIT, SOURCE_DHCPV6, CONFIDENCE_ANNOUNCED);
	FACT_SET(fact, key, key);
	FACT_SET(fact, value, value);
	FACT_SET(fact, mac, ctx->mac_src);
}

/* RFC 4704: flags, then a name in DNS wire form; a partial one has no root at its end. */
static void read_fqdn(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	char name[256];
	size_t used = 0, labels = 0;
	struct fact *fact;
	struct text text;

	wire_skip(&w, 1);
	while (w.left) {
		size_t length = wire_u8(&w);
		const uint8_t *label = length ? wire_bytes(&w, length) : NULL;

		if (!label || used + length + 1 > sizeof(name))
			break;
		if (labels++)
			name[used++] = '.';
		memcpy(name + used, label, length);
		used += length;
	}
	text = text_trim(fact_text(out, name, used));
	if (w.bad || !text.length)
		return;
	fact = fact_add(out, ctx, FACT_NAME, SOURCE_DHCPV6, CONFIDENCE_ANNOUNCED);
	FACT_SET(fact, name, text);
	FACT_SET(fact, name_kind, labels > 1 ? TEXT("fqdn") : TEXT("hostname"));
	FACT_SET(fact, mac, ctx->mac_src);
}

/* The options that it asks for, in its order: decimal, with commas. */
static void read_requested(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	char line[REQUESTED_MAX * 6 + 1];
	size_t used = 0;

	for (size_t i = 0; i < REQUESTED_MAX && w.left >= 2; i++)
		used += (size_t)sprintf(line + used, "%s%u", i ? "," : "", wire_u16(&w));
	say_trait(ctx, TEXT("dhcpv6.options"), fact_text(out, line, used), out);
}

static void read_client_option(const struct decode_context *ctx, uint16_t code, struct wire w,
			       struct fact_list *out)
{
	switch (code) {
	case OPTION_CLIENT:
		if (w.left <= DUID_BYTES_MAX)
			say_trait(ctx, TEXT("dhcpv6.duid"), fact_hex(out, w.at, w.left), out);
		break;
	case OPTION_REQUESTED:
		read_requested(ctx, w, out);
		break;
	case OPTION_VENDOR_CLASS: /* enterprise number, then counted strings: the first */
		wire_skip(&w, 4);
		w = wire_nested(&w, wire_u16(&w));
		if (!w.bad)
			say_trait(ctx, TEXT("dhcpv6.vendor_class"), text_trim(wire_rest(&w)), out);
		break;
	case OPTION_FQDN:
		read_fqdn(ctx, w, out);
		break;
	}
}

/* An association of addresses: they are the receiver's, if it was sent to that one alone. */
static void read_grant(const struct decode_context *ctx, uint16_t code, struct wire w, struct fact_list *out)
{
	wire_skip(&w, code == OPTION_NA ? 12 : 4); /* its id, times */
	while (w.left >= 4) {
		uint16_t option = wire_u16(&w);
		struct wire value = wire_nested(&w, wire_u16(&w));
		struct ip ip = wire_ip6(&value);
		struct fact *fact;

		wire_skip(&value, 4);						    /* preferred for */
		if (option != OPTION_ADDRESS || wire_u32(&value) == 0 || value.bad) /* 0: taken back */
			continue;
		fact = fact_add(out, ctx, FACT_ADDRESS, SOURCE_DHCPV6, CONFIDENCE_ANNOUNCED);
		FACT_SET(fact, mac, ctx->mac_dst);
		FACT_SET(fact, ip, ip);
	}
}

int decode_dhcpv6(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	uint8_t type = wire_u8(&w);
	bool client = type == SOLICIT || type == REQUEST || type == CONFIRM || type == RENEW ||
		      type == REBIND || type == INFORMATION_REQUEST;
	bool reply = type == REPLY && ip_is_link_local(&ctx->ip_dst) && !mac_is_group(&ctx->mac_dst) &&
		     !mac_is_zero(&ctx->mac_dst);

	if (w.bad)
		return -EBADMSG;
	if (type >= RELAY_FORWARD || (client && !ip_is_link_local(&ctx->ip_src)) || mac_is_zero(&ctx->mac_src))
		return 0;
	wire_skip(&w, 3); /* transaction */
	while (w.left) {
		uint16_t code = wire_u16(&w);
		struct wire value = wire_nested(&w, wire_u16(&w));

		if (w.bad)
			return ctx->cut ? 0 : -EBADMSG;
		if (client)
			read_client_option(ctx, code, value, out);
		else if (reply && (code == OPTION_NA || code == OPTION_TA))
			read_grant(ctx, code, value, out);
	}
	return w.bad ? -EBADMSG : 0;
}
