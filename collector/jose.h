/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signed tokens (JWS in compact form, RFC 7515) with JSON claims (JWT, RFC 7519): bytes → header and claims, and the check
 * of the signature with one of a set of public keys (RFC 7517). RS256, ES256 and EdDSA with Ed25519; nothing else, so also
 * not `none` and no shared secret. Encrypted tokens are refused.
 */
#ifndef COLLECTOR_JOSE_H
#define COLLECTOR_JOSE_H

#include <stddef.h>
#include <stdint.h>

#include "collector/json.h"

enum {
	JOSE_TOKEN_BYTES_MAX = 32 << 10,
	JOSE_SIGNATURE_BYTES_MAX = 1024, /* of RSA with 8192 bits */
	JOSE_KEYS_MAX = 32,		 /* of a set that are looked at */
};

enum jose_alg { JOSE_RS256, JOSE_ES256, JOSE_EDDSA };

struct jose {
	struct json *header, *claims; /* objects */
	enum jose_alg alg;
	const char *kid;	  /* "" when none is named; in header */
	const char *signed_bytes; /* what the signature is over; borrowed from the token */
	size_t signed_length;
	uint8_t signature[JOSE_SIGNATURE_BYTES_MAX];
	size_t signature_length;
};

/* The token must stay as long as *out. 0, or -EINVAL with a few words in *why, and nothing to free. */
int jose_read(const char *token, size_t length, struct jose *out, const char **why);
void jose_free(struct jose *);
/* keys: a set, {"keys": […]}. 0 when one of them signed it; -ENOKEY when none of them may have; -EBADMSG when it did not. */
int jose_verify(const struct jose *, const struct json *keys);

/* base64url without padding (RFC 4648 section 5): the length written, or -EINVAL. */
long base64url_read(const char *text, size_t length, uint8_t *out, size_t size);

/* jose_key.c. One public key of a set: 0, -ENOKEY when it is not one for this algorithm, -EBADMSG. */
int jose_key_verify(const struct json *key, const struct jose *);

#endif
