// SPDX-License-Identifier: BSD-2-Clause
/*
 * LLDP (IEEE 802.1AB-2016): who sits at the other end of the link, what it calls itself and its port.
 *
 * The three mandatory TLVs come first and in order (9.2.7.7.1); a frame without them says nothing. What organisations add is in
 * lldp_organisation.c.
 */
#include "sensor/decode/lldp.h"

#include <errno.h>
#include <string.h>

enum tlv {
	TLV_END,
	TLV_CHASSIS,
	TLV_PORT,
	TLV_TTL,
	TLV_PORT_DESCRIPTION,
	TLV_SYSTEM_NAME,
	TLV_SYSTEM_DESCRIPTION,
	TLV_CAPABILITIES,
	TLV_MANAGEMENT,
	TLV_ORGANISATION = 127,
};
enum { CHASSIS_MAC = 4, CHASSIS_NETWORK = 5, PORT_MAC = 3, PORT_NETWORK = 4 };
enum { FAMILY_IPV4 = 1, FAMILY_IPV6 = 2 }; /* IANA address family numbers */

struct frame {
	struct text chassis, port, port_description, system_name, system_description;
	uint16_t capabilities; /* enabled ones, table 8-4 */
	bool has_capabilities;
	struct ip_list *management;
	struct lldp_added added;
};

/* An address with its IANA family in front. Version 0 when it is neither IPv4 nor IPv6. */
static struct ip network_address(struct wire *w)
{
	uint8_t family = wire_u8(w);

	if (family == FAMILY_IPV4 && w->left == 4)
		return wire_ip4(w);
	if (family == FAMILY_IPV6 && w->left == 16)
		return wire_ip6(w);
	return (struct ip){};
}

/* A chassis or port id: a MAC, an address, or text as it is (tables 8-2 and 8-3). */
static struct text identity(struct wire w, uint8_t mac_subtype, uint8_t network_subtype, struct fact_list *out)
{
	uint8_t subtype = wire_u8(&w);
	struct wire start = w;
	char line[ADDR_TEXT_MAX];

	if (subtype == mac_subtype && w.left == 6) {
		struct mac mac = wire_mac(&w);

		mac_text(&mac, line);
		return fact_text(out, line, strlen(line));
	}
	if (subtype == network_subtype) {
		struct ip ip = network_address(&w);

		if (ip.version) {
			ip_text(&ip, line);
			return fact_text(out, line, strlen(line));
		}
	}
	return text_trim(wire_rest(&start));
}

static void read_management(struct wire w, struct frame *frame, struct fact_list *out)
{
	struct wire address = wire_nested(&w, wire_u8(&w));
	struct ip ip = network_address(&address);

	if (address.bad || ip.version == 0)
		return;
	if (!frame->management) {
		frame->management = fact_room(out, sizeof(*frame->management));
		if (!frame->management)
			return;
		frame->management->count = 0;
	}
	if (frame->management->count < FACT_LIST_MAX)
		frame->management->item[frame->management->count++] = ip;
	else
		out->dropped++;
}

/* Of a TLV that comes twice the first one counts. */
static void take(struct text *to, struct wire w)
{
	struct text text = text_trim(wire_rest(&w));

	if (!to->length)
		*to = text;
}

static void read_optional(enum tlv type, struct wire w, struct frame *frame, struct fact_list *out)
{
	switch (type) {
	case TLV_PORT_DESCRIPTION:
		take(&frame->port_description, w);
		break;
	case TLV_SYSTEM_NAME:
		take(&frame->system_name, w);
		break;
	case TLV_SYSTEM_DESCRIPTION:
		take(&frame->system_description, w);
		break;
	case TLV_CAPABILITIES:
		wire_skip(&w, 2); /* what it could do */
		if (!frame->has_capabilities)
			frame->capabilities = wire_u16(&w);
		frame->has_capabilities |= !w.bad;
		break;
	case TLV_MANAGEMENT:
		read_management(w, frame, out);
		break;
	default:
		break;
	}
}

static int read_frame(const struct decode_context *ctx, struct wire w, struct frame *frame,
		      struct fact_list *out)
{
	for (unsigned int position = 1; w.left; position++) {
		uint16_t head = wire_u16(&w);
		enum tlv type = head >> 9;
		struct wire value = wire_nested(&w, head & 0x1ff);

		if (w.bad || (position <= TLV_TTL && type != position))
			return -EBADMSG;
		if (type == TLV_END)
			return 0;
		if ((type == TLV_CHASSIS || type == TLV_PORT || type == TLV_TTL) && value.left < 2)
			return -EBADMSG;
		if (type == TLV_CHASSIS && position == TLV_CHASSIS)
			frame->chassis = identity(value, CHASSIS_MAC, CHASSIS_NETWORK, out);
		else if (type == TLV_PORT && position == TLV_PORT)
			frame->port = identity(value, PORT_MAC, PORT_NETWORK, out);
		else if (type != TLV_ORGANISATION)
			read_optional(type, value, frame, out);
		else if (lldp_organisation(ctx, value, &frame->added, out))
			return -EBADMSG;
	}
	return ctx->cut ? -EBADMSG
			: 0; /* some senders leave the end out; a capture that does has left out more */
}

static struct text_list *capability_names(uint16_t bits, struct fact_list *out)
{
	static const char *const names[] = {"other",  "repeater", "bridge", "wlan-ap", "router", "telephone",
					    "docsis", "station",  "c-vlan", "s-vlan",  "tpmr"};
	struct text_list *list = fact_room(out, sizeof(*list));

	if (!list)
		return NULL;
	list->count = 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (bits & 1u << i)
			list->item[list->count++] = (struct text){names[i], strlen(names[i])};
	return list;
}

static void say_system_name(const struct decode_context *ctx, struct text name, struct fact_list *out)
{
	struct fact *fact = fact_add(out, ctx, FACT_NAME, SOURCE_LLDP, CONFIDENCE_ANNOUNCED);

	FACT_SET(fact, name, name);
	FACT_SET(fact, name_kind, memchr(name.bytes, '.', name.length) ? TEXT("fqdn") : TEXT("hostname"));
	FACT_SET(fact, mac, ctx->mac_src);
}

int decode_lldp(const struct decode_context *ctx, struct wire payload, struct fact_list *out)
{
	struct frame frame = {};

	if (read_frame(ctx, payload, &frame, out) || !frame.chassis.bytes || !frame.port.bytes)
		return -EBADMSG;

	struct text_list *capabilities =
		frame.has_capabilities ? capability_names(frame.capabilities, out) : NULL;
	struct fact *fact = fact_add(out, ctx, FACT_NEIGHBOR, SOURCE_LLDP, CONFIDENCE_ANNOUNCED);

	FACT_SET(fact, mac, ctx->mac_src);
	if (frame.chassis.length)
		FACT_SET(fact, chassis, frame.chassis);
	if (frame.port.length)
		FACT_SET(fact, port_id, frame.port);
	if (frame.port_description.length)
		FACT_SET(fact, port_description, frame.port_description);
	if (frame.system_description.length)
		FACT_SET(fact, system_description, frame.system_description);
	if (capabilities)
		FACT_SET(fact, capabilities, capabilities);
	if (frame.management)
		FACT_SET(fact, management, frame.management);
	if (frame.added.native_vlan)
		FACT_SET(fact, native_vlan, frame.added.native_vlan);
	if (frame.system_name.length) {
		FACT_SET(fact, system_name, frame.system_name);
		say_system_name(ctx, frame.system_name, out);
	}
	return 0;
}
