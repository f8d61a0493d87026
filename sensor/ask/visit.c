// SPDX-License-Identifier: BSD-2-Clause
/* Which paths, and what answers say. See visit.h. */
#include "sensor/ask/visit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "defs/asked.h"
#include "defs/limits.h"
#include "sensor/ask/certificate.h"
#include "sensor/ask/favicon.h"
#include "sensor/ask/inflate.h"

enum {
	PIECE_BYTES_MAX = 3800, /* of a body in one fact, so that the path has room beside it */
	HEADERS_SAID_MAX = 24,
	HEADER_BYTES_MAX = 512,
	INFLATED_BYTES_MAX = HTTP_BODY_BYTES_MAX,
	ERROR_BODY_BYTES_MAX = 1024, /* of a first page that is an error */
};

static const char icon_default[] = "/favicon.ico";

/* Headers that differ in every answer, or hold what is nobody's business. */
static const char *const unsaid[] = {"age",
				     "connection",
				     "content-encoding",
				     "content-length",
				     "content-security-policy",
				     "date",
				     "etag",
				     "expires",
				     "keep-alive",
				     "last-modified",
				     "nel",
				     "report-to",
				     "server-timing",
				     "set-cookie",
				     "transfer-encoding",
				     "x-csrf-token",
				     "x-request-id",
				     "x-runtime",
				     "x-trace-id",
				     "permissions-policy",
				     "authorization",
				     "x-correlation-id"};

void visit_begin(struct visit *visit)
{
	*visit = (struct visit){.path = "/", .path_length = 1};
}

struct text visit_path(const struct visit *visit)
{
	struct text path = {visit->path, visit->path_length};

	if (visit->stage == VISIT_OVER)
		path.length = 0;
	return path;
}

static void go_to(struct visit *visit, const char *path, size_t length)
{
	memmove(visit->path, path, length);
	visit->path_length = length;
}

/* Start, then the icon, then what definitions ask for: the icon tells more than any single path. */
void visit_skip(struct visit *visit, const struct dialogue_context *context)
{
	const char *const *paths = NULL, *const *anywhere = NULL;
	size_t count = asked_paths(context->port_h, &paths), all = count + asked_paths(0, &anywhere);

	if (++visit->gets >= VISIT_PATHS_MAX) {
		visit->stage = VISIT_OVER;
		return;
	}
	if (visit->stage == VISIT_START) {
		visit->stage = VISIT_ICON;
		if (visit->icon_length)
			go_to(visit, visit->icon, visit->icon_length);
		else
			go_to(visit, icon_default, sizeof(icon_default) - 1);
		return;
	}
	visit->stage = VISIT_ASKED;
	while (visit->asked < all) {
		const char *path = visit->asked < count ? paths[visit->asked] : anywhere[visit->asked - count];

		visit->asked++;
		if (strlen(path) > sizeof(visit->path) || !strcmp(path, "/"))
			continue;
		go_to(visit, path, strlen(path));
		return;
	}
	visit->stage = VISIT_OVER;
}

/* "PATH what is said" as a trait. */
static void say_of_path(const struct visit *visit, const struct say *say, const char *key, struct text value)
{
	static _Thread_local char text[STREAM_TEXT_BYTES_MAX];
	size_t length = visit->path_length < 256 ? visit->path_length : 256;

	memcpy(text, visit->path, length);
	text[length++] = ' ';
	if (value.length > sizeof(text) - length)
		value.length = sizeof(text) - length;
	memcpy(text + length, value.bytes, value.length);
	say_trait(say, key, (struct text){text, length + value.length});
}

static bool is_unsaid(struct text name)
{
	for (size_t i = 0; i < sizeof(unsaid) / sizeof(unsaid[0]); i++)
		if (text_is(name, unsaid[i]))
			return true;
	return false;
}

bool visit_is_secret(struct text name)
{
	static const char *const parts[] = {"token", "session", "secret", "api-key", "apikey",
					    "auth-", "-auth",	"csrf",	  "xsrf",    "user",
					    "mail",  "account", "cookie", "passw",   "authentication"};

	for (size_t at = 0; at < name.length && !text_is(name, "user-agent"); at++)
		for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
			if (text_begins((struct text){name.bytes + at, name.length - at}, parts[i]))
				return true;
	return text_is(name, "authorization") || text_is(name, "proxy-authorization");
}

/* Their values are addresses. */
static bool is_address(struct text name)
{
	return text_is(name, "location") || text_is(name, "content-location") || text_is(name, "refresh") ||
	       text_is(name, "link");
}

/* What follows a ? or # in an address may be a ticket: it is left out, wherever the address ends. */
static size_t without_queries(char *text, size_t length)
{
	size_t kept = 0;
	bool query = false;

	for (size_t i = 0; i < length; i++) {
		if (text[i] == '?' || text[i] == '#')
			query = true;
		else if (text[i] == '>' || text[i] == '"' || text[i] == ' ' || text[i] == ',')
			query = false;
		if (!query)
			text[kept++] = text[i];
	}
	return kept;
}

static void say_headers(const struct visit *visit, const struct http_head *head, const struct say *say)
{
	struct text server = http_find(head, "server");
	size_t said = 0;

	if (server.length > HEADER_BYTES_MAX)
		server.length = HEADER_BYTES_MAX;
	if (visit->gets == visit->redirects) /* of the first page */
		say_trait(say, "http.server", server);
	for (size_t i = 0; i < head->count && said < HEADERS_SAID_MAX; i++) {
		char line[HEADER_BYTES_MAX], folded[HEADER_BYTES_MAX];
		struct text name = head->header[i].name, value = head->header[i].value;
		size_t length = 0;

		/* A cookie's name tells the program; its value is a secret. */
		if (text_is(name, "set-cookie")) {
			const char *end = value.length ? memchr(value.bytes, '=', value.length) : NULL;

			value.length = end ? (size_t)(end - value.bytes) : 0;
			if (!value.length)
				continue;
		} else if (is_unsaid(name) ||
			   (is_address(name) && (visit->personal || visit->path[0] == '*'))) {
			continue;
		} else if (visit_is_secret(name)) {
			value = (struct text){"*", 1};
		}
		if (!name.length || name.length > 64)
			continue;
		for (; length < name.length; length++)
			line[length] = (char)(name.bytes[length] >= 'A' && name.bytes[length] <= 'Z'
						      ? name.bytes[length] | 0x20
						      : name.bytes[length]);
		line[length++] = ':';
		line[length++] = ' ';
		value.length = html_fold(value, folded, sizeof(folded) - length);
		if (is_address(name))
			value.length = without_queries(folded, value.length);
		memcpy(line + length, folded, value.length);
		say_of_path(visit, say, "http.header", (struct text){line, length + value.length});
		said++;
	}
}

/* Types whose bytes are no text. */
static bool is_text(const struct http_head *head)
{
	static const char *const other[] = {"image/",
					    "audio/",
					    "video/",
					    "font/",
					    "application/octet-stream",
					    "application/zip",
					    "application/gzip",
					    "application/pdf",
					    "application/x-"};
	struct text type = http_find(head, "content-type");

	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		if (text_begins(type, other[i]))
			return text_begins(type, "application/x-www") ||
			       text_begins(type, "application/x-javascript");
	return true;
}

/* FNV-1a. */
static uint64_t hash_of(const char *bytes, size_t length)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (uint8_t)bytes[i]) * 0x100000001b3;
	return hash;
}

static void say_body(struct visit *visit, const struct http_head *head, struct text body, const struct say *say)
{
	static _Thread_local char folded[VISIT_PIECES_MAX * PIECE_BYTES_MAX];
	uint64_t hash = hash_of(body.bytes, body.length);
	size_t length, piece, limit = head->status >= 400 ? ERROR_BODY_BYTES_MAX : sizeof(folded);

	if (visit->stage != VISIT_ASKED)
		visit->first = hash;
	else if (visit->first == hash)
		return;
	if (!is_text(head))
		return;
	length = html_fold(body, folded, limit);
	for (size_t at = 0; at < length; at += piece) {
		struct text text = text_cut((struct text){folded + at, length - at}, PIECE_BYTES_MAX);

		piece = text.length;
		if (!piece)
			break;
		say_of_path(visit, say, "http.body", text);
	}
}

static void say_icon(struct text icon, const struct say *say)
{
	char hash[16], digest[65];
	int length = snprintf(hash, sizeof(hash), "%" PRId32,
			      favicon_hash((const uint8_t *)icon.bytes, icon.length));

	say_trait(say, "http.favicon", (struct text){hash, (size_t)length});
	digest_sha256(icon.bytes, icon.length, digest);
	say_trait(say, "http.favicon_sha256", (struct text){digest, 64});
}

/* Host and port as Host had them, for addresses that an answer writes out. */
static struct text own_host(const struct dialogue_context *context, char *out, size_t size)
{
	char text[ADDR_TEXT_MAX], host[ADDR_TEXT_MAX + 2], port[8] = "";
	int length;

	snprintf(host, sizeof(host), context->ip.version == 6 ? "[%s]" : "%s", ip_text(&context->ip, text));
	if (context->port_h != (context->tls ? 443 : 80))
		snprintf(port, sizeof(port), ":%u", context->port_h);
	length = snprintf(out, size, "%s%s", *context->name ? context->name : host, port);
	return (struct text){out, length < 0 ? 0 : (size_t)length < size ? (size_t)length : size - 1};
}

/* Where it leads, when that is another page of this server; also by the tag that a page may have for it. */
static bool follow(struct visit *visit, const struct http_head *head, struct text host)
{
	char path[HTML_PATH_BYTES_MAX];
	size_t length;

	if (head->status < 300 || head->status >= 400 || visit->stage == VISIT_ASKED ||
	    visit->redirects >= VISIT_REDIRECTS_MAX || visit->gets + 1 >= VISIT_PATHS_MAX)
		return false;
	length = html_resolve((struct text){visit->path, visit->path_length}, host, http_find(head, "location"),
			      path);
	if (!length || (length == visit->path_length && !memcmp(path, visit->path, length)))
		return false;
	visit->redirects++;
	visit->gets++;
	go_to(visit, path, length);
	return true;
}

void visit_answer(struct visit *visit, const struct dialogue_context *context, const struct http_reader *reader,
		  const struct say *say)
{
	static _Thread_local uint8_t inflated[INFLATED_BYTES_MAX];
	static _Thread_local struct http_head head;
	char status[8], host[512], title[HTML_TITLE_BYTES_MAX];
	struct text body = http_body(reader), own = own_host(context, host, sizeof(host)), encoding;
	bool cut = false;

	http_head(reader, &head);
	encoding = http_find(&head, "content-encoding");
	if (text_is(encoding, "gzip") || text_is(encoding, "deflate") || text_is(encoding, "x-gzip")) {
		body.length = inflate_bounded((const uint8_t *)body.bytes, body.length, inflated,
					      sizeof(inflated), &cut);
		body.bytes = (const char *)inflated;
	} else if (encoding.length && !text_is(encoding, "identity")) {
		body.length = 0;
	}
	if (visit->stage == VISIT_ICON) {
		if (follow(visit, &head, own))
			return;
		if (head.status == 200 && body.length && !reader->cut && !cut &&
		    !text_begins(http_find(&head, "content-type"), "text/html"))
			say_icon(body, say);
		visit_skip(visit, context);
		return;
	}
	say_of_path(visit, say, "http.status",
		    (struct text){status, (size_t)snprintf(status, sizeof(status), "%u", head.status % 1000)});
	/* It is not there, and how that is said is of no interest; but who may not see it may be told by what. */
	if (visit->stage == VISIT_ASKED &&
	    (head.status == 400 || head.status == 404 || head.status == 405 || head.status == 410)) {
		visit_skip(visit, context);
		return;
	}
	say_headers(visit, &head, say);
	if (visit->stage == VISIT_START) {
		if (follow(visit, &head, own))
			return;
		say_trait(say, "http.title", (struct text){title, html_title(body, title)});
		visit->icon_length = html_resolve((struct text){visit->path, visit->path_length}, own,
						  html_icon(body), visit->icon);
	}
	say_body(visit, &head, body, say);
	visit_skip(visit, context);
}
