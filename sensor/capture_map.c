// SPDX-License-Identifier: BSD-2-Clause
/* The maps of the XDP program, opened, and the ring read. What is in the tables is swept by capture_sweep.c. */
#include "sensor/capture_map.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "sensor/capture_map_inside.h"
#include "sensor/clock.h"
#include "sensor/observe.h"

enum {
	POLL_RECORDS_MAX = 4096, /* records of one poll */
	/*
	 * A record that comes after silence wakes the sensor at once. What follows it waits this long for company: a wake-up costs both
	 * cores more than some dozen records do.
	 */
	REST_MS = 5,
	REST_BUSY_MS = 20,
	BUSY_RECORDS = 64, /* in one poll */
};

static int take_record(void *context, void *data, size_t size)
{
	struct capture_map *m = context;
	const struct record *record = data;

	if (size >= sizeof(*record))
		observe_record(m->observe, record, size,
			       m->replay ? (int64_t)(record->time_ns / 1000) : clock_wall_us(record->time_ns));
	return --m->records_left > 0 ? 0 : -EAGAIN;
}

int capture_map_poll(struct capture_map *m, struct observe *observe)
{
	int result, taken;

	m->observe = observe;
	m->records_left = POLL_RECORDS_MAX;
	m->rest_ms = -1;
	do {
		result = ring_buffer__consume(m->ring);
		if (result == -EAGAIN) {
			m->rest_ms = 0;
			return 1;
		}
		if (result < 0)
			return result;
		taken = POLL_RECORDS_MAX - m->records_left;
		if (taken && !m->replay) {
			m->rest_ms = taken < BUSY_RECORDS ? REST_MS : REST_BUSY_MS;
			return 1;
		}
		/*
		 * Asleep from here on, as the program sees it; it wakes us once. What it said before it could see
		 * that is looked for again.
		 */
	} while (!m->replay && !__atomic_exchange_n(&m->globals->reader_waits, 1, __ATOMIC_SEQ_CST));
	return 0;
}

int capture_map_rest_ms(const struct capture_map *m)
{
	return m->rest_ms;
}

int capture_map_fd(const struct capture_map *m)
{
	return m->records_fd;
}

static void *map_memory(struct bpf_object *object, const char *name, size_t size, int *fd)
{
	void *memory;

	*fd = bpf_object__find_map_fd_by_name(object, name);
	if (*fd < 0)
		return NULL;
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);
	return memory == MAP_FAILED ? NULL : memory;
}

static size_t page_round(size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (size + page - 1) / page * page;
}

/* One tick of the kernel's jiffies is the resolution of its coarse clock. */
static int64_t kernel_tick_us(void)
{
	struct timespec resolution;

	return clock_getres(CLOCK_MONOTONIC_COARSE, &resolution) ? 4000 : resolution.tv_nsec / 1000;
}

static uint32_t map_size(struct bpf_object *object, const char *name)
{
	const struct bpf_map *map = bpf_object__find_map_by_name(object, name);

	return map ? bpf_map__max_entries(map) : 0;
}

int capture_map_open(struct bpf_object *object, bool replay, struct capture_map **out)
{
	struct capture_map *m = calloc(1, sizeof(*m));
	const struct table_options told = {.key_size = sizeof(struct flow_key),
					   .entry_size = sizeof(struct overflow_told),
					   .capacity = FLOW_OVERFLOW_DEFAULT};
	const struct bpf_map *globals;
	struct bpf_map *constants;
	size_t size;
	int unused;

	if (!m)
		return -ENOMEM;
	m->replay = replay;
	m->tick_us = replay ? 1000 : kernel_tick_us();
	m->ticks_second = (int32_t)(1000000 / m->tick_us);
	m->buckets = map_size(object, "flows");
	m->hosts_max = map_size(object, "hosts");
	if (!m->buckets) {
		free(m);
		return -EINVAL;
	}
	m->told = calloc((size_t)m->buckets * FLOW_WAYS, sizeof(*m->told));
	table_open(&told, &m->overflow_told);
	m->flows = map_memory(object, "flows", page_round(m->buckets * sizeof(*m->flows)), &m->flows_fd);
	m->addresses = map_memory(object, "addresses", page_round(m->buckets * sizeof(*m->addresses)), &unused);
	if (replay)
		m->last_ns = map_memory(object, "replay_last", page_round(m->buckets * sizeof(*m->last_ns)),
					&unused);
	constants = bpf_object__find_map_by_name(object, ".rodata");
	if (constants)
		m->seed = ((const struct config *)bpf_map__initial_value(constants, &size))->seed;
	globals = bpf_object__find_map_by_name(object, ".bss");
	if (globals)
		m->globals = mmap(NULL, page_round(sizeof(*m->globals)), PROT_READ | PROT_WRITE, MAP_SHARED,
				  bpf_map__fd(globals), 0);
	m->overflow_fd = bpf_object__find_map_fd_by_name(object, "overflow");
	m->hosts_fd = bpf_object__find_map_fd_by_name(object, "hosts");
	m->counters_fd = bpf_object__find_map_fd_by_name(object, "counters");
	m->records_fd = bpf_object__find_map_fd_by_name(object, "records");
	m->clock_fd = bpf_program__fd(bpf_object__find_program_by_name(object, "clock_sample"));
	m->ring = m->records_fd < 0 ? NULL : ring_buffer__new(m->records_fd, take_record, m, NULL);
	if (!m->told || !m->overflow_told || !m->flows || !m->addresses || !m->globals ||
	    m->globals == MAP_FAILED || !m->ring || !m->seed || (replay && !m->last_ns)) {
		capture_map_close(m);
		return -ENOMEM;
	}
	m->globals->reader_waits = 1;
	capture_map_clock(m);
	*out = m;
	return 0;
}

void capture_map_set_frame(struct capture_map *m, uint64_t time_ns, uint32_t missing, uint16_t type)
{
	m->globals->replay_ns = time_ns;
	m->globals->replay_missing = missing;
	m->globals->replay_type = type;
}

void capture_map_count_truncated(struct capture_map *m)
{
	m->truncated++;
}

static void unmap(void *memory, size_t size)
{
	if (memory && memory != MAP_FAILED)
		munmap(memory, page_round(size));
}

void capture_map_close(struct capture_map *m)
{
	if (!m)
		return;
	ring_buffer__free(m->ring);
	unmap(m->flows, m->buckets * sizeof(*m->flows));
	unmap(m->addresses, m->buckets * sizeof(*m->addresses));
	unmap(m->last_ns, m->buckets * sizeof(*m->last_ns));
	unmap(m->globals, sizeof(*m->globals));
	free(m->told);
	table_close(m->overflow_told);
	free(m);
}
