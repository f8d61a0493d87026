/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first bytes of one end of a connection, put in order as their segments come: out of order, twice, overlapping, with gaps. Where
 * segments began is remembered: a message begins with a segment more often than not.
 */
#ifndef SENSOR_PIECES_H
#define SENSOR_PIECES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sensor/segments.h"

enum {
	PIECES_BYTES_MAX = 1 << 15, /* kept of one end; the rest is left out */
	PIECES_MAX = 4,		    /* behind a gap; more are left out */
	PIECES_STARTS_MAX = 8,
};

/* Bytes behind a gap. */
struct piece {
	uint32_t start, end;
};

/* All zero at first. bytes: owned; pieces_free() gives them back. */
struct pieces {
	bool known;	    /* first_seq is */
	uint32_t first_seq; /* of the first byte */
	uint32_t packets;   /* that brought something, or could have */
	uint8_t *bytes;
	uint32_t room, length; /* length: without gaps, from the first byte on */
	uint32_t count, start_count;
	struct piece piece[PIECES_MAX];
	uint32_t start[PIECES_STARTS_MAX]; /* ascending; where segments without a gap before them began */
};

/* The room that it takes to put the segment there, in bytes; 0: it brings nothing. first_seq is set if it was not known. */
uint32_t pieces_needed(struct pieces *, const struct segment *);
/* There is room: p->room is what pieces_needed() said, or more. */
void pieces_put(struct pieces *, const struct segment *);
void pieces_free(struct pieces *);

#endif
