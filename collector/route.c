/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a request to its route, and what is asked of every request before its function is called: a session, an own origin
 * when it changes something, a body that is JSON.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "collector/api.h"
#include "collector/import/import.h"
#include "collector/loop.h"
#include "collector/rate.h"
#include "collector/static.h"

/* One part of a path against {a hole} of the pattern; what stands there goes to the call. */
static bool take_hole(struct api_call *call, const char *name, size_t name_length, const char *part,
		      size_t length)
{
	char *to = !call->id[0] ? call->id : call->other;

	if (name_length >= 2 && memcmp(name + name_length - 2, "id", 2) == 0) {
		if (!id_valid(part, length) || to[0])
			return false;
		snprintf(to, ID_TEXT_MAX, "%.*s", (int)length, part);
		return true;
	}
	if (!length || length >= API_WORD_MAX)
		return false;
	snprintf(call->word, sizeof(call->word), "%.*s", (int)length, part);
	return true;
}

static bool matches(struct api_call *call, const char *pattern, const char *path)
{
	call->id[0] = call->other[0] = call->word[0] = 0;
	while (*pattern && *path) {
		size_t of_pattern = strcspn(pattern, "/"), of_path = strcspn(path, "/");
		bool same = of_pattern == of_path && memcmp(pattern, path, of_path) == 0;

		if (pattern[0] == '{' ? !take_hole(call, pattern + 1, of_pattern - 2, path, of_path) : !same)
			return false;
		pattern += of_pattern + (pattern[of_pattern] == '/');
		path += of_path;
		if (*path == '/' && !*++path)
			return false; /* a slash at the end names something else */
	}
	return !*pattern && !*path;
}

static bool origin_is(const char *origin, const char *host, size_t length)
{
	const char *at = strstr(origin, "://");

	return at && length && strncmp(at + 3, host, length) == 0 && !at[3 + length];
}

bool route_origin_own(const struct app *app, const struct http_head *head)
{
	const char *public_url = app->settings->public_url;

	if (strncmp(head->origin, "http://", 7) != 0 && strncmp(head->origin, "https://", 8) != 0)
		return false;
	if (origin_is(head->origin, head->host, strlen(head->host)))
		return true;
	if (!public_url || !strstr(public_url, "://"))
		return false;
	public_url = strstr(public_url, "://") + 3;
	return origin_is(head->origin, public_url, strcspn(public_url, "/"));
}

static bool token_is(const char *authorization, const char *token)
{
	uint8_t given[SECRET_HASH_BYTES], wanted[SECRET_HASH_BYTES];

	if (!token || !*token || strncmp(authorization, "Bearer ", 7) != 0)
		return false;
	secret_hash(authorization + 7, strlen(authorization + 7), given);
	secret_hash(token, strlen(token), wanted);
	return secret_equal(given, wanted);
}

static bool changes(enum http_method method)
{
	return method == HTTP_POST || method == HTTP_PUT || method == HTTP_DELETE;
}

/* From a page of another site. A browser that leaves out the origin still says where it comes from; a program says neither. */
static bool foreign(const struct app *app, const struct http_head *head)
{
	if (head->origin[0])
		return !route_origin_own(app, head);
	return head->cookie[0] && (strcmp(head->sec_fetch_site, "cross-site") == 0 ||
				   strcmp(head->sec_fetch_site, "same-site") == 0);
}

/* Whoever asks has asked too often. */
static bool late(struct api_call *call, const struct auth_session *who)
{
	const struct http_head *head = &call->request->head;
	struct app *app = call->app;
	char seconds[24];
	long wait;

	if (call->route->flags & ROUTE_FREE)
		return false;
	if (!who && (call->route->flags & ROUTE_METRICS) &&
	    token_is(head->authorization, app->settings->metrics_token))
		return false;
	wait = who ? rate_take(app->rate, RATE_PERSON, who->key_id[0] ? who->key_id : who->user_id,
			       loop_now_ms() * 1000)
		   : rate_take(app->rate, RATE_STRANGER, head->peer, loop_now_ms() * 1000);
	if (!wait)
		return false;
	snprintf(seconds, sizeof(seconds), "%ld", wait);
	http_header(call->request, "retry-after", seconds);
	return true;
}

/* NULL, or why the caller may not; *status then says how. */
static const char *admit(struct api_call *call, int *status)
{
	const struct http_head *head = &call->request->head;
	const struct route *route = call->route;
	const struct app *app = call->app;
	const struct auth_session *who;

	who = auth_session_of(app->auth, head);
	if (late(call, who)) {
		*status = 429;
		return "these are too many requests; wait a little (see --rate-limit)";
	}
	if (changes(route->method) && foreign(app, head)) {
		*status = 403;
		return "this request comes from another site; if a proxy stands before the collector, see "
		       "--public-url";
	}
	if (who) {
		call->who = *who;
		call->role = role_of(who->permissions);
		call->signed_in = true;
	}
	if (!(route->flags & ROUTE_NO_DB) && !db_up(app->db)) {
		*status = 503;
		return "the database is away for the moment; try again";
	}
	if (route->flags & ROUTE_OPEN)
		return NULL;
	*status = 403;
	if (call->signed_in && route->flags & ROUTE_SESSION && call->who.key_id[0])
		return "this can't be done with a key: sign in";
	if (call->signed_in && route->flags & ROUTE_WHOLE && call->who.limited)
		return "this key is for some networks only";
	if (call->signed_in)
		return call->role >= route->role ? NULL : role_needed(route->role);
	if ((route->flags & ROUTE_METRICS) && token_is(head->authorization, app->settings->metrics_token))
		return NULL;
	*status = auth_known(app->auth) ? 401 : 503;
	return auth_known(app->auth) ? "sign in first" : "the database is away for the moment; try again";
}

/* What a form of another site can send without asking first; or no type at all. */
static bool form(const char *type)
{
	static const char *const types[] = {"application/x-www-form-urlencoded", "multipart/form-data",
					    "text/plain"};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strncasecmp(type, types[i], strlen(types[i])) == 0)
			return true;
	return !*type;
}

static const char *read_body(struct api_call *call)
{
	struct http_request *request = call->request;
	const char *why;

	if (call->route->flags & ROUTE_FILE)
		return form(request->head.content_type) ? "the body must be a file with a type of its own, "
							  "such as application/octet-stream"
		       : request->body_length		? NULL
							: "the file is empty";
	if (!request->body_length)
		return NULL;
	/* A form of another site can't send this type without asking first. */
	if (strncmp(request->head.content_type, "application/json", 16) != 0)
		return "the body must be application/json";
	if (json_read(request->body, request->body_length, &call->body, &why) < 0)
		return "the body is not JSON";
	return json_kind(call->body) == JSON_OBJECT ? NULL : "the body must be a JSON object";
}

/* Query and body by the route's tables: what is wrong, or NULL. */
static const char *check(struct api_call *call, char why[static SCHEMA_WHY_MAX])
{
	const struct route *route = call->route;
	enum schema_use use = route->method == HTTP_PUT ? SCHEMA_FOR_UPDATE : SCHEMA_FOR_CREATE;

	if (route->flags & ROUTE_LOOSE)
		return NULL;
	if (!schema_query(route->query ? route->query : schema_none, &call->request->head, &call->query, why))
		return why;
	if (route->flags & ROUTE_FILE)
		return NULL;
	if (!route->body && call->body)
		return "this takes no body";
	if (route->body && !schema_check(route->body, use, call->body, &call->fields, why))
		return why;
	return NULL;
}

static void run(struct api_call *call, const struct route *route)
{
	char space[SCHEMA_WHY_MAX];
	int status = 400;
	const char *why;

	call->route = route;
	why = admit(call, &status);
	if (!why) {
		status = 400;
		why = read_body(call);
	}
	if (!why)
		why = check(call, space);
	if (why)
		api_refuse(call, status, why);
	else
		route->answer(call);
}

/* /api/v1/X is /api/X. */
static void path_plain(char path[static 512])
{
	if (strncmp(path, "/api/v1/", 8) == 0)
		memmove(path + 5, path + 8, strlen(path + 8) + 1);
}

void route_request(void *arg, struct http_request *request)
{
	struct app *app = arg;
	char *path = request->head.path;
	enum http_method method = request->head.method == HTTP_HEAD ? HTTP_GET : request->head.method;
	bool api = strncmp(path, "/api/", 5) == 0 || strcmp(path, "/metrics") == 0, known = false;
	struct api_call *call;

	if (!api && method == HTTP_GET && share_embed(app, request))
		return;
	if (!api && method == HTTP_GET) {
		static_answer(app->files, request);
		return;
	}
	call = calloc(1, sizeof(*call));
	if (!call) {
		http_answer_static(request, 503, "text/plain", "there is no memory\n", 19);
		return;
	}
	call->app = app;
	call->request = request;
	path_plain(path);
	/* Words before holes: /api/tags/assign is not the tag "assign". */
	for (size_t i = 0; i < route_count(); i++) {
		const struct route *route = route_at(i);

		if (!matches(call, route->path, path))
			continue;
		known = true;
		if (route->method == method) {
			run(call, route);
			return;
		}
	}
	api_refuse(call, known || !api ? 405 : 404,
		   known || !api ? "this method is not for this path" : "there is nothing at this path");
}

size_t route_body_max(void *arg, const struct http_head *head)
{
	struct app *app = arg;
	const struct auth_session *who = auth_session_of(app->auth, head);
	struct api_call call = {0};
	char path[sizeof(head->path)];

	snprintf(path, sizeof(path), "%s", head->path);
	path_plain(path);
	for (size_t i = 0; who && i < route_count(); i++) {
		const struct route *route = route_at(i);

		if (route->flags & ROUTE_FILE && route->method == head->method &&
		    matches(&call, route->path, path) && role_of(who->permissions) >= route->role)
			return IMPORT_BYTES_MAX;
	}
	return HTTP_BODY_BYTES_MAX;
}
