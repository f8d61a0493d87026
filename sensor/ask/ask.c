// SPDX-License-Identifier: BSD-2-Clause
/* Targets become conversations in slots of the ring, and what the ring says goes to them. See ask.h. */
#include "sensor/ask/ask.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "defs/log.h"
#include "sensor/ask/conversation.h"
#include "sensor/ask/datagram.h"
#include "sensor/ask/dialogue.h"
#include "sensor/ask/line.h"
#include "sensor/ask/queue.h"
#include "sensor/ask/rate.h"
#include "sensor/ask/tls.h"
#include "sensor/ask/uring.h"
#include "sensor/clock.h"
#include "sensor/probe/never.h"

enum {
	ROOM_BYTES_MAX = 16 << 20, /* of answers that are being read, all conversations together */
	TLS_AT_ONCE_MAX = 512,	   /* sessions */
	WAKE_US = 250000,	   /* looked at again by then, whatever the ring says */
	STEP_ROUNDS = 8,
};

/* What runs in a slot. */
struct job {
	struct work *work;
	struct conversation *conversation; /* TCP */
	struct datagram *datagram;	   /* UDP */
	struct conversation_step step;	   /* while it is parked */
};

struct ask {
	struct ask_options options;
	struct queue *queue;
	struct uring *uring;
	struct tls_client *tls;
	struct room room;
	struct conversation_turns turns;
	struct job *job;
	uint32_t *free; /* slots, a stack */
	uint32_t free_count, at_once;
	struct line parked;  /* their next step waits until the rate allows it */
	struct line waiting; /* for a TLS session */
	struct ask_counters counters;
	struct rate rate;
	int64_t now_us, wall_us;
	bool stopped;
};

static void ring_event(void *context, unsigned int slot, const struct uring_result *result);

static int64_t wall_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void say(void *to, const struct fact *fact)
{
	const struct ask *ask = to;

	if (ask->options.say)
		ask->options.say(ask->options.context, fact);
}

static int open_parts(struct ask *ask)
{
	struct uring_options options = {.slots = ask->options.at_once_max,
					.interface = ask->options.interface,
					.event = ring_event,
					.context = ask};
	int error = queue_open(ask->options.host_max, &ask->queue);

	if (!error)
		error = tls_client_open(&ask->tls);
	if (error) {
		log_error("can't prepare to speak to services: %s", strerror(-error));
		return error;
	}
	error = uring_open(&options, &ask->uring);
	if (error) {
		log_error("can't speak to services: the kernel gives no io_uring (%s); "
			  "Linux 6.1 and kernel.io_uring_disabled=0 are needed",
			  strerror(-error));
		return error == -EPERM || error == -EACCES || error == -EINVAL ? -ENOSYS : error;
	}
	ask->at_once = uring_slots(ask->uring);
	ask->job = calloc(ask->at_once, sizeof(*ask->job));
	ask->free = calloc(ask->at_once, sizeof(*ask->free));
	if (!ask->job || !ask->free || line_open(&ask->parked, ask->at_once) ||
	    line_open(&ask->waiting, ask->at_once))
		return -ENOMEM;
	for (uint32_t i = 0; i < ask->at_once; i++)
		ask->free[ask->free_count++] = ask->at_once - 1 - i;
	return 0;
}

int ask_open(const struct ask_options *options, struct ask **out)
{
	struct ask *ask = calloc(1, sizeof(*ask));
	int error;

	if (!ask)
		return -ENOMEM;
	ask->options = *options;
	ask->room.limit_bytes = ROOM_BYTES_MAX;
	ask->turns.tls_max = TLS_AT_ONCE_MAX;
	ask->rate.per_second = options->rate;
	if (!ask->options.timeout_ms)
		ask->options.timeout_ms = ASK_TIMEOUT_MS_DEFAULT;
	error = open_parts(ask);
	if (error) {
		ask_close(ask);
		return error;
	}
	*out = ask;
	return 0;
}

static bool may_be_asked(const struct ip *ip)
{
	return (ip->version == 4 || ip->version == 6) && !ip_is_unspecified(ip) && !ip_is_multicast(ip);
}

int ask_add(struct ask *ask, const struct ask_target *target)
{
	enum never_class allow = (target->raw_print_allowed ? NEVER_PRINT : 0) |
				 (target->industrial_allowed ? NEVER_INDUSTRIAL : 0);
	struct work work = {.udp = target->udp, .port_h = target->port_h, .vlan = target->vlan};

	if (!target->port_h || !may_be_asked(&target->ip) || never_ask(target->port_h, target->udp, allow))
		return -EPERM;
	if (target->udp) {
		work.row = dialogue_udp(target->port_h);
		if (!work.row || (work.row->industrial && !target->industrial_allowed))
			return -EPERM;
	} else {
		/* Allowed or not, nothing is sent there that could be printed, or taken for a command. */
		work.listen_only = never_find(target->port_h, false);
	}
	return ask->stopped ? -ECANCELED : queue_add(ask->queue, &target->ip, &work, target->name);
}

int ask_add_dialogue(struct ask *ask, const struct dialogue *dialogue, const struct ip *ip, uint16_t port_h,
		     const struct ip *about, void (*over)(void *to, const struct ip *ip, bool answered),
		     void *to)
{
	struct work work = {.udp = dialogue->udp,
			    .port_h = port_h,
			    .row = dialogue,
			    .silent = true,
			    .over = over,
			    .over_to = to};

	if (about)
		work.about = *about;
	if (!port_h || !dialogue->udp || !may_be_asked(ip) || never_ask(port_h, true, NEVER_NONE))
		return -EPERM;
	return ask->stopped ? -ECANCELED : queue_add(ask->queue, ip, &work, "");
}

int ask_fd(const struct ask *ask)
{
	return uring_fd(ask->uring);
}

void ask_rate(struct ask *ask, uint32_t rate)
{
	ask->rate.per_second = rate;
}

static void finish(struct ask *ask, uint32_t slot)
{
	struct job *job = &ask->job[slot];
	struct work *work = job->work;
	const char *name = "";

	if (job->conversation) {
		name = conversation_name(job->conversation);
		ask->counters.timed_out += conversation_timed_out(job->conversation);
		ask->counters.refused += !conversation_reached(job->conversation);
	} else if (job->datagram) {
		ask->counters.timed_out += !job->datagram->answered && !job->datagram->closed;
		ask->counters.refused += job->datagram->closed;
		if (job->datagram->answered)
			name = job->datagram->row->name;
	}
	if (work->over && !ask->stopped)
		work->over(work->over_to, work_ip(work), *name != 0);
	if (ask->options.done && !work->silent && !ask->stopped)
		ask->options.done(ask->options.context, work_ip(work), work->port_h, work->udp ? "udp" : "tcp",
				  name);
	conversation_close(job->conversation);
	free(job->datagram);
	*job = (struct job){};
	queue_done(ask->queue, work);
	ask->counters.running--;
	ask->counters.done++;
	ask->free[ask->free_count++] = slot;
	if (!ask->stopped)
		uring_close_slot(ask->uring, slot);
}

/* Have the ring do what a conversation wants next. */
static void carry_out(struct ask *ask, uint32_t slot, const struct conversation_step *step)
{
	struct job *job = &ask->job[slot];
	struct work *work = job->work;
	struct uring_exchange exchange = {.bytes = step->bytes,
					  .length = step->length,
					  .wait_ms = step->wait_ms,
					  .connect_ms = step->connect_ms ? step->connect_ms : 1000};
	int error;

	if (step->over || ask->stopped) {
		finish(ask, slot);
		return;
	}
	if (step->park) {
		uring_close_slot(ask->uring, slot);
		line_join(&ask->waiting, slot);
		return;
	}
	if (step->connect) {
		exchange.to = work_ip(work);
		exchange.port_h = work->port_h;
		exchange.udp = work->udp;
		exchange.unconnected = work->udp && job->datagram->row->any_port;
		exchange.source_port_h = work->udp ? job->datagram->row->source_port_h : 0;
	}
	error = uring_exchange(ask->uring, slot, &exchange);
	if (error && exchange.source_port_h) {
		exchange.source_port_h = 0;
		error = uring_exchange(ask->uring, slot, &exchange);
	}
	if (error) {
		log_warn("can't speak to a service: %s", strerror(-error));
		finish(ask, slot);
	}
}

/* What a conversation wants to send next waits for its turn like everything else. */
static void park(struct ask *ask, uint32_t slot, const struct conversation_step *step)
{
	if (!ask->parked.count && rate_pay(&ask->rate, ask->now_us)) {
		carry_out(ask, slot, step);
		return;
	}
	ask->job[slot].step = *step;
	line_join(&ask->parked, slot);
}

/* Those that have begun go before those that would. */
static void unpark(struct ask *ask)
{
	while (ask->parked.count && !ask->stopped && rate_pay(&ask->rate, ask->now_us)) {
		uint32_t slot = line_next(&ask->parked);

		carry_out(ask, slot, &ask->job[slot].step);
	}
}

static void ring_event(void *context, unsigned int slot, const struct uring_result *result)
{
	static const enum conversation_event events[] = {
		[URING_BYTES] = CONVERSATION_BYTES,	[URING_SENT] = CONVERSATION_SILENT,
		[URING_ENDED] = CONVERSATION_ENDED,	[URING_RESET] = CONVERSATION_RESET,
		[URING_SILENT] = CONVERSATION_SILENT,	[URING_UNREACHED] = CONVERSATION_UNREACHED,
		[URING_FAILED] = CONVERSATION_UNREACHED};
	struct ask *ask = context;
	struct job *job = &ask->job[slot];
	struct conversation_step step;

	ask->now_us = clock_monotonic_us();
	ask->counters.bytes_in += result->length;
	ask->counters.cut += result->cut;
	if (result->event == URING_FAILED)
		log_warn("can't make a socket to speak to a service: %s", strerror(-result->error));
	if (job->conversation) {
		conversation_event(job->conversation, events[result->event], result->bytes, result->length,
				   ask->now_us, ask->wall_us, &step);
	} else {
		datagram_event(job->datagram, events[result->event], result->bytes, result->length, ask->now_us,
			       ask->wall_us);
		step = job->datagram->next;
	}
	if (!step.over && job->datagram && step.length)
		rate_owe(&ask->rate, ask->now_us);
	if (job->conversation && !step.over && (step.connect || step.length) && !ask->stopped)
		park(ask, slot, &step);
	else
		carry_out(ask, slot, &step);
}

static int begin_tcp(struct ask *ask, struct job *job, uint64_t nonce, struct conversation_step *step)
{
	struct conversation_options options = {.tls = ask->tls,
					       .room = &ask->room,
					       .turns = &ask->turns,
					       .cut = &ask->counters.cut,
					       .fact = say,
					       .to = ask};
	struct conversation_target target = {.ip = *work_ip(job->work),
					     .port_h = job->work->port_h,
					     .vlan = job->work->vlan,
					     .name = job->work->name,
					     .listen_only = job->work->listen_only,
					     .nonce = nonce,
					     .timeout_us = (int64_t)ask->options.timeout_ms * 1000};

	return conversation_open(&options, &target, ask->now_us, ask->wall_us, &job->conversation, step);
}

static int begin_udp(struct ask *ask, struct job *job, uint64_t nonce, struct conversation_step *step)
{
	struct dialogue_context context = {.ip = *work_ip(job->work),
					   .port_h = job->work->port_h,
					   .udp = true,
					   .vlan = job->work->vlan,
					   .time_us = ask->wall_us,
					   .nonce = nonce,
					   .name = job->work->name,
					   .about = job->work->about};
	struct say to = {.fact = say, .to = ask};

	job->datagram = malloc(sizeof(*job->datagram));
	if (!job->datagram)
		return -ENOMEM;
	if (job->work->row->source_port_h)
		uring_local(ask->uring, &context.ip, &context.local);
	datagram_open(job->datagram, job->work->row, &context, &to, ask->now_us,
		      (int64_t)ask->options.timeout_ms * 1000);
	job->datagram->quiet = job->work->silent;
	*step = job->datagram->next;
	return 0;
}

/* Those that wait for a TLS session, as others end theirs. */
static void give_turns(struct ask *ask)
{
	while (ask->waiting.count && ask->turns.tls < ask->turns.tls_max && !ask->stopped) {
		uint32_t slot = line_next(&ask->waiting);
		struct conversation_step step;

		conversation_event(ask->job[slot].conversation, CONVERSATION_TURN, NULL, 0, ask->now_us,
				   ask->wall_us, &step);
		park(ask, slot, &step);
	}
}

static void begin(struct ask *ask)
{
	unpark(ask);
	while (ask->free_count && !ask->stopped && !ask->parked.count) {
		struct conversation_step step;
		uint64_t nonce = 0;
		struct job *job;
		uint32_t slot;
		int error;

		if (!queue_waiting(ask->queue) || !rate_pay(&ask->rate, ask->now_us))
			return;
		slot = ask->free[ask->free_count - 1];
		job = &ask->job[slot];
		job->work = queue_take(ask->queue);
		if (!job->work)
			return;
		ask->free_count--;
		ask->counters.running++;
		if (getrandom(&nonce, sizeof(nonce), 0) != sizeof(nonce))
			nonce = (uint64_t)ask->wall_us * 0x9e3779b97f4a7c15u;
		error = job->work->udp ? begin_udp(ask, job, nonce, &step) : begin_tcp(ask, job, nonce, &step);
		if (error)
			finish(ask, slot);
		else
			carry_out(ask, slot, &step);
	}
}

int ask_step(struct ask *ask, int64_t now_us, int64_t *next_us)
{
	int64_t at_us;

	if (ask->stopped)
		return 0;
	ask->now_us = now_us;
	ask->wall_us = wall_now_us();
	for (unsigned int i = 0; i < STEP_ROUNDS && !ask->stopped; i++) {
		uint64_t done = ask->counters.done;
		int error;

		give_turns(ask);
		begin(ask);
		error = uring_step(ask->uring);
		if (error) {
			log_error("speaking to services ends: io_uring says %s", strerror(-error));
			ask_stop(ask);
			return error;
		}
		if (done == ask->counters.done)
			break;
	}
	if (ask->stopped || (!ask->counters.running && !queue_waiting(ask->queue)))
		return 0;
	*next_us = ask->now_us + WAKE_US;
	at_us = rate_next_us(&ask->rate, ask->now_us + 1000);
	if (ask->rate.per_second && at_us < *next_us &&
	    (ask->parked.count || (queue_waiting(ask->queue) && ask->free_count)))
		*next_us = at_us;
	return 1;
}

void ask_stop(struct ask *ask)
{
	ask->stopped = true;
	uring_stop(ask->uring); /* a second time: nothing */
}

void ask_count(const struct ask *ask, struct ask_counters *out)
{
	*out = ask->counters;
	out->waiting = queue_waiting(ask->queue);
}

void ask_close(struct ask *ask)
{
	if (!ask)
		return;
	uring_close(ask->uring);
	for (uint32_t i = 0; ask->job && i < ask->at_once; i++) {
		conversation_close(ask->job[i].conversation);
		free(ask->job[i].datagram);
		free(ask->job[i].work);
	}
	queue_close(ask->queue);
	tls_client_close(ask->tls);
	free(ask->job);
	free(ask->parked.slot);
	free(ask->waiting.slot);
	free(ask->free);
	free(ask);
}
