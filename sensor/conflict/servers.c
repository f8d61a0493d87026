// SPDX-License-Identifier: BSD-2-Clause
/*
 * DHCP servers of a link (RFC 2131). A server beside others is well when it offers what they do: the same net by the same routers, and a
 * resolver in common, as servers that share the work. One that offers other things is another than those that were there.
 *
 * Only what goes to clients counts. Between relay and server pass many nets' answers; and who gives no address (for booting by network, or to who has one)
 * takes nobody's traffic.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/conflict/inside.h"

enum { LINKS_MAX = 1024, SERVERS_MAX = 8, OFFERS_MAX = 4, LIST_MAX = 8 };
enum { BOOT_REQUEST = 1, BOOT_REPLY = 2, HARDWARE_ETHERNET = 1, COOKIE = 0x63825363, CLIENT_PORT = 68 };
enum { OFFER = 2, ACK = 5 };
enum {
	OPTION_MASK = 1,
	OPTION_ROUTERS = 3,
	OPTION_DNS = 6,
	OPTION_LEASE_S = 51,
	OPTION_MESSAGE = 53,
	OPTION_SERVER = 54,
	OPTION_END = 255
};

static const int64_t there_least_us = SECONDS_US(600), there_most_us = SECONDS_US(86400);

struct list {
	size_t count;
	uint32_t item[LIST_MAX];
};

struct offer {
	uint32_t net, mask;
	struct list routers, dns;
};

struct message {
	uint8_t operation, type;
	struct ip yiaddr, server;
	struct mac client;
	uint32_t lease_s;
	struct offer offer;
};

struct server {
	struct ip ip; /* version 0: none */
	bool is_other;
	int64_t first_us, last_us, until_us; /* until: its leases show it so long */
	size_t offer_count;
	struct offer offer[OFFERS_MAX];
};

struct link {
	struct table_entry entry;
	vlan_packed vlan;
	struct server server[SERVERS_MAX];
};

struct servers {
	struct mouth *mouth;
	struct table *links;
};

static void read_list(struct wire w, struct list *out)
{
	while (w.left >= 4 && out->count < LIST_MAX)
		out->item[out->count++] = wire_u32(&w);
}

static void read_option(uint8_t code, struct wire w, struct message *m)
{
	switch (code) {
	case OPTION_MASK:
		m->offer.mask = wire_u32(&w);
		break;
	case OPTION_ROUTERS:
		read_list(w, &m->offer.routers);
		break;
	case OPTION_DNS:
		read_list(w, &m->offer.dns);
		break;
	case OPTION_LEASE_S:
		m->lease_s = wire_u32(&w);
		break;
	case OPTION_MESSAGE:
		m->type = wire_u8(&w);
		break;
	case OPTION_SERVER:
		m->server = wire_ip4(&w);
		break;
	}
}

/* False for what is not whole, or is none of Ethernet's. */
static bool read_message(struct wire w, struct message *m)
{
	uint8_t hardware, length;
	bool ended = false;

	m->operation = wire_u8(&w);
	hardware = wire_u8(&w);
	length = wire_u8(&w);
	wire_skip(&w, 13);
	m->yiaddr = wire_ip4(&w);
	wire_skip(&w, 8);
	m->client = wire_mac(&w);
	wire_skip(&w, 10 + 64 + 128);
	if (wire_u32(&w) != COOKIE || hardware != HARDWARE_ETHERNET || length != 6)
		return false;
	while (w.left && !w.bad && !ended) {
		uint8_t code = wire_u8(&w);

		ended = code == OPTION_END;
		if (code && !ended)
			read_option(code, wire_nested(&w, wire_u8(&w)), m);
	}
	if (m->yiaddr.version)
		m->offer.net = (wire_u32(&(struct wire){.at = m->yiaddr.bytes, .left = 4})) & m->offer.mask;
	return !w.bad && ended;
}

static bool holds(const struct list *list, uint32_t item)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->item[i] == item)
			return true;
	return false;
}

static size_t shared(const struct list *a, const struct list *b)
{
	size_t count = 0;

	for (size_t i = 0; i < a->count; i++)
		count += holds(b, a->item[i]);
	return count;
}

static bool same(const struct list *a, const struct list *b)
{
	return a->count == b->count && shared(a, b) == a->count;
}

/* Clients ask for what they want to know, so either may say less. Servers that share the work may each name themselves first among the resolvers. */
static bool offers_agree(const struct offer *a, const struct offer *b)
{
	bool net = !a->mask || !b->mask || (a->net == b->net && a->mask == b->mask);
	bool routers = !a->routers.count || !b->routers.count || same(&a->routers, &b->routers);

	return net && routers && (!a->dns.count || !b->dns.count || shared(&a->dns, &b->dns));
}

static bool server_offers(const struct server *s, const struct offer *offer)
{
	for (size_t i = 0; i < s->offer_count; i++)
		if (offers_agree(&s->offer[i], offer))
			return true;
	return false;
}

/* Who makes room first: nobody at all, then those that are others. */
static int worth(const struct server *one)
{
	return !one->ip.version ? 0 : one->is_other ? 1 : 2;
}

/* A new one takes the place of who was heard longest ago. */
static struct server *find_server(struct link *link, const struct ip *ip)
{
	struct server *least = &link->server[0];

	for (size_t i = 0; i < SERVERS_MAX; i++) {
		struct server *one = &link->server[i];

		if (ip_equal(&one->ip, ip))
			return one;
		if (worth(one) < worth(least) || (worth(one) == worth(least) && one->last_us < least->last_us))
			least = one;
	}
	*least = (struct server){.ip = *ip};
	return least;
}

/* The servers that are there still, and were before it. False when one of them offers the same, or there is none. */
static bool differs(const struct link *link, const struct server *other, const struct offer *offer,
		    int64_t time_us, struct conflict *out)
{
	for (size_t i = 0; i < SERVERS_MAX; i++) {
		const struct server *one = &link->server[i];

		if (one == other || !one->ip.version || one->is_other)
			continue;
		if (server_offers(one, offer))
			return false;
		if (one->until_us >= time_us)
			conflict_claims_ip(out, &one->ip);
	}
	return out->claims.count > 0;
}

static void heard(struct servers *v, struct link *link, const struct message *m,
		  const struct decode_context *ctx)
{
	struct server *server = find_server(link, &m->server);
	struct conflict conflict = {.what = "dhcp",
				    .source = SOURCE_DHCP,
				    .vlan = link->vlan,
				    .ip = m->server,
				    .last_us = ctx->time_us,
				    .count = 1};
	int64_t lease_us = SECONDS_US((int64_t)m->lease_s);

	if (!server->first_us)
		server->first_us = ctx->time_us;
	server->last_us = ctx->time_us;
	if (lease_us < there_least_us)
		lease_us = there_least_us;
	server->until_us = ctx->time_us + (lease_us < there_most_us ? lease_us : there_most_us);
	if (!server->offer_count || server->is_other) {
		server->is_other = differs(link, server, &m->offer, ctx->time_us, &conflict);
		if (server->is_other) {
			if (ip_equal(&ctx->ip_src, &m->server))
				conflict.mac = ctx->mac_src;
			conflict.first_us = ctx->time_us;
			conflict_claims_ip(&conflict, &m->server);
			conflict_say(v->mouth, &conflict);
		}
	}
	if (!server_offers(server, &m->offer))
		server->offer[server->offer_count < OFFERS_MAX ? server->offer_count++ : OFFERS_MAX - 1] =
			m->offer;
}

void servers_hear(struct servers *v, struct claims *c, vlan_packed vlan, const struct decode_context *ctx,
		  struct wire message)
{
	struct message m = {.server = ctx->ip_src};
	struct link *link;

	if (!read_message(message, &m) || mac_is_zero(&m.client) || mac_is_group(&m.client))
		return;
	if (m.operation == BOOT_REQUEST)
		claims_client(c, vlan, &m.client, ctx->time_us);
	if (m.operation != BOOT_REPLY || ctx->port_dst != CLIENT_PORT || ip_is_unspecified(&m.yiaddr) ||
	    (m.type != OFFER && m.type != ACK))
		return;
	if (m.type == ACK)
		claims_granted(c, vlan, &m.yiaddr, &m.client, ctx->time_us);
	link = table_find(v->links, &vlan);
	if (!link)
		link = table_add(v->links, &vlan);
	if (link && !ip_is_unspecified(&m.server))
		heard(v, link, &m, ctx);
}

int servers_open(struct mouth *m, struct servers **out)
{
	struct servers *v = calloc(1, sizeof(*v));
	struct table_options links = {
		.key_size = sizeof(vlan_packed), .entry_size = sizeof(struct link), .capacity = LINKS_MAX};

	if (!v)
		return -ENOMEM;
	v->mouth = m;
	if (table_open(&links, &v->links)) {
		free(v);
		return -ENOMEM;
	}
	*out = v;
	return 0;
}

uint64_t servers_evicted(const struct servers *v)
{
	return table_evicted(v->links);
}

void servers_close(struct servers *v)
{
	if (!v)
		return;
	table_close(v->links);
	free(v);
}
