// SPDX-License-Identifier: BSD-2-Clause
/*
 * Some boxes in the middle, SYN proxies and traps answer for every port. So three high ports that nobody uses, other ones for each host, are asked first;
 * until they are settled the host's open ports are held back. A host that opens two of the three and closes none is told of as such, and asked no further.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/probe/ports.h"
#include "sensor/probe/prober_inside.h"

enum {
	CANARY_FIRST = 20000,
	CANARY_SPAN = 45000,
	CANARY_TRIES = 16,
	CANARIES_SUSPECT = 2,
};

uint16_t canary_port(const struct prober *prober, const struct live *live, uint32_t which)
{
	uint64_t random =
		order_mix(prober->key[1] ^ live->number ^ prober->block << 16 ^ (uint64_t)which << 56);
	uint16_t port_h = 0;

	/* One that is not asked anyway, if there is such a one; each of the three from a third of its own. */
	for (int i = 0; i < CANARY_TRIES; i++, random = order_mix(random + 1)) {
		port_h = (uint16_t)(CANARY_FIRST + which * (CANARY_SPAN / CANARIES) +
				    random % (CANARY_SPAN / CANARIES));
		if (!never_find(port_h, false) && !ports_has(prober->options.ports, port_h))
			break;
	}
	return port_h;
}

static void tell(struct prober *prober, struct live *live, const struct probe_answer *answer)
{
	if (prober->options.port)
		prober->options.port(prober->options.context, &live->ip, ntohs(answer->port_n), answer);
}

/* Hand out what was held back of a host, or forget it. */
static void release(struct prober *prober, struct live *live, bool say)
{
	while (live->held != HELD_NONE) {
		const int32_t place = live->held;

		if (say)
			tell(prober, live, &prober->held[place].answer);
		live->held = prober->held[place].next;
		prober->held[place].next = prober->held_free;
		prober->held_free = place;
	}
}

static int32_t held_take(struct prober *prober)
{
	int32_t place = prober->held_free;

	if (place != HELD_NONE) {
		prober->held_free = prober->held[place].next;
		return place;
	}
	if (prober->held_used == prober->held_room) {
		uint32_t room = prober->held_room ? prober->held_room * 2 : 64;
		struct held *held = room <= HELD_MAX ? reallocarray(prober->held, room, sizeof(*held)) : NULL;

		if (!held)
			return HELD_NONE;
		prober->held = held;
		prober->held_room = room;
	}
	return (int32_t)prober->held_used++;
}

void canary_open(struct prober *prober, struct live *live, const struct probe_answer *answer)
{
	int32_t place = HELD_NONE;

	if (live->canaries_settled < CANARIES)
		place = held_take(prober);
	/* Without room it is told at once: host_done() says it if it was a middlebox's. */
	if (place == HELD_NONE) {
		tell(prober, live, answer);
		return;
	}
	prober->held[place] = (struct held){.answer = *answer, .next = live->held};
	live->held = place;
}

void canary_middlebox(struct prober *prober, struct live *live)
{
	release(prober, live, false);
	live->middlebox = live->done = true;
	prober->dead_hosts++;
	if (prober->options.host_done)
		prober->options.host_done(prober->options.context, &live->ip, live->open, live->closed,
					  live->filtered, true);
}

void canary_settled(struct prober *prober, struct live *live, const struct probe_answer *answer)
{
	live->canaries_settled++;
	live->canaries_open += answer && answer->kind == ANSWER_OPEN;
	live->canaries_closed += answer && answer->kind == ANSWER_CLOSED;
	if (live->done || live->canaries_settled < CANARIES)
		return;
	if (live->canaries_open >= CANARIES_SUSPECT && !live->canaries_closed)
		canary_middlebox(prober, live);
	else
		release(prober, live, true);
}
