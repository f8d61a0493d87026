/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Links by which a topology is shown to people without an account. A share's password is kept as its argon2id hash, made
 * and compared in the worker; wrong ones are counted like wrong passwords of accounts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "collector/api.h"
#include "collector/worker.h"

enum { PASSWORD_BYTES_MAX = 256 };

const struct schema_field share_fields[] = {
	{"id", SCHEMA_ID, SCHEMA_READ, 0, 0, NULL, "Its id; the link's secret part"},
	{"network_id", SCHEMA_ID, SCHEMA_READ, 0, 0, NULL, "The topology's network"},
	{"topology_id", SCHEMA_ID, SCHEMA_REQUIRED | SCHEMA_CREATE, 0, 0, NULL, "What is shown"},
	{"name", SCHEMA_TEXT, SCHEMA_REQUIRED, 1, 100, NULL, "What it is called"},
	{"is_enabled", SCHEMA_BOOL, 0, 0, 0, NULL, "Whether the link works"},
	{"expires_at", SCHEMA_TIME, SCHEMA_NULL, 0, 0, NULL, "Until when; none for ever"},
	{"password", SCHEMA_TEXT, SCHEMA_NULL | SCHEMA_WRITE, 1, PASSWORD_BYTES_MAX, SCHEMA_PASSWORD,
	 "Asked for; null takes it away"},
	{"has_password", SCHEMA_BOOL, SCHEMA_READ, 0, 0, NULL, "Whether one is asked for"},
	{"allowed_domains", SCHEMA_TEXTS, SCHEMA_NULL, 0, 20,
	 "\"pattern\":\"^([*][.])?([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?[.])*[A-Za-z0-9_]([A-Za-z0-9_-"
	 "]{0,61}[A-Za-z0-9_])?"
	 "(:[0-9]{1,5})?$\"",
	 "Sites that may embed it, as example.org, *.example.org or localhost:8000; none for no site"},
	{"options", SCHEMA_OBJECT, 0, 0, 4096, NULL,
	 "show_inspect_panel, show_zoom_controls, show_export_button"},
	{"created_by", SCHEMA_ID, SCHEMA_READ, 0, 0, NULL, "Who made it"},
	{"revision", SCHEMA_INTEGER, SCHEMA_READ, 0, 0, NULL, "Raised by each change; the ETag"},
	{"created_at", SCHEMA_TIME, SCHEMA_READ, 0, 0, NULL, "When it was made"},
	{"updated_at", SCHEMA_TIME, SCHEMA_READ, 0, 0, NULL, "When it was changed last"},
	{0},
};
const struct schema_field share_filters[] = {
	{"topology_id", SCHEMA_ID, 0, 0, 0, NULL, "Only those of this topology"},
	{0},
};
const struct schema_field share_verify_fields[] = {
	{"password", SCHEMA_TEXT, SCHEMA_REQUIRED, 1, PASSWORD_BYTES_MAX, SCHEMA_PASSWORD,
	 "The share's password"},
	{0},
};

struct share {
	char password[PASSWORD_BYTES_MAX + 1];
	char hash[PASSWORD_HASH_MAX]; /* "" to have none */
	char secret[ID_TEXT_MAX];     /* of the share that is asked for */
	const char *revision;
	bool given, right;
	int error;
};

static void on_made(struct api_call *call, const struct db_reply *reply)
{
	if (!db_rows(reply, API_FIRST)) {
		api_refuse(call, 404, "there is no such topology");
		return;
	}
	api_etag(call, db_value(reply, API_FIRST, 0, 1));
	api_answer_text(call, db_value(reply, API_FIRST, 0, 0));
}

static void add_create(struct api_call *call, struct db_session *s)
{
	const struct share *share = call->context;

	DB_ADD(s, SQL_CREATE_SHARE, id_random(call->id), call->fields.bytes, share->hash);
}

static void on_changed(struct api_call *call, const struct db_reply *reply)
{
	if (!db_rows(reply, API_FIRST))
		api_refuse(call, 404, "there is no such share");
	else if (!db_rows(reply, API_FIRST + 1))
		api_refuse(call, ((struct share *)call->context)->revision ? 412 : 403,
			   "somebody else has changed it since you read it, or it is not yours to change");
	else {
		api_etag(call, db_value(reply, API_FIRST + 1, 0, 1));
		api_answer_text(call, db_value(reply, API_FIRST + 1, 0, 0));
	}
}

static void add_update(struct api_call *call, struct db_session *s)
{
	const struct share *share = call->context;

	DB_ADD(s, SQL_GET_SHARE, call->id);
	DB_ADD(s, SQL_UPDATE_SHARE, call->id, call->fields.bytes, share->revision,
	       share->given ? share->hash : NULL);
}

static void store(struct api_call *call)
{
	if (call->route->method == HTTP_PUT)
		api_query(call, false, add_update, on_changed);
	else
		api_query(call, false, add_create, on_made);
}

static void hash_work(void *arg)
{
	struct share *share = ((struct api_call *)arg)->context;

	share->error = password_hash(share->password, share->hash);
	secret_wipe(share->password, sizeof(share->password));
}

static void on_hashed(void *arg)
{
	struct api_call *call = arg;

	if (((struct share *)call->context)->error)
		api_refuse(call, 503, "there is no memory to hash the password");
	else
		store(call);
}

static struct share *share_of(struct api_call *call)
{
	struct share *share = calloc(1, sizeof(*share));
	const char *text;
	size_t length;

	if (!share) {
		api_refuse(call, 503, "there is no memory");
		return NULL;
	}
	call->context = share;
	if (json_text(json_get(call->body, "password"), &text, &length))
		snprintf(share->password, sizeof(share->password), "%s", text);
	return share;
}

static int find_password(void *arg, const char *key, const struct json *value)
{
	(void)value;
	(void)arg;
	return strcmp(key, "password") == 0;
}

void api_share_store(struct api_call *call)
{
	struct share *share = share_of(call);

	if (!share || !api_if_match(call, &share->revision))
		return;
	/* Named and null is another thing than not named. */
	share->given = call->body && json_each(call->body, find_password, NULL);
	if (!share->password[0])
		store(call);
	else if (worker_run(call->app->worker, hash_work, on_hashed, call))
		api_refuse(call, 503, "too many passwords are being hashed just now; try again");
}

static void on_public(struct api_call *call, const struct db_reply *reply)
{
	const char *name = db_value(reply, API_FIRST, 0, 0);
	struct buffer out = {0};

	if (!db_rows(reply, API_FIRST)) {
		api_refuse(call, 404, "there is no such share, or it has ended");
		return;
	}
	buffer_text(&out, "{\"name\":");
	buffer_json(&out, name, strlen(name));
	buffer_printf(&out, ",\"requires_password\":%s,\"options\":%s}",
		      db_value(reply, API_FIRST, 0, 2) ? "true" : "false", db_value(reply, API_FIRST, 0, 1));
	api_answer(call, &out);
}

static void add_public(struct api_call *call, struct db_session *s)
{
	DB_ADD(s, SQL_SHARE_PUBLIC, call->id);
}

void api_share_public(struct api_call *call)
{
	api_query(call, false, add_public, on_public);
}

static void on_right(struct api_call *call, const struct db_reply *reply)
{
	const struct share *share = call->context;
	long long expires = (long long)time(NULL) + SHARE_TOKEN_S;
	char token[SHARE_TOKEN_MAX];
	struct buffer out = {0};

	(void)reply;
	if (!share->hash[0]) {
		api_answer_text(call, "{\"valid\":true,\"token\":null,\"expires_at\":null}");
		return;
	}
	share_token(call->id, share->hash, share->secret, expires, token);
	buffer_printf(&out, "{\"valid\":true,\"token\":\"%s\",\"expires_at\":%lld}", token, expires);
	secret_wipe(token, sizeof(token));
	api_answer(call, &out);
}

static void add_right(struct api_call *call, struct db_session *s)
{
	DB_ADD(s, SQL_LOGIN_SUCCEEDED, call->id, call->request->head.peer);
}

static void verify_work(void *arg)
{
	struct share *share = ((struct api_call *)arg)->context;

	share->right = password_verify(share->hash, share->password);
	secret_wipe(share->password, sizeof(share->password));
}

static void on_verified(void *arg)
{
	struct api_call *call = arg;

	if (((struct share *)call->context)->right)
		api_query(call, true, add_right, on_right);
	else
		api_refuse(call, 401, "the password is wrong");
}

/* Counted before it is compared, as a sign-in is: by share and by address. */
static void on_attempt(struct api_call *call, const struct db_reply *reply)
{
	struct share *share = call->context;
	const char *hash = db_value(reply, API_FIRST, 0, 0);

	if (!db_rows(reply, API_FIRST)) {
		api_refuse(call, 404, "there is no such share, or it has ended");
	} else if (!hash) {
		api_query(call, true, add_right, on_right); /* nothing was guessed */
	} else if (!api_locked(call, reply, API_FIRST + 1)) {
		snprintf(share->hash, sizeof(share->hash), "%s", hash);
		snprintf(share->secret, sizeof(share->secret), "%s", db_value(reply, API_FIRST, 0, 1));
		if (worker_run(call->app->worker, verify_work, on_verified, call))
			api_refuse(call, 503, "too many passwords are being compared just now; try again");
	}
}

static void add_attempt(struct api_call *call, struct db_session *s)
{
	DB_ADD(s, SQL_SHARE_KEY, call->id);
	DB_ADD(s, SQL_LOGIN_ATTEMPT, call->id, call->request->head.peer);
}

void api_share_verify(struct api_call *call)
{
	if (share_of(call))
		api_query(call, true, add_attempt, on_attempt);
}
