/* SPDX-License-Identifier: BSD-2-Clause */
/* Who speaks on a link, by MAC: which addresses it says are its own, and when it last dealt with a DHCP server. */
#ifndef SENSOR_CONFLICT_SPEAKERS_H
#define SENSOR_CONFLICT_SPEAKERS_H

#include "sensor/conflict/inside.h"

enum { SPEAKER_ADDRESSES = 6 };

struct speaker_key {
	vlan_packed vlan;
	struct mac mac;
	uint8_t pad[2];
};

struct spoken {
	struct ip ip;
	int64_t first_us, last_us;
};

struct speaker {
	struct table_entry entry;
	struct speaker_key key;
	int64_t dhcp_us;
	struct spoken spoken[SPEAKER_ADDRESSES]; /* the oldest makes room */
};

/* The speaker, or NULL when it is not known (or, with make, when memory is missing). */
struct speaker *speaker_find(struct table *speakers, vlan_packed vlan, const struct mac *mac, bool make);
void speaker_says(struct speaker *s, const struct ip *ip, int64_t time_us);
/* Whether it has another address of that family, said since since_us. */
bool speaker_has_other(const struct speaker *s, const struct ip *ip, int64_t since_us);
/*
 * Whether each of the two says an address that the other one said before: then they are two cards of one host that answers for all its
 * addresses on each (as Linux does unless told otherwise). Whoever takes addresses over gives none of its own.
 */
bool speakers_are_one(const struct speaker *a, const struct speaker *b);

#endif
