/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Many texts looked for in one text at once. Each needle is found by the pair or the four bytes of it that fewest others are found by, so
 * that a text costs its length, and hardly more for ten times the needles.
 */
#ifndef COLLECTOR_RECOGNIZE_NEEDLES_H
#define COLLECTOR_RECOGNIZE_NEEDLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In small letters, of at least NEEDLE_BYTES_MIN; borrowed. */
struct needle {
	const char *text;
	uint32_t length;
	uint32_t id; /* the caller's */
};

enum { NEEDLE_BYTES_MIN = 2 };

struct needles;

/* Copies the array, not the texts. 0 or -ENOMEM. */
int needles_build(const struct needle *needle, size_t count, struct needles **out);
void needles_free(struct needles *);
size_t needles_bytes(const struct needles *);

/* Call fn for each place where a needle stands in a text of small letters. */
void needles_search(const struct needles *, const char *text, size_t length,
		    void (*fn)(void *arg, uint32_t id, size_t at, size_t length), void *arg);

#endif
