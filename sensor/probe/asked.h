/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which of a long row of positions were asked, and which of those have not answered yet: windows of ASKED_WINDOW positions with a bit for each.
 * Only the silent are asked again. While one window waits for its answers the next is sent, so that waiting costs no time; memory follows from how
 * many wait at once, never from how many there are.
 *
 * Pure: no clock, no I/O. Times are microseconds of any clock that does not go back.
 */
#ifndef SENSOR_PROBE_ASKED_H
#define SENSOR_PROBE_ASKED_H

#include <stdbool.h>
#include <stdint.h>

enum {
	ASKED_WINDOW = 8192,	  /* positions */
	ASKED_WINDOWS_MAX = 2048, /* that wait at once; a further one is begun when the oldest is settled */
	ASKED_EXTRA_MAX =
		6, /* times more than `retries`, as long as asking again still brings answers: then some were lost */
};

enum asked_next { ASKED_SEND, ASKED_SWEPT, ASKED_DONE };

struct asked;

/*
 * Positions from first to total - 1; each is asked at most 1 + retries times without an answer, ASKED_EXTRA_MAX times more while frames get lost.
 * silent: called once for each position that never answered. 0 with *out, or -ENOMEM.
 */
int asked_open(uint64_t first, uint64_t total, uint8_t retries,
	       void (*silent)(void *context, uint64_t position), void *context, struct asked **out);
/*
 * ASKED_SEND: ask *position now (again: not for the first time). ASKED_SWEPT: all that may be sent now has been offered; waits until *when_us or an
 * answer, or, when some were given back, a while. ASKED_DONE: all are settled.
 */
enum asked_next asked_next(struct asked *, int64_t now_us, uint32_t timeout_us, uint64_t *position, bool *again,
			   int64_t *when_us);
/* What asked_next() gave was not sent after all. It comes again in the next sweep. */
void asked_return(struct asked *, uint64_t position);
/* It has answered, or needs none. True when it was not settled before. */
bool asked_settle(struct asked *, uint64_t position);
/* True when it is being asked for the second time or more, and not settled. */
bool asked_again(const struct asked *, uint64_t position);
/* All before it are settled. */
uint64_t asked_first(const struct asked *);
uint64_t asked_settled(const struct asked *);
/* Nothing more is to be sent: what was asked is waited for once more, then it is ASKED_DONE, and what has not answered stays unsettled. */
void asked_stop(struct asked *);
void asked_close(struct asked *);

#endif
