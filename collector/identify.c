/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rules of identify.h, one function each.
 */
#include <string.h>

#include "collector/identify.h"

/* Who says a name, the most trusted first: the lease, the device itself, then what others call it. */
static const char *const name_sources[] = {"dhcp", "mdns", "lldp", "cdp", "llmnr", "nbns", "dns", "dhcpv6"};
static const char *const name_kinds[] = {"hostname", "fqdn", "netbios"};

static int rank_in(const char *const *list, size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i], word) == 0)
			return (int)i;
	return -1;
}

int identify_name_rank(const char *source, const char *kind)
{
	size_t kinds = sizeof(name_kinds) / sizeof(name_kinds[0]);
	int of_source = rank_in(name_sources, sizeof(name_sources) / sizeof(name_sources[0]), source);
	int of_kind = rank_in(name_kinds, kinds, kind);

	return of_source < 0 || of_kind < 0 ? -1 : of_source * (int)kinds + of_kind;
}

/* A better source wins. Of the same, the later word does, except that an address may have many names in the DNS. */
static void name_host(struct host *host, const struct known_name *name, const char *evidence)
{
	const char *had = row_text(&host->row, HOST_name_source);
	int rank = identify_name_rank(name->source, name->kind);
	int old = had ? identify_name_rank(had, host->name_kind ? host->name_kind : "hostname") : -1;
	bool better;

	if (rank < 0)
		return;
	better = old < 0 || rank < old ||
		 (rank == old && name->last_us > host->name_last_us && strcmp(name->source, "dns") != 0);
	if (!better)
		return;
	row_set_text(&host->row, HOST_name, name->name);
	row_set_text(&host->row, HOST_name_source, name->source);
	host->name_kind = name->kind;
	host->name_last_us = name->last_us;
	if (evidence)
		host->row.evidence = evidence;
}

/* Names that were said before the device was seen. */
static void name_interface(struct world *world, struct interface *face)
{
	const char *mac = row_text(&face->row, INTERFACE_mac), *ip = row_text(&face->row, INTERFACE_ip);

	for (const struct known_name *name = world->names; name; name = name->next) {
		bool of_mac = name->mac && mac && strcmp(name->mac, mac) == 0;
		bool of_ip = name->ip && ip && strcmp(name->ip, ip) == 0 &&
			     strcmp(name->vlan, row_text(&face->row, INTERFACE_vlan)) == 0;

		if (of_mac || of_ip)
			name_host(face->host, name, NULL);
	}
}

static struct host *host_of_mac(const struct world *world, const struct mac *mac)
{
	struct host *host = NULL;

	/* The newest come first: the last found is the oldest, and stays the same whatever comes. */
	for (struct interface *face = world_of_mac(world, mac); face; face = face->next_of_mac)
		if (!face->row.gone && mac_equal(&face->mac, mac))
			host = face->host;
	return host;
}

/* The one host that holds the address with a MAC of its own, in any VLAN; NULL when there is none, or several. */
static struct host *host_on_link(const struct world *world, const struct ip *ip)
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
	struct host *host = host_on_link(world, ip);

	for (struct interface *face = world_of_ip(world, ip); face && !host; face = face->next_of_ip)
		if (face != but && !face->row.gone && !face->has_mac && face->row.now[INTERFACE_via].set &&
		    ip_equal(&face->ip, ip))
			host = face->host;
	return host;
}

static struct host *host_new(struct world *world)
{
	return world_host(world, NULL);
}

static void move_address(struct world *world, const struct interface *face)
{
	struct moved_address *moved;

	if (!face->has_ip)
		return;
	moved = arena_take(&world->arena, sizeof(*moved));
	if (!moved) {
		world->failed = true;
		return;
	}
	moved->face = face;
	moved->next = world->moved;
	world->moved = moved;
}

/* The whole of one host becomes part of another. Its services and flows follow when the batch is written. */
static void fold(struct world *world, struct interface *face, struct host *into)
{
	struct host *from = face->host;

	if (from == into)
		return;
	world_set_host(world, face, into);
	move_address(world, face);
	row_seen(&into->row, HOST_first_seen, row_number(&from->row, HOST_first_seen),
		 row_number(&from->row, HOST_last_seen));
	if (row_text(&from->row, HOST_name)) {
		struct known_name name = {
			.name = row_text(&from->row, HOST_name),
			.source = row_text(&from->row, HOST_name_source),
			.kind = from->name_kind ? from->name_kind : "hostname",
			.last_us = from->name_last_us,
		};

		name_host(into, &name, NULL);
	}
	if (!from->faces) {
		from->row.gone = true;
		from->folded_into = into;
	}
}

/* Interfaces of this address alone are the MAC's now: in this VLAN, and behind routers when nobody else holds it. */
static void fold_address(struct world *world, struct interface *bound)
{
	bool alone = host_on_link(world, &bound->ip) == bound->host;

	for (struct interface *face = world_of_ip(world, &bound->ip); face; face = face->next_of_ip) {
		struct row *row = &face->row;
		bool same = strcmp(row_text(row, INTERFACE_vlan), row_text(&bound->row, INTERFACE_vlan)) == 0;

		if (row->gone || face->has_mac || !ip_equal(&face->ip, &bound->ip))
			continue;
		if (!same && !(alone && row->now[INTERFACE_via].set))
			continue;
		fold(world, face, bound->host);
		if (!same)
			continue;
		/* Two rows of one address in one VLAN are one: the bound one, with what both counted. */
		for (size_t i = INTERFACE_packets; i <= INTERFACE_bytes_in; i++)
			row_add(&bound->row, i, (uint64_t)row_number(row, i));
		row_seen(&bound->row, INTERFACE_first_seen, row_number(row, INTERFACE_first_seen),
			 row_number(row, INTERFACE_last_seen));
		row->gone = true;
		bound->host->faces--;
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

static struct interface *bind_mac(struct world *world, const char *vlan, const struct mac *mac,
				  const struct ip *ip)
{
	struct interface *face = world_bound(world, vlan, mac, ip), *holder;
	struct host *host;

	if (face)
		return face;
	if (!ip) {
		face = face_of_mac(world, vlan, mac);
		if (face)
			return face;
	}
	host = mac_is_virtual_router(mac) ? NULL : host_of_mac(world, mac);
	if (mac_is_virtual_router(mac) && ip) {
		/* Shared by design: the address in its VLAN is the device, whoever speaks for it. */
		holder = world_holder(world, vlan, ip);
		host = holder ? holder->host : NULL;
	}
	face = world_interface(world, NULL, host ? host : host_new(world), vlan, mac, ip);
	if (ip) {
		move_address(world, face);
		fold_address(world, face);
	}
	name_interface(world, face);
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
	for (size_t i = INTERFACE_packets; i <= INTERFACE_bytes_in; i++)
		row_add(&bound->row, i, (uint64_t)row_number(&bare->row, i));
	row_seen(&bound->row, INTERFACE_first_seen, row_number(&bare->row, INTERFACE_first_seen),
		 row_number(&bare->row, INTERFACE_last_seen));
	fold(world, bare, bound->host);
	bare->row.gone = true;
	bare->host->faces--;
	return bound;
}

static struct interface *bind_ip(struct world *world, const char *vlan, const struct ip *ip,
				 const struct mac *via)
{
	struct interface *face = world_holder(world, vlan, ip);
	struct host *host;

	if (!face) {
		host = via ? host_behind_router(world, ip, NULL) : NULL;
		face = world_interface(world, NULL, host ? host : host_new(world), vlan, NULL, ip);
		move_address(world, face);
		name_interface(world, face);
	}
	/* An address that has a MAC here is on this link. */
	if (!via || face->has_mac)
		return face;
	/* A service or flow may have shown it before the hop in front of it was known: only now it tells whose it is. */
	if (!face->row.now[INTERFACE_via].set) {
		host = host_behind_router(world, ip, face);
		if (host)
			fold(world, face, host);
	}
	row_set_text(&face->row, INTERFACE_via, world_mac(world, via));
	return face;
}

static void seen(struct interface *face, const struct evidence *evidence)
{
	const struct fact *fact = evidence->fact;

	row_seen(&face->row, INTERFACE_first_seen, fact->first_us, fact->last_us);
	row_seen(&face->host->row, HOST_first_seen, fact->first_us, fact->last_us);
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
	if (has_mac)
		face = has_ip ? bind_bare(world, vlan, &fact->mac, &fact->ip)
			      : bind_mac(world, vlan, &fact->mac, NULL);
	else
		face = bind_ip(world, vlan, &fact->ip, FACT_HAS(fact, via) ? &fact->via : NULL);
	seen(face, evidence);
	return face;
}

struct interface *identify_ip(struct world *world, const char *vlan, const struct ip *ip,
			      const struct evidence *evidence)
{
	struct interface *face = world_holder(world, vlan, ip);

	if (!face)
		face = bind_ip(world, vlan, ip, NULL);
	if (!face->row.now[INTERFACE_first_seen].set)
		seen(face, evidence);
	return face;
}

/* The oldest other host of this chassis. */
static struct host *host_of_chassis(const struct world *world, const char *chassis, const struct host *other)
{
	struct host *oldest = NULL;

	for (struct row *row = world->hosts; row; row = row->next) {
		struct host *host = (struct host *)row;

		if (row->gone || host == other || !host->chassis || strcmp(host->chassis, chassis) != 0)
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
	struct interface *face;
	struct host *same, *host;

	if (fact->source != SOURCE_LLDP || !FACT_HAS(fact, chassis) || !fact->chassis.length ||
	    !FACT_HAS(fact, mac) || mac_is_zero(&fact->mac) || mac_is_group(&fact->mac) ||
	    mac_is_virtual_router(&fact->mac))
		return;
	chassis = world_text(world, &fact->chassis);
	face = bind_mac(world, world_vlan(world, &fact->vlan), &fact->mac, NULL);
	seen(face, evidence);
	host = face->host;
	if (!host->chassis || strcmp(host->chassis, chassis) != 0) {
		host->chassis = chassis;
		host->touched = true;
	}
	same = host_of_chassis(world, chassis, host);
	for (struct row *row = same ? world->interfaces : NULL; row && !world->failed; row = row->next)
		if (!row->gone && ((struct interface *)row)->host == host)
			fold(world, (struct interface *)row, same);
}

void identify_name(struct world *world, const struct evidence *evidence)
{
	const struct fact *fact = evidence->fact;
	struct known_name name = {
		.name = world_text(world, &fact->name),
		.source = fact_source_names[fact->source],
		.kind = world_text(world, &fact->name_kind),
		.last_us = fact->last_us,
	};
	struct host *host = FACT_HAS(fact, mac) ? host_of_mac(world, &fact->mac) : NULL;

	if (!host && FACT_HAS(fact, ip)) {
		const struct interface *face = world_holder(world, world_vlan(world, &fact->vlan), &fact->ip);

		host = face ? face->host : NULL;
	}
	if (host && !world->failed)
		name_host(host, &name, evidence->id);
}
