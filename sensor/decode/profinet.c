// SPDX-License-Identifier: BSD-2-Clause
/*
 * PROFINET DCP (IEC 61158-6-10, 4.3): what a station of a machine's network says of itself when it is asked, or starts: its name, its maker's
 * numbers, its part, its address. What it is told to be (a request to set) is no fact.
 */
#include <errno.h>

#include "sensor/decode/tell.h"

enum { FRAME_HELLO = 0xfefc, FRAME_GET_SET = 0xfefd, FRAME_IDENTIFY = 0xfefe, FRAME_IDENTIFIED = 0xfeff };
enum { SERVICE_GET = 3, SERVICE_IDENTIFY = 5, SERVICE_HELLO = 6, TYPE_REQUEST = 0, TYPE_SUCCESS = 1 };
enum { OPTION_IP = 1, OPTION_DEVICE = 2, IP_PARAMETERS = 2, IP_SET = 1, IP_BY_DHCP = 2, IP_CONFLICT = 0x80 };
enum { DEVICE_STATION = 1, DEVICE_NAME = 2, DEVICE_ID = 3, DEVICE_ROLE = 4 };

static void say_role(const struct decode_context *ctx, uint8_t role, struct fact_list *out)
{
	static const char *const names[] = {"IO device", "IO controller", "multidevice", "supervisor"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (role & 1u << i)
			tell_trait(out, ctx, SOURCE_PROFINET, TEXT("profinet.role"),
				   fact_format(out, "%s", names[i]));
}

static int read_device(const struct decode_context *ctx, uint8_t suboption, struct wire w,
		       struct fact_list *out)
{
	uint16_t maker, device;

	switch (suboption) {
	case DEVICE_STATION:
		tell_trait(out, ctx, SOURCE_PROFINET, TEXT("profinet.station"), wire_rest(&w));
		break;
	case DEVICE_NAME:
		tell_own_name(out, ctx, SOURCE_PROFINET, TEXT("hostname"), wire_rest(&w));
		break;
	case DEVICE_ID:
		maker = wire_u16(&w);
		device = wire_u16(&w);
		if (!w.bad)
			tell_trait(out, ctx, SOURCE_PROFINET, TEXT("profinet.device_id"),
				   fact_format(out, "%04x:%04x", maker, device));
		break;
	case DEVICE_ROLE:
		say_role(ctx, wire_u8(&w), out);
		break;
	}
	return w.bad ? -EBADMSG : 0;
}

static int read_ip(const struct decode_context *ctx, uint16_t info, struct wire w, struct fact_list *out)
{
	struct ip ip = wire_ip4(&w);

	wire_skip(&w, 8); /* its mask, its router */
	if (w.bad)
		return -EBADMSG;
	if (info == IP_SET || info == IP_BY_DHCP) /* with IP_CONFLICT another has it too */
		tell_address(out, ctx, SOURCE_PROFINET, &ctx->mac_src, &ip);
	return 0;
}

/* Option, suboption, length; of answers two bytes more; padding to an even length. */
static int read_blocks(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	while (w.left) {
		uint8_t option = wire_u8(&w), suboption = wire_u8(&w);
		uint16_t length = wire_u16(&w), info;
		struct wire block = wire_nested(&w, length);
		int error = 0;

		if (length & 1)
			wire_skip(&w, 1);
		info = wire_u16(&block);
		if (w.bad || block.bad)
			return -EBADMSG;
		if (option == OPTION_DEVICE)
			error = read_device(ctx, suboption, block, out);
		else if (option == OPTION_IP && suboption == IP_PARAMETERS)
			error = read_ip(ctx, info, block, out);
		if (error)
			return error;
	}
	return 0;
}

int decode_profinet(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	uint16_t frame = wire_u16(&w);
	uint8_t service, type;
	bool answers;

	if (frame < FRAME_HELLO || frame > FRAME_IDENTIFIED)
		return 0;
	service = wire_u8(&w);
	type = wire_u8(&w);
	wire_skip(&w, 6); /* which question it answers, for how long it may wait */
	w = wire_nested(&w, wire_u16(&w));
	if (w.bad || mac_is_zero(&ctx->mac_src) || mac_is_group(&ctx->mac_src))
		return -EBADMSG;
	answers = (frame == FRAME_IDENTIFIED && service == SERVICE_IDENTIFY && type == TYPE_SUCCESS) ||
		  (frame == FRAME_GET_SET && service == SERVICE_GET && type == TYPE_SUCCESS) ||
		  (frame == FRAME_HELLO && service == SERVICE_HELLO && type == TYPE_REQUEST);
	return answers ? read_blocks(ctx, w, out) : 0;
}
