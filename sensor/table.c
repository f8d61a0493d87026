// SPDX-License-Identifier: BSD-2-Clause
/*
 * A bounded hash table with eviction by last use. See table.h. It starts small and doubles as it fills, so an idle
 * sensor is small too.
 *
 * Places are found by linear probing among pairs of hash and entry, at most half of which are taken: what is not there costs one
 * line of memory, what is there two.
 */
#include "sensor/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

enum { PLACES_MIN = 64, CHUNK_BYTES = 4096, CHUNK_ENTRIES_MIN = 8 };

/* Memory for entries: they come and go by the thousand, and all are of one size. It stays the table's until it is closed. */
struct chunk {
	struct chunk *next;
	uint64_t entries[];
};

struct place {
	struct table_entry *entry; /* NULL: free */
	uint32_t hash;
};

struct table {
	struct table_options options;
	struct place *places;
	size_t place_count, count;
	struct table_entry *oldest, *newest;
	uint64_t evicted, key[2];
	uint32_t turn;
	struct chunk *chunks;
	struct table_entry *free; /* linked by older */
};

static inline __attribute__((always_inline)) uint64_t rotate(uint64_t value, int bits)
{
	return value << bits | value >> (64 - bits);
}

static inline __attribute__((always_inline)) void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

uint64_t hash_bytes(const uint64_t key[2], const void *bytes, size_t length)
{
	uint64_t v[4] = {key[0] ^ UINT64_C(0x736f6d6570736575), key[1] ^ UINT64_C(0x646f72616e646f6d),
			 key[0] ^ UINT64_C(0x6c7967656e657261), key[1] ^ UINT64_C(0x7465646279746573)};
	const uint8_t *at = bytes;
	uint64_t word, last = (uint64_t)length << 56;

	for (; length >= sizeof(word); at += sizeof(word), length -= sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		v[3] ^= word;
		sip_round(v);
		v[0] ^= word;
	}
	word = 0;
	if (length)
		memcpy(&word, at, length);
	last |= word;
	v[3] ^= last;
	sip_round(v);
	v[0] ^= last;
	v[2] ^= 0xff;
	for (int i = 0; i < 3; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

void hash_key(uint64_t key[2])
{
	struct timespec now;

	if (getrandom(key, 2 * sizeof(key[0]), 0) == (ssize_t)(2 * sizeof(key[0])))
		return;
	clock_gettime(CLOCK_MONOTONIC, &now); /* no random numbers: better than a constant */
	key[0] = (uint64_t)now.tv_nsec;
	key[1] = (uint64_t)now.tv_sec;
}

static const void *key_of(const struct table_entry *entry)
{
	return entry + 1;
}

/* An entry's memory, all zero. NULL: there is none. */
static struct table_entry *take(struct table *t)
{
	size_t size = (t->options.entry_size + 7) / 8 * 8,
	       count = CHUNK_BYTES / size > CHUNK_ENTRIES_MIN ? CHUNK_BYTES / size : CHUNK_ENTRIES_MIN;
	struct table_entry *entry = t->free;
	struct chunk *chunk;

	if (!entry) {
		chunk = malloc(sizeof(*chunk) + count * size);
		if (!chunk)
			return NULL;
		chunk->next = t->chunks;
		t->chunks = chunk;
		for (size_t i = 0; i < count; i++) {
			entry = (void *)((uint8_t *)chunk->entries + i * size);
			entry->older = t->free;
			t->free = entry;
		}
	}
	t->free = entry->older;
	memset(entry, 0, t->options.entry_size);
	return entry;
}

/* The place of the entry with that key, or the free one where it belongs. */
static struct place *place_of(const struct table *t, uint32_t hash, const void *key)
{
	size_t at = hash & (t->place_count - 1);
	struct place *place = &t->places[at];

	while (place->entry &&
	       (place->hash != hash || memcmp(key_of(place->entry), key, t->options.key_size) != 0)) {
		at = (at + 1) & (t->place_count - 1);
		place = &t->places[at];
	}
	return place;
}

/* Free a place; entries behind it that would no longer be found move up. */
static void leave(struct table *t, struct place *place)
{
	size_t mask = t->place_count - 1, hole = (size_t)(place - t->places);

	for (size_t at = (hole + 1) & mask; t->places[at].entry; at = (at + 1) & mask) {
		size_t home = t->places[at].hash & mask;

		if (((at - home) & mask) < ((at - hole) & mask)) /* its home is behind the hole */
			continue;
		t->places[hole] = t->places[at];
		hole = at;
	}
	t->places[hole].entry = NULL;
}

static void use_list_remove(struct table *t, struct table_entry *entry)
{
	*(entry->older ? &entry->older->newer : &t->oldest) = entry->newer;
	*(entry->newer ? &entry->newer->older : &t->newest) = entry->older;
}

static void use_list_append(struct table *t, struct table_entry *entry)
{
	entry->older = t->newest;
	entry->newer = NULL;
	*(t->newest ? &t->newest->newer : &t->oldest) = entry;
	t->newest = entry;
}

/* False when there is no memory for more places. */
static bool grow(struct table *t)
{
	size_t old_count = t->place_count, mask = old_count * 2 - 1;
	struct place *old = t->places, *places = calloc(old_count * 2, sizeof(*places));

	if (!places)
		return false;
	for (size_t i = 0; i < old_count; i++) {
		size_t at = old[i].hash & mask;

		if (!old[i].entry)
			continue;
		while (places[at].entry)
			at = (at + 1) & mask;
		places[at] = old[i];
	}
	free(old);
	t->places = places;
	t->place_count = mask + 1;
	return true;
}

int table_open(const struct table_options *options, struct table **out)
{
	struct table *t = calloc(1, sizeof(*t));

	if (!t)
		return -ENOMEM;
	t->places = calloc(PLACES_MIN, sizeof(*t->places));
	if (!t->places) {
		free(t);
		return -ENOMEM;
	}
	t->options = *options;
	t->place_count = PLACES_MIN;
	hash_key(t->key);
	*out = t;
	return 0;
}

void *table_find(struct table *t, const void *key)
{
	uint32_t hash = (uint32_t)hash_bytes(t->key, key, t->options.key_size);
	struct table_entry *entry = place_of(t, hash, key)->entry;

	if (!entry || (t->options.by_turns && entry->turn == t->turn))
		return entry;
	entry->turn = t->turn;
	if (entry != t->newest) {
		use_list_remove(t, entry);
		use_list_append(t, entry);
	}
	return entry;
}

void *table_add(struct table *t, const void *key)
{
	struct table_entry *entry;

	if (t->count >= t->options.capacity && t->oldest) {
		t->evicted++;
		if (t->options.evict)
			t->options.evict(t->options.context, t->oldest);
		table_remove(t, t->oldest);
	}
	if ((t->count + 1) * 2 > t->place_count && !grow(t))
		return NULL;
	entry = take(t);
	if (!entry)
		return NULL;
	memcpy(entry + 1, key, t->options.key_size);
	entry->hash = (uint32_t)hash_bytes(t->key, key, t->options.key_size);
	entry->turn = t->turn;
	*place_of(t, entry->hash, key) = (struct place){entry, entry->hash};
	use_list_append(t, entry);
	t->count++;
	return entry;
}

void table_remove(struct table *t, void *old)
{
	struct table_entry *entry = old;

	leave(t, place_of(t, entry->hash, key_of(entry)));
	use_list_remove(t, entry);
	t->count--;
	entry->older = t->free;
	t->free = entry;
}

void *table_oldest(const struct table *t)
{
	return t->oldest;
}

void *table_newer(const void *entry)
{
	return ((const struct table_entry *)entry)->newer;
}

void *table_newest(const struct table *t)
{
	return t->newest;
}

void *table_older(const void *entry)
{
	return ((const struct table_entry *)entry)->older;
}

size_t table_count(const struct table *t)
{
	return t->count;
}

void table_turn(struct table *t)
{
	t->turn++;
}

bool table_used(const struct table *t, const void *entry)
{
	return ((const struct table_entry *)entry)->turn == t->turn;
}

uint64_t table_evicted(const struct table *t)
{
	return t->evicted;
}

void table_close(struct table *t)
{
	if (!t)
		return;
	for (struct chunk *chunk = t->chunks, *next; chunk; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	free(t->places);
	free(t);
}
