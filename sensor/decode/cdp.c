// SPDX-License-Identifier: BSD-2-Clause
/*
 * CDP, Cisco's discovery protocol, versions 1 and 2 (as Cisco's documentation and RFC-less practice have it), and FDP, Foundry's, of the same form
 * behind another SNAP header: who sits at the other end of the link. TLVs with their own header in the length, after a version, a time to live and a checksum.
 */
#include <errno.h>
#include <string.h>

#include "sensor/decode/tell.h"

enum tlv {
	TLV_DEVICE = 0x01,
	TLV_ADDRESSES = 0x02,
	TLV_PORT = 0x03,
	TLV_CAPABILITIES = 0x04,
	TLV_SOFTWARE = 0x05,
	TLV_PLATFORM = 0x06,
	TLV_VTP_DOMAIN = 0x09,
	TLV_NATIVE_VLAN = 0x0a,
	TLV_DUPLEX = 0x0b,
	TLV_VOICE_VLAN = 0x0e,
	TLV_SYSTEM_NAME = 0x14,
	TLV_MANAGEMENT = 0x16,
	TLV_LOCATION = 0x17,
};
enum { TLV_HEADER = 4, PROTOCOL_NLPID = 1, PROTOCOL_8022 = 2, NLPID_IP = 0xcc, CAPABILITY_UNKNOWN = 0 };

struct frame {
	struct text device, port, software, platform, vtp_domain, system_name, location;
	uint32_t capabilities;
	uint16_t native_vlan, voice_vlan;
	uint8_t duplex; /* 0 half, 1 full */
	bool fdp, has_capabilities, has_native_vlan, has_duplex;
	struct ip_list *management;
};

static struct ip read_address(struct wire *w)
{
	uint8_t type = wire_u8(w);
	struct wire protocol = wire_nested(w, wire_u8(w));
	struct wire address = wire_nested(w, wire_u16(w));
	bool ip4 = type == PROTOCOL_NLPID && protocol.left == 1 && wire_u8(&protocol) == NLPID_IP;

	if (ip4 && address.left == 4)
		return wire_ip4(&address);
	if (type == PROTOCOL_8022 && protocol.left == 8 && address.left == 16) /* LLC, SNAP, EtherType 86dd */
		return wire_ip6(&address);
	return (struct ip){};
}

/* Of both TLVs that hold addresses: each address once. */
static void read_addresses(struct wire w, struct frame *frame, struct fact_list *out)
{
	uint32_t count = wire_u32(&w);

	while (count-- && w.left) {
		struct ip ip = read_address(&w);
		bool known = w.bad || ip.version == 0;

		if (!frame->management) {
			frame->management = fact_room(out, sizeof(*frame->management));
			if (!frame->management)
				return;
			frame->management->count = 0;
		}
		for (size_t i = 0; i < frame->management->count; i++)
			known |= ip_equal(&frame->management->item[i], &ip);
		if (known)
			continue;
		if (frame->management->count < FACT_LIST_MAX)
			frame->management->item[frame->management->count++] = ip;
		else
			out->dropped++;
	}
}

/* FDP has one word for it, where CDP has bits: the bit that it stands for. */
static uint32_t capability_word(struct text word)
{
	static const struct {
		struct text word;
		uint32_t bit;
	} words[] = {
		{TEXT("Router"), 0x01}, {TEXT("Switch"), 0x08}, {TEXT("Bridge"), 0x02}, {TEXT("Host"), 0x10}};

	word = text_trim(word);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (word.length == words[i].word.length &&
		    memcmp(word.bytes, words[i].word.bytes, word.length) == 0)
			return words[i].bit;
	return CAPABILITY_UNKNOWN;
}

/* Of a TLV that comes twice the first one counts. */
static void take(struct text *to, struct wire w)
{
	struct text text = text_trim(wire_rest(&w));

	if (!to->length)
		*to = text;
}

static void read_tlv(enum tlv type, struct wire w, struct frame *frame, struct fact_list *out)
{
	switch (type) {
	case TLV_DEVICE:
		take(&frame->device, w);
		break;
	case TLV_PORT:
		take(&frame->port, w);
		break;
	case TLV_SOFTWARE:
		take(&frame->software, w);
		break;
	case TLV_PLATFORM:
		take(&frame->platform, w);
		break;
	case TLV_VTP_DOMAIN:
		take(&frame->vtp_domain, w);
		break;
	case TLV_SYSTEM_NAME:
		take(&frame->system_name, w);
		break;
	case TLV_CAPABILITIES:
		frame->capabilities = frame->fdp ? capability_word(wire_rest(&w)) : wire_u32(&w);
		frame->has_capabilities = !w.bad && (!frame->fdp || frame->capabilities != CAPABILITY_UNKNOWN);
		break;
	case TLV_NATIVE_VLAN:
		frame->native_vlan = wire_u16(&w);
		frame->has_native_vlan = !w.bad;
		break;
	case TLV_DUPLEX:
		frame->duplex = wire_u8(&w);
		frame->has_duplex = !w.bad;
		break;
	case TLV_VOICE_VLAN: /* for which of the phone's two ports, and the VLAN */
		wire_skip(&w, 1);
		frame->voice_vlan = wire_u16(&w);
		break;
	case TLV_LOCATION: /* of which kind */
		wire_skip(&w, 1);
		take(&frame->location, w);
		break;
	case TLV_ADDRESSES:
	case TLV_MANAGEMENT:
		read_addresses(w, frame, out);
		break;
	default:
		break;
	}
}

static int read_frame(struct wire w, struct frame *frame, struct fact_list *out)
{
	wire_skip(&w, 4); /* version, time to live, checksum */
	while (w.left >= TLV_HEADER) {
		enum tlv type = wire_u16(&w);
		uint16_t length = wire_u16(&w);

		if (type == 0 && length == 0) /* padding */
			return 0;
		if (length < TLV_HEADER)
			return -EBADMSG;

		struct wire value = wire_nested(&w, length - TLV_HEADER);

		if (w.bad)
			return -EBADMSG;
		read_tlv(type, value, frame, out);
	}
	return w.bad ? -EBADMSG : 0;
}

/* The words of LLDP where it has them; `switch` is a bridge too. */
static struct text_list *capability_names(uint32_t bits, struct fact_list *out)
{
	static const struct {
		uint32_t bits;
		const char *name;
	} names[] = {{0x01, "router"},	 {0x0a, "bridge"},    {0x04, "source-bridge"}, {0x10, "station"},
		     {0x40, "repeater"}, {0x80, "telephone"}, {0x100, "remote"}};
	struct text_list *list = fact_room(out, sizeof(*list));

	if (!list)
		return NULL;
	list->count = 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (bits & names[i].bits)
			list->item[list->count++] = (struct text){names[i].name, strlen(names[i].name)};
	return list;
}

/* The device id is often the name, or the name with a serial number in brackets; often enough it is neither. */
static struct text device_name(struct text id)
{
	const char *bracket = id.length ? memchr(id.bytes, '(', id.length) : NULL;

	if (bracket && id.bytes[id.length - 1] == ')')
		id.length = (size_t)(bracket - id.bytes);
	for (size_t i = 0; i < id.length; i++) {
		char c = id.bytes[i];

		if (!(c >= '0' && c <= '9') && !((c | 32) >= 'a' && (c | 32) <= 'z') && c != '-' && c != '.' &&
		    c != '_')
			return (struct text){"", 0};
	}
	return id;
}

static void set_text(struct fact *fact, struct text *member, enum fact_field field, struct text value)
{
	if (!value.length)
		return;
	*member = value;
	fact->has |= 1ULL << field;
}

static void say_traits(const struct decode_context *ctx, const struct frame *frame, struct fact_list *out)
{
	if (frame->voice_vlan && frame->voice_vlan < 4095)
		tell_trait(out, ctx, SOURCE_CDP, TEXT("cdp.voice_vlan"),
			   fact_format(out, "%u", frame->voice_vlan));
	if (frame->has_duplex)
		tell_trait(out, ctx, SOURCE_CDP, TEXT("cdp.duplex"),
			   frame->duplex ? TEXT("full") : TEXT("half"));
	if (frame->location.length)
		tell_trait(out, ctx, SOURCE_CDP, TEXT("cdp.location"), frame->location);
}

static int decode_as(const struct decode_context *ctx, struct wire payload, enum fact_source source,
		     struct fact_list *out)
{
	struct frame frame = {.fdp = source == SOURCE_FDP};
	struct text_list *capabilities;
	struct text name;
	struct fact *fact;

	if (ctx->cut || read_frame(payload, &frame, out) || !frame.device.length)
		return -EBADMSG;
	capabilities = frame.has_capabilities ? capability_names(frame.capabilities, out) : NULL;
	fact = fact_add(out, ctx, FACT_NEIGHBOR, source, CONFIDENCE_ANNOUNCED);
	FACT_SET(fact, mac, ctx->mac_src);
	set_text(fact, &fact->chassis, FIELD_chassis, frame.device);
	set_text(fact, &fact->port_id, FIELD_port_id, frame.port);
	set_text(fact, &fact->system_name, FIELD_system_name, frame.system_name);
	set_text(fact, &fact->system_description, FIELD_system_description, frame.software);
	set_text(fact, &fact->platform, FIELD_platform, frame.platform);
	set_text(fact, &fact->vtp_domain, FIELD_vtp_domain, frame.vtp_domain);
	if (capabilities)
		FACT_SET(fact, capabilities, capabilities);
	if (frame.has_native_vlan)
		FACT_SET(fact, native_vlan, frame.native_vlan);
	if (frame.management && frame.management->count)
		FACT_SET(fact, management, frame.management);
	name = frame.system_name.length ? frame.system_name : device_name(frame.device);
	tell_own_name(out, ctx, source,
		      name.length && memchr(name.bytes, '.', name.length) ? TEXT("fqdn") : TEXT("hostname"),
		      name);
	if (source == SOURCE_CDP)
		say_traits(ctx, &frame, out);
	return 0;
}

int decode_cdp(const struct decode_context *ctx, struct wire payload, struct fact_list *out)
{
	return decode_as(ctx, payload, SOURCE_CDP, out);
}

int decode_fdp(const struct decode_context *ctx, struct wire payload, struct fact_list *out)
{
	return decode_as(ctx, payload, SOURCE_FDP, out);
}
