/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What all ways of coming in share.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/api/attempt.h"

static void forget(void *context)
{
	secret_wipe(context, sizeof(struct attempt));
}

struct attempt *attempt_of(struct api_call *call)
{
	struct attempt *attempt = call->context;

	if (attempt)
		return attempt;
	attempt = calloc(1, sizeof(*attempt));
	if (!attempt) {
		api_refuse(call, 503, "there is no memory");
		return NULL;
	}
	call->context = attempt;
	call->forget = forget;
	return attempt;
}

struct attempt *attempt_read(struct api_call *call)
{
	const char *email, *password;
	struct attempt *attempt;

	if (!api_body_text(call, "email", 3, EMAIL_BYTES_MAX, &email) ||
	    !api_body_text(call, "password", 1, PASSWORD_BYTES_MAX, &password))
		return NULL;
	attempt = attempt_of(call);
	if (!attempt)
		return NULL;
	snprintf(attempt->email, sizeof(attempt->email), "%s", email);
	snprintf(attempt->password, sizeof(attempt->password), "%s", password);
	return attempt;
}

void attempt_name(struct attempt *attempt, const char *name)
{
	size_t length = strnlen(name, NAME_BYTES_MAX + 1);

	if (length > NAME_BYTES_MAX)
		for (length--; length && ((unsigned char)name[length] & 0xc0) == 0x80;)
			length--;
	snprintf(attempt->name, sizeof(attempt->name), "%.*s", (int)length, name);
}

void attempt_read_names(struct api_call *call, struct attempt *attempt)
{
	const char *name, *organization;
	size_t length;

	if (!json_text(json_get(call->body, "name"), &name, &length) || !length || length > NAME_BYTES_MAX)
		name = attempt->email;
	if (!json_text(json_get(call->body, "organization"), &organization, &length) || length > NAME_BYTES_MAX)
		organization = "";
	attempt_name(attempt, name);
	snprintf(attempt->organization, sizeof(attempt->organization), "%s", organization);
}

const char *attempt_weakness(const struct attempt *attempt, bool with_password)
{
	const char *at = strchr(attempt->email, '@');

	if (!at || at == attempt->email || !at[1] || strpbrk(attempt->email, " \t\r\n"))
		return "\"email\" must be an e-mail address";
	return with_password ? password_weakness(attempt->password, strlen(attempt->password)) : NULL;
}

void attempt_add_account(struct api_call *call, struct db_session *s)
{
	struct attempt *attempt = call->context;

	id_random(attempt->user_id);
	DB_ADD(s, SQL_ACCOUNT_MAKE, attempt->user_id, attempt->email, attempt->name,
	       attempt->hash[0] ? attempt->hash : NULL, attempt->organization,
	       attempt->invite[0] ? attempt->invite : NULL, attempt->setup[0] ? attempt->setup : NULL,
	       call->app->settings->disable_registration ? "false" : "true");
}

void attempt_add_session(struct api_call *call, struct db_session *s, const char *action)
{
	const struct http_head *head = &call->request->head;
	struct attempt *attempt = call->context;
	uint8_t hash[SECRET_HASH_BYTES];
	char text[SECRET_HASH_TEXT_MAX];

	secret_make("", attempt->token);
	secret_hash(attempt->token, strlen(attempt->token), hash);
	DB_ADD(s, SQL_ACT_FOR, attempt->user_id, head->peer);
	DB_ADD(s, SQL_SESSION_CREATE, secret_hash_text(hash, text), attempt->user_id, head->peer,
	       head->user_agent);
	DB_ADD(s, SQL_SESSION_LIMIT, attempt->user_id);
	DB_ADD(s, SQL_AUDIT_USER, attempt->user_id, action);
	DB_ADD(s, SQL_CREDENTIAL_NOTIFY, "session");
}

static void on_account(struct api_call *call, const struct db_reply *reply)
{
	if (db_rows(reply, API_FIRST))
		api_answer_text(call, db_value(reply, API_FIRST, 0, 0));
	else
		api_refuse(call, 401, "sign in first");
}

static void add_account(struct api_call *call, struct db_session *s)
{
	DB_ADD(s, SQL_ACCOUNT_ME, call->id);
}

void attempt_answer_account(struct api_call *call, const char *user_id)
{
	if (user_id != call->id)
		snprintf(call->id, sizeof(call->id), "%s", user_id);
	api_query(call, true, add_account, on_account);
}

/* The session is committed, and the copy of all sessions knows it. */
static void on_known(void *arg, int error)
{
	struct api_call *call = arg;
	struct attempt *attempt = call->context;
	uint8_t hash[SECRET_HASH_BYTES];

	secret_hash(attempt->token, strlen(attempt->token), hash);
	if (error || !auth_session_by_hash(call->app->auth, hash)) {
		api_refuse(call, 503, "the database is away for the moment; try again");
		return;
	}
	api_set_cookie(call, attempt->token);
	if (attempt->return_to[0])
		api_redirect(call, attempt->return_to);
	else
		attempt_answer_account(call, attempt->user_id);
}

void attempt_enter(struct api_call *call)
{
	auth_refresh(call->app->auth, on_known, call);
}
