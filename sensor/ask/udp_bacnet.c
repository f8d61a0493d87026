// SPDX-License-Identifier: BSD-2-Clause
/*
 * Who is there, of a building's automation (ASHRAE 135: annex J, clauses 20 and 21)? Only when it was asked for by name.
 * Who-Is to that device alone, and its names as ReadProperty of the device that is whoever is asked (instance 4194303).
 */
#include <stdio.h>

#include "sensor/ask/put.h"
#include "sensor/ask/udp.h"
#include "sensor/wire.h"

enum {
	LINK_IP = 0x81,
	UNICAST = 0x0a,
	BROADCAST = 0x0b,
	FORWARDED = 0x04,
	NPDU_VERSION = 1,
	EXPECTING_REPLY = 4
};
enum { UNCONFIRMED = 0x10, CONFIRMED = 0x00, COMPLEX_ACK = 0x30, ERROR = 0x50, REJECT = 0x60, ABORT = 0x70 };
enum { I_AM = 0, WHO_IS = 8, READ_PROPERTY = 12 };
enum {
	TAG_TEXT = 0x75,
	TEXT_LENGTH_FOLLOWS = 254,
	CHARSET_UTF8 = 0,
	TAG_OBJECT = 0xc4,
	TAG_NUMBER = 2,
	OPENING_3 = 0x3e
};

static const struct {
	uint8_t property;
	const char *trait;
} asked[] = {{77, "bacnet.name"}, {70, "bacnet.model"}, {121, "bacnet.vendor"}, {44, "bacnet.firmware"}};
enum { ASKED = sizeof(asked) / sizeof(*asked) };

/* Each property is asked with an invocation id of its own: base, base + 1, … */
static uint8_t invoke_base(const struct dialogue_context *context)
{
	return (uint8_t)(context->nonce & 0xf8);
}

static size_t request(const struct dialogue_context *context, unsigned int step, uint8_t *out, size_t size)
{
	static const uint8_t whoever[] = {0x0c, 0x02, 0x3f, 0xff, 0xff};
	struct put p = put_to(out, size);

	if (step > ASKED)
		return 0;
	put_u8(&p, LINK_IP);
	put_u8(&p, UNICAST);
	if (step == 0) {
		put_u16(&p, 8);
		put_u8(&p, NPDU_VERSION);
		put_u8(&p, 0);
		put_u8(&p, UNCONFIRMED);
		put_u8(&p, WHO_IS);
		return put_length(&p);
	}
	put_u16(&p, 17);
	put_u8(&p, NPDU_VERSION);
	put_u8(&p, EXPECTING_REPLY);
	put_u8(&p, CONFIRMED);
	put_u8(&p, 5); /* one segment, 1476 bytes */
	put_u8(&p, (uint8_t)(invoke_base(context) + step - 1));
	put_u8(&p, READ_PROPERTY);
	put_bytes(&p, whoever, sizeof(whoever));
	put_u8(&p, 0x19);
	put_u8(&p, asked[step - 1].property);
	return put_length(&p);
}

static void say_number(const struct say *say, const char *key, uint32_t number)
{
	char text[12];
	int length = snprintf(text, sizeof(text), "%u", number);

	say_trait(say, key, (struct text){text, (size_t)length});
}

static enum dialogue_verdict read_i_am(struct wire w, const struct say *say)
{
	uint8_t tag = wire_u8(&w);
	uint32_t object = wire_u32(&w);

	if (tag != TAG_OBJECT || object >> 22 != 8) /* an object of type "device" */
		return DIALOGUE_FOREIGN;
	wire_skip(&w, wire_u8(&w) & 7); /* how long a message may be */
	wire_skip(&w, wire_u8(&w) & 7); /* segmentation */

	uint8_t length = wire_u8(&w);
	uint32_t vendor = 0;

	if (length >> 4 != TAG_NUMBER || (length & 7) > 4)
		return DIALOGUE_FOREIGN;
	for (length &= 7; length; length--)
		vendor = vendor << 8 | wire_u8(&w);
	if (w.bad)
		return DIALOGUE_FOREIGN;
	say_number(say, "bacnet.device", object & 0x3fffff);
	say_number(say, "bacnet.vendor_id", vendor);
	return DIALOGUE_AGAIN;
}

static enum dialogue_verdict read_property(const struct dialogue_context *context, uint8_t kind, struct wire w,
					   const struct say *say)
{
	uint8_t which = (uint8_t)(wire_u8(&w) - invoke_base(context));

	if (w.bad || which >= ASKED)
		return DIALOGUE_FOREIGN;
	if (kind != COMPLEX_ACK) /* refused, in its own protocol */
		return DIALOGUE_AGAIN;
	if (wire_u8(&w) != READ_PROPERTY)
		return DIALOGUE_FOREIGN;
	wire_skip(&w, 5); /* the device */
	wire_skip(&w, 1);
	if (wire_u8(&w) != asked[which].property || wire_u8(&w) != OPENING_3)
		return DIALOGUE_FOREIGN;

	uint8_t tag = wire_u8(&w);
	size_t length = tag == TAG_TEXT ? wire_u8(&w) : tag & 7;

	if (length == TEXT_LENGTH_FOLLOWS)
		length = wire_u16(&w);

	struct wire value = wire_nested(&w, length);
	uint8_t charset = wire_u8(&value);

	if (value.bad || tag >> 4 != TAG_TEXT >> 4)
		return DIALOGUE_FOREIGN;
	if (charset == CHARSET_UTF8)
		say_trait(say, asked[which].trait, wire_rest(&value));
	return DIALOGUE_AGAIN;
}

static enum dialogue_verdict answer(const struct dialogue_context *context, unsigned int step,
				    const uint8_t *bytes, size_t length, bool ended, const struct say *say)
{
	struct wire w = wire_over(bytes, length);
	uint8_t link = wire_u8(&w), function = wire_u8(&w);

	(void)step, (void)ended;
	if (link != LINK_IP || (function != UNICAST && function != BROADCAST && function != FORWARDED) ||
	    wire_u16(&w) != length)
		return DIALOGUE_FOREIGN;
	wire_skip(&w, function == FORWARDED ? 6 : 0);
	if (wire_u8(&w) != NPDU_VERSION)
		return DIALOGUE_FOREIGN;

	uint8_t control = wire_u8(&w);

	if (control & 0x20) { /* a destination: network, address */
		wire_skip(&w, 2);
		wire_skip(&w, wire_u8(&w));
	}
	if (control & 0x08) { /* a source: it is behind a router */
		wire_skip(&w, 2);
		wire_skip(&w, wire_u8(&w));
	}
	if (control & 0x20)
		wire_skip(&w, 1);

	uint8_t kind = wire_u8(&w) & 0xf0;

	if (control & 0x80 || w.bad)
		return DIALOGUE_FOREIGN;
	if (kind == UNCONFIRMED)
		return wire_u8(&w) == I_AM ? read_i_am(w, say) : DIALOGUE_FOREIGN;
	if (kind == COMPLEX_ACK || kind == ERROR || kind == REJECT || kind == ABORT)
		return read_property(context, kind, w, say);
	return DIALOGUE_FOREIGN;
}

const struct dialogue udp_bacnet = {.name = "bacnet",
				    .udp = true,
				    .industrial = true,
				    .port_h = {47808},
				    .request = request,
				    .answer = answer};
