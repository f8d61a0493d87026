// SPDX-License-Identifier: BSD-2-Clause
/* Queues, tunnels, names and home automation over TCP. One row each, pure. */
#include <stdio.h>
#include <string.h>

#include "sensor/ask/http.h"
#include "sensor/ask/tcp.h"
#include "sensor/ask/tcp_row.h"
#include "sensor/ask/udp.h"
#include "sensor/wire.h"

enum { ANSWER_BYTES_MAX = 8192, VALUE_BYTES_MAX = 128 };

enum { MQTT_TEXT = 3, MQTT_ALIVE = 13 }; /* PUBLISH, PINGRESP */
static const char mqtt_topic[] = "$SYS/broker/version";

/* MQTT 3.1.1, 3.1: a clean session under a name that nobody else has. CONNACK says yes or why not. Who lets us in is asked for the version that
 * Mosquitto keeps for everyone to read (3.8), and for a sign of life (3.12) that comes after whatever there is to be told. */
static size_t mqtt_ask(ASK_ARGUMENTS)
{
	static const uint8_t head[12] = {0x10, 0, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 10};
	char request[64] = {};
	int id;

	if (step == 1)
		return ask_bytes(out, size, "\x82\x18\0\1\0\x13$SYS/broker/version\0\xc0\0", 28);
	if (step)
		return 0;
	memcpy(request, head, sizeof(head));
	id = snprintf(request + 14, sizeof(request) - 14, "netvisor%08x", (unsigned int)context->nonce);
	request[13] = (char)id;
	request[1] = (char)(12 + id);
	return ask_bytes(out, size, request, 14 + (size_t)id);
}

/* The packets after that: the subscription is answered, the text comes (3.3) if there is one, the sign of life ends it. */
static enum dialogue_verdict mqtt_told(const uint8_t *bytes, size_t length, bool ended, const struct say *say)
{
	struct wire wire = wire_over(bytes, length);
	struct text version = {};

	while (wire.left >= 2) {
		uint8_t kind = wire_u8(&wire) >> 4;
		struct wire packet =
			wire_nested(&wire, wire_u8(&wire)); /* what was asked for is shorter than 128 bytes */
		const uint8_t *topic;

		if (packet.bad)
			break;
		if (kind == MQTT_ALIVE) {
			ended = true;
			break;
		}
		if (kind != MQTT_TEXT || wire_u16(&packet) != sizeof(mqtt_topic) - 1)
			continue;
		topic = wire_bytes(&packet, sizeof(mqtt_topic) - 1);
		if (topic && !memcmp(topic, mqtt_topic, sizeof(mqtt_topic) - 1))
			version = wire_rest(&packet);
	}
	if (!ended)
		return DIALOGUE_MORE;
	say_trait(say, "mqtt.broker", version);
	return DIALOGUE_DONE;
}

static enum dialogue_verdict mqtt(ANSWER_ARGUMENTS)
{
	static const char *const said[] = {"accepted",	  "version refused", "name refused",
					   "unavailable", "bad credentials", "not authorized"};

	(void)context;
	if (step)
		return mqtt_told(bytes, length, ended, say);
	if (length < 4)
		return bytes[0] == 0x20 ? more(ended) : DIALOGUE_FOREIGN;
	if (bytes[0] != 0x20 || bytes[1] != 2 || bytes[2] > 1 || bytes[3] >= sizeof(said) / sizeof(said[0]))
		return DIALOGUE_FOREIGN;
	say_trait(say, "mqtt.connect", (struct text){said[bytes[3]], strlen(said[bytes[3]])});
	return bytes[3] ? DIALOGUE_DONE : DIALOGUE_AGAIN;
}

/* AMQP 0-9-1, 4.2.2 and 1.4.2.1: Connection.Start tells product and version in a table of long strings. */
static size_t amqp_ask(ASK_ARGUMENTS)
{
	(void)context;
	return step ? 0 : ask_bytes(out, size, "AMQP\0\0\x09\1", 8);
}

static void amqp_property(const struct say *say, const char *key, const char *name, const uint8_t *bytes,
			  size_t length)
{
	size_t name_length = strlen(name);

	for (size_t i = 0; i + 1 + name_length + 5 < length; i++) {
		struct wire wire = wire_over(bytes + i + 1 + name_length + 1, length - i - 2 - name_length),
			    value;

		if (bytes[i] != name_length || memcmp(bytes + i + 1, name, name_length) != 0 ||
		    bytes[i + 1 + name_length] != 'S')
			continue;
		value = wire_nested(&wire, wire_u32(&wire));
		if (!value.bad && value.left <= VALUE_BYTES_MAX)
			say_trait(say, key, wire_rest(&value));
		return;
	}
}

static enum dialogue_verdict amqp(ANSWER_ARGUMENTS)
{
	struct wire wire = wire_over(bytes, length);
	uint32_t size;

	(void)context, (void)step;
	if (!memcmp(bytes, "AMQP", length < 4 ? length : 4)) /* another version is offered */
		return length >= 8 ? DIALOGUE_DONE : more(ended);
	if (bytes[0] != 1)
		return DIALOGUE_FOREIGN;
	wire_skip(&wire, 3); /* method frame, channel 0 */
	size = wire_u32(&wire);
	if (wire_u32(&wire) != 0x000a000a && !wire.bad)
		return DIALOGUE_FOREIGN;
	if (wire.bad || (length < ANSWER_BYTES_MAX && length < size + 8))
		return more(ended);
	amqp_property(say, "amqp.product", "product", bytes, length);
	amqp_property(say, "amqp.version", "version", bytes, length);
	return DIALOGUE_DONE;
}

/* RFC 1928, 3 */
static size_t socks_ask(ASK_ARGUMENTS)
{
	(void)context;
	return step ? 0 : ask_bytes(out, size, "\5\1\0", 3);
}

static enum dialogue_verdict socks(ANSWER_ARGUMENTS)
{
	(void)context, (void)step;
	if (length < 2)
		return bytes[0] == 5 ? more(ended) : DIALOGUE_FOREIGN;
	if (length != 2 || bytes[0] != 5 || (bytes[1] > 2 && bytes[1] != 0xff))
		return DIALOGUE_FOREIGN;
	say_trait(say, "socks.open", bytes[1] == 0 ? TEXT("true") : TEXT("false"));
	return DIALOGUE_DONE;
}

/* RFC 2637, 2.1 */
static size_t pptp_ask(ASK_ARGUMENTS)
{
	uint8_t request[156] = {[1] = 156, [3] = 1, 0x1a, 0x2b, 0x3c, 0x4d, 0, 1, 0, 0, 1,
				0,	   0,	    0,	  0,	0,    1,    0, 0, 0, 1};

	(void)context;
	return step ? 0 : ask_bytes(out, size, request, sizeof(request));
}

static enum dialogue_verdict pptp(ANSWER_ARGUMENTS)
{
	(void)context, (void)step;
	if (length < 156)
		return bytes[0] == 0 && (length < 2 || bytes[1] == 156) ? more(ended) : DIALOGUE_FOREIGN;
	if (memcmp(bytes + 4, "\x1a\x2b\x3c\x4d\0\2", 6) != 0)
		return DIALOGUE_FOREIGN;
	say_trait(say, "pptp.hostname",
		  (struct text){(const char *)bytes + 28, strnlen((const char *)bytes + 28, 64)});
	say_trait(say, "pptp.vendor",
		  (struct text){(const char *)bytes + 92, strnlen((const char *)bytes + 92, 64)});
	return DIALOGUE_DONE;
}

/* RFC 1035, 4.2.2: what is asked by UDP (udp_dns.c), one question after another, each with its length before it. */
static size_t dns_ask(ASK_ARGUMENTS)
{
	size_t length = size > 2 ? udp_dns.request(context, step, out + 2, size - 2) : 0;

	if (!length)
		return 0;
	out[0] = (uint8_t)(length >> 8);
	out[1] = (uint8_t)length;
	return length + 2;
}

static enum dialogue_verdict dns(ANSWER_ARGUMENTS)
{
	size_t whole = length < 2 ? 2 : 2 + (size_t)(bytes[0] << 8 | bytes[1]);

	if (length < whole)
		return more(ended);
	return udp_dns.answer(context, step, bytes + 2, whole - 2, ended, say);
}

/* https://tomcat.apache.org/connectors-doc/ajp/ajpv13ext.html: CPing, CPong */
static size_t ajp_ask(ASK_ARGUMENTS)
{
	(void)context;
	return step ? 0 : ask_bytes(out, size, "\x12\x34\0\1\x0a", 5);
}

static enum dialogue_verdict ajp(ANSWER_ARGUMENTS)
{
	(void)context, (void)step, (void)say;
	if (length < 5)
		return bytes[0] == 'A' ? more(ended) : DIALOGUE_FOREIGN;
	return !memcmp(bytes, "AB\0\1\x09", 5) ? DIALOGUE_DONE : DIALOGUE_FOREIGN;
}

/* https://openvpn.net/community-docs/openvpn-protocol.html: hard reset of a client; the answer repeats our session in its ack. */
static size_t openvpn_ask(ASK_ARGUMENTS)
{
	uint8_t request[16] = {0, 14, 0x38};

	memcpy(request + 3, &context->nonce, 8);
	return step ? 0 : ask_bytes(out, size, request, sizeof(request));
}

static enum dialogue_verdict openvpn(ANSWER_ARGUMENTS)
{
	(void)step, (void)say;
	if (length < 24)
		return bytes[0] == 0 && (length < 3 || bytes[2] == 0x40) ? more(ended) : DIALOGUE_FOREIGN;
	return bytes[2] == 0x40 && !memcmp(bytes + 16, &context->nonce, 8) ? DIALOGUE_DONE : DIALOGUE_FOREIGN;
}

/* https://esphome.io/components/api: an empty hello. Either it is answered, or encryption is said to be needed. */
static size_t esphome_ask(ASK_ARGUMENTS)
{
	(void)context;
	return step ? 0 : ask_bytes(out, size, "\0\0\1", 3);
}

static enum dialogue_verdict esphome(ANSWER_ARGUMENTS)
{
	(void)context, (void)step, (void)say;
	if (length < 3)
		return bytes[0] <= 1 ? more(ended) : DIALOGUE_FOREIGN;
	return (bytes[0] == 0 && bytes[2] == 2) || (bytes[0] == 1 && bytes[1] == 0) ? DIALOGUE_DONE
										    : DIALOGUE_FOREIGN;
}

static const struct dialogue rows[] = {
	{.name = "mqtt", .anywhere = true, .port_h = {1883}, .request = mqtt_ask, .answer = mqtt},
	{.name = "amqp", .loose = true, .port_h = {5672}, .request = amqp_ask, .answer = amqp},
	{.name = "socks", .anywhere = true, .port_h = {1080, 9050}, .request = socks_ask, .answer = socks},
	{.name = "pptp", .port_h = {1723}, .request = pptp_ask, .answer = pptp},
	{.name = "dns", .anywhere = true, .patient = true, .port_h = {53}, .request = dns_ask, .answer = dns},
	{.name = "ajp", .port_h = {8009}, .request = ajp_ask, .answer = ajp},
	{.name = "openvpn", .port_h = {1194}, .request = openvpn_ask, .answer = openvpn},
	{.name = "esphome", .port_h = {6053}, .request = esphome_ask, .answer = esphome},
};

const struct dialogue *tcp_message_rows(size_t *count)
{
	*count = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
