// SPDX-License-Identifier: BSD-2-Clause
/*
 * Conversations folded into `flow` facts. See flows.h.
 *
 * A conversation is one flow key. The engine's entries of it come and go; what is new in their reports goes to the fold (folds.h) and
 * to the two hosts. Conversations are remembered for who opened them, and need not all be: one that had to make room is taken
 * up again with its next report, which says what else is needed. Who opened is known from a SYN; failing that, opener.c
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
	CONVERSATIONS_MAX = 1 << 16,
	APPS_MAX = 200,
	APP_BYTES_MAX = 24,
	FINISHED_KEPT = 1 << 13, /* of more conversations than these the ones that ended first are forgotten */
};

enum evidence { EVIDENCE_NONE, EVIDENCE_GUESS, EVIDENCE_SYN };

struct conversation {
	struct table_entry entry;
	struct flow_key key;
	struct fold_member member;
	struct conversation *finished_before, *finished_after;
	uint32_t handshakes;
	uint8_t opener; /* end of the key */
	uint8_t evidence;
	bool finished;
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
	uint64_t forgotten;				     /* before their first report */
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

	folds_give(f->folds, &key, &c->member, side_packets, side_bytes,
		   c->app ? f->apps.name[c->app - 1] : NULL, time_us);
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

static void evict_conversation(void *context, void *entry)
{
	struct conversation *c = entry;
	struct flows *f = context;

	f->forgotten += !c->finished && !c->member.birth;
	unfinish(f, c);
}

static void drop_finished(struct flows *f)
{
	struct conversation *c = f->finished_first;

	if (!c || table_count(f->conversations) <= FINISHED_KEPT)
		return;
	unfinish(f, c);
	table_remove(f->conversations, c);
}

static struct conversation *conversation_of(struct flows *f, const struct flow_key *key, int64_t time_us)
{
	struct conversation *c;
	bool made;

	/* Rather one that has ended than one that is quiet. */
	if (table_count(f->conversations) >= CONVERSATIONS_MAX && !table_find(f->conversations, key))
		drop_finished(f);
	c = table_take(f->conversations, key, &made);
	if (!c || !made)
		return c;
	drop_finished(f);
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
					      .by_turns = true,
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

bool flows_opened_by(struct flows *f, const struct flow_key *key, unsigned int end)
{
	const struct conversation *c = table_find(f->conversations, key);

	return c && c->evidence >= EVIDENCE_SYN && c->opener == end;
}

static void count_hosts(struct flows *f, const struct flow_report *report)
{
	for (unsigned int end = 0; end < 2; end++) {
		struct ip ip = flow_key_ip(&report->key, end);
		struct hosts_traffic more = {report->new_packets[end], report->new_bytes[end],
					     report->new_packets[!end], report->new_bytes[!end]};

		hosts_exchange(f->hosts, report->key.vlan, &ip, &more,
			       report->sent_us[end] ? report->sent_us[end] : report->last_us);
	}
}

void flows_report(struct flows *f, const struct flow_report *report)
{
	struct conversation *c = conversation_of(f, &report->key, report->last_us);

	if (!c)
		return;
	if (c->evidence == EVIDENCE_NONE) { /* its beginning was not told, or is forgotten */
		if (!report->first)
			c->member.connections = 0; /* they were counted */
		if (report->opener == FLOW_OPENER_UNKNOWN)
			set_opener(f, c, opener_guess(&report->key, report->sender & 1), EVIDENCE_GUESS,
				   report->last_us);
		else
			set_opener(f, c, report->opener & 1, EVIDENCE_SYN, report->last_us);
	}
	if (report->finished)
		finish(f, c);
	else
		unfinish(f, c); /* the end of another entry of it */
	if (report->new_packets[0] + report->new_packets[1] == 0)
		return;
	give(f, c, report->new_packets, report->new_bytes, report->last_us);
	count_hosts(f, report);
}

void flows_tick(struct flows *f)
{
	while (f->finished_first && table_count(f->conversations) > FINISHED_KEPT)
		drop_finished(f);
	table_turn(f->conversations);
	folds_tick(f->folds);
}

uint64_t flows_evicted(const struct flows *f)
{
	return f->forgotten + folds_evicted(f->folds);
}

void flows_close(struct flows *f)
{
	if (!f)
		return;
	table_close(f->conversations);
	folds_close(f->folds);
	free(f);
}
