// SPDX-License-Identifier: BSD-2-Clause
/*
 * Who says that it has which address, and who else says so. See inside.h.
 *
 * An address has a holder: who claimed it last. Another one's claim may be a takeover, by which the former one is silent from then on: a
 * device that was given the address, a backup that stands in. It looks like a conflict when
 *   - both answer within a second,
 *   - or the former one claims it again, without telling everybody first, while the other one is there: it has never left,
 *   - or both tell everybody, again and again,
 *   - or somebody who was not asked answers for it.
 * What looks so waits for GRACE_US (judge.c).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/conflict/claims.h"

enum { ADDRESSES_MAX = 1 << 14, SPEAKERS_MAX = 1 << 14, WAITING_MAX = 256, CHANGES_WAR = 3 };

static const int64_t ask_us = SECONDS_US(5);  /* so long an answer may take */
static const int64_t both_us = SECONDS_US(1); /* so far apart answer those that were asked together */
static const int64_t alive_us =
	SECONDS_US(300); /* so long ago who is still there was heard, with ARP's usual life */
static const int64_t lately_us = SECONDS_US(3600);
static const int64_t soon_us = SECONDS_US(30);
static const int64_t defend_us =
	SECONDS_US(10); /* who still has it answers an announcement by its own (RFC 5227 2.4) */

struct waiting {
	struct address_key key;
	enum pending_what what;
};

struct claims {
	struct mouth *mouth;
	struct table *addresses, *speakers;
	size_t first, count; /* of waiting[], a ring in order of time */
	uint64_t refused;    /* for which it had no room */
	struct waiting waiting[WAITING_MAX];
};

static struct address *find(struct claims *c, vlan_packed vlan, const struct ip *ip, bool make)
{
	struct address_key key = {.vlan = vlan, .ip = *ip};
	struct address *a = table_find(c->addresses, &key);

	if (a || !make)
		return a;
	a = table_add(c->addresses, &key);
	if (a)
		a->holder = a->before = NOBODY;
	return a;
}

struct claimant *address_claimant(struct address *a, const struct mac *mac)
{
	for (size_t i = 0; i < CLAIMANTS_MAX; i++)
		if (a->claimant[i].first_us && mac_equal(&a->claimant[i].mac, mac))
			return &a->claimant[i];
	return NULL;
}

static bool is_needed(const struct address *a, uint8_t index)
{
	const struct mac *mac = &a->claimant[index].mac;

	for (size_t what = 0; what < PENDING_KINDS; what++) {
		const struct pending *p = &a->pending[what];

		if (p->waits && (mac_equal(mac, &p->held) || mac_equal(mac, &p->came)))
			return true;
	}
	return index == a->holder || index == a->before;
}

/* The one of that MAC; a new one takes the place of who was heard longest ago. NULL when all are needed until it is decided about them. */
static struct claimant *take_claimant(struct address *a, const struct mac *mac, int64_t time_us)
{
	struct claimant *one = address_claimant(a, mac), *oldest = NULL;

	if (one)
		return one;
	for (unsigned int i = 0; i < CLAIMANTS_MAX; i++)
		if (!is_needed(a, (uint8_t)i) && (!oldest || a->claimant[i].last_us < oldest->last_us))
			oldest = &a->claimant[i];
	if (oldest)
		*oldest = (struct claimant){.mac = *mac, .first_us = time_us};
	return oldest;
}

static void judge_first(struct claims *c)
{
	const struct waiting *first = &c->waiting[c->first];
	struct address *a = table_find(c->addresses, &first->key);

	if (a && a->pending[first->what].waits)
		judge(c->mouth, c->speakers, a, first->what);
	c->first = (c->first + 1) % WAITING_MAX;
	c->count--;
}

static void wait_for(struct claims *c, struct address *a, enum pending_what what, const struct claim *claim,
		     const struct claimant *held, bool both_answered)
{
	struct pending *p = &a->pending[what];

	if (p->waits) {
		p->count++;
		p->last_us = claim->time_us;
		return;
	}
	/* Nothing is decided before its grace is over, whatever floods: what goes on comes here again. */
	if (c->count == WAITING_MAX) {
		c->refused++;
		return;
	}
	*p = (struct pending){.waits = true,
			      .both_answered = both_answered,
			      .source = claim->source,
			      .held = held->mac,
			      .came = claim->mac,
			      .first_us = held->last_us < claim->time_us ? held->last_us : claim->time_us,
			      .held_us = held->last_us,
			      .last_us = claim->time_us,
			      .came_us = claim->time_us,
			      .due_us = claim->time_us + GRACE_US,
			      .count = 1};
	c->waiting[(c->first + c->count++) % WAITING_MAX] = (struct waiting){a->key, what};
}

void claims_tick(struct claims *c, int64_t now_us)
{
	while (c->count) {
		const struct waiting *first = &c->waiting[c->first];
		const struct address *a = table_find(c->addresses, &first->key);

		if (now_us && a && a->pending[first->what].waits && a->pending[first->what].due_us > now_us)
			return;
		judge_first(c);
	}
}

/* Nobody has asked: neither was a question seen that is not answered yet, nor has the holder just answered one that was not seen. */
static bool unasked(const struct address *a, const struct claim *claim)
{
	return claim->way == CLAIM_PUSHED ||
	       (claim->way == CLAIM_ANSWERED && claim->time_us > a->asked_until_us);
}

static void answered(struct address *a, const struct claim *claim)
{
	if (claim->way != CLAIM_ANSWERED || (a->before != NOBODY && unasked(a, claim)))
		return;
	if (a->asked_until_us < claim->time_us || a->asked_until_us > claim->time_us + both_us)
		a->asked_until_us = claim->time_us + both_us;
}

/* Another one than the holder claims it. had_us: when it did so last, 0 when never. */
static void another(struct claims *c, struct address *a, const struct claim *claim, const struct claimant *came,
		    int64_t had_us)
{
	const struct claimant *held = &a->claimant[a->holder];
	int64_t since_us = claim->time_us - held->last_us, turn_us = claim->time_us - a->turn_us;
	bool there = since_us <= alive_us, told = claim->way == CLAIM_ANNOUNCED;

	a->changes = turn_us <= soon_us ? (uint8_t)(a->changes + (a->changes < UINT8_MAX)) : 1;
	if (unasked(a, claim) && there)
		wait_for(c, a, PENDING_ANSWER, claim, held, false);
	if (claim->way == CLAIM_ANSWERED && held->answered_us && claim->time_us - held->answered_us <= both_us)
		wait_for(c, a, PENDING_ADDRESS, claim, held, true);
	else if (had_us && a->turn_us - had_us <= lately_us && there && (!told || turn_us <= defend_us))
		wait_for(c, a, PENDING_ADDRESS, claim, held, false);
	else if (told && a->changes >= CHANGES_WAR)
		wait_for(c, a, PENDING_ADDRESS, claim, held, false);
	a->before = a->holder;
	a->before_last_us = held->last_us;
	a->holder = (uint8_t)(came - a->claimant);
	a->turn_us = claim->time_us;
}

/* The holder goes on. It may have become that by an answer that somebody seemed to have asked for. */
static void same(struct claims *c, struct address *a, const struct claim *claim)
{
	const struct claimant *before = a->before == NOBODY ? NULL : &a->claimant[a->before];

	if (before && before->first_us && unasked(a, claim) && a->turn_us - a->before_last_us <= alive_us &&
	    claim->time_us - a->turn_us <= alive_us)
		wait_for(c, a, PENDING_ANSWER, claim, before, false);
}

void claims_hear(struct claims *c, const struct claim *claim)
{
	bool virtual = mac_is_virtual_router(&claim->mac);
	struct speaker *speaker;
	struct address *a;
	struct claimant *came;
	int64_t had_us;

	claims_tick(c, claim->time_us);
	speaker = virtual ? NULL : speaker_find(c->speakers, claim->vlan, &claim->mac, true);
	a = find(c, claim->vlan, &claim->ip, claim->way != CLAIM_PROBED);
	if (!a || (!virtual && !speaker))
		return;
	a->shared |= virtual;
	/* One station by two MACs: a damaged frame, or one that speaks for another as it always does. */
	if (a->shared || (!mac_equal(&claim->station, &claim->mac) && address_claimant(a, &claim->station)))
		return;
	came = take_claimant(a, &claim->mac, claim->time_us);
	if (!came)
		return;
	if (claim->way == CLAIM_PROBED || claim->way == CLAIM_ANNOUNCED)
		came->fair_us = claim->time_us;
	if (claim->way == CLAIM_PROBED)
		return;
	speaker_says(speaker, &claim->ip, claim->time_us);
	had_us = came->last_us;
	came->last_us = claim->time_us;
	came->claims += came->claims < UINT32_MAX;
	came->told |= claim->way == CLAIM_ANNOUNCED;
	came->strong |= claim->way == CLAIM_ANNOUNCED || claim->way == CLAIM_SPOKE;
	if (a->holder == NOBODY) {
		a->holder = (uint8_t)(came - a->claimant);
		a->turn_us = claim->time_us;
	} else if (came != &a->claimant[a->holder]) {
		another(c, a, claim, came, had_us);
	} else {
		same(c, a, claim);
	}
	if (claim->way == CLAIM_ANSWERED)
		came->answered_us = claim->time_us;
	answered(a, claim);
}

void claims_asked(struct claims *c, vlan_packed vlan, const struct ip *ip, int64_t time_us)
{
	struct address *a = find(c, vlan, ip, false);

	if (a)
		a->asked_until_us = time_us + ask_us;
}

void claims_client(struct claims *c, vlan_packed vlan, const struct mac *mac, int64_t time_us)
{
	struct speaker *speaker = speaker_find(c->speakers, vlan, mac, true);

	if (speaker)
		speaker->dhcp_us = time_us;
}

void claims_granted(struct claims *c, vlan_packed vlan, const struct ip *ip, const struct mac *mac,
		    int64_t time_us)
{
	struct address *a = find(c, vlan, ip, true);
	struct claimant *one = a && !a->shared ? take_claimant(a, mac, time_us) : NULL;

	claims_client(c, vlan, mac, time_us);
	if (one)
		one->fair_us = time_us;
}

void claims_share(struct claims *c, vlan_packed vlan, const struct ip *ip, int64_t time_us)
{
	struct address *a = find(c, vlan, ip, true);

	claims_tick(c, time_us);
	if (a)
		a->shared = true;
}

int claims_open(struct mouth *m, struct claims **out)
{
	struct claims *c = calloc(1, sizeof(*c));
	struct table_options addresses = {.key_size = sizeof(struct address_key),
					  .entry_size = sizeof(struct address),
					  .capacity = ADDRESSES_MAX};
	struct table_options speakers = {.key_size = sizeof(struct speaker_key),
					 .entry_size = sizeof(struct speaker),
					 .capacity = SPEAKERS_MAX};

	if (!c)
		return -ENOMEM;
	c->mouth = m;
	if (table_open(&addresses, &c->addresses) || table_open(&speakers, &c->speakers)) {
		claims_close(c);
		return -ENOMEM;
	}
	*out = c;
	return 0;
}

uint64_t claims_evicted(const struct claims *c)
{
	return table_evicted(c->addresses) + table_evicted(c->speakers) + c->refused;
}

void claims_close(struct claims *c)
{
	if (!c)
		return;
	table_close(c->addresses);
	table_close(c->speakers);
	free(c);
}
