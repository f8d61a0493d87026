// SPDX-License-Identifier: BSD-2-Clause
/*
 * The windows that are not settled form a ring from `tail` to `head`. A sweep goes over them from the oldest to the newest: it sends what is left of a
 * window's pass, begins the next pass of one whose answers are overdue, and at its end opens a new one. A window is settled when all its positions have
 * answered, or when the last pass is over.
 */
#include "sensor/probe/asked.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	WORDS = ASKED_WINDOW / 64,
	WAIT_US = 1000, /* until there may be memory for a window again */
};

struct window {
	uint64_t todo[WORDS];		 /* to be sent in this pass */
	uint64_t settled[WORDS];	 /* bits behind the last position are set */
	uint32_t todo_count, open_count; /* open: not settled */
	uint32_t fresh;			 /* settled by answers in this pass */
	uint8_t pass, quiet;		 /* quiet: passes in a row that brought nothing */
	bool lossy;			 /* asking again has brought answers */
	bool waiting;			 /* all of this pass is sent */
	bool over;
	int64_t sent_us; /* the last one */
	struct window *next_free;
};

struct asked {
	uint64_t first, total;
	uint64_t tail, head; /* numbers of windows; head: the next to be opened */
	uint64_t at;	     /* the window that the sweep is in */
	uint32_t at_bit;
	uint64_t settled; /* positions */
	struct window *ring[ASKED_WINDOWS_MAX];
	struct window *free;
	void (*silent)(void *context, uint64_t position);
	void *context;
	uint8_t retries;
	bool stopped;
};

int asked_open(uint64_t first, uint64_t total, uint8_t retries,
	       void (*silent)(void *context, uint64_t position), void *context, struct asked **out)
{
	struct asked *asked = calloc(1, sizeof(*asked));

	if (!asked)
		return -ENOMEM;
	asked->first = first;
	asked->total = total;
	asked->retries = retries;
	asked->silent = silent;
	asked->context = context;
	*out = asked;
	return 0;
}

static struct window *window_of(const struct asked *asked, uint64_t number)
{
	return asked->ring[number % ASKED_WINDOWS_MAX];
}

static uint64_t position_of(const struct asked *asked, uint64_t number, uint32_t bit)
{
	return asked->first + number * ASKED_WINDOW + bit;
}

static bool window_open(struct asked *asked)
{
	const uint64_t begin = position_of(asked, asked->head, 0);
	struct window *window = asked->free;
	uint32_t count;

	if (asked->stopped || begin >= asked->total || asked->head - asked->tail == ASKED_WINDOWS_MAX)
		return false;
	if (window)
		asked->free = window->next_free;
	else
		window = malloc(sizeof(*window));
	if (!window)
		return false;
	memset(window, 0, sizeof(*window));
	count = asked->total - begin < ASKED_WINDOW ? (uint32_t)(asked->total - begin) : ASKED_WINDOW;
	for (uint32_t i = 0; i < WORDS; i++) {
		uint32_t here = count > i * 64 ? count - i * 64 : 0;

		window->todo[i] = here >= 64 ? UINT64_MAX : (UINT64_C(1) << here) - 1;
		window->settled[i] = ~window->todo[i];
	}
	window->todo_count = window->open_count = count;
	asked->ring[asked->head++ % ASKED_WINDOWS_MAX] = window;
	return true;
}

/* Forget the oldest windows as far as they are settled. */
static void drop_settled(struct asked *asked)
{
	while (asked->tail < asked->head && window_of(asked, asked->tail)->over) {
		struct window *window = window_of(asked, asked->tail);

		window->next_free = asked->free;
		asked->free = window;
		asked->ring[asked->tail++ % ASKED_WINDOWS_MAX] = NULL;
	}
	if (asked->at < asked->tail) {
		asked->at = asked->tail;
		asked->at_bit = 0;
	}
}

static void window_over(struct asked *asked, struct window *window, uint64_t number)
{
	window->over = true;
	for (uint32_t i = 0; i < WORDS && window->open_count; i++)
		for (uint64_t left = ~window->settled[i]; left; left &= left - 1) {
			window->open_count--;
			asked->settled++;
			if (asked->silent)
				asked->silent(
					asked->context,
					position_of(asked, number, i * 64 + (uint32_t)__builtin_ctzll(left)));
		}
}

/* The answers of this pass are overdue: another pass, or the end. */
static void pass_next(struct asked *asked, struct window *window, uint64_t number)
{
	window->quiet = window->fresh ? 0 : window->quiet + 1;
	window->lossy |= window->pass && window->fresh;
	if ((window->pass >= asked->retries && !(window->lossy && window->quiet < 2)) ||
	    window->pass >= asked->retries + ASKED_EXTRA_MAX) {
		window_over(asked, window, number);
		return;
	}
	window->pass++;
	window->fresh = 0;
	window->waiting = false;
	window->todo_count = window->open_count;
	for (uint32_t i = 0; i < WORDS; i++)
		window->todo[i] = ~window->settled[i];
}

/* The next bit of the window's pass from the sweep's place on: one that was given back is not offered twice in a sweep. -1: none. */
static int window_next(struct asked *asked, struct window *window)
{
	while (asked->at_bit < ASKED_WINDOW) {
		uint64_t *todo = &window->todo[asked->at_bit / 64];
		const uint64_t left = *todo >> (asked->at_bit & 63);

		if (left) {
			asked->at_bit += (uint32_t)__builtin_ctzll(left);
			*todo &= ~(UINT64_C(1) << (asked->at_bit & 63));
			window->todo_count--;
			return (int)asked->at_bit++;
		}
		asked->at_bit = (asked->at_bit | 63) + 1;
	}
	return -1;
}

/* Go on to the next window. False at the end of the sweep. */
static bool sweep_on(struct asked *asked)
{
	asked->at_bit = 0;
	if (++asked->at < asked->head)
		return true;
	/* All wait, or are given back for the most part: then a further one would be no help. */
	if (asked->head == asked->tail || window_of(asked, asked->head - 1)->todo_count <= ASKED_WINDOW / 2)
		if (window_open(asked))
			return true;
	asked->at = asked->tail;
	return false;
}

static int64_t first_due(const struct asked *asked, int64_t now_us, uint32_t timeout_us)
{
	int64_t when = now_us + timeout_us;

	for (uint64_t i = asked->tail; i < asked->head; i++) {
		const struct window *window = window_of(asked, i);

		if (!window->over && window->waiting && window->sent_us + timeout_us < when)
			when = window->sent_us + timeout_us;
	}
	return when > now_us ? when : now_us + 1;
}

static bool all_settled(const struct asked *asked)
{
	return asked->head == asked->tail && position_of(asked, asked->head, 0) >= asked->total;
}

/* Only waiting: for the answers to what was sent last. */
static enum asked_next stopped_next(const struct asked *asked, int64_t now_us, uint32_t timeout_us,
				    int64_t *when_us)
{
	int64_t when = 0;

	for (uint64_t i = asked->tail; i < asked->head; i++) {
		const struct window *window = window_of(asked, i);

		if (!window->over && window->sent_us && window->sent_us + timeout_us > when)
			when = window->sent_us + timeout_us;
	}
	*when_us = when;
	return when > now_us ? ASKED_SWEPT : ASKED_DONE;
}

enum asked_next asked_next(struct asked *asked, int64_t now_us, uint32_t timeout_us, uint64_t *position,
			   bool *again, int64_t *when_us)
{
	*when_us = now_us + WAIT_US;
	if (asked->stopped)
		return stopped_next(asked, now_us, timeout_us, when_us);
	if (asked->head == asked->tail && !window_open(asked))
		return all_settled(asked) ? ASKED_DONE : ASKED_SWEPT;
	do {
		struct window *window = window_of(asked, asked->at);
		int bit;

		if (!window->over && window->waiting && window->sent_us + timeout_us <= now_us)
			pass_next(asked, window, asked->at);
		if (window->over || window->waiting)
			continue;
		bit = window_next(asked, window);
		if (bit >= 0) {
			window->sent_us = now_us;
			*position = position_of(asked, asked->at, (uint32_t)bit);
			*again = window->pass > 0;
			return ASKED_SEND;
		}
		window->waiting = !window->todo_count;
	} while (sweep_on(asked));
	drop_settled(asked);
	if (asked->head == asked->tail)
		return all_settled(asked) ? ASKED_DONE : ASKED_SWEPT;
	*when_us = first_due(asked, now_us, timeout_us);
	return ASKED_SWEPT;
}

/* The window that holds a position and is not settled; NULL when there is none. */
static struct window *find(const struct asked *asked, uint64_t position, uint64_t *number, uint32_t *bit)
{
	struct window *window;

	if (position < asked->first || position >= asked->total)
		return NULL;
	*number = (position - asked->first) / ASKED_WINDOW;
	*bit = (uint32_t)((position - asked->first) % ASKED_WINDOW);
	if (*number < asked->tail || *number >= asked->head)
		return NULL;
	window = window_of(asked, *number);
	return window->over ? NULL : window;
}

void asked_return(struct asked *asked, uint64_t position)
{
	uint64_t number;
	uint32_t bit = 0;
	struct window *window = find(asked, position, &number, &bit);
	const uint64_t mask = UINT64_C(1) << (bit & 63);

	if (!window || window->settled[bit / 64] & mask || window->todo[bit / 64] & mask)
		return;
	window->todo[bit / 64] |= mask;
	window->todo_count++;
	window->waiting = false;
}

bool asked_settle(struct asked *asked, uint64_t position)
{
	uint64_t number;
	uint32_t bit = 0;
	struct window *window = find(asked, position, &number, &bit);
	const uint64_t mask = UINT64_C(1) << (bit & 63);

	if (!window || window->settled[bit / 64] & mask)
		return false;
	window->settled[bit / 64] |= mask;
	if (window->todo[bit / 64] & mask) {
		window->todo[bit / 64] &= ~mask;
		window->todo_count--;
	}
	window->fresh++;
	asked->settled++;
	if (!--window->open_count)
		window->over = true;
	return true;
}

bool asked_again(const struct asked *asked, uint64_t position)
{
	uint64_t number;
	uint32_t bit;
	const struct window *window = find(asked, position, &number, &bit);

	return window && window->pass && !(window->settled[bit / 64] >> (bit & 63) & 1);
}

uint64_t asked_first(const struct asked *asked)
{
	for (uint64_t i = asked->tail; i < asked->head; i++) {
		const struct window *window = window_of(asked, i);

		for (uint32_t k = 0; k < WORDS && !window->over; k++)
			if (~window->settled[k])
				return position_of(asked, i,
						   k * 64 + (uint32_t)__builtin_ctzll(~window->settled[k]));
	}
	return position_of(asked, asked->head, 0) < asked->total ? position_of(asked, asked->head, 0)
								 : asked->total;
}

uint64_t asked_settled(const struct asked *asked)
{
	return asked->settled;
}

void asked_stop(struct asked *asked)
{
	asked->stopped = true;
}

void asked_close(struct asked *asked)
{
	if (!asked)
		return;
	for (uint64_t i = asked->tail; i < asked->head; i++)
		free(window_of(asked, i));
	while (asked->free) {
		struct window *window = asked->free;

		asked->free = window->next_free;
		free(window);
	}
	free(asked);
}
