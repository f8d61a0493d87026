// SPDX-License-Identifier: BSD-2-Clause
/*
 * The scan's loop: the prober finds hosts and ports, and what it finds is spoken to while it goes on finding. One thread, which sleeps
 * until something answers or is due, and looks every few milliseconds whether it is to stop.
 *
 * The rate is shared: while ports are asked a quarter of it is for speaking, afterwards all of it.
 */
#include "sensor/scan/scan.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "defs/log.h"
#include "sensor/clock.h"
#include "sensor/probe/answers.h"
#include "sensor/probe/source.h"
#include "sensor/probe/space.h"
#include "sensor/probe/transmit.h"
#include "sensor/scan/aim.h"
#include "sensor/scan/gear.h"
#include "sensor/scan/identify.h"
#include "sensor/scan/say.h"

enum {
	TURN_US_MAX = 20000, /* between two looks at whether it is to stop */
	PROGRESS_US = 250000,
	ANSWER_MS = 1000,
	RETRIES = 2,
	STOP_US = 300000,   /* for answers that are on their way; later ones the kernel resets */
	SPEAKING_SHARE = 4, /* one in so many packets, while ports are asked */
	PERCENT_PORTS = 90, /* of all work, when speaking follows */
};

struct scan {
	const struct scan_options *options;
	const struct scan_sink *sink;
	struct scan_gear *gear;
	struct aim aim;
	struct transmit *transmit, *dry;
	struct prober *prober;
	struct identify *identify; /* NULL: nothing is spoken to */
	struct answers *answers;   /* NULL: dry run */
	struct scan_progress progress;
	int64_t start_us, progress_us, stop_us;
	bool probing, speaking, stopping;
};

static void hear_host(void *context, const struct ip *ip, const struct mac *mac, enum probe_answer_kind how,
		      uint32_t rtt_us)
{
	struct scan *s = context;

	(void)how;
	(void)rtt_us;
	say_found_host(s->sink, ip, mac);
	/* Link-local neighbours that answered to all of them were not asked for: they are told, and left alone. */
	if (s->identify && space_number(s->aim.space, ip) != UINT64_MAX)
		identify_host(s->identify, ip, mac);
}

static void hear_port(void *context, const struct ip *ip, uint16_t port_h, const struct probe_answer *answer)
{
	struct scan *s = context;

	if (answer->kind == ANSWER_CLOSED && s->options->was_open &&
	    s->options->was_open(s->options->known_context, ip, port_h))
		say_found_port(s->sink, ip, port_h, false);
	if (answer->kind != ANSWER_OPEN)
		return;
	say_found_port(s->sink, ip, port_h, true);
	if (s->identify)
		identify_port(s->identify, ip, port_h);
}

static void hear_host_done(void *context, const struct ip *ip, uint32_t open, uint32_t closed,
			   uint32_t filtered, bool middlebox)
{
	struct scan *s = context;
	const struct scan_host host = {
		.ip = *ip, .open = open, .closed = closed, .filtered = filtered, .middlebox = middlebox};

	if (middlebox) {
		s->progress.middleboxes++;
		say_found_middlebox(s->sink, ip);
	}
	if (s->sink->host)
		s->sink->host(s->sink->context, &host);
}

/* What traffic has told is not asked again; with `full` it is spoken to all the same, as traffic rarely tells all of it. */
static bool is_known(void *context, const struct ip *ip, uint16_t port_h)
{
	struct scan *s = context;

	if (!s->options->known || !s->options->known(s->options->known_context, ip, port_h))
		return false;
	if (s->identify && s->options->full)
		identify_port(s->identify, ip, port_h);
	return true;
}

static int open_transmit(struct scan *s, struct scan_gear *gear, char *why, size_t why_size)
{
	const struct probe_source *source = source_probe(s->aim.source);
	const char *why_not;
	char note[SCAN_NOTE_MAX];
	int error;

	if (s->options->dry_run) {
		error = transmit_dry_open(source, s->options->dry_run, &s->dry);
		if (error)
			snprintf(why, why_size, "The dry run can't be written: %s.", strerror(-error));
		s->transmit = s->dry;
		return error;
	}
	s->answers = gear_answers(gear);
	s->transmit = gear_transmit(gear, s->options->engine, &s->progress.engine, &why_not);
	if (!s->transmit) {
		snprintf(why, why_size, "Nothing can be sent: %s.", why_not);
		return -EOPNOTSUPP;
	}
	s->transmit->source(s->transmit, source);
	if (*why_not) {
		snprintf(note, sizeof(note), "The engine %s is not there (%s): %s was used.",
			 s->options->engine == SCAN_XDP ? "xdp" : "uring", why_not, s->transmit->name);
		s->sink->note(s->sink->context, note);
	}
	return 0;
}

/* A share of the rate; at least 1, and no limit of no limit. */
static uint32_t share(uint32_t rate, uint32_t of, uint32_t parts)
{
	uint32_t part = (uint32_t)((uint64_t)rate * of / parts);

	return rate && !part ? 1 : part;
}

static int open_prober(struct scan *s)
{
	const struct scan_options *o = s->options;
	struct prober_options options = {
		.space = s->aim.space,
		.ports = s->aim.ports,
		.route = s->aim.route,
		.answers = s->answers,
		.transmit = s->transmit,
		.source = source_probe(s->aim.source),
		.rate = s->identify ? share(o->rate, SPEAKING_SHARE - 1, SPEAKING_SHARE) : o->rate,
		.host_rate = o->host_rate,
		.subnet_rate = o->subnet_rate,
		.timeout_ms = ANSWER_MS,
		.retries = RETRIES,
		.skip_alive = o->skip_alive,
		.all_nodes = space_all_nodes(s->aim.space),
		.shard = o->shard,
		.shards = o->shards ? o->shards : 1,
		.resume = o->resume,
		.known = is_known,
		.host = hear_host,
		.port = hear_port,
		.host_done = hear_host_done,
		.context = s,
	};

	return prober_open(&options, &s->prober);
}

static int open_all(struct scan *s, struct scan_gear *gear, char *why, size_t why_size)
{
	int error = aim_open(s->options, s->sink, &s->aim, why, why_size);

	if (error)
		return error;
	s->progress.left_out = s->aim.ports_left_out;
	error = open_transmit(s, gear, why, why_size);
	if (error)
		return error;
	if (s->options->identify && !s->dry) {
		error = identify_open(s->options, s->sink, &s->identify);
		if (error) {
			snprintf(why, why_size,
				 "Open ports can't be spoken to: %s. The log says more; --no-identify leaves "
				 "it out.",
				 error == -ENOSYS ? "this kernel has no io_uring, or it is forbidden"
						  : strerror(-error));
			return error;
		}
		identify_rate(s->identify, share(s->options->rate, 1, SPEAKING_SHARE));
	}
	error = open_prober(s);
	if (error)
		snprintf(why, why_size, "The scan can't begin: %s.", strerror(-error));
	return error;
}

static int percent_of(const struct scan_progress *p, bool speaks)
{
	uint64_t ports = p->probe.total ? p->probe.settled * 100 / p->probe.total : 0;
	uint64_t spoken = p->to_identify ? p->identified * 100 / p->to_identify : 100;

	if (p->phase == SCAN_OVER)
		return 100;
	if (p->phase == SCAN_ALIVE)
		return 0;
	if (!speaks)
		return (int)ports;
	if (p->phase == SCAN_PORTS)
		return (int)(ports * PERCENT_PORTS / 100);
	return (int)(PERCENT_PORTS + spoken * (100 - PERCENT_PORTS) / 100);
}

/* By how long the part of the speaking that is done took. */
static int64_t speaking_left_us(const struct scan_progress *p)
{
	uint64_t left = p->to_identify - p->identified;

	if (!left)
		return 0;
	return p->identified ? (int64_t)((double)p->elapsed_us * (double)left / (double)p->identified) : -1;
}

static void measure(struct scan *s, int64_t now_us)
{
	struct scan_progress *p = &s->progress;
	struct identify_counters counters = {0};

	prober_progress(s->prober, &p->probe);
	prober_position(s->prober, &p->position);
	if (s->identify)
		identify_count(s->identify, &counters);
	p->identified = counters.done;
	p->to_identify = counters.told;
	p->udp_open = counters.udp_open;
	p->names = counters.names;
	p->snmp_devices = counters.snmp_devices;
	p->elapsed_us = now_us - s->start_us;
	p->phase = !s->probing && !s->speaking	    ? SCAN_OVER
		   : !s->probing		    ? SCAN_IDENTIFY
		   : p->probe.phase == PROBER_ALIVE ? SCAN_ALIVE
						    : SCAN_PORTS;
	p->remaining_us = p->phase == SCAN_IDENTIFY ? speaking_left_us(p) : p->probe.remaining_us;
	if (p->phase == SCAN_OVER)
		p->remaining_us = 0;
	p->percent = percent_of(p, s->identify);
}

static void tell_progress(struct scan *s, int64_t now_us)
{
	measure(s, now_us);
	s->progress_us = now_us + PROGRESS_US;
	if (s->sink->progress)
		s->sink->progress(s->sink->context, &s->progress);
}

/* Until something answers, or next_us. */
static void wait_until(const struct scan *s, int64_t next_us)
{
	struct pollfd fds[IDENTIFY_FDS + 1];
	int spoken[IDENTIFY_FDS];
	nfds_t count = 0;
	int64_t left_us = next_us - clock_monotonic_us();
	struct timespec timeout = {.tv_sec = left_us / 1000000, .tv_nsec = left_us % 1000000 * 1000};

	if (left_us <= 0)
		return;
	if (s->answers && s->probing)
		fds[count++] = (struct pollfd){.fd = answers_fd(s->answers), .events = POLLIN};
	if (s->identify) {
		size_t spoken_count = identify_fds(s->identify, spoken);

		for (size_t i = 0; i < spoken_count; i++)
			fds[count++] = (struct pollfd){.fd = spoken[i], .events = POLLIN};
	}
	ppoll(fds, count, &timeout, NULL);
}

static void begin_stop(struct scan *s)
{
	s->stopping = true;
	s->stop_us = clock_monotonic_us() + STOP_US;
	prober_stop(s->prober);
	if (s->identify)
		identify_stop(s->identify);
}

static int step_prober(struct scan *s, int64_t now_us, int64_t *next_us)
{
	int64_t next = now_us;
	int result;

	/* Much is found and waits to be spoken to: no more is looked for, and as nothing is sent nothing is missed. */
	if (!s->probing || (s->identify && identify_full(s->identify)))
		return 0;
	result = prober_step(s->prober, now_us, &next);
	if (result > 0 && next < *next_us)
		*next_us = next;
	s->probing = result > 0;
	if (!result && s->identify)
		identify_rate(s->identify, s->options->rate);
	return result < 0 ? result : 0;
}

static int step_identify(struct scan *s, int64_t now_us, int64_t *next_us)
{
	int64_t next = now_us;
	int result;

	if (!s->identify)
		return 0;
	result = identify_step(s->identify, now_us, &next);
	if (result > 0 && next < *next_us)
		*next_us = next;
	s->speaking = result > 0;
	return result < 0 ? result : 0;
}

/* A port that can't redirect frames says so at the first one: the other engine then asks from the start. */
static int change_engine(struct scan *s)
{
	const char *why_not;
	struct transmit *other;

	measure(s, clock_monotonic_us());
	other = s->dry || s->progress.engine != SCAN_XDP || s->progress.probe.hosts_up
			? NULL
			: gear_transmit(s->gear, SCAN_URING, &s->progress.engine, &why_not);
	if (!other || other == s->transmit)
		return -EOPNOTSUPP;
	s->transmit = other;
	s->transmit->source(s->transmit, source_probe(s->aim.source));
	s->sink->note(s->sink->context, "The engine xdp can't send through this port, whose driver can't "
					"redirect frames: uring was used.");
	prober_close(s->prober);
	s->prober = NULL;
	return open_prober(s);
}

static int run(struct scan *s, char *why, size_t why_size)
{
	int error = 0;

	s->probing = true;
	while (!error && (s->probing || s->speaking)) {
		int64_t now_us = clock_monotonic_us(), next_us = now_us + TURN_US_MAX;

		if (s->stopping && now_us >= s->stop_us)
			break;
		if (!s->stopping && s->sink->stopped(s->sink->context))
			begin_stop(s);
		error = step_prober(s, now_us, &next_us);
		if (error == -EOPNOTSUPP) {
			error = change_engine(s);
			s->probing = !error;
		}
		if (!error)
			error = step_identify(s, now_us, &next_us);
		if (now_us >= s->progress_us)
			tell_progress(s, now_us);
		wait_until(s, next_us);
	}
	if (error) {
		begin_stop(s);
		snprintf(why, why_size, "The scan broke off: %s. Is the port %s still there and up?",
			 strerror(-error), s->options->interface);
		return error;
	}
	if (s->stopping)
		snprintf(why, why_size, "stopped");
	return s->stopping ? -ECANCELED : 0;
}

static void close_all(struct scan *s)
{
	if (s->prober)
		prober_close(s->prober);
	if (s->answers)
		answers_disarm(s->answers);
	identify_close(s->identify);
	if (s->dry)
		s->dry->close(s->dry);
	aim_close(&s->aim);
}

int scan_run(const struct scan_options *options, struct scan_gear *gear, const struct scan_sink *sink,
	     char *why, size_t why_size)
{
	struct scan *s = calloc(1, sizeof(*s));
	int error;

	if (!s)
		return -ENOMEM;
	*s = (struct scan){.options = options, .sink = sink, .gear = gear, .start_us = clock_monotonic_us()};
	error = open_all(s, gear, why, why_size);
	if (!error) {
		error = run(s, why, why_size);
		s->probing = s->speaking = false;
		tell_progress(s, clock_monotonic_us());
	}
	close_all(s);
	free(s);
	return error;
}
