// SPDX-License-Identifier: BSD-2-Clause
/*
 * Devices one after the other, a few at once: their credentials tried, their tables walked, what they told said. A device is finished
 * when its tables are, when its time or its requests are used up, or when nothing answers; what it told until then is said.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>

#include "sensor/snmp/snmp_inside.h"

enum {
	REQUESTS_MAX = 4096,  /* to one device, those sent again not counted */
	SILENCES_MAX = 2,     /* tables that a device leaves unanswered, before it is left */
	BUSY_US = 300 * 1000, /* until a device whose engine is spoken with is tried again */
	SECOND_US = 1000 * 1000,
	BURST = 4, /* requests that may go at once */
};

static void begin_table(struct running *r)
{
	while (r->table < mib_table_count && mib_tables[r->table].wanted &&
	       !mib_tables[r->table].wanted(&r->device))
		r->table++;
	if (r->table == mib_table_count) {
		r->stage = STAGE_OVER;
		return;
	}
	walk_begin(&r->walk, &mib_tables[r->table]);
	r->stage = STAGE_ASK;
}

static void end_table(struct running *r)
{
	r->of->counters.not_increasing += r->walk.not_increasing;
	r->of->counters.cut += r->walk.cut;
	r->table++;
	begin_table(r);
}

static void take_silence(struct running *r, bool no_engine)
{
	r->no_v3 |= no_engine;
	if (!r->answered) {
		r->stage = STAGE_NEXT_CREDENTIAL;
	} else if (walk_lessen(&r->walk)) {
		r->stage = STAGE_ASK;
	} else if (++r->silences > SILENCES_MAX) {
		r->stage = STAGE_OVER;
	} else {
		end_table(r);
	}
}

static void answered(void *context, const struct agent_answer *answer)
{
	struct running *r = context;

	switch (answer->end) {
	case AGENT_ANSWERED:
		r->answered = true;
		r->stage = STAGE_ASK;
		walk_answer(&r->walk, &r->device, answer->error, answer->error_index, answer->cells,
			    answer->count);
		break;
	case AGENT_SILENT:
		r->of->counters.timeouts++;
		take_silence(r, answer->no_engine);
		break;
	case AGENT_BUSY:
		r->stage = STAGE_ASK;
		r->not_before_us = INT64_MAX; /* from the next step on, which knows the time */
		break;
	case AGENT_REFUSED:
		r->of->counters.refused++;
		r->stage = r->answered || answer->nobody ? STAGE_OVER : STAGE_NEXT_CREDENTIAL;
		break;
	}
}

static void close_agent(struct running *r)
{
	if (r->agent)
		r->of->counters.requests += agent_sent(r->agent);
	agent_close(r->agent);
	r->agent = NULL;
}

static void open_agent(struct running *r)
{
	const struct snmp_asker *asker = r->of;
	struct agent_options options = {
		.ip = r->device.target.ip,
		.port_h = r->device.target.port_h,
		.timeout_ms = asker->options.timeout_ms,
		.interface = asker->options.interface,
		.epoll_fd = asker->epoll_fd,
		.context = r,
		.answered = answered,
	};

	while (r->credential < asker->key_count && r->no_v3 && asker->v3[r->credential])
		r->credential++;
	if (r->credential == asker->key_count) {
		r->stage = STAGE_OVER;
		return;
	}
	options.keys = asker->keys[r->credential];
	r->table = 0;
	begin_table(r);
	if (agent_open(&options, &r->agent))
		r->stage = STAGE_OVER; /* no way to its address */
}

static int64_t wall_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

void snmp_finish(struct snmp_asker *asker, size_t slot)
{
	struct running *r = asker->running[slot];

	close_agent(r);
	if (r->answered) {
		r->device.credential = (int)r->credential;
		r->device.version = asker->options.credentials[r->credential].version;
		asker->counters.answered++;
		device_tell(&r->device, wall_us(), asker->options.say, asker->options.context);
	}
	asker->counters.malformed += r->device.malformed;
	asker->counters.cut += r->device.cut;
	asker->counters.done++;
	asker->running[slot] = NULL;
	if (asker->options.done)
		asker->options.done(asker->options.context, &r->device.target.ip,
				    r->answered ? (int)r->credential : -1);
	device_free(&r->device);
	free(r);
}

static bool start(struct snmp_asker *asker, size_t slot, int64_t now_us)
{
	struct running *r = calloc(1, sizeof(*r));

	if (!r)
		return false;
	r->of = asker;
	r->device.target = asker->queue[asker->queue_first];
	asker->queue_first = (asker->queue_first + 1) % asker->queue_room;
	asker->queue_count--;
	r->deadline_us = now_us + (int64_t)asker->options.device_seconds * SECOND_US;
	asker->running[slot] = r;
	open_agent(r);
	return true;
}

/* Send what is to be asked next; false when the pace does not allow it yet. */
static bool ask(struct running *r, int64_t now_us)
{
	struct snmp_asker *asker = r->of;
	struct oid_name names[COLUMNS_MAX];
	int64_t gap_us = SECOND_US / asker->options.rate;
	unsigned int repetitions;
	size_t count = walk_request(&r->walk, names, &repetitions);

	if (count == 0) {
		end_table(r);
		return true;
	}
	if (asker->next_send_us > now_us)
		return false;
	if (r->requests++ == REQUESTS_MAX) {
		asker->counters.cut++;
		r->stage = STAGE_OVER;
		return true;
	}
	if (asker->next_send_us < now_us - BURST * gap_us)
		asker->next_send_us = now_us - BURST * gap_us;
	asker->next_send_us += gap_us;
	r->stage = STAGE_AWAIT;
	if (agent_next(r->agent, names, count, repetitions))
		r->stage = STAGE_OVER;
	return true;
}

/* As far as it goes now. False: it is finished. */
static bool advance(struct running *r, int64_t now_us, int64_t *next_us)
{
	int64_t next = INT64_MAX;

	if (r->not_before_us == INT64_MAX)
		r->not_before_us = now_us + BUSY_US;
	if (now_us >= r->deadline_us && r->stage != STAGE_OVER) {
		r->of->counters.cut += r->answered;
		r->stage = STAGE_OVER;
	}
	if (r->stage == STAGE_AWAIT)
		next = agent_tick(r->agent, now_us);
	for (;;) {
		if (r->stage == STAGE_OVER)
			return false;
		if (r->stage == STAGE_NEXT_CREDENTIAL) {
			close_agent(r);
			r->credential++;
			open_agent(r);
		} else if (r->stage == STAGE_ASK && r->not_before_us > now_us) {
			next = r->not_before_us;
			break;
		} else if (r->stage != STAGE_ASK) {
			if (next == INT64_MAX)
				next = agent_tick(r->agent, now_us);
			/* The call may have ended the wait. */
			if (r->stage == STAGE_AWAIT)
				break;
		} else if (!ask(r, now_us)) {
			next = r->of->next_send_us;
			break;
		}
	}
	if (next > r->deadline_us)
		next = r->deadline_us;
	if (next < *next_us)
		*next_us = next;
	return true;
}

int snmp_asker_step(struct snmp_asker *asker, int64_t now_us, int64_t *next_us)
{
	struct epoll_event events[AT_ONCE_MAX];
	int count = epoll_wait(asker->epoll_fd, events, AT_ONCE_MAX, 0);
	bool busy = false;

	if (count < 0 && errno != EINTR)
		return -errno;
	for (int i = 0; i < count; i++)
		agent_read(((struct running *)events[i].data.ptr)->agent);
	*next_us = INT64_MAX;
	for (size_t slot = 0; slot < asker->options.at_once_max; slot++) {
		if (!asker->running[slot] && asker->queue_count && !asker->stopped &&
		    !start(asker, slot, now_us))
			return -ENOMEM;
		if (!asker->running[slot])
			continue;
		if (advance(asker->running[slot], now_us, next_us)) {
			busy = true;
			continue;
		}
		snmp_finish(asker, slot);
		if (asker->queue_count && !asker->stopped) { /* the next one at once */
			busy = true;
			*next_us = now_us;
		}
	}
	return busy;
}

void snmp_asker_stop(struct snmp_asker *asker)
{
	asker->stopped = true;
	asker->queue_count = 0;
	for (size_t slot = 0; slot < AT_ONCE_MAX; slot++)
		if (asker->running[slot])
			snmp_finish(asker, slot);
}

int snmp_asker_fd(const struct snmp_asker *asker)
{
	return asker->epoll_fd;
}

void snmp_asker_count(const struct snmp_asker *asker, struct snmp_counters *out)
{
	*out = asker->counters;
	out->waiting = asker->queue_count;
	for (size_t slot = 0; slot < AT_ONCE_MAX; slot++)
		if (asker->running[slot]) {
			out->running++;
			if (asker->running[slot]->agent)
				out->requests += agent_sent(asker->running[slot]->agent);
		}
}
