/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * OpenID Connect: the providers that were named, and what is asked of them. Core 1.0, Discovery 1.0, with PKCE (RFC 7636,
 * S256) and the issuer in the answer (RFC 9207). Who someone is here is not known to these files.
 */
#ifndef COLLECTOR_OIDC_H
#define COLLECTOR_OIDC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/buffer.h"
#include "collector/fetch.h"
#include "collector/id_token.h"

struct settings;

enum {
	OIDC_PROVIDERS_MAX = 16,
	OIDC_SLUG_MAX = 41,
	OIDC_CODE_BYTES_MAX = 2000,
	OIDC_WHY_MAX = FETCH_WHY_MAX + 160,
};

/* What a provider says of itself; only the fetching thread looks at it. */
struct oidc_known {
	char issuer[FETCH_URL_BYTES_MAX + 1], authorization[FETCH_URL_BYTES_MAX + 1],
		token[FETCH_URL_BYTES_MAX + 1];
	char userinfo[FETCH_URL_BYTES_MAX + 1], keys[FETCH_URL_BYTES_MAX + 1];
	bool secret_in_form; /* client_secret_post is all it takes */
	int64_t read_ms;     /* 0: not yet */
	struct json *key_set;
	int64_t keys_ms;
};

/* Texts are "" when they were not given. */
struct oidc_provider {
	char slug[OIDC_SLUG_MAX], name[101], issuer[FETCH_URL_BYTES_MAX + 1];
	char client_id[256], client_secret[1024], redirect_url[FETCH_URL_BYTES_MAX + 1];
	struct oidc_known known;
};

struct oidc {
	struct oidc_provider *providers;
	size_t count;
	bool allow_http;
	const char *ca_file;
};

/* The providers of the settings. 0, or -errno after saying what is wrong and which option mends it. */
int oidc_open(const struct settings *, struct oidc **out);
/* "": the first. NULL when there is none. */
struct oidc_provider *oidc_find(const struct oidc *, const char *slug);
void oidc_close(struct oidc *);

/* oidc_client.c, in the fetching thread only, for these wait. 0, or -errno with a sentence in why. */

/* The URL of the provider to which a browser is sent. */
struct oidc_asking {
	const char *redirect_url, *state, *nonce, *verifier;
};
int oidc_ask(const struct oidc *, struct oidc_provider *, const struct oidc_asking *, struct buffer *url,
	     char why[static OIDC_WHY_MAX]);

/* What the browser came back with, to who it is. issuer_said: RFC 9207, "" when it was not said. */
struct oidc_answer {
	const char *redirect_url, *code, *nonce, *verifier, *issuer_said;
};
int oidc_redeem(const struct oidc *, struct oidc_provider *, const struct oidc_answer *,
		struct id_token_person *out, char why[static OIDC_WHY_MAX]);

#endif
