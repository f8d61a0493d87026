// SPDX-License-Identifier: BSD-2-Clause
/*
 * TP-Link's smart home. Kasa (UDP 9999): JSON, each byte XORed with the one before it as sent, the first with 171
 * (https://www.softscheck.com/en/blog/tp-link-reverse-engineering/); what a device answers to get_sysinfo. Where it stands on the earth is read
 * over. Newer ones (Tapo, UDP 20002): a header with a checksum, and JSON in clear.
 */
#include <errno.h>

#include "sensor/decode/crc32.h"
#include "sensor/decode/json.h"
#include "sensor/decode/tell.h"

enum { KASA_PORT = 9999, TAPO_PORT = 20002, FIRST_KEY = 171, JSON_BYTES_MAX = 8192 };
enum { TAPO_VERSION = 2, TAPO_HEADER_BYTES = 16, TAPO_SUM_AT = 12 };
#define TAPO_SUM_SEED 0x5a6b7c8du /* stands where the checksum goes while it is made */

struct device {
	struct text model, type, alias, firmware, hardware, mac, ip;
};

static void keep(struct text *where, const struct json_member *member)
{
	if (member->string && !where->length)
		*where = member->value;
}

/* {"system":{"get_sysinfo":{…}}} */
static void kasa_member(void *to, const struct json_member *member)
{
	struct device *device = to;

	if (member->depth != 3)
		return;
	if (json_is(member, "model"))
		keep(&device->model, member);
	else if (json_is(member, "type") || json_is(member, "mic_type"))
		keep(&device->type, member);
	else if (json_is(member, "alias"))
		keep(&device->alias, member);
	else if (json_is(member, "sw_ver"))
		keep(&device->firmware, member);
	else if (json_is(member, "hw_ver"))
		keep(&device->hardware, member);
	else if (json_is(member, "mac"))
		keep(&device->mac, member);
}

/* {"result":{…},"error_code":0} */
static void tapo_member(void *to, const struct json_member *member)
{
	struct device *device = to;

	if (member->depth != 2)
		return;
	if (json_is(member, "device_model"))
		keep(&device->model, member);
	else if (json_is(member, "device_type"))
		keep(&device->type, member);
	else if (json_is(member, "mac"))
		keep(&device->mac, member);
	else if (json_is(member, "ip"))
		keep(&device->ip, member);
}

/* 50:C7:BF:01:02:03, or with dashes; any other writing says nothing. */
static void say_mac(const struct decode_context *ctx, struct text text, struct fact_list *out)
{
	char line[18];
	struct mac mac;

	if (text.length != sizeof(line) - 1)
		return;
	for (size_t i = 0; i < text.length; i++)
		line[i] = text.bytes[i] == '-' ? ':' : text.bytes[i];
	line[text.length] = 0;
	if (mac_parse(line, &mac) == 0)
		tell_own_address(out, ctx, SOURCE_KASA, &mac, &ctx->ip_src);
}

static void say_device(const struct decode_context *ctx, const struct device *device, struct fact_list *out)
{
	tell_own_name(out, ctx, SOURCE_KASA, TEXT("instance"), device->alias);
	tell_trait(out, ctx, SOURCE_KASA, TEXT("kasa.model"), device->model);
	tell_trait(out, ctx, SOURCE_KASA, TEXT("kasa.type"), device->type);
	tell_trait(out, ctx, SOURCE_KASA, TEXT("kasa.firmware"), device->firmware);
	tell_trait(out, ctx, SOURCE_KASA, TEXT("kasa.hardware"), device->hardware);
	say_mac(ctx, device->mac, out);
}

int decode_kasa(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct device device = {};
	uint8_t key = FIRST_KEY;
	size_t length = w.left;
	char *json;

	if (ctx->port_src != KASA_PORT)
		return 0;
	if (ctx->cut)
		return 0;
	/* What does not begin with '{' is something else's at that port. */
	if (length < 2 || length > JSON_BYTES_MAX || (w.at[0] ^ FIRST_KEY) != '{')
		return 0;
	json = fact_room(out, length);
	for (size_t i = 0; json && i < length; i++) {
		json[i] = (char)(w.at[i] ^ key);
		key = w.at[i];
	}
	if (!json || json_walk((struct text){json, length}, kasa_member, &device))
		return -EBADMSG;
	if (!device.model.length)
		return 0;
	tell_service(out, ctx, SOURCE_KASA, KASA_PORT, TEXT("kasa"));
	say_device(ctx, &device, out);
	return 0;
}

static bool sum_is_right(struct wire w)
{
	static const uint8_t seed[4] = {TAPO_SUM_SEED >> 24, TAPO_SUM_SEED >> 16 & 255,
					TAPO_SUM_SEED >> 8 & 255, TAPO_SUM_SEED & 255};
	uint32_t sum = crc32_of(0, w.at, TAPO_SUM_AT), told;

	sum = crc32_of(sum, seed, sizeof(seed));
	sum = crc32_of(sum, w.at + TAPO_HEADER_BYTES, w.left - TAPO_HEADER_BYTES);
	wire_skip(&w, TAPO_SUM_AT);
	told = wire_u32(&w);
	return crc32_is(sum, told);
}

int decode_tapo(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct device device = {};
	char line[ADDR_TEXT_MAX];
	struct wire whole = w;
	uint16_t length;
	struct ip ip;

	if (ctx->port_src != TAPO_PORT || ctx->cut)
		return 0;
	wire_skip(&w, 4); /* version, type, operation */
	length = wire_u16(&w);
	wire_skip(&w, TAPO_HEADER_BYTES - 6);
	if (w.bad || whole.at[0] != TAPO_VERSION || length != w.left) /* something else's */
		return 0;
	if (!sum_is_right(whole) || json_walk(wire_rest(&w), tapo_member, &device))
		return -EBADMSG;
	if (!device.model.length || device.ip.length >= sizeof(line))
		return 0;
	memcpy(line, device.ip.bytes ? device.ip.bytes : "", device.ip.length);
	line[device.ip.length] = 0;
	if (ip_parse(line, &ip) || !ip_equal(&ip, &ctx->ip_src)) /* of whom else it speaks is not known */
		return 0;
	tell_service(out, ctx, SOURCE_KASA, TAPO_PORT, TEXT("tapo"));
	say_device(ctx, &device, out);
	return 0;
}
