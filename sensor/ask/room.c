// SPDX-License-Identifier: BSD-2-Clause
/* Buffers that share one limit. */
#include "sensor/ask/room.h"

#include <stdlib.h>
#include <string.h>

enum { BUFFER_FIRST_BYTES = 1024 };

static int grow(struct buffer *buffer, struct room *room, size_t needed)
{
	size_t size = buffer->size ? buffer->size : BUFFER_FIRST_BYTES;
	uint8_t *bytes;

	while (size < needed)
		size *= 2;
	if (size - buffer->size > room->limit_bytes - room->used_bytes)
		return -1;
	bytes = realloc(buffer->bytes, size);
	if (!bytes)
		return -1;
	room->used_bytes += size - buffer->size;
	buffer->bytes = bytes;
	buffer->size = size;
	return 0;
}

size_t buffer_add(struct buffer *buffer, struct room *room, const void *bytes, size_t length, size_t limit)
{
	size_t left = limit > buffer->length ? limit - buffer->length : 0;

	if (length > left)
		length = left;
	if (!length)
		return 0;
	if (buffer->length + length + 1 > buffer->size && grow(buffer, room, buffer->length + length + 1)) {
		/* What is left of the memory that it has. */
		left = buffer->size ? buffer->size - buffer->length - 1 : 0;
		length = length < left ? length : left;
		if (!length)
			return 0;
	}
	memcpy(buffer->bytes + buffer->length, bytes, length);
	buffer->length += length;
	buffer->bytes[buffer->length] = 0;
	return length;
}

void buffer_free(struct buffer *buffer, struct room *room)
{
	room->used_bytes -= buffer->size;
	free(buffer->bytes);
	*buffer = (struct buffer){};
}
