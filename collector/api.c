/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What all answers share: the envelope, the transaction, the cookie.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/api.h"
#include "defs/log.h"

enum { SESSION_SECONDS = 7 * 24 * 3600 };

static void call_free(struct api_call *call)
{
	json_free(call->body);
	buffer_free(&call->query);
	buffer_free(&call->fields);
	if (call->forget)
		call->forget(call->context);
	free(call->context);
	free(call);
}

static void answer(struct api_call *call, int status, const char *type, struct buffer *out)
{
	if (out->failed) {
		static const char text[] = "{\"success\":false,\"data\":null,\"error\":\"there is no memory\"}";

		buffer_free(out);
		http_answer_static(call->request, 503, "application/json", text, sizeof(text) - 1);
	} else {
		http_header(call->request, "cache-control", "no-store");
		http_answer(call->request, status, type, out->bytes, out->length);
	}
	call_free(call);
}

static const char meta[] = ",\"meta\":{\"api_version\":1,\"server_version\":\"" NETVISOR_VERSION "\"";

void api_answer_text(struct api_call *call, const char *json)
{
	struct buffer out = {0};

	buffer_text(&out, "{\"success\":true,\"data\":");
	buffer_text(&out, json ? json : "null");
	buffer_text(&out, ",\"error\":null");
	buffer_text(&out, meta);
	buffer_text(&out, "}}");
	answer(call, 200, "application/json", &out);
}

void api_answer_list(struct api_call *call, const char *json, int64_t total, const char *limit,
		     const char *offset)
{
	struct buffer out = {0};

	buffer_text(&out, "{\"success\":true,\"data\":");
	buffer_text(&out, json ? json : "[]");
	buffer_text(&out, ",\"error\":null");
	buffer_text(&out, meta);
	buffer_printf(&out, ",\"pagination\":{\"total\":%" PRId64 ",\"limit\":%s,\"offset\":%s}}}", total,
		      limit, offset);
	answer(call, 200, "application/json", &out);
}

void api_answer(struct api_call *call, struct buffer *data)
{
	if (data->failed) {
		answer(call, 503, "application/json", data);
		return;
	}
	api_answer_text(call, data->bytes);
	buffer_free(data);
}

void api_answer_raw(struct api_call *call, const char *type, struct buffer *body)
{
	answer(call, 200, type, body);
}

void api_unchanged(struct api_call *call)
{
	http_header(call->request, "cache-control", "no-cache");
	http_answer_static(call->request, 304, NULL, NULL, 0);
	call_free(call);
}

void api_refuse(struct api_call *call, int status, const char *message)
{
	struct buffer out = {0};

	buffer_text(&out, "{\"success\":false,\"data\":null,\"error\":");
	buffer_json(&out, message, strlen(message));
	buffer_text(&out, meta);
	buffer_text(&out, "}}");
	answer(call, status, "application/json", &out);
}

void api_redirect(struct api_call *call, const char *to)
{
	http_header(call->request, "location", to);
	http_header(call->request, "cache-control", "no-store");
	http_answer_static(call->request, 302, "text/plain", "", 0);
	call_free(call);
}

void api_refuse_reply(struct api_call *call, const struct db_reply *reply)
{
	const char *state = db_state(reply), *message = db_message(reply);

	if (db_error(reply) == -ENOTCONN) {
		api_refuse(call, 503, "the database is away for the moment; try again");
	} else if (strncmp(state, "NV4", 3) == 0) {
		api_refuse(call, (int)strtol(state + 2, NULL, 10), message);
	} else if (strcmp(state, "42501") == 0) {
		api_refuse(call, 403,
			   "this is not yours to change, or it is in a network that you may not change");
	} else if (strcmp(state, "23505") == 0) {
		api_refuse(call, 409, "there is one like this already");
	} else if (strcmp(state, "23503") == 0) {
		api_refuse(call, 409,
			   "it refers to something that is not there, or something else still refers to it");
	} else if (strncmp(state, "22", 2) == 0 || strncmp(state, "23", 2) == 0) {
		api_refuse(call, 400, message);
	} else if (strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0 || strcmp(state, "55P03") == 0) {
		api_refuse(call, 503, "somebody else is changing the same thing just now; try again");
	} else {
		log_error("%s: the database refuses: %s (%s)", call->request->head.path, message, state);
		api_refuse(call, 503, "the database could not do this; the collector's log says why");
	}
}

static void on_reply(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct api_call *call = arg;

	if (db_error(reply) && !call->tries)
		api_refuse_reply(call, reply);
	else
		call->done(call, reply);
	db_end(s);
}

void api_act(struct api_call *call, struct db_session *s, const char *network_id)
{
	const char *peer = call->request->head.peer;

	if (call->who.key_id[0])
		DB_ADD(s, SQL_ACT_AS_KEY_FROM, call->who.key_id, network_id, peer);
	else
		DB_ADD(s, SQL_ACT_AS_FROM, call->who.user_id, network_id, "", peer);
}

void api_lock(struct db_session *s, const char *kind, const char *ids, const char *fields)
{
	DB_ADD(s, SQL_THINGS_LOCK, kind, ids, fields);
}

static void start_user(void *arg, struct db_session *s)
{
	struct api_call *call = arg;

	db_add(s, SQL_BEGIN, NULL, 0);
	api_act(call, s, "");
	call->add(call, s);
	db_add(s, SQL_COMMIT, NULL, 0);
	db_go(s, on_reply, call);
}

static void start_system(void *arg, struct db_session *s)
{
	struct api_call *call = arg;

	db_add(s, SQL_BEGIN, NULL, 0);
	DB_ADD(s, SQL_ACT_AS_FROM, call->who.user_id, "", "on", call->request->head.peer);
	call->add(call, s);
	db_add(s, SQL_COMMIT, NULL, 0);
	db_go(s, on_reply, call);
}

void api_try(struct api_call *call, bool system, void (*add)(struct api_call *, struct db_session *),
	     void (*done)(struct api_call *, const struct db_reply *))
{
	call->tries = true;
	api_query(call, system, add, done);
}

void api_query(struct api_call *call, bool system, void (*add)(struct api_call *, struct db_session *),
	       void (*done)(struct api_call *, const struct db_reply *))
{
	int error;

	call->add = add;
	call->done = done;
	error = db_begin(call->app->db, system ? start_system : start_user, call);
	if (error == -EAGAIN)
		api_refuse(call, 503, "too many requests are waiting; try again");
	else if (error)
		api_refuse(call, 503, "the database is away for the moment; try again");
}

bool api_role(struct api_call *call, enum role least)
{
	if (call->role >= least)
		return true;
	api_refuse(call, 403, role_needed(least));
	return false;
}

bool api_if_match(struct api_call *call, const char **revision)
{
	char *text = call->request->head.if_match;
	size_t length = strlen(text);

	*revision = NULL;
	if (!length || strcmp(text, "*") == 0)
		return true;
	if (length > 2 && length < 14 && text[0] == '"' && text[length - 1] == '"' &&
	    strspn(text + 1, "0123456789") == length - 2) {
		text[length - 1] = 0;
		*revision = text + 1;
		return true;
	}
	api_refuse(call, 412, "If-Match must be the ETag that was read, in its quotes");
	return false;
}

void api_etag(struct api_call *call, const char *revision)
{
	char value[32];

	snprintf(value, sizeof(value), "\"%.20s\"", revision ? revision : "0");
	http_header(call->request, "etag", value);
}

bool api_body_text(struct api_call *call, const char *key, size_t min, size_t max, const char **out)
{
	char message[120];
	const char *text;
	size_t length;

	if (json_text(json_get(call->body, key), &text, &length) && length >= min && length <= max &&
	    !memchr(text, 0, length)) {
		*out = text;
		return true;
	}
	snprintf(message, sizeof(message), "\"%s\" must be a text of %zu to %zu bytes", key, min, max);
	api_refuse(call, 400, message);
	return false;
}

void api_set_cookie_at(struct api_call *call, const char *name, const char *value, const char *path,
		       int seconds)
{
	const struct settings *settings = call->app->settings;
	char text[512];

	snprintf(text, sizeof(text), "%s=%s; Path=%s; HttpOnly; SameSite=Lax; Max-Age=%d%s", name, value, path,
		 seconds, settings->use_secure_session_cookies || settings->tls_certificate ? "; Secure" : "");
	http_header(call->request, "set-cookie", text);
	secret_wipe(text, sizeof(text));
}

void api_set_cookie(struct api_call *call, const char *token)
{
	api_set_cookie_at(call, AUTH_COOKIE, token, "/", token[0] ? SESSION_SECONDS : 0);
}
