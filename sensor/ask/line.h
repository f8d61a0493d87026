/* SPDX-License-Identifier: BSD-2-Clause */
/* Slots that wait for something, first come, first served. */
#ifndef SENSOR_ASK_LINE_H
#define SENSOR_ASK_LINE_H

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

struct line {
	uint32_t *slot; /* a ring of size */
	uint32_t first, count, size;
};

/* Room for so many. 0 or -ENOMEM; freed by free(line->slot). */
static inline int line_open(struct line *line, uint32_t size)
{
	*line = (struct line){.slot = calloc(size, sizeof(*line->slot)), .size = size};
	return line->slot ? 0 : -ENOMEM;
}

/* It is not in the line yet, so there is room. */
static inline void line_join(struct line *line, uint32_t slot)
{
	line->slot[(line->first + line->count++) % line->size] = slot;
}

/* There is one. */
static inline uint32_t line_next(struct line *line)
{
	uint32_t slot = line->slot[line->first];

	line->first = (line->first + 1) % line->size;
	line->count--;
	return slot;
}

#endif
