/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the kernel knows of one interface: its addresses, what is on its link, the gateways behind which the rest is, and whom it has spoken
 * with. Read once by rtnetlink; it does not follow changes.
 */
#ifndef SENSOR_PROBE_ROUTE_H
#define SENSOR_PROBE_ROUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "defs/addr.h"
#include "sensor/probe/space.h"

struct route;

struct route_neighbor {
	struct ip ip;
	struct mac mac;
};

/* 0 with *out; -ENODEV no such interface; -errno. After one log line. */
int route_read(const char *interface, struct route **out);
/* The same by hand, for tests and for a dry run elsewhere: nothing is known at first. 0 or -ENOMEM; index: of the interface. */
int route_make(uint32_t index, const struct mac *mac, struct route **out);
int route_add_address(struct route *, const struct ip *ip, uint8_t length);
int route_add_gateway(struct route *, const struct prefix *destination, const struct ip *gateway);

uint32_t route_index(const struct route *);
struct mac route_mac(const struct route *);
/* Our own addresses with their subnets; link-local ones too. */
const struct prefix *route_addresses(const struct route *, size_t *count);
/* What is on the link, without single addresses: for space_subnet() and for the scope. */
const struct prefix *route_subnets(const struct route *, size_t *count);
/* The kernel's neighbours with a MAC: addresses that are known already. */
const struct route_neighbor *route_neighbors(const struct route *, size_t *count);
/* Default gateways and other next hops, each once. */
const struct ip *route_gateways(const struct route *, size_t *count);

bool route_is_own(const struct route *, const struct ip *ip);
bool route_on_link(const struct route *, const struct ip *ip);
/* Whom a frame for ip is given to: ip itself when it is on the link, else the gateway of the longest match. 0, or -ENETUNREACH. */
int route_hop(const struct route *, const struct ip *ip, struct ip *hop);
void route_close(struct route *);

#endif
