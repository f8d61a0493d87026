// SPDX-License-Identifier: BSD-2-Clause
/* UDLD (RFC 5171): which port of which switch sends, and whom it hears at that port: the two ends of a cable. */
#include <errno.h>

#include "sensor/decode/tell.h"

enum { OPCODE_PROBE = 1, OPCODE_FLUSH = 3, TLV_HEAD_BYTES = 4 };
enum { TLV_DEVICE = 1, TLV_PORT = 2, TLV_ECHO = 3, TLV_NAME = 6 };

struct frame {
	struct text device, port, name;
	struct wire echo;
};

static int read_frame(struct wire w, struct frame *frame)
{
	while (w.left >= TLV_HEAD_BYTES) {
		uint16_t type = wire_u16(&w), length = wire_u16(&w);
		struct wire value;

		if (type == 0 && length == 0) /* padding */
			return 0;
		if (length < TLV_HEAD_BYTES)
			return -EBADMSG;
		value = wire_nested(&w, length - TLV_HEAD_BYTES);
		if (value.bad)
			return -EBADMSG;
		if (type == TLV_DEVICE)
			frame->device = text_trim(wire_rest(&value));
		else if (type == TLV_PORT)
			frame->port = text_trim(wire_rest(&value));
		else if (type == TLV_ECHO)
			frame->echo = value;
		else if (type == TLV_NAME)
			frame->name = text_trim(wire_rest(&value));
	}
	return 0;
}

/* How many are heard, then the device and the port of each, both with their length in front. */
static int read_echo(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	uint32_t count = w.left ? wire_u32(&w) : 0;

	while (count-- && w.left) {
		struct wire device = wire_nested(&w, wire_u16(&w));
		struct wire port = wire_nested(&w, wire_u16(&w));

		if (w.bad)
			return -EBADMSG;

		struct text who = text_trim(wire_rest(&device)), where = text_trim(wire_rest(&port));

		tell_trait(out, ctx, SOURCE_UDLD, TEXT("udld.hears"),
			   fact_format(out, "%.*s %.*s", (int)who.length, who.bytes, (int)where.length,
				       where.bytes));
	}
	return w.bad ? -EBADMSG : 0;
}

int decode_udld(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct wire whole = w;
	struct frame frame = {};
	uint8_t head = wire_u8(&w);
	struct fact *fact;

	wire_skip(&w, 3); /* flags, checksum */
	if (w.bad || ctx->cut || head >> 5 != 1 || (head & 31) < OPCODE_PROBE || (head & 31) > OPCODE_FLUSH ||
	    !wire_sum_right(whole) || read_frame(w, &frame))
		return -EBADMSG;
	if (!frame.device.length || !frame.port.length)
		return 0;
	fact = fact_add(out, ctx, FACT_NEIGHBOR, SOURCE_UDLD, CONFIDENCE_ANNOUNCED);
	FACT_SET(fact, mac, ctx->mac_src);
	FACT_SET(fact, chassis, frame.device);
	FACT_SET(fact, port_id, frame.port);
	if (frame.name.length)
		FACT_SET(fact, system_name, frame.name);
	tell_own_name(out, ctx, SOURCE_UDLD, TEXT("hostname"), frame.name);
	return read_echo(ctx, frame.echo, out);
}
