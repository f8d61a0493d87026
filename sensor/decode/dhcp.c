// SPDX-License-Identifier: BSD-2-Clause
/*
 * DHCP for IPv4 (RFC 2131, options RFC 2132): what a client says of itself, and what a server has granted.
 *
 * An ACK binds yiaddr to chaddr and names routers. An offer grants nothing, so it says nothing. BOOTP without
 * a DHCP message type is left alone. Of an option that comes twice the first one counts.
 */
#include "sensor/decode/dhcp.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sensor/decode/tell.h"

enum { BOOT_REQUEST = 1, BOOT_REPLY = 2, HARDWARE_ETHERNET = 1 };
enum { DISCOVER = 1, OFFER = 2, REQUEST = 3, DECLINE = 4, ACK = 5, INFORM = 8 };
enum {
	OPTION_ROUTERS = 3,
	OPTION_DNS = 6,
	OPTION_HOSTNAME = 12,
	OPTION_LEASE_S = 51,
	OPTION_OVERLOAD = 52,
	OPTION_MESSAGE = 53,
	OPTION_PARAMS = 55,
	OPTION_VENDOR_CLASS = 60,
	OPTION_CLIENT_ID = 61,
	OPTION_USER_CLASS = 77,
	OPTION_FQDN = 81,
	OPTION_STATIC_ROUTES = 121,
	OPTION_END = 255,
};
enum { FQDN_WIRE_FORM = 0x04 }; /* RFC 4702 2.1, flag E */
enum { SNAME_BYTES = 64, FILE_BYTES = 128, COOKIE = 0x63825363, SERVER_PORT = 67 };

static int read_options(struct wire w, bool cut, struct dhcp_message *out)
{
	while (w.left) {
		uint8_t code = wire_u8(&w);

		if (code == 0)
			continue;
		out->ended = code == OPTION_END;
		if (out->ended)
			return 0;

		size_t length = wire_u8(&w);
		const uint8_t *bytes = wire_bytes(&w, length);

		if (w.bad)
			return cut ? 0 : -EBADMSG;
		if (!out->option[code].bytes)
			out->option[code] = (struct text){(const char *)bytes, length};
	}
	return 0;
}

static int read_message(struct wire w, bool cut, struct dhcp_message *out)
{
	out->operation = wire_u8(&w);
	out->hardware = wire_u8(&w);
	uint8_t hardware_length = wire_u8(&w);
	wire_skip(&w, 13); /* hops, xid, secs, flags, ciaddr */
	out->yiaddr = wire_ip4(&w);
	wire_skip(&w, 4); /* siaddr */
	out->giaddr = wire_ip4(&w);
	out->chaddr = wire_mac(&w);
	wire_skip(&w, 10); /* the rest of chaddr */
	struct wire sname = wire_nested(&w, SNAME_BYTES);
	struct wire file = wire_nested(&w, FILE_BYTES);
	uint32_t cookie = wire_u32(&w);

	if (w.bad)
		return -EBADMSG;
	if (cookie != COOKIE || hardware_length != 6)
		out->hardware = 0;
	if (read_options(w, cut, out))
		return -EBADMSG;

	struct text overload = out->option[OPTION_OVERLOAD];
	uint8_t more = overload.length == 1 ? (uint8_t)overload.bytes[0] : 0;

	if ((more & 1) && read_options(file, false, out))
		return -EBADMSG;
	if ((more & 2) && read_options(sname, false, out))
		return -EBADMSG;
	return 0;
}

/* RFC 4702: flags, two unused bytes, then a name as text or, with flag E, in DNS wire form without compression. */
static struct text fqdn_text(struct text option, struct fact_list *out)
{
	struct wire w = wire_over(option.bytes, option.length);
	uint8_t flags = wire_u8(&w);
	char name[256];
	size_t used = 0;

	wire_skip(&w, 2);
	if (w.bad)
		return (struct text){};
	if (!(flags & FQDN_WIRE_FORM))
		return wire_rest(&w);
	while (w.left) {
		size_t length = wire_u8(&w);
		const uint8_t *label = wire_bytes(&w, length);

		if (!label || length == 0 || used + length + 1 > sizeof(name))
			break;
		memcpy(name + used, label, length);
		used += length;
		name[used++] = '.';
	}
	return fact_text(out, name, used);
}

static void say_name(const struct decode_context *ctx, const struct dhcp_message *m, struct text name,
		     struct text kind, struct fact_list *out)
{
	name = text_trim(name);
	if (name.length && name.bytes[name.length - 1] == '.')
		name.length--;
	if (name.length == 0)
		return;

	struct fact *fact = fact_add(out, ctx, FACT_NAME, SOURCE_DHCP, CONFIDENCE_ANNOUNCED);

	FACT_SET(fact, name, name);
	FACT_SET(fact, name_kind, kind);
	FACT_SET(fact, mac, m->chaddr);
}

void dhcp_say_trait(const struct decode_context *ctx, const struct dhcp_message *m, struct text key,
		    struct text value, struct fact_list *out)
{
	if (value.length == 0)
		return;

	struct fact *fact = fact_add(out, ctx, FACT_TRAIT, SOURCE_DHCP, CONFIDENCE_ANNOUNCED);

	FACT_SET(fact, key, key);
	FACT_SET(fact, value, value);
	FACT_SET(fact, mac, m->chaddr);
}

/* The list of option codes that the client asks for, as decimal numbers with commas, in its order. */
static struct text params_text(struct text option, struct fact_list *out)
{
	char line[255 * 4 + 1];
	size_t used = 0;

	for (size_t i = 0; i < option.length; i++)
		used += (size_t)sprintf(line + used, "%s%u", i ? "," : "", (uint8_t)option.bytes[i]);
	return fact_text(out, line, used);
}

/* RFC 3004 wants counted strings; many clients send the bare text. */
static void say_user_class(const struct decode_context *ctx, const struct dhcp_message *m,
			   struct fact_list *out)
{
	struct text option = m->option[OPTION_USER_CLASS];
	struct wire counted = wire_over(option.bytes, option.length), w = counted;

	while (!w.bad && w.left)
		wire_skip(&w, wire_u8(&w));
	if (w.bad) {
		dhcp_say_trait(ctx, m, TEXT("dhcp.user_class"), text_trim(option), out);
		return;
	}
	while (counted.left) {
		struct wire one = wire_nested(&counted, wire_u8(&counted));

		dhcp_say_trait(ctx, m, TEXT("dhcp.user_class"), text_trim(wire_rest(&one)), out);
	}
}

static void read_client(const struct decode_context *ctx, const struct dhcp_message *m, struct fact_list *out)
{
	struct text id = m->option[OPTION_CLIENT_ID];

	say_name(ctx, m, m->option[OPTION_HOSTNAME], TEXT("hostname"), out);
	say_name(ctx, m, fqdn_text(m->option[OPTION_FQDN], out), TEXT("fqdn"), out);
	dhcp_say_trait(ctx, m, TEXT("dhcp.vendor_class"), text_trim(m->option[OPTION_VENDOR_CLASS]), out);
	dhcp_say_trait(ctx, m, TEXT("dhcp.params"), params_text(m->option[OPTION_PARAMS], out), out);
	dhcp_say_trait(ctx, m, TEXT("dhcp.client_id"), fact_hex(out, (const uint8_t *)id.bytes, id.length),
		       out);
	say_user_class(ctx, m, out);
	dhcp_say_boot(ctx, m, out);
}

struct grant {
	struct ip_list *dns;
	uint32_t lifetime_s;
	bool has_lifetime;
};

static void say_route(const struct decode_context *ctx, struct ip router, const struct ip *net,
		      unsigned int bits, const struct grant *grant, struct fact_list *out)
{
	char address[ADDR_TEXT_MAX], line[ADDR_TEXT_MAX + 8];
	int length = snprintf(line, sizeof(line), "%s/%u", ip_text(net, address), bits);
	struct text prefix = fact_text(out, line, (size_t)length);

	if (ip_is_unspecified(&router)) /* on the link itself: no router */
		return;

	struct fact *fact = fact_add(out, ctx, FACT_ROUTE, SOURCE_DHCP, CONFIDENCE_ANNOUNCED);

	FACT_SET(fact, ip, router);
	FACT_SET(fact, prefix, prefix);
	if (grant->has_lifetime)
		FACT_SET(fact, lifetime_s, grant->lifetime_s);
	if (grant->dns && grant->dns->count)
		FACT_SET(fact, dns, grant->dns);
}

/* RFC 3442: prefix length, as many bytes of the prefix as it needs, router. */
static void read_static_routes(const struct decode_context *ctx, struct text option, const struct grant *grant,
			       struct fact_list *out)
{
	struct wire w = wire_over(option.bytes, option.length);

	while (w.left) {
		uint8_t bits = wire_u8(&w), net_bytes[4] = {};
		const uint8_t *net = wire_bytes(&w, ((size_t)bits + 7) / 8);
		struct ip router = wire_ip4(&w);

		if (w.bad || bits > 32)
			return;
		memcpy(net_bytes, net, ((size_t)bits + 7) / 8);

		struct ip prefix = ip_from_v4(net_bytes);

		say_route(ctx, router, &prefix, bits, grant, out);
	}
}

static struct ip_list *read_addresses(struct text option, struct fact_list *out)
{
	struct wire w = wire_over(option.bytes, option.length);
	struct ip_list *list = option.length >= 4 ? fact_room(out, sizeof(*list)) : NULL;

	if (!list)
		return NULL;
	list->count = 0;
	while (w.left >= 4) {
		struct ip ip = wire_ip4(&w);

		if (list->count < FACT_LIST_MAX)
			list->item[list->count++] = ip;
		else
			out->dropped++;
	}
	return list;
}

static void read_ack(const struct decode_context *ctx, const struct dhcp_message *m, struct fact_list *out)
{
	static const uint8_t anywhere[4];
	struct ip all = ip_from_v4(anywhere);
	struct text lease = m->option[OPTION_LEASE_S];
	struct wire w = wire_over(lease.bytes, lease.length);
	struct grant grant = {.dns = read_addresses(m->option[OPTION_DNS], out), .lifetime_s = wire_u32(&w)};
	struct wire routers = wire_over(m->option[OPTION_ROUTERS].bytes, m->option[OPTION_ROUTERS].length);

	grant.has_lifetime = !w.bad;
	if (!ip_is_unspecified(&m->yiaddr)) {
		struct fact *fact = fact_add(out, ctx, FACT_ADDRESS, SOURCE_DHCP, CONFIDENCE_ANNOUNCED);

		FACT_SET(fact, mac, m->chaddr);
		FACT_SET(fact, ip, m->yiaddr);
	}
	if (ctx->cut && !m->ended) /* routes without what belongs to them would be others */
		return;
	while (routers.left >= 4)
		say_route(ctx, wire_ip4(&routers), &all, 0, &grant, out);
	read_static_routes(ctx, m->option[OPTION_STATIC_ROUTES], &grant, out);
}

/* A server, when it says itself that it is the sender: a relay passes on what others say. */
static void read_server(const struct decode_context *ctx, const struct dhcp_message *m, struct fact_list *out)
{
	struct wire w = wire_over(m->option[DHCP_OPTION_SERVER].bytes, m->option[DHCP_OPTION_SERVER].length);
	struct ip server = wire_ip4(&w);

	if (!w.bad && ip_equal(&server, &ctx->ip_src) && ctx->port_src == SERVER_PORT)
		tell_service(out, ctx, SOURCE_DHCP, SERVER_PORT, TEXT("dhcp"));
}

int decode_dhcp(const struct decode_context *ctx, struct wire payload, struct fact_list *out)
{
	struct dhcp_message m = {};

	if (read_message(payload, ctx->cut, &m))
		return -EBADMSG;

	struct text type = m.option[OPTION_MESSAGE];

	if (type.bytes && type.length != 1)
		return -EBADMSG;
	if (m.hardware != HARDWARE_ETHERNET || !type.bytes || mac_is_group(&m.chaddr) || mac_is_zero(&m.chaddr))
		return 0;
	switch (type.bytes[0]) {
	case DISCOVER:
	case REQUEST:
	case DECLINE:
	case INFORM:
		if (m.operation != BOOT_REQUEST)
			return 0;
		read_client(ctx, &m, out);
		break;
	case OFFER:
	case ACK:
		if (m.operation != BOOT_REPLY)
			return 0;
		read_server(ctx, &m, out);
		if (type.bytes[0] == ACK)
			read_ack(ctx, &m, out);
		dhcp_say_network(ctx, &m, out);
		break;
	default:
		return 0;
	}
	dhcp_say_relay(ctx, &m, out);
	return 0;
}
