// SPDX-License-Identifier: BSD-2-Clause
/* Conflicts as facts, each of which anybody on the link can make up: so many different ones a day are said, and the rest is counted. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/conflict/inside.h"
#include "sensor/inside.h"
#include "sensor/sightings.h"

enum { SAID_MAX = 512 };

static const int64_t begin_again_us = SECONDS_US(86400);

struct mouth {
	struct sightings *sightings;
	uint64_t key[2], unsaid;
	int64_t since_us;
	size_t count;
	uint64_t said[SAID_MAX]; /* keyed hashes */
};

int mouth_open(struct sightings *s, struct mouth **out)
{
	struct mouth *m = calloc(1, sizeof(*m));

	if (!m)
		return -ENOMEM;
	m->sightings = s;
	hash_key(m->key);
	*out = m;
	return 0;
}

static bool may_say(struct mouth *m, const struct conflict *conflict)
{
	struct {
		uint64_t what;
		vlan_packed vlan;
		struct ip ip;
		struct mac mac;
		uint8_t pad;
		uint64_t claims;
	} shown = {.what = hash_bytes(m->key, conflict->what, strlen(conflict->what)),
		   .vlan = conflict->vlan,
		   .ip = conflict->ip,
		   .mac = conflict->mac,
		   .claims = hash_bytes(m->key, conflict->claims.item,
					conflict->claims.count * sizeof(conflict->claims.item[0]))};
	uint64_t hash = hash_bytes(m->key, &shown, sizeof(shown));

	if (llabs(conflict->last_us - m->since_us) > begin_again_us) {
		m->since_us = conflict->last_us;
		m->count = 0;
	}
	for (size_t i = 0; i < m->count; i++)
		if (m->said[i] == hash)
			return true;
	if (m->count == SAID_MAX) {
		m->unsaid++;
		return false;
	}
	m->said[m->count++] = hash;
	return true;
}

void conflict_say(struct mouth *m, const struct conflict *conflict)
{
	struct claim_list claims = conflict->claims;
	struct fact fact = {.kind = FACT_CONFLICT,
			    .source = conflict->source,
			    .confidence = CONFIDENCE_MEASURED,
			    .vlan = vlan_unpack(conflict->vlan),
			    .first_us = conflict->first_us,
			    .last_us = conflict->last_us,
			    .count = conflict->count};

	if (!may_say(m, conflict))
		return;
	FACT_SET(&fact, what, (struct text){conflict->what, strlen(conflict->what)});
	if (conflict->ip.version)
		FACT_SET(&fact, ip, conflict->ip);
	if (!mac_is_zero(&conflict->mac))
		FACT_SET(&fact, mac, conflict->mac);
	FACT_SET(&fact, claims, &claims);
	if (vlan_segment(conflict->vlan))
		FACT_SET(&fact, segment, vlan_segment(conflict->vlan));
	fact.source = inside_source(&fact, (uint8_t)(conflict->vlan >> LINK_INSIDE_SHIFT));
	sightings_see(m->sightings, &fact);
}

void conflict_claims_mac(struct conflict *conflict, const struct mac *mac)
{
	if (conflict->claims.count < FACT_LIST_MAX)
		mac_text(mac, conflict->claims.item[conflict->claims.count++]);
}

void conflict_claims_ip(struct conflict *conflict, const struct ip *ip)
{
	if (conflict->claims.count < FACT_LIST_MAX)
		ip_text(ip, conflict->claims.item[conflict->claims.count++]);
}

uint64_t mouth_unsaid(const struct mouth *m)
{
	return m->unsaid;
}

void mouth_close(struct mouth *m)
{
	free(m);
}
