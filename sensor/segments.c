// SPDX-License-Identifier: BSD-2-Clause
/*
 * TCP segments put in order again. See segments.h.
 *
 * The first segment with payload that is seen of a stream is taken for its start: a capture that begins in the middle
 * of a message yields nothing from it, which the decoder finds out.
 */
#include "sensor/segments.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/table.h"

enum {
	STREAMS_MAX = 1024,
	STREAM_BYTES_MAX = 65537, /* one whole message and its length */
	EARLY_MAX = 16,		  /* segments that wait for one before them */
	EARLY_BYTES_MAX = 65536,
	STREAM_IDLE_US = 60 * 1000000, /* after this the same ports are another conversation */
	WINDOW_BYTES = 1 << 20,
	LENGTH_BYTES = 2,
};

struct stream_key {
	struct flow_key flow;
	uint64_t from;
};

struct early {
	struct early *next; /* by sequence number */
	uint32_t seq;
	size_t length;
	uint8_t bytes[];
};

struct stream {
	struct table_entry entry;
	struct stream_key key;
	uint32_t next_seq;
	int64_t last_us;
	uint8_t *bytes; /* in order, not yet a whole message */
	size_t used, room;
	size_t taken; /* of used: bytes of the message handed out last */
	struct early *early;
	size_t early_count, early_bytes;
};

struct segments {
	struct table *streams;
	struct stream *current;
	uint64_t given_up;
};

static void stream_clear(struct stream *stream)
{
	struct early *next;

	for (struct early *early = stream->early; early; early = next) {
		next = early->next;
		free(early);
	}
	free(stream->bytes);
	stream->bytes = NULL;
	stream->early = NULL;
	stream->used = stream->room = stream->taken = stream->early_count = stream->early_bytes = 0;
}

static void evict(void *context, void *entry)
{
	struct segments *s = context;
	struct stream *stream = entry;

	s->given_up += stream->used > 0 || stream->early_count > 0;
	if (s->current == stream)
		s->current = NULL;
	stream_clear(stream);
}

static void give_up(struct segments *s, struct stream *stream)
{
	evict(s, stream);
	table_remove(s->streams, stream);
}

static bool append(struct stream *stream, const uint8_t *bytes, size_t length)
{
	size_t need = stream->used + length;

	if (need > stream->room) {
		size_t room = need < 2048 ? 2048 : need * 2;
		uint8_t *grown = realloc(stream->bytes, room);

		if (!grown)
			return false;
		stream->bytes = grown;
		stream->room = room;
	}
	memcpy(stream->bytes + stream->used, bytes, length);
	stream->used = need;
	stream->next_seq += (uint32_t)length;
	return true;
}

/* Take what of the segment comes next in order. False when it comes too early. */
static bool take(struct stream *stream, uint32_t seq, const uint8_t *bytes, size_t length, bool *no_memory)
{
	int32_t behind = (int32_t)(stream->next_seq - seq);

	if (behind < 0)
		return false;
	if ((size_t)behind < length)
		*no_memory |= !append(stream, bytes + behind, length - (size_t)behind);
	return true;
}

static bool keep_early(struct stream *stream, const struct segment *segment)
{
	struct early **at = &stream->early, *early;

	if (stream->early_count == EARLY_MAX || stream->early_bytes + segment->length > EARLY_BYTES_MAX)
		return false;
	early = malloc(sizeof(*early) + segment->length);
	if (!early)
		return false;
	early->seq = segment->seq;
	early->length = segment->length;
	memcpy(early->bytes, segment->bytes, segment->length);
	while (*at && (int32_t)((*at)->seq - segment->seq) < 0)
		at = &(*at)->next;
	early->next = *at;
	*at = early;
	stream->early_count++;
	stream->early_bytes += segment->length;
	return true;
}

static void take_early(struct stream *stream, bool *no_memory)
{
	while (stream->early) {
		struct early *early = stream->early;

		if (!take(stream, early->seq, early->bytes, early->length, no_memory))
			return;
		stream->early = early->next;
		stream->early_count--;
		stream->early_bytes -= early->length;
		free(early);
	}
}

/* The same ports again: after a long time, or with numbers that the stream cannot have come to. */
static bool is_another(const struct stream *stream, const struct segment *segment)
{
	int64_t idle_us = segment->time_us - stream->last_us;
	int32_t ahead = (int32_t)(segment->seq - stream->next_seq);

	return idle_us > STREAM_IDLE_US || idle_us < -STREAM_IDLE_US || ahead > WINDOW_BYTES ||
	       ahead < -WINDOW_BYTES;
}

int segments_open(struct segments **out)
{
	struct segments *s = calloc(1, sizeof(*s));
	struct table_options options = {.key_size = sizeof(struct stream_key),
					.entry_size = sizeof(struct stream),
					.capacity = STREAMS_MAX,
					.evict = evict,
					.context = s};

	if (!s)
		return -ENOMEM;
	if (table_open(&options, &s->streams)) {
		free(s);
		return -ENOMEM;
	}
	*out = s;
	return 0;
}

void segments_add(struct segments *s, const struct segment *segment)
{
	struct stream_key key = {.flow = *segment->key, .from = segment->from};
	struct stream *stream = table_find(s->streams, &key);
	bool no_memory = false;

	if (stream && is_another(stream, segment)) {
		give_up(s, stream);
		stream = NULL;
	}
	if (!stream) {
		stream = table_add(s->streams, &key);
		s->current = stream;
		if (!stream)
			return;
		stream->next_seq = segment->seq;
	}
	s->current = stream;
	stream->last_us = segment->time_us;
	if (take(stream, segment->seq, segment->bytes, segment->length, &no_memory))
		take_early(stream, &no_memory);
	else if (!keep_early(stream, segment))
		no_memory = true;
	if (no_memory || stream->used > (size_t)2 * STREAM_BYTES_MAX)
		give_up(s, stream);
}

int segments_message(struct segments *s, const uint8_t **bytes, size_t *length)
{
	struct stream *stream = s->current;
	size_t whole;

	if (!stream)
		return 0;
	if (stream->taken) {
		stream->used -= stream->taken;
		memmove(stream->bytes, stream->bytes + stream->taken, stream->used);
		stream->taken = 0;
	}
	if (stream->used < LENGTH_BYTES)
		return 0;
	whole = LENGTH_BYTES + ((size_t)stream->bytes[0] << 8 | stream->bytes[1]);
	if (stream->used < whole)
		return 0;
	stream->taken = whole;
	*bytes = stream->bytes + LENGTH_BYTES;
	*length = whole - LENGTH_BYTES;
	return 1;
}

uint64_t segments_given_up(const struct segments *s)
{
	return s->given_up;
}

void segments_close(struct segments *s)
{
	if (!s)
		return;
	for (struct stream *stream = table_oldest(s->streams); stream; stream = table_newer(s->streams, stream))
		stream_clear(stream);
	table_close(s->streams);
	free(s);
}
