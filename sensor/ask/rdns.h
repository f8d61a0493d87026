/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What are these addresses called, by the resolver of the network that is scanned? PTR questions (RFC 1035 3.5, RFC 3596 2.5)
 * through struct ask, each address of at most RDNS_RESOLVERS_EACH resolvers; names come out of its say() as `name` facts, kind `fqdn`.
 *
 * Resolvers, best first: those given; those that the network announces (routes' `dns`), when their address is a private one;
 * those found by the scan, of the address's own subnet before others. Never one of the public Internet unless it was given, and never
 * this machine's own resolver by itself. One that stays silent is asked a few times, then no more: it costs a scan seconds.
 */
#ifndef SENSOR_ASK_RDNS_H
#define SENSOR_ASK_RDNS_H

#include <stddef.h>
#include <stdint.h>

#include "defs/addr.h"
#include "defs/facts.h"

enum {
	RDNS_QUEUE_MAX = 4096,	/* addresses that wait */
	RDNS_RESOLVERS_MAX = 8, /* that are remembered; more are not asked */
	RDNS_RESOLVERS_EACH = 2,
};

struct ask;
struct rdns;

struct rdns_counters {
	uint64_t asked;	   /* questions handed to ask */
	uint64_t answered; /* of them, also that there is no name */
	uint64_t waiting;  /* addresses; without a resolver they wait for ever */
	uint64_t refused;  /* resolvers that were announced, and are public */
};

/* Borrows ask. given: may be none. 0 with *out, or -ENOMEM. */
int rdns_open(struct ask *ask, const struct ip *given, size_t count, struct rdns **out);
/* Give it every fact of the scan, and routes that are known from traffic: it takes resolvers from them. */
void rdns_learn(struct rdns *, const struct fact *fact);
/* Copies. 0; -EAGAIN: the queue is full, step and try again. */
int rdns_add(struct rdns *, const struct ip *address);
/* Hand over what can be asked now. How many addresses still wait for room in ask; 0: no more to do until something is learnt. */
size_t rdns_step(struct rdns *);
void rdns_count(const struct rdns *, struct rdns_counters *out);
/* NULL is fine. Questions that run still tell it of their end: ask_stop() or ask_close() comes first. */
void rdns_close(struct rdns *);

#endif
