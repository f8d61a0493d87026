/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signing in by a provider, the way back: the code is redeemed, and whoever it is has an account here, links it, or gets one by
 * the rules that registering with a password has. An address alone links nothing: whoever may name it at a provider would
 * have the account.
 */
#include <stdio.h>
#include <string.h>

#include "collector/api/oidc_flow.h"
#include "collector/setup.h"
#include "collector/worker.h"
#include "defs/log.h"

static void on_linked(struct api_call *call, const struct db_reply *reply)
{
	struct flow *flow = call->context;

	if (!db_rows(reply, API_FIRST))
		flow_fail(call, "this sign-in at the provider belongs to another account here");
	else
		api_redirect(call, flow->attempt.return_to);
}

static void add_identity(struct flow *flow, struct db_session *s, const char *user_id)
{
	DB_ADD(s, SQL_IDENTITY_ADD, flow->issuer, flow->person.subject, user_id, flow->provider->slug,
	       flow->provider->name, flow->person.email);
}

static void add_link(struct api_call *call, struct db_session *s)
{
	struct flow *flow = call->context;

	DB_ADD(s, SQL_IDENTITY_LINK, flow->issuer, flow->person.subject, flow->link_user, flow->provider->slug,
	       flow->provider->name, flow->person.email);
}

static void on_entered(struct api_call *call, const struct db_reply *reply)
{
	(void)reply;
	attempt_enter(call);
}

static void add_entry(struct api_call *call, struct db_session *s)
{
	add_identity(call->context, s, ((struct attempt *)call->context)->user_id);
	attempt_add_session(call, s, "sign_in");
}

static void on_made(struct api_call *call, const struct db_reply *reply)
{
	struct flow *flow = call->context;

	if (strncmp(db_state(reply), "NV4", 3) == 0) {
		flow_fail(call, strcmp(db_state(reply), "NV409") == 0
					? "this e-mail address has an account already: sign in to it, and link "
					  "the provider there"
					: db_message(reply));
	} else if (db_error(reply)) {
		flow_fail(call, "the database is away for the moment; try again");
	} else {
		if (flow->attempt.setup[0])
			setup_finished(call->app->setup);
		attempt_enter(call);
	}
}

static void add_made(struct api_call *call, struct db_session *s)
{
	attempt_add_account(call, s);
	add_identity(call->context, s, ((struct attempt *)call->context)->user_id);
	attempt_add_session(call, s, "sign_in");
}

static void register_person(struct api_call *call)
{
	struct flow *flow = call->context;
	struct attempt *attempt = &flow->attempt;
	const struct id_token_person *person = &flow->person;

	if (!person->email[0]) {
		flow_fail(call, "the provider does not say an e-mail address, which a new account needs");
		return;
	}
	if (person->email_denied) {
		flow_fail(call, "the provider has not verified the e-mail address; do that there first");
		return;
	}
	snprintf(attempt->email, sizeof(attempt->email), "%s", person->email);
	attempt_name(attempt, person->name[0] ? person->name : person->email);
	if (attempt_weakness(attempt, false))
		flow_fail(call, "what the provider says is no e-mail address");
	else
		api_try(call, true, add_made, on_made);
}

static void on_person(struct api_call *call, const struct db_reply *reply)
{
	struct flow *flow = call->context;
	struct attempt *attempt = &flow->attempt;

	if (flow->link_user[0]) {
		api_query(call, true, add_link, on_linked);
	} else if (db_rows(reply, API_FIRST)) {
		snprintf(attempt->user_id, sizeof(attempt->user_id), "%s", db_value(reply, API_FIRST, 0, 0));
		api_query(call, true, add_entry, on_entered);
	} else {
		register_person(call);
	}
}

static void add_person(struct api_call *call, struct db_session *s)
{
	struct flow *flow = call->context;

	DB_ADD(s, SQL_IDENTITY_FIND, flow->issuer, flow->person.subject);
}

static void redeem_work(void *arg)
{
	struct api_call *call = arg;
	struct flow *flow = call->context;
	const struct oidc_answer answer = {flow->redirect_url, flow->code, flow->nonce, flow->verifier,
					   flow->issuer_said};

	flow->error = oidc_redeem(call->app->oidc, flow->provider, &answer, &flow->person, flow->why);
}

static void on_redeemed(void *arg)
{
	struct api_call *call = arg;
	struct flow *flow = call->context;
	size_t length = strlen(flow->provider->issuer);

	if (flow->error) {
		log_warn("signing in by %s failed: %s", flow->provider->name, flow->why);
		flow_fail(call, flow->why);
		return;
	}
	length -= flow->provider->issuer[length - 1] == '/';
	snprintf(flow->issuer, sizeof(flow->issuer), "%.*s", (int)length, flow->provider->issuer);
	api_query(call, true, add_person, on_person);
}

static void copy(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text ? text : "");
}

static void on_taken(struct api_call *call, const struct db_reply *reply)
{
	struct flow *flow = call->context;

	if (!db_rows(reply, API_FIRST) || !db_true(reply, API_FIRST, 0, 0) ||
	    strcmp(db_value(reply, API_FIRST, 0, 1), flow->provider->slug) != 0) {
		flow_fail(call, "this sign-in was not begun in this browser, is over already, or took too "
				"long; try again");
		return;
	}
	copy(flow->nonce, sizeof(flow->nonce), db_value(reply, API_FIRST, 0, 2));
	copy(flow->verifier, sizeof(flow->verifier), db_value(reply, API_FIRST, 0, 3));
	copy(flow->link_user, sizeof(flow->link_user), db_value(reply, API_FIRST, 0, 4));
	copy(flow->attempt.invite, sizeof(flow->attempt.invite), db_value(reply, API_FIRST, 0, 5));
	copy(flow->attempt.setup, sizeof(flow->attempt.setup), db_value(reply, API_FIRST, 0, 6));
	copy(flow->attempt.return_to, sizeof(flow->attempt.return_to), db_value(reply, API_FIRST, 0, 7));
	if (flow->link_user[0] && (!call->signed_in || strcmp(flow->link_user, call->who.user_id) != 0)) {
		flow->link_user[0] = 0;
		flow_fail(call, "sign in to the account that is to be linked first");
	} else if (!flow->code[0]) {
		flow_fail(call, flow->why[0] ? flow->why : "the provider has sent no code");
	} else if (worker_run(call->app->fetcher, redeem_work, on_redeemed, call)) {
		flow_fail(call, "too many are signing in just now; try again");
	}
}

static void add_take(struct api_call *call, struct db_session *s)
{
	struct flow *flow = call->context;
	char state[SECRET_HASH_TEXT_MAX], browser[SECRET_HASH_TEXT_MAX];

	flow_hash(flow->state, state);
	flow_hash(flow->browser, browser);
	DB_ADD(s, SQL_OIDC_FLOW_TAKE, state, browser);
}

void api_oidc_callback(struct api_call *call)
{
	const struct http_head *head = &call->request->head;
	struct flow *flow = flow_make(call);
	char said[160];

	if (!flow)
		return;
	if (!http_query(head, "state", flow->state, sizeof(flow->state)) ||
	    !http_cookie(head, OIDC_COOKIE, flow->browser, sizeof(flow->browser))) {
		flow_fail(call, "this sign-in was not begun in this browser, is over already, or took too "
				"long; try again");
		return;
	}
	if (!http_query(head, "iss", flow->issuer_said, sizeof(flow->issuer_said)))
		flow->issuer_said[0] = 0;
	if (http_query(head, "error", said, sizeof(said)))
		snprintf(flow->why, sizeof(flow->why), "the provider did not sign in: %s", said);
	else if (!http_query(head, "code", flow->code, sizeof(flow->code)))
		flow->code[0] = 0;
	api_set_cookie_at(call, OIDC_COOKIE, "", OIDC_PATH, 0);
	api_query(call, true, add_take, on_taken);
}

/* Unlinking. */

static void on_unlinked(struct api_call *call, const struct db_reply *reply)
{
	if (db_rows(reply, API_FIRST + 1))
		attempt_answer_account(call, call->who.user_id);
	else if (db_rows(reply, API_FIRST))
		api_refuse(call, 409,
			   "nothing else lets you in: set a password, or link another provider first");
	else
		api_refuse(call, 404, "your account is not linked with this provider");
}

static void add_unlink(struct api_call *call, struct db_session *s)
{
	DB_ADD(s, SQL_IDENTITY_EXISTS, call->who.user_id, call->word);
	DB_ADD(s, SQL_IDENTITY_REMOVE, call->who.user_id, call->word,
	       call->app->settings->disable_password_login ? "false" : "true");
}

void api_oidc_unlink(struct api_call *call)
{
	api_query(call, true, add_unlink, on_unlinked);
}
