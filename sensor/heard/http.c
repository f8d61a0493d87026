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
#include "sensor/heard/request.h"

enum { ROOM_BYTES = 1 << 18 };

static void say_request(const struct heard *h, const struct request *request, struct fact_list *out)
{
	struct text host = http_find(&request->head, "host");
	const char *user_end = host.length ? memrchr(host.bytes, '@', host.length) : NULL;

	if (user_end) /* not with the name and password that some clients leave in front of it */
		host = (struct text){user_end + 1, (size_t)(host.bytes + host.length - user_end) - 1};
	http_request_say_agent(h, request, out);
	if (!http_request_is_proxied(request) && host.length <= 255)
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

	heard_trait(h, SOURCE_HTTP,
		    text_is(request->method, "connect") ? CONFIDENCE_ANNOUNCED : CONFIDENCE_MEASURED,
		    "http.server", http_find(head, "server"), out);
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

	if (reader->cut &&
	    !http_head_length(reader->in.bytes, reader->in.length)) { /* by the capture: in a line */
		const uint8_t *last = memrchr(reader->in.bytes, '\n', reader->in.length);

		reader->in.length = reader->head_length = last ? (size_t)(last - reader->in.bytes) + 1 : 0;
	}
	http_head(reader, &head);
	heard_service(h, SOURCE_HTTP, "http", out);
	if (http_request_is_proxied(request)) {
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
	return http_head_length(says->bytes, says->length) > 0;
}

/* 101: another protocol goes on from here (RFC 9110, 7.8), and no second head will come. */
static bool is_upgrade(const struct heard_end *says)
{
	return says->length > 12 && !memcmp(says->bytes, "HTTP/1.", 7) && !memcmp(says->bytes + 8, " 101", 4) &&
	       head_is_whole(says);
}

static void say_upgrade(const struct heard *h, const struct request *request, struct fact_list *out)
{
	static _Thread_local struct http_head head;

	http_head_lines(h->says.bytes, http_head_length(h->says.bytes, h->says.length), &head);
	heard_service(h, SOURCE_HTTP, "http", out);
	say_request(h, request, out);
	heard_trait(h, SOURCE_HTTP,
		    http_request_is_proxied(request) ? CONFIDENCE_MEASURED : CONFIDENCE_ANNOUNCED,
		    "http.server", http_find(&head, "server"), out);
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
	switch (http_request_read(&h->asks, &request)) {
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
		say_upgrade(h, &request, out);
		return HEARD_DONE;
	}
	state = h->says.length ? http_read(&reader, &room, h->says.bytes, h->says.length, ended) : HTTP_MORE;
	if (state == HTTP_WHOLE) {
		say_request(h, &request, out);
		say_answer(h, &request, &reader, out);
	}
	http_reader_reset(&reader, &room);
	/* Nobody was heard to answer: what the client says by itself is alone.c's. */
	if (state == HTTP_FOREIGN || (state == HTTP_MORE && h->says.ended && h->asks.ended))
		return HEARD_FOREIGN;
	return state == HTTP_WHOLE ? HEARD_DONE : HEARD_MORE;
}
