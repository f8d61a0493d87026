/* SPDX-License-Identifier: BSD-2-Clause */
/* Browsers that watch a network (docs/live.md, the collector's side). */
#ifndef COLLECTOR_LIVE_H
#define COLLECTOR_LIVE_H

#include <stddef.h>
#include <stdint.h>

struct app;
struct live;
struct ws_service;

struct live_counters {
	uint64_t snapshots, resumes, messages, changes;
};

/* 0 or -ENOMEM. */
int live_open(struct app *, struct live **out);
/* For ws_protocols(). */
const struct ws_service *live_service(const struct live *);
/* There are new entries in a network's log; NULL: perhaps in any. */
void live_wake(struct live *, const char *network_id);
/* Sessions have changed: browsers whose session has ended lose their connection. */
void live_check(struct live *);
size_t live_viewers(const struct live *);
const struct live_counters *live_counters(const struct live *);
/* After HTTP and the database are closed. */
void live_close(struct live *);

#endif
