// SPDX-License-Identifier: BSD-2-Clause
/* See pieces.h. */
#include "sensor/pieces.h"

#include <stdlib.h>
#include <string.h>

enum { WINDOW_BYTES = 1 << 20 };

/* What a segment adds: from where in it, and to which bytes of its end. */
struct place {
	uint32_t skip, start, stop;
};

static bool place_of(const struct pieces *p, const struct segment *segment, struct place *out)
{
	int32_t at = (int32_t)(segment->seq - p->first_seq);

	if (at < -WINDOW_BYTES || at >= PIECES_BYTES_MAX)
		return false;
	out->skip = 0;
	if (at < (int32_t)p->length) /* it was there before, some of it at least */
		out->skip = (uint32_t)((int32_t)p->length - at);
	if (out->skip >= segment->length)
		return false;
	out->start = (uint32_t)(at + (int32_t)out->skip);
	out->stop = segment->length - out->skip < PIECES_BYTES_MAX - out->start
			    ? out->start + (uint32_t)segment->length - out->skip
			    : PIECES_BYTES_MAX;
	return out->start <= p->length || p->count < PIECES_MAX;
}

uint32_t pieces_needed(struct pieces *p, const struct segment *segment)
{
	struct place place;

	if (!p->known)
		p->first_seq = segment->seq;
	p->known = true;
	return place_of(p, segment, &place) ? place.stop : 0;
}

static void note_start(struct pieces *p, uint32_t at)
{
	if (p->start_count < PIECES_STARTS_MAX)
		p->start[p->start_count++] = at;
}

/* Pieces that the bytes without gaps have come to are part of them. */
static void join(struct pieces *p)
{
	for (uint32_t i = 0; i < p->count;) {
		struct piece piece = p->piece[i];

		if (piece.start > p->length) {
			i++;
			continue;
		}
		if (piece.start == p->length)
			note_start(p, piece.start);
		if (piece.end > p->length)
			p->length = piece.end;
		p->piece[i] = p->piece[--p->count];
		i = 0;
	}
}

void pieces_put(struct pieces *p, const struct segment *segment)
{
	struct place place;

	if (!place_of(p, segment, &place) || place.stop > p->room)
		return;
	memcpy(p->bytes + place.start, segment->bytes + place.skip, place.stop - place.start);
	if (place.start > p->length) {
		p->piece[p->count++] = (struct piece){place.start, place.stop};
		return;
	}
	if (!place.skip)
		note_start(p, place.start);
	p->length = place.stop;
	join(p);
}

void pieces_free(struct pieces *p)
{
	free(p->bytes);
	*p = (struct pieces){};
}
