// SPDX-License-Identifier: BSD-2-Clause
/*
 * Controllers of plants that say what they are to whoever asks: Modbus, S7, EtherNet/IP. Their identification comes a few messages after the
 * beginning, so a conversation is told when it was heard, or when no more of it will be.
 */
#include <stdio.h>
#include <string.h>

#include "sensor/decode/enip.h"
#include "sensor/heard/heard.h"

static uint32_t big16(const uint8_t *at)
{
	return (uint32_t)at[0] << 8 | at[1];
}

static enum heard_fit fits(bool it_does)
{
	return it_does ? HEARD_YES : HEARD_NO;
}

/* Text that a person may have written: printable, blanks and zeros at its end left out. Anything else is nothing. */
static struct text printable(struct wire w)
{
	struct text text = text_trim(wire_rest(&w));

	for (size_t i = 0; i < text.length; i++)
		if ((uint8_t)text.bytes[i] < ' ')
			return (struct text){"", 0};
	return text;
}

static void tell(const struct heard *h, const char *key, struct text value, struct fact_list *out)
{
	heard_trait(h, SOURCE_TCP, CONFIDENCE_ANNOUNCED, key, value, out);
}

/* ---- Modbus: https://www.modbus.org/specs.php, "Messaging on TCP/IP" 3.1.3; "Application Protocol" 6.21 ---- */

enum { MODBUS_INTERFACE = 0x2b, MODBUS_IDENTIFICATION = 0x0e };

static const char *const modbus_keys[] = {"modbus.vendor",     "modbus.product_code", "modbus.revision",
					  "modbus.url",	       "modbus.product",      "modbus.model",
					  "modbus.application"};

/* Number, protocol 0, length, unit, function. */
static bool modbus(const struct heard_end *end)
{
	const uint8_t *at = end->bytes;

	return !at[2] && !at[3] && !at[4] && at[5] >= 2 && at[5] + 6u <= end->length;
}

static enum heard_fit modbus_asks(const struct heard *h)
{
	const uint8_t *at = h->asks.bytes;

	if (h->asks.length < 8)
		return HEARD_MAYBE;
	return fits(modbus(&h->asks) && at[7] > 0 && at[7] <= 43 && (at[5] == 6 || at[7] > 6));
}

/* The next message's content, its number in *number; bad at the end, and where it is none. */
static struct wire modbus_next(struct wire *w, uint16_t *number)
{
	*number = wire_u16(w);
	if (wire_u16(w))
		w->bad = true;
	return wire_nested(w, wire_u16(w));
}

static bool modbus_was_asked(const struct heard *h, uint16_t number)
{
	struct wire w = wire_over(h->asks.bytes, h->asks.length);

	while (w.left) {
		uint16_t this;
		struct wire pdu = modbus_next(&w, &this);

		wire_skip(&pdu, 1);
		if (pdu.bad)
			return false;
		if (this == number)
			return wire_u16(&pdu) == (MODBUS_INTERFACE << 8 | MODBUS_IDENTIFICATION);
	}
	return false;
}

/* Objects with their lengths: all are there, or it is no identification. out NULL: only look. */
static bool modbus_objects(const struct heard *h, struct wire w, struct fact_list *out)
{
	uint8_t count;

	wire_skip(&w, 4); /* which kind, what is possible, whether more follows and from where */
	count = wire_u8(&w);
	while (count-- && !w.bad) {
		uint8_t id = wire_u8(&w);
		struct wire value = wire_nested(&w, wire_u8(&w));

		if (out && !value.bad && id < sizeof(modbus_keys) / sizeof(modbus_keys[0]))
			tell(h, modbus_keys[id], printable(value), out);
	}
	return !w.bad && !w.left;
}

/* Whether one of the answers is an identification that was asked for; what it says goes to out, if that is not NULL. */
static bool modbus_identifies(const struct heard *h, struct fact_list *out)
{
	struct wire w = wire_over(h->says.bytes, h->says.length);
	bool found = false;

	while (w.left) {
		uint16_t number;
		struct wire pdu = modbus_next(&w, &number);

		wire_skip(&pdu, 1); /* the unit */
		if (wire_u8(&pdu) != MODBUS_INTERFACE || pdu.bad)
			continue;
		if (wire_u8(&pdu) != MODBUS_IDENTIFICATION || !modbus_was_asked(h, number) ||
		    !modbus_objects(h, pdu, NULL))
			continue;
		found = true;
		if (out)
			modbus_objects(h, pdu, out);
	}
	return found;
}

/* The same number, unit and function, which has its highest bit set in an exception. */
static enum heard_fit modbus_says(const struct heard *h)
{
	const uint8_t *at = h->says.bytes;

	if (h->says.length < 9)
		return HEARD_MAYBE;
	if (!modbus(&h->says) || memcmp(at, h->asks.bytes, 2) != 0 || at[6] != h->asks.bytes[6] ||
	    (at[7] & 0x7f) != h->asks.bytes[7])
		return HEARD_NO;
	return h->says.ended || modbus_identifies(h, NULL) ? HEARD_YES : HEARD_MAYBE;
}

static void modbus_tell(const struct heard *h, struct fact_list *out)
{
	modbus_identifies(h, out);
}

/* ---- S7 over ISO on TCP (RFC 1006): packet-s7comm.c of Wireshark names the fields ---- */

enum { TPKT = 3, COTP_DATA = 0xf0, S7 = 0x32, S7_PLUS = 0x72, S7_USERDATA = 7 };
enum { S7_ANSWER = 0x84, S7_READ_LIST = 1, S7_DONE = 0xff, LIST_MODULE = 0x11, LIST_COMPONENT = 0x1c };
enum { MODULE_BYTES = 28, COMPONENT_BYTES = 34, ORDER_BYTES = 20 };

static const struct {
	uint16_t index;
	const char *key;
} s7_components[] = {
	{1, "s7.name"}, {2, "s7.module"}, {3, "s7.plant"}, {5, "s7.serial"}, {7, "s7.type"},
};

/*
 * A connection request that names both access points (0xc1, 0xc2) and no RDP; what goes on is S7's when its
 * first byte behind the transport's is 0x32 (0x72: S7 plus).
 */
static enum heard_fit s7_asks(const struct heard *h)
{
	const uint8_t *at = h->asks.bytes;
	size_t first;

	if (at[0] != TPKT)
		return HEARD_NO;
	if (h->asks.length < 7)
		return HEARD_MAYBE;
	first = big16(at + 2);
	if (at[1] || at[5] != 0xe0 || first < 11 || first > 64)
		return HEARD_NO;
	if (h->asks.length < first + 8)
		return HEARD_MAYBE;
	at += first;
	return fits(at[0] == TPKT && !at[1] && at[4] == 2 && at[5] == COTP_DATA &&
		    (at[7] == S7 || at[7] == S7_PLUS));
}

/* What index 1 and 7 of the module's identification say: its order number, and its firmware as 'V' and three numbers. */
static void s7_module(const struct heard *h, struct wire record, struct fact_list *out)
{
	uint16_t index = wire_u16(&record);
	struct wire order = wire_nested(&record, ORDER_BYTES);
	char line[16];
	uint8_t letter;

	if (index == 1) {
		tell(h, "s7.order_number", printable(order), out);
		return;
	}
	wire_skip(&record, 2);
	letter = wire_u8(&record);
	if (index == 7 && letter == 'V' && !record.bad && record.left >= 3) {
		snprintf(line, sizeof(line), "%u.%u.%u", record.at[0], record.at[1], record.at[2]);
		tell(h, "s7.firmware", fact_text(out, line, strlen(line)), out);
	}
}

static void s7_component(const struct heard *h, struct wire record, struct fact_list *out)
{
	uint16_t index = wire_u16(&record);

	for (size_t i = 0; i < sizeof(s7_components) / sizeof(s7_components[0]); i++)
		if (s7_components[i].index == index)
			tell(h, s7_components[i].key, printable(record), out);
}

/* A part of a system status list: which, how long its records are, how many. True: one that identifies; out NULL: only look. */
static bool s7_list(const struct heard *h, struct wire data, struct fact_list *out)
{
	uint8_t result = wire_u8(&data), kind;
	uint16_t size, count;

	wire_skip(&data, 1);
	data = wire_nested(&data, wire_u16(&data));
	kind = (uint8_t)wire_u16(&data);
	wire_skip(&data, 2);
	size = wire_u16(&data);
	count = wire_u16(&data);
	if (data.bad || result != S7_DONE || (size_t)size * count != data.left)
		return false;
	if (!(kind == LIST_MODULE && size == MODULE_BYTES) &&
	    !(kind == LIST_COMPONENT && size == COMPONENT_BYTES))
		return false;
	while (out && count--) {
		struct wire record = wire_nested(&data, size);

		if (kind == LIST_MODULE)
			s7_module(h, record, out);
		else
			s7_component(h, record, out);
	}
	return true;
}

static bool s7_message(const struct heard *h, struct wire w, struct fact_list *out)
{
	uint8_t start = wire_u8(&w), type = wire_u8(&w);
	uint16_t parameters, length;
	struct wire head;

	wire_skip(&w, 4);
	parameters = wire_u16(&w);
	length = wire_u16(&w);
	head = wire_nested(&w, parameters);
	w = wire_nested(&w, length);
	wire_skip(&head, 5); /* three fixed bytes, a length, the method */
	if (head.bad || w.bad || start != S7 || type != S7_USERDATA)
		return false;
	if (wire_u16(&head) != (S7_ANSWER << 8 | S7_READ_LIST) || head.bad)
		return false;
	return s7_list(h, w, out);
}

static bool s7_identifies(const struct heard *h, struct fact_list *out)
{
	struct wire w = wire_over(h->says.bytes, h->says.length);
	bool found = false;

	while (w.left) {
		uint8_t version = wire_u8(&w), header;
		uint16_t length;
		struct wire packet;

		wire_skip(&w, 1);
		length = wire_u16(&w);
		if (version != TPKT || length < 4)
			return found;
		packet = wire_nested(&w, length - 4u);
		header = wire_u8(&packet);
		if (packet.bad || header != 2 || wire_u8(&packet) != COTP_DATA)
			continue;
		wire_skip(&packet, 1);
		found |= s7_message(h, packet, out);
	}
	return found;
}

static enum heard_fit s7_says(const struct heard *h)
{
	if (h->says.length < 7)
		return h->says.bytes[0] == TPKT ? HEARD_MAYBE : HEARD_NO;
	if (h->says.bytes[0] != TPKT || h->says.bytes[1] || h->says.bytes[5] != 0xd0)
		return HEARD_NO;
	/* Both lists are usually asked for, one after the other. */
	return h->says.ended ? HEARD_YES : HEARD_MAYBE;
}

static void s7_tell(const struct heard *h, struct fact_list *out)
{
	s7_identifies(h, out);
}

/* ---- EtherNet/IP's encapsulation: RegisterSession 0x65, ListServices 4, ListIdentity 0x63, little endian, status 0 ---- */

static enum heard_fit cip_asks(const struct heard *h)
{
	const uint8_t *at = h->asks.bytes;

	if (at[0] != 0x65 && at[0] != ENIP_LIST_IDENTITY && at[0] != 4)
		return HEARD_NO;
	if (h->asks.length < ENIP_HEADER_BYTES)
		return HEARD_MAYBE;
	return fits(!at[1] && at[2] == (at[0] == 0x65 ? 4 : 0) && !at[3] &&
		    !memcmp(at + 4, "\0\0\0\0\0\0\0\0", 8));
}

static enum heard_fit cip_says(const struct heard *h)
{
	const uint8_t *at = h->says.bytes;

	if (h->says.length < ENIP_HEADER_BYTES)
		return at[0] == h->asks.bytes[0] ? HEARD_MAYBE : HEARD_NO;
	if (at[0] != h->asks.bytes[0] || at[1] || memcmp(at + 12, h->asks.bytes + 12, 8) != 0)
		return HEARD_NO;
	return at[0] != ENIP_LIST_IDENTITY || h->says.ended ||
			       h->says.length >= ENIP_HEADER_BYTES + (at[2] | (size_t)at[3] << 8)
		       ? HEARD_YES
		       : HEARD_MAYBE;
}

static void cip_tell(const struct heard *h, struct fact_list *out)
{
	struct enip_identity identity = {};
	char room[ENIP_TEXT_BYTES];
	size_t length = ENIP_HEADER_BYTES + (h->says.bytes[2] | (size_t)h->says.bytes[3] << 8);

	if (h->says.length < length || enip_read(wire_over(h->says.bytes, length), &identity) ||
	    (identity.ip.version && !ip_equal(&identity.ip, &h->server)))
		return;
	for (size_t i = 0; i < ENIP_TRAITS; i++) {
		struct text value = enip_text(&identity, i, room);

		heard_trait(h, SOURCE_ENIP, CONFIDENCE_ANNOUNCED, enip_keys[i],
			    fact_text(out, value.bytes, value.length), out);
	}
}

static const struct heard_row rows[] = {
	{.name = "modbus", .asks = modbus_asks, .says = modbus_says, .tell = modbus_tell},
	{.name = "s7comm", .asks = s7_asks, .says = s7_says, .tell = s7_tell},
	{.name = "ethernet-ip", .asks = cip_asks, .says = cip_says, .tell = cip_tell},
};

const struct heard_row *heard_plant_rows(size_t *count)
{
	*count = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
