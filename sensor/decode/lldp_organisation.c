// SPDX-License-Identifier: BSD-2-Clause
/*
 * LLDP's organisationally specific TLVs: IEEE 802.1 (802.1Q-2018 annex D), IEEE 802.3 (802.3-2018 clause 79), PROFINET, of which only the
 * lengths are looked at, and LLDP-MED (ANSI/TIA-1057), by which phones tell their maker, model and serial number, and switches
 * what they want of them.
 */
#include "sensor/decode/lldp.h"

#include <errno.h>
#include <string.h>

#include "sensor/decode/tell.h"

enum { OUI_8021 = 0x0080c2, OUI_8023 = 0x00120f, OUI_MED = 0x0012bb, OUI_PROFINET = 0x000ecf };
enum { PORT_VLAN = 1, PORT_PROTOCOL_VLAN = 2, VLAN_NAME = 3, PROTOCOL = 4, LINK_AGGREGATION = 7 };
enum { MAC_PHY = 1, POWER = 2, AGGREGATION = 3, FRAME_SIZE = 4 };
enum {
	MED_CAPABILITIES = 1,
	MED_POLICY = 2,
	MED_LOCATION = 3,
	MED_POWER = 4,
	MED_HARDWARE = 5,
	MED_ASSET = 11,
	MED_TEXT_MAX = 32
};
enum { LOCATION_COORDINATES = 1, LOCATION_CIVIC = 2, LOCATION_ELIN = 3, COORDINATES_BYTES = 16 };

static void tell(const struct decode_context *ctx, struct fact_list *out, struct text key, struct text value)
{
	tell_trait(out, ctx, SOURCE_LLDP, key, value);
}

static int read_8021(const struct decode_context *ctx, uint8_t subtype, struct wire w, struct lldp_added *added,
		     struct fact_list *out)
{
	struct text name;
	uint16_t vlan;

	switch (subtype) {
	case PORT_VLAN:
		vlan = wire_u16(&w);
		if (vlan < 4095)
			added->native_vlan = vlan;
		break;
	case PORT_PROTOCOL_VLAN:
		wire_skip(&w, 3);
		break;
	case VLAN_NAME:
		vlan = wire_u16(&w);
		w = wire_nested(&w, wire_u8(&w));
		name = text_trim(wire_rest(&w));
		if (!w.bad && name.length && vlan && vlan < 4095)
			tell(ctx, out, TEXT("lldp.vlan"),
			     fact_format(out, "%u %.*s", vlan, (int)name.length, name.bytes));
		break;
	case PROTOCOL:
		wire_skip(&w, wire_u8(&w));
		break;
	case LINK_AGGREGATION:
		wire_skip(&w, 5);
		break;
	}
	return w.bad ? -EBADMSG : 0;
}

/* IANA-MAU-MIB's dot3MauType, the last number: those that are seen. */
static struct text mau_text(uint16_t type, struct fact_list *out)
{
	static const struct {
		uint16_t type;
		const char *words;
	} known[] = {{10, "10BASE-T half duplex"},
		     {11, "10BASE-T full duplex"},
		     {15, "100BASE-TX half duplex"},
		     {16, "100BASE-TX full duplex"},
		     {18, "100BASE-FX full duplex"},
		     {22, "1000BASE-X full duplex"},
		     {24, "1000BASE-LX full duplex"},
		     {26, "1000BASE-SX full duplex"},
		     {29, "1000BASE-T half duplex"},
		     {30, "1000BASE-T full duplex"},
		     {33, "10GBASE-LR"},
		     {34, "10GBASE-ER"},
		     {35, "10GBASE-SR"},
		     {54, "10GBASE-T"}};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].type == type)
			return (struct text){known[i].words, strlen(known[i].words)};
	return type ? fact_format(out, "MAU type %u", type) : (struct text){};
}

/* 802.3's have fixed lengths; power has grown twice (802.3at, 802.3bt). */
static int read_8023(const struct decode_context *ctx, uint8_t subtype, struct wire w, struct fact_list *out)
{
	uint16_t number;
	uint8_t support;

	switch (subtype) {
	case MAC_PHY:
		if (w.left != 5)
			return -EBADMSG;
		wire_skip(&w, 3); /* auto-negotiation, and what it offers */
		tell(ctx, out, TEXT("lldp.speed"), mau_text(wire_u16(&w), out));
		break;
	case POWER:
		if (w.left != 3 && w.left != 8 && w.left != 25)
			return -EBADMSG;
		support = wire_u8(&w);
		tell(ctx, out, TEXT("lldp.power"),
		     !(support & 1)  ? TEXT("takes power")
		     : (support & 2) ? (support & 4 ? TEXT("gives power") : TEXT("could give power"))
				     : TEXT("gives no power"));
		break;
	case AGGREGATION:
		if (w.left != 5)
			return -EBADMSG;
		break;
	case FRAME_SIZE:
		if (w.left != 2)
			return -EBADMSG;
		number = wire_u16(&w);
		tell(ctx, out, TEXT("lldp.frame_max"), fact_format(out, "%u", number));
		break;
	}
	return 0;
}

/* 10.2.6: at most 32 letters; what is none of that was not filled in by its maker. */
static bool is_written(struct text text)
{
	for (size_t i = 0; i < text.length; i++)
		if ((uint8_t)text.bytes[i] < ' ')
			return false;
	return text.length <= MED_TEXT_MAX;
}

/* 10.2.3 and RFC 4776: country, then elements; said is what each holds, as it stands there. */
static int read_civic(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	char line[257];
	size_t used = 2;
	size_t length = wire_u8(&w);

	if (length < 3)
		return -EBADMSG;
	w = wire_nested(&w, length);
	wire_skip(&w, 1); /* whose place it is */
	line[0] = (char)wire_u8(&w);
	line[1] = (char)wire_u8(&w);
	while (w.left) {
		uint8_t type = wire_u8(&w);
		struct wire element = wire_nested(&w, wire_u8(&w));
		struct text text = text_trim(wire_rest(&element));

		if (w.bad)
			return -EBADMSG;
		if (type == 0 || type == 128 || !text.length || used + 2 + text.length > sizeof(line))
			continue; /* language and script */
		line[used++] = ',';
		line[used++] = ' ';
		memcpy(line + used, text.bytes, text.length);
		used += text.length;
	}
	if (w.bad)
		return -EBADMSG;
	if (used > 2)
		tell(ctx, out, TEXT("lldp.location"), fact_text(out, line, used));
	return 0;
}

static int read_location(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	uint8_t format = wire_u8(&w);

	if (w.bad)
		return -EBADMSG;
	switch (format) {
	case LOCATION_COORDINATES:
		return w.left < COORDINATES_BYTES ? -EBADMSG : 0;
	case LOCATION_CIVIC:
		return read_civic(ctx, w, out);
	case LOCATION_ELIN: /* the number that an emergency call from there has */
		tell(ctx, out, TEXT("lldp.elin"), wire_rest(&w));
		break;
	}
	return 0;
}

/* 10.2.3.1: which kind of traffic is to be sent how. */
static void read_policy(const struct decode_context *ctx, uint8_t kind, uint32_t bits, struct fact_list *out)
{
	static const char *const kinds[] = {
		"voice",     "voice signalling",   "guest voice",     "guest voice signalling",
		"softphone", "video conferencing", "streaming video", "video signalling"};
	const char *name = kind >= 1 && kind <= 8 ? kinds[kind - 1] : "other";
	unsigned int vlan = bits >> 9 & 0xfff, priority = bits >> 6 & 7, dscp = bits & 0x3f;

	if (bits & 1u << 23)
		return; /* asks for one */
	if (bits & 1u << 22)
		tell(ctx, out, TEXT("lldp.policy"),
		     fact_format(out, "%s: VLAN %u, priority %u, DSCP %u", name, vlan, priority, dscp));
	else
		tell(ctx, out, TEXT("lldp.policy"), fact_format(out, "%s: untagged, DSCP %u", name, dscp));
}

static void read_med_power(const struct decode_context *ctx, uint8_t kind, unsigned int tenths,
			   struct fact_list *out)
{
	if (tenths <= 1023) /* 10.2.5.4 */
		tell(ctx, out, TEXT("lldp.watts"),
		     fact_format(out, "%s %u.%u", kind >> 6 == 0 ? "gives" : "takes", tenths / 10,
				 tenths % 10));
}

static int read_med(const struct decode_context *ctx, uint8_t subtype, struct wire w, struct fact_list *out)
{
	static const char *const classes[] = {"endpoint", "media endpoint", "communication device",
					      "network connectivity"};
	static const struct text inventory[] = {
		TEXT("lldp.hardware"), TEXT("lldp.firmware"), TEXT("lldp.software"), TEXT("lldp.serial"),
		TEXT("lldp.maker"),    TEXT("lldp.model"),    TEXT("lldp.asset")};
	uint8_t first;

	if (subtype >= MED_HARDWARE && subtype <= MED_ASSET) {
		struct text text = text_trim(wire_rest(&w));

		if (is_written(text))
			tell(ctx, out, inventory[subtype - MED_HARDWARE], text);
		return 0;
	}
	switch (subtype) {
	case MED_CAPABILITIES:
		wire_skip(&w, 2);
		first = wire_u8(&w);
		if (!w.bad && first >= 1 && first <= 4)
			tell(ctx, out, TEXT("lldp.class"),
			     (struct text){classes[first - 1], strlen(classes[first - 1])});
		break;
	case MED_POLICY:
		first = wire_u8(&w);
		uint32_t bits = (uint32_t)wire_u8(&w) << 16;

		bits |= wire_u16(&w);
		if (!w.bad)
			read_policy(ctx, first, bits, out);
		break;
	case MED_LOCATION:
		return read_location(ctx, w, out);
	case MED_POWER:
		first = wire_u8(&w);
		uint16_t tenths = wire_u16(&w);

		if (!w.bad)
			read_med_power(ctx, first, tenths, out);
		break;
	}
	return w.bad ? -EBADMSG : 0;
}

/* IEC 61158-6-10: the least that each holds, by its subtype. */
static int read_profinet(uint8_t subtype, struct wire w)
{
	static const uint8_t least[] = {0, 20, 4, 1, 18, 6};

	return subtype < sizeof(least) && w.left < least[subtype] ? -EBADMSG : 0;
}

int lldp_organisation(const struct decode_context *ctx, struct wire w, struct lldp_added *added,
		      struct fact_list *out)
{
	uint32_t head = wire_u32(&w);
	uint8_t subtype = (uint8_t)head;

	if (w.bad)
		return -EBADMSG;
	switch (head >> 8) {
	case OUI_8021:
		return read_8021(ctx, subtype, w, added, out);
	case OUI_8023:
		return read_8023(ctx, subtype, w, out);
	case OUI_MED:
		return read_med(ctx, subtype, w, out);
	case OUI_PROFINET:
		return read_profinet(subtype, w);
	}
	return 0;
}
