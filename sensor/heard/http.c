// SPDX-License-Identifier: BSD-2-Clause
/*
 * HTTP/1 (RFC 9112): a request and its answer. What the answer says of the server is what an asked one would say (sensor/ask/visit.h), but
 * for what is its user's own: pages that were given to somebody who had signed in say nothing but their headers, and of paths that no definition
 * asks for not even the path is kept ("*").
 */
#include <stdio.h>
#include <string.h>

#include "defs/asked.h"
#include "sensor/ask/visit.h"
#include "sensor/heard/heard.h"

enum { HEAD_BYTES_MAX = 16384, ROOM_BYTES = 1 << 18, METHOD_BYTES_MAX = 16 };

/* A request's head. Texts are borrowed. */
struct request {
	struct text method, target;
	struct http_head head; /* its headers; no status */
	bool whole;
};

static struct text text_of(const uint8_t *bytes, size_t length)
{
	return (struct text){(const char *)bytes, length};
}

/* Letters, then a blank: longer than this is no method. */
static size_t method_length(const uint8_t *bytes, size_t length)
{
	size_t i = 0;

	while (i < length && i < METHOD_BYTES_MAX && ((bytes[i] >= 'A' && bytes[i] <= 'Z') || bytes[i] == '-'))
		i++;
	return i;
}

/* FOREIGN, MORE, or DONE: the first line is a request's; its headers as far as they are there. */
static enum heard_verdict read_request(const struct heard_end *asks, struct request *out)
{
	size_t method = method_length(asks->bytes, asks->length), target;
	struct text all = text_of(asks->bytes, asks->length);
	const char *line_end, *version;
	struct http_reader reader = {.in = {.bytes = (uint8_t *)asks->bytes, .length = asks->length}};

	if (method == asks->length && !asks->ended && method < METHOD_BYTES_MAX)
		return HEARD_MORE;
	if (method < 3 || method >= asks->length || asks->bytes[method] != ' ')
		return HEARD_FOREIGN;
	line_end = memchr(all.bytes, '\n', all.length);
	if (!line_end)
		return asks->ended || asks->length > HEAD_BYTES_MAX / 2 ? HEARD_FOREIGN : HEARD_MORE;
	version = memrchr(all.bytes, ' ', (size_t)(line_end - all.bytes));
	if (!version || line_end - version < 9 || memcmp(version, " HTTP/1.", 8) != 0 ||
	    version <= all.bytes + method)
		return HEARD_FOREIGN;
	target = (size_t)(version - all.bytes) - method - 1;
	out->method = text_of(asks->bytes, method);
	out->target = text_of(asks->bytes + method + 1, target);
	reader.head_length = text_find(all, "\r\n\r\n");
	out->whole = reader.head_length < all.length;
	if (reader.head_length <
	    sizeof("GET / HTTP/1.1")) /* an empty line cannot come before the first has ended */
		reader.head_length = all.length;
	http_head(&reader, &out->head);
	return target ? HEARD_DONE : HEARD_FOREIGN;
}

/* A proxy is asked for pages of others: what it answers is not its own. */
static bool is_proxied(const struct request *request)
{
	return request->target.bytes[0] != '/' && !text_is(request->target, "*");
}

/* What came through a proxy was not written by the one that sends it. */
static bool is_forwarded(const struct request *request)
{
	static const char *const marks[] = {"via", "forwarded", "x-forwarded-for", "x-real-ip"};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (http_find(&request->head, marks[i]).length)
			return true;
	return false;
}

static void say_request(const struct heard *h, const struct request *request, struct fact_list *out)
{
	struct text host = http_find(&request->head, "host");
	const char *user_end = host.length ? memrchr(host.bytes, '@', host.length) : NULL;

	if (user_end) /* not with the name and password that some clients leave in front of it */
		host = (struct text){user_end + 1, (size_t)(host.bytes + host.length - user_end) - 1};
	if (!is_forwarded(request))
		heard_client_trait(h, SOURCE_HTTP, CONFIDENCE_ANNOUNCED, "http.user_agent",
				   http_find(&request->head, "user-agent"), out);
	if (!is_proxied(request) && host.length <= 255)
		heard_trait(h, SOURCE_HTTP, CONFIDENCE_MEASURED, "http.host", host, out);
}

static bool is_asked(struct text path)
{
	for (size_t i = 0; i < asked_path_count; i++)
		if (strlen(asked_path_texts[i]) == path.length &&
		    !memcmp(asked_path_texts[i], path.bytes, path.length))
			return true;
	return false;
}

static bool is_icon(struct text path)
{
	static const char name[] = "/favicon.ico";

	return path.length >= sizeof(name) - 1 &&
	       text_is((struct text){path.bytes + path.length - (sizeof(name) - 1), sizeof(name) - 1}, name);
}

/* The page as it was asked for; "*" for one whose path is nobody's business. */
static void page_begin(const struct request *request, struct visit *visit)
{
	const char *query = memchr(request->target.bytes, '?', request->target.length);
	struct text path = {request->target.bytes,
			    query ? (size_t)(query - request->target.bytes) : request->target.length};

	visit_begin(visit);
	if (text_is(request->target, "/"))
		return;
	if (is_icon(path))
		visit->stage = VISIT_ICON;
	else
		visit->stage = VISIT_ASKED;
	visit->path[0] = '*';
	if (!is_asked(path) || path.length > sizeof(visit->path))
		return;
	memcpy(visit->path, path.bytes, path.length);
	visit->path_length = path.length;
}

/* A query that shows who asks: "?token=…", "?code=…" of somebody who signs in. */
static bool is_ticket(struct text target)
{
	static const char *const names[] = {"token",  "key",	 "auth", "pass", "pwd",
					    "secret", "session", "sid",	 "code", "ticket",
					    "sig",    "user",	 "mail", "jwt",	 "login"};
	const char *query = memchr(target.bytes, '?', target.length);
	size_t at = query ? (size_t)(query - target.bytes) : target.length;

	for (; at < target.length; at++)
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (text_begins((struct text){target.bytes + at, target.length - at}, names[i]))
				return true;
	return false;
}

/* Anybody would have got this page. */
static bool is_public(const struct request *request)
{
	if (!request->whole || !text_is(request->method, "get") || is_ticket(request->target))
		return false;
	for (size_t i = 0; i < request->head.count; i++)
		if (visit_is_secret(request->head.header[i].name))
			return false;
	return true;
}

/* Of what a proxy hands on, what is its own. */
static void say_proxy(const struct heard *h, const struct request *request, const struct http_head *head,
		      struct fact_list *out)
{
	static const char *const own[] = {"via", "proxy-agent", "proxy-authenticate", "x-squid-error"};
	char text[512];

	if (text_is(request->method, "connect"))
		heard_trait(h, SOURCE_HTTP, CONFIDENCE_ANNOUNCED, "http.server", http_find(head, "server"),
			    out);
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		struct text value = text_cut(http_find(head, own[i]), 256);
		int length;

		if (!value.length)
			continue;
		length = snprintf(text, sizeof(text), "* %s: %.*s", own[i], (int)value.length, value.bytes);
		heard_trait(h, SOURCE_HTTP, CONFIDENCE_ANNOUNCED, "http.header",
			    (struct text){text, (size_t)length}, out);
	}
}

static void say_answer(const struct heard *h, const struct request *request, struct http_reader *reader,
		       struct fact_list *out)
{
	static _Thread_local struct http_head head;
	struct heard_say say;
	struct visit visit;
	struct text server;

	http_head(reader, &head);
	heard_service(h, SOURCE_HTTP, "http", out);
	if (is_proxied(request)) {
		say_proxy(h, request, &head, out);
		return;
	}
	page_begin(request, &visit);
	server = text_cut(http_find(&head, "server"), 256);
	if (visit.stage != VISIT_START && (visit.stage == VISIT_ICON || head.status >= 400))
		heard_trait(h, SOURCE_HTTP, CONFIDENCE_ANNOUNCED, "http.server", server, out);
	visit.personal = !is_public(request);
	if (visit.path[0] == '*' || visit.personal) {
		if (visit.stage == VISIT_ICON && (visit.personal || head.status != 200))
			visit.stage = VISIT_ASKED;
		if (visit.stage != VISIT_ICON)
			reader->in.length = reader->head_length;
	}
	heard_say_begin(&say, h, SOURCE_HTTP, out);
	visit_answer(&visit, &say.context, reader, &say.say);
}

static bool head_is_whole(const struct heard_end *says)
{
	return text_find(text_of(says->bytes, says->length), "\r\n\r\n") < says->length;
}

/* 101: another protocol goes on from here (RFC 9110, 7.8), and no second head will come. */
static bool is_upgrade(const struct heard_end *says)
{
	return says->length > 12 && !memcmp(says->bytes, "HTTP/1.", 7) && !memcmp(says->bytes + 8, " 101", 4) &&
	       head_is_whole(says);
}

enum heard_verdict hear_http(const struct heard *h, struct fact_list *out)
{
	static _Thread_local struct request request;
	struct room room = {.limit_bytes = ROOM_BYTES};
	struct http_reader reader = {};
	bool ended = h->says.ended;
	enum http_state state;

	if (!h->asks.length)
		return h->asks.ended ? HEARD_FOREIGN : HEARD_MORE;
	switch (read_request(&h->asks, &request)) {
	case HEARD_FOREIGN:
		return HEARD_FOREIGN;
	case HEARD_MORE:
		return HEARD_MORE;
	case HEARD_DONE:
		break;
	}
	/* Of HEAD there is no body, whatever its length is said to be. */
	if (text_is(request.method, "head") || text_is(request.method, "connect"))
		ended |= head_is_whole(&h->says);
	if (is_upgrade(&h->says)) {
		heard_service(h, SOURCE_HTTP, "http", out);
		say_request(h, &request, out);
		return HEARD_DONE;
	}
	state = h->says.length ? http_read(&reader, &room, h->says.bytes, h->says.length, ended) : HTTP_MORE;
	if (state == HTTP_WHOLE) {
		say_request(h, &request, out);
		say_answer(h, &request, &reader, out);
	} else if (h->says.ended && h->asks.ended && request.whole) {
		/* Nobody was heard to answer: the client is known all the same. */
		if (!is_forwarded(&request))
			heard_client_trait(h, SOURCE_HTTP, CONFIDENCE_ANNOUNCED, "http.user_agent",
					   http_find(&request.head, "user-agent"), out);
	}
	http_reader_reset(&reader, &room);
	if (state == HTTP_FOREIGN)
		return HEARD_FOREIGN;
	return out->count ? HEARD_DONE : HEARD_MORE;
}
