/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists of world_identity.h. A failed allocation marks the world.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/world.h"

const char *const signal_names[SIGNAL_KIND_COUNT] = {
	[SIGNAL_CLIENT_ID] = "client_id", [SIGNAL_DUID] = "duid", [SIGNAL_SSH_KEY] = "ssh_key",
	[SIGNAL_TLS_KEY] = "tls_key",	  [SIGNAL_NAME] = "name", [SIGNAL_FINGERPRINT] = "fingerprint",
};

static void *take(struct world *world, size_t size)
{
	void *taken = arena_take(&world->arena, size);

	if (!taken)
		world->failed = true;
	return taken;
}

const char *world_copy(struct world *world, const char *text)
{
	const char *copy = arena_text(&world->arena, text, strlen(text));

	if (!copy)
		world->failed = true;
	return copy ? copy : "";
}

static size_t bucket(enum signal_kind kind, const char *value)
{
	uint64_t hash = UINT64_C(14695981039346656037) ^ (uint64_t)kind;

	for (; *value; value++)
		hash = (hash ^ (uint8_t)*value) * UINT64_C(1099511628211);
	return (hash ^ hash >> 32) % IDENTITY_BUCKETS;
}

struct signal *world_signals_of(const struct world *world, enum signal_kind kind, const char *value)
{
	return world->identity.by_value[bucket(kind, value)];
}

static bool said_by(const struct signal *signal, const struct mac *mac, const char *vlan, const struct ip *ip)
{
	if (mac || signal->has_mac)
		return mac && signal->has_mac && mac_equal(&signal->mac, mac);
	return ip_equal(&signal->ip, ip) && strcmp(signal->vlan, vlan) == 0;
}

struct signal *world_signal(struct world *world, enum signal_kind kind, const char *value,
			    const struct mac *mac, const char *vlan, const struct ip *ip)
{
	size_t at = bucket(kind, value);
	struct signal *signal;

	for (signal = world->identity.by_value[at]; signal; signal = signal->next_of_value)
		if (signal->kind == kind && strcmp(signal->value, value) == 0 && said_by(signal, mac, vlan, ip))
			return signal;
	signal = take(world, sizeof(*signal));
	if (!signal)
		return NULL;
	signal->kind = kind;
	signal->value = world_copy(world, value);
	signal->vlan = mac ? "{}" : vlan;
	if (mac)
		signal->mac = *mac;
	else
		signal->ip = *ip;
	signal->has_mac = mac != NULL;
	signal->next = world->identity.signals;
	world->identity.signals = signal;
	signal->next_of_value = world->identity.by_value[at];
	world->identity.by_value[at] = signal;
	return signal;
}

const char *world_signal_id(struct world *world, const struct signal *signal)
{
	struct buffer key = {0};
	char id[ID_TEXT_MAX], who[ADDR_TEXT_MAX];

	if (signal->has_mac)
		mac_text(&signal->mac, who);
	else
		ip_text(&signal->ip, who);
	buffer_printf(&key, "signal|%s|%s|%s|%s|%s", world->network_id, signal_names[signal->kind], who,
		      signal->vlan, signal->value);
	world->failed |= key.failed;
	id_of(key.bytes ? key.bytes : "", key.length, id);
	buffer_free(&key);
	return world_copy(world, id);
}

void world_pin(struct world *world, const struct mac *mac, const char *vlan, const struct ip *ip,
	       struct host *host)
{
	struct pin *pin = take(world, sizeof(*pin));

	if (!pin)
		return;
	pin->has_mac = mac != NULL;
	if (mac)
		pin->mac = *mac;
	if (ip)
		pin->ip = *ip;
	pin->vlan = vlan;
	pin->host = host;
	pin->next = world->identity.pins;
	world->identity.pins = pin;
}

struct host *world_pinned(const struct world *world, const struct mac *mac, const char *vlan,
			  const struct ip *ip)
{
	for (const struct pin *pin = world->identity.pins; pin; pin = pin->next) {
		bool is = mac ? pin->has_mac && mac_equal(&pin->mac, mac)
			      : !pin->has_mac && ip_equal(&pin->ip, ip) && strcmp(pin->vlan, vlan) == 0;

		if (is)
			return pin->host;
	}
	return NULL;
}

bool world_is_router(const struct world *world, const struct mac *mac)
{
	for (const struct known_router *one = world->identity.routers; one; one = one->next)
		if (mac_equal(&one->mac, mac))
			return true;
	return false;
}

void world_router(struct world *world, const struct mac *mac)
{
	struct known_router *router;

	if (mac_is_zero(mac) || mac_is_group(mac) || world_is_router(world, mac))
		return;
	router = take(world, sizeof(*router));
	if (!router)
		return;
	router->mac = *mac;
	router->next = world->identity.routers;
	world->identity.routers = router;
}

static void cut_to(struct ip *ip, unsigned int bits)
{
	for (unsigned int i = 0; i < sizeof(ip->bytes); i++) {
		unsigned int left = bits > i * 8 ? bits - i * 8 : 0;

		if (left < 8)
			ip->bytes[i] &= (uint8_t)(0xff00 >> left);
	}
}

bool world_prefix(const char *text, size_t length, struct ip *ip, unsigned int *bits)
{
	char address[ADDR_TEXT_MAX + 8], *slash, *end = NULL;
	unsigned long count;
	struct ip parsed;

	if (length >= sizeof(address))
		return false;
	memcpy(address, text, length);
	address[length] = 0;
	slash = strchr(address, '/');
	if (slash)
		*slash = 0;
	if (ip_parse(address, &parsed) < 0)
		return false;
	count = slash ? strtoul(slash + 1, &end, 10) : parsed.version == 4 ? 32 : 128;
	if ((slash && (*end || end == slash + 1)) || count > (parsed.version == 4 ? 32 : 128))
		return false;
	cut_to(&parsed, (unsigned int)count);
	*ip = parsed;
	*bits = (unsigned int)count;
	return true;
}

bool world_in_prefix(const struct ip *ip, const struct ip *prefix, unsigned int bits)
{
	struct ip cut = *ip;

	cut_to(&cut, bits);
	return ip_equal(&cut, prefix);
}

void world_subnet(struct world *world, const char *id, const char *cidr, bool internet)
{
	struct subnet **at = id ? &world->identity.subnets : &world->identity.new_subnets, *subnet;
	struct ip ip;
	unsigned int bits;

	if (!cidr || !world_prefix(cidr, strlen(cidr), &ip, &bits))
		return;
	subnet = take(world, sizeof(*subnet));
	if (!subnet)
		return;
	*subnet = (struct subnet){.id = id, .ip = ip, .bits = bits, .internet = internet};
	while (*at && (*at)->bits > bits)
		at = &(*at)->next;
	subnet->next = *at;
	*at = subnet;
}
