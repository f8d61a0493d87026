/* SPDX-License-Identifier: BSD-2-Clause */
/* Who claims an address: the entry that claims.c keeps, and that judge.c decides on. */
#ifndef SENSOR_CONFLICT_CLAIMS_H
#define SENSOR_CONFLICT_CLAIMS_H

#include "sensor/conflict/speakers.h"

enum { CLAIMANTS_MAX = 4, NOBODY = 0xff };

struct address_key {
	vlan_packed vlan;
	struct ip ip;
	uint8_t pad[7];
};

struct claimant {
	struct mac mac;
	bool strong; /* it speaks as the address, or tells everybody: not only answers, which a router does for others */
	bool told;	  /* it has told everybody */
	bool in_conflict; /* one of those that were said to be */
	uint32_t claims;  /* by it */
	int64_t first_us, last_us;
	int64_t answered_us; /* the last answer */
	int64_t fair_us; /* when it last asked whether it may, told everybody, or a server gave it the address */
};

enum pending_what { PENDING_ADDRESS, PENDING_ANSWER, PENDING_KINDS };

/* What looks like a conflict, until its grace is over. */
struct pending {
	bool waits, both_answered;
	enum fact_source source;
	struct mac held, came; /* who had it, who claims it as well */
	int64_t first_us, last_us, due_us;
	int64_t held_us, came_us; /* their claims that made it one */
	uint64_t count;
};

struct address {
	struct table_entry entry;
	struct address_key key;
	bool shared;
	uint8_t holder, before; /* of claimant[]; before: who held it until turn_us */
	uint8_t changes;	/* of holders, each soon after the one before */
	int64_t turn_us;	/* since when the holder holds it */
	int64_t before_last_us; /* when the one before was last heard then */
	int64_t asked_until_us; /* up to then an answer has been asked for */
	struct claimant claimant[CLAIMANTS_MAX];
	struct pending pending[PENDING_KINDS];
};

struct claimant *address_claimant(struct address *a, const struct mac *mac);

/* Decide what of the address waits: it is said, or there was an explanation. */
void judge(struct mouth *m, struct table *speakers, struct address *a, enum pending_what what);

#endif
