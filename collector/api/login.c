/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signing in and out. An attempt is counted, in the database, before its password is looked at, by account and by address; success
 * takes that back. Passwords are compared in the worker. An account that does not exist takes as long as one that does.
 */
#include <stdio.h>
#include <string.h>

#include "collector/api/attempt.h"
#include "collector/worker.h"

/* What an unknown account's password is compared with: argon2id of nothing that anyone has. */
static const char nobody[] = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"
			     "q8Nq1QnFpy5WlTqA5JcMxvPu8ci2vhk6GgKqOTfgzTw";

static void on_session(struct api_call *call, const struct db_reply *reply)
{
	(void)reply;
	attempt_enter(call);
}

static void add_success(struct api_call *call, struct db_session *s)
{
	struct attempt *attempt = call->context;

	DB_ADD(s, SQL_LOGIN_SUCCEEDED, attempt->email, call->request->head.peer);
	attempt_add_session(call, s, "sign_in");
}

static void on_failure(struct api_call *call, const struct db_reply *reply)
{
	(void)reply;
	api_refuse(call, 401, "the e-mail address or the password is wrong");
}

/* Also for an account that does not exist, of which nothing is written: that takes as long. */
static void add_failure(struct api_call *call, struct db_session *s)
{
	struct attempt *attempt = call->context;

	DB_ADD(s, SQL_AUDIT_USER, attempt->known ? attempt->user_id : NULL, "sign_in_failed");
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

	if (((struct attempt *)call->context)->right)
		api_query(call, true, add_success, on_session);
	else
		api_query(call, true, add_failure, on_failure);
}

bool api_locked(struct api_call *call, const struct db_reply *reply, size_t query)
{
	char seconds[24], message[120];
	int64_t locked_s = 0;

	for (size_t row = 0; row < db_rows(reply, query); row++)
		if (db_integer(reply, query, row, 0) > locked_s)
			locked_s = db_integer(reply, query, row, 0);
	if (locked_s <= 0)
		return false;
	snprintf(seconds, sizeof(seconds), "%lld", (long long)locked_s);
	http_header(call->request, "retry-after", seconds);
	snprintf(message, sizeof(message), "too many failed attempts; try again in %lld minutes",
		 (long long)(locked_s + 59) / 60);
	api_refuse(call, 429, message);
	return true;
}

static void on_attempt(struct api_call *call, const struct db_reply *reply)
{
	struct attempt *attempt = call->context;
	const char *hash = db_value(reply, API_FIRST + 1, 0, 1);

	if (api_locked(call, reply, API_FIRST))
		return;
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
	if (call->app->settings->disable_password_login)
		api_refuse(call, 403, "passwords are switched off here: sign in with a provider");
	else if (attempt_read(call))
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
	DB_ADD(s, SQL_AUDIT_USER, call->who.user_id, "sign_out");
	DB_ADD(s, SQL_CREDENTIAL_NOTIFY, "session");
}

void api_logout(struct api_call *call)
{
	api_query(call, true, add_end, on_ended);
}

static void add_end_all(struct api_call *call, struct db_session *s)
{
	DB_ADD(s, SQL_SESSION_END_ALL, call->who.user_id, NULL);
	DB_ADD(s, SQL_AUDIT_USER, call->who.user_id, "sign_out_everywhere");
	DB_ADD(s, SQL_CREDENTIAL_NOTIFY, "session");
}

void api_logout_everywhere(struct api_call *call)
{
	api_query(call, true, add_end_all, on_ended);
}

static void on_one_ended(struct api_call *call, const struct db_reply *reply)
{
	if (db_rows(reply, API_FIRST))
		auth_refresh(call->app->auth, on_forgotten, call);
	else
		api_refuse(call, 404, "there is no such session of yours");
}

static void add_end_one(struct api_call *call, struct db_session *s)
{
	DB_ADD(s, SQL_SESSION_END_ID, call->id, call->who.user_id);
	DB_ADD(s, SQL_CREDENTIAL_NOTIFY, "session");
}

void api_session_end(struct api_call *call)
{
	api_query(call, true, add_end_one, on_one_ended);
}

static void on_sessions(struct api_call *call, const struct db_reply *reply)
{
	api_answer_text(call, db_value(reply, API_FIRST, 0, 0));
}

static void add_sessions(struct api_call *call, struct db_session *s)
{
	char text[SECRET_HASH_TEXT_MAX];

	DB_ADD(s, SQL_SESSION_MINE, call->who.user_id, secret_hash_text(call->who.hash, text));
}

void api_sessions(struct api_call *call)
{
	api_query(call, true, add_sessions, on_sessions);
}
