// SPDX-License-Identifier: BSD-2-Clause
/*
 * What Cisco's switches agree on over a trunk, as Cisco documents it and Wireshark reads it: VTP (which VLANs there are, and their names) and DTP
 * (whether the link is a trunk).
 */
#include <errno.h>
#include <string.h>

#include "sensor/decode/tell.h"

enum { VTP_SUMMARY = 1, VTP_SUBSET = 2, VTP_REQUEST = 3, VTP_JOIN = 4, DOMAIN_BYTES = 32 };
enum { VLAN_HEAD_BYTES = 12, VLAN_ETHERNET = 1 };
enum { DTP_DOMAIN = 1, DTP_STATUS = 2, DTP_TYPE = 3, DTP_HEAD_BYTES = 4 };

/* A VLAN's length (this byte included), status, type, length of its name, number, MTU, 802.10 index; then the name. */
static int read_vlans(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	while (w.left) {
		uint8_t length = w.at[0];
		struct wire one = wire_nested(&w, length);
		uint8_t type, name_length;
		uint16_t number;
		struct text name;

		wire_skip(&one, 2);
		type = wire_u8(&one);
		name_length = wire_u8(&one);
		number = wire_u16(&one);
		wire_skip(&one, VLAN_HEAD_BYTES - 6);
		one = wire_nested(&one, name_length);
		if (length < VLAN_HEAD_BYTES || one.bad)
			return -EBADMSG;
		name = text_trim(wire_rest(&one));
		if (type == VLAN_ETHERNET && name.length && number)
			tell_trait(out, ctx, SOURCE_VTP, TEXT("vtp.vlan"),
				   fact_format(out, "%u %.*s", number, (int)name.length, name.bytes));
	}
	return 0;
}

int decode_vtp(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	uint8_t version = wire_u8(&w), code = wire_u8(&w), domain_length;
	struct text domain;
	struct wire padded;
	struct ip updater;

	wire_skip(&w, 1); /* how many subsets follow, or which one it is */
	domain_length = wire_u8(&w);
	padded = wire_nested(&w, DOMAIN_BYTES);
	if (w.bad || version < 1 || version > 3 || code < VTP_SUMMARY || code > VTP_JOIN ||
	    domain_length > DOMAIN_BYTES)
		return -EBADMSG;
	padded = wire_nested(&padded, domain_length);
	domain = wire_rest(&padded);
	if (code == VTP_SUMMARY) {
		wire_skip(&w, 4); /* revision */
		updater = wire_ip4(&w);
		wire_skip(&w, 12 + 16); /* when, and a digest */
		if (w.bad)
			return -EBADMSG;
		if (version < 3 && !ip_is_unspecified(&updater)) {
			char line[ADDR_TEXT_MAX];

			tell_trait(out, ctx, SOURCE_VTP, TEXT("vtp.updater"),
				   fact_format(out, "%s", ip_text(&updater, line)));
		}
	} else if (code == VTP_SUBSET && version < 3) {
		wire_skip(&w, 4);
		if (w.bad || ctx->cut || read_vlans(ctx, w, out))
			return -EBADMSG;
	}
	tell_trait(out, ctx, SOURCE_VTP, TEXT("vtp.domain"), domain);
	return 0;
}

static void say_status(const struct decode_context *ctx, uint8_t status, struct fact_list *out)
{
	static const char *const wishes[] = {NULL, "on", "off", "desirable", "auto"};
	const char *wish = (status & 7) < 5 ? wishes[status & 7] : NULL;

	if (wish)
		tell_trait(out, ctx, SOURCE_DTP, TEXT("dtp.status"),
			   fact_format(out, "%s, %s", status & 0x80 ? "trunk" : "access", wish));
}

static struct text encapsulation(uint8_t type)
{
	switch (type >> 5) {
	case 1:
		return TEXT("native");
	case 2:
		return TEXT("ISL");
	case 5:
		return TEXT("802.1Q");
	}
	return (struct text){};
}

int decode_dtp(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	if (wire_u8(&w) != 1 || w.bad || ctx->cut) /* version */
		return -EBADMSG;
	while (w.left >= DTP_HEAD_BYTES) {
		uint16_t type = wire_u16(&w), length = wire_u16(&w);
		struct wire value;

		if (type == 0 && length == 0) /* padding */
			return 0;
		if (length < DTP_HEAD_BYTES)
			return -EBADMSG;
		value = wire_nested(&w, length - DTP_HEAD_BYTES);
		if (value.bad)
			return -EBADMSG;
		if (type == DTP_DOMAIN)
			tell_trait(out, ctx, SOURCE_DTP, TEXT("vtp.domain"), wire_rest(&value));
		else if (type == DTP_STATUS && value.left == 1)
			say_status(ctx, wire_u8(&value), out);
		else if (type == DTP_TYPE && value.left == 1)
			tell_trait(out, ctx, SOURCE_DTP, TEXT("dtp.encapsulation"),
				   encapsulation(wire_u8(&value)));
	}
	return 0;
}
