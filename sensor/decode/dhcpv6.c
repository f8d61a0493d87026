// SPDX-License-Identifier: BSD-2-Clause
/*
 * DHCPv6 (RFC 8415): what a client says of itself, and what a server has given it. Clients speak from their own link-local address, so the
 * frame's sender is the client; what relays pass on is a client's when the first of them tells its MAC (RFC 6939).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sensor/decode/tell.h"

enum {
	SOLICIT = 1,
	REQUEST = 3,
	CONFIRM = 4,
	RENEW = 5,
	REBIND = 6,
	REPLY = 7,
	INFORMATION_REQUEST = 11,
	RELAY_FORWARD = 12,
};
enum {
	OPTION_CLIENT = 1,
	OPTION_NA = 3,
	OPTION_TA = 4,
	OPTION_ADDRESS = 5,
	OPTION_REQUESTED = 6,
	OPTION_RELAYED = 9,
	OPTION_USER_CLASS = 15,
	OPTION_VENDOR_CLASS = 16,
	OPTION_INTERFACE = 18,
	OPTION_PD = 25,
	OPTION_PREFIX = 26,
	OPTION_REMOTE = 37,
	OPTION_FQDN = 39,
	OPTION_LINK_ADDRESS = 79,
};
enum { DUID_BYTES_MAX = 130, REQUESTED_MAX = 64, HARDWARE_ETHERNET = 1, RELAYS_MAX = 8 };

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

static void say_receiver(const struct decode_context *ctx, struct text key, struct text value,
			 struct fact_list *out)
{
	struct fact *fact = fact_add(out, ctx, FACT_TRAIT, SOURCE_DHCPV6, CONFIDENCE_ANNOUNCED);

	FACT_SET(fact, key, key);
	FACT_SET(fact, value, value);
	FACT_SET(fact, mac, ctx->mac_dst);
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
	case OPTION_USER_CLASS: /* counted strings: the first */
		w = wire_nested(&w, wire_u16(&w));
		if (!w.bad)
			say_trait(ctx, TEXT("dhcpv6.user_class"), text_trim(wire_rest(&w)), out);
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

/* Networks that are given to a router for those behind it. */
static void read_delegation(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	wire_skip(&w, 12); /* its id, times */
	while (w.left >= 4) {
		uint16_t option = wire_u16(&w);
		struct wire value = wire_nested(&w, wire_u16(&w));
		uint32_t valid_s;
		uint8_t bits;
		struct ip net;
		char line[ADDR_TEXT_MAX];

		wire_skip(&value, 4); /* preferred for */
		valid_s = wire_u32(&value);
		bits = wire_u8(&value);
		net = wire_ip6(&value);
		if (option != OPTION_PREFIX || value.bad || valid_s == 0 || bits == 0 || bits > 128)
			continue;
		say_receiver(ctx, TEXT("dhcpv6.prefix"), fact_format(out, "%s/%u", ip_text(&net, line), bits),
			     out);
	}
}

/* A message of a client or to one, after its type. */
static int read_options(const struct decode_context *ctx, bool client, bool reply, struct wire w,
			struct fact_list *out)
{
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
		else if (reply && code == OPTION_PD)
			read_delegation(ctx, value, out);
	}
	return w.bad ? -EBADMSG : 0;
}

static bool is_client(uint8_t type)
{
	return type == SOLICIT || type == REQUEST || type == CONFIRM || type == RENEW || type == REBIND ||
	       type == INFORMATION_REQUEST;
}

struct relayed {
	struct wire message;
	struct mac client;
	struct text interface, remote;
};

/* Hop count, the link that it came from, who sent it; then options, one of which is the message. */
static int read_relay(struct wire w, struct ip *link, struct relayed *out)
{
	memset(out, 0, sizeof(*out));
	wire_skip(&w, 1);
	*link = wire_ip6(&w);
	wire_skip(&w, 16);
	while (w.left) {
		uint16_t code = wire_u16(&w);
		struct wire value = wire_nested(&w, wire_u16(&w));

		if (w.bad)
			return -EBADMSG;
		if (code == OPTION_RELAYED) {
			out->message = value;
		} else if (code == OPTION_INTERFACE) {
			out->interface = wire_rest(&value);
		} else if (code == OPTION_REMOTE && value.left > 4) { /* whose numbers these are */
			wire_skip(&value, 4);
			out->remote = wire_rest(&value);
		} else if (code == OPTION_LINK_ADDRESS && value.left == 8 &&
			   wire_u16(&value) == HARDWARE_ETHERNET) {
			out->client = wire_mac(&value);
		}
	}
	return w.bad ? -EBADMSG : 0;
}

/* Down to the client's own words; the relay next to it has told its MAC, and the port where it is. */
static int read_forwarded(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct decode_context client = *ctx;
	struct relayed relayed;
	uint8_t type = RELAY_FORWARD;
	struct ip link;
	char line[ADDR_TEXT_MAX];

	for (int hops = 0; hops < RELAYS_MAX && type == RELAY_FORWARD; hops++) {
		if (read_relay(w, &link, &relayed))
			return -EBADMSG;
		if (hops == 0 && !ip_is_unspecified(&link) && !ip_is_multicast(&link))
			tell_trait(out, ctx, SOURCE_DHCPV6, TEXT("dhcpv6.relay"),
				   fact_format(out, "%s", ip_text(&link, line)));
		w = relayed.message;
		type = wire_u8(&w);
	}
	if (w.bad || !is_client(type) || mac_is_zero(&relayed.client) || mac_is_group(&relayed.client))
		return 0;
	client.mac_src = relayed.client;
	say_trait(&client, TEXT("dhcpv6.interface"), fact_readable(out, relayed.interface), out);
	say_trait(&client, TEXT("dhcpv6.remote"), fact_readable(out, relayed.remote), out);
	return read_options(&client, true, false, w, out);
}

int decode_dhcpv6(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	uint8_t type = wire_u8(&w);
	bool client = is_client(type);
	bool reply = type == REPLY && ip_is_link_local(&ctx->ip_dst) && !mac_is_group(&ctx->mac_dst) &&
		     !mac_is_zero(&ctx->mac_dst);

	if (w.bad)
		return -EBADMSG;
	if (type == RELAY_FORWARD)
		return ctx->cut ? -EBADMSG : read_forwarded(ctx, w, out);
	if (type >= RELAY_FORWARD || (client && !ip_is_link_local(&ctx->ip_src)) || mac_is_zero(&ctx->mac_src))
		return 0;
	return read_options(ctx, client, reply, w, out);
}
