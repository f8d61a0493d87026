/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two tables of anchors: of four bytes, and of two for needles that are shorter. A table is open buckets of needles, sorted by bucket, with
 * a bit for each bucket before it: most places of a text touch that bit and nothing else.
 */
#include "collector/recognize/needles.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct anchored {
	const char *text;
	uint32_t length, id;
	uint32_t offset; /* of the anchor in the needle */
};

struct table {
	unsigned int width; /* bytes of an anchor */
	unsigned int bits;  /* of a bucket's number */
	uint32_t *start;    /* of each bucket, and one more */
	uint64_t *there;
	struct anchored *needle;
	size_t count;
};

struct needles {
	struct table four, two;
};

/* The width is known where this is called, so that it becomes one load. */
static inline uint32_t bucket(const char *at, unsigned int width, unsigned int bits)
{
	uint32_t word = 0;
	uint16_t half;

	if (width == 4) {
		memcpy(&word, at, 4);
	} else {
		memcpy(&half, at, 2);
		word = half;
	}
	return word * UINT32_C(2654435761) >> (32 - bits);
}

static uint32_t bucket_of(const struct table *table, const char *at)
{
	return bucket(at, table->width, table->bits);
}

/* The anchor of a needle: the one whose bucket has fewest so far. */
static uint32_t choose(const struct table *table, const struct needle *needle, const uint32_t *load)
{
	uint32_t best = 0, least = UINT32_MAX;

	for (uint32_t i = 0; i + table->width <= needle->length; i++) {
		uint32_t there = load[bucket_of(table, needle->text + i)];

		if (there < least) {
			least = there;
			best = i;
		}
	}
	return best;
}

static int fill(struct table *table, const struct needle *needle, size_t count, bool longer)
{
	uint32_t *load, *offset;
	size_t buckets, mine = 0;

	for (size_t i = 0; i < count; i++)
		mine += (needle[i].length >= 4) == longer;
	table->width = longer ? 4 : 2;
	table->bits = 8;
	while (table->bits < 20 && (size_t)1 << table->bits < mine * 16)
		table->bits++;
	buckets = (size_t)1 << table->bits;
	table->start = calloc(buckets + 1, sizeof(*table->start));
	table->there = calloc(buckets / 64, sizeof(*table->there));
	table->needle = calloc(mine + 1, sizeof(*table->needle));
	load = calloc(buckets, sizeof(*load));
	offset = calloc(count + 1, sizeof(*offset));
	if (!table->start || !table->there || !table->needle || !load || !offset) {
		free(load);
		free(offset);
		return -ENOMEM;
	}
	for (size_t i = 0; i < count; i++) {
		if ((needle[i].length >= 4) != longer)
			continue;
		offset[i] = choose(table, &needle[i], load);
		load[bucket_of(table, needle[i].text + offset[i])]++;
	}
	for (size_t i = 0; i < buckets; i++) {
		table->start[i + 1] = table->start[i] + load[i];
		if (load[i])
			table->there[i / 64] |= UINT64_C(1) << (i % 64);
		load[i] = 0;
	}
	for (size_t i = 0; i < count; i++) {
		uint32_t bucket;

		if ((needle[i].length >= 4) != longer)
			continue;
		bucket = bucket_of(table, needle[i].text + offset[i]);
		table->needle[table->start[bucket] + load[bucket]++] =
			(struct anchored){needle[i].text, needle[i].length, needle[i].id, offset[i]};
	}
	table->count = mine;
	free(load);
	free(offset);
	return 0;
}

int needles_build(const struct needle *needle, size_t count, struct needles **out)
{
	struct needles *made = calloc(1, sizeof(*made));
	int error = made ? fill(&made->four, needle, count, true) : -ENOMEM;

	if (!error)
		error = fill(&made->two, needle, count, false);
	if (error) {
		needles_free(made);
		return error;
	}
	*out = made;
	return 0;
}

static void table_free(struct table *table)
{
	free(table->start);
	free(table->there);
	free(table->needle);
}

void needles_free(struct needles *needles)
{
	if (!needles)
		return;
	table_free(&needles->four);
	table_free(&needles->two);
	free(needles);
}

static size_t table_bytes(const struct table *table)
{
	size_t buckets = (size_t)1 << table->bits;

	return (buckets + 1) * sizeof(*table->start) + buckets / 8 +
	       (table->count + 1) * sizeof(*table->needle);
}

size_t needles_bytes(const struct needles *needles)
{
	return sizeof(*needles) + table_bytes(&needles->four) + table_bytes(&needles->two);
}

static void verify(const struct table *table, uint32_t in, const char *text, size_t i, size_t length,
		   void (*fn)(void *arg, uint32_t id, size_t at, size_t length), void *arg)
{
	for (uint32_t n = table->start[in]; n < table->start[in + 1]; n++) {
		const struct anchored *needle = &table->needle[n];

		if (needle->offset <= i && needle->length <= length - (i - needle->offset) &&
		    memcmp(text + i - needle->offset, needle->text, needle->length) == 0)
			fn(arg, needle->id, i - needle->offset, needle->length);
	}
}

static inline __attribute__((always_inline)) void
search(const struct table *table, unsigned int width, const char *text, size_t length,
       void (*fn)(void *arg, uint32_t id, size_t at, size_t length), void *arg)
{
	const uint64_t *there = table->there;
	unsigned int bits = table->bits;

	if (!table->count)
		return;
	for (size_t i = 0; i + width <= length; i++) {
		uint32_t at = bucket(text + i, width, bits);

		if (there[at / 64] >> (at % 64) & 1)
			verify(table, at, text, i, length, fn, arg);
	}
}

void needles_search(const struct needles *needles, const char *text, size_t length,
		    void (*fn)(void *arg, uint32_t id, size_t at, size_t length), void *arg)
{
	search(&needles->four, 4, text, length, fn, arg);
	search(&needles->two, 2, text, length, fn, arg);
}
