/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Answers of HTTP/1 (RFC 9112) as a stranger sends them: read in any pieces, bounded, and told from what is no HTTP. Pure.
 */
#ifndef SENSOR_ASK_HTTP_H
#define SENSOR_ASK_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "defs/facts.h"
#include "sensor/ask/room.h"

enum {
	HTTP_HEAD_BYTES_MAX = 16384, /* status line and headers; endless ones end the conversation there */
	HTTP_BODY_BYTES_MAX = 65536, /* kept of a body, as sent; the rest is cut */
	HTTP_HEADERS_MAX = 64,	     /* headers of one answer; more are cut */
	HTTP_INTERIM_MAX = 4,	     /* 1xx answers before the real one */
};

enum http_state {
	HTTP_MORE,    /* not whole yet */
	HTTP_WHOLE,   /* whole, or cut at a bound */
	HTTP_FOREIGN, /* no HTTP; the bytes are in the buffer */
};

struct http_header {
	struct text name, value;
};

/* What one answer said. Texts point into its buffer. */
struct http_head {
	unsigned int status;
	size_t count;
	struct http_header header[HTTP_HEADERS_MAX];
};

/* One answer on its way in. in holds the head and after it the body, without the framing of chunks. */
struct http_reader {
	struct buffer in;
	enum {
		HTTP_IN_HEAD,
		HTTP_IN_LENGTH,
		HTTP_IN_CHUNK_SIZE,
		HTTP_IN_CHUNK,
		HTTP_IN_CHUNK_END,
		HTTP_IN_TRAILER,
		HTTP_UNTIL_CLOSE,
		HTTP_OVER
	} at;
	size_t head_length;
	uint64_t left;	      /* bytes of the body, or of this chunk */
	unsigned int digits;  /* of the chunk's size so far */
	unsigned int line;    /* characters in this line of the trailer */
	unsigned int trailer; /* bytes of the trailer */
	unsigned int interim;
	bool extension;	 /* the rest of a chunk's line means nothing to us */
	bool cut;	 /* something was left out at a bound */
	bool keep_alive; /* the connection may be asked again */
};

/* The start of one answer; memory goes back to the room. */
void http_reader_reset(struct http_reader *, struct room *);
/* Give it the next bytes; ended: none will come. After HTTP_WHOLE nothing more is taken. */
enum http_state http_read(struct http_reader *, struct room *, const uint8_t *bytes, size_t length, bool ended);
/* Of a whole answer. */
void http_head(const struct http_reader *, struct http_head *out);
struct text http_body(const struct http_reader *);
/* The first header of that name (lower case), or no text. */
struct text http_find(const struct http_head *, const char *name);

/*
 * GET for path, at most size bytes. name: for Host, "" the address. Returns the length, 0 when it does not fit or the path holds what
 * would end a line.
 */
size_t http_request(const struct ip *ip, uint16_t port_h, bool tls, const char *name, struct text path,
		    char *out, size_t size);

/* text equals the literal (lower case), whatever its case. */
bool text_is(struct text text, const char *literal);
/* text begins with the literal (lower case), whatever its case. */
bool text_begins(struct text text, const char *literal);
/* Where the literal (lower case) begins in text, whatever its case, or text.length. */
size_t text_find(struct text text, const char *literal);

#endif
