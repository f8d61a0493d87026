// SPDX-License-Identifier: BSD-2-Clause
/* Values are kept as keyed hashes. See variety.h. */
#include "sensor/variety.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/table.h"
#include "sensor/text.h"

enum { THINGS_MAX = 1 << 14 };
static const int64_t begin_again_us = INT64_C(86400) * 1000000;

struct thing_key {
	struct vlan_tags vlan;
	struct ip ip;
	uint64_t port, key_hash;
};

struct thing {
	struct table_entry entry;
	struct thing_key key;
	int64_t since_us;
	uint32_t count;
	uint32_t value[VARIETY_VALUES_MAX];
};

struct variety {
	struct table *things;
	uint64_t key[2];
};

int variety_open(struct variety **out)
{
	struct variety *v = calloc(1, sizeof(*v));
	struct table_options options = {.key_size = sizeof(struct thing_key),
					.entry_size = sizeof(struct thing),
					.capacity = THINGS_MAX};

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

bool variety_allows(struct variety *v, const struct fact *trait)
{
	uint32_t value = (uint32_t)hash_bytes(v->key, trait->value.bytes, trait->value.length);
	struct thing_key key;
	struct thing *thing;

	memset(&key, 0, sizeof(key)); /* padding too: it is hashed */
	key.vlan.count = trait->vlan.count;
	memcpy(key.vlan.id, trait->vlan.id, sizeof(key.vlan.id));
	key.ip.version = trait->ip.version;
	memcpy(key.ip.bytes, trait->ip.bytes, sizeof(key.ip.bytes));
	key.port = FACT_HAS(trait, port) ? trait->port : 0;
	key.key_hash = hash_bytes(v->key, trait->key.bytes, trait->key.length);
	thing = table_find(v->things, &key);
	if (!thing) {
		thing = table_add(v->things, &key);
		if (!thing)
			return false;
		thing->since_us = trait->last_us;
	}
	if (llabs(trait->last_us - thing->since_us) > begin_again_us) {
		thing->since_us = trait->last_us;
		thing->count = 0;
	}
	for (uint32_t i = 0; i < thing->count; i++)
		if (thing->value[i] == value)
			return true;
	if (thing->count == VARIETY_VALUES_MAX)
		return false;
	thing->value[thing->count++] = value;
	return true;
}

bool variety_may_say(struct variety *v, const struct fact *fact)
{
	struct fact way;

	if (fact->kind == FACT_TRAIT)
		return (fact->source != SOURCE_TCP && fact->source != SOURCE_IGMP &&
			fact->source != SOURCE_MLD) ||
		       variety_allows(v, fact);
	if (fact->kind != FACT_ROUTE || fact->source != SOURCE_RIP || !FACT_HAS(fact, prefix))
		return true;
	way = *fact;
	FACT_SET(&way, key, TEXT("rip.prefix"));
	FACT_SET(&way, value, fact->prefix);
	return variety_allows(v, &way);
}

void variety_close(struct variety *v)
{
	if (!v)
		return;
	table_close(v->things);
	free(v);
}
