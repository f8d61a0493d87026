/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which addresses may be asked: the targets, without what is excluded and without what is never asked. It is kept as ranges, so that its
 * size does not follow from how many addresses there are; each address has a number from 0 to space_count() - 1, in order.
 *
 * Left out of every target, each with its reason: loopback, multicast, broadcast, reserved addresses, the network and broadcast addresses of
 * subnets. IPv6 networks are never swept: a prefix may hold at most SPACE_IPV6_MAX addresses.
 */
#ifndef SENSOR_PROBE_SPACE_H
#define SENSOR_PROBE_SPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "defs/addr.h"

enum {
	SPACE_IPV6_MAX = 65536, /* addresses of one IPv6 target */
	SPACE_RANGES_MAX = 65536,
	SPACE_WHY_BYTES = 256, /* room for a reason */
};

struct space;

/* An address and how many of its first bits count. */
struct prefix {
	struct ip ip;
	uint8_t length;
};

/* "192.0.2.0/24", "2001:db8::/120", or an address, which is a prefix of full length; bits behind the prefix are cleared. 0 or -EINVAL. */
int prefix_parse(const char *text, struct prefix *out);
bool prefix_holds(const struct prefix *, const struct ip *);

/*
 * An address or prefix that must not be asked at all, with the reason in plain words; NULL when it may. An IPv4 prefix that only touches such
 * addresses may: they are left out.
 */
const char *space_forbidden(const struct ip *ip);

/* 0 with *out, or -ENOMEM. */
int space_open(struct space **out);
/*
 * Add a target: an address, a prefix, or a range ("192.0.2.10-192.0.2.20", "192.0.2.10-20", also of IPv6). The first and the last address of an
 * IPv4 prefix of up to 30 bits are left out. 0; -EINVAL (not an address, prefix or range), -EPERM (nothing of it may ever be asked), -E2BIG
 * (an IPv6 sweep, or too many ranges), with a sentence in why (SPACE_WHY_BYTES).
 */
int space_target(struct space *, const char *text, char *why);
/*
 * The target "ff02::1" is no address of a host: it says that all nodes of the link are to be asked by one echo, and that those IPv6 addresses may be asked
 * which are known already (space_add_ip()).
 */
bool space_all_nodes(const struct space *);
/* One address more, unless it is never asked. 0 or -ENOMEM. */
int space_add_ip(struct space *, const struct ip *ip);
/* The same text, taken out whatever targets say, before or after. */
int space_exclude(struct space *, const char *text, char *why);
/* One address, taken out: our own. */
int space_exclude_ip(struct space *, const struct ip *ip);
/* A subnet that is known to be there: its network and broadcast address are no hosts. */
int space_subnet(struct space *, const struct prefix *subnet);
/*
 * Nothing outside of these prefixes may be asked. A target outside is refused as a whole: -EPERM with a sentence in why that names it.
 * Once, after the last target.
 */
int space_confine(struct space *, const struct prefix *scope, size_t count, char *why);

/* These work out the ranges when something was added since; -ENOMEM is said by space_ready(), which is called once before the others. */
int space_ready(struct space *);
uint64_t space_count(const struct space *);
/* The address of that number, below space_count(). */
struct ip space_at(const struct space *, uint64_t number);
/* The number of an address, or UINT64_MAX when it must not be asked. */
uint64_t space_number(const struct space *, const struct ip *ip);
void space_close(struct space *);

#endif
