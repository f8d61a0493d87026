// SPDX-License-Identifier: BSD-2-Clause
/*
 * Gathering counters: the engine's (defs/counters.h), those of sightings, outbox and session, the process's own from
 * the system, and the port's from sysfs.
 */
#include "sensor/status.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "defs/counters.h"
#include "sensor/clock.h"
#include "sensor/interface.h"
#include "sensor/message.h"
#include "sensor/observe.h"
#include "sensor/outbox.h"
#include "sensor/pipeline.h"
#include "sensor/session.h"

enum { COUNTERS_MAX = COUNTER_COUNT + 32 };

#define COUNTER_NAME(id, name, kind) [COUNTER_##id] = (name),
static const char *const counter_names[COUNTER_COUNT] = {COUNTERS(COUNTER_NAME)};

struct list {
	struct message_counter counters[COUNTERS_MAX];
	size_t count;
};

static void add(struct list *list, const char *name, double value)
{
	if (list->count < COUNTERS_MAX)
		list->counters[list->count++] = (struct message_counter){.name = name, .value = value};
}

/* The number on the first line of a file, after `skip` words; 0 when it is not there. */
static uint64_t file_number(const char *path, int skip)
{
	FILE *file = fopen(path, "re");
	char line[256] = "", *at = line;

	if (!file)
		return 0;
	if (!fgets(line, sizeof(line), file))
		line[0] = 0;
	fclose(file);
	while (skip-- > 0)
		at += strcspn(at, " ") + (strchr(at, ' ') != NULL);
	return strtoull(at, NULL, 10);
}

/* One number of /sys/class/net/IF/statistics/. */
static uint64_t port_number(const char *interface, const char *name)
{
	char path[160];

	snprintf(path, sizeof(path), "/sys/class/net/%.32s/statistics/%s", interface, name);
	return file_number(path, 0);
}

/* Frames that reached the port and never the kernel: no room on the card or in its ring. */
static uint64_t port_missed(const char *interface)
{
	return port_number(interface, "rx_missed_errors") + port_number(interface, "rx_fifo_errors") +
	       port_number(interface, "rx_over_errors");
}

static uint64_t resident_bytes(void)
{
	return file_number("/proc/self/statm", 1) * (uint64_t)sysconf(_SC_PAGESIZE);
}

/*
 * Of these, what is the kernel's maps seen through this process: their size is chosen (--flows), and they would be there
 * without it.
 */
static uint64_t map_bytes(void)
{
	FILE *file = fopen("/proc/self/smaps", "re");
	uint64_t kib = 0;
	bool map = false;
	char line[512];

	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file)) {
		/* A mapping's first line begins with its addresses, in small hexadecimal digits; the others with a name. */
		if (strchr("0123456789abcdef", line[0]))
			map = strstr(line, "bpf-map") || strstr(line, "bpf_ringbuf");
		else if (map && !strncmp(line, "Rss:", 4))
			kib += strtoull(line + 4, NULL, 10);
	}
	fclose(file);
	return kib * 1024;
}

static double cpu_seconds(void)
{
	struct rusage usage;

	if (getrusage(RUSAGE_SELF, &usage))
		return 0;
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

void status_begin(struct status *status, const char *interface)
{
	status->interface = interface;
	status->start_us = clock_monotonic_us();
	status->port_missed = port_missed(interface);
	status->port_sent = interface_sent(interface);
}

uint64_t status_sent(const struct status *status)
{
	uint64_t sent = interface_sent(status->interface);

	return sent > status->port_sent ? sent - status->port_sent : 0;
}

void status_losses(struct status *status, struct pipeline *p, struct session *session)
{
	int64_t now_us = clock_wall_now_us();
	uint64_t missed = port_missed(status->interface);

	/* A port that was made anew counts from zero. */
	if (missed < status->port_missed)
		status->port_missed = 0;
	observe_loss(p->observe, "port_missed", missed - status->port_missed, now_us);
	if (p->outbox) {
		struct outbox_counters outbox;

		outbox_count(p->outbox, &outbox);
		observe_loss(p->observe, "outbox_refused", outbox.refused, now_us);
		observe_loss(p->observe, "outbox_damaged", outbox.damaged, now_us);
	}
	if (session) {
		struct session_counters counters;

		session_count(session, &counters);
		observe_loss(p->observe, "collector_refused", counters.facts_refused, now_us);
	}
}

static void add_engine(struct list *list, struct pipeline *p)
{
	uint64_t totals[COUNTER_COUNT] = {0};

	if (!p->engine || !p->engine->count)
		return;
	p->engine->count(p->engine, totals);
	for (size_t i = 0; i < COUNTER_COUNT; i++)
		add(list, counter_names[i], (double)totals[i]);
}

static void add_sightings(struct list *list, struct pipeline *p)
{
	struct sightings_counters counters;

	sightings_counters(p->sightings, &counters);
	add(list, "facts_held", (double)counters.held);
	add(list, "facts_said", (double)counters.said);
	add(list, "facts_folded", (double)counters.folded);
	add(list, "facts_evicted", (double)counters.evicted);
	add(list, "facts_refused", (double)counters.refused);
	add(list, "texts_cut", (double)counters.cut);
}

static void add_outbox(struct list *list, struct pipeline *p)
{
	struct outbox_counters counters;

	if (!p->outbox)
		return;
	outbox_count(p->outbox, &counters);
	add(list, "outbox_facts", (double)counters.depth);
	add(list, "outbox_bytes", (double)counters.bytes);
	add(list, "outbox_waiting_bytes", (double)counters.waiting);
	add(list, "outbox_dropped", (double)counters.dropped);
	add(list, "outbox_refused", (double)counters.refused);
	add(list, "outbox_damaged", (double)counters.damaged);
}

static void add_session(struct list *list, struct session *session)
{
	struct session_counters counters;

	if (!session)
		return;
	session_count(session, &counters);
	add(list, "facts_sent", (double)counters.facts_sent);
	add(list, "collector_refused", (double)counters.facts_refused);
	add(list, "messages_ignored", (double)counters.ignored);
}

char *status_text(struct status *status, struct pipeline *p, struct session *session, size_t *length)
{
	struct list list = {.count = 0};

	add(&list, "uptime_seconds", (double)(clock_monotonic_us() - status->start_us) / 1e6);
	add(&list, "cpu_seconds", cpu_seconds());
	add(&list, "resident_bytes", (double)resident_bytes());
	add(&list, "map_bytes", (double)map_bytes());
	add(&list, "port_packets", (double)port_number(status->interface, "rx_packets"));
	add(&list, "port_bytes", (double)port_number(status->interface, "rx_bytes"));
	add(&list, "port_sent_packets", (double)interface_sent(status->interface));
	add(&list, "port_sent_since_start", (double)status_sent(status));
	if (p->engine && p->engine->held_back)
		add(&list, "port_held_back", (double)p->engine->held_back(p->engine));
	add(&list, "port_dropped", (double)port_number(status->interface, "rx_dropped"));
	add(&list, "port_missed", (double)(port_missed(status->interface) - status->port_missed));
	add_engine(&list, p);
	add_sightings(&list, p);
	add_outbox(&list, p);
	add_session(&list, session);
	return message_status((double)clock_wall_now_us() / 1e6, list.counters, list.count, length);
}
