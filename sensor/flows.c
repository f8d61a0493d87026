// SPDX-License-Identifier: BSD-2-Clause
/*
 * Conversations folded into `flow` facts. See flows.h.
 *
 * A conversation is one flow key. The engine's entries of it come and go; each reports totals since its birth, and what is
 * new in a report goes to the fold: the fact's totals. Who opened is known from a SYN; failing that, opener.c guesses. When
 * better evidence comes and the fold has not been said yet, the conversation moves to the right one with all it gave.
 */
#include "sensor/flows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "defs/limits.h"
#include "defs/parse.h"
#include "sensor/hosts.h"
#include "sensor/opener.h"
#include "sensor/record_key.h"
#include "sensor/sightings.h"
#include "sensor/table.h"
#include "sensor/text.h"

enum {
	/* All that the engine can hold, so that a live entry's conversation never has to leave. */
	CONVERSATIONS_MAX = FLOW_SLOTS_DEFAULT + FLOW_OVERFLOW_DEFAULT,
	FOLDS_MAX = 1 << 16,
	ENTRIES_KEPT = 2, /* an entry's last report can come after the next entry's first */
};

enum evidence { EVIDENCE_NONE, EVIDENCE_GUESS, EVIDENCE_SYN };

struct entry_totals {
	uint64_t id, packets[2], bytes[2];
	bool used;
};

struct conversation {
	struct table_entry entry;
	struct flow_key key;
	struct entry_totals totals[ENTRIES_KEPT];
	uint64_t given_packets[2], given_bytes[2]; /* to the fold that it is in, by end of the key */
	uint64_t fold_birth;			   /* 0: in none */
	int64_t first_us;
	uint32_t handshakes, rtt_us;
	uint8_t opener; /* end of the key */
	uint8_t evidence;
	uint8_t turn; /* which of totals is replaced next */
	bool finished;
	struct conversation *finished_before, *finished_after;
};

struct fold_key {
	vlan_packed vlan;
	uint8_t client[16], server[16];
	uint16_t port_n;
	uint8_t version, proto;
	uint8_t pad[4];
};

struct fold {
	struct table_entry entry;
	struct fold_key key;
	uint64_t packets[2], bytes[2]; /* [0] from the client */
	uint64_t packets_said, connections, members;
	uint64_t birth, tick;
	int64_t first_us, last_us;
	uint32_t rtt_us;
	bool moved, said;
};

struct flows {
	struct sightings *sightings;
	struct hosts *hosts;
	struct table *conversations, *folds;
	struct conversation *finished_first, *finished_last; /* in order of their end */
	uint64_t births, tick;
};

static struct text proto_text(uint8_t proto, uint8_t version, char number[static 4])
{
	switch (proto) {
	case PROTO_TCP:
		return TEXT("tcp");
	case PROTO_UDP:
		return TEXT("udp");
	case PROTO_ICMP:
		return TEXT("icmp");
	case PROTO_ICMPV6:
		return version == 6 ? TEXT("icmpv6") : TEXT("58");
	case PROTO_IGMP:
		return TEXT("igmp");
	case PROTO_SCTP:
		return TEXT("sctp");
	}
	return (struct text){number, (size_t)snprintf(number, 4, "%u", proto)};
}

static void say(struct flows *f, struct fold *fold)
{
	uint64_t total = fold->packets[0] + fold->packets[1];
	char number[4];
	struct fact fact = {
		.kind = FACT_FLOW,
		.source = fold->key.proto == PROTO_TCP	 ? SOURCE_TCP
			  : fold->key.proto == PROTO_UDP ? SOURCE_UDP
							 : SOURCE_IP,
		.confidence = CONFIDENCE_MEASURED,
		.vlan = vlan_unpack(fold->key.vlan),
		.first_us = fold->first_us,
		.last_us = fold->last_us,
		.count = total - fold->packets_said,
	};

	FACT_SET(&fact, client, ip_of(fold->key.version, fold->key.client));
	FACT_SET(&fact, server, ip_of(fold->key.version, fold->key.server));
	FACT_SET(&fact, port, ntohs(fold->key.port_n));
	FACT_SET(&fact, proto, proto_text(fold->key.proto, fold->key.version, number));
	FACT_SET(&fact, connections, fold->connections);
	FACT_SET(&fact, packets, fold->packets[0]);
	FACT_SET(&fact, bytes, fold->bytes[0]);
	FACT_SET(&fact, packets_back, fold->packets[1]);
	FACT_SET(&fact, bytes_back, fold->bytes[1]);
	if (fold->rtt_us)
		FACT_SET(&fact, rtt_us, fold->rtt_us);
	fold->moved = false;
	fold->said = true;
	fold->packets_said = total;
	sightings_see(f->sightings, &fact);
}

static void evict_fold(void *context, void *entry)
{
	struct fold *fold = entry;

	if (fold->moved)
		say(context, fold);
}

static struct fold_key fold_key_of(const struct conversation *c)
{
	struct fold_key key = {.vlan = c->key.vlan,
			       .port_n = c->key.port_n[!c->opener],
			       .version = c->key.version,
			       .proto = c->key.proto};

	memcpy(key.client, c->key.addr[c->opener], sizeof(key.client));
	memcpy(key.server, c->key.addr[!c->opener], sizeof(key.server));
	return key;
}

static uint64_t connections_of(const struct conversation *c)
{
	return c->handshakes ? c->handshakes : 1;
}

static void take_rtt(struct fold *fold, uint32_t rtt_us)
{
	if (rtt_us && (!fold->rtt_us || rtt_us < fold->rtt_us))
		fold->rtt_us = rtt_us;
}

/* Add what the conversation's ends sent to the fold's sides. */
static void fold_add(struct fold *fold, const struct conversation *c, const uint64_t packets[2],
		     const uint64_t bytes[2])
{
	for (unsigned int end = 0; end < 2; end++) {
		fold->packets[end != c->opener] += packets[end];
		fold->bytes[end != c->opener] += bytes[end];
	}
}

/*
 * The conversation's fold, which it joins if it is not in it. time_us: of what is going to be added. NULL when there is
 * no memory.
 */
static struct fold *fold_of(struct flows *f, struct conversation *c, int64_t time_us)
{
	struct fold_key key = fold_key_of(c);
	struct fold *fold = table_find(f->folds, &key);

	if (!fold) {
		fold = table_add(f->folds, &key);
		if (!fold)
			return NULL;
		fold->birth = ++f->births;
		fold->first_us = fold->last_us = c->fold_birth ? time_us : c->first_us;
	}
	fold->tick = f->tick;
	fold->moved = true;
	if (c->fold_birth == fold->birth)
		return fold;
	if (c->fold_birth) { /* what it gave went with a fold that had to make room, or has been said */
		memset(c->given_packets, 0, sizeof(c->given_packets));
		memset(c->given_bytes, 0, sizeof(c->given_bytes));
	} else if (!fold->said && c->first_us < fold->first_us) {
		fold->first_us = c->first_us;
	}
	c->fold_birth = fold->birth;
	fold->members++;
	fold->connections += connections_of(c);
	take_rtt(fold, c->rtt_us);
	fold_add(fold, c, c->given_packets, c->given_bytes);
	return fold;
}

/* Take the conversation out of its fold with what it gave, as long as nobody has been told. */
static void fold_leave(struct flows *f, struct conversation *c)
{
	struct fold_key key = fold_key_of(c);
	struct fold *fold = table_find(f->folds, &key);

	if (!fold || !c->fold_birth || fold->birth != c->fold_birth || fold->said)
		return;
	for (unsigned int end = 0; end < 2; end++) {
		fold->packets[end != c->opener] -= c->given_packets[end];
		fold->bytes[end != c->opener] -= c->given_bytes[end];
	}
	fold->connections -= connections_of(c);
	fold->tick = f->tick;
	c->fold_birth = 0;
	if (--fold->members == 0)
		table_remove(f->folds, fold);
}

static void set_opener(struct flows *f, struct conversation *c, uint8_t opener, enum evidence evidence,
		       int64_t time_us)
{
	if (evidence < c->evidence)
		return;
	c->evidence = evidence;
	if (opener == c->opener)
		return;

	bool joined = c->fold_birth != 0;

	fold_leave(f, c);
	c->opener = opener;
	if (joined)
		fold_of(f, c, time_us);
}

static void unfinish(struct flows *f, struct conversation *c)
{
	if (!c->finished)
		return;
	*(c->finished_before ? &c->finished_before->finished_after : &f->finished_first) = c->finished_after;
	*(c->finished_after ? &c->finished_after->finished_before : &f->finished_last) = c->finished_before;
	c->finished_before = c->finished_after = NULL;
	c->finished = false;
}

static void finish(struct flows *f, struct conversation *c)
{
	if (c->finished)
		return;
	c->finished = true;
	c->finished_before = f->finished_last;
	*(f->finished_last ? &f->finished_last->finished_after : &f->finished_first) = c;
	f->finished_last = c;
}

static void evict_conversation(void *context, void *entry)
{
	unfinish(context, entry);
}

static struct conversation *conversation_of(struct flows *f, const struct flow_key *key, int64_t time_us)
{
	struct conversation *c = table_find(f->conversations, key);

	if (c)
		return c;
	if (table_count(f->conversations) >= CONVERSATIONS_MAX && f->finished_first) {
		c = f->finished_first;
		unfinish(f, c);
		table_remove(f->conversations, c);
	}
	c = table_add(f->conversations, key);
	if (c)
		c->first_us = time_us;
	return c;
}

int flows_open(struct sightings *s, struct hosts *hosts, struct flows **out)
{
	struct flows *f = calloc(1, sizeof(*f));
	struct table_options conversations = {.key_size = sizeof(struct flow_key),
					      .entry_size = sizeof(struct conversation),
					      .capacity = CONVERSATIONS_MAX,
					      .evict = evict_conversation,
					      .context = f};
	struct table_options folds = {.key_size = sizeof(struct fold_key),
				      .entry_size = sizeof(struct fold),
				      .capacity = FOLDS_MAX,
				      .evict = evict_fold,
				      .context = f};

	if (!f)
		return -ENOMEM;
	if (table_open(&conversations, &f->conversations) || table_open(&folds, &f->folds)) {
		flows_close(f);
		return -ENOMEM;
	}
	f->sightings = s;
	f->hosts = hosts;
	*out = f;
	return 0;
}

void flows_begin(struct flows *f, const struct record_flow *record, int64_t time_us)
{
	struct conversation *c = conversation_of(f, &record->key, time_us);
	uint8_t first = record->direction & 1;

	if (!c)
		return;
	unfinish(f, c);
	if (record->key.proto == PROTO_TCP && (record->tcp_flags & TCP_SYN))
		set_opener(f, c, record->tcp_flags & TCP_ACK ? !first : first, EVIDENCE_SYN, time_us);
	else if (c->evidence == EVIDENCE_NONE)
		set_opener(f, c, opener_guess(&record->key, first), EVIDENCE_GUESS, time_us);
}

void flows_handshake(struct flows *f, const struct record_handshake *record, int64_t time_us)
{
	struct conversation *c = conversation_of(f, &record->key, time_us);

	if (!c)
		return;
	set_opener(f, c, record->opener & 1, EVIDENCE_SYN, time_us);
	if (record->rtt_us && (!c->rtt_us || record->rtt_us < c->rtt_us))
		c->rtt_us = record->rtt_us;

	struct fold *fold = c->fold_birth ? fold_of(f, c, time_us) : NULL;

	if (c->handshakes++ && fold)
		fold->connections++;
	if (fold)
		take_rtt(fold, c->rtt_us);
}

static struct entry_totals *totals_of(struct conversation *c, uint64_t id)
{
	struct entry_totals *totals;

	for (size_t i = 0; i < ENTRIES_KEPT; i++)
		if (c->totals[i].used && c->totals[i].id == id)
			return &c->totals[i];
	totals = &c->totals[c->turn++ % ENTRIES_KEPT];
	*totals = (struct entry_totals){.id = id, .used = true};
	return totals;
}

static void count_hosts(struct flows *f, const struct flow_report *report, const uint64_t packets[2],
			const uint64_t bytes[2])
{
	for (unsigned int end = 0; end < 2; end++) {
		struct ip sender = flow_key_ip(&report->key, end), receiver = flow_key_ip(&report->key, !end);

		if (packets[end] == 0)
			continue;
		hosts_count(f->hosts, report->key.vlan, NULL, &sender, false, packets[end], bytes[end],
			    report->last_us);
		hosts_count(f->hosts, report->key.vlan, NULL, &receiver, true, packets[end], bytes[end],
			    report->last_us);
	}
}

void flows_report(struct flows *f, const struct flow_report *report)
{
	struct conversation *c = conversation_of(f, &report->key, report->last_us);
	uint64_t packets[2], bytes[2];
	struct entry_totals *totals;
	struct fold *fold;

	if (!c)
		return;
	if (c->evidence == EVIDENCE_NONE) /* its beginning was not told */
		set_opener(f, c, opener_guess(&report->key, report->packets[0] == 0), EVIDENCE_GUESS,
			   report->last_us);
	totals = totals_of(c, report->entry);
	for (unsigned int end = 0; end < 2; end++) {
		packets[end] = report->packets[end] > totals->packets[end]
				       ? report->packets[end] - totals->packets[end]
				       : 0;
		bytes[end] =
			report->bytes[end] > totals->bytes[end] ? report->bytes[end] - totals->bytes[end] : 0;
		totals->packets[end] = report->packets[end];
		totals->bytes[end] = report->bytes[end];
	}
	if (report->finished) {
		totals->used = false;
		finish(f, c);
	}
	if (packets[0] + packets[1] == 0)
		return;
	fold = fold_of(f, c, report->last_us);
	if (!fold)
		return;
	fold_add(fold, c, packets, bytes);
	for (unsigned int end = 0; end < 2; end++) {
		c->given_packets[end] += packets[end];
		c->given_bytes[end] += bytes[end];
	}
	if (report->last_us > fold->last_us)
		fold->last_us = report->last_us;
	count_hosts(f, report, packets, bytes);
}

void flows_tick(struct flows *f)
{
	struct fold *fold = table_newest(f->folds), *oldest = NULL;

	for (; fold && fold->tick == f->tick; fold = table_older(fold))
		oldest = fold;
	for (fold = oldest; fold; fold = table_newer(fold))
		if (fold->moved)
			say(f, fold);
	f->tick++;
}

uint64_t flows_evicted(const struct flows *f)
{
	return table_evicted(f->conversations) + table_evicted(f->folds);
}

void flows_close(struct flows *f)
{
	if (!f)
		return;
	table_close(f->conversations);
	table_close(f->folds);
	free(f);
}
