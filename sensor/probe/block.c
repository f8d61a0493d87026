// SPDX-License-Identifier: BSD-2-Clause
/*
 * The addresses of a block and those of them that are there. An address's number in its block follows from the permutation; back again by its inverse.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/probe/prober_inside.h"
#include "sensor/probe/route.h"
#include "sensor/probe/space.h"

struct ip block_address(const struct prober *prober, uint32_t number)
{
	uint64_t place = prober->block * BLOCK_ADDRESSES + number;

	if (!prober->by_ports && prober->options.shards > 1)
		place = place * prober->options.shards + prober->options.shard;
	return space_at(prober->options.space, order_at(&prober->addresses, place));
}

struct pace_slot *block_subnet(struct prober *prober, const struct ip *ip)
{
	uint64_t net = 0;

	memcpy(&net, ip->bytes, ip->version == 4 ? 3 : 8);
	return &prober->subnets[order_mix(net + ip->version) % SUBNET_SLOTS];
}

static void count_subnets(struct prober *prober)
{
	bool seen[SUBNET_SLOTS] = {false};

	prober->subnet_count = 0;
	for (uint32_t i = 0; i < prober->count; i++) {
		const struct ip ip = block_address(prober, i);
		const ptrdiff_t slot = block_subnet(prober, &ip) - prober->subnets;

		prober->subnet_count += !seen[slot];
		seen[slot] = true;
	}
}

int block_begin(struct prober *prober)
{
	const uint64_t left = prober->shard_count - prober->block * BLOCK_ADDRESSES;
	const uint32_t count = left < BLOCK_ADDRESSES ? (uint32_t)left : BLOCK_ADDRESSES;

	if (!prober->live_of) {
		prober->live_of = calloc(count + 1, sizeof(prober->live_of[0]));
		prober->sent_us = calloc(count + 1, sizeof(prober->sent_us[0]));
		if (!prober->live_of || !prober->sent_us)
			return -ENOMEM;
	}
	/* The first block is the largest. */
	memset(prober->live_of, 0, count * sizeof(prober->live_of[0]));
	memset(prober->sent_us, 0, count * sizeof(prober->sent_us[0]));
	prober->count = count;
	prober->live_count = prober->dead_hosts = 0;
	if (prober->options.subnet_rate)
		count_subnets(prober);
	return 0;
}

uint32_t block_number(const struct prober *prober, const struct ip *ip)
{
	const uint64_t number = space_number(prober->options.space, ip);
	uint64_t place;

	if (number == UINT64_MAX)
		return UINT32_MAX;
	place = order_place(&prober->addresses, number);
	if (!prober->by_ports && prober->options.shards > 1) {
		if (place % prober->options.shards != prober->options.shard)
			return UINT32_MAX;
		place /= prober->options.shards;
	}
	if (place / BLOCK_ADDRESSES != prober->block)
		return UINT32_MAX;
	return (uint32_t)(place % BLOCK_ADDRESSES);
}

bool block_add(struct prober *prober, uint32_t number, const struct ip *ip, const struct mac *mac)
{
	if (prober->live_count == prober->live_room) {
		uint32_t room = prober->live_room ? prober->live_room * 2 : 64;
		struct live *live = reallocarray(prober->live, room, sizeof(*live));

		if (!live)
			return false;
		prober->live = live;
		prober->live_room = room;
	}
	prober->live[prober->live_count++] =
		(struct live){.ip = *ip, .mac = *mac, .number = number, .held = HELD_NONE};
	prober->live_of[number] = prober->live_count;
	return true;
}

static int by_number(const void *a, const void *b)
{
	const struct live *x = a, *y = b;

	return x->number < y->number ? -1 : x->number > y->number;
}

void block_sort(struct prober *prober)
{
	if (prober->live_count)
		qsort(prober->live, prober->live_count, sizeof(prober->live[0]), by_number);
	for (uint32_t i = 0; i < prober->live_count; i++)
		prober->live_of[prober->live[i].number] = i + 1;
}

struct live *block_live(const struct prober *prober, const struct ip *ip)
{
	const uint32_t number = block_number(prober, ip);

	if (number >= prober->count || !prober->live_of[number])
		return NULL;
	return &prober->live[prober->live_of[number] - 1];
}

bool block_hop(const struct prober *prober, const struct ip *ip, bool *on_link, struct mac *mac)
{
	struct ip hop;

	*on_link = route_on_link(prober->options.route, ip);
	*mac = (struct mac){0};
	if (*on_link)
		return true;
	if (route_hop(prober->options.route, ip, &hop))
		return false;
	for (uint32_t i = 0; i < prober->hop_count; i++)
		if (ip_equal(&prober->hops[i].ip, &hop)) {
			*mac = prober->hops[i].mac;
			return prober->hops[i].known || prober->dry;
		}
	return false;
}

void block_free(struct prober *prober)
{
	free(prober->live_of);
	free(prober->sent_us);
	free(prober->live);
}
