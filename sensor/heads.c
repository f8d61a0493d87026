// SPDX-License-Identifier: BSD-2-Clause
/*
 * Heads of TCP connections. See heads.h.
 *
 * The engines copy the first FLOW_DATA_MAX packets with payload of each direction, so there is little to put in order, and an end that has
 * used them up has ended as far as this goes. When a connection is decided its bytes are freed; what is left of it only remembers that.
 */
#include "sensor/heads.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "defs/flow.h"
#include "sensor/heard/heard.h"
#include "sensor/opener.h"
#include "sensor/record_key.h"
#include "sensor/table.h"

enum {
	TALKS_MAX = 1 << 14,
	END_BYTES_MAX = 1 << 15, /* kept of one direction; the rest is left out */
	ALL_BYTES_MAX = 1 << 25, /* kept of all together; the oldest make room */
	PIECES_MAX = FLOW_DATA_MAX,
	WINDOW_BYTES = 1 << 20,
};
static const int64_t idle_us = INT64_C(10) * 1000000; /* after this nothing more is waited for */

/* Bytes that came before those in front of them. */
struct piece {
	uint32_t start, end;
};

struct end {
	bool known; /* first_seq is */
	uint32_t first_seq;
	uint32_t packets;
	uint8_t *bytes;
	uint32_t room, length; /* length: without gaps, from the first byte on */
	uint32_t pieces;
	struct piece piece[PIECES_MAX];
};

struct talk {
	struct table_entry entry;
	struct flow_key key;
	int64_t last_us;
	uint64_t foreign;
	bool whole, over;
	bool spoken;
	uint8_t opener, first; /* ends: who sent the SYN, if whole; who spoke first, if spoken */
	struct end end[2];
};

struct heads {
	struct table *talks;
	void (*heard)(void *to, const struct fact_list *);
	void *to;
	size_t bytes;
	uint64_t given_up;
	struct fact_list list;
};

static void forget_bytes(struct heads *h, struct talk *talk)
{
	for (unsigned int i = 0; i < 2; i++) {
		h->bytes -= talk->end[i].room;
		free(talk->end[i].bytes);
		talk->end[i] = (struct end){};
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

static struct heard_end end_of(const struct end *end, bool ended)
{
	return (struct heard_end){.bytes = end->length ? end->bytes : (const uint8_t *)"",
				  .length = end->length,
				  .ended = ended || end->packets >= FLOW_DATA_MAX ||
					   end->length == END_BYTES_MAX};
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
			      .server_first = talk->spoken && talk->first == server};

	if (talk->over || (!heard.asks.length && !heard.says.length))
		return;
	talk->over = heard_run(&heard, &talk->foreign, &h->list);
	if (!talk->over)
		return;
	forget_bytes(h, talk);
	h->heard(h->to, &h->list);
}

static void evict(void *context, void *entry)
{
	hear(context, entry, true);
	forget_bytes(context, entry);
}

int heads_open(void (*heard)(void *to, const struct fact_list *), void *to, struct heads **out)
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
	return talk->spoken && llabs(now_us - talk->last_us) > idle_us;
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
		struct end *end = &talk->end[i];

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
static bool make_room(struct heads *h, const struct talk *talk, struct end *end, uint32_t needed)
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

/* Pieces that the bytes without gaps have come to are part of them. */
static void join(struct end *end)
{
	for (uint32_t i = 0; i < end->pieces;) {
		struct piece piece = end->piece[i];

		if (piece.start > end->length) {
			i++;
			continue;
		}
		if (piece.end > end->length)
			end->length = piece.end;
		end->piece[i] = end->piece[--end->pieces];
		i = 0;
	}
}

static void place(struct heads *h, const struct talk *talk, struct end *end, const struct segment *segment)
{
	int32_t at = (int32_t)(segment->seq - end->first_seq);
	uint32_t skip = 0, start, stop;

	if (at < -WINDOW_BYTES || at >= END_BYTES_MAX)
		return;
	if (at < (int32_t)end->length) /* it was there before, some of it at least */
		skip = (uint32_t)((int32_t)end->length - at);
	if (skip >= segment->length)
		return;
	start = (uint32_t)(at + (int32_t)skip);
	stop = segment->length - skip < END_BYTES_MAX - start ? start + (uint32_t)segment->length - skip
							      : END_BYTES_MAX;
	if ((start > end->length && end->pieces == PIECES_MAX) || !make_room(h, talk, end, stop))
		return;
	memcpy(end->bytes + start, segment->bytes + skip, stop - start);
	if (start > end->length) {
		end->piece[end->pieces++] = (struct piece){start, stop};
		return;
	}
	end->length = stop;
	join(end);
}

void heads_add(struct heads *h, const struct segment *segment)
{
	struct talk *talk = talk_of(h, segment->key, segment->time_us);
	unsigned int from = segment->from & 1;
	struct end *end;

	if (!talk || talk->over)
		return;
	end = &talk->end[from];
	if (!end->known)
		end->first_seq = segment->seq;
	end->known = true;
	if (!talk->spoken)
		talk->first = (uint8_t)from;
	talk->spoken = true;
	end->packets++;
	place(h, talk, end, segment);
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
