// SPDX-License-Identifier: BSD-2-Clause
/*
 * What one end of a connection says by itself: of connections of which one direction, the beginning or a part is missing, and of what
 * comes after the first exchange. It is the sender's own word, and proves no service: that takes both ends.
 */
#include <string.h>

#include "sensor/heard/heard.h"
#include "sensor/heard/request.h"

enum { HEADS_MAX = 16, HEADERS_MIN = 3, STATUS_BYTES = sizeof("HTTP/1.1 200") - 1 };

/* The stretch as a connection in which only its sender speaks: as the client, or as the server. */
static struct heard as_client(const struct heard_stretch *s)
{
	return (struct heard){.ctx = s->ctx,
			      .client = s->from,
			      .server = s->to,
			      .port_h = s->to_port_h,
			      .asks = {.bytes = s->bytes, .length = s->length, .ended = true},
			      .says = {.bytes = (const uint8_t *)"", .ended = true},
			      .inside = s->inside};
}

static struct heard as_server(const struct heard_stretch *s)
{
	return (struct heard){.ctx = s->ctx,
			      .client = s->to,
			      .server = s->from,
			      .port_h = s->from_port_h,
			      .asks = {.bytes = (const uint8_t *)"", .ended = true},
			      .says = {.bytes = s->bytes, .length = s->length, .ended = true},
			      .inside = s->inside};
}

/* Bytes of the body that follow this head; SIZE_MAX: that is not told beforehand. */
static size_t body_length(const struct http_head *head, bool answer)
{
	struct text length = http_find(head, "content-length");
	size_t bytes = 0;

	if (http_find(head, "transfer-encoding").length)
		return SIZE_MAX;
	if (answer && (head->status < 200 || head->status == 204 || head->status == 304))
		return 0;
	if (!length.length)
		return answer ? SIZE_MAX : 0;
	for (size_t i = 0; i < length.length; i++) {
		if (length.bytes[i] < '0' || length.bytes[i] > '9' || bytes > UINT32_MAX)
			return SIZE_MAX;
		bytes = bytes * 10 + (size_t)(length.bytes[i] - '0');
	}
	return bytes;
}

static bool is_answer(const uint8_t *at, size_t length)
{
	return length > STATUS_BYTES && !memcmp(at, "HTTP/1.", 7) && at[8] == ' ' && at[9] >= '1' &&
	       at[9] <= '5' && at[10] >= '0' && at[10] <= '9' && at[11] >= '0' && at[11] <= '9' &&
	       (at[12] == ' ' || at[12] == '\r' || at[12] == '\n');
}

/* Returns the bytes of head and body; 0: no answer. */
static size_t say_answer(const struct heard_stretch *s, struct fact_list *out)
{
	static _Thread_local struct http_head head;
	struct heard h = as_server(s);
	size_t length = http_head_length(s->bytes, s->length), body;
	enum fact_confidence confidence = CONFIDENCE_ANNOUNCED;

	if (!is_answer(s->bytes, s->length) || !memchr(s->bytes, '\n', s->length))
		return 0;
	http_head_lines(s->bytes, length ? length : s->length, &head);
	if (s->inside == HEARD_THROUGH_PROXY || http_find(&head, "via").length)
		confidence = CONFIDENCE_MEASURED;
	for (size_t i = 0; i < head.count; i++)
		if (text_is(head.header[i].name, "server"))
			heard_trait(&h, SOURCE_HTTP, confidence, "http.server", head.header[i].value, out);
	body = body_length(&head, true);
	return !length || body >= s->length - length ? s->length : length + body;
}

static size_t say_request(const struct heard_stretch *s, struct fact_list *out)
{
	static _Thread_local struct request request;
	struct heard h = as_client(s);
	size_t body;

	if (http_request_read(&h.asks, &request) != HEARD_DONE)
		return 0;
	http_request_say_agent(&h, &request, out);
	body = body_length(&request.head, false);
	return !request.whole || body >= s->length - request.length ? s->length : request.length + body;
}

/* Where a head goes on that was not seen to begin: ports at which nothing else looks so (mail has headers, too). */
static bool is_web_port(uint16_t port_h)
{
	return port_h == 80 || port_h == 8080 || port_h == 8000 || port_h == 3128;
}

/* RFC 9110, 5.6.2, as far as it is in use. */
static bool is_header(const uint8_t *at, const uint8_t *end)
{
	const uint8_t *begin = at;

	while (at < end && ((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || *at == '-' ||
			    *at == '_' || (*at >= '0' && *at <= '9')))
		at++;
	return at > begin && at < end && *at == ':';
}

/*
 * The rest of a head whose beginning was not seen: after what may be the end of a line, headers and nothing else, to the empty line. Its length; 0: it
 * is none.
 */
static size_t rest_of_head(const struct heard_stretch *s)
{
	size_t length = http_head_length(s->bytes, s->length), lines = 0;
	const uint8_t *at = s->bytes, *end = s->bytes + length, *line_end;

	if (!s->first || (!is_web_port(s->from_port_h) && !is_web_port(s->to_port_h)))
		return 0;
	for (bool begun = false; at < end && *at != '\r' && *at != '\n'; at = line_end + 1, begun = true) {
		line_end = memchr(at, '\n', (size_t)(end - at));
		if (!line_end)
			return 0;
		if (is_header(at, line_end))
			lines++;
		else if (begun)
			return 0;
	}
	return lines >= HEADERS_MIN ? length : 0;
}

static size_t say_rest(const struct heard_stretch *s, struct fact_list *out)
{
	static _Thread_local struct http_head head;
	bool asks = is_web_port(s->to_port_h);
	struct heard h = asks ? as_client(s) : as_server(s);
	struct text agent, server;
	size_t length = rest_of_head(s);

	if (!length)
		return 0;
	http_head_lines(s->bytes, length, &head);
	agent = http_find(&head, "user-agent");
	server = http_find(&head, "server");
	if (asks)
		heard_client_trait(&h, SOURCE_HTTP, CONFIDENCE_MEASURED, "http.user_agent", agent, out);
	else
		heard_trait(&h, SOURCE_HTTP, CONFIDENCE_MEASURED, "http.server", server, out);
	return length;
}

static size_t say_ssh(const struct heard_stretch *s, struct fact_list *out)
{
	struct heard h = as_client(s);
	struct text line = heard_ssh_line(&h.asks);

	/* Which end is the server is not known: the line is its sender's, whoever that is. */
	heard_client_trait(&h, SOURCE_SSH, CONFIDENCE_ANNOUNCED, "ssh.banner", line, out);
	return line.length;
}

static size_t say_tls(const struct heard_stretch *s, struct fact_list *out)
{
	struct heard h = as_client(s);

	return hear_tls(&h, out) == HEARD_DONE ? s->length : 0;
}

bool heard_head_begins(const struct heard_stretch *s, bool web)
{
	if (s->length < 5)
		return false;
	if (heard_tls_begins(s->bytes, s->length) || (s->first && !memcmp(s->bytes, "SSH-", 4)))
		return true;
	return web && (is_answer(s->bytes, s->length) || http_request_begins(s->bytes, s->length) ||
		       rest_of_head(s) > 0);
}

size_t heard_alone(const struct heard_stretch *stretch, struct fact_list *out)
{
	struct heard_stretch s = *stretch;

	if (heard_tls_begins(s.bytes, s.length))
		return s.told ? s.length : say_tls(&s, out);
	if (s.first && s.length > 4 && !memcmp(s.bytes, "SSH-", 4))
		return s.told ? s.length : say_ssh(&s, out);
	if (rest_of_head(&s) && !s.told)
		return say_rest(&s, out);
	for (unsigned int i = 0; i < HEADS_MAX && s.length; i++) {
		size_t said = out->count, used = say_answer(&s, out);

		if (!used)
			used = say_request(&s, out);
		if (!used)
			break;
		if (i == 0 && s.told)
			out->count = said;
		s.bytes += used;
		s.length -= used;
	}
	return stretch->length - s.length;
}

bool heard_is_web(const struct fact_list *said)
{
	for (size_t i = 0; i < said->count; i++)
		if (said->item[i].source == SOURCE_HTTP)
			return true;
	return false;
}

static bool is_service(const struct fact_list *said, const char *name)
{
	for (size_t i = 0; i < said->count; i++)
		if (said->item[i].kind == FACT_SERVICE && text_is(said->item[i].name, name))
			return true;
	return false;
}

enum heard_inside heard_next(const struct heard *h, const struct fact_list *said)
{
	static _Thread_local struct request request;

	if (h->inside != HEARD_OUTSIDE)
		return h->inside;
	if (is_service(said, "socks"))
		return HEARD_THROUGH_PROXY;
	if (is_service(said, "http") && http_request_read(&h->asks, &request) == HEARD_DONE &&
	    http_request_is_proxied(&request))
		return HEARD_THROUGH_PROXY;
	return HEARD_OUTSIDE;
}
