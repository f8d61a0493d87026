// SPDX-License-Identifier: BSD-2-Clause
/* What frames say is handed to the parts, in their words. See conflicts.h. */
#include "sensor/conflict/conflicts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/conflict/inside.h"
#include "sensor/inside.h"
#include "sensor/sightings.h"

enum { ETHERNET_IPV4 = 0x00010800, LENGTHS = 0x0604, ARP_REQUEST = 1, ARP_REPLY = 2 };
enum { ROUTER_SOLICIT = 133, ROUTER_ADVERT = 134, NEIGHBOR_SOLICIT = 135, NEIGHBOR_ADVERT = 136 };
enum { ADVERT_SOLICITED = 0x40, ADVERT_OVERRIDE = 0x20 };

struct conflicts {
	struct mouth *mouth;
	struct claims *claims;
	struct servers *servers;
	struct routers *routers;
	struct roots *roots;
};

static vlan_packed link_of(const struct frame *frame)
{
	return frame->packet.vlan | (vlan_packed)frame->ctx.inside << LINK_INSIDE_SHIFT;
}

/* Whether a MAC or an address can be one device's. */
static bool is_sound(const struct claim *claim)
{
	return !mac_is_zero(&claim->mac) && !mac_is_group(&claim->mac) && !ip_is_unspecified(&claim->ip) &&
	       !ip_is_multicast(&claim->ip);
}

static struct claim claim_of(const struct frame *frame, enum fact_source source)
{
	return (struct claim){.vlan = link_of(frame),
			      .source = source,
			      .station = frame->ctx.mac_src,
			      .time_us = frame->ctx.time_us};
}

/* RFC 826; announcements and probes by RFC 5227. */
static void hear_arp(struct conflicts *f, const struct frame *frame, struct wire w)
{
	struct claim claim = claim_of(frame, SOURCE_ARP);
	struct ip sender, target;
	uint16_t operation;

	if (wire_u32(&w) != ETHERNET_IPV4 || wire_u16(&w) != LENGTHS)
		return;
	operation = wire_u16(&w);
	claim.mac = wire_mac(&w);
	sender = wire_ip4(&w);
	wire_skip(&w, 6);
	target = wire_ip4(&w);
	if (w.bad || (operation != ARP_REQUEST && operation != ARP_REPLY))
		return;
	claim.ip = sender;
	if (ip_is_unspecified(&sender)) {
		claim.ip = target;
		claim.way = CLAIM_PROBED;
	} else if (ip_equal(&sender, &target)) {
		claim.way = CLAIM_ANNOUNCED;
	} else if (operation == ARP_REQUEST) {
		claim.way = CLAIM_SPOKE;
		claims_asked(f->claims, claim.vlan, &target, claim.time_us);
	} else {
		claim.way = ip_is_unspecified(&target) ? CLAIM_ANNOUNCED : CLAIM_ANSWERED;
	}
	if (is_sound(&claim))
		claims_hear(f->claims, &claim);
}

/* Whose address it is stands in the fact that the decoder has said; here is how it was said (RFC 4861 4.3, 4.4, 7.2.6). */
static void hear_neighbor(struct conflicts *f, const struct frame *frame, struct wire w,
			  const struct fact *said)
{
	struct claim claim = claim_of(frame, SOURCE_ND);
	uint8_t type = wire_u8(&w), flags;
	struct ip target;

	wire_skip(&w, 3);
	flags = wire_u8(&w);
	wire_skip(&w, 3);
	target = wire_ip6(&w);
	if (type == ROUTER_SOLICIT || type == ROUTER_ADVERT) {
		claim.way = CLAIM_SPOKE;
	} else if (w.bad) {
		return;
	} else if (type == NEIGHBOR_SOLICIT) {
		claim.way = ip_is_unspecified(&frame->ctx.ip_src) ? CLAIM_PROBED : CLAIM_SPOKE;
		claims_asked(f->claims, claim.vlan, &target, claim.time_us);
	} else if (!(flags & ADVERT_OVERRIDE)) {
		return; /* one of several that answer for an anycast address, or for another */
	} else if (flags & ADVERT_SOLICITED) {
		claim.way = CLAIM_ANSWERED;
	} else {
		claim.way = ip_is_multicast(&frame->ctx.ip_dst) ? CLAIM_ANNOUNCED : CLAIM_PUSHED;
	}
	claim.mac = said->mac;
	claim.ip = said->ip;
	if (is_sound(&claim))
		claims_hear(f->claims, &claim);
}

static void hear_facts(struct conflicts *f, const struct frame *frame, struct wire payload,
		       const struct fact_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct fact *fact = &list->item[i];

		if (fact->kind == FACT_ROUTE && FACT_HAS(fact, virtual_mac) && fact->virtual_mac &&
		    FACT_HAS(fact, ip))
			claims_share(f->claims, link_of(frame), &fact->ip, frame->ctx.time_us);
		else if (fact->kind == FACT_ADDRESS && fact->source == SOURCE_ND)
			hear_neighbor(f, frame, payload, fact);
		else if (fact->kind == FACT_NEIGHBOR && fact->source == SOURCE_STP && FACT_HAS(fact, root))
			roots_hear(f->roots, link_of(frame), &frame->ctx, fact);
	}
}

void conflicts_hear(struct conflicts *f, const struct frame *frame, struct wire payload,
		    const struct fact_list *list)
{
	decode_function *decode = frame->decoder->decode;

	if (decode == decode_arp)
		hear_arp(f, frame, payload);
	else if (decode == decode_dhcp)
		servers_hear(f->servers, f->claims, link_of(frame), &frame->ctx, payload);
	else
		hear_facts(f, frame, payload, list);
	if (decode == decode_nd && payload.left && payload.at[0] == ROUTER_ADVERT)
		routers_hear(f->routers, link_of(frame), &frame->ctx, list);
}

void conflicts_tick(struct conflicts *f, int64_t now_us)
{
	claims_tick(f->claims, now_us);
}

uint64_t conflicts_evicted(const struct conflicts *f)
{
	return claims_evicted(f->claims) + servers_evicted(f->servers) + routers_evicted(f->routers) +
	       roots_evicted(f->roots);
}

int conflicts_open(struct sightings *s, struct conflicts **out)
{
	struct conflicts *f = calloc(1, sizeof(*f));

	if (!f)
		return -ENOMEM;
	if (mouth_open(s, &f->mouth) || claims_open(f->mouth, &f->claims) ||
	    servers_open(f->mouth, &f->servers) || routers_open(f->mouth, &f->routers) ||
	    roots_open(f->mouth, &f->roots)) {
		conflicts_close(f);
		return -ENOMEM;
	}
	*out = f;
	return 0;
}

uint64_t conflicts_unsaid(const struct conflicts *f)
{
	return mouth_unsaid(f->mouth);
}

void conflicts_close(struct conflicts *f)
{
	if (!f)
		return;
	claims_close(f->claims);
	servers_close(f->servers);
	routers_close(f->routers);
	roots_close(f->roots);
	mouth_close(f->mouth);
	free(f);
}
