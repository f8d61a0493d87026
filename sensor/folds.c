// SPDX-License-Identifier: BSD-2-Clause
/*
 * The totals of `flow` facts. See folds.h. A fold that has to make room is said; when one of its members gives again it is
 * another fact of the same identity, which begins then.
 */
#include "sensor/folds.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "defs/parse.h"
#include "sensor/record_key.h"
#include "sensor/sightings.h"
#include "sensor/table.h"
#include "sensor/text.h"

enum { FOLDS_MAX = 1 << 16 };

struct fold {
	struct table_entry entry;
	struct fold_key key;
	uint64_t packets[2], bytes[2];
	uint64_t packets_said, connections, members;
	uint64_t birth;
	int64_t first_us, last_us;
	uint32_t rtt_us;
	bool moved, said;
	const char *app; /* borrowed, or NULL */
};

struct folds {
	struct sightings *sightings;
	struct table *table;
	uint64_t births;
};

static struct text proto_text(uint8_t proto, char number[static 4])
{
	switch (proto) {
	case PROTO_TCP:
		return TEXT("tcp");
	case PROTO_UDP:
		return TEXT("udp");
	case PROTO_ICMP:
		return TEXT("icmp");
	case PROTO_ICMPV6:
		return TEXT("icmpv6");
	case PROTO_IGMP:
		return TEXT("igmp");
	case PROTO_SCTP:
		return TEXT("sctp");
	}
	return (struct text){number, (size_t)snprintf(number, 4, "%u", proto)};
}

static enum fact_source source_of(uint8_t proto)
{
	return proto == PROTO_TCP ? SOURCE_TCP : proto == PROTO_UDP ? SOURCE_UDP : SOURCE_IP;
}

static void say(struct folds *f, struct fold *fold)
{
	uint64_t total = fold->packets[0] + fold->packets[1];
	char number[4];
	struct fact fact = {
		.kind = FACT_FLOW,
		.source = source_of(fold->key.proto),
		.confidence = CONFIDENCE_MEASURED,
		.vlan = vlan_unpack(fold->key.vlan),
		.first_us = fold->first_us,
		.last_us = fold->last_us,
		.count = total - fold->packets_said,
	};

	FACT_SET(&fact, client, ip_of(fold->key.version, fold->key.client));
	FACT_SET(&fact, server, ip_of(fold->key.version, fold->key.server));
	FACT_SET(&fact, port, ntohs(fold->key.port_n));
	FACT_SET(&fact, proto, proto_text(fold->key.proto, number));
	if (vlan_segment(fold->key.vlan))
		FACT_SET(&fact, segment, vlan_segment(fold->key.vlan));
	FACT_SET(&fact, connections, fold->connections);
	FACT_SET(&fact, packets, fold->packets[0]);
	FACT_SET(&fact, bytes, fold->bytes[0]);
	FACT_SET(&fact, packets_back, fold->packets[1]);
	FACT_SET(&fact, bytes_back, fold->bytes[1]);
	if (fold->rtt_us)
		FACT_SET(&fact, rtt_us, fold->rtt_us);
	if (fold->app)
		FACT_SET(&fact, app, (struct text){fold->app, strlen(fold->app)});
	fold->moved = false;
	fold->said = true;
	fold->packets_said = total;
	sightings_see(f->sightings, &fact);
}

static void evict(void *context, void *entry)
{
	struct fold *fold = entry;

	if (fold->moved)
		say(context, fold);
}

static void take_rtt(struct fold *fold, uint32_t rtt_us)
{
	if (rtt_us && (!fold->rtt_us || rtt_us < fold->rtt_us))
		fold->rtt_us = rtt_us;
}

static void add(struct fold *fold, const uint64_t packets[2], const uint64_t bytes[2])
{
	for (unsigned int side = 0; side < 2; side++) {
		fold->packets[side] += packets[side];
		fold->bytes[side] += bytes[side];
	}
}

static void join(struct fold *fold, struct fold_member *member)
{
	if (member->birth) { /* what it gave went with a fold that had to make room */
		memset(member->packets, 0, sizeof(member->packets));
		memset(member->bytes, 0, sizeof(member->bytes));
	} else if (!fold->said && member->first_us < fold->first_us) {
		fold->first_us = member->first_us;
	}
	member->birth = fold->birth;
	fold->members++;
	fold->connections += member->connections;
	take_rtt(fold, member->rtt_us);
	add(fold, member->packets, member->bytes);
	fold->moved = true;
}

int folds_open(struct sightings *s, struct folds **out)
{
	struct folds *f = calloc(1, sizeof(*f));
	struct table_options options = {.key_size = sizeof(struct fold_key),
					.entry_size = sizeof(struct fold),
					.capacity = FOLDS_MAX,
					.by_turns = true,
					.evict = evict,
					.context = f};

	if (!f)
		return -ENOMEM;
	if (table_open(&options, &f->table)) {
		free(f);
		return -ENOMEM;
	}
	f->sightings = s;
	*out = f;
	return 0;
}

void folds_give(struct folds *f, const struct fold_key *key, struct fold_member *member,
		const uint64_t packets[2], const uint64_t bytes[2], const char *app, int64_t time_us)
{
	bool made;
	struct fold *fold = table_take(f->table, key, &made);

	if (!fold)
		return;
	if (made) {
		fold->birth = ++f->births;
		fold->first_us = fold->last_us = member->birth ? time_us : member->first_us;
	}
	if (member->birth != fold->birth)
		join(fold, member);
	if (!fold->app)
		fold->app = app;
	fold->moved = true;
	take_rtt(fold, member->rtt_us);
	add(fold, packets, bytes);
	for (unsigned int side = 0; side < 2; side++) {
		member->packets[side] += packets[side];
		member->bytes[side] += bytes[side];
	}
	if (time_us > fold->last_us)
		fold->last_us = time_us;
}

void folds_connect(struct folds *f, const struct fold_key *key, struct fold_member *member)
{
	struct fold *fold = table_find(f->table, key);

	member->connections++;
	if (!fold || member->birth != fold->birth)
		return;
	fold->connections++;
	fold->moved = true;
}

void folds_name(struct folds *f, const struct fold_key *key, const char *app)
{
	struct fold *fold = table_find(f->table, key);

	if (!fold || fold->app)
		return;
	fold->app = app;
	fold->moved = true;
}

void folds_leave(struct folds *f, const struct fold_key *key, struct fold_member *member)
{
	struct fold *fold = table_find(f->table, key);

	if (!fold || member->birth != fold->birth || fold->said)
		return;
	for (unsigned int side = 0; side < 2; side++) {
		fold->packets[side] -= member->packets[side];
		fold->bytes[side] -= member->bytes[side];
	}
	fold->connections -= member->connections;
	fold->moved = true;
	member->birth = 0;
	if (--fold->members == 0)
		table_remove(f->table, fold);
}

void folds_tick(struct folds *f)
{
	struct fold *fold = table_newest(f->table), *oldest = NULL;

	for (; fold && table_used(f->table, fold); fold = table_older(f->table, fold))
		oldest = fold;
	for (fold = oldest; fold; fold = table_newer(f->table, fold))
		if (fold->moved)
			say(f, fold);
	table_turn(f->table);
}

uint64_t folds_evicted(const struct folds *f)
{
	return table_evicted(f->table);
}

void folds_close(struct folds *f)
{
	if (!f)
		return;
	table_close(f->table);
	free(f);
}
