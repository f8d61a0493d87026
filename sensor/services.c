// SPDX-License-Identifier: BSD-2-Clause
/*
 * Open TCP services. See services.h. Of each, the clients are remembered as keyed hashes, up to CLIENTS_MAX: a service
 * with more is said to have that many. All together they have CLIENT_SLOTS_ALL (4 MB), since whoever makes up services and clients would
 * otherwise have a thousand for each: when those are used up, a service keeps the number that it has reached.
 */
#include "sensor/services.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/record_key.h"
#include "sensor/sightings.h"
#include "sensor/table.h"
#include "sensor/text.h"

enum { SERVICES_MAX = 1 << 16, CLIENTS_MAX = 1024, CLIENT_SLOTS_MIN = 4, CLIENT_SLOTS_ALL = 1 << 20 };

struct service_key {
	vlan_packed vlan;
	uint8_t addr[16];
	uint16_t port_n;
	uint8_t version;
	bool udp;
	uint8_t pad[4];
};

struct service {
	struct table_entry entry;
	struct service_key key;
	uint32_t *clients; /* open addressing; 0 is empty */
	uint32_t slots, count;
};

struct services {
	struct sightings *sightings;
	struct table *table;
	uint64_t key[2], uncounted;
	uint32_t slots; /* of all */
};

static void evict(void *context, void *entry)
{
	struct services *v = context;
	struct service *service = entry;

	v->slots -= service->slots;
	free(service->clients);
	service->clients = NULL;
}

/* Whether it was not there yet. */
static bool put_client(uint32_t *clients, uint32_t slots, uint32_t hash)
{
	for (uint32_t i = hash & (slots - 1);; i = (i + 1) & (slots - 1)) {
		if (clients[i] == hash)
			return false;
		if (clients[i] == 0) {
			clients[i] = hash;
			return true;
		}
	}
}

static void add_client(struct services *v, struct service *service, uint32_t hash)
{
	if (service->count == CLIENTS_MAX)
		return;
	if (service->count * 2 >= service->slots) {
		uint32_t slots = service->slots ? service->slots * 2 : CLIENT_SLOTS_MIN;
		uint32_t more = slots - service->slots;
		uint32_t *clients =
			v->slots + more <= CLIENT_SLOTS_ALL ? calloc(slots, sizeof(*clients)) : NULL;

		if (!clients) {
			v->uncounted++;
			return;
		}
		for (uint32_t i = 0; i < service->slots; i++)
			if (service->clients[i])
				put_client(clients, slots, service->clients[i]);
		free(service->clients);
		service->clients = clients;
		service->slots = slots;
		v->slots += more;
	}
	service->count += put_client(service->clients, service->slots, hash);
}

int services_open(struct sightings *s, struct services **out)
{
	struct services *v = calloc(1, sizeof(*v));
	struct table_options options = {.key_size = sizeof(struct service_key),
					.entry_size = sizeof(struct service),
					.capacity = SERVICES_MAX,
					.evict = evict,
					.context = v};

	if (!v)
		return -ENOMEM;
	if (table_open(&options, &v->table)) {
		free(v);
		return -ENOMEM;
	}
	v->sightings = s;
	hash_key(v->key);
	*out = v;
	return 0;
}

/* Count the client (16 bytes; NULL: none) at its service, and return how many there are: 1 at least. */
static uint64_t count_client(struct services *v, const struct service_key *key, const uint8_t *client)
{
	bool made;
	struct service *service = client ? table_take(v->table, key, &made) : table_find(v->table, key);

	if (service && client)
		add_client(v, service, (uint32_t)hash_bytes(v->key, client, 16) | 1);
	return service && service->count ? service->count : 1;
}

void services_handshake(struct services *v, const struct record_handshake *record, int64_t time_us)
{
	const struct flow_key *flow = &record->key;
	unsigned int client = record->opener & 1, server = !client;
	struct service_key key = {.vlan = flow->vlan, .port_n = flow->port_n[server], .version = flow->version};
	struct fact fact = {.kind = FACT_SERVICE,
			    .source = SOURCE_TCP,
			    .confidence = CONFIDENCE_MEASURED,
			    .vlan = vlan_unpack(flow->vlan),
			    .first_us = time_us,
			    .last_us = time_us,
			    .count = 1};

	memcpy(key.addr, flow->addr[server], sizeof(key.addr));
	FACT_SET(&fact, ip, flow_key_ip(flow, server));
	FACT_SET(&fact, port, flow_key_port(flow, server));
	FACT_SET(&fact, proto, TEXT("tcp"));
	FACT_SET(&fact, state, TEXT("open"));
	if (vlan_segment(flow->vlan))
		FACT_SET(&fact, segment, vlan_segment(flow->vlan));
	FACT_SET(&fact, clients, count_client(v, &key, flow->addr[client]));
	sightings_see(v->sightings, &fact);
}

void services_heard(struct services *v, struct fact *fact, const struct ip *client)
{
	struct service_key key = {.vlan = vlan_pack(&fact->vlan),
				  .port_n = htons((uint16_t)fact->port),
				  .version = fact->ip.version,
				  .udp = fact->proto.length == 3 && memcmp(fact->proto.bytes, "udp", 3) == 0};

	memcpy(key.addr, fact->ip.bytes, sizeof(key.addr));
	FACT_SET(fact, clients,
		 count_client(v, &key, key.udp && client && !ip_is_multicast(client) ? client->bytes : NULL));
}

uint64_t services_evicted(const struct services *v)
{
	return table_evicted(v->table);
}

uint64_t services_uncounted(const struct services *v)
{
	return v->uncounted;
}

void services_close(struct services *v)
{
	if (!v)
		return;
	for (struct service *service = table_oldest(v->table); service;
	     service = table_newer(v->table, service))
		free(service->clients);
	table_close(v->table);
	free(v);
}
