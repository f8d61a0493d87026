/* SPDX-License-Identifier: BSD-2-Clause */
/* Between oidc_start.c, which sends a browser to a provider, and oidc.c, to which it comes back. Not for others. */
#ifndef COLLECTOR_API_OIDC_FLOW_H
#define COLLECTOR_API_OIDC_FLOW_H

#include "collector/api/attempt.h"
#include "collector/oidc.h"

enum { FLOW_SECONDS = 600 };

#define OIDC_COOKIE "netvisor_oidc"
#define OIDC_PATH "/api/auth/oidc"

/* The call's context: an attempt, for what follows when the provider has answered. */
struct flow {
	struct attempt attempt; /* first */
	struct oidc_provider *provider;
	char redirect_url[FETCH_URL_BYTES_MAX + 1];
	char state[SECRET_TEXT_MAX], browser[SECRET_TEXT_MAX], nonce[SECRET_TEXT_MAX],
		verifier[SECRET_TEXT_MAX];
	char link_user[ID_TEXT_MAX]; /* "" unless an account is to be linked */
	char code[OIDC_CODE_BYTES_MAX + 1], issuer_said[FETCH_URL_BYTES_MAX + 1];
	bool as_json; /* the URL is the answer, for a page that goes there itself */
	struct buffer url;
	struct id_token_person person;
	char issuer[FETCH_URL_BYTES_MAX + 1]; /* as it is kept: without a slash at its end */
	int error;
	char why[OIDC_WHY_MAX];
};

/* By the provider that the path names; NULL with the call answered when there is none. */
struct flow *flow_make(struct api_call *);
/* Back to a page that shows why: where linking began, else where one signs in. The call is over. */
void flow_fail(struct api_call *, const char *why);
void flow_hash(const char *token, char out[static SECRET_HASH_TEXT_MAX]);

#endif
