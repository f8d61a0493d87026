/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Routers that speak for others (proxy ARP, RFC 1027; ND proxies): a MAC that is a hop for others, and that says an
 * address which a device that is no router holds by a MAC of its own. Its first address in a VLAN is always its own. The
 * address is then the device's, reached through the router, and not one more face of the router.
 */
#include <string.h>

#include "collector/identify_inside.h"

#define ALIVE_US (INT64_C(86400) * 1000000) /* a holder in another VLAN that was seen within a day is there */

void identify_routers(struct world *world, const struct fact *facts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (FACT_HAS(&facts[i], via))
			world_router(world, &facts[i].via);
		if (facts[i].kind == FACT_ROUTE && FACT_HAS(&facts[i], mac))
			world_router(world, &facts[i].mac);
	}
}

/* Whether the router has an older address of its own of this version in the VLAN. */
static bool has_own(const struct world *world, const char *vlan, const struct mac *mac, const struct ip *ip,
		    int64_t first_us)
{
	for (const struct interface *face = world_of_mac(world, mac); face; face = face->next_of_mac) {
		if (face->row.gone || !face->has_mac || !face->has_ip || !mac_equal(&face->mac, mac) ||
		    face->ip.version != ip->version || ip_equal(&face->ip, ip) || ip_is_link_local(&face->ip))
			continue;
		if (strcmp(row_text(&face->row, INTERFACE_vlan), vlan) == 0 &&
		    row_number(&face->row, INTERFACE_first_seen) <= first_us)
			return true;
	}
	return false;
}

static bool is_device(const struct world *world, const struct interface *face)
{
	return !face->row.gone && face->has_mac && !mac_is_virtual_router(&face->mac) &&
	       !world_is_router(world, &face->mac);
}

/* first_us: since when the router says it. In its own VLAN a holder is one that was seen after that. */
static bool holds(const struct interface *face, const char *vlan, int64_t first_us)
{
	bool same = strcmp(row_text(&face->row, INTERFACE_vlan), vlan) == 0;
	int64_t last_us = row_number(&face->row, INTERFACE_last_seen);

	return same ? last_us >= first_us : last_us + ALIVE_US >= first_us;
}

static struct interface *owner_of(const struct world *world, const char *vlan, const struct ip *ip,
				  int64_t first_us)
{
	for (struct interface *face = world_of_ip(world, ip); face; face = face->next_of_ip)
		if (is_device(world, face) && ip_equal(&face->ip, ip) && holds(face, vlan, first_us))
			return face;
	return NULL;
}

/* The router's row becomes that of an address behind it, or goes when the device has one in this VLAN. */
static void give_back(struct world *world, struct interface *face, struct interface *owner)
{
	struct host *router = face->host;
	struct mac mac = face->mac;
	bool known = !face->row.is_new;

	if (known)
		identify_decide(world, DECISION_SPLIT, "route", owner->host, router,
				identify_words(world, "the router %s speaks for %s, which %s holds itself",
					       row_text(&face->row, INTERFACE_mac),
					       row_text(&face->row, INTERFACE_ip),
					       row_text(&owner->row, INTERFACE_mac)));
	world_set_host(world, face, owner->host);
	if (strcmp(row_text(&face->row, INTERFACE_vlan), row_text(&owner->row, INTERFACE_vlan)) == 0) {
		identify_one_row(owner, face);
		return;
	}
	world_clear_mac(world, face);
	row_set_text(&face->row, INTERFACE_via, world_mac(world, &mac));
	identify_move_address(world, face);
}

struct interface *identify_spoken_for(struct world *world, const char *vlan, const struct mac *mac,
				      const struct ip *ip, int64_t first_us)
{
	struct interface *owner, *face;

	if (mac_is_virtual_router(mac) || !world_is_router(world, mac) ||
	    !has_own(world, vlan, mac, ip, first_us))
		return NULL;
	owner = owner_of(world, vlan, ip, first_us);
	if (!owner)
		return NULL;
	face = world_bound(world, vlan, mac, ip);
	if (face)
		give_back(world, face, owner);
	if (strcmp(row_text(&owner->row, INTERFACE_vlan), vlan) == 0)
		return owner;
	face = world_bound(world, vlan, NULL, ip);
	if (!face) {
		face = world_interface(world, NULL, owner->host, vlan, NULL, ip);
		identify_move_address(world, face);
	}
	row_set_text(&face->row, INTERFACE_via, world_mac(world, mac));
	return face;
}

void identify_spoken_before(struct world *world, struct interface *owner)
{
	if (!owner->has_ip || !is_device(world, owner))
		return;
	for (struct interface *face = world_of_ip(world, &owner->ip); face; face = face->next_of_ip) {
		const char *vlan = row_text(&face->row, INTERFACE_vlan);
		int64_t first_us = row_number(&face->row, INTERFACE_first_seen);

		if (face == owner || face->row.gone || !face->has_mac || !ip_equal(&face->ip, &owner->ip) ||
		    mac_is_virtual_router(&face->mac) || !world_is_router(world, &face->mac))
			continue;
		if (has_own(world, vlan, &face->mac, &face->ip, first_us) && holds(owner, vlan, first_us))
			give_back(world, face, owner);
	}
}
