/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a host is called: a person's word before all, then by who says it.
 */
#include <string.h>

#include "collector/identify_inside.h"

/* Who says a name, the most trusted first: the lease, the device itself, then what others call it. */
static const char *const name_sources[] = {"dhcp", "mdns",     "lldp",	 "cdp",	     "fdp",   "edp",
					   "udld", "profinet", "mndp",	 "ubiquiti", "llmnr", "nbns",
					   "snmp", "dns",      "dhcpv6", "sensor",   "import"};
static const char *const name_kinds[] = {"hostname", "fqdn", "netbios"};
static const char by_person[] = "manual";

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
static bool better(const struct host *host, const struct known_name *name)
{
	const char *had = row_text(&host->row, HOST_name_source);
	int rank, old;

	if (had && strcmp(had, by_person) == 0)
		return false;
	if (strcmp(name->source, by_person) == 0)
		return true;
	rank = identify_name_rank(name->source, name->kind);
	old = had ? identify_name_rank(had, host->name_kind ? host->name_kind : "hostname") : -1;
	if (rank < 0)
		return false;
	return old < 0 || rank < old ||
	       (rank == old && name->last_us > host->name_last_us && strcmp(name->source, "dns") != 0);
}

void identify_name_host(struct host *host, const struct known_name *name, const char *evidence)
{
	if (!better(host, name))
		return;
	row_set_text(&host->row, HOST_name, name->name);
	row_set_text(&host->row, HOST_name_source, name->source);
	host->name_kind = name->kind;
	host->name_last_us = name->last_us;
	host->touched = true;
	if (evidence)
		host->row.evidence = evidence;
}

void identify_name_interface(struct world *world, struct interface *face)
{
	const char *mac = row_text(&face->row, INTERFACE_mac), *ip = row_text(&face->row, INTERFACE_ip);

	for (const struct known_name *name = world->names; name; name = name->next) {
		bool of_mac = name->mac && mac && strcmp(name->mac, mac) == 0;
		bool of_ip = name->ip && ip && strcmp(name->ip, ip) == 0 &&
			     strcmp(name->vlan, row_text(&face->row, INTERFACE_vlan)) == 0;

		if (!of_mac && !of_ip)
			continue;
		identify_name_host(face->host, name, NULL);
		identify_name_signal(world, face, name->name, name->source, name->last_us, name->last_us);
	}
}

struct host *identify_name(struct world *world, const struct evidence *evidence)
{
	const struct fact *fact = evidence->fact;
	struct known_name name = {
		.name = world_text(world, &fact->name),
		.source = fact_source_names[fact->source],
		.kind = world_text(world, &fact->name_kind),
		.last_us = fact->last_us,
	};
	const struct interface *face = NULL;

	if (FACT_HAS(fact, mac))
		for (face = world_of_mac(world, &fact->mac);
		     face && (face->row.gone || !face->has_mac || !mac_equal(&face->mac, &fact->mac));)
			face = face->next_of_mac;
	if (!face && FACT_HAS(fact, ip))
		face = world_holder(world, world_vlan(world, &fact->vlan), &fact->ip);
	if (!face || world->failed)
		return NULL;
	identify_name_host(face->host, &name, evidence->id);
	world->identity.evidence = evidence->id;
	if (identify_name_rank(name.source, name.kind) >= 0)
		identify_name_signal(world, face, name.name, name.source, fact->first_us, fact->last_us);
	world->identity.evidence = NULL;
	return face->host;
}
