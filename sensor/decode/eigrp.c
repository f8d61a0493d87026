// SPDX-License-Identifier: BSD-2-Clause
/* EIGRP's hello (RFC 7868, 6.2 and 6.7): the sender is a router, of which autonomous system. */
#include <errno.h>

#include "sensor/decode/tell.h"

enum { VERSION = 2, OPCODE_HELLO = 5, OPCODE_MAX = 11, TLV_HEAD_BYTES = 4 };
enum { TLV_PARAMETERS = 1, TLV_SOFTWARE = 4, K_VALUES = 6, K_GOODBYE = 255 };

struct hello {
	uint16_t hold_s;
	bool goodbye;
	uint8_t release[2];
	bool has_release;
};

static int read_tlvs(struct wire w, struct hello *hello)
{
	while (w.left >= TLV_HEAD_BYTES) {
		uint16_t type = wire_u16(&w), length = wire_u16(&w);
		struct wire value;

		if (length < TLV_HEAD_BYTES)
			return -EBADMSG;
		value = wire_nested(&w, length - TLV_HEAD_BYTES);
		if (type == TLV_PARAMETERS) {
			hello->goodbye = true;
			for (int i = 0; i < K_VALUES - 1; i++)
				hello->goodbye &= wire_u8(&value) == K_GOODBYE;
			wire_skip(&value, 1);
			hello->hold_s = wire_u16(&value);
		} else if (type == TLV_SOFTWARE) {
			hello->release[0] = wire_u8(&value);
			hello->release[1] = wire_u8(&value);
			hello->has_release = !value.bad;
		}
		if (value.bad)
			return -EBADMSG;
	}
	return w.left ? -EBADMSG : 0;
}

int decode_eigrp(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct wire whole = w;
	struct hello hello = {};
	uint8_t version = wire_u8(&w), opcode = wire_u8(&w);
	uint32_t answers;
	uint16_t system;

	wire_skip(&w, 10); /* checksum, flags, number */
	answers = wire_u32(&w);
	wire_skip(&w, 2); /* virtual router */
	system = wire_u16(&w);
	if (w.bad || version != VERSION || opcode < 1 || opcode > OPCODE_MAX)
		return -EBADMSG;
	if (opcode != OPCODE_HELLO || answers)
		return 0;
	if (!wire_sum_right(whole) || read_tlvs(w, &hello))
		return -EBADMSG;
	if (hello.goodbye || !ip_is_multicast(&ctx->ip_dst))
		return 0;
	tell_router(out, ctx, SOURCE_EIGRP, hello.hold_s);
	tell_trait(out, ctx, SOURCE_EIGRP, TEXT("eigrp.as"), fact_format(out, "%u", system));
	if (hello.has_release)
		tell_trait(out, ctx, SOURCE_EIGRP, TEXT("eigrp.release"),
			   fact_format(out, "%u.%u", hello.release[0], hello.release[1]));
	return 0;
}
