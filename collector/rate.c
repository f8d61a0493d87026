/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Of each asker only the time is kept at which all their requests are paid off, each of which costs a minute divided by
 * the limit (the generic cell rate algorithm, ITU-T I.371 annex A): they are refused while that is further away than
 * a burst costs. Four slots share a place in the table; a stranger can't choose theirs, for the hash is keyed.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/rate.h"
#include "collector/secret.h"

enum { WAYS = 4, PLACES = 4096, MINUTE_US = 60000000, WHO_MAX = 80 };

struct slot {
	uint64_t who;
	int64_t paid_us;
};

struct rate {
	struct rate_limit limits[RATE_CLASSES];
	char salt[SECRET_TEXT_MAX];
	struct slot slots[PLACES][WAYS];
};

int rate_open(const struct rate_limit limits[static RATE_CLASSES], struct rate **out)
{
	struct rate *rate = calloc(1, sizeof(*rate));

	if (!rate)
		return -ENOMEM;
	memcpy(rate->limits, limits, sizeof(rate->limits));
	secret_make("", rate->salt);
	*out = rate;
	return 0;
}

/* Who has one address of a /64 has them all: it counts as one. */
static void who_write(const char *who, char out[static WHO_MAX])
{
	struct in6_addr address;

	if (strchr(who, '.') && strrchr(who, ':'))
		who = strrchr(who, ':') + 1; /* IPv4 in IPv6 */
	snprintf(out, WHO_MAX, "%s", who);
	if (inet_pton(AF_INET6, who, &address) == 1) {
		memset(&address.s6_addr[8], 0, 8);
		inet_ntop(AF_INET6, &address, out, WHO_MAX);
	}
}

static uint64_t hash(const struct rate *rate, enum rate_class class, const char *who)
{
	char text[SECRET_TEXT_MAX + WHO_MAX + 8], plain[WHO_MAX];
	uint8_t bytes[SECRET_HASH_BYTES];
	uint64_t number;
	int length;

	who_write(who, plain);
	length = snprintf(text, sizeof(text), "%s %d %s", rate->salt, (int)class, plain);
	secret_hash(text, (size_t)length, bytes);
	memcpy(&number, bytes, sizeof(number));
	return number ? number : 1;
}

/* The asker's slot: theirs, an empty one, or that of whoever has paid off longest ago. */
static struct slot *find(struct rate *rate, uint64_t who)
{
	struct slot *slots = rate->slots[who % PLACES], *oldest = slots;

	for (size_t i = 0; i < WAYS; i++) {
		if (slots[i].who == who)
			return &slots[i];
		if (slots[i].paid_us < oldest->paid_us)
			oldest = &slots[i];
	}
	*oldest = (struct slot){.who = who};
	return oldest;
}

long rate_take(struct rate *rate, enum rate_class class, const char *who, int64_t now_us)
{
	const struct rate_limit *limit = &rate->limits[class];
	int64_t cost_us, ahead_us;
	struct slot *slot;

	if (!limit->per_minute)
		return 0;
	cost_us = MINUTE_US / limit->per_minute;
	slot = find(rate, hash(rate, class, who));
	if (slot->paid_us < now_us)
		slot->paid_us = now_us;
	ahead_us = slot->paid_us + cost_us - now_us - cost_us * (limit->burst > 0 ? limit->burst : 1);
	if (ahead_us > 0)
		return (long)((ahead_us + 999999) / 1000000);
	slot->paid_us += cost_us;
	return 0;
}

void rate_close(struct rate *rate)
{
	free(rate);
}
