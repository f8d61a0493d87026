/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signing in. An attempt is counted, in the database, before its password is looked at, by account and by address; success
 * forgets the count. Passwords are hashed in the worker. An account that does not exist takes as long as one that does.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/api.h"
#include "collector/setup.h"
#include "collector/worker.h"

enum { EMAIL_BYTES_MAX = 254, PASSWORD_BYTES_MAX = 256, NAME_BYTES_MAX = 100 };

struct attempt {
	char email[EMAIL_BYTES_MAX + 1], password[PASSWORD_BYTES_MAX + 1];
	char name[NAME_BYTES_MAX + 1], organization[NAME_BYTES_MAX + 1];
	char hash[PASSWORD_HASH_MAX];
	char user_id[ID_TEXT_MAX];
	char token[SECRET_TEXT_MAX];
	uint8_t setup_hash[SECRET_HASH_BYTES];
	bool known, right;
	int error;
};

/* What an unknown account's password is compared with: argon2id of nothing that anyone has. */
static const char nobody[] = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"
			     "q8Nq1QnFpy5WlTqA5JcMxvPu8ci2vhk6GgKqOTfgzTw";

static bool attempt_read(struct api_call *call, struct attempt **out)
{
	const char *email, *password;
	struct attempt *attempt;

	if (!api_body_text(call, "email", 3, EMAIL_BYTES_MAX, &email) ||
	    !api_body_text(call, "password", 1, PASSWORD_BYTES_MAX, &password))
		return false;
	attempt = calloc(1, sizeof(*attempt));
	if (!attempt) {
		api_refuse(call, 503, "there is no memory");
		return false;
	}
	snprintf(attempt->email, sizeof(attempt->email), "%s", email);
	snprintf(attempt->password, sizeof(attempt->password), "%s", password);
	call->context = attempt;
	*out = attempt;
	return true;
}

static void who_write(struct buffer *out, const struct auth_session *who)
{
	buffer_text(out, "{");
	buffer_key(out, "id");
	buffer_json(out, who->user_id, strlen(who->user_id));
	buffer_key(out, "organization_id");
	buffer_json(out, who->organization_id, strlen(who->organization_id));
	buffer_key(out, "email");
	buffer_json(out, who->email, strlen(who->email));
	buffer_key(out, "name");
	buffer_json(out, who->name, strlen(who->name));
	buffer_key(out, "permissions");
	buffer_json(out, who->permissions, strlen(who->permissions));
	buffer_text(out, "}");
}

/* The session is committed, and the copy of all sessions knows it. */
static void on_known(void *arg, int error)
{
	struct api_call *call = arg;
	struct attempt *attempt = call->context;
	uint8_t hash[SECRET_HASH_BYTES];
	const struct auth_session *who;
	struct buffer out = {0};

	secret_hash(attempt->token, strlen(attempt->token), hash);
	who = error ? NULL : auth_session_by_hash(call->app->auth, hash);
	if (!who) {
		api_refuse(call, 503, "the database is away for the moment; try again");
		return;
	}
	api_set_cookie(call, attempt->token);
	secret_wipe(attempt->token, sizeof(attempt->token));
	who_write(&out, who);
	api_answer(call, &out);
}

static void add_session(struct api_call *call, struct db_session *s, const char *user_id)
{
	struct attempt *attempt = call->context;
	uint8_t hash[SECRET_HASH_BYTES];
	char text[SECRET_HASH_TEXT_MAX];

	secret_make("", attempt->token);
	secret_hash(attempt->token, strlen(attempt->token), hash);
	DB_ADD(s, SQL_SESSION_CREATE, secret_hash_text(hash, text), user_id);
	DB_ADD(s, SQL_SESSION_LIMIT, user_id);
	DB_ADD(s, SQL_CREDENTIAL_NOTIFY, "session");
}

static void on_session(struct api_call *call, const struct db_reply *reply)
{
	(void)reply;
	auth_refresh(call->app->auth, on_known, call);
}

static void add_success(struct api_call *call, struct db_session *s)
{
	struct attempt *attempt = call->context;

	DB_ADD(s, SQL_LOGIN_SUCCEEDED, attempt->email, call->request->head.peer);
	add_session(call, s, attempt->user_id);
}

static void verify_work(void *arg)
{
	struct attempt *attempt = ((struct api_call *)arg)->context;

	attempt->right =
		password_verify(attempt->known ? attempt->hash : nobody, attempt->password) && attempt->known;
	secret_wipe(attempt->password, sizeof(attempt->password));
}

static void on_verified(void *arg)
{
	struct api_call *call = arg;
	struct attempt *attempt = call->context;

	if (attempt->right)
		api_query(call, true, add_success, on_session);
	else
		api_refuse(call, 401, "the e-mail address or the password is wrong");
}

static void on_attempt(struct api_call *call, const struct db_reply *reply)
{
	struct attempt *attempt = call->context;
	const char *hash = db_value(reply, API_FIRST + 1, 0, 1);
	int64_t locked_s = 0;

	for (size_t row = 0; row < db_rows(reply, API_FIRST); row++)
		if (db_integer(reply, API_FIRST, row, 0) > locked_s)
			locked_s = db_integer(reply, API_FIRST, row, 0);
	if (locked_s > 0) {
		char seconds[24], message[120];

		snprintf(seconds, sizeof(seconds), "%lld", (long long)locked_s);
		http_header(call->request, "retry-after", seconds);
		snprintf(message, sizeof(message), "too many failed attempts; try again in %lld minutes",
			 (long long)(locked_s + 59) / 60);
		api_refuse(call, 429, message);
		return;
	}
	attempt->known = hash != NULL;
	if (hash) {
		snprintf(attempt->user_id, sizeof(attempt->user_id), "%s",
			 db_value(reply, API_FIRST + 1, 0, 0));
		snprintf(attempt->hash, sizeof(attempt->hash), "%s", hash);
	}
	if (worker_run(call->app->worker, verify_work, on_verified, call))
		api_refuse(call, 503, "too many are signing in just now; try again");
}

static void add_attempt(struct api_call *call, struct db_session *s)
{
	struct attempt *attempt = call->context;

	DB_ADD(s, SQL_LOGIN_ATTEMPT, attempt->email, call->request->head.peer);
	DB_ADD(s, SQL_ACCOUNT_BY_EMAIL, attempt->email);
}

void api_login(struct api_call *call)
{
	struct attempt *attempt;

	if (attempt_read(call, &attempt))
		api_query(call, true, add_attempt, on_attempt);
}

static void on_forgotten(void *arg, int error)
{
	(void)error; /* it is committed; other collectors and the next reading follow */
	api_answer_text(arg, "null");
}

static void on_ended(struct api_call *call, const struct db_reply *reply)
{
	(void)reply;
	api_set_cookie(call, "");
	auth_refresh(call->app->auth, on_forgotten, call);
}

static void add_end(struct api_call *call, struct db_session *s)
{
	char text[SECRET_HASH_TEXT_MAX];

	DB_ADD(s, SQL_SESSION_END, secret_hash_text(call->who.hash, text));
	DB_ADD(s, SQL_CREDENTIAL_NOTIFY, "session");
}

void api_logout(struct api_call *call)
{
	api_query(call, true, add_end, on_ended);
}

void api_me(struct api_call *call)
{
	struct buffer out = {0};

	who_write(&out, &call->who);
	api_answer(call, &out);
}

void api_setup_state(struct api_call *call)
{
	api_answer_text(call, setup_needed(call->app->setup) ? "{\"needed\":true}" : "{\"needed\":false}");
}

static void on_owner(struct api_call *call, const struct db_reply *reply)
{
	if (!db_rows(reply, API_FIRST) || !db_rows(reply, API_FIRST + 1)) {
		api_refuse(call, 403,
			   "the setup token is wrong, or an account exists already; the collector prints the "
			   "token "
			   "when it starts");
		return;
	}
	setup_finished(call->app->setup);
	auth_refresh(call->app->auth, on_known, call);
}

static void add_owner(struct api_call *call, struct db_session *s)
{
	struct attempt *attempt = call->context;
	char text[SECRET_HASH_TEXT_MAX];

	id_random(attempt->user_id);
	/* When the token is wrong there is no owner, and a session for nobody fails: that undoes all of it. */
	DB_ADD(s, SQL_SETUP_TOKEN_TAKE, secret_hash_text(attempt->setup_hash, text));
	DB_ADD(s, SQL_OWNER_CREATE, attempt->user_id, attempt->email, attempt->name, attempt->hash,
	       attempt->organization, text);
	add_session(call, s, attempt->user_id);
	db_add(s, SQL_SETUP_TOKEN_FORGET, NULL, 0);
}

static void hash_work(void *arg)
{
	struct attempt *attempt = ((struct api_call *)arg)->context;

	attempt->error = password_hash(attempt->password, attempt->hash);
	secret_wipe(attempt->password, sizeof(attempt->password));
}

static void on_hashed(void *arg)
{
	struct api_call *call = arg;

	if (((struct attempt *)call->context)->error)
		api_refuse(call, 503, "there is no memory to hash the password");
	else
		api_query(call, true, add_owner, on_owner);
}

static void on_token(struct api_call *call, const struct db_reply *reply)
{
	if (!db_rows(reply, API_FIRST)) {
		api_refuse(call, 403,
			   "the setup token is wrong, or an account exists already; the collector prints the "
			   "token "
			   "when it starts");
		return;
	}
	if (worker_run(call->app->worker, hash_work, on_hashed, call))
		api_refuse(call, 503, "too many are signing in just now; try again");
}

static void add_token(struct api_call *call, struct db_session *s)
{
	struct attempt *attempt = call->context;
	char text[SECRET_HASH_TEXT_MAX];

	DB_ADD(s, SQL_SETUP_TOKEN_KNOWN, secret_hash_text(attempt->setup_hash, text));
}

void api_setup(struct api_call *call)
{
	const char *token, *name, *organization, *weakness;
	struct attempt *attempt;
	size_t length;

	if (!api_body_text(call, "token", 1, SECRET_TEXT_MAX, &token) || !attempt_read(call, &attempt))
		return;
	weakness = password_weakness(attempt->password, strlen(attempt->password));
	if (!weakness && !strchr(attempt->email, '@'))
		weakness = "\"email\" must be an e-mail address";
	if (weakness) {
		api_refuse(call, 400, weakness);
		return;
	}
	if (!json_text(json_get(call->body, "name"), &name, &length) || !length || length > NAME_BYTES_MAX)
		name = attempt->email;
	if (!json_text(json_get(call->body, "organization"), &organization, &length) || length > NAME_BYTES_MAX)
		organization = "";
	snprintf(attempt->name, sizeof(attempt->name), "%.*s", NAME_BYTES_MAX, name);
	snprintf(attempt->organization, sizeof(attempt->organization), "%s", organization);
	secret_hash(token, strlen(token), attempt->setup_hash);
	api_query(call, true, add_token, on_token);
}
