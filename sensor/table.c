// SPDX-License-Identifier: BSD-2-Clause
/*
 * A bounded hash table with eviction by last use. See table.h. It starts small and doubles as it fills, so an idle
 * sensor is small too.
 *
 * Places are found by linear probing among pairs of hash and entry, at most half of which are taken: what is not there costs one
 * line of memory, what is there two. Entries lie side by side in address space for all of them, which takes memory where it has
 * been used, and are known by their number, which is half as long as a pointer.
 */
#include "sensor/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <time.h>

enum { PLACES_MIN = 64 };

struct place {
	uint32_t number; /* of the entry; 0: free */
	uint32_t hash;
};

struct table {
	struct table_options options;
	struct place *places;
	size_t place_count, count;
	uint8_t *entries; /* number 1 first */
	size_t size, room;
	uint32_t oldest, newest, free; /* numbers; free ones are linked by older */
	uint32_t used;		       /* numbers that have ever been taken */
	uint32_t turn;
	uint64_t evicted, key[2];
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

static struct table_entry *entry_at(const struct table *t, uint32_t number)
{
	return number ? (void *)(t->entries + (number - 1) * t->size) : NULL;
}

/* An entry's memory, all zero. There is always some: fewer than capacity are taken. */
static uint32_t take(struct table *t)
{
	uint32_t number = t->free;
	struct table_entry *entry;

	if (!number)
		return ++t->used;
	entry = entry_at(t, number);
	t->free = entry->older;
	memset(entry, 0, t->options.entry_size);
	return number;
}

static uint32_t hash_of(const struct table *t, const void *key)
{
	return (uint32_t)hash_bytes(t->key, key, t->options.key_size);
}

/* The place of the entry with that key, or the free one where it belongs. */
static struct place *place_of(const struct table *t, uint32_t hash, const void *key)
{
	size_t at = hash & (t->place_count - 1);
	struct place *place = &t->places[at];

	while (place->number && (place->hash != hash ||
				 memcmp(key_of(entry_at(t, place->number)), key, t->options.key_size) != 0)) {
		at = (at + 1) & (t->place_count - 1);
		place = &t->places[at];
	}
	return place;
}

/* Free a place; entries behind it that would no longer be found move up. */
static void leave(struct table *t, struct place *place)
{
	size_t mask = t->place_count - 1, hole = (size_t)(place - t->places);

	for (size_t at = (hole + 1) & mask; t->places[at].number; at = (at + 1) & mask) {
		size_t home = t->places[at].hash & mask;

		if (((at - home) & mask) < ((at - hole) & mask)) /* its home is behind the hole */
			continue;
		t->places[hole] = t->places[at];
		hole = at;
	}
	t->places[hole].number = 0;
}

static void use_list_remove(struct table *t, const struct table_entry *entry)
{
	*(entry->older ? &entry_at(t, entry->older)->newer : &t->oldest) = entry->newer;
	*(entry->newer ? &entry_at(t, entry->newer)->older : &t->newest) = entry->older;
}

static void use_list_append(struct table *t, struct table_entry *entry, uint32_t number)
{
	entry->older = t->newest;
	entry->newer = 0;
	*(t->newest ? &entry_at(t, t->newest)->newer : &t->oldest) = number;
	t->newest = number;
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

		if (!old[i].number)
			continue;
		while (places[at].number)
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
	t->options = *options;
	t->size = (options->entry_size + 7) / 8 * 8;
	t->room = (options->capacity ? options->capacity : 1) * t->size;
	t->places = calloc(PLACES_MIN, sizeof(*t->places));
	t->entries =
		mmap(NULL, t->room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (!t->places || t->entries == MAP_FAILED) {
		free(t->places);
		free(t);
		return -ENOMEM;
	}
	madvise(t->entries, t->room, MADV_NOHUGEPAGE); /* the first entry would take 2 MB */
	t->place_count = PLACES_MIN;
	hash_key(t->key);
	*out = t;
	return 0;
}

/* It is in use now. */
static void *use(struct table *t, uint32_t number)
{
	struct table_entry *entry = entry_at(t, number);

	if (!entry || (t->options.by_turns && entry->turn == t->turn))
		return entry;
	entry->turn = t->turn;
	if (number != t->newest) {
		use_list_remove(t, entry);
		use_list_append(t, entry, number);
	}
	return entry;
}

void *table_find(struct table *t, const void *key)
{
	return use(t, place_of(t, hash_of(t, key), key)->number);
}

/* place: where it belongs, or NULL. */
static void *add(struct table *t, const void *key, uint32_t hash, struct place *place)
{
	struct table_entry *entry = entry_at(t, t->oldest);
	uint32_t number;

	if (t->count >= t->options.capacity && entry) {
		t->evicted++;
		if (t->options.evict)
			t->options.evict(t->options.context, entry);
		table_remove(t, entry);
		place = NULL;
	}
	if ((t->count + 1) * 2 > t->place_count) {
		if (!grow(t))
			return NULL;
		place = NULL;
	}
	number = take(t);
	entry = entry_at(t, number);
	memcpy(entry + 1, key, t->options.key_size);
	entry->hash = hash;
	entry->turn = t->turn;
	*(place ? place : place_of(t, hash, key)) = (struct place){number, hash};
	use_list_append(t, entry, number);
	t->count++;
	return entry;
}

void *table_add(struct table *t, const void *key)
{
	return add(t, key, hash_of(t, key), NULL);
}

void *table_take(struct table *t, const void *key, bool *made)
{
	uint32_t hash = hash_of(t, key);
	struct place *place = place_of(t, hash, key);

	*made = !place->number;
	return *made ? add(t, key, hash, place) : use(t, place->number);
}

void table_remove(struct table *t, void *old)
{
	struct table_entry *entry = old;
	struct place *place = place_of(t, entry->hash, key_of(entry));
	uint32_t number = place->number;

	leave(t, place);
	use_list_remove(t, entry);
	t->count--;
	entry->older = t->free;
	t->free = number;
}

void *table_oldest(const struct table *t)
{
	return entry_at(t, t->oldest);
}

void *table_newer(const struct table *t, const void *entry)
{
	return entry_at(t, ((const struct table_entry *)entry)->newer);
}

void *table_newest(const struct table *t)
{
	return entry_at(t, t->newest);
}

void *table_older(const struct table *t, const void *entry)
{
	return entry_at(t, ((const struct table_entry *)entry)->older);
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
	munmap(t->entries, t->room);
	free(t->places);
	free(t);
}
