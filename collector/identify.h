/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which device is meant: candidates and facts → hosts and interfaces. Pure.
 *
 * An interface is what facts bind together: a MAC, an address, or both, in a VLAN. Interfaces of one MAC are one host, in
 * all VLANs, unless the MAC is a virtual router's: then the address in its VLAN is. An address without a MAC is a host of its own, until
 * a fact binds it to a MAC: then it is folded into that MAC's host. An address behind a router (it has `via`) is the same
 * host in every VLAN in which it is seen, and the one that holds it on its own link, when there is exactly one.
 * Ports (MACs) of one LLDP chassis are one host. An address that a router says, and that another device holds, is that
 * device's behind the router. Hosts that say the same of themselves are one when enough agrees, else a proposal.
 * An address that moves to another MAC leaves the former interface as it is, with the time when it was last seen.
 * What people have said stands above all of this: names, hosts that are one, hosts that are two.
 */
#ifndef COLLECTOR_IDENTIFY_H
#define COLLECTOR_IDENTIFY_H

#include "collector/world.h"

/* An `address` or `host` fact. Returns the interface, or NULL when the fact can't mean a device (0.0.0.0, a group). */
struct interface *identify_address(struct world *, const struct evidence *);
/* Before all others: which MACs are routers', by what is reached through them. */
void identify_routers(struct world *, const struct fact *, size_t count);
/* A `name` fact, after all addresses of the batch. Returns whose name it is, or NULL. */
struct host *identify_name(struct world *, const struct evidence *);
/* A `neighbor` fact, after all addresses: ports that say the same LLDP chassis id are one host. */
void identify_neighbor(struct world *, const struct evidence *);
/* A `trait` fact, after all addresses: what tells its device from others is kept. */
void identify_trait(struct world *, const struct evidence *);
/* What a trait or name says of identity, as signals have it; false: nothing. */
bool identify_signal_of(struct world *, const struct fact *, enum signal_kind *, const char **value);
/* After all names and traits of a batch: hosts that say the same. Merges them, or proposes to. */
void identify_settle(struct world *);
/* A `route` fact: a subnet that nobody has named yet. */
void identify_route(struct world *, const struct evidence *);
/* After all facts of a batch: each interface that is new or changed gets its subnet. */
void identify_subnets(struct world *);
/* The interface that an address belongs to now, made when there is none. */
struct interface *identify_ip(struct world *, const char *vlan, const struct ip *, const struct evidence *);
/* Rank of a name's source and kind, 0 the best; -1: it names no device (a workgroup, an instance). */
int identify_name_rank(const char *source, const char *kind);

#endif
