/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which interface a fact is about, and whose it is: the rules of identify.h on MACs and addresses.
 */
#include <string.h>

#include "collector/identify_inside.h"
#include "collector/settle.h"

struct host *identify_host_of_mac(const struct world *world, const struct mac *mac)
{
	struct host *host = NULL;

	/* The newest come first: the last found is the oldest, and stays the same whatever comes. */
	for (struct interface *face = world_of_mac(world, mac); face; face = face->next_of_mac)
		if (!face->row.gone && face->has_mac && mac_equal(&face->mac, mac))
			host = face->host;
	return host;
}

struct host *identify_host_on_link(const struct world *world, const struct ip *ip)
{
	struct host *host = NULL;

	for (struct interface *face = world_of_ip(world, ip); face; face = face->next_of_ip) {
		if (face->row.gone || !face->has_mac || !ip_equal(&face->ip, ip))
			continue;
		if (host && host != face->host)
			return NULL;
		host = face->host;
	}
	return host;
}

/* Whose an address is that arrives through a router; `but`: the interface that asks, or NULL. */
static struct host *host_behind_router(const struct world *world, const struct ip *ip,
				       const struct interface *but)
{
	struct host *host = identify_host_on_link(world, ip);

	for (struct interface *face = world_of_ip(world, ip); face && !host; face = face->next_of_ip)
		if (face != but && !face->row.gone && !face->has_mac && face->row.now[INTERFACE_via].set &&
		    ip_equal(&face->ip, ip))
			host = face->host;
	return host;
}

/* A fold of a host that the database knows is noted, with why. */
static void fold_noted(struct world *world, struct interface *face, struct host *into, const char *rule,
		       const char *reason)
{
	struct host *from = face->host;
	struct decision *decision;

	if (from == into)
		return;
	identify_fold(world, face, into);
	if (from->row.is_new || face->row.is_new)
		return;
	decision = identify_decide(world, DECISION_FOLD, rule, into, from, reason);
	if (decision)
		decision->whole = from->row.gone;
}

/* A person gave the address to one host, and facts would give it to another: the person decides again. */
static bool given_otherwise(struct world *world, const struct interface *face, struct host *into)
{
	struct host *given = world_pinned(world, NULL, row_text(&face->row, INTERFACE_vlan), &face->ip);

	if (!given || given == into)
		return false;
	if (identify_may_join(given, into))
		identify_decide(world, DECISION_PROPOSAL, "address", given, into,
				identify_words(world,
					       "the address %s was given to the one by hand, and a MAC of the "
					       "other has it now",
					       row_text(&face->row, INTERFACE_ip)));
	return true;
}

/* Interfaces of this address alone are the MAC's now: in this VLAN, and behind routers when nobody else holds it. */
static void fold_address(struct world *world, struct interface *bound)
{
	bool alone = identify_host_on_link(world, &bound->ip) == bound->host;
	const char *ip = row_text(&bound->row, INTERFACE_ip);

	for (struct interface *face = world_of_ip(world, &bound->ip); face; face = face->next_of_ip) {
		struct row *row = &face->row;
		bool same = strcmp(row_text(row, INTERFACE_vlan), row_text(&bound->row, INTERFACE_vlan)) == 0;

		if (row->gone || face->has_mac || !ip_equal(&face->ip, &bound->ip))
			continue;
		if (!same && !(alone && row->now[INTERFACE_via].set))
			continue;
		if (!identify_may_join(face->host, bound->host) || given_otherwise(world, face, bound->host))
			continue;
		fold_noted(world, face, bound->host, same ? "mac" : "route",
			   identify_words(world,
					  same ? "the address %s, seen alone before, is that of the MAC %s"
					       : "%s behind a router is the one that the MAC %s holds",
					  ip, row_text(&bound->row, INTERFACE_mac)));
		/* Two rows of one address in one VLAN are one: the bound one, with what both counted. */
		if (same)
			identify_one_row(bound, face);
	}
}

/* A row of this MAC in this VLAN that has no address yet, or else its oldest: frames without an address are its. */
static struct interface *face_of_mac(const struct world *world, const char *vlan, const struct mac *mac)
{
	struct interface *oldest = NULL;

	for (struct interface *face = world_of_mac(world, mac); face; face = face->next_of_mac) {
		const struct row *row = &face->row;

		if (row->gone || !mac_equal(&face->mac, mac) ||
		    strcmp(row_text(row, INTERFACE_vlan), vlan) != 0)
			continue;
		if (!face->has_ip)
			return face;
		if (!oldest ||
		    row_number(row, INTERFACE_first_seen) < row_number(&oldest->row, INTERFACE_first_seen))
			oldest = face;
	}
	return oldest;
}

/* The host of an address that was seen without a MAC so far: in this VLAN, or behind routers when nobody else holds it. */
static struct host *host_alone(const struct world *world, const char *vlan, const struct ip *ip)
{
	struct interface *face = world_bound(world, vlan, NULL, ip);

	if (face)
		return face->host;
	if (identify_host_on_link(world, ip))
		return NULL;
	for (face = world_of_ip(world, ip); face; face = face->next_of_ip)
		if (!face->row.gone && !face->has_mac && face->row.now[INTERFACE_via].set &&
		    ip_equal(&face->ip, ip))
			return face->host;
	return NULL;
}

/* Whose a MAC with this address is: a person's word, then the MAC's host, then what is known of the address. */
static struct host *host_for(struct world *world, const char *vlan, const struct mac *mac, const struct ip *ip)
{
	const struct interface *holder;
	struct host *host;

	if (mac_is_virtual_router(mac)) {
		/* Shared by design: the address in its VLAN is the device, whoever speaks for it. */
		holder = ip ? world_holder(world, vlan, ip) : NULL;
		return holder ? holder->host : NULL;
	}
	host = world_pinned(world, mac, NULL, NULL);
	if (!host)
		host = identify_host_of_mac(world, mac);
	if (!host && ip) {
		host = world_pinned(world, NULL, vlan, ip);
		if (host) {
			world_pin(world, mac, vlan, ip, host);
			if (!world->failed)
				world->identity.pins->is_new = true;
		}
	}
	return host || !ip ? host : host_alone(world, vlan, ip);
}

/* The row of the address alone gets its MAC, so that what refers to it stays; NULL when there is none to be had. */
static struct interface *give_mac(struct world *world, const char *vlan, const struct mac *mac,
				  const struct ip *ip, struct host *host)
{
	struct interface *face = world_bound(world, vlan, NULL, ip);

	if (!face || !identify_may_join(face->host, host) || given_otherwise(world, face, host))
		return NULL;
	world_set_mac(world, face, mac);
	row_set_text(&face->row, INTERFACE_via, NULL);
	fold_noted(world, face, host, "mac",
		   identify_words(world, "the address %s, seen alone before, is that of the MAC %s",
				  row_text(&face->row, INTERFACE_ip), row_text(&face->row, INTERFACE_mac)));
	return face;
}

static struct interface *bind_mac(struct world *world, const char *vlan, const struct mac *mac,
				  const struct ip *ip)
{
	struct interface *face = world_bound(world, vlan, mac, ip);
	struct host *host;

	if (face)
		return face;
	if (!ip) {
		face = face_of_mac(world, vlan, mac);
		if (face)
			return face;
	}
	host = host_for(world, vlan, mac, ip);
	if (!host)
		host = world_host(world, NULL);
	face = ip ? give_mac(world, vlan, mac, ip, host) : NULL;
	if (!face)
		face = world_interface(world, NULL, host, vlan, mac, ip);
	host->asks = true;
	if (ip) {
		identify_move_address(world, face);
		fold_address(world, face);
	}
	identify_name_interface(world, face);
	return face;
}

/* A row of the MAC alone becomes that of its first address: it is the same face. */
static struct interface *bind_bare(struct world *world, const char *vlan, const struct mac *mac,
				   const struct ip *ip)
{
	struct interface *bare = world_bound(world, vlan, mac, NULL), *bound;

	bound = bind_mac(world, vlan, mac, ip);
	if (!bare || bound == bare || bare->row.gone)
		return bound;
	identify_fold(world, bare, bound->host);
	identify_one_row(bound, bare);
	return bound;
}

static struct interface *bind_ip(struct world *world, const char *vlan, const struct ip *ip,
				 const struct mac *via)
{
	struct interface *face = world_holder(world, vlan, ip);
	struct host *host;

	if (!face) {
		host = world_pinned(world, NULL, vlan, ip);
		if (!host && via)
			host = host_behind_router(world, ip, NULL);
		face = world_interface(world, NULL, host ? host : world_host(world, NULL), vlan, NULL, ip);
		identify_move_address(world, face);
		identify_name_interface(world, face);
	}
	/* An address that has a MAC here is on this link. */
	if (!via || face->has_mac)
		return face;
	/* A service or flow may have shown it before the hop in front of it was known: only now it tells whose it is. */
	if (!face->row.now[INTERFACE_via].set) {
		host = host_behind_router(world, ip, face);
		if (host && identify_may_join(host, face->host) && !given_otherwise(world, face, host))
			fold_noted(world, face, host, "route",
				   identify_words(world, "%s behind a router is the host that holds it",
						  row_text(&face->row, INTERFACE_ip)));
	}
	row_set_text(&face->row, INTERFACE_via, world_mac(world, via));
	return face;
}

static void seen(struct world *world, struct interface *face, const struct evidence *evidence)
{
	const struct fact *fact = evidence->fact;

	row_seen(&face->row, INTERFACE_first_seen, fact->first_us, fact->last_us);
	presence_seen(world, face->host, fact->first_us, fact->last_us, presence_until_us(fact));
	face->row.evidence = evidence->id;
	face->host->row.evidence = evidence->id;
	if (!row_text(&face->host->row, HOST_vendor))
		row_set_text(&face->host->row, HOST_vendor, row_text(&face->row, INTERFACE_vendor));
}

struct interface *identify_address(struct world *world, const struct evidence *evidence)
{
	const struct fact *fact = evidence->fact;
	const char *vlan = world_vlan(world, &fact->vlan);
	bool has_mac = FACT_HAS(fact, mac) && !mac_is_zero(&fact->mac) && !mac_is_group(&fact->mac);
	bool has_ip = FACT_HAS(fact, ip) && !ip_is_unspecified(&fact->ip) && !ip_is_multicast(&fact->ip);
	struct interface *face;

	if ((!has_mac && !has_ip) || world->failed || (FACT_HAS(fact, mac) && !has_mac))
		return NULL;
	world->identity.evidence = evidence->id;
	if (has_mac && has_ip) {
		face = identify_spoken_for(world, vlan, &fact->mac, &fact->ip, fact->first_us);
		/* What the router says of a device on this link tells nothing of when the device was there. */
		if (face && face->has_mac) {
			world->identity.evidence = NULL;
			return NULL;
		}
		if (!face)
			face = bind_bare(world, vlan, &fact->mac, &fact->ip);
	} else if (has_mac) {
		face = bind_mac(world, vlan, &fact->mac, NULL);
	} else {
		face = bind_ip(world, vlan, &fact->ip, FACT_HAS(fact, via) ? &fact->via : NULL);
	}
	seen(world, face, evidence);
	if (has_mac && has_ip)
		identify_spoken_before(world, face);
	world->identity.evidence = NULL;
	return face;
}

struct interface *identify_ip(struct world *world, const char *vlan, const struct ip *ip,
			      const struct evidence *evidence)
{
	struct interface *face = world_holder(world, vlan, ip);

	if (!face)
		face = bind_ip(world, vlan, ip, NULL);
	if (!face->row.now[INTERFACE_first_seen].set)
		seen(world, face, evidence);
	return face;
}

/* The oldest other host of this chassis that it may be. */
static struct host *host_of_chassis(const struct world *world, const char *chassis, const struct host *other)
{
	struct host *oldest = NULL;

	for (struct row *row = world->hosts; row; row = row->next) {
		struct host *host = (struct host *)row;

		if (row->gone || host == other || !host->chassis || strcmp(host->chassis, chassis) != 0 ||
		    !identify_may_join(host, other))
			continue;
		if (!oldest || row_number(row, HOST_first_seen) < row_number(&oldest->row, HOST_first_seen))
			oldest = host;
	}
	return oldest;
}

void identify_neighbor(struct world *world, const struct evidence *evidence)
{
	const struct fact *fact = evidence->fact;
	const char *chassis;
	struct host *same, *host, *stays;
	struct decision *decision;

	/* A sensor's report of its own machine, and a device that is asked, tell the same of their interfaces. */
	if ((fact->source != SOURCE_LLDP && fact->source != SOURCE_SENSOR && fact->source != SOURCE_SNMP) ||
	    !FACT_HAS(fact, chassis) || !fact->chassis.length || !FACT_HAS(fact, mac) ||
	    mac_is_zero(&fact->mac) || mac_is_group(&fact->mac) || mac_is_virtual_router(&fact->mac))
		return;
	chassis = world_text(world, &fact->chassis);
	world->identity.evidence = evidence->id;
	seen(world, bind_mac(world, world_vlan(world, &fact->vlan), &fact->mac, NULL), evidence);
	host = identify_host_of_mac(world, &fact->mac);
	if (host && (!host->chassis || strcmp(host->chassis, chassis) != 0)) {
		host->chassis = chassis;
		host->touched = true;
	}
	same = host ? host_of_chassis(world, chassis, host) : NULL;
	if (same && !world->failed) {
		bool known = !host->row.is_new && !same->row.is_new;

		stays = identify_merge(world, host, same);
		decision = identify_decide(
			world, DECISION_MERGE, "chassis", stays, stays == host ? same : host,
			identify_words(
				world,
				fact->source == SOURCE_LLDP ? "both are ports of the LLDP chassis %s"
				: fact->source == SOURCE_SNMP
					? "the device says by SNMP that both are its ports, of the chassis %s"
					: "the sensor says that both are of its machine, %s",
				chassis));
		if (decision)
			decision->whole = known;
	}
	world->identity.evidence = NULL;
}
