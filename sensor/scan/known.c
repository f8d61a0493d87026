// SPDX-License-Identifier: BSD-2-Clause
/* A sorted list of (address, port), looked up by halves. Untagged facts only: what a scan asks through a port is untagged there. See known.h. */
#include "sensor/scan/known.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "defs/facts.h"
#include "sensor/sightings.h"

struct entry {
	struct ip ip;
	uint16_t port_h;
	bool proven; /* by traffic, lately; else it was open once */
};

struct known {
	struct entry *entries;
	size_t count, room, proven;
	int64_t since_us; /* what was seen before proves nothing any more */
	bool failed;
};

static bool text_is(struct text text, const char *word)
{
	return text.length == strlen(word) && !memcmp(text.bytes, word, text.length);
}

static void take(void *context, const struct fact *fact)
{
	struct known *k = context;
	bool open = FACT_HAS(fact, state) && text_is(fact->state, "open");

	if (!open || fact->vlan.count || !FACT_HAS(fact, ip) || !FACT_HAS(fact, port) ||
	    !text_is(fact->proto, "tcp") || (fact->source != SOURCE_TCP && fact->source != SOURCE_PROBE))
		return;
	if (k->count == k->room) {
		size_t room = k->room ? k->room * 2 : 256;
		struct entry *entries = realloc(k->entries, room * sizeof(*entries));

		k->failed |= !entries;
		if (!entries)
			return;
		k->entries = entries;
		k->room = room;
	}
	k->entries[k->count++] =
		(struct entry){.ip = fact->ip,
			       .port_h = (uint16_t)fact->port,
			       .proven = fact->source == SOURCE_TCP && fact->last_us >= k->since_us};
}

static int by_port(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = memcmp(x->ip.bytes, y->ip.bytes, sizeof(x->ip.bytes));

	if (!order)
		order = x->ip.version - y->ip.version;
	return order ? order : x->port_h - y->port_h;
}

/* Two facts about one port become one entry. */
static void fold(struct known *k)
{
	size_t kept = 0;

	for (size_t i = 0; i < k->count; i++) {
		if (kept && !by_port(&k->entries[kept - 1], &k->entries[i]))
			k->entries[kept - 1].proven |= k->entries[i].proven;
		else
			k->entries[kept++] = k->entries[i];
	}
	k->count = kept;
	for (size_t i = 0; i < kept; i++)
		k->proven += k->entries[i].proven;
}

int known_copy(struct sightings *sightings, int64_t now_us, struct known **out)
{
	struct known *k = calloc(1, sizeof(*k));

	if (!k)
		return -ENOMEM;
	k->since_us = now_us - KNOWN_LIFE_SECONDS * INT64_C(1000000);
	sightings_each(sightings, FACT_SERVICE, take, k);
	if (k->failed) {
		known_free(k);
		return -ENOMEM;
	}
	if (k->count)
		qsort(k->entries, k->count, sizeof(*k->entries), by_port);
	fold(k);
	*out = k;
	return 0;
}

size_t known_count(const struct known *k)
{
	return k->proven;
}

static const struct entry *find(const struct known *k, const struct ip *ip, uint16_t port_h)
{
	const struct entry wanted = {.ip = *ip, .port_h = port_h};

	return k->count ? bsearch(&wanted, k->entries, k->count, sizeof(wanted), by_port) : NULL;
}

bool known_proven(void *known, const struct ip *ip, uint16_t port_h)
{
	const struct entry *entry = find(known, ip, port_h);

	return entry && entry->proven;
}

bool known_was_open(void *known, const struct ip *ip, uint16_t port_h)
{
	const struct entry *entry = find(known, ip, port_h);

	return entry != NULL;
}

void known_free(struct known *k)
{
	if (!k)
		return;
	free(k->entries);
	free(k);
}
