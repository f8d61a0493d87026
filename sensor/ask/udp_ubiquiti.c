// SPDX-License-Identifier: BSD-2-Clause
/* What Ubiquiti device is it? Version 1 of the discovery on port 10001: an empty request, types with lengths in answer. */
#include "sensor/ask/put.h"
#include "sensor/ask/udp.h"
#include "sensor/wire.h"

enum { VERSION = 1, COMMAND = 0, MAC_AND_IP = 2, FIRMWARE = 3, NAME = 11, PRODUCT = 12, MODEL = 20 };

static size_t request(const struct dialogue_context *context, unsigned int step, uint8_t *out, size_t size)
{
	struct put p = put_to(out, size);

	(void)context;
	if (step > 0)
		return 0;
	put_u32(&p, VERSION << 24);
	return put_length(&p);
}

static void say_address(const struct say *say, struct wire value)
{
	struct fact fact = {.kind = FACT_ADDRESS, .confidence = CONFIDENCE_ANNOUNCED};
	struct mac mac = wire_mac(&value);
	struct ip ip = wire_ip4(&value);

	if (value.bad || mac_is_zero(&mac) || mac_is_group(&mac) || ip_is_unspecified(&ip) ||
	    ip_is_multicast(&ip))
		return;
	FACT_SET(&fact, mac, mac);
	FACT_SET(&fact, ip, ip);
	say_fact(say, &fact);
}

static enum dialogue_verdict answer(const struct dialogue_context *context, unsigned int step,
				    const uint8_t *bytes, size_t length, bool ended, const struct say *say)
{
	struct wire w = wire_over(bytes, length), check;
	uint8_t version = wire_u8(&w), command = wire_u8(&w);
	uint16_t size = wire_u16(&w);

	(void)context, (void)step, (void)ended;
	if (version != VERSION || command != COMMAND || size != w.left || !w.left)
		return DIALOGUE_FOREIGN;
	for (check = w; check.left;) {
		wire_skip(&check, 1);
		wire_skip(&check, wire_u16(&check));
	}
	if (check.bad)
		return DIALOGUE_FOREIGN;
	while (w.left) {
		uint8_t type = wire_u8(&w);
		size_t bytes_of_it = wire_u16(&w);
		struct wire value = wire_nested(&w, bytes_of_it);

		if (type == MAC_AND_IP)
			say_address(say, value);
		else if (type == NAME)
			say_name(say, "hostname", wire_rest(&value));
		else if (type == FIRMWARE)
			say_host_trait(say, "ubiquiti.firmware", wire_rest(&value));
		else if (type == PRODUCT || type == MODEL)
			say_host_trait(say, "ubiquiti.model", wire_rest(&value));
	}
	return DIALOGUE_DONE;
}

const struct dialogue udp_ubiquiti = {
	.name = "ubiquiti", .udp = true, .port_h = {10001}, .request = request, .answer = answer};
