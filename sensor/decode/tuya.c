// SPDX-License-Identifier: BSD-2-Clause
/*
 * Tuya's beacons (UDP 6666 in clear, 6667 encrypted with a key that is the same for all and published; https://github.com/jasonacox/tinytuya): a
 * frame with a checksum around JSON that says which device it is. Apps that search send other commands, and are no devices.
 */
#include <errno.h>

#include "sensor/decode/cipher.h"
#include "sensor/decode/crc32.h"
#include "sensor/decode/json.h"
#include "sensor/decode/tell.h"

enum { START = 0x000055aa, END = 0x0000aa55, CLEAR_PORT = 6666, SECRET_PORT = 6667 };
enum { BEACON_CLEAR = 0, BEACON_SECRET = 0x13, HEADER_BYTES = 16, TRAILER_BYTES = 8, JSON_BYTES_MAX = 1024 };

/* MD5 of "yGAdlopoPVldABfn". */
static const uint8_t common_key[CIPHER_KEY_BYTES] = {0x6c, 0x1e, 0xc8, 0xe2, 0xbb, 0x9b, 0xb5, 0x9a,
						     0xb5, 0x0b, 0x0d, 0xaf, 0x64, 0x9b, 0x41, 0x0a};

struct device {
	struct text id, ip, product, version;
};

static void member(void *to, const struct json_member *m)
{
	struct device *device = to;

	if (m->depth != 1 || !m->string)
		return;
	if (json_is(m, "gwId"))
		device->id = m->value;
	else if (json_is(m, "ip"))
		device->ip = m->value;
	else if (json_is(m, "productKey"))
		device->product = m->value;
	else if (json_is(m, "version"))
		device->version = m->value;
}

/* The frame's content, behind the return code that devices put first; bad when the frame is not sound. */
static struct wire open_frame(struct wire w, uint32_t *command)
{
	struct wire whole = w, content;
	uint32_t length, sum;

	if (wire_u32(&w) != START)
		w.bad = true;
	wire_skip(&w, 4);
	*command = wire_u32(&w);
	length = wire_u32(&w);
	if (w.bad || length != w.left || length < TRAILER_BYTES + 4) {
		w.bad = true;
		return w;
	}
	content = wire_nested(&w, length - TRAILER_BYTES);
	sum = wire_u32(&w);
	if (wire_u32(&w) != END || !crc32_is(crc32_of(0, whole.at, whole.left - TRAILER_BYTES), sum))
		content.bad = true;
	wire_skip(&content, 4);
	return content;
}

/* In clear, or made clear; the padding says how long it is (PKCS 7). */
static struct text clear_text(struct wire content, uint32_t command, struct fact_list *out)
{
	size_t length = content.left;
	uint8_t *room;

	if (command == BEACON_CLEAR)
		return wire_rest(&content);
	if (!length || length > JSON_BYTES_MAX || length % CIPHER_BLOCK_BYTES)
		return (struct text){"", 0};
	room = fact_room(out, length);
	if (!room || cipher_open_ecb(common_key, content.at, length, room) || !room[length - 1] ||
	    room[length - 1] > CIPHER_BLOCK_BYTES)
		return (struct text){"", 0};
	return (struct text){(const char *)room, length - room[length - 1]};
}

static bool is_senders(const struct decode_context *ctx, struct text text)
{
	char line[ADDR_TEXT_MAX];
	struct ip ip;

	if (!text.length || text.length >= sizeof(line))
		return false;
	memcpy(line, text.bytes, text.length);
	line[text.length] = 0;
	return ip_parse(line, &ip) == 0 && ip_equal(&ip, &ctx->ip_src);
}

int decode_tuya(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct device device = {};
	uint32_t command;
	struct wire content;

	if ((ctx->port_dst != CLEAR_PORT && ctx->port_dst != SECRET_PORT) || ctx->cut)
		return 0;
	if (w.left < HEADER_BYTES || memcmp(w.at, "\0\0\x55\xaa", 4) != 0) /* something else's at that port */
		return 0;
	content = open_frame(w, &command);
	if (content.bad)
		return -EBADMSG;
	if (command != BEACON_CLEAR && command != BEACON_SECRET)
		return 0;
	if (json_walk(clear_text(content, command, out), member, &device))
		return -EBADMSG;
	if (!device.id.length || !is_senders(ctx, device.ip))
		return 0;
	tell_trait(out, ctx, SOURCE_TUYA, TEXT("tuya.id"), device.id);
	tell_trait(out, ctx, SOURCE_TUYA, TEXT("tuya.product"), device.product);
	tell_trait(out, ctx, SOURCE_TUYA, TEXT("tuya.version"), device.version);
	return 0;
}
