/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signing in by a provider, the way there. What is to be remembered while the browser is there lies in the database, under
 * the hash of `state`: for ten minutes, for one use, and for the browser that has the cookie. The provider is asked in a thread
 * of its own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/api/oidc_flow.h"
#include "collector/worker.h"

static void forget(void *context)
{
	struct flow *flow = context;

	buffer_free(&flow->url);
	secret_wipe(flow, sizeof(*flow));
}

void flow_hash(const char *token, char out[static SECRET_HASH_TEXT_MAX])
{
	uint8_t hash[SECRET_HASH_BYTES];

	secret_hash(token, strlen(token), hash);
	secret_hash_text(hash, out);
}

/* A path of ours, and nothing that a browser takes for another site. */
static bool path_own(const char *path)
{
	if (path[0] != '/' || path[1] == '/' || path[1] == '\\')
		return false;
	for (; *path; path++)
		if (*path <= ' ' || *path > '~' || *path == '\\')
			return false;
	return true;
}

/* Back to a page that shows why: where linking began, else where one signs in. */
void flow_fail(struct api_call *call, const char *why)
{
	const struct flow *flow = call->context;
	const char *page =
		flow && flow->link_user[0] && flow->attempt.return_to[0] ? flow->attempt.return_to : "/sign-in";
	struct buffer to = {0};

	buffer_text(&to, page);
	buffer_text(&to, strchr(page, '?') ? "&error=" : "?error=");
	buffer_url(&to, why, strlen(why));
	api_redirect(call, to.failed ? "/sign-in" : to.bytes);
	buffer_free(&to);
}

static void fail_or_refuse(struct api_call *call, int status, const char *why)
{
	if (((struct flow *)call->context)->as_json)
		api_refuse(call, status, why);
	else
		flow_fail(call, why);
}

/* Where the provider sends the browser: as the options say, or by the address that this request came to. */
static void redirect_url_write(const struct api_call *call, struct flow *flow)
{
	const struct settings *settings = call->app->settings;
	const struct http_head *head = &call->request->head;
	const char *base = settings->public_url, *slug = flow->provider->slug;
	bool alone = settings->oidc.client_id && flow->provider == oidc_find(call->app->oidc, "");
	char own[300];

	snprintf(own, sizeof(own), "%s://%s", head->tls ? "https" : "http", head->host);
	base = base ? base : own;
	if (flow->provider->redirect_url[0])
		snprintf(flow->redirect_url, sizeof(flow->redirect_url), "%s", flow->provider->redirect_url);
	else
		snprintf(flow->redirect_url, sizeof(flow->redirect_url), "%.*s" OIDC_PATH "%s%s/callback",
			 (int)(strlen(base) - (base[strlen(base) - 1] == '/')), base, alone ? "" : "/",
			 alone ? "" : slug);
}

/* NULL with the call answered when there is no such provider. */
struct flow *flow_make(struct api_call *call)
{
	struct oidc_provider *provider = oidc_find(call->app->oidc, call->word);
	struct flow *flow = provider ? calloc(1, sizeof(*flow)) : NULL;

	if (!flow) {
		api_refuse(call, provider ? 503 : 404,
			   provider ? "there is no memory"
				    : "there is no provider of this name; see --oidc-issuer-url");
		return NULL;
	}
	flow->provider = provider;
	call->context = flow;
	call->forget = forget;
	redirect_url_write(call, flow);
	return flow;
}

static void on_flow(struct api_call *call, const struct db_reply *reply)
{
	struct flow *flow = call->context;

	(void)reply;
	api_set_cookie_at(call, OIDC_COOKIE, flow->browser, OIDC_PATH, FLOW_SECONDS);
	if (flow->as_json) {
		struct buffer out = {0};

		buffer_text(&out, "{\"url\":");
		buffer_json(&out, flow->url.bytes, flow->url.length);
		buffer_text(&out, "}");
		api_answer(call, &out);
	} else {
		api_redirect(call, flow->url.bytes);
	}
}

static void add_flow(struct api_call *call, struct db_session *s)
{
	struct flow *flow = call->context;
	char state[SECRET_HASH_TEXT_MAX], browser[SECRET_HASH_TEXT_MAX];
	const struct attempt *attempt = &flow->attempt;

	flow_hash(flow->state, state);
	flow_hash(flow->browser, browser);
	DB_ADD(s, SQL_OIDC_FLOW_ADD, state, browser, flow->provider->slug, flow->nonce, flow->verifier,
	       flow->link_user[0] ? flow->link_user : NULL, attempt->invite[0] ? attempt->invite : NULL,
	       attempt->setup[0] ? attempt->setup : NULL, attempt->return_to);
}

static void ask_work(void *arg)
{
	struct api_call *call = arg;
	struct flow *flow = call->context;
	const struct oidc_asking asking = {flow->redirect_url, flow->state, flow->nonce, flow->verifier};

	flow->error = oidc_ask(call->app->oidc, flow->provider, &asking, &flow->url, flow->why);
}

static void on_asked(void *arg)
{
	struct api_call *call = arg;
	struct flow *flow = call->context;

	if (flow->error)
		fail_or_refuse(call, 502, flow->why);
	else
		api_query(call, true, add_flow, on_flow);
}

static void begin(struct api_call *call, const char *return_to, const char *invite, const char *setup)
{
	struct flow *flow = call->context;

	if (!path_own(return_to)) {
		fail_or_refuse(call, 400, "\"return\" must be a path of this site");
		return;
	}
	snprintf(flow->attempt.return_to, sizeof(flow->attempt.return_to), "%s", return_to);
	if (*invite)
		flow_hash(invite, flow->attempt.invite);
	if (*setup)
		flow_hash(setup, flow->attempt.setup);
	secret_make("", flow->state);
	secret_make("", flow->browser);
	secret_make("", flow->nonce);
	secret_make("", flow->verifier);
	if (worker_run(call->app->fetcher, ask_work, on_asked, call))
		fail_or_refuse(call, 503, "too many are signing in just now; try again");
}

void api_oidc_authorize(struct api_call *call)
{
	const struct http_head *head = &call->request->head;
	char return_to[RETURN_BYTES_MAX + 1], invite[SECRET_TEXT_MAX], setup[SECRET_TEXT_MAX];

	if (!flow_make(call))
		return;
	if (!http_query(head, "return", return_to, sizeof(return_to)))
		snprintf(return_to, sizeof(return_to), "/");
	if (!http_query(head, "invite", invite, sizeof(invite)))
		invite[0] = 0;
	if (!http_query(head, "setup", setup, sizeof(setup)))
		setup[0] = 0;
	begin(call, return_to, invite, setup);
}

/* False with the call answered. */
static bool body_text(struct api_call *call, const char *key, size_t max, const char **out)
{
	return !json_get(call->body, key) || api_body_text(call, key, 1, max, out);
}

static void begin_json(struct api_call *call, bool link)
{
	const char *return_to = "/", *invite = "", *setup = "";
	struct flow *flow = flow_make(call);

	if (!flow)
		return;
	flow->as_json = true;
	if (link)
		memcpy(flow->link_user, call->who.user_id, sizeof(flow->link_user));
	if (body_text(call, "return", RETURN_BYTES_MAX, &return_to) &&
	    body_text(call, "invite", SECRET_TEXT_MAX, &invite) &&
	    body_text(call, "setup", SECRET_TEXT_MAX, &setup))
		begin(call, return_to, link ? "" : invite, link ? "" : setup);
}

void api_oidc_start(struct api_call *call)
{
	begin_json(call, false);
}

void api_oidc_link(struct api_call *call)
{
	begin_json(call, true);
}
