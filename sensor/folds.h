/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The totals of `flow` facts: one fold for each (VLAN, client, server, port, protocol), to which conversations that
 * differ only in the client's port give what they count. Totals are since the fold's first and never fall once they are said.
 */
#ifndef SENSOR_FOLDS_H
#define SENSOR_FOLDS_H

#include <stdint.h>

#include "defs/record.h"

struct fold_key {
	vlan_packed vlan;
	uint8_t client[16], server[16];
	uint16_t port_n;
	uint8_t version, proto;
	uint8_t pad[4];
};

/* What a conversation remembers of the fold that it is in. Sides: 0 is the client. */
struct fold_member {
	uint64_t birth;		       /* of the fold; 0: in none */
	uint64_t packets[2], bytes[2]; /* given to it, by side */
	uint32_t connections;	       /* 1 at least */
	uint32_t rtt_us;	       /* the shortest; 0 when none was measured */
	int64_t first_us;
};

struct folds;
struct sightings;

int folds_open(struct sightings *s, struct folds **out);
/* The member gives so much, seen until time_us, in that protocol (borrowed, or NULL); it joins the fold of that key if it is not in it. */
void folds_give(struct folds *f, const struct fold_key *key, struct fold_member *member,
		const uint64_t packets[2], const uint64_t bytes[2], const char *app, int64_t time_us);
/* One more connection of a member. */
void folds_connect(struct folds *f, const struct fold_key *key, struct fold_member *member);
/* What its conversations speak; app lives as long as the folds do. The first that is heard stays. */
void folds_name(struct folds *f, const struct fold_key *key, const char *app);
/*
 * Take the member out, with all that it gave, as long as the fold has not been said: then it can give that elsewhere. What
 * has been said stays, and the member has nothing left to give.
 */
void folds_leave(struct folds *f, const struct fold_key *key, struct fold_member *member);
/* Say what has moved since the last time. */
void folds_tick(struct folds *f);
/* Folds that had to make room for others. */
uint64_t folds_evicted(const struct folds *f);
void folds_close(struct folds *f);

#endif
