/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One's own account: who one is, and what one may change of it. E-mail and password need the password that is, whose
 * failures count as those of signing in; a new one ends all other sessions.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/api/attempt.h"
#include "collector/worker.h"

void api_me(struct api_call *call)
{
	attempt_answer_account(call, call->who.user_id);
}

static void on_known(void *arg, int error)
{
	struct api_call *call = arg;

	(void)error; /* it is committed; the next reading knows it */
	attempt_answer_account(call, call->who.user_id);
}

static void on_updated(struct api_call *call, const struct db_reply *reply)
{
	(void)reply;
	auth_refresh(call->app->auth, on_known, call);
}

static void add_update(struct api_call *call, struct db_session *s)
{
	const struct attempt *attempt = call->context;
	char text[SECRET_HASH_TEXT_MAX];

	DB_ADD(s, SQL_ACCOUNT_UPDATE, call->who.user_id, attempt->name[0] ? attempt->name : NULL,
	       attempt->email[0] ? attempt->email : NULL, attempt->hash[0] ? attempt->hash : NULL);
	if (attempt->hash[0])
		DB_ADD(s, SQL_SESSION_END_ALL, call->who.user_id, secret_hash_text(call->who.hash, text));
	DB_ADD(s, SQL_CREDENTIAL_NOTIFY, "session");
}

/* In the worker: the old password against its hash, and the hash of the new one. */
struct change {
	struct attempt attempt; /* first: it is the call's attempt */
	char current[PASSWORD_BYTES_MAX + 1], old_hash[PASSWORD_HASH_MAX];
};

static void change_work(void *arg)
{
	struct change *change = ((struct api_call *)arg)->context;
	struct attempt *attempt = &change->attempt;

	/* Who signs in by a provider alone has nothing to give but the session. */
	attempt->right = !change->old_hash[0] || password_verify(change->old_hash, change->current);
	if (attempt->password[0] && attempt->right)
		attempt->error = password_hash(attempt->password, attempt->hash);
	secret_wipe(change->current, sizeof(change->current));
	secret_wipe(attempt->password, sizeof(attempt->password));
}

static void on_right(struct api_call *call, const struct db_reply *reply)
{
	(void)reply;
	api_query(call, true, add_update, on_updated);
}

/* On its own: what follows may be refused for another reason, and the password was right all the same. */
static void add_right(struct api_call *call, struct db_session *s)
{
	DB_ADD(s, SQL_LOGIN_SUCCEEDED, call->who.email, call->request->head.peer);
}

static void on_changed(void *arg)
{
	struct api_call *call = arg;
	const struct change *change = call->context;

	if (!change->attempt.right)
		api_refuse(call, 403, "\"current_password\" is wrong");
	else if (change->attempt.error)
		api_refuse(call, 503, "there is no memory to hash the password");
	else
		api_query(call, true, add_right, on_right);
}

static void on_password(struct api_call *call, const struct db_reply *reply)
{
	struct change *change = call->context;
	const char *hash = db_value(reply, API_FIRST, 0, 0);

	if (change->current[0] && api_locked(call, reply, API_FIRST + 1))
		return;
	if (hash && !change->current[0]) {
		api_refuse(call, 400, "\"current_password\" is needed to change e-mail or password");
		return;
	}
	snprintf(change->old_hash, sizeof(change->old_hash), "%s", hash ? hash : "");
	if (worker_run(call->app->worker, change_work, on_changed, call))
		api_refuse(call, 503, "too many are signing in just now; try again");
}

static void add_password(struct api_call *call, struct db_session *s)
{
	const struct change *change = call->context;

	DB_ADD(s, SQL_ACCOUNT_PASSWORD, call->who.user_id);
	if (change->current[0])
		DB_ADD(s, SQL_LOGIN_ATTEMPT, call->who.email, call->request->head.peer);
}

static void forget(void *context)
{
	secret_wipe(context, sizeof(struct change));
}

/* Optional texts of the body. False with the call answered. */
static bool read_text(struct api_call *call, const char *key, size_t min, size_t max, char *out)
{
	const char *text = "";

	if (json_get(call->body, key) && !api_body_text(call, key, min, max, &text))
		return false;
	snprintf(out, max + 1, "%s", text);
	return true;
}

void api_account_update(struct api_call *call)
{
	struct change *change = calloc(1, sizeof(*change));
	const char *weakness = NULL;
	struct attempt *attempt;

	if (!change) {
		api_refuse(call, 503, "there is no memory");
		return;
	}
	attempt = &change->attempt;
	call->context = change;
	call->forget = forget;
	if (!read_text(call, "name", 1, NAME_BYTES_MAX, attempt->name) ||
	    !read_text(call, "email", 3, EMAIL_BYTES_MAX, attempt->email) ||
	    !read_text(call, "password", 1, PASSWORD_BYTES_MAX, attempt->password) ||
	    !read_text(call, "current_password", 1, PASSWORD_BYTES_MAX, change->current))
		return;
	if (strcasecmp(attempt->email, call->who.email) == 0)
		attempt->email[0] = 0;
	if (attempt->email[0])
		weakness = attempt_weakness(attempt, false);
	if (!weakness && attempt->password[0])
		weakness = password_weakness(attempt->password, strlen(attempt->password));
	if (weakness)
		api_refuse(call, 400, weakness);
	else if (attempt->email[0] || attempt->password[0])
		api_query(call, true, add_password, on_password);
	else
		api_query(call, true, add_update, on_updated);
}

/* The same for /api/users/{id}, which may only be one's own. */
void api_user_update(struct api_call *call)
{
	if (strcmp(call->id, call->who.user_id) == 0)
		api_account_update(call);
	else
		api_refuse(
			call, 403,
			"this changes one's own account only; see /api/users/{id}/admin for those of others");
}
