/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Compile with bounds, match with bounds. No JIT: it needs memory that is written and run, which a hardened system refuses, and literals
 * keep most texts away from here anyway.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "collector/recognize/pattern.h"

#include <errno.h>
#include <pcre2.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
	STEPS_MAX = 20000, /* from one place in the text */
	STRIDE = 128,	   /* places between two looks at the clock: PCRE2 counts the steps of each anew */
	DEPTH_MAX = 250,
	HEAP_KIB_MAX = 256,
	NESTING_MAX = 20
};
static const int64_t spent_ns_max = INT64_C(250) * 1000000; /* of one host, all expressions together */

struct pattern {
	pcre2_code *code;
};

struct pattern_room {
	pcre2_match_data *data;
	pcre2_match_context *context;
	int64_t opened_ns; /* of this thread's own time */
	int64_t spent_ns;  /* by matching, on the wall */
};

static int64_t clock_ns(clockid_t clock)
{
	struct timespec now = {0};

	clock_gettime(clock, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

int pattern_compile(const char *text, size_t length, struct pattern **out, char *why, size_t why_size)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	struct pattern *made = calloc(1, sizeof(*made));
	PCRE2_SIZE at = 0, size = 0;
	int error = 0;

	if (!context || !made) {
		pcre2_compile_context_free(context);
		free(made);
		return -ENOMEM;
	}
	pcre2_set_parens_nest_limit(context, NESTING_MAX);
	made->code = pcre2_compile((PCRE2_SPTR)text, length,
				   PCRE2_CASELESS | PCRE2_NEVER_BACKSLASH_C | PCRE2_NEVER_UTF |
					   PCRE2_NEVER_UCP | PCRE2_USE_OFFSET_LIMIT,
				   &error, &at, context);
	pcre2_compile_context_free(context);
	if (!made->code) {
		PCRE2_UCHAR words[120] = "";

		pcre2_get_error_message(error, words, sizeof(words));
		snprintf(why, why_size, "%s (at character %zu)", (const char *)words, (size_t)at + 1);
		free(made);
		return -EINVAL;
	}
	pcre2_pattern_info(made->code, PCRE2_INFO_SIZE, &size);
	if (size > PATTERN_BYTES_MAX) {
		snprintf(why, why_size, "it repeats so much that it takes %zu bytes; %d are the most",
			 (size_t)size, PATTERN_BYTES_MAX);
		pattern_free(made);
		return -EINVAL;
	}
	*out = made;
	return 0;
}

void pattern_free(struct pattern *pattern)
{
	if (!pattern)
		return;
	pcre2_code_free(pattern->code);
	free(pattern);
}

size_t pattern_bytes(const struct pattern *pattern)
{
	PCRE2_SIZE size = 0;

	pcre2_pattern_info(pattern->code, PCRE2_INFO_SIZE, &size);
	return sizeof(*pattern) + size;
}

struct pattern_room *pattern_room_open(void)
{
	struct pattern_room *room = calloc(1, sizeof(*room));

	if (!room)
		return NULL;
	room->data = pcre2_match_data_create(PATTERN_GROUPS_MAX, NULL);
	room->context = pcre2_match_context_create(NULL);
	if (!room->data || !room->context) {
		pattern_room_close(room);
		return NULL;
	}
	room->opened_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	pcre2_set_match_limit(room->context, STEPS_MAX);
	pcre2_set_depth_limit(room->context, DEPTH_MAX);
	pcre2_set_heap_limit(room->context, HEAP_KIB_MAX);
	return room;
}

void pattern_room_close(struct pattern_room *room)
{
	if (!room)
		return;
	pcre2_match_data_free(room->data);
	pcre2_match_context_free(room->context);
	free(room);
}

/* The wall's clock costs next to nothing to look at: only when it has gone far the thread's own is asked, which no other work of the machine moves. */
static bool time_is_spent(const struct pattern_room *room, int64_t begun)
{
	return room->spent_ns + clock_ns(CLOCK_MONOTONIC) - begun >= spent_ns_max &&
	       clock_ns(CLOCK_THREAD_CPUTIME_ID) - room->opened_ns >= spent_ns_max;
}

/* As pcre2_match(), stride by stride. */
static int match_bounded(const struct pattern *pattern, struct pattern_room *room, const char *text,
			 size_t length)
{
	int64_t begun = clock_ns(CLOCK_MONOTONIC);
	int got = PCRE2_ERROR_NOMATCH;

	for (size_t from = 0; from <= length && got == PCRE2_ERROR_NOMATCH; from += STRIDE) {
		if (time_is_spent(room, begun)) {
			got = PCRE2_ERROR_MATCHLIMIT;
			break;
		}
		pcre2_set_offset_limit(room->context, from + STRIDE - 1);
		got = pcre2_match(pattern->code, (PCRE2_SPTR)text, length, from, 0, room->data, room->context);
	}
	room->spent_ns += clock_ns(CLOCK_MONOTONIC) - begun;
	return got;
}

int pattern_match(const struct pattern *pattern, struct pattern_room *room, const char *text, size_t length,
		  struct pattern_span span[static PATTERN_GROUPS_MAX])
{
	int got = match_bounded(pattern, room, text, length);
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer(room->data);

	if (got == PCRE2_ERROR_NOMATCH)
		return 0;
	if (got < 0)
		return -E2BIG;
	for (size_t i = 0; i < PATTERN_GROUPS_MAX; i++) {
		bool there =
			(i < (size_t)got || got == 0) && at[2 * i] != PCRE2_UNSET && at[2 * i] <= at[2 * i + 1];

		span[i] = there ? (struct pattern_span){(int)at[2 * i], (int)at[2 * i + 1]}
				: (struct pattern_span){-1, -1};
	}
	return 1;
}
