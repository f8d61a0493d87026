// SPDX-License-Identifier: BSD-2-Clause
/*
 * How a system opens a TCP connection: the shape of its SYN, in the form that p0f made known (ITTL:MSS:WINDOW:SCALE:OPTIONS). Each
 * system has its own; docs/facts.md has the form.
 */
#include <errno.h>
#include <stdio.h>

#include "sensor/decode/tell.h"

enum { OPTION_END = 0, OPTION_NOP = 1, OPTION_MSS = 2, OPTION_SCALE = 3, OPTION_SACK = 4, OPTION_TIMES = 8 };
enum { SCALE_UNSET = -1, MULTIPLE_MAX = 64, LINE_BYTES = 256 };

struct shape {
	uint16_t window, mss; /* mss 0: not sent */
	int scale;
	char options[LINE_BYTES / 2];
	size_t length;
};

static void add_option(struct shape *shape, const char *name)
{
	int length = snprintf(shape->options + shape->length, sizeof(shape->options) - shape->length, "%s%s",
			      shape->length ? "," : "", name);

	shape->length += (size_t)length;
	if (shape->length >= sizeof(shape->options)) /* forty options of one byte are not that long */
		shape->length = sizeof(shape->options) - 1;
}

static int read_options(struct wire w, struct shape *shape)
{
	while (w.left) {
		uint8_t kind = wire_u8(&w), length;
		struct wire value;
		char other[8];

		if (kind == OPTION_END) {
			add_option(shape, "eol");
			return 0;
		}
		if (kind == OPTION_NOP) {
			add_option(shape, "nop");
			continue;
		}
		length = wire_u8(&w);
		if (length < 2)
			return -EBADMSG;
		value = wire_nested(&w, length - 2);
		if (w.bad)
			return -EBADMSG;
		switch (kind) {
		case OPTION_MSS:
			shape->mss = wire_u16(&value);
			add_option(shape, "mss");
			break;
		case OPTION_SCALE:
			shape->scale = wire_u8(&value);
			add_option(shape, "ws");
			break;
		case OPTION_SACK:
			add_option(shape, "sok");
			break;
		case OPTION_TIMES:
			add_option(shape, "ts");
			break;
		default:
			snprintf(other, sizeof(other), "?%u", kind);
			add_option(shape, other);
			break;
		}
		if (value.bad)
			return -EBADMSG;
	}
	return 0;
}

/* What it was when it was sent: nobody is more than 32 hops away, nearly. */
static unsigned int initial_ttl(uint8_t ttl)
{
	return ttl <= 32 ? 32 : ttl <= 64 ? 64 : ttl <= 128 ? 128 : 255;
}

static struct text shape_text(const struct decode_context *ctx, const struct shape *shape,
			      struct fact_list *out)
{
	bool multiple = shape->mss && shape->window % shape->mss == 0 &&
			shape->window / shape->mss <= MULTIPLE_MAX && shape->window / shape->mss > 0;
	char mss[8] = "-", window[16], scale[8] = "-", line[LINE_BYTES];
	int length;

	if (shape->mss)
		snprintf(mss, sizeof(mss), "%u", shape->mss);
	if (shape->scale != SCALE_UNSET)
		snprintf(scale, sizeof(scale), "%d", shape->scale);
	if (multiple)
		snprintf(window, sizeof(window), "mss*%d", shape->window / shape->mss);
	else
		snprintf(window, sizeof(window), "%u", shape->window);
	length = snprintf(line, sizeof(line), "%u:%s:%s:%s:%s", initial_ttl(ctx->hop_limit), mss, window, scale,
			  shape->options);
	return fact_text(out, line, (size_t)length);
}

int decode_syn(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct shape shape = {.scale = SCALE_UNSET};
	struct text value;
	struct fact *fact;

	wire_skip(&w, 14); /* ports, numbers, header length, flags */
	shape.window = wire_u16(&w);
	wire_skip(&w, 4); /* checksum, urgent pointer */
	if (w.bad || read_options(w, &shape))
		return -EBADMSG;
	if (ip_is_unspecified(&ctx->ip_src) || ip_is_multicast(&ctx->ip_src))
		return 0;
	value = shape_text(ctx, &shape, out);
	fact = fact_add(out, ctx, FACT_TRAIT, SOURCE_TCP, CONFIDENCE_MEASURED);
	FACT_SET(fact, key, TEXT("tcp.syn"));
	FACT_SET(fact, value, value);
	FACT_SET(fact, ip, ctx->ip_src);
	return 0;
}
