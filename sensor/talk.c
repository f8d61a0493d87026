// SPDX-License-Identifier: BSD-2-Clause
/* See talk.h. */
#include "sensor/talk.h"

#include <stdlib.h>
#include <string.h>

#include "defs/flow.h"
#include "sensor/opener.h"
#include "sensor/record_key.h"

enum {
	RENEWALS_MAX = 4,	  /* new beginnings of one connection */
	PROMPT_US = 60 * 1000000, /* where one end has greeted, and the other may have to type its answer */
};

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
static void hear_end(const struct talk *talk, unsigned int from, bool decided, struct fact_list *out)
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
			used = at + heard_alone(&stretch, out);
	}
	for (uint32_t i = 0; i < end->count; i++) {
		stretch.bytes = end->bytes + end->piece[i].start;
		stretch.length = end->piece[i].end - end->piece[i].start;
		stretch.first = !end->length;
		if (heard_head_begins(&stretch, talk->web))
			heard_alone(&stretch, out);
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
	if (talk->end[0].room && talk->end[1].room)
		return (struct text){NULL, 0};
	return (struct text){name, strlen(name)};
}

bool talk_hear(struct talk *talk, bool ended, struct fact_list *out, struct text *app)
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
		return false;
	outcome = heard_run(&heard, &talk->foreign, out);
	if (outcome == HEARD_UNDECIDED)
		return false;
	talk->over = true;
	talk->next = heard_next(&heard, out);
	talk->web = !talk->whole || outcome == HEARD_NOBODYS || heard_is_web(out) ||
		    talk->next == HEARD_THROUGH_PROXY;
	for (unsigned int i = 0; i < 2; i++)
		hear_end(talk, i, outcome == HEARD_DECIDED, out);
	*app = app_of(talk, out);
	return true;
}

bool talk_hear_later(const struct talk *talk, const struct segment *segment, struct fact_list *out)
{
	struct heard_stretch stretch = stretch_of(talk, segment->from & 1);

	stretch.bytes = segment->bytes;
	stretch.length = segment->length;
	stretch.inside = talk->next;
	if (!heard_head_begins(&stretch, talk->web))
		return false;
	fact_list_reset(out);
	heard_alone(&stretch, out);
	return out->count > 0;
}

/* Both ends go on in TLS from here: what they say now is heard like a connection's first bytes. */
bool talk_renew(struct talk *talk, const struct segment *segment)
{
	if (!talk->over || talk->renewals == RENEWALS_MAX || !heard_tls_begins(segment->bytes, segment->length))
		return false;
	talk->over = false;
	talk->foreign = 0;
	talk->inside = talk->next == HEARD_THROUGH_PROXY ? HEARD_THROUGH_PROXY : HEARD_AFTER_UPGRADE;
	talk->opener = talk->first = segment->from & 1;
	talk->whole = true;
	talk->renewals++;
	return true;
}

/* Who has opened a connection may be silent in it for long. */
bool talk_is_quiet(const struct talk *talk, int64_t now_us)
{
	bool prompts =
		talk->whole && !talk->over && talk->first != talk->opener && !talk->end[talk->opener].packets;

	return talk->spoken && llabs(now_us - talk->last_us) > (prompts ? PROMPT_US : TALK_IDLE_US);
}
