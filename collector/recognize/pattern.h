/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PCRE2's one door. People write these expressions, and strangers the texts: both are bounded. Bytes, not characters, are matched, so that a
 * text that is no UTF-8 can't be refused; letters A to Z in any case.
 */
#ifndef COLLECTOR_RECOGNIZE_PATTERN_H
#define COLLECTOR_RECOGNIZE_PATTERN_H

#include <stddef.h>

struct pattern;

/* What a match needs besides: of one thread, for one host, whose expressions together have a time. */
struct pattern_room;

enum { PATTERN_GROUPS_MAX = 10, PATTERN_BYTES_MAX = 16 << 10 };

/* Where a group, or the whole (0), stands in the text; -1: it took no part. */
struct pattern_span {
	int from, to;
};

/* 0 and a pattern for pattern_free(); -EINVAL with words of what is wrong in why; -ENOMEM. */
int pattern_compile(const char *text, size_t length, struct pattern **out, char *why, size_t why_size);
void pattern_free(struct pattern *);
size_t pattern_bytes(const struct pattern *);

/* NULL without memory. */
struct pattern_room *pattern_room_open(void);
void pattern_room_close(struct pattern_room *);

/* 1 matches, with spans; 0 not; -E2BIG: it was given up, as it would take too many steps, or all of its room's time is spent. */
int pattern_match(const struct pattern *, struct pattern_room *, const char *text, size_t length,
		  struct pattern_span span[static PATTERN_GROUPS_MAX]);

/*
 * Texts, in small letters, of which one at least stands in whatever the expression matches. How many; 0: none can be told.
 */
enum { PATTERN_LITERALS_MAX = 12, PATTERN_LITERAL_MIN = 2, PATTERN_LITERAL_MAX = 60 };

struct pattern_literal {
	char text[PATTERN_LITERAL_MAX];
	size_t length;
};

size_t pattern_literals(const char *text, size_t length,
			struct pattern_literal out[static PATTERN_LITERALS_MAX]);

#endif
