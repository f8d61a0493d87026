// SPDX-License-Identifier: BSD-2-Clause
/*
 * The order of things: block by block, who is there and then their ports. What is offered by asked.h is made into frames and sent as the pace allows; answers are given
 * to the stage that is on. What a stage asks and what an answer means is in alive.c and syn.c.
 */
#include "sensor/probe/prober.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "defs/log.h"
#include "sensor/clock.h"
#include "sensor/probe/answers.h"
#include "sensor/probe/ports.h"
#include "sensor/probe/prober_inside.h"
#include "sensor/probe/route.h"
#include "sensor/probe/space.h"

enum {
	ANSWERS_MAX = 1 << 16,	/* in one step */
	OFFERS_MAX = 4 * BATCH, /* looked at in one step */
	LATER_MAX = 512,	/* of them that have to wait */
	STEPS_SECOND = 200,	/* wake-ups, at most, for a paced run */
	LATER_US = 1000,	/* until a host may be asked again, or the kernel's queue has room */
	LATE_US = 1000,		/* sending that takes longer counts as a pause */
	RATE_US = 500000,
	PER_SHARD_MIN = 16, /* addresses; with fewer the shards share the ports */
};

static bool options_valid(const struct prober_options *options)
{
	return options->space && options->ports && options->route && options->transmit && options->source &&
	       options->timeout_ms && (options->shards <= 1 || options->shard < options->shards);
}

static void share(struct prober *prober)
{
	const struct prober_options *options = &prober->options;
	const uint64_t addresses = space_count(options->space),
		       shards = options->shards > 1 ? options->shards : 1;
	uint64_t ports = ports_count(options->ports);

	prober->shard_count = addresses;
	prober->by_ports = shards > 1 && addresses < shards * PER_SHARD_MIN;
	if (prober->by_ports)
		ports = (ports + shards - 1 - options->shard) / shards;
	else
		prober->shard_count = (addresses + shards - 1 - options->shard) / shards;
	prober->blocks = (prober->shard_count + BLOCK_ADDRESSES - 1) / BLOCK_ADDRESSES;
	/* One without addresses, for the echo to all nodes. */
	if (!addresses && options->all_nodes)
		prober->blocks = 1;
	prober->rounds = ports ? (uint32_t)ports + CANARIES : 0;
	prober->addresses = order_make(addresses ? addresses : 1, prober->key);
	prober->ports = order_make(ports_count(options->ports) ? ports_count(options->ports) : 1, prober->key);
}

int prober_open(const struct prober_options *options, struct prober **out)
{
	struct prober *prober;

	if (!options_valid(options)) {
		log_error("this scan can't be made: its options contradict each other (shard %u of %u, timeout "
			  "%u ms)",
			  options->shard, options->shards, options->timeout_ms);
		return -EINVAL;
	}
	prober = calloc(1, sizeof(*prober));
	if (!prober)
		return -ENOMEM;
	prober->options = *options;
	prober->dry = !options->answers;
	prober->held_free = HELD_NONE;
	memcpy(prober->key, options->resume.key, sizeof(prober->key));
	/* Shards are started apart from each other, and must agree on the order. It is no secret. */
	if (options->shards > 1 && !prober->key[0]) {
		prober->key[0] = order_mix(space_count(options->space) ^ (uint64_t)options->shards << 48);
		prober->key[1] = order_mix(prober->key[0]);
	}
	if (!prober->key[0] && !prober->key[1] &&
	    getrandom(prober->key, sizeof(prober->key), 0) != (ssize_t)sizeof(prober->key)) {
		log_error("no random numbers are to be had: %s", strerror(errno));
		free(prober);
		return -EIO;
	}
	share(prober);
	prober->block = options->resume.block;
	prober->resume_next = options->resume.next;
	if (prober->block > prober->blocks || prober->resume_next / BLOCK_ADDRESSES > prober->rounds) {
		log_error("the saved position belongs to another scan: give the targets, ports and shard of "
			  "that one, or start anew");
		free(prober);
		return -EINVAL;
	}
	patience_start(&prober->patience, options->timeout_ms);
	prober->progress.remaining_us = -1;
	if (options->answers)
		answers_arm(options->answers, options->source);
	*out = prober;
	return 0;
}

static void take_answer(void *context, const struct probe_answer *answer)
{
	struct prober *prober = context;

	if (answer->kind == ANSWER_ECHO && answer->version == 6) {
		const struct ip ip = answer_ip(answer);

		if (ip_is_link_local(&ip) && space_number(prober->options.space, &ip) == UINT64_MAX) {
			alive_node(prober, answer);
			return;
		}
	}
	if (prober->stage == STAGE_HOPS)
		hops_answer(prober, answer);
	else if (prober->stage == STAGE_ALIVE)
		alive_answer(prober, answer);
	else if (prober->stage == STAGE_PORTS &&
		 (answer->kind == ANSWER_OPEN || answer->kind == ANSWER_CLOSED ||
		  answer->kind == ANSWER_UNREACHABLE))
		syn_answer(prober, answer);
}

static enum prober_offer offer(struct prober *prober, uint64_t position, bool again, struct probe_frame *frame)
{
	memset(frame, 0, sizeof(*frame));
	if (prober->stage == STAGE_HOPS)
		return hops_offer(prober, position, frame);
	if (prober->stage == STAGE_ALIVE)
		return alive_offer(prober, position, again, frame);
	return syn_offer(prober, position, again, frame);
}

/* Does this block lead through a gateway? */
static bool routed(const struct prober *prober)
{
	for (uint32_t i = 0; i < prober->count; i++) {
		const struct ip ip = block_address(prober, i);

		if (!route_on_link(prober->options.route, &ip))
			return true;
	}
	return false;
}

static int stage_set(struct prober *prober, enum prober_stage stage)
{
	asked_close(prober->asked);
	prober->asked = NULL;
	prober->stage = stage;
	switch (stage) {
	case STAGE_BLOCK:
	case STAGE_DONE:
		return 0;
	case STAGE_HOPS:
		return hops_begin(prober);
	case STAGE_ALIVE:
		alive_ask_nodes(prober);
		return alive_begin(prober);
	case STAGE_PORTS:
		block_sort(prober);
		return syn_begin(prober);
	}
	return 0;
}

static void hops_over(const struct prober *prober)
{
	char text[ADDR_TEXT_MAX];

	for (uint32_t i = 0; i < prober->hop_count && !prober->dry; i++)
		if (!prober->hops[i].known)
			log_warn("the gateway %s does not answer: what is behind it can't be asked",
				 ip_text(&prober->hops[i].ip, text));
}

/* The stage is over: on to the next. 0 or -errno. */
static int stage_over(struct prober *prober)
{
	int error;

	switch (prober->stage) {
	case STAGE_BLOCK:
		if (prober->block >= prober->blocks)
			return stage_set(prober, STAGE_DONE);
		error = block_begin(prober);
		if (error)
			return error;
		return stage_set(prober, !prober->hop_count && routed(prober) ? STAGE_HOPS : STAGE_ALIVE);
	case STAGE_HOPS:
		hops_over(prober);
		return stage_set(prober, STAGE_ALIVE);
	case STAGE_ALIVE:
		return stage_set(prober, STAGE_PORTS);
	case STAGE_PORTS:
		prober->block++;
		prober->resume_next = 0;
		return stage_set(prober, STAGE_BLOCK);
	case STAGE_DONE:
		break;
	}
	return 0;
}

static void keep_rate(struct prober *prober)
{
	const int64_t elapsed = prober->now_us - prober->rate_since_us;

	if (elapsed < RATE_US)
		return;
	if (prober->rate_since_us)
		prober->progress.rate_now =
			(uint32_t)((prober->progress.sent - prober->rate_sent) * 1000000 / (uint64_t)elapsed);
	prober->rate_since_us = prober->now_us;
	prober->rate_sent = prober->progress.sent;
}

/* Hand over `count` frames; what did not leave is offered again. 0 or -errno. */
static int send_batch(struct prober *prober, uint32_t count, uint32_t *sent)
{
	struct transmit *transmit = prober->options.transmit;
	int result = transmit->send(transmit, prober->frames, count);

	if (result == -EAGAIN || result == -ENOBUFS)
		result = 0;
	if (result < 0)
		return result;
	*sent = (uint32_t)result;
	for (uint32_t i = 0; i < count; i++) {
		if (i >= *sent) {
			asked_return(prober->asked, prober->positions[i]);
		} else if (prober->dry) {
			asked_settle(prober->asked, prober->positions[i]);
			prober->progress.settled += prober->stage == STAGE_PORTS &&
						    prober->positions[i] / prober->live_count >= CANARIES;
		}
	}
	prober->progress.sent += *sent;
	pace_spend(&prober->pace, *sent);
	return 0;
}

/* What the network takes, and budgets of hosts and subnets together, may be less than the rate of all: then there is no use in looking for somebody to ask more often. */
static uint32_t allowed_now(struct prober *prober)
{
	const struct prober_options *options = &prober->options;
	const uint32_t eased = ease_limit(&prober->ease, prober->now_us);
	uint64_t rate = options->rate ? options->rate : UINT32_MAX;

	if (eased && eased < rate)
		rate = eased;
	if (options->host_rate && prober->stage == STAGE_PORTS) {
		const uint64_t most = (uint64_t)options->host_rate * (prober->live_count - prober->dead_hosts);

		rate = most < rate ? most : rate;
	}
	if (options->subnet_rate && prober->stage != STAGE_HOPS) {
		const uint64_t most = (uint64_t)options->subnet_rate * prober->subnet_count;

		rate = most < rate ? most : rate;
	}
	rate = rate == UINT32_MAX ? 0 : rate ? rate : 1;
	if (rate != prober->pace.rate)
		pace_rate(&prober->pace, (uint32_t)rate, prober->now_us);
	return pace_take(&prober->pace, prober->now_us);
}

/*
 * One batch of the stage. 0: the stage is over; 1 with *next_us; -errno.
 */
static int stage_step(struct prober *prober, int64_t *next_us)
{
	const uint32_t allowed = prober->stopped ? 1 : allowed_now(prober);
	const uint32_t want = allowed < BATCH ? allowed : BATCH, patience_now = patience_us(&prober->patience);
	/* Who is asleep takes longer to say that it is there than to answer once awake. */
	const uint32_t timeout_us =
		prober->stage == STAGE_PORTS ? patience_now : prober->options.timeout_ms * 1000;
	enum asked_next next = ASKED_SEND;
	uint32_t count = 0, later = 0, retried = 0, sent = 0;
	int64_t when_us = 0;
	int error;

	for (uint32_t i = 0; i < OFFERS_MAX && count < want && later < LATER_MAX; i++) {
		uint64_t *position = &prober->positions[count];
		enum prober_offer made;
		bool again;

		next = asked_next(prober->asked, prober->now_us, timeout_us, position, &again, &when_us);
		if (next != ASKED_SEND)
			break;
		made = offer(prober, *position, again, &prober->frames[count]);
		if (made == OFFER_SETTLED) {
			asked_settle(prober->asked, *position);
		} else if (made == OFFER_LATER) {
			asked_return(prober->asked, *position);
			later++;
		} else {
			retried += again;
			count++;
		}
	}
	if (next == ASKED_DONE) {
		*next_us = prober->nodes_until_us;
		return prober->stage == STAGE_ALIVE && prober->nodes_until_us > prober->now_us;
	}
	error = count ? send_batch(prober, count, &sent) : 0;
	if (error)
		return error;
	prober->progress.retried += retried < sent ? retried : sent;
	if (sent < count || later)
		*next_us = prober->now_us + LATER_US;
	else if (next == ASKED_SWEPT)
		*next_us = when_us;
	else if (prober->pace.rate)
		*next_us = pace_when(&prober->pace, prober->pace.rate / STEPS_SECOND + 1);
	else
		*next_us = prober->now_us;
	return 1;
}

int prober_step(struct prober *prober, int64_t now_us, int64_t *next_us)
{
	const int64_t began_us = clock_monotonic_us();
	int result = 0;

	prober->now_us = now_us;
	if (!prober->pace.at_us)
		prober->pace = pace_make(prober->options.rate, now_us);
	if (prober->options.answers)
		answers_take(prober->options.answers, ANSWERS_MAX, take_answer, prober);
	while (prober->stage != STAGE_DONE) {
		if (prober->asked) {
			result = stage_step(prober, next_us);
			if (result)
				break;
		}
		if (prober->stopped) {
			prober_position(prober, &prober->end);
			result = stage_set(prober, STAGE_DONE);
		} else {
			result = stage_over(prober);
		}
		if (result)
			break;
	}
	keep_rate(prober);
	if (clock_monotonic_us() - began_us > LATE_US)
		pace_late(&prober->pace, clock_monotonic_us() - began_us);
	return result;
}

void prober_stop(struct prober *prober)
{
	prober->stopped = true;
	if (prober->asked)
		asked_stop(prober->asked);
}

/* What is left, by what is known, in microseconds at the rate of now. */
static int64_t remaining(const struct prober *prober)
{
	const struct prober_progress *progress = &prober->progress;
	const double rounds = prober->rounds > CANARIES ? prober->rounds - CANARIES : 0;
	const uint64_t seen =
		prober->block * BLOCK_ADDRESSES + (prober->stage == STAGE_PORTS ? prober->count : 0);
	double unseen = (double)prober->shard_count - (double)seen;
	double there = progress->hosts_asked ? (double)progress->hosts_up / (double)progress->hosts_asked : 0;

	if (!progress->rate_now)
		return -1;
	if (unseen < 0 || prober->stage == STAGE_DONE)
		unseen = 0;
	return (int64_t)(((double)(progress->total - progress->settled) + unseen * (1 + there * rounds)) * 1e6 /
			 progress->rate_now);
}

void prober_progress(const struct prober *prober, struct prober_progress *out)
{
	*out = prober->progress;
	out->phase = prober->stage == STAGE_DONE    ? PROBER_DONE
		     : prober->stage == STAGE_PORTS ? PROBER_PORTS
						    : PROBER_ALIVE;
	out->remaining_us = remaining(prober);
}

void prober_position(const struct prober *prober, struct prober_position *out)
{
	if (prober->stopped && prober->stage == STAGE_DONE) {
		*out = prober->end;
		return;
	}
	memcpy(out->key, prober->key, sizeof(out->key));
	out->block = prober->block;
	out->next = syn_position(prober);
}

void prober_close(struct prober *prober)
{
	if (!prober)
		return;
	if (prober->options.answers)
		answers_disarm(prober->options.answers);
	asked_close(prober->asked);
	block_free(prober);
	free(prober->held);
	free(prober);
}
