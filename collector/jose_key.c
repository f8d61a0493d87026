/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * OpenSSL's door: a public key of RFC 7517, RFC 7518 section 6 and RFC 8037 as an EVP_PKEY, and a signature checked with it.
 */
#include <errno.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <string.h>

#include "collector/jose.h"

enum {
	RSA_BYTES_MIN = 256, /* RFC 7518 section 3.3: 2048 bits at least */
	RSA_BYTES_MAX = JOSE_SIGNATURE_BYTES_MAX,
	RSA_EXPONENT_BYTES_MAX = 8,
	P256_BYTES = 32,
	P256_SIGNATURE_BYTES = 64,
	ED25519_BYTES = 32,
	ED25519_SIGNATURE_BYTES = 64,
	DER_BYTES_MAX = 2 * (P256_BYTES + 3) + 8,
};

/* The bytes of a member in base64url; 0 when there is none that fits. */
static size_t member(const struct json *key, const char *name, uint8_t *out, size_t size)
{
	const char *text;
	size_t length;
	long used;

	if (!json_text(json_get(key, name), &text, &length))
		return 0;
	used = base64url_read(text, length, out, size);
	return used > 0 ? (size_t)used : 0;
}

static bool member_is(const struct json *key, const char *name, const char *wanted)
{
	const char *text;
	size_t length;

	return json_text(json_get(key, name), &text, &length) && length == strlen(wanted) &&
	       memcmp(text, wanted, length) == 0;
}

static EVP_PKEY *key_make(const char *type, OSSL_PARAM_BLD *build)
{
	OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(build);
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if (parameters && context && EVP_PKEY_fromdata_init(context) == 1 &&
	    EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(context);
	OSSL_PARAM_free(parameters);
	return key;
}

static EVP_PKEY *rsa_key(const struct json *json)
{
	uint8_t modulus[RSA_BYTES_MAX], exponent[RSA_EXPONENT_BYTES_MAX];
	size_t modulus_length = member(json, "n", modulus, sizeof(modulus));
	size_t exponent_length = member(json, "e", exponent, sizeof(exponent));
	OSSL_PARAM_BLD *build;
	EVP_PKEY *key = NULL;
	BIGNUM *n, *e;

	if (modulus_length < RSA_BYTES_MIN || !exponent_length)
		return NULL;
	build = OSSL_PARAM_BLD_new();
	n = BN_bin2bn(modulus, (int)modulus_length, NULL);
	e = BN_bin2bn(exponent, (int)exponent_length, NULL);
	if (build && n && e && OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e))
		key = key_make("RSA", build);
	BN_free(n);
	BN_free(e);
	OSSL_PARAM_BLD_free(build);
	return key;
}

static EVP_PKEY *p256_key(const struct json *json)
{
	uint8_t point[1 + 2 * P256_BYTES] = {POINT_CONVERSION_UNCOMPRESSED};
	OSSL_PARAM_BLD *build;
	EVP_PKEY *key = NULL;

	if (!member_is(json, "crv", "P-256") || member(json, "x", point + 1, P256_BYTES) != P256_BYTES ||
	    member(json, "y", point + 1 + P256_BYTES, P256_BYTES) != P256_BYTES)
		return NULL;
	build = OSSL_PARAM_BLD_new();
	if (build && OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) &&
	    OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point)))
		key = key_make("EC", build);
	OSSL_PARAM_BLD_free(build);
	return key;
}

static EVP_PKEY *ed25519_key(const struct json *json)
{
	uint8_t x[ED25519_BYTES];

	if (!member_is(json, "crv", "Ed25519") || member(json, "x", x, sizeof(x)) != sizeof(x))
		return NULL;
	return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, x, sizeof(x));
}

/* JOSE has r and s side by side (RFC 7518 section 3.4), OpenSSL wants them in DER. The length, 0 on failure. */
static size_t signature_der(const struct jose *jose, uint8_t out[static DER_BYTES_MAX])
{
	ECDSA_SIG *signature = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(jose->signature, P256_BYTES, NULL);
	BIGNUM *s = BN_bin2bn(jose->signature + P256_BYTES, P256_BYTES, NULL);
	uint8_t *at = out;
	int length = 0;

	if (signature && r && s && ECDSA_SIG_set0(signature, r, s)) {
		r = s = NULL; /* they are the signature's now */
		if (i2d_ECDSA_SIG(signature, NULL) <= DER_BYTES_MAX)
			length = i2d_ECDSA_SIG(signature, &at);
	}
	BN_free(r);
	BN_free(s);
	ECDSA_SIG_free(signature);
	return length > 0 ? (size_t)length : 0;
}

static bool verify(EVP_PKEY *key, const EVP_MD *digest, const struct jose *jose, const uint8_t *signature,
		   size_t length)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool good = context && EVP_DigestVerifyInit(context, NULL, digest, NULL, key) == 1 &&
		    EVP_DigestVerify(context, signature, length, (const uint8_t *)jose->signed_bytes,
				     jose->signed_length) == 1;

	EVP_MD_CTX_free(context);
	ERR_clear_error();
	return good;
}

int jose_key_verify(const struct json *json, const struct jose *jose)
{
	static const char *const types[] = {[JOSE_RS256] = "RSA", [JOSE_ES256] = "EC", [JOSE_EDDSA] = "OKP"};
	static const char *const algorithms[] = {
		[JOSE_RS256] = "RS256", [JOSE_ES256] = "ES256", [JOSE_EDDSA] = "EdDSA"};
	const uint8_t *signature = jose->signature;
	size_t length = jose->signature_length;
	uint8_t der[DER_BYTES_MAX];
	EVP_PKEY *key;
	bool good;

	if (!member_is(json, "kty", types[jose->alg]) ||
	    (json_get(json, "alg") && !member_is(json, "alg", algorithms[jose->alg])))
		return -ENOKEY;
	key = jose->alg == JOSE_RS256	? rsa_key(json)
	      : jose->alg == JOSE_ES256 ? p256_key(json)
					: ed25519_key(json);
	if (!key) {
		ERR_clear_error();
		return -ENOKEY;
	}
	if (jose->alg == JOSE_ES256) {
		length = length == P256_SIGNATURE_BYTES ? signature_der(jose, der) : 0;
		signature = der;
	} else if (jose->alg == JOSE_EDDSA && length != ED25519_SIGNATURE_BYTES) {
		length = 0;
	}
	good = length && verify(key, jose->alg == JOSE_EDDSA ? NULL : EVP_sha256(), jose, signature, length);
	EVP_PKEY_free(key);
	return good ? 0 : -EBADMSG;
}
