/* SPDX-License-Identifier: BSD-2-Clause */
/* What route.c and route_read.c share. */
#ifndef SENSOR_PROBE_ROUTE_INSIDE_H
#define SENSOR_PROBE_ROUTE_INSIDE_H

#include "sensor/probe/route.h"
#include "sensor/probe/space_text.h"

struct route_way {
	struct prefix destination;
	size_t gateway;
};

struct route {
	uint32_t index;
	struct mac mac;
	struct prefix *addresses, *subnets;
	struct route_neighbor *neighbors;
	struct ip *gateways;
	struct route_way *ways; /* in the order that was read: of two that are equal, the first counts */
	size_t address_count, subnet_count, neighbor_count, gateway_count, way_count;
};

int route_add_subnet(struct route *, const struct prefix *subnet);
int route_add_neighbor(struct route *, const struct route_neighbor *neighbor);

#endif
