// SPDX-License-Identifier: BSD-2-Clause
/*
 * Conversations folded into `flow` facts. See flows.h.
 *
 * A conversation is one flow key. The engine's entries of it come and go; each reports totals since its birth, and what is
 * new in a report goes to the fold (folds.h) and to the two hosts. Who opened is known from a SYN; failing that, opener.c
 * guesses. When better evidence comes and the fold has not been said yet, the conversation moves with all that it gave.
 */
#include "sensor/flows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "defs/limits.h"
#include "defs/parse.h"
#include "sensor/folds.h"
#include "sensor/hosts.h"
#include "sensor/opener.h"
#include "sensor/record_key.h"
#include "sensor/table.h"

enum {
	/* All that the engine can hold, so that a live entry's conversation never has to leave. */
	CONVERSATIONS_MAX = FLOW_SLOTS_DEFAULT + FLOW_OVERFLOW_DEFAULT,
	APPS_MAX = 200,
	APP_BYTES_MAX = 24,
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
	struct fold_member member;
	uint64_t owed_packets[2], owed_bytes[2]; /* received by an end that has not spoken yet */
	int64_t last_us;
	uint32_t handshakes;
	uint8_t opener; /* end of the key */
	uint8_t evidence;
	uint8_t turn; /* which of totals is replaced next */
	bool finished;
	struct conversation *finished_before, *finished_after;
	struct conversation *debtor_before, *debtor_after;
	bool owes;   /* it is in the list of those with owed_packets */
	uint8_t app; /* what it speaks: index in struct flows, 0: not heard */
};

/* Names of protocols, each kept once: there are as many as this program can tell apart. */
struct apps {
	size_t count;
	char name[APPS_MAX][APP_BYTES_MAX];
};

struct flows {
	struct hosts *hosts;
	struct folds *folds;
	struct table *conversations;
	struct conversation *finished_first, *finished_last; /* in order of their end */
	struct conversation *debtor_first;
	uint64_t hosts_made; /* when debts were last looked at */
	struct apps apps;
};

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

/* Turn what is counted by end of the key into sides, 0 the client. */
static void give(struct flows *f, struct conversation *c, const uint64_t packets[2], const uint64_t bytes[2],
		 int64_t time_us)
{
	struct fold_key key = fold_key_of(c);
	uint64_t side_packets[2] = {packets[c->opener], packets[!c->opener]};
	uint64_t side_bytes[2] = {bytes[c->opener], bytes[!c->opener]};

	folds_give(f->folds, &key, &c->member, side_packets, side_bytes, time_us);
	if (c->app)
		folds_name(f->folds, &key, f->apps.name[c->app - 1]);
}

static void swap(uint64_t pair[2])
{
	uint64_t first = pair[0];

	pair[0] = pair[1];
	pair[1] = first;
}

static void set_opener(struct flows *f, struct conversation *c, uint8_t opener, enum evidence evidence,
		       int64_t time_us)
{
	static const uint64_t nothing[2];
	struct fold_key key = fold_key_of(c);
	bool joined = c->member.birth != 0;

	if (evidence < c->evidence)
		return;
	c->evidence = evidence;
	if (opener == c->opener)
		return;
	folds_leave(f->folds, &key, &c->member);
	c->opener = opener;
	swap(c->member.packets);
	swap(c->member.bytes);
	if (joined)
		give(f, c, nothing, nothing, time_us);
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

static void owe(struct flows *f, struct conversation *c)
{
	if (c->owes)
		return;
	c->owes = true;
	c->debtor_before = NULL;
	c->debtor_after = f->debtor_first;
	if (f->debtor_first)
		f->debtor_first->debtor_before = c;
	f->debtor_first = c;
}

static void owe_no_more(struct flows *f, struct conversation *c)
{
	if (!c->owes)
		return;
	*(c->debtor_before ? &c->debtor_before->debtor_after : &f->debtor_first) = c->debtor_after;
	if (c->debtor_after)
		c->debtor_after->debtor_before = c->debtor_before;
	c->debtor_before = c->debtor_after = NULL;
	c->owes = false;
}

static void evict_conversation(void *context, void *entry)
{
	unfinish(context, entry);
	owe_no_more(context, entry);
}

static struct conversation *conversation_of(struct flows *f, const struct flow_key *key, int64_t time_us)
{
	struct conversation *c = table_find(f->conversations, key);

	if (c)
		return c;
	if (table_count(f->conversations) >= CONVERSATIONS_MAX && f->finished_first) {
		c = f->finished_first;
		evict_conversation(f, c);
		table_remove(f->conversations, c);
	}
	c = table_add(f->conversations, key);
	if (!c)
		return NULL;
	c->member.first_us = time_us;
	c->member.connections = 1;
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

	if (!f)
		return -ENOMEM;
	if (table_open(&conversations, &f->conversations) || folds_open(s, &f->folds)) {
		flows_close(f);
		return -ENOMEM;
	}
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
	struct fold_key key;

	if (!c)
		return;
	set_opener(f, c, record->opener & 1, EVIDENCE_SYN, time_us);
	if (record->rtt_us && (!c->member.rtt_us || record->rtt_us < c->member.rtt_us))
		c->member.rtt_us = record->rtt_us;
	key = fold_key_of(c);
	if (c->handshakes++)
		folds_connect(f->folds, &key, &c->member);
}

/* Index + 1; 0: no room. */
static uint8_t app_of(struct apps *apps, struct text name)
{
	size_t i = 0;

	if (!name.length || name.length >= APP_BYTES_MAX)
		return 0;
	while (i < apps->count &&
	       (strlen(apps->name[i]) != name.length || memcmp(apps->name[i], name.bytes, name.length) != 0))
		i++;
	if (i == APPS_MAX)
		return 0;
	if (i == apps->count)
		memcpy(apps->name[apps->count++], name.bytes, name.length);
	return (uint8_t)(i + 1);
}

void flows_heard(struct flows *f, const struct flow_key *key, struct text name)
{
	struct conversation *c = table_find(f->conversations, key);
	struct fold_key fold;

	if (!c || c->app)
		return;
	c->app = app_of(&f->apps, name);
	if (!c->app || !c->member.birth)
		return;
	fold = fold_key_of(c);
	folds_name(f->folds, &fold, f->apps.name[c->app - 1]);
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

/* What was received by ends that have not spoken yet, as far as they have by now. */
static void pay(struct flows *f, struct conversation *c, int64_t time_us)
{
	for (unsigned int end = 0; end < 2; end++) {
		struct ip ip = flow_key_ip(&c->key, end);

		if (!c->owed_packets[end] || !hosts_count(f->hosts, c->key.vlan, NULL, &ip, true,
							  c->owed_packets[end], c->owed_bytes[end], time_us))
			continue;
		c->owed_packets[end] = c->owed_bytes[end] = 0;
	}
	if (c->owed_packets[0] | c->owed_packets[1])
		owe(f, c);
	else
		owe_no_more(f, c);
}

/* Senders first: a host is known once it has spoken. Until then the conversation keeps what it received; a group never speaks. */
static void count_hosts(struct flows *f, struct conversation *c, const uint64_t packets[2],
			const uint64_t bytes[2], int64_t time_us)
{
	struct ip ip[2] = {flow_key_ip(&c->key, 0), flow_key_ip(&c->key, 1)};

	for (unsigned int end = 0; end < 2; end++) {
		if (packets[end])
			hosts_count(f->hosts, c->key.vlan, NULL, &ip[end], false, packets[end], bytes[end],
				    time_us);
		if (ip_is_multicast(&ip[!end]))
			continue;
		c->owed_packets[!end] += packets[end];
		c->owed_bytes[!end] += bytes[end];
	}
	pay(f, c, time_us);
}

/* Hosts that have spoken since then are owed what conversations kept for them, which may be over by now. */
static void pay_all(struct flows *f)
{
	struct conversation *next;
	uint64_t made = hosts_made(f->hosts);

	if (made == f->hosts_made)
		return;
	f->hosts_made = made;
	for (struct conversation *c = f->debtor_first; c; c = next) {
		next = c->debtor_after;
		pay(f, c, c->last_us);
	}
}

void flows_report(struct flows *f, const struct flow_report *report)
{
	struct conversation *c = conversation_of(f, &report->key, report->last_us);
	uint64_t packets[2], bytes[2];
	struct entry_totals *totals;

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
	c->last_us = report->last_us;
	give(f, c, packets, bytes, report->last_us);
	count_hosts(f, c, packets, bytes, report->last_us);
}

void flows_tick(struct flows *f)
{
	pay_all(f);
	folds_tick(f->folds);
}

uint64_t flows_evicted(const struct flows *f)
{
	return table_evicted(f->conversations) + folds_evicted(f->folds);
}

void flows_close(struct flows *f)
{
	if (!f)
		return;
	table_close(f->conversations);
	folds_close(f->folds);
	free(f);
}
