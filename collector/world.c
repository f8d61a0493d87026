/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists and look-ups. A failed allocation marks the world; callers then get a row of no consequence, in no list.
 */
#include <stdio.h>
#include <string.h>

#include "collector/world.h"

/* FNV-1a: these keys come from a batch that is bounded, in tables that live as long as it. */
static size_t bucket(const void *bytes, size_t length)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ ((const uint8_t *)bytes)[i]) * UINT64_C(1099511628211);
	return (hash ^ hash >> 32) % WORLD_BUCKETS;
}

static size_t text_bucket(const char *text)
{
	return bucket(text, strlen(text));
}

static void *take(struct world *world, size_t size)
{
	static char nothing[sizeof(struct interface) + sizeof(struct host) + sizeof(struct evidence)];
	void *taken = arena_take(&world->arena, size);

	if (taken)
		return taken;
	world->failed = true;
	return size <= sizeof(nothing) ? memset(nothing, 0, sizeof(nothing)) : NULL;
}

static const char *text(struct world *world, const char *bytes)
{
	const char *copy = arena_text(&world->arena, bytes, strlen(bytes));

	if (copy)
		return copy;
	world->failed = true;
	return "";
}

static struct row *row_begin(struct world *world, size_t size, enum entity_id entity, const char *id)
{
	char made[ID_TEXT_MAX];
	struct row *row = take(world, size);

	row->entity = entity;
	row->is_new = !id;
	row_set_text(row, 0, text(world, id ? id : world->make_id(made)));
	return row;
}

static void row_list(struct world *world, struct row **list, struct row *row)
{
	size_t at = text_bucket(row_text(row, 0));

	if (world->failed)
		return;
	row->next = *list;
	*list = row;
	row->next_of_id = world->by_id[at];
	world->by_id[at] = row;
}

struct host *world_host(struct world *world, const char *id)
{
	struct row *row = row_begin(world, sizeof(struct host), ENTITY_host_id, id);

	row_list(world, &world->hosts, row);
	return (struct host *)row;
}

struct interface *world_interface(struct world *world, const char *id, struct host *host, const char *vlan,
				  const struct mac *mac, const struct ip *ip)
{
	struct row *row = row_begin(world, sizeof(struct interface), ENTITY_interface_id, id);
	struct interface *face = (struct interface *)row;

	row_set_text(row, INTERFACE_vlan, vlan);
	row_set_number(row, INTERFACE_random_mac, 0);
	for (size_t i = INTERFACE_packets; i <= INTERFACE_bytes_in; i++)
		row_set_number(row, i, 0);
	world_set_host(world, face, host);
	if (mac)
		world_set_mac(world, face, mac);
	if (ip) {
		size_t at = bucket(ip->bytes, sizeof(ip->bytes));

		face->ip = *ip;
		face->has_ip = true;
		row_set_text(row, INTERFACE_ip, world_ip(world, ip));
		if (world->failed)
			return face;
		face->next_of_ip = world->by_ip[at];
		world->by_ip[at] = face;
	}
	row_list(world, &world->interfaces, row);
	return face;
}

struct row *world_service(struct world *world, const char *id)
{
	struct row *row = row_begin(world, sizeof(*row), ENTITY_service_id, id);

	row_list(world, &world->services, row);
	return row;
}

struct row *world_flow(struct world *world, const char *id)
{
	struct row *row = row_begin(world, sizeof(*row), ENTITY_flow_id, id);

	row_list(world, &world->flows, row);
	return row;
}

struct row *world_neighbor(struct world *world, const char *id)
{
	struct row *row = row_begin(world, sizeof(*row), ENTITY_neighbor_id, id);

	row_list(world, &world->neighbors, row);
	return row;
}

struct row *world_link(struct world *world, const char *id)
{
	struct row *row = row_begin(world, sizeof(*row), ENTITY_link_id, id);

	row_list(world, &world->links, row);
	return row;
}

struct evidence *world_evidence(struct world *world, const char *id)
{
	struct evidence *evidence = take(world, sizeof(*evidence));
	size_t at = text_bucket(id);

	evidence->id = text(world, id);
	if (world->failed)
		return evidence;
	evidence->next = world->evidence_by_id[at];
	world->evidence_by_id[at] = evidence;
	evidence->next_all = world->evidence;
	world->evidence = evidence;
	return evidence;
}

struct row *world_find(const struct world *world, enum entity_id entity, const char *id)
{
	for (struct row *row = world->by_id[text_bucket(id)]; row; row = row->next_of_id)
		if (row->entity == entity && strcmp(row_text(row, 0), id) == 0)
			return row;
	return NULL;
}

struct evidence *world_find_evidence(const struct world *world, const char *id)
{
	for (struct evidence *evidence = world->evidence_by_id[text_bucket(id)]; evidence;
	     evidence = evidence->next)
		if (strcmp(evidence->id, id) == 0)
			return evidence;
	return NULL;
}

struct interface *world_of_mac(const struct world *world, const struct mac *mac)
{
	return world->by_mac[bucket(mac->bytes, sizeof(mac->bytes))];
}

struct interface *world_of_ip(const struct world *world, const struct ip *ip)
{
	return world->by_ip[bucket(ip->bytes, sizeof(ip->bytes))];
}

static bool in_vlan(const struct interface *face, const char *vlan)
{
	return !face->row.gone && strcmp(row_text(&face->row, INTERFACE_vlan), vlan) == 0;
}

struct interface *world_bound(const struct world *world, const char *vlan, const struct mac *mac,
			      const struct ip *ip)
{
	struct interface *face = mac ? world_of_mac(world, mac) : ip ? world_of_ip(world, ip) : NULL;

	for (; face; face = mac ? face->next_of_mac : face->next_of_ip) {
		if (!in_vlan(face, vlan) || face->has_mac != (mac != NULL) || face->has_ip != (ip != NULL))
			continue;
		if ((!mac || mac_equal(&face->mac, mac)) && (!ip || ip_equal(&face->ip, ip)))
			return face;
	}
	return NULL;
}

struct interface *world_holder(const struct world *world, const char *vlan, const struct ip *ip)
{
	struct interface *best = NULL;

	for (struct interface *face = world_of_ip(world, ip); face; face = face->next_of_ip) {
		if (!in_vlan(face, vlan) || !ip_equal(&face->ip, ip))
			continue;
		if (!best || (face->has_mac && !best->has_mac) ||
		    (face->has_mac == best->has_mac &&
		     row_number(&face->row, INTERFACE_last_seen) > row_number(&best->row, INTERFACE_last_seen)))
			best = face;
	}
	return best;
}

void world_set_mac(struct world *world, struct interface *face, const struct mac *mac)
{
	size_t at = bucket(mac->bytes, sizeof(mac->bytes));

	face->mac = *mac;
	face->has_mac = true;
	row_set_text(&face->row, INTERFACE_mac, world_mac(world, mac));
	row_set_number(&face->row, INTERFACE_random_mac, mac_is_random(mac));
	row_set_text(&face->row, INTERFACE_vendor,
		     world->vendor ? world->vendor(world->vendor_context, mac) : NULL);
	if (world->failed)
		return;
	face->next_of_mac = world->by_mac[at];
	world->by_mac[at] = face;
}

void world_clear_mac(struct world *world, struct interface *face)
{
	struct interface **at = &world->by_mac[bucket(face->mac.bytes, sizeof(face->mac.bytes))];

	while (*at && *at != face)
		at = &(*at)->next_of_mac;
	if (*at)
		*at = face->next_of_mac;
	face->next_of_mac = NULL;
	face->mac = (struct mac){0};
	face->has_mac = false;
	row_set_text(&face->row, INTERFACE_mac, NULL);
	row_set_text(&face->row, INTERFACE_vendor, NULL);
	row_set_number(&face->row, INTERFACE_random_mac, 0);
}

void world_set_host(struct world *world, struct interface *face, struct host *host)
{
	(void)world;
	if (face->host)
		face->host->faces--;
	face->host = host;
	host->faces++;
	row_set_text(&face->row, INTERFACE_host_id, row_text(&host->row, HOST_id));
}

const char *world_vlan(struct world *world, const struct vlan_tags *tags)
{
	char out[40] = "{";
	size_t used = 1;

	for (size_t i = 0; i < tags->count; i++)
		used += (size_t)snprintf(out + used, sizeof(out) - used, "%s%u", i ? "," : "", tags->id[i]);
	snprintf(out + used, sizeof(out) - used, "}");
	return text(world, out);
}

const char *world_mac(struct world *world, const struct mac *mac)
{
	char out[ADDR_TEXT_MAX];

	return text(world, mac_text(mac, out));
}

const char *world_ip(struct world *world, const struct ip *ip)
{
	char out[ADDR_TEXT_MAX];

	return text(world, ip_text(ip, out));
}

const char *world_text(struct world *world, const struct text *from)
{
	size_t zeros = 0, used = 0;
	char *out;

	for (size_t i = 0; i < from->length; i++)
		zeros += !from->bytes[i];
	out = take(world, from->length + zeros * strlen("x00") + 1);
	if (!out)
		return "";
	for (size_t i = 0; i < from->length && !world->failed; i++) {
		if (from->bytes[i])
			out[used++] = from->bytes[i];
		else
			used += (size_t)sprintf(out + used, "\\x00");
	}
	return out;
}

static const char *id_from(struct world *world, const char *key, size_t length)
{
	const size_t longest = (size_t)WORLD_KEY_MAX * 2 - 1; /* what snprintf() kept of it */
	char id[ID_TEXT_MAX];

	return text(world, id_of(key, length < longest ? length : longest, id));
}

const char *world_service_id(struct world *world, const char *vlan, const char *ip, uint64_t port,
			     const char *proto)
{
	char key[WORLD_KEY_MAX * 2];
	int length = snprintf(key, sizeof(key), "service|%s|%s|%s|%llu|%s", world->network_id, vlan, ip,
			      (unsigned long long)port, proto);

	return id_from(world, key, (size_t)length);
}

const char *world_flow_id(struct world *world, const char *vlan, const char *client, const char *server,
			  uint64_t port, const char *proto)
{
	char key[WORLD_KEY_MAX * 2];
	int length = snprintf(key, sizeof(key), "flow|%s|%s|%s|%s|%llu|%s", world->network_id, vlan, client,
			      server, (unsigned long long)port, proto);

	return id_from(world, key, (size_t)length);
}

void world_free(struct world *world)
{
	buffer_free(&world->own_macs);
	arena_free(&world->arena);
}
