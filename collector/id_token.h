/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an OpenID Connect ID token must say (OpenID Connect Core 1.0, section 3.1.3.7) before anyone is let in by it. Pure.
 */
#ifndef COLLECTOR_ID_TOKEN_H
#define COLLECTOR_ID_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/json.h"

enum {
	ID_TOKEN_SKEW_SECONDS = 60,	/* clocks differ by so much */
	ID_TOKEN_AGE_SECONDS_MAX = 600, /* issued no longer ago */
	SUBJECT_BYTES_MAX = 255,	/* Core 1.0, section 2 */
	ID_TOKEN_EMAIL_MAX = 255,
	ID_TOKEN_NAME_MAX = 101,
};

struct id_token_wanted {
	const char *issuer, *client_id, *nonce;
	int64_t now_s;
};

/* Who it is. Texts are "" when they were not said. */
struct id_token_person {
	char subject[SUBJECT_BYTES_MAX + 1];
	char email[ID_TOKEN_EMAIL_MAX], name[ID_TOKEN_NAME_MAX];
	bool email_denied; /* the provider says that it has not verified the address */
};

/* The same issuer, whether it ends with a slash or not. */
bool issuer_equal(const char *a, const char *b);
/* NULL, or what is wrong in a few words. */
const char *id_token_check(const struct json *claims, const struct id_token_wanted *);
/* sub, email, name (or preferred_username) of the token, or of userinfo; what is there already stays. */
void id_token_person(const struct json *claims, struct id_token_person *);

#endif
