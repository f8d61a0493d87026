// SPDX-License-Identifier: BSD-2-Clause
/*
 * A bounded hash table with eviction by last use. See table.h. It starts small and doubles as it fills, so an idle
 * sensor is small too.
 */
#include "sensor/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

enum { BUCKETS_MIN = 256 };

struct table {
	struct table_options options;
	struct table_entry **buckets;
	size_t bucket_count, count;
	struct table_entry *oldest, *newest;
	uint64_t evicted, key[2];
};

static uint64_t rotate(uint64_t value, int bits)
{
	return value << bits | value >> (64 - bits);
}

static void sip_round(uint64_t v[4])
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

static struct table_entry **bucket_of(const struct table *t, uint64_t hash)
{
	return &t->buckets[hash & (t->bucket_count - 1)];
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

static void grow(struct table *t)
{
	size_t count = t->bucket_count * 2;
	struct table_entry **buckets = calloc(count, sizeof(struct table_entry *));

	if (!buckets) /* longer chains, nothing lost */
		return;
	for (struct table_entry *entry = t->oldest; entry; entry = entry->newer) {
		/* What was freed has left this list, which the analyzer does not see. NOLINTNEXTLINE(clang-analyzer-*) */
		struct table_entry **bucket = &buckets[entry->hash & (count - 1)];

		entry->next = *bucket;
		*bucket = entry;
	}
	free(t->buckets);
	t->buckets = buckets;
	t->bucket_count = count;
}

int table_open(const struct table_options *options, struct table **out)
{
	struct table *t = calloc(1, sizeof(*t));

	if (!t)
		return -ENOMEM;
	t->buckets = calloc(BUCKETS_MIN, sizeof(struct table_entry *));
	if (!t->buckets) {
		free(t);
		return -ENOMEM;
	}
	t->options = *options;
	t->bucket_count = BUCKETS_MIN;
	hash_key(t->key);
	*out = t;
	return 0;
}

void *table_find(struct table *t, const void *key)
{
	uint64_t hash = hash_bytes(t->key, key, t->options.key_size);
	struct table_entry *entry = *bucket_of(t, hash);

	while (entry && (entry->hash != hash || memcmp(key_of(entry), key, t->options.key_size) != 0))
		entry = entry->next;
	if (entry && entry != t->newest) {
		use_list_remove(t, entry);
		use_list_append(t, entry);
	}
	return entry;
}

void *table_add(struct table *t, const void *key)
{
	struct table_entry *entry = calloc(1, t->options.entry_size);

	if (!entry)
		return NULL;
	if (t->count >= t->options.capacity && t->oldest) {
		t->evicted++;
		if (t->options.evict)
			t->options.evict(t->options.context, t->oldest);
		table_remove(t, t->oldest);
	}
	if (t->count >= t->bucket_count)
		grow(t);
	memcpy(entry + 1, key, t->options.key_size);
	entry->hash = hash_bytes(t->key, key, t->options.key_size);
	entry->next = *bucket_of(t, entry->hash);
	*bucket_of(t, entry->hash) = entry;
	use_list_append(t, entry);
	t->count++;
	return entry;
}

void table_remove(struct table *t, void *old)
{
	struct table_entry *entry = old;
	struct table_entry **at = bucket_of(t, entry->hash);

	while (*at != entry)
		at = &(*at)->next;
	*at = entry->next;
	use_list_remove(t, entry);
	t->count--;
	free(entry);
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

uint64_t table_evicted(const struct table *t)
{
	return t->evicted;
}

void table_close(struct table *t)
{
	if (!t)
		return;
	for (struct table_entry *entry = t->oldest, *next; entry; entry = next) {
		next = entry->newer;
		free(entry);
	}
	free(t->buckets);
	free(t);
}
