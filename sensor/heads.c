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

#include "sensor/table.h"
#include "sensor/talk.h"

enum {
	TALKS_MAX = 1 << 14,
	ALL_BYTES_MAX = 1 << 23, /* kept of all together; the oldest make room */
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

static void hear(struct heads *h, struct talk *talk, bool ended)
{
	struct text app;

	if (!talk_hear(talk, ended, &h->list, &app))
		return;
	h->heard(h->to, &talk->key, app, &h->list);
	forget_bytes(h, talk);
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

static struct talk *talk_of(struct heads *h, const struct flow_key *key, int64_t time_us)
{
	bool made;
	struct talk *talk = table_take(h->talks, key, &made);

	if (talk && !made && talk_is_quiet(talk, time_us)) {
		drop(h, talk);
		talk = table_add(h->talks, key);
	}
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

void heads_add(struct heads *h, const struct segment *segment)
{
	struct talk *talk = talk_of(h, segment->key, segment->time_us);
	unsigned int from = segment->from & 1;
	const struct text none = {NULL, 0};
	uint32_t needed;

	if (!talk)
		return;
	if (talk->over) {
		if (!talk_renew(talk, segment)) {
			if (talk_hear_later(talk, segment, &h->list))
				h->heard(h->to, &talk->key, none, &h->list);
			return;
		}
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

	while (talk && (!now_us || now_us - talk->last_us > TALK_IDLE_US)) {
		struct talk *next = table_newer(h->talks, talk);

		if (!now_us || talk_is_quiet(talk, now_us))
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
	for (struct talk *talk = table_oldest(h->talks); talk; talk = table_newer(h->talks, talk))
		forget_bytes(h, talk);
	table_close(h->talks);
	free(h);
}
