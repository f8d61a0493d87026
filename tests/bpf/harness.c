// SPDX-License-Identifier: BSD-2-Clause
/* See harness.h. */
#include "tests/bpf/harness.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "bpf/discover.skel.h"

static FILE *says;

static int hear(enum libbpf_print_level level, const char *format, va_list arguments)
{
	return says && level == LIBBPF_WARN ? vfprintf(says, format, arguments) : 0;
}

static uint32_t or_default(uint32_t value, uint32_t otherwise)
{
	return value ? value : otherwise;
}

static void configure(struct discover_bpf *object, const struct harness_options *options)
{
	struct config *config = &object->rodata->config;
	uint32_t buckets = or_default(options->buckets, 256);

	config->span = options->span;
	config->replay = !options->live;
	config->raw_ip = options->raw_ip;
	config->bucket_mask = buckets - 1;
	object->bss->globals.bucket_mask = or_default(options->buckets_first, buckets) - 1;
	config->ticks_second = options->live ? 250 : 1000;
	for (int i = 0; i < FRAME_CLASS_COUNT; i++)
		config->budget[i] = or_default(options->budget, 1000);
	/* The same in each run, so that a failure comes again (splitmix64). */
	for (int i = 0; i < FLOW_SEEDS; i++) {
		uint64_t mix = 0x9e3779b97f4a7c15ULL * (uint64_t)(i + 1);

		mix = (mix ^ mix >> 30) * 0xbf58476d1ce4e5b9ULL;
		mix = (mix ^ mix >> 27) * 0x94d049bb133111ebULL;
		config->seed[i] = mix ^ mix >> 31;
	}
	bpf_map__set_max_entries(object->maps.flows, buckets);
	bpf_map__set_max_entries(object->maps.addresses, buckets);
	bpf_map__set_max_entries(object->maps.replay_last, options->live ? 1 : buckets);
	bpf_map__set_max_entries(object->maps.overflow, or_default(options->overflow, 1024));
	bpf_map__set_max_entries(object->maps.hosts, or_default(options->hosts, 1024));
	bpf_map__set_max_entries(object->maps.records, or_default(options->ring_bytes, 1 << 20));
}

static int keep_record(void *context, void *data, size_t size)
{
	struct harness *h = context;

	if (h->count == HARNESS_RECORDS_MAX)
		return -ENOSPC;
	h->record[h->count] = malloc(size);
	memcpy(h->record[h->count++], data, size);
	return 0;
}

int harness_open(const struct harness_options *options, struct harness *out, FILE *log)
{
	struct discover_bpf *object;
	int error;

	says = log;
	libbpf_set_print(hear);
	memset(out, 0, sizeof(*out));
	object = discover_bpf__open();
	if (!object)
		return -errno;
	configure(object, options);
	error = discover_bpf__load(object);
	if (error) {
		discover_bpf__destroy(object);
		return error;
	}
	out->buckets = bpf_map__max_entries(object->maps.flows);
	out->program_fd = bpf_program__fd(object->progs.netvisor_discover);
	out->flows_fd = bpf_map__fd(object->maps.flows);
	out->counters_fd = bpf_map__fd(object->maps.counters);
	out->overflow_fd = bpf_map__fd(object->maps.overflow);
	out->hosts_fd = bpf_map__fd(object->maps.hosts);
	out->flows = mmap(NULL, out->buckets * sizeof(*out->flows), PROT_READ | PROT_WRITE, MAP_SHARED,
			  out->flows_fd, 0);
	out->ring = ring_buffer__new(bpf_map__fd(object->maps.records), keep_record, out, NULL);
	out->skeleton = object;
	out->object = object->obj;
	return out->flows == MAP_FAILED || !out->ring ? -ENOMEM : 0;
}

int harness_run(struct harness *h, const void *frame, size_t length, uint32_t repeat, uint32_t *ns_each)
{
	DECLARE_LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = frame, .data_size_in = (uint32_t)length,
			    .repeat = (int)repeat);

	if (bpf_prog_test_run_opts(h->program_fd, &run))
		return -errno;
	if (ns_each)
		*ns_each = run.duration;
	return (int)run.retval;
}

size_t harness_collect(struct harness *h)
{
	while (h->count)
		free(h->record[--h->count]);
	ring_buffer__consume(h->ring);
	return h->count;
}

const void *harness_find(const struct harness *h, enum record_type type)
{
	for (size_t i = 0; i < h->count; i++)
		if (h->record[i]->type == type)
			return h->record[i];
	return NULL;
}

size_t harness_count(const struct harness *h, enum record_type type)
{
	size_t count = 0;

	for (size_t i = 0; i < h->count; i++)
		count += h->record[i]->type == type;
	return count;
}

uint64_t harness_counter(const struct harness *h, enum counter which)
{
	uint32_t index = which;
	uint64_t values[1024], sum = 0;
	int cpus = libbpf_num_possible_cpus();

	if (cpus > 1024 || bpf_map_lookup_elem(h->counters_fd, &index, values))
		return UINT64_MAX;
	for (int i = 0; i < cpus; i++)
		sum += values[i];
	return sum;
}

const struct flow_slot *harness_only_slot(const struct harness *h)
{
	const struct flow_slot *found = NULL;

	for (uint32_t i = 0; i < h->buckets * FLOW_WAYS; i++) {
		const struct flow_slot *slot = &h->flows[i / FLOW_WAYS].slot[i % FLOW_WAYS];

		if ((slot->state & FLOW_STATE_MASK) != FLOW_LIVE)
			continue;
		if (found)
			return NULL;
		found = slot;
	}
	return found;
}

static void empty_map(int fd)
{
	uint8_t key[sizeof(struct flow_key)];

	while (!bpf_map_get_next_key(fd, NULL, key))
		bpf_map_delete_elem(fd, key);
}

void harness_reset(struct harness *h)
{
	static const uint64_t zeros[1024];

	harness_collect(h);
	memset(h->flows, 0, h->buckets * sizeof(*h->flows));
	h->skeleton->bss->globals.slots_taken = 0;
	empty_map(h->hosts_fd);
	empty_map(h->overflow_fd);
	for (uint32_t i = 0; i < COUNTER_COUNT; i++)
		bpf_map_update_elem(h->counters_fd, &i, zeros, BPF_ANY);
	harness_collect(h);
}

void harness_time(struct harness *h, uint64_t ns)
{
	h->skeleton->bss->globals.replay_ns = ns;
}

void harness_close(struct harness *h)
{
	while (h->count)
		free(h->record[--h->count]);
	ring_buffer__free(h->ring);
	if (h->flows && h->flows != MAP_FAILED)
		munmap(h->flows, h->buckets * sizeof(*h->flows));
	if (h->skeleton)
		discover_bpf__destroy(h->skeleton);
	memset(h, 0, sizeof(*h));
}
