// SPDX-License-Identifier: BSD-2-Clause
/*
 * Reading what the XDP program has learned, and freeing what is over.
 *
 * The flow table is shared memory: slots are read in place, and only this side ends a slot's life, in two sweeps, so
 * that no count is lost: LIVE → CLOSING (the program no longer matches it), then its last counters are read and
 * it is FREE. Whoever runs the program between the two makes a new entry. A flow that the program moves to another slot
 * leaves one that is CLOSING, which told->state remembers as BUSY.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/capture_map_inside.h"
#include "sensor/clock.h"
#include "sensor/observe.h"

enum { IDLE_HURRY = 4 /* a part of flow_idle_s() ends an entry when the table is over three quarters full */ };

/* Which tick is now, and what one is worth. */
void capture_map_clock(struct capture_map *m)
{
	struct clock_sample sample = {};
	DECLARE_LIBBPF_OPTS(bpf_test_run_opts, run, .ctx_in = &sample, .ctx_size_in = sizeof(sample));

	if (m->replay) {
		m->tick = (uint32_t)(m->globals->replay_ns / 1000000);
		m->now_us = (int64_t)(m->globals->replay_ns / 1000);
		return;
	}
	/*
	 * ctx_in is written back by programs of this type. A silent sensor may run no program once it has begun: both clocks go
	 * equally fast from the sample on that was taken when the maps were opened.
	 */
	if (bpf_prog_test_run_opts(m->clock_fd, &run)) {
		__u64 since_us;

		sample.mono_ns = (__u64)clock_monotonic_us() * 1000;
		since_us = (sample.mono_ns - m->sample.mono_ns) / 1000;
		sample.ticks = m->sample.ticks + since_us * (__u64)m->ticks_second / 1000000;
	} else {
		m->sample = sample;
	}
	m->tick = (uint32_t)sample.ticks;
	m->now_us = clock_wall_us(sample.mono_ns);
}

static int64_t time_of_tick(const struct capture_map *m, uint32_t tick)
{
	int32_t ago = (int32_t)(m->tick - tick);

	return m->now_us - (ago > 0 ? ago * m->tick_us : 0);
}

/* Ticks of silence that end this entry. */
static uint32_t idle_ticks(const struct capture_map *m, const struct flow_slot *slot)
{
	return flow_idle_s(slot) * (uint32_t)m->ticks_second / (m->hurry ? IDLE_HURRY : 1);
}

static void report_slot(struct capture_map *m, uint32_t bucket, uint32_t way, uint32_t state,
			struct observe *observe, bool finished)
{
	const struct flow_slot *slot = &m->flows[bucket].slot[way];
	struct told *told = &m->told[bucket * FLOW_WAYS + way];
	struct flow_report report = {.entry = flow_slot_entry(state, bucket), .finished = finished};
	bool v6 = slot->link >> FLOW_LINK_VERSION_6 & 1;

	if (told->state >> FLOW_STATE_BITS != state >> FLOW_STATE_BITS)
		*told = (struct told){.state = state};
	if (!finished && !told_is_old(told, slot))
		return;
	told_report(told, slot, &report);
	flow_slot_key(slot, v6 ? m->addresses[bucket].addr[way] : NULL, &report.key);
	report.last_us = m->replay ? 0 : time_of_tick(m, slot->last_tick);
	for (int end = 0; m->replay && end < 2; end++) {
		if (report.packets[end])
			report.sent_us[end] = (int64_t)(m->last_ns[bucket][way][end] / 1000);
		if (report.sent_us[end] > report.last_us)
			report.last_us = report.sent_us[end];
	}
	observe_flow(observe, &report);
}

/* One slot of the table. True when it is taken. */
static bool sweep_slot(struct capture_map *m, uint32_t bucket, uint32_t way, struct observe *observe)
{
	struct flow_slot *slot = &m->flows[bucket].slot[way];
	uint32_t *told_state = &m->told[bucket * FLOW_WAYS + way].state;
	uint32_t state = __atomic_load_n(&slot->state, __ATOMIC_ACQUIRE), closing, moved;

	switch (state & FLOW_STATE_MASK) {
	case FLOW_LIVE:
		report_slot(m, bucket, way, state, observe, false);
		closing = (state & ~(uint32_t)FLOW_STATE_MASK) | FLOW_CLOSING;
		if ((int32_t)(m->tick - slot->last_tick) > (int32_t)idle_ticks(m, slot) &&
		    __atomic_compare_exchange_n(&slot->state, &state, closing, false, __ATOMIC_SEQ_CST,
						__ATOMIC_SEQ_CST))
			*told_state = closing;
		return true;
	case FLOW_CLOSING:
		moved = (state & ~(uint32_t)FLOW_STATE_MASK) | FLOW_BUSY;
		if (*told_state != state && *told_state != moved) {
			report_slot(m, bucket, way, state, observe, false);
			*told_state = moved;
			return true;
		}
		/* A flow that has moved goes on elsewhere: only what this slot still counted is told. */
		report_slot(m, bucket, way, state, observe, *told_state == state);
		__atomic_store_n(&slot->state, (state & ~(uint32_t)FLOW_STATE_MASK) | FLOW_FREE,
				 __ATOMIC_RELEASE);
		__atomic_fetch_sub(&m->globals->slots_taken, 1, __ATOMIC_RELAXED);
		return false;
	default:
		return false;
	}
}

/* Whether the flow's bucket is another by now: the table has grown, and the flow has not spoken since. */
static bool is_left_behind(const struct capture_map *m, uint32_t bucket, uint32_t way)
{
	const struct flow_slot *slot = &m->flows[bucket].slot[way];
	struct flow_id id = {.link = slot->link, .ends = slot->ends, .ports = slot->ports};

	return (flow_hash(&id, m->seed) & m->globals->bucket_mask) != bucket;
}

/* Beyond what is in use there is nothing. */
static void sweep_table(struct capture_map *m, struct observe *observe)
{
	uint32_t older = __atomic_load_n(&m->globals->buckets_older, __ATOMIC_SEQ_CST);
	uint32_t buckets = m->globals->bucket_mask + 1, taken = 0, left_behind = 0;

	for (uint32_t bucket = 0; bucket < buckets && bucket < m->buckets; bucket++) {
		for (uint32_t way = 0; way < FLOW_WAYS; way++) {
			if (!sweep_slot(m, bucket, way, observe))
				continue;
			taken++;
			left_behind += older && is_left_behind(m, bucket, way);
		}
	}
	if (older && !left_behind)
		__atomic_compare_exchange_n(&m->globals->buckets_older, &older, 0, false, __ATOMIC_SEQ_CST,
					    __ATOMIC_SEQ_CST);
	m->hurry = taken > m->buckets * FLOW_WAYS / 4 * 3;
}

/*
 * The next entries of a hash map into keys and values, *count of them. False when they are the last ones.
 * position is the kernel's, 0 in *turn before the first call.
 */
static bool next_batch(struct capture_map *m, int fd, uint64_t position[8], uint32_t *turn, uint32_t *count)
{
	int error;

	*count = CAPTURE_BATCH;
	error = bpf_map_lookup_batch(fd, *turn ? position : NULL, position, &m->keys, &m->values, count, NULL);
	++*turn;
	if (error && errno != ENOENT)
		*count = 0;
	return !error;
}

/* Flows in the overflow map are few, so what was told of them is kept in a table. It ends with the entry. */
static struct told *overflow_told_of(struct capture_map *m, const struct flow_key *key, uint32_t state)
{
	struct overflow_told *kept = table_find(m->overflow_told, key);

	if (!kept)
		kept = table_add(m->overflow_told, key);
	if (!kept)
		return NULL;
	if (kept->told.state >> FLOW_STATE_BITS != state >> FLOW_STATE_BITS)
		kept->told = (struct told){.state = state};
	return &kept->told;
}

static void report_overflow(struct capture_map *m, const struct flow_key *key, const struct flow_slot *slot,
			    struct observe *observe, bool finished)
{
	struct flow_report report = {.key = *key,
				     .entry = flow_slot_entry(slot->state, 0),
				     .last_us = time_of_tick(m, slot->last_tick),
				     .finished = finished};
	struct told *told = overflow_told_of(m, key, slot->state);

	if (!told)
		return;
	if (told_is_old(told, slot) || finished) {
		told_report(told, slot, &report);
		observe_flow(observe, &report);
	}
	if (finished)
		table_remove(m->overflow_told, table_find(m->overflow_told, key));
}

static void sweep_overflow(struct capture_map *m, struct observe *observe)
{
	uint64_t position[8], present = 0;
	uint32_t turn = 0, count;
	bool more, finished;

	if (!__atomic_exchange_n(&m->globals->overflow_used, 0, __ATOMIC_SEQ_CST)) {
		m->overflow_present = 0;
		return;
	}
	do {
		more = next_batch(m, m->overflow_fd, position, &turn, &count);
		for (uint32_t i = 0; i < count; i++) {
			const struct flow_slot *slot = &m->values.flows[i];

			finished = (int32_t)(m->tick - slot->last_tick) > (int32_t)idle_ticks(m, slot);
			if (finished && !bpf_map_delete_elem(m->overflow_fd, &m->keys.flows[i]))
				m->overflow_deleted++;
			else
				present++;
			if (finished || !m->swept || (int32_t)(slot->last_tick - m->sweep_tick) >= 0)
				report_overflow(m, &m->keys.flows[i], slot, observe, finished);
		}
	} while (more);
	m->overflow_present = present;
	if (present)
		m->globals->overflow_used = 1;
}

/* Nothing is pushed out before the map is nearly full: it need not be walked before. */
static void count_hosts(struct capture_map *m, uint64_t made)
{
	uint64_t position[8];
	uint32_t turn = 0, count;
	bool more;

	m->hosts_present = made;
	if (made < m->hosts_max / 2)
		return;
	m->hosts_present = 0;
	do {
		more = next_batch(m, m->hosts_fd, position, &turn, &count);
		m->hosts_present += count;
	} while (more);
}

static void raise_to(uint64_t *counter, uint64_t value)
{
	if (value > *counter && value < INT64_MAX)
		*counter = value;
}

void capture_map_count(struct capture_map *m, uint64_t totals[COUNTER_COUNT])
{
	int cpus = libbpf_num_possible_cpus();
	uint64_t *values;

	memset(totals, 0, COUNTER_COUNT * sizeof(*totals));
	values = cpus > 0 ? calloc((size_t)cpus, sizeof(*values)) : NULL;
	for (uint32_t i = 0; values && i < COUNTER_COUNT; i++) {
		if (bpf_map_lookup_elem(m->counters_fd, &i, values))
			continue;
		for (int cpu = 0; cpu < cpus; cpu++)
			totals[i] += values[cpu];
	}
	free(values);
	totals[COUNTER_FLOWS_EVICTED] = m->evicted_flows;
	totals[COUNTER_HOSTS_EVICTED] = m->evicted_hosts;
	totals[COUNTER_TRUNCATED] += m->truncated;
}

#define COUNTER_NAME(id, name, kind) name,
#define COUNTER_IS_LOSS(id, name, kind) COUNTER_KIND_##kind,
enum { COUNTER_KIND_SEEN, COUNTER_KIND_LOSS };
static const char *const counter_names[] = {COUNTERS(COUNTER_NAME)};
static const uint8_t counter_kinds[] = {COUNTERS(COUNTER_IS_LOSS)};

void capture_map_sweep(struct capture_map *m, struct observe *observe)
{
	uint64_t totals[COUNTER_COUNT];

	capture_map_clock(m);
	sweep_table(m, observe);
	/* Made is read before and present after, so that an entry made in between is not taken for one that is gone. */
	capture_map_count(m, totals);
	sweep_overflow(m, observe);
	count_hosts(m, totals[COUNTER_HOSTS]);
	raise_to(&m->evicted_flows, totals[COUNTER_FLOWS_OVERFLOW] - m->overflow_deleted - m->overflow_present);
	raise_to(&m->evicted_hosts, totals[COUNTER_HOSTS] - m->hosts_present);
	totals[COUNTER_FLOWS_EVICTED] = m->evicted_flows;
	totals[COUNTER_HOSTS_EVICTED] = m->evicted_hosts;
	for (int i = 0; i < COUNTER_COUNT; i++)
		if (counter_kinds[i] == COUNTER_KIND_LOSS && totals[i])
			observe_loss(observe, counter_names[i], totals[i], m->now_us);
	m->sweep_tick = m->tick;
	m->swept = true;
}
