/* SPDX-License-Identifier: BSD-2-Clause */
/* A message put together from the pieces it comes in, at most STREAM_MESSAGE_BYTES_MAX long. */
#ifndef SENSOR_FRAGMENTS_H
#define SENSOR_FRAGMENTS_H

#include <stddef.h>

enum { FRAGMENTS_KEPT_BYTES = 16 << 10 }; /* memory that is kept between messages */

/* Zeroed at first. */
struct fragments {
	char *bytes;
	size_t length, size;
};

/* Forget what is there; memory that a large message took is given back. */
void fragments_begin(struct fragments *);
/*
 * Add a piece of which `left` further bytes are known to follow. 0, -EMSGSIZE when the message is or will be over the
 * limit, or -ENOMEM.
 */
int fragments_add(struct fragments *, const char *bytes, size_t length, size_t left);
void fragments_free(struct fragments *);

#endif
