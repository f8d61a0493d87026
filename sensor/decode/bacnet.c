// SPDX-License-Identifier: BSD-2-Clause
/*
 * BACnet/IP (ASHRAE 135: annex J, clauses 6, 20 and 21): which devices there are (I-Am), which networks are behind a router, and what of a
 * device's own properties somebody has read. Of what is behind a router nothing: the address is the router's. Nor of what a router between subnets
 * hands on (Forwarded-NPDU): whose it is stands in the message, where anybody may write anybody's address.
 */
#include <errno.h>
#include <stdio.h>

#include "sensor/decode/bacnet_tag.h"
#include "sensor/decode/tell.h"

enum { LINK_IP = 0x81, DISTRIBUTE = 0x09, UNICAST = 0x0a, BROADCAST = 0x0b, NPDU_VERSION = 1 };
enum { HAS_MESSAGE = 0x80, HAS_DESTINATION = 0x20, HAS_SOURCE = 0x08, I_AM_ROUTER = 1 };
enum { UNCONFIRMED = 0x10, COMPLEX_ACK = 0x30, SEGMENTED = 0x08, I_AM = 0, READ = 12, READ_MULTIPLE = 14 };
enum { DEVICE = 8, INSTANCE = 0x3fffff, NUMBER = 2, TEXT_TAG = 7, OBJECT = 12, CHARSET_UTF8 = 0 };

static const struct {
	uint32_t property;
	const char *key;
} properties[] = {
	{77, "bacnet.name"},	 {70, "bacnet.model"},	  {121, "bacnet.vendor"},     {44, "bacnet.firmware"},
	{12, "bacnet.software"}, {58, "bacnet.location"}, {28, "bacnet.description"},
};

/* What is said of whom. */
struct device {
	const struct decode_context *ctx;
	struct fact_list *out;
};

static void say_number(const struct device *d, struct text key, uint32_t number)
{
	char line[12];
	size_t length = (size_t)snprintf(line, sizeof(line), "%u", number);

	tell_port_trait(d->out, d->ctx, SOURCE_BACNET, d->ctx->port_src, key, fact_text(d->out, line, length));
}

static void say_announced(const struct device *d)
{
	struct fact *fact;

	if (ip_is_unspecified(&d->ctx->ip_src) || ip_is_multicast(&d->ctx->ip_src))
		return;
	fact = fact_add(d->out, d->ctx, FACT_SERVICE, SOURCE_BACNET, CONFIDENCE_ANNOUNCED);
	FACT_SET(fact, ip, d->ctx->ip_src);
	FACT_SET(fact, port, d->ctx->port_src);
	FACT_SET(fact, proto, TEXT("udp"));
	FACT_SET(fact, state, TEXT("open"));
	FACT_SET(fact, name, TEXT("bacnet"));
	FACT_SET(fact, clients, 0);
}

/* The device, how long messages may be, segmentation, vendor (16.10.2). */
static int read_i_am(const struct device *d, struct wire w)
{
	struct bacnet_tag tag = bacnet_tag(&w);
	uint32_t object = bacnet_number(&w, &tag), vendor;

	if (w.bad || tag.context || tag.number != OBJECT || object >> 22 != DEVICE)
		return -EBADMSG;
	bacnet_skip(&w);
	bacnet_skip(&w);
	tag = bacnet_tag(&w);
	vendor = bacnet_number(&w, &tag);
	if (w.bad || tag.context || tag.number != NUMBER || w.left)
		return -EBADMSG;
	say_announced(d);
	say_number(d, TEXT("bacnet.device"), object & INSTANCE);
	say_number(d, TEXT("bacnet.vendor_id"), vendor);
	return 0;
}

/* w: a value's tags, without those around them. */
static void say_property(const struct device *d, uint32_t property, struct wire w)
{
	struct bacnet_tag tag = bacnet_tag(&w);
	struct wire text = wire_nested(&w, tag.length);

	if (text.bad || tag.context || tag.number != TEXT_TAG || wire_u8(&text) != CHARSET_UTF8 || text.bad)
		return;
	for (size_t i = 0; i < sizeof(properties) / sizeof(properties[0]); i++)
		if (properties[i].property == property)
			tell_port_trait(d->out, d->ctx, SOURCE_BACNET, d->ctx->port_src,
					(struct text){properties[i].key, strlen(properties[i].key)},
					wire_rest(&text));
}

/* A context tag of that number with a number in it; 0 with w bad when it is another. */
static uint32_t take_number(struct wire *w, uint8_t number)
{
	struct bacnet_tag tag = bacnet_tag(w);

	if (!tag.context || tag.opening || tag.closing || tag.number != number)
		w->bad = true;
	return bacnet_number(w, &tag);
}

/* Object, property, an index perhaps, and between tags 3 the value (15.5.1.2). */
static int read_property(const struct device *d, struct wire w)
{
	uint32_t object = take_number(&w, 0), property = take_number(&w, 1);
	struct wire value;

	if (!w.bad && bacnet_next_is(&w, 2))
		take_number(&w, 2);
	value = bacnet_inside(&w, 3);
	if (w.bad || w.left)
		return -EBADMSG;
	if (object >> 22 == DEVICE)
		say_property(d, property, value);
	return 0;
}

/* Of each object between tags 1: property, an index perhaps, between tags 4 the value, or between tags 5 why there is none (15.7.3.2). */
static int read_multiple(const struct device *d, struct wire w)
{
	while (w.left && !w.bad) {
		uint32_t object = take_number(&w, 0);
		struct wire results = bacnet_inside(&w, 1);

		while (results.left && !results.bad && !w.bad) {
			uint32_t property = take_number(&results, 2);

			if (!results.bad && bacnet_next_is(&results, 3))
				take_number(&results, 3);
			if (!results.bad && bacnet_next_is(&results, 5))
				bacnet_inside(&results, 5);
			else if (object >> 22 == DEVICE)
				say_property(d, property, bacnet_inside(&results, 4));
			else
				bacnet_inside(&results, 4);
		}
		if (results.bad)
			return -EBADMSG;
	}
	return w.bad ? -EBADMSG : 0;
}

/* Over the network's header (6.2): which parts it has. */
static uint8_t network_header(struct wire *w)
{
	uint8_t version = wire_u8(w), control = wire_u8(w);

	w->bad |= version != NPDU_VERSION;
	if (control & HAS_DESTINATION) {
		wire_skip(w, 2);
		wire_skip(w, wire_u8(w));
	}
	if (control & HAS_SOURCE) {
		wire_skip(w, 2);
		wire_skip(w, wire_u8(w));
	}
	if (control & HAS_DESTINATION)
		wire_skip(w, 1);
	return control;
}

/* A confirmed request with that number (20.1.2), sent to this device alone. */
static bool was_asked(struct wire asked, uint8_t invocation)
{
	uint8_t link = wire_u8(&asked), function = wire_u8(&asked), control, type;

	wire_skip(&asked, 2);
	control = network_header(&asked);
	type = wire_u8(&asked);
	wire_skip(&asked, 1); /* how much it can take */
	return link == LINK_IP && function == UNICAST && !(control & HAS_MESSAGE) && (type & 0xf0) == 0 &&
	       wire_u8(&asked) == invocation && !asked.bad;
}

static int read_ack(const struct device *d, uint8_t first, struct wire w)
{
	uint8_t invocation = wire_u8(&w), service;
	int error = 0;

	if (first & SEGMENTED)
		return 0;
	service = wire_u8(&w);
	if (service == READ)
		error = read_property(d, w);
	else if (service == READ_MULTIPLE)
		error = read_multiple(d, w);
	if (!error && was_asked(d->ctx->asked, invocation))
		tell_service(d->out, d->ctx, SOURCE_BACNET, d->ctx->port_src, TEXT("bacnet"));
	return error;
}

/* The networks that it leads to (6.4.3). */
static int read_router(const struct device *d, struct wire w)
{
	if (w.left % 2)
		return -EBADMSG;
	while (w.left)
		say_number(d, TEXT("bacnet.network"), wire_u16(&w));
	return 0;
}

static int read_network(const struct device *d, struct wire w)
{
	uint8_t control = network_header(&w), first = wire_u8(&w);

	if (w.bad)
		return -EBADMSG;
	if (control & HAS_SOURCE) /* of somebody behind the sender */
		return 0;
	if (control & HAS_MESSAGE)
		return first == I_AM_ROUTER ? read_router(d, w) : 0;
	if ((first & 0xf0) == COMPLEX_ACK)
		return read_ack(d, first, w);
	if ((first & 0xf0) == UNCONFIRMED && wire_u8(&w) == I_AM)
		return read_i_am(d, w);
	return 0;
}

int decode_bacnet(const struct decode_context *ctx, struct wire w, struct fact_list *out)
{
	struct device d = {.ctx = ctx, .out = out};
	size_t whole = w.left;
	uint8_t link = wire_u8(&w), function = wire_u8(&w);
	uint16_t length = wire_u16(&w);

	if (ctx->cut)
		return 0;
	if (link != LINK_IP) /* something else's at that port */
		return 0;
	if (w.bad || length != whole)
		return -EBADMSG;
	if (function != UNICAST && function != BROADCAST && function != DISTRIBUTE)
		return 0;
	return read_network(&d, w);
}
