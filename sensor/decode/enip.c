// SPDX-License-Identifier: BSD-2-Clause
/*
 * EtherNet/IP's identity (ODVA, The CIP Networks Library volume 2: 2-3, 2-4.2): what a device answers to ListIdentity. Numbers are little endian, but for
 * the socket's address.
 */
#include "sensor/decode/enip.h"

#include <errno.h>
#include <stdio.h>

#include "sensor/decode/tell.h"

enum { ITEM_IDENTITY = 0x0c, SOCKET_BYTES = 16, ITEMS_MAX = 8 };

const char *const enip_keys[ENIP_TRAITS] = {"enip.vendor_id", "enip.device_type", "enip.product_code",
					    "enip.revision",  "enip.serial",	  "enip.product"};

static uint16_t little16(struct wire *w)
{
	uint16_t value = wire_u16(w);

	return (uint16_t)(value << 8 | value >> 8);
}

static int read_identity(struct wire w, struct enip_identity *out)
{
	struct wire socket;

	little16(&w); /* version */
	socket = wire_nested(&w, SOCKET_BYTES);
	wire_skip(&socket, 4); /* family, port */
	out->ip = wire_ip4(&socket);
	if (ip_is_unspecified(&out->ip))
		out->ip = (struct ip){};
	out->vendor = little16(&w);
	out->type = little16(&w);
	out->product = little16(&w);
	out->major = wire_u8(&w);
	out->minor = wire_u8(&w);
	wire_skip(&w, 2); /* status */
	out->serial = __builtin_bswap32(wire_u32(&w));
	out->name.length = wire_u8(&w);
	out->name.bytes = (const char *)wire_bytes(&w, out->name.length);
	wire_skip(&w, 1); /* state */
	return w.bad || w.left ? -EBADMSG : 0;
}

int enip_read(struct wire w, struct enip_identity *out)
{
	uint16_t command = little16(&w), length = little16(&w), count;
	uint32_t status;

	wire_skip(&w, 4); /* session */
	status = wire_u32(&w);
	wire_skip(&w, 12); /* the asker's, options */
	if (w.bad || command != ENIP_LIST_IDENTITY || status || length != w.left)
		return -EBADMSG;
	count = little16(&w);
	if (!count || count > ITEMS_MAX)
		return -EBADMSG;
	while (count--) {
		uint16_t type = little16(&w);
		struct wire item = wire_nested(&w, little16(&w));

		if (item.bad)
			return -EBADMSG;
		if (type == ITEM_IDENTITY)
			return read_identity(item, out);
	}
	return -EBADMSG;
}

struct text enip_text(const struct enip_identity *it, size_t number, char room[static ENIP_TEXT_BYTES])
{
	const unsigned int plain[] = {it->vendor, it->type, it->product};
	int length;

	if (number == 5)
		return it->name;
	if (number == 4)
		length = snprintf(room, ENIP_TEXT_BYTES, "%08x", it->serial);
	else if (number == 3)
		length = snprintf(room, ENIP_TEXT_BYTES, "%u.%u", it->major, it->minor);
	else
		length = snprintf(room, ENIP_TEXT_BYTES, "%u", plain[number]);
	return (struct text){room, (size_t)length};
}

int decode_enip(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct enip_identity identity = {};
	char room[ENIP_TEXT_BYTES];

	if (ctx->port_src != ENIP_PORT || ctx->cut)
		return 0;
	if (w.left < ENIP_HEADER_BYTES)
		return -EBADMSG;
	if (w.at[0] != ENIP_LIST_IDENTITY || w.at[1])
		return 0;
	if (w.left == ENIP_HEADER_BYTES) /* a question */
		return 0;
	if (enip_read(w, &identity))
		return -EBADMSG;
	if (identity.ip.version && !ip_equal(&identity.ip, &ctx->ip_src))
		return 0;
	tell_service(out, ctx, SOURCE_ENIP, ENIP_PORT, TEXT("ethernet-ip"));
	for (size_t i = 0; i < ENIP_TRAITS; i++) {
		struct text value = enip_text(&identity, i, room);

		tell_port_trait(out, ctx, SOURCE_ENIP, ENIP_PORT,
				(struct text){enip_keys[i], strlen(enip_keys[i])},
				fact_text(out, value.bytes, value.length));
	}
	return 0;
}
