// SPDX-License-Identifier: BSD-2-Clause
/*
 * Ubiquiti's discovery (UDP 10001, versions 1 and 2): types with lengths, as an announcement to 233.89.188.1 or to all, or in answer to a question, which
 * is empty. The numbers are those that Wireshark's packet-ubdp.c names.
 */
#include <errno.h>

#include "sensor/decode/tell.h"

enum { UBIQUITI_PORT = 10001, INFO = 0, ANNOUNCE = 6 };
enum {
	MAC_AND_IP = 2,
	FIRMWARE = 3,
	NAME = 11,
	PLATFORM = 12,
	NETWORK = 13,
	MODEL = 20,
	MODEL_2 = 21,
	FIRMWARE_SHORT = 22,
};

static bool is_sound(struct wire w)
{
	while (w.left) {
		wire_skip(&w, 1);
		wire_skip(&w, wire_u16(&w));
	}
	return !w.bad;
}

static void say_address(const struct decode_context *ctx, struct wire value, struct fact_list *out)
{
	struct mac mac = wire_mac(&value);
	struct ip ip = wire_ip4(&value);

	if (!value.bad)
		tell_own_address(out, ctx, SOURCE_UBIQUITI, &mac, &ip);
}

static void say_one(const struct decode_context *ctx, uint8_t type, struct wire value, struct fact_list *out)
{
	switch (type) {
	case MAC_AND_IP:
		say_address(ctx, value, out);
		break;
	case NAME:
		tell_own_name(out, ctx, SOURCE_UBIQUITI, TEXT("hostname"), wire_rest(&value));
		break;
	case FIRMWARE:
	case FIRMWARE_SHORT:
		tell_trait(out, ctx, SOURCE_UBIQUITI, TEXT("ubiquiti.firmware"), wire_rest(&value));
		break;
	case PLATFORM:
	case MODEL:
	case MODEL_2:
		tell_trait(out, ctx, SOURCE_UBIQUITI, TEXT("ubiquiti.model"), wire_rest(&value));
		break;
	case NETWORK:
		tell_trait(out, ctx, SOURCE_UBIQUITI, TEXT("ubiquiti.essid"), wire_rest(&value));
		break;
	}
}

int decode_ubiquiti(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	uint8_t version = wire_u8(&w), command = wire_u8(&w);
	uint16_t length = wire_u16(&w);

	if (ctx->cut)
		return 0;
	if (w.bad || (version != 1 && version != 2) || length != w.left) /* something else's at that port */
		return 0;
	if (!is_sound(w))
		return -EBADMSG;
	/* Whoever asks (or wants a device to do something) is a tool, and no device. */
	if (!w.left || command != (version == 1 ? INFO : ANNOUNCE))
		return 0;
	if (ctx->port_src == UBIQUITI_PORT && !ip_is_multicast(&ctx->ip_dst))
		tell_service(out, ctx, SOURCE_UBIQUITI, UBIQUITI_PORT, TEXT("ubiquiti"));
	while (w.left) {
		uint8_t type = wire_u8(&w);

		say_one(ctx, type, wire_nested(&w, wire_u16(&w)), out);
	}
	return 0;
}
