/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * New accounts with a password: the first one by the setup token, others by invitation, or by registering where that is
 * allowed. Before a password is hashed, which takes its time, it is asked whether there can be an account at all.
 */
#include <stdio.h>
#include <string.h>

#include "collector/api/attempt.h"
#include "collector/setup.h"
#include "collector/worker.h"

static void on_made(struct api_call *call, const struct db_reply *reply)
{
	(void)reply;
	if (((struct attempt *)call->context)->setup[0])
		setup_finished(call->app->setup);
	attempt_enter(call);
}

static void add_all(struct api_call *call, struct db_session *s)
{
	attempt_add_account(call, s);
	attempt_add_session(call, s, "sign_in");
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
		api_query(call, true, add_all, on_made);
}

static void on_allowed(struct api_call *call, const struct db_reply *reply)
{
	const struct attempt *attempt = call->context;

	if ((attempt->setup[0] || attempt->invite[0]) && !db_rows(reply, API_FIRST))
		api_refuse(call, 403,
			   attempt->setup[0] ? "the setup token is wrong, or an account exists already; the "
					       "collector prints the "
					       "token when it starts"
					     : "this invitation is no longer good: it was used or revoked, or "
					       "its time is over; ask "
					       "for another one");
	else if (worker_run(call->app->worker, hash_work, on_hashed, call))
		api_refuse(call, 503, "too many are signing in just now; try again");
}

static void add_allowed(struct api_call *call, struct db_session *s)
{
	const struct attempt *attempt = call->context;

	if (attempt->setup[0])
		DB_ADD(s, SQL_SETUP_TOKEN_KNOWN, attempt->setup);
	else
		DB_ADD(s, SQL_INVITE_SHOW, attempt->invite[0] ? attempt->invite : NULL);
}

static void make(struct api_call *call, struct attempt *attempt)
{
	const char *weakness = attempt_weakness(attempt, true);

	attempt_read_names(call, attempt);
	if (weakness)
		api_refuse(call, 400, weakness);
	else if (call->app->settings->disable_password_login)
		api_refuse(call, 403, "passwords are switched off here: register with a provider");
	else
		api_query(call, true, add_allowed, on_allowed);
}

static void hash_text(const char *token, char out[static SECRET_HASH_TEXT_MAX])
{
	uint8_t hash[SECRET_HASH_BYTES];

	secret_hash(token, strlen(token), hash);
	secret_hash_text(hash, out);
}

void api_setup(struct api_call *call)
{
	struct attempt *attempt;
	const char *token;

	if (!api_body_text(call, "token", 1, SECRET_TEXT_MAX, &token))
		return;
	attempt = attempt_read(call);
	if (!attempt)
		return;
	hash_text(token, attempt->setup);
	make(call, attempt);
}

void api_register(struct api_call *call)
{
	struct attempt *attempt;
	const char *invite = NULL;

	if (json_get(call->body, "invite") && !api_body_text(call, "invite", 1, SECRET_TEXT_MAX, &invite))
		return;
	if (!invite && call->app->settings->disable_registration) {
		api_refuse(call, 403,
			   "registration is by invitation only here; ask an owner or administrator for one");
		return;
	}
	attempt = attempt_read(call);
	if (!attempt)
		return;
	if (invite)
		hash_text(invite, attempt->invite);
	make(call, attempt);
}

void api_setup_state(struct api_call *call)
{
	api_answer_text(call, setup_needed(call->app->setup) ? "{\"needed\":true}" : "{\"needed\":false}");
}

static void on_invite(struct api_call *call, const struct db_reply *reply)
{
	if (db_rows(reply, API_FIRST))
		api_answer_text(call, db_value(reply, API_FIRST, 0, 0));
	else
		api_refuse(call, 403,
			   "this invitation is no longer good: it was used or revoked, or its time is over; "
			   "ask for another "
			   "one");
}

static void add_invite(struct api_call *call, struct db_session *s)
{
	DB_ADD(s, SQL_INVITE_SHOW, ((struct attempt *)call->context)->invite);
}

void api_invite_check(struct api_call *call)
{
	struct attempt *attempt;
	const char *invite;

	if (!api_body_text(call, "invite", 1, SECRET_TEXT_MAX, &invite))
		return;
	attempt = attempt_of(call);
	if (!attempt)
		return;
	hash_text(invite, attempt->invite);
	api_query(call, true, add_invite, on_invite);
}
