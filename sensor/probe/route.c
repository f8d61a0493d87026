// SPDX-License-Identifier: BSD-2-Clause
/* The pure part: what route_read.c has read, or a test has made, and what follows from it. */
#include "sensor/probe/route.h"

#include <errno.h>
#include <stdlib.h>

#include "sensor/probe/route_inside.h"

static int grow(void **items, size_t count, size_t size)
{
	void *more;

	if (count & (count - 1) || (count && count < 8))
		return 0;
	more = reallocarray(*items, count ? count * 2 : 8, size);
	if (!more)
		return -ENOMEM;
	*items = more;
	return 0;
}

int route_make(uint32_t index, const struct mac *mac, struct route **out)
{
	struct route *route = calloc(1, sizeof(*route));

	if (!route)
		return -ENOMEM;
	route->index = index;
	route->mac = *mac;
	*out = route;
	return 0;
}

static int add_subnet(struct route *route, const struct prefix *subnet)
{
	for (size_t i = 0; i < route->subnet_count; i++)
		if (ip_equal(&route->subnets[i].ip, &subnet->ip) && route->subnets[i].length == subnet->length)
			return 0;
	if (grow((void **)&route->subnets, route->subnet_count, sizeof(*subnet)))
		return -ENOMEM;
	route->subnets[route->subnet_count++] = *subnet;
	return 0;
}

int route_add_address(struct route *route, const struct ip *ip, uint8_t length)
{
	struct prefix prefix = {.ip = *ip, .length = length};
	const uint8_t whole = ip->version == 4 ? 32 : 128;

	if (grow((void **)&route->addresses, route->address_count, sizeof(prefix)))
		return -ENOMEM;
	route->addresses[route->address_count++] = prefix;
	return length == whole ? 0 : route_add_subnet(route, &prefix);
}

int route_add_subnet(struct route *route, const struct prefix *subnet)
{
	const struct space_range range = space_range_of(subnet);
	const struct prefix clean = {.ip = space_ip_of(range.version, range.first), .length = subnet->length};

	return add_subnet(route, &clean);
}

int route_add_gateway(struct route *route, const struct prefix *destination, const struct ip *gateway)
{
	size_t i = 0;

	while (i < route->gateway_count && !ip_equal(&route->gateways[i], gateway))
		i++;
	if (i == route->gateway_count) {
		if (grow((void **)&route->gateways, route->gateway_count, sizeof(*gateway)))
			return -ENOMEM;
		route->gateways[route->gateway_count++] = *gateway;
	}
	if (grow((void **)&route->ways, route->way_count, sizeof(route->ways[0])))
		return -ENOMEM;
	route->ways[route->way_count++] = (struct route_way){.destination = *destination, .gateway = i};
	return 0;
}

int route_add_neighbor(struct route *route, const struct route_neighbor *neighbor)
{
	if (grow((void **)&route->neighbors, route->neighbor_count, sizeof(*neighbor)))
		return -ENOMEM;
	route->neighbors[route->neighbor_count++] = *neighbor;
	return 0;
}

uint32_t route_index(const struct route *route)
{
	return route->index;
}

struct mac route_mac(const struct route *route)
{
	return route->mac;
}

const struct prefix *route_addresses(const struct route *route, size_t *count)
{
	*count = route->address_count;
	return route->addresses;
}

const struct prefix *route_subnets(const struct route *route, size_t *count)
{
	*count = route->subnet_count;
	return route->subnets;
}

const struct route_neighbor *route_neighbors(const struct route *route, size_t *count)
{
	*count = route->neighbor_count;
	return route->neighbors;
}

const struct ip *route_gateways(const struct route *route, size_t *count)
{
	*count = route->gateway_count;
	return route->gateways;
}

bool route_is_own(const struct route *route, const struct ip *ip)
{
	for (size_t i = 0; i < route->address_count; i++)
		if (ip_equal(&route->addresses[i].ip, ip))
			return true;
	return false;
}

bool route_on_link(const struct route *route, const struct ip *ip)
{
	int link = -1, way = -1;

	if (ip_is_link_local(ip) && ip->version == 6)
		return true;
	for (size_t i = 0; i < route->subnet_count; i++)
		if (route->subnets[i].length > link && prefix_holds(&route->subnets[i], ip))
			link = route->subnets[i].length;
	if (link < 0)
		return false;
	/* Part of it may be behind a gateway all the same. */
	for (size_t i = 0; i < route->way_count; i++)
		if (route->ways[i].destination.length > way && prefix_holds(&route->ways[i].destination, ip))
			way = route->ways[i].destination.length;
	return link >= way;
}

int route_hop(const struct route *route, const struct ip *ip, struct ip *hop)
{
	const struct route_way *best = NULL;

	if (route_on_link(route, ip)) {
		*hop = *ip;
		return 0;
	}
	for (size_t i = 0; i < route->way_count; i++)
		if (prefix_holds(&route->ways[i].destination, ip) &&
		    (!best || route->ways[i].destination.length > best->destination.length))
			best = &route->ways[i];
	if (!best)
		return -ENETUNREACH;
	*hop = route->gateways[best->gateway];
	return 0;
}

void route_close(struct route *route)
{
	if (!route)
		return;
	free(route->addresses);
	free(route->subnets);
	free(route->neighbors);
	free(route->gateways);
	free(route->ways);
	free(route);
}
