// SPDX-License-Identifier: BSD-2-Clause
/*
 * Whether two that claim one address contradict each other. A wrong alarm is worse than a late one: whatever explains it otherwise counts, and what
 * goes on comes here again with the next claim.
 */
#include <stdlib.h>

#include "sensor/conflict/claims.h"

enum { CHANGES_CERTAIN = 4, CARD_PORTS = 3 };

static const char *const names[PENDING_KINDS] = {[PENDING_ADDRESS] = "address", [PENDING_ANSWER] = "answer"};

/*
 * Ports of one card have MACs in a row. Bonds that balance by ARP (Linux balance-alb) answer now with one, now with another. Numbers that a program has
 * made up are in a row for other reasons.
 */
static bool on_one_card(const struct mac *a, const struct mac *b)
{
	for (size_t i = 0; i < 5; i++)
		if (a->bytes[i] != b->bytes[i])
			return false;
	return !mac_is_random(a) && abs(a->bytes[5] - b->bytes[5]) <= CARD_PORTS;
}

/*
 * A router answers for addresses that are not its own (RFC 1027), also for some that are on the link after all: who has another address, and has only
 * ever answered for this one, does not claim it. IPv6 says so of itself (no override), and was left out before.
 */
static bool is_own(const struct address *a, const struct claimant *one, const struct speaker *speaker)
{
	return one->strong || a->key.ip.version == 6 || !speaker || !speaker_has_other(speaker, &a->key.ip, 0);
}

/* It has dealt with a DHCP server about then: it has moved, was woken up, or is about to have another address. */
static bool moved(const struct speaker *speaker, int64_t time_us)
{
	return speaker && speaker->dhcp_us && llabs(speaker->dhcp_us - time_us) <= 3 * GRACE_US;
}

/*
 * One that has other addresses too may stand for others in turn: a repeater that hides who is behind it, a proxy of those that sleep. Then there is a conflict only
 * when both go on.
 */
static bool stands_in(const struct address *a, const struct claimant *one, const struct speaker *speaker)
{
	return a->key.ip.version == 4 && speaker && speaker_has_other(speaker, &a->key.ip, one->first_us);
}

/* One frame that tells nobody in particular may be a damaged one. */
static bool means_it(const struct claimant *one)
{
	return one->told || one->claims > 1;
}

static bool is_address(const struct address *a, const struct pending *p, const struct claimant *held,
		       const struct claimant *came, const struct speaker *of_held,
		       const struct speaker *of_came)
{
	if (!is_own(a, held, of_held) || !is_own(a, came, of_came) || moved(of_came, p->came_us) ||
	    moved(of_held, p->held_us))
		return false;
	if (p->both_answered)
		return true;
	if (!means_it(held) || !means_it(came))
		return false;
	if (on_one_card(&held->mac, &came->mac) && !(held->strong && came->strong))
		return false;
	return a->changes >= CHANGES_CERTAIN || !(stands_in(a, held, of_held) || stands_in(a, came, of_came));
}

static bool is_answer(const struct pending *p, const struct claimant *held, const struct claimant *came)
{
	const int64_t fair_for_us = SECONDS_US(3600);

	return !(came->fair_us && p->came_us - came->fair_us < fair_for_us) &&
	       !on_one_card(&held->mac, &came->mac);
}

/* Those that are in the conflict, who was there first first. */
static void list_claims(const struct address *a, struct conflict *out)
{
	const struct claimant *last = NULL;

	for (size_t n = 0; n < CLAIMANTS_MAX; n++) {
		const struct claimant *next = NULL;

		for (size_t i = 0; i < CLAIMANTS_MAX; i++) {
			const struct claimant *one = &a->claimant[i];

			if (one->in_conflict && (!last || one->first_us > last->first_us) &&
			    (!next || one->first_us < next->first_us))
				next = one;
		}
		if (!next)
			return;
		conflict_claims_mac(out, &next->mac);
		last = next;
	}
}

void judge(struct mouth *m, struct table *speakers, struct address *a, enum pending_what what)
{
	struct pending *p = &a->pending[what];
	struct claimant *held = address_claimant(a, &p->held), *came = address_claimant(a, &p->came);
	const struct speaker *of_held = speaker_find(speakers, a->key.vlan, &p->held, false);
	const struct speaker *of_came = speaker_find(speakers, a->key.vlan, &p->came, false);
	struct conflict conflict = {.what = names[what],
				    .source = p->source,
				    .vlan = a->key.vlan,
				    .ip = a->key.ip,
				    .first_us = p->first_us,
				    .last_us = p->last_us,
				    .count = p->count};

	p->waits = false;
	if (a->shared || !held || !came || (of_held && of_came && speakers_are_one(of_held, of_came)))
		return;
	if (what == PENDING_ADDRESS ? !is_address(a, p, held, came, of_held, of_came)
				    : !is_answer(p, held, came))
		return;
	held->in_conflict = came->in_conflict = true;
	if (what == PENDING_ANSWER) {
		conflict.mac = came->mac;
		conflict_claims_mac(&conflict, &held->mac);
		conflict_claims_mac(&conflict, &came->mac);
	} else {
		list_claims(a, &conflict);
	}
	conflict_say(m, &conflict);
}
