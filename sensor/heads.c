// SPDX-License-Identifier: BSD-2-Clause
/*
 * Heads of TCP connections. See heads.h.
 *
 * The engines copy the first FLOW_DATA_MAX packets with payload of each direction, so there is little to put in order, and an end that has
 * used them up has ended as far as this goes. When a connection is decided its bytes are freed; what is left of it remembers that, and hears
 * the heads of what comes later (FRAME_HEAD), each by itself. A hello of TLS in the middle is a new beginning.
 */
#include "sensor/heads.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "defs/flow.h"
#include "sensor/heard/heard.h"
#include "sensor/opener.h"
#include "sensor/pieces.h"
#include "sensor/record_key.h"
#include "sensor/table.h"

enum {
	TALKS_MAX = 1 << 14,
	ALL_BYTES_MAX = 1 << 25, /* kept of all together; the oldest make room */
	RENEWALS_MAX = 4,	 /* new beginnings of one connection */
};
/* After this nothing more is waited for; longer, where one end has greeted and the other may have to type its answer. */
static const int64_t idle_us = INT64_C(10) * 1000000, prompt_us = INT64_C(60) * 1000000;

struct talk {
	struct table_entry entry;
	struct flow_key key;
	int64_t last_us;
	uint64_t foreign;
	bool whole, over;
	bool spoken;
	bool web; /* HTTP may come in it later: it was heard before, or it is not known what this is */
	uint8_t opener, first; /* ends: who sent the SYN, if whole; who spoke first, if spoken */
	uint8_t inside, next;  /* enum heard_inside: of its bytes, and of a hello that comes later */
	uint8_t renewals;
	struct pieces end[2];
};

struct heads {
	struct table *talks;
	heads_heard *heard;
	void *to;
	size_t bytes;
	uint64_t given_up;
	struct fact_list list;
};

static void forget_bytes(struct heads *h, struct talk *talk)
{
	for (unsigned int i = 0; i < 2; i++) {
		h->bytes -= talk->end[i].room;
		pieces_free(&talk->end[i]);
	}
}

/* Which end is the client: known when the beginning was seen, else by what it says, else by ports. */
static unsigned int client_of(const struct talk *talk)
{
	if (talk->whole)
		return talk->opener;
	for (unsigned int i = 0; i < 2; i++)
		if (heard_asks(talk->end[i].bytes, talk->end[i].length))
			return i;
	return opener_guess(&talk->key, talk->first) & 1;
}

static struct heard_end end_of(const struct pieces *end, bool ended)
{
	return (struct heard_end){.bytes = end->length ? end->bytes : (const uint8_t *)"",
				  .length = end->length,
				  .ended = ended || end->packets >= FLOW_DATA_MAX ||
					   end->length == PIECES_BYTES_MAX};
}

static struct heard_stretch stretch_of(const struct talk *talk, unsigned int from)
{
	return (struct heard_stretch){
		.ctx = {.time_us = talk->last_us, .vlan = vlan_unpack(talk->key.vlan)},
		.from = flow_key_ip(&talk->key, from),
		.to = flow_key_ip(&talk->key, !from),
		.from_port_h = flow_key_port(&talk->key, from),
		.to_port_h = flow_key_port(&talk->key, !from),
		.inside = talk->inside,
	};
}

/* Heads in what one end has sent. decided: its first bytes have been told already. */
static void hear_end(struct heads *h, const struct talk *talk, unsigned int from, bool decided)
{
	const struct pieces *end = &talk->end[from];
	struct heard_stretch stretch = stretch_of(talk, from);
	size_t used = 0;

	for (uint32_t i = 0; i < end->start_count; i++) {
		uint32_t at = end->start[i];

		stretch.bytes = end->bytes + at;
		stretch.length = end->length - at;
		stretch.first = at == 0;
		stretch.told = at == 0 && decided;
		if (at >= used && heard_head_begins(&stretch, talk->web))
			used = at + heard_alone(&stretch, &h->list);
	}
	for (uint32_t i = 0; i < end->count; i++) {
		stretch.bytes = end->bytes + end->piece[i].start;
		stretch.length = end->piece[i].end - end->piece[i].start;
		stretch.first = !end->length;
		if (heard_head_begins(&stretch, talk->web))
			heard_alone(&stretch, &h->list);
	}
}

/* The service's name. Without a service, what one end says, if the other was not heard to say anything else. */
static struct text app_of(const struct talk *talk, const struct fact_list *said)
{
	const char *name = "";

	for (size_t i = 0; i < said->count; i++) {
		const struct fact *fact = &said->item[i];

		if (fact->kind == FACT_SERVICE && FACT_HAS(fact, name))
			return fact->name;
		if (fact->source != SOURCE_TCP)
			name = fact_source_names[fact->source];
	}
	return talk->end[0].room && talk->end[1].room ? (struct text){} : (struct text){name, strlen(name)};
}

static void hear(struct heads *h, struct talk *talk, bool ended)
{
	unsigned int client = client_of(talk), server = !client;
	struct heard heard = {.ctx = {.time_us = talk->last_us, .vlan = vlan_unpack(talk->key.vlan)},
			      .client = flow_key_ip(&talk->key, client),
			      .server = flow_key_ip(&talk->key, server),
			      .port_h = flow_key_port(&talk->key, server),
			      .asks = end_of(&talk->end[client], ended),
			      .says = end_of(&talk->end[server], ended),
			      .whole = talk->whole,
			      .server_first = talk->spoken && talk->first == server,
			      .inside = talk->inside};
	enum heard_outcome outcome;

	if (talk->over || (!talk->end[0].room && !talk->end[1].room))
		return;
	outcome = heard_run(&heard, &talk->foreign, &h->list);
	if (outcome == HEARD_UNDECIDED)
		return;
	talk->over = true;
	talk->next = heard_next(&heard, &h->list);
	talk->web = !talk->whole || outcome == HEARD_NOBODYS || heard_is_web(&h->list) ||
		    talk->next == HEARD_THROUGH_PROXY;
	for (unsigned int i = 0; i < 2; i++)
		hear_end(h, talk, i, outcome == HEARD_DECIDED);
	h->heard(h->to, &talk->key, app_of(talk, &h->list), &h->list);
	forget_bytes(h, talk);
}

/* A head in the middle of a connection of which it is known what it is. */
static void hear_later(struct heads *h, const struct talk *talk, const struct segment *segment)
{
	struct heard_stretch stretch = stretch_of(talk, segment->from & 1);

	stretch.bytes = segment->bytes;
	stretch.length = segment->length;
	stretch.inside = talk->next;
	if (!heard_head_begins(&stretch, talk->web))
		return;
	fact_list_reset(&h->list);
	heard_alone(&stretch, &h->list);
	if (h->list.count)
		h->heard(h->to, &talk->key, (struct text){}, &h->list);
}

static void evict(void *context, void *entry)
{
	hear(context, entry, true);
	forget_bytes(context, entry);
}

int heads_open(heads_heard *heard, void *to, struct heads **out)
{
	struct heads *h = calloc(1, sizeof(*h));
	struct table_options options = {.key_size = sizeof(struct flow_key),
					.entry_size = sizeof(struct talk),
					.capacity = TALKS_MAX,
					.evict = evict,
					.context = h};

	if (!h)
		return -ENOMEM;
	if (table_open(&options, &h->talks)) {
		free(h);
		return -ENOMEM;
	}
	h->heard = heard;
	h->to = to;
	*out = h;
	return 0;
}

static void drop(struct heads *h, struct talk *talk)
{
	evict(h, talk);
	table_remove(h->talks, talk);
}

/* Who has opened a connection may be silent in it for long. */
static bool is_quiet(const struct talk *talk, int64_t now_us)
{
	bool prompts =
		talk->whole && !talk->over && talk->first != talk->opener && !talk->end[talk->opener].packets;

	return talk->spoken && llabs(now_us - talk->last_us) > (prompts ? prompt_us : idle_us);
}

static struct talk *talk_of(struct heads *h, const struct flow_key *key, int64_t time_us)
{
	struct talk *talk = table_find(h->talks, key);

	if (talk && is_quiet(talk, time_us)) {
		drop(h, talk);
		talk = NULL;
	}
	if (!talk)
		talk = table_add(h->talks, key);
	if (talk)
		talk->last_us = time_us;
	return talk;
}

void heads_handshake(struct heads *h, const struct record_handshake *record, int64_t time_us)
{
	unsigned int opener = record->opener & 1;
	struct talk *talk = table_find(h->talks, &record->key);
	uint32_t seq[2];

	seq[opener] = record->opener_seq;
	seq[!opener] = record->seq;
	/* The same ports once more: another connection. */
	if (talk && (talk->over || talk->whole)) {
		drop(h, talk);
		talk = NULL;
	}
	if (!talk)
		talk = talk_of(h, &record->key, time_us);
	if (!talk)
		return;
	talk->last_us = time_us;
	talk->opener = (uint8_t)opener;
	talk->whole = true;
	for (unsigned int i = 0; i < 2; i++) {
		struct pieces *end = &talk->end[i];

		/* The opener's number is that of its packet which ended the handshake: data may have come before. */
		if (end->known && end->first_seq != seq[i] &&
		    (i != opener || (int32_t)(seq[i] - end->first_seq) < 0))
			talk->whole = false;
		if (!end->known)
			end->first_seq = seq[i];
		end->known = true;
	}
}

/* Room for so many bytes of this end; the oldest others make it. */
static bool make_room(struct heads *h, const struct talk *talk, struct pieces *end, uint32_t needed)
{
	uint8_t *grown;

	if (needed <= end->room)
		return true;
	while (h->bytes + needed - end->room > ALL_BYTES_MAX) {
		struct talk *oldest = table_oldest(h->talks);

		if (!oldest || oldest == talk)
			return false;
		h->given_up += !oldest->over;
		drop(h, oldest);
	}
	grown = realloc(end->bytes, needed);
	if (!grown)
		return false;
	h->bytes += needed - end->room;
	end->bytes = grown;
	end->room = needed;
	return true;
}

/* Both ends go on in TLS from here: what they say now is heard like a connection's first bytes. */
static void renew(struct talk *talk, unsigned int from)
{
	talk->over = false;
	talk->foreign = 0;
	talk->inside = talk->next == HEARD_THROUGH_PROXY ? HEARD_THROUGH_PROXY : HEARD_AFTER_UPGRADE;
	talk->opener = talk->first = (uint8_t)from;
	talk->whole = true;
	talk->renewals++;
}

void heads_add(struct heads *h, const struct segment *segment)
{
	struct talk *talk = talk_of(h, segment->key, segment->time_us);
	unsigned int from = segment->from & 1;
	uint32_t needed;

	if (!talk)
		return;
	if (talk->over) {
		if (talk->renewals == RENEWALS_MAX || !heard_tls_begins(segment->bytes, segment->length)) {
			hear_later(h, talk, segment);
			return;
		}
		renew(talk, from);
	}
	if (!talk->spoken)
		talk->first = (uint8_t)from;
	talk->spoken = true;
	talk->end[from].packets++;
	needed = pieces_needed(&talk->end[from], segment);
	if (needed && make_room(h, talk, &talk->end[from], needed))
		pieces_put(&talk->end[from], segment);
	hear(h, talk, false);
}

void heads_tick(struct heads *h, int64_t now_us)
{
	struct talk *talk = table_oldest(h->talks);

	while (talk && (!now_us || now_us - talk->last_us > idle_us)) {
		struct talk *next = table_newer(talk);

		if (!now_us || is_quiet(talk, now_us))
			drop(h, talk);
		talk = next;
	}
}

uint64_t heads_given_up(const struct heads *h)
{
	return h->given_up;
}

void heads_close(struct heads *h)
{
	if (!h)
		return;
	for (struct talk *talk = table_oldest(h->talks); talk; talk = table_newer(talk))
		forget_bytes(h, talk);
	table_close(h->talks);
	free(h);
}
