/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What all conversations together may keep of what strangers send. A buffer grows out of the room, never past its own limit
 * and never past the room's: what finds no place is cut, and the conversation goes on with what it has.
 */
#ifndef SENSOR_ASK_ROOM_H
#define SENSOR_ASK_ROOM_H

#include <stddef.h>
#include <stdint.h>

struct room {
	size_t used_bytes, limit_bytes;
};

struct buffer {
	uint8_t *bytes; /* followed by a zero that length does not count, once there is anything */
	size_t length, size;
};

/* Append as many of the bytes as limit (of the buffer's length) and the room allow. Returns how many. */
size_t buffer_add(struct buffer *, struct room *, const void *bytes, size_t length, size_t limit);
/* Empty, and its memory back to the room. */
void buffer_free(struct buffer *, struct room *);

#endif
