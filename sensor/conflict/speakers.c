// SPDX-License-Identifier: BSD-2-Clause
/* See speakers.h. */
#include "sensor/conflict/speakers.h"

struct speaker *speaker_find(struct table *speakers, vlan_packed vlan, const struct mac *mac, bool make)
{
	struct speaker_key key = {.vlan = vlan, .mac = *mac};
	struct speaker *s = table_find(speakers, &key);

	return s || !make ? s : table_add(speakers, &key);
}

void speaker_says(struct speaker *s, const struct ip *ip, int64_t time_us)
{
	struct spoken *room = &s->spoken[0];

	for (size_t i = 0; i < SPEAKER_ADDRESSES; i++) {
		struct spoken *one = &s->spoken[i];

		if (ip_equal(&one->ip, ip)) {
			one->last_us = time_us;
			return;
		}
		if (one->last_us < room->last_us)
			room = one;
	}
	*room = (struct spoken){*ip, time_us, time_us};
}

bool speaker_has_other(const struct speaker *s, const struct ip *ip, int64_t since_us)
{
	for (size_t i = 0; i < SPEAKER_ADDRESSES; i++) {
		const struct spoken *one = &s->spoken[i];

		if (one->ip.version == ip->version && !ip_equal(&one->ip, ip) && !ip_is_link_local(&one->ip) &&
		    one->last_us >= since_us)
			return true;
	}
	return false;
}

/* Whether b says something that a said before. */
static bool gave(const struct speaker *a, const struct speaker *b)
{
	for (size_t i = 0; i < SPEAKER_ADDRESSES; i++)
		for (size_t k = 0; k < SPEAKER_ADDRESSES; k++)
			if (a->spoken[i].ip.version && ip_equal(&a->spoken[i].ip, &b->spoken[k].ip) &&
			    a->spoken[i].first_us < b->spoken[k].first_us)
				return true;
	return false;
}

bool speakers_are_one(const struct speaker *a, const struct speaker *b)
{
	return gave(a, b) && gave(b, a);
}
