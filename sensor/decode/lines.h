/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages of lines as HTTP has them (SSDP, SIP): a first line, then "Name: value", as far as a datagram goes. */
#ifndef SENSOR_DECODE_LINES_H
#define SENSOR_DECODE_LINES_H

#include <string.h>
#include <strings.h>

#include "defs/facts.h"
#include "sensor/decode/decode.h"

/* The next line, without its end, is taken from rest. Empty at the end, and for an empty line. */
static inline struct text line_next(struct text *rest)
{
	const char *end = rest->length ? memchr(rest->bytes, '\n', rest->length) : NULL;
	struct text line = {rest->bytes, end ? (size_t)(end - rest->bytes) : rest->length};

	rest->bytes += line.length + (end != NULL);
	rest->length -= line.length + (end != NULL);
	if (line.length && line.bytes[line.length - 1] == '\r')
		line.length--;
	return line;
}

static inline bool text_begins(struct text text, const char *start)
{
	size_t length = strlen(start);

	return text.length >= length && strncasecmp(text.bytes, start, length) == 0;
}

/* The value of the first header of that name, before the empty line; empty when there is none. */
static inline struct text header_value(struct text message, const char *name)
{
	size_t length = strlen(name);
	struct text line;

	line_next(&message);
	while ((line = line_next(&message)).length)
		if (text_begins(line, name) && line.length > length && line.bytes[length] == ':')
			return text_trim((struct text){line.bytes + length + 1, line.length - length - 1});
	return (struct text){"", 0};
}

#endif
