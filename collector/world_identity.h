/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What identity knows beside hosts and interfaces: what devices say of themselves, what people said of them, routers,
 * subnets; and what it decides. Part of the world, in its arena.
 */
#ifndef COLLECTOR_WORLD_IDENTITY_H
#define COLLECTOR_WORLD_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "defs/addr.h"

struct world;
struct host;
struct interface;

enum { IDENTITY_BUCKETS = 1024, DECISION_EVIDENCE_MAX = 4 };

/* What tells a device from others, the strongest first. Their names are those in the database. */
enum signal_kind {
	SIGNAL_CLIENT_ID,   /* DHCP option 61 */
	SIGNAL_DUID,	    /* DHCPv6, or that in option 61 (RFC 4361) */
	SIGNAL_SSH_KEY,	    /* a fingerprint of the host's key */
	SIGNAL_TLS_KEY,	    /* a fingerprint of the certificate's key */
	SIGNAL_NAME,	    /* what it calls itself: the first label, in lower case */
	SIGNAL_FINGERPRINT, /* the options that its DHCP client asks for: only agrees, never tells */
	SIGNAL_KIND_COUNT,
};
extern const char *const signal_names[SIGNAL_KIND_COUNT];

/* Said by a MAC, or by an address in its VLAN that has none. */
struct signal {
	enum signal_kind kind;
	const char *value, *vlan;
	struct mac mac;
	struct ip ip;
	bool has_mac, touched;
	int64_t first_us, last_us, stored_us; /* stored_us: last as the database has it, 0 when it has none */
	const char *evidence;		      /* id, or NULL */
	struct host *host;		      /* once identify_settle() has begun */
	int said_by;			      /* hosts; 0: not counted yet */
	struct signal *next, *next_of_value, *next_of_host;
};

/* A person's word: this MAC, or this address in this VLAN, is that host's. */
struct pin {
	struct mac mac;
	struct ip ip;
	const char *vlan;
	bool has_mac;
	bool is_new; /* an address that was pinned has got its MAC: the MAC is pinned from now on */
	struct host *host;
	struct pin *next;
};

struct known_router {
	struct mac mac;
	struct known_router *next;
};

struct subnet {
	const char *id;
	struct ip ip;
	unsigned int bits;
	bool internet; /* 0.0.0.0/0 for addresses of the Internet */
	struct subnet *next;
};

enum decision_kind { DECISION_FOLD, DECISION_MERGE, DECISION_SPLIT, DECISION_PROPOSAL };

struct decision {
	enum decision_kind kind;
	const char *id, *rule, *reason;
	int score;
	struct host *host, *other; /* who stands after it, and the other one */
	bool whole;		   /* all of the other host, which the database knows, became the first */
	const char *evidence[DECISION_EVIDENCE_MAX];
	struct decision *next;
};

struct identity {
	struct signal *signals, *by_value[IDENTITY_BUCKETS];
	struct decision *decisions;
	struct pin *pins;
	struct known_router *routers;
	struct subnet *subnets;	    /* those of the network, the longest prefix first */
	struct subnet *new_subnets; /* prefixes that a router told, and that no subnet has; without ids */
	const char *evidence;	    /* of the fact that is being looked at, or NULL */
};

/* The signal that says exactly this; made when there is none. NULL only when there is no memory. */
struct signal *world_signal(struct world *, enum signal_kind, const char *value, const struct mac *,
			    const char *vlan, const struct ip *);
/* The first of the chain in which signals of this kind and value are, among others. */
struct signal *world_signals_of(const struct world *, enum signal_kind, const char *value);
/* Ids that follow from what they name. */
const char *world_signal_id(struct world *, const struct signal *);

void world_pin(struct world *, const struct mac *, const char *vlan, const struct ip *, struct host *);
/* The host that a person gave this MAC (or this address in this VLAN, when mac is NULL), or NULL. */
struct host *world_pinned(const struct world *, const struct mac *, const char *vlan, const struct ip *);

void world_router(struct world *, const struct mac *);
bool world_is_router(const struct world *, const struct mac *);

/* Subnets in any order; id NULL: it is new. cidr as PostgreSQL writes it; what can't be read is left out. */
void world_subnet(struct world *, const char *id, const char *cidr, bool internet);
/* "address/bits" with the address cut to its prefix. False when it is none. */
bool world_prefix(const char *text, size_t length, struct ip *ip, unsigned int *bits);
bool world_in_prefix(const struct ip *, const struct ip *prefix, unsigned int bits);

/* A copy in the arena, "" when there is no memory. */
const char *world_copy(struct world *, const char *text);

#endif
