// SPDX-License-Identifier: BSD-2-Clause
/*
 * Until when somebody is believed to be there. See presence.h.
 *
 * Silence means nothing for as long as it has lasted before (CADENCE_TIMES as long, within limits), and for a quarter of an hour of somebody who is not known
 * well yet. Beyond that:
 *   - a DHCP client renews at half of its lease (RFC 2131 4.4.5): so long its silence means nothing, an hour at most; a lease that ran out was not renewed.
 *   - who announces itself over SSDP does so again before that has run out (UPnP 1.1, 1.2.2).
 *   - whoever speaks LLDP, CDP or as a router says when its word is void: who is silent then, and otherwise too, is gone.
 *   - who gives its lease back has left.
 */
#include "sensor/presence.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/conflict/inside.h"
#include "sensor/decode/lines.h"
#include "sensor/frame.h"
#include "sensor/table.h"

enum { DEVICES_MAX = 1 << 14, SILENCES_KNOWN = 10, CADENCE_TIMES = 2, FADES = 64 };
enum {
	DHCP_OPTIONS_AT = 240,
	DHCP_CLIENT_AT = 28,
	OPTION_LEASE = 51,
	OPTION_TYPE = 53,
	OPTION_END = 255,
	ACK = 5,
	RELEASE = 7
};
enum { LLDP_TTL = 3 };
enum promise { PROMISE_LLDP, PROMISE_CDP, PROMISE_ROUTER, PROMISES };

static const int64_t usual_us = SECONDS_US(900), least_us = SECONDS_US(300), most_us = SECONDS_US(5400),
		     known_us = SECONDS_US(1800), asleep_us = SECONDS_US(2700), hour_us = SECONDS_US(3600),
		     void_us = SECONDS_US(180), goodbye_us = SECONDS_US(2);

struct device_key {
	vlan_packed vlan;
	struct mac mac;
	uint8_t pad[2];
};

struct device {
	struct table_entry entry;
	struct device_key key;
	int64_t leased_us, lease_end_us;
	int64_t announced_until_us;
	int64_t void_us[PROMISES]; /* when what it last said so is void */
	int64_t left_us;
};

struct presence {
	struct table *devices;
};

void cadence_heard(struct cadence *c, int64_t last_us, int64_t time_us)
{
	int64_t silence_us = time_us - last_us;

	if (silence_us < SECONDS_US(1) || silence_us > asleep_us) /* longer: it was away */
		return;
	c->longest_us -= c->longest_us / FADES;
	if (silence_us > c->longest_us)
		c->longest_us = silence_us;
	c->silences += c->silences < UINT32_MAX;
}

static struct device *device_of(struct presence *p, const struct frame *frame, const struct mac *mac)
{
	struct device_key key = {.vlan = frame->packet.vlan, .mac = *mac};
	struct device *d = NULL;

	if (mac_is_zero(mac) || mac_is_group(mac) || mac_is_virtual_router(mac))
		return NULL;
	d = table_find(p->devices, &key);
	return d ? d : table_add(p->devices, &key);
}

static void promise(struct presence *p, const struct frame *frame, const struct mac *mac, enum promise kind,
		    uint64_t seconds)
{
	struct device *d = device_of(p, frame, mac);

	if (d && seconds && seconds <= UINT16_MAX)
		d->void_us[kind] = frame->ctx.time_us + SECONDS_US((int64_t)seconds);
}

static void hear_lldp(struct presence *p, const struct frame *frame, struct wire w)
{
	while (w.left && !w.bad) {
		uint16_t head = wire_u16(&w);
		struct wire value = wire_nested(&w, head & 0x1ff);

		if (head >> 9 == LLDP_TTL) {
			uint16_t seconds = wire_u16(&value);

			if (!value.bad)
				promise(p, frame, &frame->ctx.mac_src, PROMISE_LLDP, seconds);
			return;
		}
	}
}

static void hear_cdp(struct presence *p, const struct frame *frame, struct wire w)
{
	wire_skip(&w, 1);
	uint8_t seconds = wire_u8(&w);

	if (!w.bad)
		promise(p, frame, &frame->ctx.mac_src, PROMISE_CDP, seconds);
}

static void hear_router(struct presence *p, const struct frame *frame, const struct fact_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct fact *fact = &list->item[i];

		if (fact->kind == FACT_ROUTE && FACT_HAS(fact, mac) && FACT_HAS(fact, lifetime_s) &&
		    FACT_HAS(fact, prefix) && fact->prefix.length == 4 &&
		    memcmp(fact->prefix.bytes, "::/0", 4) == 0)
			promise(p, frame, &fact->mac, PROMISE_ROUTER, fact->lifetime_s);
	}
}

static void hear_dhcp(struct presence *p, const struct frame *frame, struct wire payload)
{
	struct wire w = payload, client = payload;
	uint32_t lease_s = 0;
	uint8_t type = 0;
	struct device *d;
	struct mac mac;

	wire_skip(&w, DHCP_OPTIONS_AT);
	wire_skip(&client, DHCP_CLIENT_AT);
	mac = wire_mac(&client);
	while (w.left && !w.bad) {
		uint8_t code = wire_u8(&w);

		if (code == OPTION_END)
			break;
		if (code == 0)
			continue;
		struct wire value = wire_nested(&w, wire_u8(&w));

		if (code == OPTION_TYPE)
			type = wire_u8(&value);
		else if (code == OPTION_LEASE)
			lease_s = wire_u32(&value);
	}
	if (w.bad || client.bad || (type != ACK && type != RELEASE))
		return;
	d = device_of(p, frame, &mac);
	if (d && type == RELEASE)
		d->left_us = frame->ctx.time_us;
	else if (d && lease_s) {
		d->leased_us = frame->ctx.time_us;
		d->lease_end_us = d->leased_us + SECONDS_US((int64_t)lease_s);
	}
}

/* NOTIFY with its CACHE-CONTROL: max-age. */
static void hear_ssdp(struct presence *p, const struct frame *frame, struct wire payload)
{
	struct text message = {(const char *)payload.at, payload.left}, value;
	int64_t seconds = 0;
	struct device *d;

	if (!text_begins(message, "NOTIFY ") || !text_begins(header_value(message, "NTS"), "ssdp:alive"))
		return;
	value = header_value(message, "CACHE-CONTROL");
	for (size_t i = 0; i < value.length && seconds < 86400; i++)
		if (value.bytes[i] >= '0' && value.bytes[i] <= '9')
			seconds = seconds * 10 + (value.bytes[i] - '0');
	d = device_of(p, frame, &frame->ctx.mac_src);
	if (d && seconds)
		d->announced_until_us =
			frame->ctx.time_us + (SECONDS_US(seconds) < hour_us ? SECONDS_US(seconds) : hour_us);
}

void presence_hear(struct presence *p, const struct frame *frame, struct wire payload,
		   const struct fact_list *list)
{
	decode_function *decode = frame->decoder->decode;

	if (frame->ctx.inside)
		return;
	if (decode == decode_lldp)
		hear_lldp(p, frame, payload);
	else if (decode == decode_cdp)
		hear_cdp(p, frame, payload);
	else if (decode == decode_nd)
		hear_router(p, frame, list);
	else if (decode == decode_dhcp)
		hear_dhcp(p, frame, payload);
	else if (decode == decode_ssdp)
		hear_ssdp(p, frame, payload);
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t by_cadence(const struct cadence *c, int64_t first_us, int64_t last_us)
{
	int64_t silence_us = c->longest_us * CADENCE_TIMES;

	if (c->silences < SILENCES_KNOWN || last_us - first_us < known_us)
		return later(usual_us, silence_us);
	return silence_us < least_us ? least_us : silence_us < most_us ? silence_us : most_us;
}

int64_t presence_until(struct presence *p, vlan_packed vlan, const struct mac *mac, const struct cadence *c,
		       int64_t first_us, int64_t last_us)
{
	struct device_key key = {.vlan = vlan};
	int64_t until_us = last_us + by_cadence(c, first_us, last_us);
	const struct device *d;

	if (!mac)
		return until_us;
	key.mac = *mac;
	d = table_find(p->devices, &key);
	if (!d)
		return until_us;
	if (d->left_us && last_us <= d->left_us + goodbye_us)
		return d->left_us;
	if (d->lease_end_us > last_us) {
		int64_t half_us = (d->lease_end_us - d->leased_us) / 2;

		until_us = later(until_us, last_us + (half_us < hour_us ? half_us : hour_us));
		if (until_us > d->lease_end_us)
			until_us = later(d->lease_end_us, last_us + least_us);
	}
	until_us = later(until_us, d->announced_until_us);
	/* One that is void already is one that it has not kept while it spoke otherwise. */
	for (size_t i = 0; i < PROMISES; i++)
		if (d->void_us[i] >= last_us && d->void_us[i] < until_us)
			until_us = later(d->void_us[i], last_us + void_us);
	return until_us;
}

int presence_open(struct presence **out)
{
	struct presence *p = calloc(1, sizeof(*p));
	struct table_options devices = {.key_size = sizeof(struct device_key),
					.entry_size = sizeof(struct device),
					.capacity = DEVICES_MAX};

	if (!p)
		return -ENOMEM;
	if (table_open(&devices, &p->devices)) {
		free(p);
		return -ENOMEM;
	}
	*out = p;
	return 0;
}

uint64_t presence_evicted(const struct presence *p)
{
	return table_evicted(p->devices);
}

void presence_close(struct presence *p)
{
	if (!p)
		return;
	table_close(p->devices);
	free(p);
}
