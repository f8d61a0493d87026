/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hosts of which something is new are concluded anew, in the background: a queue in the database (recognize_due), worked off by every
 * collector, some hundred hosts at a time. Concluding itself is a thread's. When facts wait to be taken in, it makes way for them.
 */
#ifndef COLLECTOR_RECOGNIZE_WORK_H
#define COLLECTOR_RECOGNIZE_WORK_H

#include <stdbool.h>
#include <stdint.h>

struct app;
struct recognizer;
struct rulebook;

struct recognizer_counters {
	uint64_t hosts, rounds, failed;
	uint64_t spent_us;	 /* in transactions of rounds, from their begin to their commit */
	uint64_t clues_left_out; /* past RECOGNIZE_CLUES_MAX of a host */
};

/* Reads the definitions. 0, -ENOMEM, or -errno of a directory that can't be read. */
int recognizer_open(struct app *, struct recognizer **out);
void recognizer_close(struct recognizer *);
/* Something may be due: look soon. May be called often. */
void recognizer_wake(struct recognizer *);
/* Its thread, which a trial of a definition uses too. */
struct worker *recognizer_worker(struct recognizer *);
struct rulebook *recognizer_rulebook(struct recognizer *);
const struct recognizer_counters *recognizer_counters(const struct recognizer *);
/* Whether what hosts use as clients makes a difference for them. */
bool recognizer_applications(const struct recognizer *);

#endif
