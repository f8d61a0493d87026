/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which hosts are to be concluded anew (recognize_work.c): those of which something was said that was not said before, or that have other
 * interfaces or services now. What is said again makes no difference.
 */
#include <string.h>

#include "collector/ingest_sql.h"

static void due(struct host *host)
{
	while (host && host->folded_into)
		host = host->folded_into;
	if (host)
		host->due = true;
}

static void due_by_id(struct world *world, const char *id)
{
	if (id)
		due((struct host *)world_find(world, ENTITY_host_id, id));
}

static bool due_by_mac(struct world *world, const struct mac *mac)
{
	for (struct interface *face = world_of_mac(world, mac); face; face = face->next_of_mac)
		if (face->has_mac && !face->row.gone && memcmp(&face->mac, mac, sizeof(*mac)) == 0) {
			due(face->host);
			return true;
		}
	return false;
}

/* MACs and addresses of which something was said, and whose interfaces the batch had no need to read. */
struct unread {
	struct buffer macs, vlans, ips;
	const struct mac *mac; /* the last of each: facts of one come one after another */
	const struct ip *ip;
};

static void unread_mac(struct world *world, struct unread *unread, const struct mac *mac)
{
	if (unread->mac && memcmp(unread->mac, mac, sizeof(*mac)) == 0)
		return;
	unread->mac = mac;
	array_add_plain(&unread->macs, world_mac(world, mac));
}

static void unread_ip(struct world *world, struct unread *unread, const struct fact *fact)
{
	if (unread->ip && ip_equal(unread->ip, &fact->ip))
		return;
	unread->ip = &fact->ip;
	array_add_text(&unread->vlans, world_vlan(world, &fact->vlan));
	array_add_plain(&unread->ips, world_ip(world, &fact->ip));
}

/* Whose it is, what a fact says: of its MAC, and of who holds its address. */
static void due_by_evidence(struct world *world, const struct evidence *e, struct unread *unread)
{
	const struct fact *fact = e->fact;
	struct interface *holder;

	if (!fact || (e->known && e->hash == e->had_hash) || fact->kind == FACT_FLOW ||
	    fact->kind == FACT_LOSS || fact->kind == FACT_HOST || fact->kind == FACT_ADDRESS ||
	    fact->kind == FACT_CONFLICT)
		return;
	if (FACT_HAS(fact, mac) && !due_by_mac(world, &fact->mac))
		unread_mac(world, unread, &fact->mac);
	if (!FACT_HAS(fact, ip))
		return;
	holder = world_holder(world, world_vlan(world, &fact->vlan), &fact->ip);
	if (holder)
		due(holder->host);
	else
		unread_ip(world, unread, fact);
}

static void due_by_interface(struct world *world, const struct interface *face)
{
	const char *via = row_text(&face->row, INTERFACE_via);
	struct mac hop;

	if (face->row.gone || !row_changed_itself(&face->row))
		return;
	due(face->host);
	/* Who has something behind it for the first time is a router now. */
	if (face->row.is_new && via && mac_parse(via, &hop) == 0)
		due_by_mac(world, &hop);
}

void ingest_due(struct world *world, struct db_session *s)
{
	struct unread unread = {.mac = NULL};
	struct buffer hosts = {0};

	for (const struct evidence *e = world->evidence; e; e = e->next_all)
		due_by_evidence(world, e, &unread);
	for (const struct row *row = world->interfaces; row; row = row->next)
		due_by_interface(world, (const struct interface *)row);
	for (const struct row *row = world->services; row; row = row->next)
		if (row_changed_itself(row))
			due_by_id(world, row_text(row, SERVICE_host_id));
	if (world->clients)
		for (const struct row *row = world->flows; row; row = row->next)
			if (row->is_new)
				due_by_id(world, row_text(row, FLOW_client_host_id));
	for (const struct row *row = world->hosts; row; row = row->next)
		if (((const struct host *)row)->due && !row->gone)
			array_add_plain(&hosts, row_text(row, HOST_id));
	if (hosts.length)
		DB_ADD(s, SQL_RECOGNIZE_DUE, world->network_id, array_text(&hosts));
	if (unread.macs.length || unread.ips.length)
		DB_ADD(s, SQL_RECOGNIZE_DUE_AT, world->network_id, array_text(&unread.macs),
		       array_text(&unread.vlans), array_text(&unread.ips));
	world->failed |= hosts.failed || unread.macs.failed || unread.vlans.failed || unread.ips.failed;
	buffer_free(&hosts);
	buffer_free(&unread.macs);
	buffer_free(&unread.vlans);
	buffer_free(&unread.ips);
}
