/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Claims against what was asked for. The signature was checked before.
 */
#include <stdio.h>
#include <string.h>

#include "collector/id_token.h"

static bool text_of(const struct json *claims, const char *key, const char **out)
{
	size_t length;

	return json_text(json_get(claims, key), out, &length) && length && !memchr(*out, 0, length);
}

bool issuer_equal(const char *a, const char *b)
{
	size_t a_length = strlen(a), b_length = strlen(b);

	a_length -= a_length && a[a_length - 1] == '/';
	b_length -= b_length && b[b_length - 1] == '/';
	return a_length == b_length && memcmp(a, b, a_length) == 0;
}

/* aud is one text or a list of them. With more than our own, azp must say that it is for us. */
static const char *check_audience(const struct json *claims, const char *client_id)
{
	const struct json *audience = json_get(claims, "aud");
	bool list = json_kind(audience) == JSON_ARRAY, found = false;
	const char *text;
	size_t length;

	for (size_t i = 0; i < (list ? json_count(audience) : 1); i++)
		found |= json_text(list ? json_at(audience, i) : audience, &text, &length) &&
			 length == strlen(client_id) && memcmp(text, client_id, length) == 0;
	if (!found)
		return "it is for another application (aud)";
	if (json_get(claims, "azp") ? !text_of(claims, "azp", &text) || strcmp(text, client_id) != 0
				    : list && json_count(audience) > 1)
		return "it was issued to another application (azp)";
	return NULL;
}

static const char *check_times(const struct json *claims, int64_t now_s)
{
	double expires, issued, from;

	if (!json_number(json_get(claims, "exp"), &expires) || !json_number(json_get(claims, "iat"), &issued))
		return "it does not say when it was issued and expires (iat, exp)";
	if (!(expires > (double)(now_s - ID_TOKEN_SKEW_SECONDS)))
		return "it has expired (exp); are the clocks right?";
	if (!(issued <= (double)(now_s + ID_TOKEN_SKEW_SECONDS)))
		return "it is issued in the future (iat); are the clocks right?";
	if (!(issued >= (double)(now_s - ID_TOKEN_AGE_SECONDS_MAX)))
		return "it was issued too long ago (iat); are the clocks right?";
	if (json_get(claims, "nbf") && (!json_number(json_get(claims, "nbf"), &from) ||
					!(from <= (double)(now_s + ID_TOKEN_SKEW_SECONDS))))
		return "it is not valid yet (nbf)";
	return NULL;
}

const char *id_token_check(const struct json *claims, const struct id_token_wanted *wanted)
{
	const char *text, *why;

	if (!text_of(claims, "iss", &text) || !issuer_equal(text, wanted->issuer))
		return "another provider issued it (iss)";
	why = check_audience(claims, wanted->client_id);
	if (!why)
		why = check_times(claims, wanted->now_s);
	if (why)
		return why;
	if (!text_of(claims, "nonce", &text) || strcmp(text, wanted->nonce) != 0)
		return "it does not belong to this sign-in (nonce)";
	if (!text_of(claims, "sub", &text) || strlen(text) > SUBJECT_BYTES_MAX)
		return "it does not say who it is for (sub)";
	return NULL;
}

static void keep(const struct json *claims, const char *key, char *out, size_t size)
{
	const char *text;

	if (!out[0] && text_of(claims, key, &text) && strlen(text) < size)
		memcpy(out, text, strlen(text) + 1);
}

void id_token_person(const struct json *claims, struct id_token_person *person)
{
	const struct json *said = json_get(claims, "email_verified");
	bool had_email = person->email[0], verified = false;
	const char *text;

	keep(claims, "sub", person->subject, sizeof(person->subject));
	keep(claims, "email", person->email, sizeof(person->email));
	keep(claims, "name", person->name, sizeof(person->name));
	keep(claims, "preferred_username", person->name, sizeof(person->name));
	/* Some providers say it as a text. */
	if (!had_email && person->email[0] && said)
		person->email_denied = !(json_flag(said, &verified) && verified) &&
				       !(text_of(claims, "email_verified", &text) && strcmp(text, "true") == 0);
}
