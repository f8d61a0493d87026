// SPDX-License-Identifier: BSD-2-Clause
/* Values are kept as keyed hashes. See variety.h. */
#include "sensor/variety.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/table.h"
#include "sensor/text.h"

enum { THINGS_MAX = 1 << 14, VALUES_FIRST = 8 };
static const int64_t begin_again_us = INT64_C(86400) * 1000000;

struct thing_key {
	struct vlan_tags vlan;
	struct ip ip;
	struct mac mac; /* of who has no address */
	uint64_t port, key_hash;
};

struct thing {
	struct table_entry entry;
	struct thing_key key;
	int64_t since_us;
	uint32_t count, room;
	uint32_t *value; /* owned */
};

struct variety {
	struct table *things;
	uint64_t key[2];
};

static void evict(void *context, void *entry)
{
	struct thing *thing = entry;

	(void)context;
	free(thing->value);
}

int variety_open(struct variety **out)
{
	struct variety *v = calloc(1, sizeof(*v));
	struct table_options options = {.key_size = sizeof(struct thing_key),
					.entry_size = sizeof(struct thing),
					.capacity = THINGS_MAX,
					.evict = evict};

	if (!v)
		return -ENOMEM;
	if (table_open(&options, &v->things)) {
		free(v);
		return -ENOMEM;
	}
	hash_key(v->key);
	*out = v;
	return 0;
}

static struct thing *thing_of(struct variety *v, const struct fact *fact, struct text key)
{
	struct thing_key at;
	struct thing *thing;

	memset(&at, 0, sizeof(at)); /* padding too: it is hashed */
	at.vlan.count = fact->vlan.count;
	memcpy(at.vlan.id, fact->vlan.id, sizeof(at.vlan.id));
	at.ip.version = fact->ip.version;
	memcpy(at.ip.bytes, fact->ip.bytes, sizeof(at.ip.bytes));
	if (!fact->ip.version && FACT_HAS(fact, mac))
		at.mac = fact->mac;
	at.port = FACT_HAS(fact, port) ? fact->port : 0;
	at.key_hash = hash_bytes(v->key, key.bytes, key.length);
	thing = table_find(v->things, &at);
	if (!thing) {
		thing = table_add(v->things, &at);
		if (thing)
			thing->since_us = fact->last_us;
	}
	return thing;
}

static bool grow(struct thing *thing, uint32_t most)
{
	uint32_t room = thing->room ? thing->room * 4 : VALUES_FIRST;
	uint32_t *grown;

	if (room > most)
		room = most;
	grown = realloc(thing->value, room * sizeof(*grown));
	if (!grown)
		return false;
	thing->value = grown;
	thing->room = room;
	return true;
}

static bool is_one_of(struct variety *v, const struct fact *fact, struct text key, struct text value,
		      uint32_t most)
{
	uint32_t hash = (uint32_t)hash_bytes(v->key, value.bytes, value.length);
	struct thing *thing = thing_of(v, fact, key);

	if (!thing)
		return false;
	if (llabs(fact->last_us - thing->since_us) > begin_again_us) {
		thing->since_us = fact->last_us;
		thing->count = 0;
	}
	for (uint32_t i = 0; i < thing->count; i++)
		if (thing->value[i] == hash)
			return true;
	if (thing->count >= most || (thing->count == thing->room && !grow(thing, most)))
		return false;
	thing->value[thing->count++] = hash;
	return true;
}

bool variety_allows(struct variety *v, const struct fact *trait)
{
	return is_one_of(v, trait, trait->key, trait->value, VARIETY_VALUES_MAX);
}

/* Nobody needs many shapes, groups or ways; of others a device may well have dozens. */
static bool is_few(enum fact_source source)
{
	return source == SOURCE_TCP || source == SOURCE_IGMP || source == SOURCE_MLD;
}

bool variety_may_say(struct variety *v, const struct fact *fact)
{
	if (fact->kind == FACT_TRAIT)
		return is_one_of(v, fact, fact->key, fact->value,
				 is_few(fact->source) ? VARIETY_VALUES_MAX : VARIETY_SAID_MAX);
	if (fact->kind == FACT_NAME && fact->confidence == CONFIDENCE_ANNOUNCED)
		return is_one_of(v, fact, TEXT("name"), fact->name, VARIETY_SAID_MAX);
	if (fact->kind == FACT_ROUTE && fact->source == SOURCE_RIP && FACT_HAS(fact, prefix))
		return is_one_of(v, fact, TEXT("rip.prefix"), fact->prefix, VARIETY_VALUES_MAX);
	return true;
}

void variety_close(struct variety *v)
{
	if (!v)
		return;
	for (struct thing *thing = table_oldest(v->things); thing; thing = table_newer(v->things, thing))
		free(thing->value);
	table_close(v->things);
	free(v);
}
