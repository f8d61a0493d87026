/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is shown once: a person's key, a sensor's, an invitation's token. The secret is made here, its hash and first characters go
 * to the database, and the answer is the row with the secret in it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/api.h"

/* What tells one kind from another. The statement takes: the id, ... , hash, prefix, the body's fields. */
struct kind {
	const char *prefix;
	const char *called; /* the secret, in the answer */
	enum statement statement;
	bool next;     /* the statement takes the id of the path and a new one */
	bool prefixed; /* it takes the first characters */
	bool rotates;  /* it takes no fields */
};

static const struct kind user_key = {AUTH_USER_KEY, "key", SQL_CREATE_USER_KEY, .prefixed = true};
static const struct kind user_key_next = {AUTH_USER_KEY, "key", SQL_ROTATE_USER_KEY, .prefixed = true,
					  .rotates = true};
static const struct kind sensor_key = {AUTH_SENSOR_KEY, "key", SQL_CREATE_SENSOR_KEY, .prefixed = true};
static const struct kind sensor_key_next = {AUTH_SENSOR_KEY, "key", SQL_ROTATE_SENSOR_KEY, .next = true,
					    .prefixed = true};
static const struct kind sensor = {AUTH_SENSOR_KEY, "key", SQL_CREATE_SENSOR, .prefixed = true};
static const struct kind invite = {"", "token", SQL_CREATE_INVITE, .prefixed = false};

struct making {
	const struct kind *kind;
	char secret[SECRET_TEXT_MAX];
	char *row; /* as JSON */
};

static void forget(void *context)
{
	struct making *making = context;

	secret_wipe(making->secret, sizeof(making->secret));
	free(making->row);
}

/* Where a browser finds us. */
static void base_write(const struct api_call *call, struct buffer *out)
{
	const struct http_head *head = &call->request->head;
	const char *url = call->app->settings->public_url;

	if (url)
		buffer_add(out, url, strlen(url) - (url[strlen(url) - 1] == '/'));
	else
		buffer_printf(out, "%s://%s", head->tls ? "https" : "http", head->host);
}

/* The row is an object: the secret becomes its last member. */
static void on_known(void *arg, int error)
{
	struct api_call *call = arg;
	struct making *making = call->context;
	struct buffer out = {0}, url = {0};

	(void)error; /* it is committed; the next reading knows it */
	buffer_add(&out, making->row, strlen(making->row) - 1);
	buffer_key(&out, making->kind->called);
	buffer_json(&out, making->secret, strlen(making->secret));
	if (making->kind == &invite) {
		/* In the fragment: no server and no log sees it. */
		base_write(call, &url);
		buffer_printf(&url, "/register#invite=%s", making->secret);
		buffer_key(&out, "url");
		buffer_json(&out, url.bytes, url.length);
		buffer_free(&url);
	}
	buffer_text(&out, "}");
	api_answer(call, &out);
}

static void on_made(struct api_call *call, const struct db_reply *reply)
{
	struct making *making = call->context;
	const char *row = db_value(reply, API_FIRST, 0, 0);

	if (!row) {
		api_refuse(call, 404, "there is no such key");
		return;
	}
	making->row = strdup(row);
	if (!making->row) {
		api_refuse(call, 503, "there is no memory");
		return;
	}
	api_etag(call, db_value(reply, API_FIRST, 0, 1));
	auth_refresh(call->app->auth, on_known, call);
}

static void add(struct api_call *call, struct db_session *s)
{
	struct making *making = call->context;
	const struct kind *kind = making->kind;
	char id[ID_TEXT_MAX], text[SECRET_HASH_TEXT_MAX], prefix[SECRET_PREFIX_MAX];
	const char *parameters[5];
	uint8_t hash[SECRET_HASH_BYTES];
	size_t count = 0;

	secret_make(kind->prefix, making->secret);
	secret_hash(making->secret, strlen(making->secret), hash);
	if (call->id[0])
		parameters[count++] = call->id;
	if (!call->id[0] || kind->next)
		parameters[count++] = id_random(id);
	parameters[count++] = secret_hash_text(hash, text);
	if (kind->prefixed)
		parameters[count++] = secret_prefix(making->secret, prefix);
	if (!kind->rotates)
		parameters[count++] = call->fields.bytes;
	db_add(s, kind->statement, parameters, count);
}

static void make(struct api_call *call, const struct kind *kind)
{
	struct making *making = calloc(1, sizeof(*making));

	if (!making) {
		api_refuse(call, 503, "there is no memory");
		return;
	}
	making->kind = kind;
	call->context = making;
	call->forget = forget;
	api_query(call, false, add, on_made);
}

void api_user_key_create(struct api_call *call)
{
	make(call, &user_key);
}

void api_user_key_rotate(struct api_call *call)
{
	make(call, &user_key_next);
}

void api_sensor_key_create(struct api_call *call)
{
	make(call, &sensor_key);
}

void api_sensor_key_rotate(struct api_call *call)
{
	make(call, &sensor_key_next);
}

void api_sensor_create(struct api_call *call)
{
	make(call, &sensor);
}

void api_invite_create(struct api_call *call)
{
	make(call, &invite);
}
