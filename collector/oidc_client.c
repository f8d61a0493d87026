/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is asked of a provider: what it says of itself, its keys, a token for a code, and who that is for. What was learned
 * is kept for a while; keys are asked for again when a token is signed with one that is not known.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/jose.h"
#include "collector/loop.h"
#include "collector/oidc.h"
#include "collector/secret.h"

enum { KNOWN_MS = 600000, KEYS_AGAIN_MS = 10000 };

static int fail(char why[static OIDC_WHY_MAX], const char *what, const char *more)
{
	snprintf(why, OIDC_WHY_MAX, "%s%s%.200s", what, *more ? ": " : "", more);
	return -EPROTO;
}

/* Ask, and read the JSON object that comes back with status 200. */
static int ask_json(const struct oidc *oidc, struct fetch *request, struct json **out,
		    char why[static OIDC_WHY_MAX])
{
	struct fetch_answer answer;
	const char *text = NULL;
	char problem[FETCH_WHY_MAX];
	size_t length = 0;
	int error;

	request->ca_file = oidc->ca_file;
	request->allow_http = oidc->allow_http;
	error = fetch(request, &answer, problem);
	if (error)
		return fail(why, "the provider can't be asked", problem);
	*out = NULL;
	if (json_read(answer.body, answer.length, out, &text) || json_kind(*out) != JSON_OBJECT ||
	    answer.status != 200) {
		if (!json_text(json_get(*out, "error"), &text, &length))
			text = "";
		snprintf(problem, sizeof(problem), "%.120s answers with status %d%s%.60s", request->url,
			 answer.status, *text ? " " : "", text);
		json_free(*out);
		*out = NULL;
		error = fail(why, "the provider refuses", problem);
	}
	fetch_free(&answer);
	return error;
}

static bool text_of(const struct json *object, const char *key, const char **out)
{
	size_t length;

	if (!json_text(json_get(object, key), out, &length) || !length)
		return false;
	for (size_t i = 0; i < length; i++)
		if ((*out)[i] <= ' ' || (*out)[i] > '~')
			return false;
	return true;
}

/* An endpoint of the document; it may be missing when it is not needed. */
static int endpoint(const struct oidc *oidc, const struct json *document, const char *key, bool needed,
		    char out[static FETCH_URL_BYTES_MAX + 1], char why[static OIDC_WHY_MAX])
{
	const char *url;

	out[0] = 0;
	if (!json_get(document, key) && !needed)
		return 0;
	if (!text_of(document, key, &url) || !fetch_url_allowed(url, oidc->allow_http) || strchr(url, '#'))
		return fail(why, "the provider's configuration has no address that can be used", key);
	memcpy(out, url, strlen(url) + 1);
	return 0;
}

static bool lists(const struct json *list, const char *wanted)
{
	const char *text;
	size_t length;

	for (size_t i = 0; i < json_count(list); i++)
		if (json_text(json_at(list, i), &text, &length) && strcmp(text, wanted) == 0)
			return true;
	return false;
}

static int known_read(const struct oidc *oidc, const struct oidc_provider *provider,
		      const struct json *document, struct oidc_known *known, char why[static OIDC_WHY_MAX])
{
	const struct json *methods = json_get(document, "token_endpoint_auth_methods_supported");
	const char *issuer;
	int error;

	/* Discovery 1.0, section 4.3: another one's configuration is a trap. */
	if (!text_of(document, "issuer", &issuer) || strlen(issuer) > FETCH_URL_BYTES_MAX ||
	    !issuer_equal(issuer, provider->issuer))
		return fail(why, "the provider calls itself by another issuer URL than --oidc-issuer-url has",
			    issuer ? issuer : "");
	memcpy(known->issuer, issuer, strlen(issuer) + 1);
	error = endpoint(oidc, document, "authorization_endpoint", true, known->authorization, why);
	error = error ? error : endpoint(oidc, document, "token_endpoint", true, known->token, why);
	error = error ? error : endpoint(oidc, document, "jwks_uri", true, known->keys, why);
	error = error ? error : endpoint(oidc, document, "userinfo_endpoint", false, known->userinfo, why);
	known->secret_in_form =
		methods && !lists(methods, "client_secret_basic") && lists(methods, "client_secret_post");
	return error;
}

/* What the provider says of itself, unless it was asked lately. */
static int discover(const struct oidc *oidc, struct oidc_provider *provider, char why[static OIDC_WHY_MAX])
{
	char url[FETCH_URL_BYTES_MAX + 40];
	struct fetch request = {.url = url};
	struct oidc_known known = {0};
	struct json *document = NULL;
	size_t length = strlen(provider->issuer);
	int error;

	if (provider->known.read_ms && loop_now_ms() - provider->known.read_ms < KNOWN_MS)
		return 0;
	length -= provider->issuer[length - 1] == '/';
	snprintf(url, sizeof(url), "%.*s/.well-known/openid-configuration", (int)length, provider->issuer);
	error = ask_json(oidc, &request, &document, why);
	if (!error)
		error = known_read(oidc, provider, document, &known, why);
	json_free(document);
	if (error)
		return error;
	known.read_ms = loop_now_ms();
	json_free(provider->known.key_set);
	provider->known = known;
	return 0;
}

static void parameter(struct buffer *out, const char *name, const char *value)
{
	buffer_text(out, name);
	buffer_text(out, "=");
	buffer_url(out, value, strlen(value));
}

int oidc_ask(const struct oidc *oidc, struct oidc_provider *provider, const struct oidc_asking *asking,
	     struct buffer *url, char why[static OIDC_WHY_MAX])
{
	char challenge[SECRET_TEXT_MAX];
	int error = discover(oidc, provider, why);

	if (error)
		return error;
	buffer_text(url, provider->known.authorization);
	buffer_text(url, strchr(provider->known.authorization, '?') ? "&" : "?");
	parameter(url, "response_type", "code");
	parameter(url, "&scope", "openid email profile");
	parameter(url, "&client_id", provider->client_id);
	parameter(url, "&redirect_uri", asking->redirect_url);
	parameter(url, "&state", asking->state);
	parameter(url, "&nonce", asking->nonce);
	parameter(url, "&code_challenge_method", "S256");
	parameter(url, "&code_challenge", secret_challenge(asking->verifier, challenge));
	return url->failed ? fail(why, "there is no memory", "") : 0;
}

static int keys_read(const struct oidc *oidc, struct oidc_known *known, char why[static OIDC_WHY_MAX])
{
	struct fetch request = {.url = known->keys};
	struct json *set = NULL;
	int error = ask_json(oidc, &request, &set, why);

	if (error)
		return error;
	json_free(known->key_set);
	known->key_set = set;
	known->keys_ms = loop_now_ms();
	return 0;
}

static int verify(const struct oidc *oidc, struct oidc_known *known, const struct jose *token,
		  char why[static OIDC_WHY_MAX])
{
	int64_t age_ms = loop_now_ms() - known->keys_ms;
	int error = 0;

	if (!known->key_set || age_ms > KNOWN_MS) {
		error = keys_read(oidc, known, why);
		age_ms = 0;
	}
	if (error || jose_verify(token, known->key_set) == 0)
		return error;
	/* The provider may sign with a new key. */
	if (age_ms > KEYS_AGAIN_MS) {
		error = keys_read(oidc, known, why);
		if (error || jose_verify(token, known->key_set) == 0)
			return error;
	}
	return fail(why, "the provider's token can't be trusted", "none of its keys has signed it");
}

/* The code for tokens: the reply, which holds an ID token. */
static int exchange(const struct oidc *oidc, const struct oidc_provider *provider,
		    const struct oidc_answer *answer, struct json **out, char why[static OIDC_WHY_MAX])
{
	bool in_form = provider->known.secret_in_form || !provider->client_secret[0];
	struct buffer form = {0}, id = {0}, secret = {0};
	struct fetch request = {.url = provider->known.token};
	int error;

	parameter(&form, "grant_type", "authorization_code");
	parameter(&form, "&code", answer->code);
	parameter(&form, "&redirect_uri", answer->redirect_url);
	parameter(&form, "&code_verifier", answer->verifier);
	/* RFC 6749, section 2.3.1: both are encoded before they are put together. */
	buffer_url(&id, provider->client_id, strlen(provider->client_id));
	buffer_url(&secret, provider->client_secret, strlen(provider->client_secret));
	if (in_form)
		parameter(&form, "&client_id", provider->client_id);
	if (in_form && provider->client_secret[0])
		parameter(&form, "&client_secret", provider->client_secret);
	request.form = form.bytes;
	request.user = in_form ? NULL : id.bytes;
	request.password = in_form ? NULL : secret.bytes;
	error = form.failed || id.failed || secret.failed ? fail(why, "there is no memory", "")
							  : ask_json(oidc, &request, out, why);
	if (form.bytes)
		secret_wipe(form.bytes, form.length);
	if (secret.bytes)
		secret_wipe(secret.bytes, secret.length);
	buffer_free(&form);
	buffer_free(&id);
	buffer_free(&secret);
	return error;
}

static int read_token(const struct oidc *oidc, struct oidc_provider *provider, const struct oidc_answer *answer,
		      const struct json *reply, struct id_token_person *person, char why[static OIDC_WHY_MAX])
{
	struct id_token_wanted wanted = {
		.issuer = provider->known.issuer,
		.client_id = provider->client_id,
		.nonce = answer->nonce,
		.now_s = loop_wall_us() / 1000000,
	};
	const char *text, *what = "it has none";
	struct jose token;
	int error;

	if (!text_of(reply, "id_token", &text) || jose_read(text, strlen(text), &token, &what))
		return fail(why, "the provider's token can't be read", what);
	error = verify(oidc, &provider->known, &token, why);
	what = error ? NULL : id_token_check(token.claims, &wanted);
	if (what)
		error = fail(why, "the provider's token is not good", what);
	if (!error)
		id_token_person(token.claims, person);
	jose_free(&token);
	return error;
}

/* Many providers say e-mail and name only here. It must be of the same person (Core 1.0, section 5.3.2). */
static int read_userinfo(const struct oidc *oidc, const struct oidc_provider *provider,
			 const struct json *reply, struct id_token_person *person,
			 char why[static OIDC_WHY_MAX])
{
	struct fetch request = {.url = provider->known.userinfo};
	struct json *said = NULL;
	const char *subject;
	int error;

	if (person->email[0] || !provider->known.userinfo[0] ||
	    !text_of(reply, "access_token", &request.bearer))
		return 0;
	error = ask_json(oidc, &request, &said, why);
	if (!error && (!text_of(said, "sub", &subject) || strcmp(subject, person->subject) != 0))
		error = fail(why, "the provider says that this is someone else than its token does", "");
	if (!error)
		id_token_person(said, person);
	json_free(said);
	return error;
}

int oidc_redeem(const struct oidc *oidc, struct oidc_provider *provider, const struct oidc_answer *answer,
		struct id_token_person *out, char why[static OIDC_WHY_MAX])
{
	struct id_token_person person = {0};
	struct json *reply = NULL;
	int error = discover(oidc, provider, why);

	if (!error && answer->issuer_said[0] && !issuer_equal(answer->issuer_said, provider->known.issuer))
		error = fail(why, "the answer comes from another provider", "");
	if (!error)
		error = exchange(oidc, provider, answer, &reply, why);
	if (!error)
		error = read_token(oidc, provider, answer, reply, &person, why);
	if (!error)
		error = read_userinfo(oidc, provider, reply, &person, why);
	json_free(reply);
	if (!error)
		*out = person;
	return error;
}
