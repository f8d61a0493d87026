/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading the tags of BACnet's encoding (ASHRAE 135, 20.2.1). */
#ifndef SENSOR_DECODE_BACNET_TAG_H
#define SENSOR_DECODE_BACNET_TAG_H

#include "sensor/wire.h"

struct bacnet_tag {
	uint8_t number;
	bool context, opening, closing;
	size_t length; /* of what follows */
};

static inline struct bacnet_tag bacnet_tag(struct wire *w)
{
	uint8_t first = wire_u8(w), low = first & 7;
	struct bacnet_tag tag = {.number = first >> 4, .context = first & 8, .length = low};

	if (tag.number == 15)
		tag.number = wire_u8(w);
	if (tag.context && low >= 6) {
		tag.opening = low == 6;
		tag.closing = low == 7;
		tag.length = 0;
	} else if (!tag.context && tag.number == 1) { /* a boolean is in the tag itself */
		tag.length = 0;
	} else if (low == 5) {
		tag.length = wire_u8(w);
		if (tag.length == 254)
			tag.length = wire_u16(w);
		else if (tag.length == 255)
			tag.length = wire_u32(w);
	}
	return tag;
}

/* The number that follows the tag, of four bytes at most. */
static inline uint32_t bacnet_number(struct wire *w, const struct bacnet_tag *tag)
{
	uint32_t number = 0;

	if (tag->length == 0 || tag->length > 4)
		w->bad = true;
	for (size_t i = 0; i < tag->length && !w->bad; i++)
		number = number << 8 | wire_u8(w);
	return number;
}

/* Over a tag with what follows it. */
static inline void bacnet_skip(struct wire *w)
{
	struct bacnet_tag tag = bacnet_tag(w);

	wire_skip(w, tag.length);
}

/* Whether what comes next is a context tag of that number, whatever its kind. */
static inline bool bacnet_next_is(const struct wire *w, uint8_t number)
{
	struct wire copy = *w;
	struct bacnet_tag tag = bacnet_tag(&copy);

	return !copy.bad && tag.context && tag.number == number;
}

/* A reader over all between the opening tag of that number, which is next, and its closing one; both are taken from w. */
static inline struct wire bacnet_inside(struct wire *w, uint8_t number)
{
	struct bacnet_tag tag = bacnet_tag(w);
	const uint8_t *start = w->at;
	unsigned int depth = 1;

	if (!tag.opening || tag.number != number)
		w->bad = true;
	while (!w->bad) {
		const uint8_t *before = w->at;

		tag = bacnet_tag(w);
		depth += tag.opening;
		depth -= tag.closing;
		if (!depth) {
			w->bad |= tag.number != number;
			return (struct wire){.at = start, .left = (size_t)(before - start), .bad = w->bad};
		}
		wire_skip(w, tag.length);
	}
	return (struct wire){.bad = true};
}

#endif
