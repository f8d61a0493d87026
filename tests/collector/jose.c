// SPDX-License-Identifier: BSD-2-Clause
/*
 * Signed tokens: keys made here sign them, and what was changed, or is signed otherwise, is refused. Then what the claims
 * of an ID token must say.
 */
#include <errno.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "collector/fetch.h"
#include "collector/id_token.h"
#include "collector/jose.h"
#include "tests/tap.h"

struct signer {
	const char *alg;
	EVP_PKEY *key;
	char jwk[1200];
};

static const char claims_text[] = "{\"iss\":\"https://id.example/\",\"aud\":\"netvisor\",\"sub\":\"42\"}";

static char *base64url(const void *bytes, size_t length, char *out)
{
	size_t used = (size_t)EVP_EncodeBlock((unsigned char *)out, bytes, (int)length);

	while (used && out[used - 1] == '=')
		out[--used] = 0;
	for (char *at = out; *at; at++)
		*at = *at == '+' ? '-' : *at == '/' ? '_' : *at;
	return out;
}

static char *number(EVP_PKEY *key, const char *name, size_t pad, char *out)
{
	unsigned char bytes[1024] = {0};
	BIGNUM *bn = NULL;

	EVP_PKEY_get_bn_param(key, name, &bn);
	pad = pad ? pad : (size_t)BN_num_bytes(bn);
	BN_bn2binpad(bn, bytes, (int)pad);
	BN_free(bn);
	return base64url(bytes, pad, out);
}

static void signer_make(struct signer *s, const char *alg, unsigned int rsa_bits)
{
	char one[1024], two[1024];

	s->alg = alg;
	if (strcmp(alg, "RS256") == 0) {
		s->key = EVP_RSA_gen(rsa_bits);
		snprintf(s->jwk, sizeof(s->jwk), "{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"}",
			 number(s->key, OSSL_PKEY_PARAM_RSA_N, 0, one),
			 number(s->key, OSSL_PKEY_PARAM_RSA_E, 0, two));
	} else if (strcmp(alg, "ES256") == 0) {
		s->key = EVP_EC_gen("P-256");
		snprintf(s->jwk, sizeof(s->jwk),
			 "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"e1\",\"x\":\"%s\",\"y\":\"%s\"}",
			 number(s->key, OSSL_PKEY_PARAM_EC_PUB_X, 32, one),
			 number(s->key, OSSL_PKEY_PARAM_EC_PUB_Y, 32, two));
	} else {
		unsigned char raw[32];
		size_t length = sizeof(raw);

		s->key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
		EVP_PKEY_get_raw_public_key(s->key, raw, &length);
		snprintf(s->jwk, sizeof(s->jwk),
			 "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"use\":\"sig\",\"x\":\"%s\"}",
			 base64url(raw, length, one));
	}
}

/* A token with this header, signed by the key. */
static char *token_make(const struct signer *s, const char *header, const char *claims)
{
	static char token[8192];
	unsigned char signature[1024], joined[64];
	size_t length = sizeof(signature), used;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	char part[4096];

	used = (size_t)snprintf(token, sizeof(token), "%s", base64url(header, strlen(header), part));
	used += (size_t)snprintf(token + used, sizeof(token) - used, ".%s",
				 base64url(claims, strlen(claims), part));
	EVP_DigestSignInit(context, NULL, strcmp(s->alg, "EdDSA") ? EVP_sha256() : NULL, NULL, s->key);
	EVP_DigestSign(context, signature, &length, (unsigned char *)token, used);
	EVP_MD_CTX_free(context);
	if (strcmp(s->alg, "ES256") == 0) {
		const unsigned char *at = signature;
		ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &at, (long)length);

		BN_bn2binpad(ECDSA_SIG_get0_r(sig), joined, 32);
		BN_bn2binpad(ECDSA_SIG_get0_s(sig), joined + 32, 32);
		memcpy(signature, joined, length = 64);
		ECDSA_SIG_free(sig);
	}
	snprintf(token + used, sizeof(token) - used, ".%s", base64url(signature, length, part));
	return token;
}

/* 0, a negative errno of jose_verify(), or 1 when it can't even be read. */
static int check(const char *token, const char *keys)
{
	struct jose jose;
	struct json *set = NULL;
	const char *why;
	int result = 1;

	if (jose_read(token, strlen(token), &jose, &why) == 0) {
		result = json_read(keys, strlen(keys), &set, &why) ? 2 : jose_verify(&jose, set);
		jose_free(&jose);
		json_free(set);
	}
	return result;
}

static void signatures(void)
{
	struct signer signers[3], other, small;
	char keys[4096], header[64], *token;

	for (size_t i = 0; i < 3; i++)
		signer_make(&signers[i], (const char *const[]){"RS256", "ES256", "EdDSA"}[i], 2048);
	snprintf(keys, sizeof(keys), "{\"keys\":[%s,%s,%s]}", signers[0].jwk, signers[1].jwk, signers[2].jwk);
	for (size_t i = 0; i < 3; i++) {
		const char *alg = signers[i].alg;

		snprintf(header, sizeof(header), "{\"alg\":\"%s\"}", alg);
		token = token_make(&signers[i], header, claims_text);
		tap_ok(check(token, keys) == 0, "%s: a good signature", alg);
		token[strlen(header) * 4 / 3 + 6] ^= 2;
		tap_ok(check(token, keys) != 0, "%s: a claim that was changed", alg);
		signer_make(&other, alg, 2048);
		token = token_make(&other, header, claims_text);
		tap_ok(check(token, keys) == -EBADMSG, "%s: another key's signature", alg);
		*strrchr(token, '.') = 0;
		strcat(token, ".");
		tap_ok(check(token, keys) == -EBADMSG, "%s: no signature", alg);
		EVP_PKEY_free(other.key);
		/* The key of one algorithm, the name of another. */
		snprintf(header, sizeof(header), "{\"alg\":\"%s\"}", signers[(i + 1) % 3].alg);
		token = token_make(&signers[i], header, claims_text);
		tap_ok(check(token, keys) < 0, "%s that calls itself %s", alg, signers[(i + 1) % 3].alg);
	}
	token = token_make(&signers[1], "{\"alg\":\"ES256\",\"kid\":\"e1\"}", claims_text);
	tap_ok(check(token, keys) == 0, "the key that is named");
	token = token_make(&signers[1], "{\"alg\":\"ES256\",\"kid\":\"e2\"}", claims_text);
	tap_ok(check(token, keys) == -ENOKEY, "a key that is named and is not there");
	signer_make(&small, "RS256", 1024);
	snprintf(keys, sizeof(keys), "{\"keys\":[%s]}", small.jwk);
	token = token_make(&small, "{\"alg\":\"RS256\"}", claims_text);
	tap_ok(check(token, keys) == -ENOKEY, "RSA with 1024 bits is refused");
	EVP_PKEY_free(small.key);
	for (size_t i = 0; i < 3; i++)
		EVP_PKEY_free(signers[i].key);
}

static void unreadable(void)
{
	static const struct {
		const char *header, *what;
	} rows[] = {
		{"{\"alg\":\"none\"}", "alg none"},
		{"{\"alg\":\"None\"}", "alg None"},
		{"{\"alg\":\"HS256\"}", "alg HS256: no shared secrets"},
		{"{\"alg\":\"RS256\",\"crit\":[\"b64\"],\"b64\":false}",
		 "an extension that must be understood"},
		{"{}", "no alg"},
		{"[]", "a header that is no object"},
		{"{\"alg\":\"RS256\\u0000\"}", "alg with a zero byte"},
	};
	static const char *const tokens[] = {
		"", ".", "..", "a.b", "e30.e30", "e30.e30.!!", "e30.e30.a", "e31.e30.", "e30.e30.e30.e30"};
	char token[512], part[256], claims[256];

	base64url(claims_text, strlen(claims_text), claims);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(token, sizeof(token), "%s.%s.",
			 base64url(rows[i].header, strlen(rows[i].header), part), claims);
		tap_ok(check(token, "{\"keys\":[]}") == 1, "not read: %s", rows[i].what);
	}
	for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++)
		tap_ok(check(tokens[i], "{\"keys\":[]}") == 1, "not read: \"%s\"", tokens[i]);
}

static void claims(void)
{
	static const struct id_token_wanted wanted = {"https://id.example", "netvisor", "n1", 1000000};
	static const struct {
		const char *change, *what;
		bool good;
	} rows[] = {
		{"\"x\":1", "as it must be", true},
		{"\"iss\":\"https://id.example\"", "the issuer without its slash", true},
		{"\"iss\":\"https://id.example//\"", "two slashes", false},
		{"\"iss\":\"https://evil.example/\"", "another issuer", false},
		{"\"aud\":\"other\"", "another audience", false},
		{"\"aud\":[\"netvisor\"]", "a list of one", true},
		{"\"aud\":[\"netvisor\",\"other\"]", "two audiences without azp", false},
		{"\"aud\":[\"netvisor\",\"other\"],\"azp\":\"netvisor\"", "two audiences, for us", true},
		{"\"azp\":\"other\"", "azp of another", false},
		{"\"azp\":7", "azp that is no text", false},
		{"\"exp\":999000", "expired", false},
		{"\"exp\":999990", "expired within the clocks' difference", true},
		{"\"exp\":null", "no exp", false},
		{"\"iat\":1000900", "issued in the future", false},
		{"\"iat\":990000", "issued long ago", false},
		{"\"nbf\":1000900", "not valid yet", false},
		{"\"nonce\":\"n2\"", "another nonce", false},
		{"\"nonce\":null", "no nonce", false},
		{"\"sub\":\"\"", "no subject", false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct json *document = NULL;
		const char *why;
		char text[512];

		/* Of two equal keys the later one counts. */
		snprintf(text, sizeof(text),
			 "{\"iss\":\"https://id.example/\",\"aud\":\"netvisor\",\"sub\":\"42\",\"exp\":1000300,"
			 "\"iat\":999999,\"nonce\":\"n1\",%s}",
			 rows[i].change);
		if (json_read(text, strlen(text), &document, &why))
			tap_ok(false, "%s: %s", rows[i].what, why);
		why = id_token_check(document, &wanted);
		tap_ok(!why == rows[i].good, "claims: %s (%s)", rows[i].what, why ? why : "good");
		json_free(document);
	}
}

static void person(void)
{
	static const char first[] = "{\"sub\":\"42\"}",
			  second[] = "{\"sub\":\"43\",\"email\":\"a@b.c\",\"email_verified\":%s}";
	static const struct {
		const char *verified;
		bool denied;
	} rows[] = {{"true", false}, {"\"true\"", false}, {"false", true}, {"\"false\"", true}, {"7", true}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct id_token_person who = {0};
		struct json *document = NULL;
		const char *why;
		char text[128];

		json_read(first, strlen(first), &document, &why);
		id_token_person(document, &who);
		json_free(document);
		snprintf(text, sizeof(text), second, rows[i].verified);
		json_read(text, strlen(text), &document, &why);
		id_token_person(document, &who);
		json_free(document);
		tap_ok(strcmp(who.subject, "42") == 0 && strcmp(who.email, "a@b.c") == 0 &&
			       who.email_denied == rows[i].denied,
		       "a person of token and userinfo, email_verified %s", rows[i].verified);
	}
}

static void places(void)
{
	static const struct {
		const char *url;
		bool plain, any;
	} rows[] = {
		{"https://id.example/", true, true},
		{"HTTPS://id.example:8443/x", true, true},
		{"http://localhost:3000/", true, true},
		{"http://127.0.0.1/", true, true},
		{"http://127.9.9.9:1/", true, true},
		{"http://[::1]:3000/x", true, true},
		{"http://id.example/", false, true},
		{"http://127.0.0.1.evil.example/", false, true},
		{"http://localhost.evil.example/", false, true},
		{"http://localhost@evil.example/", false, false},
		{"http://evil.example#@localhost/", false, true},
		{"file:///etc/passwd", false, false},
		{"ftp://localhost/", false, false},
		{"https://", false, false},
		{"localhost", false, false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		tap_ok(fetch_url_allowed(rows[i].url, false) == rows[i].plain &&
			       fetch_url_allowed(rows[i].url, true) == rows[i].any,
		       "asked or not: %s", rows[i].url);
}

int main(void)
{
	signatures();
	unreadable();
	claims();
	person();
	places();
	return tap_end();
}
