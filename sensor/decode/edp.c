// SPDX-License-Identifier: BSD-2-Clause
/*
 * EDP, Extreme's discovery protocol (as Wireshark and lldpd read it): who sits at the other end of the link, at which slot and port, and the VLANs
 * that it has there, with their names and its address in each.
 */
#include <errno.h>

#include "sensor/decode/tell.h"

enum { MARKER = 0x99, TLV_NULL = 0, TLV_DISPLAY = 1, TLV_INFO = 2, TLV_VLAN = 5, TLV_HEAD_BYTES = 4 };
enum { HEAD_BYTES = 16 };

struct frame {
	struct text name, port, version;
	struct ip_list *management;
};

static void read_info(struct wire w, struct frame *frame, struct fact_list *out)
{
	unsigned int slot = wire_u16(&w), port = wire_u16(&w);
	uint32_t version;

	wire_skip(&w, 2 + 6); /* virtual chassis, reserved */
	version = wire_u32(&w);
	if (w.bad)
		return;
	frame->port = fact_format(out, "%u/%u", slot + 1, port + 1);
	frame->version = fact_format(out, "%u.%u.%u.%u", version >> 24, version >> 16 & 255, version >> 8 & 255,
				     version & 255);
}

static void add_address(struct frame *frame, const struct ip *ip, struct fact_list *out)
{
	if (ip_is_unspecified(ip) || ip_is_multicast(ip))
		return;
	if (!frame->management) {
		frame->management = fact_room(out, sizeof(*frame->management));
		if (!frame->management)
			return;
		frame->management->count = 0;
	}
	if (frame->management->count < FACT_LIST_MAX)
		frame->management->item[frame->management->count++] = *ip;
	else
		out->dropped++;
}

static void read_vlan(const struct decode_context *ctx, struct wire w, struct frame *frame,
		      struct fact_list *out)
{
	uint16_t number;
	struct ip ip;
	struct text name;

	wire_skip(&w, 2); /* flags, reserved */
	number = wire_u16(&w);
	wire_skip(&w, 4);
	ip = wire_ip4(&w);
	if (w.bad)
		return;
	name = text_trim(wire_rest(&w));
	add_address(frame, &ip, out);
	if (name.length && number && number < 4095)
		tell_trait(out, ctx, SOURCE_EDP, TEXT("edp.vlan"),
			   fact_format(out, "%u %.*s", number, (int)name.length, name.bytes));
}

static int read_frame(const struct decode_context *ctx, struct wire w, struct frame *frame,
		      struct fact_list *out)
{
	while (w.left >= TLV_HEAD_BYTES) {
		uint8_t marker = wire_u8(&w), type = wire_u8(&w);
		uint16_t length = wire_u16(&w);
		struct wire value;

		if (marker != MARKER || length < TLV_HEAD_BYTES)
			return -EBADMSG;
		value = wire_nested(&w, length - TLV_HEAD_BYTES);
		if (value.bad)
			return -EBADMSG;
		if (type == TLV_NULL)
			return 0;
		if (type == TLV_DISPLAY)
			frame->name = text_trim(wire_rest(&value));
		else if (type == TLV_INFO)
			read_info(value, frame, out);
		else if (type == TLV_VLAN)
			read_vlan(ctx, value, frame, out);
	}
	return 0;
}

int decode_edp(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct wire body = w;
	struct frame frame = {};
	uint16_t length, id_kind;
	struct mac machine;
	struct text chassis;
	struct fact *fact;
	char line[ADDR_TEXT_MAX];

	if (wire_u8(&w) != 1) /* version */
		return -EBADMSG;
	wire_skip(&w, 1);
	length = wire_u16(&w);
	wire_skip(&w, 4); /* checksum, sequence number */
	id_kind = wire_u16(&w);
	machine = wire_mac(&w);
	body = wire_nested(&body, length);
	if (w.bad || body.bad || length < HEAD_BYTES || ctx->cut || id_kind != 0 || !wire_sum_right(body))
		return -EBADMSG;
	wire_skip(&body, HEAD_BYTES);
	if (read_frame(ctx, body, &frame, out))
		return -EBADMSG;
	if (!frame.port.length) /* VLANs go by in frames of their own */
		return 0;
	chassis = fact_format(out, "%s", mac_text(&machine, line));
	fact = fact_add(out, ctx, FACT_NEIGHBOR, SOURCE_EDP, CONFIDENCE_ANNOUNCED);
	FACT_SET(fact, mac, ctx->mac_src);
	FACT_SET(fact, chassis, chassis);
	FACT_SET(fact, port_id, frame.port);
	if (frame.name.length)
		FACT_SET(fact, system_name, frame.name);
	if (frame.management)
		FACT_SET(fact, management, frame.management);
	tell_own_name(out, ctx, SOURCE_EDP, TEXT("hostname"), frame.name);
	tell_trait(out, ctx, SOURCE_EDP, TEXT("edp.version"), frame.version);
	return 0;
}
