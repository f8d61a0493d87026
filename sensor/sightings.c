// SPDX-License-Identifier: BSD-2-Clause
/*
 * Say a fact once. See sightings.h.
 *
 * Facts are kept packed (fact_pack.h) in a hash table with two lists through it: by when they were last seen, for
 * eviction, and those that have moved since they were last said. The table is bounded; what leaves it is said first.
 * A value that changes back and forth is said once a CHANGE_HOLD_US, so that a stranger can't flood the outbox with it.
 */
#include "sensor/sightings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/fact_pack.h"
#include "sensor/table.h"

enum { BUCKETS_MIN = 1024, CHANGE_HOLD_US = 1000000 };

struct link {
	struct link *before, *after;
};

struct sighting {
	struct sighting *next; /* in its bucket */
	struct link seen, moved;
	int64_t first_us, last_us;
	int64_t said_us; /* when it was last said, or its last_us then */
	uint64_t count;
	uint32_t hash;
	struct fact_pack parts;
	bool has_moved, changed, said;
	uint8_t bytes[];
};

struct sightings {
	struct sightings_options options;
	const struct fact_sink *sinks;
	size_t sink_count;
	struct sighting **buckets;
	size_t bucket_count;
	uint64_t key[2];
	int64_t now_us;		 /* of the last tick */
	struct link seen, moved; /* oldest first */
	struct sightings_counters counters;
	struct fact_lists lists;
	uint8_t scratch[FACT_PACK_BYTES_MAX];
};

#define SIGHTING_OF(link_pointer, member) \
	((struct sighting *)((char *)(link_pointer)-offsetof(struct sighting, member)))

static void list_init(struct link *head)
{
	head->before = head->after = head;
}

static void list_remove(struct link *link)
{
	link->before->after = link->after;
	link->after->before = link->before;
}

static void list_append(struct link *head, struct link *link)
{
	link->before = head->before;
	link->after = head;
	head->before->after = link;
	head->before = link;
}

/* Where packets and bytes are totals since the fact's first. */
static bool holds_totals(const struct sighting *one)
{
	return fact_role(one->bytes[0], FIELD_packets) == ROLE_MEASURE;
}

static void mark_moved(struct sightings *s, struct sighting *one)
{
	if (!one->has_moved)
		list_append(&s->moved, &one->moved);
	one->has_moved = true;
}

static void fact_of(struct sightings *s, const struct sighting *one, struct fact *out)
{
	fact_unpack(one->bytes, &one->parts, out, &s->lists);
	out->first_us = one->first_us;
	out->last_us = one->last_us;
	out->count = one->count;
}

static void say(struct sightings *s, struct sighting *one)
{
	struct fact fact;
	int error = 0;

	fact_of(s, one, &fact);
	for (size_t i = 0; i < s->sink_count && !error; i++)
		error = s->sinks[i].say(s->sinks[i].context, &fact);
	if (error) {
		s->counters.refused++;
		mark_moved(s, one);
		return;
	}
	s->counters.said++;
	one->said = true;
	one->said_us = one->last_us > s->now_us ? one->last_us : s->now_us;
	one->changed = false;
	if (one->has_moved)
		list_remove(&one->moved);
	one->has_moved = false;
}

static struct sighting **bucket_of(struct sightings *s, uint32_t hash)
{
	return &s->buckets[hash & (s->bucket_count - 1)];
}

static struct sighting *find(struct sightings *s, uint32_t hash, uint32_t identity)
{
	struct sighting *one = *bucket_of(s, hash);

	while (one && !(one->hash == hash && one->parts.identity == identity &&
			memcmp(one->bytes, s->scratch, identity) == 0))
		one = one->next;
	return one;
}

static void drop(struct sightings *s, struct sighting *one)
{
	struct sighting **at = bucket_of(s, one->hash);

	while (*at != one)
		at = &(*at)->next;
	*at = one->next;
	list_remove(&one->seen);
	if (one->has_moved)
		list_remove(&one->moved);
	s->counters.held--;
	free(one);
}

static void grow(struct sightings *s)
{
	size_t count = s->bucket_count * 2;
	struct sighting **buckets = calloc(count, sizeof(struct sighting *));

	if (!buckets) /* longer chains, nothing lost */
		return;
	for (size_t i = 0; i < s->bucket_count; i++) {
		struct sighting *one = s->buckets[i], *next;

		for (; one; one = next) {
			next = one->next;
			one->next = buckets[one->hash & (count - 1)];
			buckets[one->hash & (count - 1)] = one;
		}
	}
	free(s->buckets);
	s->buckets = buckets;
	s->bucket_count = count;
}

static struct sighting *hold(struct sightings *s, uint32_t hash, const struct fact_pack *parts)
{
	size_t length = (size_t)parts->identity + parts->value + parts->measure;
	struct sighting *one = calloc(1, offsetof(struct sighting, bytes) + length);

	if (!one)
		return NULL;
	one->hash = hash;
	one->parts = *parts;
	memcpy(one->bytes, s->scratch, length);
	one->next = *bucket_of(s, hash);
	*bucket_of(s, hash) = one;
	list_append(&s->seen, &one->seen);
	s->counters.held++;
	return one;
}

static void evict(struct sightings *s)
{
	struct sighting *one = SIGHTING_OF(s->seen.after, seen);

	if (one->has_moved)
		say(s, one);
	s->counters.evicted++;
	drop(s, one);
}

static void see_new(struct sightings *s, const struct fact *fact, uint32_t hash, const struct fact_pack *parts)
{
	struct sighting *one;

	if (s->counters.held >= s->options.capacity)
		evict(s);
	if (s->counters.held >= s->bucket_count)
		grow(s);
	one = hold(s, hash, parts);
	if (!one) {
		s->counters.refused++;
		return;
	}
	one->first_us = fact->first_us;
	one->last_us = fact->last_us;
	one->count = fact->count;
	mark_moved(s, one);
	if (!s->options.at_end)
		say(s, one);
}

/* The same identity with other values or measures. NULL when memory for a longer form is missing. */
static struct sighting *replace(struct sightings *s, struct sighting *one, const struct fact_pack *parts)
{
	size_t old = (size_t)one->parts.identity + one->parts.value + one->parts.measure;
	size_t length = (size_t)parts->identity + parts->value + parts->measure;

	if (length != old) {
		struct sighting *other = hold(s, one->hash, parts);

		if (!other)
			return NULL;
		other->first_us = one->first_us;
		other->last_us = one->last_us;
		other->said_us = one->said_us;
		other->count = one->count;
		other->said = one->said;
		drop(s, one);
		mark_moved(s, other);
		return other;
	}
	one->parts = *parts;
	memcpy(one->bytes, s->scratch, length);
	return one;
}

static void see_again(struct sightings *s, struct sighting *one, const struct fact *fact,
		      const struct fact_pack *parts)
{
	bool changed =
		parts->value != one->parts.value ||
		memcmp(one->bytes + one->parts.identity, s->scratch + parts->identity, parts->value) != 0;
	bool restarted = holds_totals(one) && fact->first_us > one->first_us;

	if (one->has_moved && (restarted || (changed && s->options.at_end)))
		say(s, one); /* as it was, before it is another */
	one = replace(s, one, parts);
	if (!one) {
		s->counters.refused++;
		return;
	}
	if (restarted || fact->first_us < one->first_us)
		one->first_us = fact->first_us;
	if (restarted)
		one->count = 0;
	one->count += fact->count;
	if (fact->last_us > one->last_us)
		one->last_us = fact->last_us;
	list_remove(&one->seen);
	list_append(&s->seen, &one->seen);
	mark_moved(s, one);
	one->changed |= changed;
	if (one->changed && !s->options.at_end && one->last_us - one->said_us >= CHANGE_HOLD_US)
		say(s, one);
	else
		s->counters.folded++;
}

int sightings_open(const struct sightings_options *options, const struct fact_sink *sinks, size_t sink_count,
		   struct sightings **out)
{
	struct sightings *s = calloc(1, sizeof(*s));

	if (!s)
		return -ENOMEM;
	s->buckets = calloc(BUCKETS_MIN, sizeof(struct sighting *));
	if (!s->buckets) {
		free(s);
		return -ENOMEM;
	}
	s->bucket_count = BUCKETS_MIN;
	s->options = *options;
	s->sinks = sinks;
	s->sink_count = sink_count;
	if (s->options.capacity == 0)
		s->options.capacity = 1;
	hash_key(s->key);
	list_init(&s->seen);
	list_init(&s->moved);
	*out = s;
	return 0;
}

void sightings_see(struct sightings *s, const struct fact *fact)
{
	struct fact_pack parts;
	struct sighting *one;
	uint32_t hash;

	if (fact_pack(fact, s->scratch, &parts, &s->counters.cut)) {
		s->counters.refused++;
		return;
	}
	hash = (uint32_t)hash_bytes(s->key, s->scratch, parts.identity);
	one = find(s, hash, parts.identity);
	if (one)
		see_again(s, one, fact, &parts);
	else
		see_new(s, fact, hash, &parts);
}

/* Due: never said (a sink refused it), changed, or moved for as long as its kind may wait. */
static bool is_due(const struct sightings *s, const struct sighting *one, int64_t now_us)
{
	int64_t wait_us =
		holds_totals(one) && s->options.measure_us ? s->options.measure_us : s->options.refresh_us;

	if (s->options.at_end)
		return false;
	if (!one->said || now_us < one->said_us) /* the clock was set back */
		return true;
	if (one->changed)
		return now_us - one->said_us >= CHANGE_HOLD_US;
	return wait_us > 0 && now_us - one->said_us >= wait_us;
}

void sightings_tick(struct sightings *s, int64_t now_us)
{
	struct link *at = s->moved.after, *last = s->moved.before, *next;

	s->now_us = now_us;
	for (bool more = at != &s->moved; more; at = next) {
		struct sighting *one = SIGHTING_OF(at, moved);

		next = at->after;
		more = at != last;
		if (is_due(s, one, now_us))
			say(s, one);
	}
}

void sightings_flush(struct sightings *s)
{
	struct link *at = s->moved.after, *last = s->moved.before, *next;

	for (bool more = at != &s->moved; more; at = next) {
		next = at->after;
		more = at != last;
		say(s, SIGHTING_OF(at, moved));
	}
}

void sightings_refresh_all(struct sightings *s)
{
	for (struct link *at = s->seen.after; at != &s->seen; at = at->after)
		say(s, SIGHTING_OF(at, seen));
}

void sightings_each(struct sightings *s, enum fact_kind kind,
		    void (*take)(void *context, const struct fact *fact), void *context)
{
	struct fact fact;

	for (struct link *at = s->seen.after; at != &s->seen; at = at->after) {
		const struct sighting *one = SIGHTING_OF(at, seen);

		if (one->bytes[0] != kind)
			continue;
		fact_of(s, one, &fact);
		take(context, &fact);
	}
}

void sightings_counters(const struct sightings *s, struct sightings_counters *out)
{
	*out = s->counters;
}

void sightings_close(struct sightings *s)
{
	if (!s)
		return;
	for (struct link *at = s->seen.after, *next; at != &s->seen; at = next) {
		next = at->after;
		free(SIGHTING_OF(at, seen));
	}
	free(s->buckets);
	free(s);
}
