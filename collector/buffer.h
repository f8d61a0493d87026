/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A text that grows, with a sticky failure: add all parts, look at `failed` once. Writes JSON texts and
 * PostgreSQL's array literals, so that quoting has one place.
 */
#ifndef COLLECTOR_BUFFER_H
#define COLLECTOR_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer {
	char *bytes; /* terminated once anything was added */
	size_t length, capacity;
	bool failed; /* there was no memory; what follows was dropped */
};

void buffer_add(struct buffer *, const char *bytes, size_t length);
void buffer_text(struct buffer *, const char *text);
__attribute__((format(printf, 2, 3))) void buffer_printf(struct buffer *, const char *format, ...);
/* As a JSON string in quotes. NUL, which PostgreSQL cannot hold, becomes the four characters \x00. */
void buffer_json(struct buffer *, const char *bytes, size_t length);
/* Percent-encoded, but for letters, digits and -._~ (RFC 3986, section 2.3). */
void buffer_url(struct buffer *, const char *bytes, size_t length);
/* `"name":` with a comma before it unless it is the first of its object. */
void buffer_key(struct buffer *, const char *name);
/* Seconds with a microsecond fraction, as JSON. */
void buffer_seconds(struct buffer *, int64_t time_us);
/* Forget the contents, keep the memory. */
void buffer_clear(struct buffer *);
void buffer_free(struct buffer *);

/* An array literal, item by item: {"a",NULL,"b"}. array_text() closes and returns it; "" when memory failed. */
void array_add(struct buffer *, const char *bytes, size_t length);
void array_add_text(struct buffer *, const char *text_or_null);
/* A text that needs no quotes: an id, an address. */
void array_add_plain(struct buffer *, const char *text);
void array_add_integer(struct buffer *, int64_t value);
const char *array_text(struct buffer *);

#endif
