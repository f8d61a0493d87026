// SPDX-License-Identifier: BSD-2-Clause
/* Reading one answer of HTTP/1 in pieces. See http.h. */
#include "sensor/ask/http.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { CHUNK_DIGITS_MAX = 8, TRAILER_BYTES_MAX = 4096 };

static const char version_prefix[] = "HTTP/1.";

bool text_is(struct text text, const char *literal)
{
	return text.length == strlen(literal) && !strncasecmp(text.bytes, literal, text.length);
}

bool text_begins(struct text text, const char *literal)
{
	return text.length >= strlen(literal) && !strncasecmp(text.bytes, literal, strlen(literal));
}

size_t text_find(struct text text, const char *literal)
{
	size_t length = strlen(literal);

	for (size_t i = 0; i + length <= text.length; i++) {
		if (((text.bytes[i] ^ literal[0]) & 0xdf) == 0 && !strncasecmp(text.bytes + i, literal, length))
			return i;
	}
	return text.length;
}

void http_reader_reset(struct http_reader *reader, struct room *room)
{
	buffer_free(&reader->in, room);
	*reader = (struct http_reader){};
}

/* Length of the head with its empty line, which may be bare line feeds; 0: not whole. from: nothing before it was whole. */
static size_t head_end(const struct buffer *in, size_t from)
{
	for (size_t i = from; i < in->length; i++) {
		if (in->bytes[i] != '\n')
			continue;
		if (i + 1 < in->length && in->bytes[i + 1] == '\n')
			return i + 2;
		if (i + 2 < in->length && in->bytes[i + 1] == '\r' && in->bytes[i + 2] == '\n')
			return i + 3;
	}
	return 0;
}

static struct text trimmed(const char *from, const char *to)
{
	while (from < to && (*from == ' ' || *from == '\t'))
		from++;
	while (to > from && (to[-1] == ' ' || to[-1] == '\t' || to[-1] == '\r'))
		to--;
	return (struct text){from, (size_t)(to - from)};
}

void http_head(const struct http_reader *reader, struct http_head *out)
{
	const char *at = (const char *)reader->in.bytes, *end = at + reader->head_length, *line_end;

	out->status = 0;
	out->count = 0;
	if (reader->head_length < sizeof("HTTP/1.1 200") - 1)
		return;
	for (size_t i = 0; i < 3 && at[9 + i] >= '0' && at[9 + i] <= '9'; i++)
		out->status = out->status * 10 + (unsigned int)(at[9 + i] - '0');
	at = memchr(at, '\n', (size_t)(end - at));
	for (; at && ++at < end && out->count < HTTP_HEADERS_MAX; at = line_end) {
		const char *colon;

		line_end = memchr(at, '\n', (size_t)(end - at));
		if (!line_end)
			line_end = end;
		colon = memchr(at, ':', (size_t)(line_end - at));
		if (!colon || colon == at)
			continue;
		out->header[out->count++] =
			(struct http_header){trimmed(at, colon), trimmed(colon + 1, line_end)};
	}
}

struct text http_body(const struct http_reader *reader)
{
	return (struct text){(const char *)reader->in.bytes + reader->head_length,
			     reader->in.length - reader->head_length};
}

struct text http_find(const struct http_head *head, const char *name)
{
	for (size_t i = 0; i < head->count; i++)
		if (text_is(head->header[i].name, name))
			return head->header[i].value;
	return (struct text){};
}

/* The head is whole: how is the body told from what follows (RFC 9112, 6.3)? */
static void choose(struct http_reader *reader)
{
	struct http_head head;
	struct text connection, length;
	bool old;

	http_head(reader, &head);
	connection = http_find(&head, "connection");
	length = http_find(&head, "content-length");
	old = reader->in.bytes[sizeof(version_prefix) - 1] == '0';
	reader->keep_alive = old ? text_is(connection, "keep-alive") : !text_is(connection, "close");
	if (head.status == 204 || head.status == 304 || (head.status >= 100 && head.status < 200)) {
		reader->at = HTTP_OVER;
		return;
	}
	if (text_find(http_find(&head, "transfer-encoding"), "chunked") <
	    http_find(&head, "transfer-encoding").length) {
		reader->at = HTTP_IN_CHUNK_SIZE;
		return;
	}
	if (length.length) {
		reader->left = 0;
		for (size_t i = 0; i < length.length && reader->left <= UINT32_MAX; i++) {
			if (length.bytes[i] < '0' || length.bytes[i] > '9')
				break;
			reader->left = reader->left * 10 + (uint64_t)(length.bytes[i] - '0');
		}
		reader->at = reader->left ? HTTP_IN_LENGTH : HTTP_OVER;
		return;
	}
	reader->keep_alive = false;
	reader->at = HTTP_UNTIL_CLOSE;
}

/* Bytes of the head: returns how many were taken, with *state set when that decides something. */
static size_t take_head(struct http_reader *reader, struct room *room, const uint8_t *bytes, size_t length,
			enum http_state *state)
{
	size_t before = reader->in.length, checked, end;
	size_t taken = buffer_add(&reader->in, room, bytes, length, HTTP_HEAD_BYTES_MAX);

	checked =
		reader->in.length < sizeof(version_prefix) - 1 ? reader->in.length : sizeof(version_prefix) - 1;
	if (reader->in.length && memcmp(reader->in.bytes, version_prefix, checked) != 0) {
		*state = HTTP_FOREIGN;
		return taken;
	}
	end = head_end(&reader->in, before > 2 ? before - 2 : 0);
	if (!end) {
		if (taken < length) { /* endless headers */
			reader->head_length = reader->in.length;
			reader->cut = true;
			reader->keep_alive = false;
			reader->at = HTTP_OVER;
		}
		return taken;
	}
	taken -= reader->in.length - end;
	reader->in.length = end;
	reader->head_length = end;
	choose(reader);
	if (reader->at == HTTP_OVER && reader->in.bytes[9] == '1') { /* 1xx: the answer proper follows */
		if (++reader->interim > HTTP_INTERIM_MAX) {
			reader->cut = true;
			reader->keep_alive = false;
			return taken;
		}
		reader->in.length = reader->head_length = 0;
		reader->at = HTTP_IN_HEAD;
	}
	return taken;
}

/* Bytes of the body, at most `left` of them. */
static size_t take_body(struct http_reader *reader, struct room *room, const uint8_t *bytes, size_t length)
{
	size_t wanted = reader->left < length ? (size_t)reader->left : length;
	size_t taken = buffer_add(&reader->in, room, bytes, wanted, reader->head_length + HTTP_BODY_BYTES_MAX);

	reader->left -= taken;
	if (taken < wanted) {
		reader->cut = true;
		reader->keep_alive = false;
		reader->at = HTTP_OVER;
	}
	return taken;
}

static int hex(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void give_up(struct http_reader *reader)
{
	reader->cut = true;
	reader->keep_alive = false;
	reader->at = HTTP_OVER;
}

/* One character of a chunk's line (RFC 9112, 7.1). */
static void take_chunk_size(struct http_reader *reader, uint8_t c)
{
	if (c == '\n') {
		if (!reader->digits) {
			give_up(reader);
			return;
		}
		reader->at = reader->left ? HTTP_IN_CHUNK : HTTP_IN_TRAILER;
		reader->extension = false;
		reader->digits = reader->line = 0;
		return;
	}
	if (++reader->trailer >
	    TRAILER_BYTES_MAX) { /* lines of chunks count like a trailer: they bring no body */
		give_up(reader);
		return;
	}
	if (reader->extension || c == '\r')
		return;
	if (hex(c) < 0) {
		reader->extension = true;
		return;
	}
	if (++reader->digits > CHUNK_DIGITS_MAX) {
		give_up(reader);
		return;
	}
	reader->left = reader->left << 4 | (uint64_t)hex(c);
}

static void take_trailer(struct http_reader *reader, uint8_t c)
{
	if (++reader->trailer > TRAILER_BYTES_MAX) {
		give_up(reader);
		return;
	}
	if (c == '\n') {
		if (!reader->line)
			reader->at = HTTP_OVER;
		reader->line = 0;
	} else if (c != '\r') {
		reader->line++;
	}
}

enum http_state http_read(struct http_reader *reader, struct room *room, const uint8_t *bytes, size_t length,
			  bool ended)
{
	enum http_state state = HTTP_MORE;

	while (length && reader->at != HTTP_OVER) {
		size_t taken = 1;

		switch (reader->at) {
		case HTTP_IN_HEAD:
			taken = take_head(reader, room, bytes, length, &state);
			if (state == HTTP_FOREIGN)
				return state;
			break;
		case HTTP_IN_LENGTH:
			taken = take_body(reader, room, bytes, length);
			if (!reader->left)
				reader->at = HTTP_OVER;
			break;
		case HTTP_IN_CHUNK_SIZE:
			take_chunk_size(reader, *bytes);
			break;
		case HTTP_IN_CHUNK:
			taken = take_body(reader, room, bytes, length);
			if (!reader->left && reader->at == HTTP_IN_CHUNK)
				reader->at = HTTP_IN_CHUNK_END;
			break;
		case HTTP_IN_CHUNK_END:
			if (*bytes == '\n')
				reader->at = HTTP_IN_CHUNK_SIZE;
			else if (*bytes != '\r')
				give_up(reader);
			break;
		case HTTP_IN_TRAILER:
			take_trailer(reader, *bytes);
			break;
		case HTTP_UNTIL_CLOSE:
			reader->left = UINT64_MAX;
			taken = take_body(reader, room, bytes, length);
			break;
		case HTTP_OVER:
			break;
		}
		bytes += taken;
		length -= taken;
	}
	if (reader->at == HTTP_OVER)
		return HTTP_WHOLE;
	if (!ended)
		return HTTP_MORE;
	reader->keep_alive = false;
	if (reader->at == HTTP_IN_HEAD) {
		if (reader->in.length < sizeof("HTTP/1.1 200") - 1 ||
		    memcmp(reader->in.bytes, version_prefix, sizeof(version_prefix) - 1) != 0)
			return HTTP_FOREIGN;
		reader->head_length = reader->in.length;
	}
	reader->cut |= reader->at != HTTP_UNTIL_CLOSE;
	reader->at = HTTP_OVER;
	return HTTP_WHOLE;
}

size_t http_request(const struct ip *ip, uint16_t port_h, bool tls, const char *name, struct text path,
		    char *out, size_t size)
{
	char text[ADDR_TEXT_MAX], host[ADDR_TEXT_MAX + 2], port[8] = "";
	int length;

	for (size_t i = 0; i < path.length; i++)
		if ((unsigned char)path.bytes[i] <= ' ' || path.bytes[i] == 0x7f)
			return 0;
	snprintf(host, sizeof(host), ip->version == 6 ? "[%s]" : "%s", ip_text(ip, text));
	if (port_h != (tls ? 443 : 80))
		snprintf(port, sizeof(port), ":%u", port_h);
	length = snprintf(out, size,
			  "GET %.*s HTTP/1.1\r\nHost: %s%s\r\nUser-Agent: NetVisor/" NETVISOR_VERSION
			  "\r\nAccept: */*\r\nAccept-Encoding: gzip\r\nConnection: keep-alive\r\n\r\n",
			  (int)path.length, path.bytes, *name ? name : host, port);
	return length < 0 || (size_t)length >= size ? 0 : (size_t)length;
}
