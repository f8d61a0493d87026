// SPDX-License-Identifier: BSD-2-Clause
/*
 * The ports of those who are there. Position = round × hosts + host: a round asks each host once, so that they are asked at even distance. The first rounds
 * are the canaries (canary.c), then come the ports, in another order for each host. The order can be turned round, so that an answer's port gives its
 * position, and nothing is kept for each port but the bit that it has answered.
 */
#include <arpa/inet.h>
#include <string.h>

#include "sensor/probe/ports.h"
#include "sensor/probe/prober_inside.h"

enum {
	OPEN_SUSPECT =
		256, /* more open ports than that, and more than half of all, with no canary closed: a middlebox */
};

static struct order ports_of(const struct prober *prober, const struct live *live)
{
	return order_tweak(&prober->ports, prober->block * BLOCK_ADDRESSES + live->number);
}

/* The port of a round, canaries taken off. */
static uint16_t port_of(const struct prober *prober, const struct live *live, uint64_t round)
{
	const struct order order = ports_of(prober, live);

	if (prober->by_ports)
		round = round * prober->options.shards + prober->options.shard;
	return ports_at(prober->options.ports, order_at(&order, round));
}

/* The other way round; UINT64_MAX when it is not asked. */
static uint64_t round_of(const struct prober *prober, const struct live *live, uint16_t port_h)
{
	const int number = ports_number(prober->options.ports, port_h);
	const struct order order = ports_of(prober, live);
	uint64_t round;

	if (number < 0)
		return UINT64_MAX;
	round = order_place(&order, (uint64_t)number);
	if (!prober->by_ports)
		return round;
	return round % prober->options.shards == prober->options.shard ? round / prober->options.shards
								       : UINT64_MAX;
}

static void host_settled(struct prober *prober, struct live *live)
{
	if (++live->settled < prober->rounds || live->done)
		return;
	live->done = true;
	prober->dead_hosts++;
	if (prober->options.host_done && !prober->dry)
		prober->options.host_done(prober->options.context, &live->ip, live->open, live->closed,
					  live->filtered, false);
}

static void silent(void *context, uint64_t position)
{
	struct prober *prober = context;
	struct live *live = &prober->live[position % prober->live_count];

	if (position / prober->live_count < CANARIES) {
		canary_settled(prober, live, NULL);
	} else {
		prober->progress.settled++;
		prober->progress.filtered += !live->done;
		live->filtered += !live->done;
	}
	host_settled(prober, live);
}

/* The first position that is to be asked, from the saved one: the same round, from the first host on whose number is not below. */
static uint64_t resumed(const struct prober *prober)
{
	const uint64_t round = prober->resume_next / BLOCK_ADDRESSES,
		       number = prober->resume_next % BLOCK_ADDRESSES;
	uint32_t place = 0;

	while (place < prober->live_count && prober->live[place].number < number)
		place++;
	return round * prober->live_count + place;
}

uint64_t syn_position(const struct prober *prober)
{
	uint64_t position;

	if (prober->stage != STAGE_PORTS || !prober->live_count)
		return prober->resume_next;
	position = asked_first(prober->asked);
	return position / prober->live_count * BLOCK_ADDRESSES +
	       prober->live[position % prober->live_count].number;
}

int syn_begin(struct prober *prober)
{
	const uint64_t total = (uint64_t)prober->rounds * prober->live_count, first = resumed(prober);
	const uint64_t canaries = (uint64_t)CANARIES * prober->live_count;

	prober->progress.total += total > canaries ? total - canaries : 0;
	/* What was settled before the restart. Its canaries are not asked again. */
	for (uint32_t i = 0; i < prober->live_count && first; i++) {
		struct live *live = &prober->live[i];
		uint64_t rounds = first / prober->live_count + (i < first % prober->live_count);

		live->settled = (uint32_t)(rounds < prober->rounds ? rounds : prober->rounds);
		live->canaries_settled = (uint8_t)(rounds < CANARIES ? rounds : CANARIES);
		live->done = live->settled == prober->rounds;
		prober->dead_hosts += live->done;
	}
	if (first > canaries)
		prober->progress.settled += (first < total ? first : total) - canaries;
	return asked_open(first < total ? first : total, total, prober->dry ? 0 : prober->options.retries,
			  silent, prober, &prober->asked);
}

/* One more may go to this host and to its subnet now. */
static bool budget(struct prober *prober, struct live *live)
{
	const uint32_t time = pace_slot_time(prober->now_us);

	if (prober->options.host_rate && !pace_slot_take(&live->pace, prober->options.host_rate, time))
		return false;
	if (!prober->options.subnet_rate ||
	    pace_slot_take(block_subnet(prober, &live->ip), prober->options.subnet_rate, time))
		return true;
	if (prober->options.host_rate)
		pace_slot_return(&live->pace, prober->options.host_rate);
	return false;
}

enum prober_offer syn_offer(struct prober *prober, uint64_t position, bool again, struct probe_frame *frame)
{
	struct live *live = &prober->live[position % prober->live_count];
	const uint64_t round = position / prober->live_count;
	uint16_t port_h;

	if (live->done) {
		prober->progress.settled += round >= CANARIES;
		return OFFER_SETTLED;
	}
	if (!budget(prober, live))
		return OFFER_LATER;
	port_h = round < CANARIES ? canary_port(prober, live, (uint32_t)round)
				  : port_of(prober, live, round - CANARIES);
	if (round >= CANARIES && !again && prober->options.known &&
	    prober->options.known(prober->options.context, &live->ip, port_h)) {
		if (prober->options.host_rate)
			pace_slot_return(&live->pace, prober->options.host_rate);
		prober->progress.saved++;
		prober->progress.settled++;
		host_settled(prober, live);
		return OFFER_SETTLED;
	}
	memcpy(frame->addr, live->ip.bytes, sizeof(frame->addr));
	memcpy(frame->mac, live->mac.bytes, sizeof(frame->mac));
	frame->port_n = htons(port_h);
	frame->kind = PROBE_SYN;
	frame->version = live->ip.version;
	patience_sent(&prober->patience, position, again, prober->now_us);
	return OFFER_SEND;
}

static void settle_canary(struct prober *prober, struct live *live, uint16_t port_h,
			  const struct probe_answer *answer)
{
	for (uint32_t i = 0; i < CANARIES; i++) {
		const uint64_t position = (uint64_t)i * prober->live_count + (uint64_t)(live - prober->live);

		if (canary_port(prober, live, i) != port_h || !asked_settle(prober->asked, position))
			continue;
		canary_settled(prober, live, answer);
		host_settled(prober, live);
	}
}

static void count_answer(struct prober *prober, struct live *live, const struct probe_answer *answer)
{
	prober->progress.settled++;
	live->open += answer->kind == ANSWER_OPEN;
	live->closed += answer->kind == ANSWER_CLOSED;
	live->filtered += answer->kind == ANSWER_UNREACHABLE;
	prober->progress.open += answer->kind == ANSWER_OPEN;
	prober->progress.closed += answer->kind == ANSWER_CLOSED;
	prober->progress.unreachable += answer->kind == ANSWER_UNREACHABLE;
}

void syn_answer(struct prober *prober, const struct probe_answer *answer)
{
	const struct ip ip = answer_ip(answer);
	struct live *live = block_live(prober, &ip);
	const uint16_t port_h = ntohs(answer->port_n);
	uint64_t round, position;
	bool again;

	if (!live || !port_h)
		return;
	if (live->canaries_settled < CANARIES)
		settle_canary(prober, live, port_h, answer);
	round = round_of(prober, live, port_h);
	if (round == UINT64_MAX || live->done)
		return;
	position = (round + CANARIES) * prober->live_count + (uint64_t)(live - prober->live);
	again = asked_again(prober->asked, position);
	if (!asked_settle(prober->asked, position)) {
		/* Answered twice, or after it was given up. */
		if (position < asked_first(prober->asked))
			patience_late(&prober->patience);
		return;
	}
	ease_answer(&prober->ease, again);
	patience_answered(&prober->patience, position, (int64_t)(answer->time_ns / 1000));
	count_answer(prober, live, answer);
	if (answer->kind == ANSWER_OPEN)
		canary_open(prober, live, answer);
	else if (prober->options.port)
		prober->options.port(prober->options.context, &live->ip, port_h, answer);
	if (live->open > OPEN_SUSPECT && !live->canaries_closed && live->open > live->closed + live->filtered)
		canary_middlebox(prober, live);
	host_settled(prober, live);
}
