/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A bounded hash table whose entries are of one size and know when they were last used. When it is full the entry
 * that was used longest ago makes room. The hash is keyed, so that strangers cannot choose what collides.
 */
#ifndef SENSOR_TABLE_H
#define SENSOR_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* At the front of each entry; the key's bytes follow it at once. */
struct table_entry {
	uint32_t older, newer; /* by use: the table's numbers of entries */
	uint32_t hash;
	uint32_t turn; /* of its last use, as counted by table_turn() */
};

struct table;

struct table_options {
	size_t key_size, entry_size; /* entry_size counts struct table_entry and the key */
	size_t capacity;
	/*
	 * Order of use is kept by turns: an entry is put behind the others with its first use in each turn, and not with every one, which
	 * would touch four entries' memory each time. The owner calls table_turn().
	 */
	bool by_turns;
	/* Called before an entry that must make room is freed. NULL: nothing to do. */
	void (*evict)(void *context, void *entry);
	void *context;
};

/* 0, or -ENOMEM. */
int table_open(const struct table_options *options, struct table **out);
/* The entry of that key, now the most recently used; NULL when there is none. */
void *table_find(struct table *t, const void *key);
/* A new entry, zero but for its key, which is not in the table yet. NULL when there is no memory. */
void *table_add(struct table *t, const void *key);
/* The entry of that key, a new one if there is none (*made). NULL when there is no memory. */
void *table_take(struct table *t, const void *key, bool *made);
/* Free an entry; evict() is not called. */
void table_remove(struct table *t, void *entry);
/* The least and the most recently used entry, and their neighbours in that order; NULL at the end. */
void *table_oldest(const struct table *t);
void *table_newest(const struct table *t);
void *table_newer(const struct table *t, const void *entry);
void *table_older(const struct table *t, const void *entry);
size_t table_count(const struct table *t);
/* For a table with by_turns: what is used from now on is newer than what was used before. */
void table_turn(struct table *t);
/* Whether it was used in this turn. */
bool table_used(const struct table *t, const void *entry);
/* How many had to make room. */
uint64_t table_evicted(const struct table *t);
/* Free all; evict() is not called. NULL is well. */
void table_close(struct table *t);

/* SipHash-1-3 (Aumasson and Bernstein) of the bytes. Unlike under any other key without knowing this one. */
uint64_t hash_bytes(const uint64_t key[2], const void *bytes, size_t length);
/* A key from the kernel's random numbers. */
void hash_key(uint64_t key[2]);

#endif
