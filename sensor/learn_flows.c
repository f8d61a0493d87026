// SPDX-License-Identifier: BSD-2-Clause
/* See learn_flows.h. */
#include "sensor/learn_flows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS_MIN = 1024 };

static uint32_t *chain_of(struct learn_flows *flows, uint32_t hash)
{
	return &flows->chains[hash & (flows->slots - 1)];
}

void learn_flows_release(struct learn_flows *flows, uint32_t index)
{
	struct learn_flow *e = &flows->entries[index];
	uint32_t *at = chain_of(flows, e->hash);

	while (*at != index + 1)
		at = &flows->entries[*at - 1].next;
	*at = e->next;
	e->slot.state = FLOW_FREE;
	e->next = flows->free_first;
	flows->free_first = index + 1;
}

/* Take a slot from a flow that has been quiet; its totals are told first. */
static void make_room(struct learn_flows *flows, void *context)
{
	for (;; flows->hand = (flows->hand + 1) % flows->used) {
		struct learn_flow *e = &flows->entries[flows->hand];

		if (e->slot.state != FLOW_LIVE)
			continue;
		if (e->quiet) {
			flows->leave(context, e);
			learn_flows_release(flows, flows->hand);
			return;
		}
		e->quiet = true;
	}
}

static bool grow(struct learn_flows *flows)
{
	uint32_t slots = flows->slots * 2;
	struct learn_flow *entries;
	uint32_t *chains;

	if (slots > flows->slots_max)
		return false;
	entries = realloc(flows->entries, slots * sizeof(*entries));
	if (!entries)
		return false;
	flows->entries = entries;
	chains = calloc(slots, sizeof(*chains));
	if (!chains)
		return false;
	free(flows->chains);
	flows->chains = chains;
	flows->slots = slots;
	for (uint32_t i = 0; i < flows->used; i++) {
		uint32_t *at = chain_of(flows, entries[i].hash);

		if (entries[i].slot.state != FLOW_LIVE)
			continue;
		entries[i].next = *at;
		*at = i + 1;
	}
	return true;
}

struct learn_flow *learn_flows_find(struct learn_flows *flows, uint32_t hash, const struct flow_id *id)
{
	for (uint32_t at = *chain_of(flows, hash); at; at = flows->entries[at - 1].next) {
		struct learn_flow *e = &flows->entries[at - 1];

		if (e->hash == hash && flow_slot_is(&e->slot, id) &&
		    (!flow_is_v6(id) || flow_addr_equal(e->addr, id)))
			return e;
	}
	return NULL;
}

struct learn_flow *learn_flows_make(struct learn_flows *flows, uint32_t hash, const struct flow_id *id,
				    const struct packet *p, void *context)
{
	struct learn_flow *e;
	uint32_t index;

	if (!flows->free_first && flows->used == flows->slots && !grow(flows))
		make_room(flows, context);
	index = flows->free_first ? flows->free_first - 1 : flows->used++;
	e = &flows->entries[index];
	if (flows->free_first)
		flows->free_first = e->next;
	memset(e, 0, sizeof(*e));
	flow_slot_fill(&e->slot, id, p);
	e->slot.state = FLOW_LIVE;
	if (flow_is_v6(id))
		memcpy(e->addr, id->addr, sizeof(e->addr));
	e->id = ++flows->ids;
	e->hash = hash;
	e->next = *chain_of(flows, hash);
	*chain_of(flows, hash) = index + 1;
	return e;
}

int learn_flows_open(struct learn_flows *flows, uint32_t slots_max)
{
	flows->slots = SLOTS_MIN;
	flows->slots_max = slots_max > SLOTS_MIN ? slots_max : SLOTS_MIN;
	flows->entries = malloc(flows->slots * sizeof(*flows->entries));
	flows->chains = calloc(flows->slots, sizeof(*flows->chains));
	return flows->entries && flows->chains ? 0 : -ENOMEM;
}

void learn_flows_close(struct learn_flows *flows)
{
	free(flows->entries);
	free(flows->chains);
}
