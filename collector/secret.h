/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Secrets: random keys and tokens, their hashes, passwords, and ids. What is kept of a key or a token is only its
 * hash. Nothing here is ever logged.
 */
#ifndef COLLECTOR_SECRET_H
#define COLLECTOR_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SECRET_HASH_BYTES = 32,
	SECRET_TEXT_MAX = 64,	   /* a key or token as text, with its terminating zero */
	SECRET_PREFIX_MAX = 9,	   /* what is shown of a key later on */
	SECRET_HASH_TEXT_MAX = 72, /* a hash as PostgreSQL's bytea text, \x and 64 digits */
	SECRET_HMAC_MAX = 65,
	PASSWORD_HASH_MAX = 128,
	ID_TEXT_MAX = 37,
	SEAL_KEY_BYTES = 32,
	SEAL_TEXT_MAX = 1024,				/* what is sealed, with its terminating zero */
	SEALED_TEXT_MAX = 3 + 2 * (SEAL_TEXT_MAX + 64), /* as PostgreSQL's bytea text, \x and digits */
};

/* Before anything else here. 0, or -EIO when there is no randomness. */
int secret_open(void);

/* prefix and 256 random bits in base64url. Returns out. */
const char *secret_make(const char *prefix, char out[static SECRET_TEXT_MAX]);
/* The first characters of a key, by which people tell keys apart. Returns out. */
const char *secret_prefix(const char *secret, char out[static SECRET_PREFIX_MAX]);
/* What a verifier is sent as first (RFC 7636, S256): its SHA-256 in base64url. Returns out. */
const char *secret_challenge(const char *verifier, char out[static SECRET_TEXT_MAX]);
/* A key's or token's hash. They hold 256 random bits, so that one round of a plain hash is enough. */
void secret_hash(const char *secret, size_t length, uint8_t out[static SECRET_HASH_BYTES]);
const char *secret_hash_text(const uint8_t hash[static SECRET_HASH_BYTES],
			     char out[static SECRET_HASH_TEXT_MAX]);
/* What only who has the key can make of a text: 43 characters of base64url. Returns out. */
const char *secret_sign(const char *key, const char *text, char out[static SECRET_TEXT_MAX]);
/* HMAC with SHA-256 (RFC 2104), for who else has the key: 64 hex digits. Returns out. */
const char *secret_hmac(const char *key, const char *bytes, size_t length, char out[static SECRET_HMAC_MAX]);
/* In constant time. */
bool secret_equal(const uint8_t a[static SECRET_HASH_BYTES], const uint8_t b[static SECRET_HASH_BYTES]);
/*
 * Encrypt a text so that only who has the key reads it, and only as what it is about: another `about` does not open it
 * (XChaCha20-Poly1305 with a random nonce; https://datatracker.ietf.org/doc/html/draft-irtf-cfrg-xchacha). Sealed twice it differs.
 * Returns out; NULL when the text is too long.
 */
const char *secret_seal(const uint8_t key[static SEAL_KEY_BYTES], const char *about, const char *text,
			char out[static SEALED_TEXT_MAX]);
/* 0; -EBADMSG when it was sealed with another key or about something else; -EINVAL when it is nothing sealed. */
int secret_unseal(const uint8_t key[static SEAL_KEY_BYTES], const char *about, const char *sealed,
		  char out[static SEAL_TEXT_MAX]);
void secret_random(void *bytes, size_t length);
/* Overwrite what is no longer needed. */
void secret_wipe(void *bytes, size_t length);

/* argon2id: slow on purpose (some 0.1 s, 64 MiB), so only in the worker. 0 or -ENOMEM. */
int password_hash(const char *password, char out[static PASSWORD_HASH_MAX]);
bool password_verify(const char *hash, const char *password);
/* NULL, or what is missing: 12 to 256 characters with upper and lower case, a digit and a special character. */
const char *password_weakness(const char *password, size_t length);

/* A random UUID (RFC 9562 version 4). Returns out. */
const char *id_random(char out[static ID_TEXT_MAX]);
/* A UUID that begins with the time (RFC 9562 version 7), so that indexes grow at their end. Returns out. */
const char *id_in_time(char out[static ID_TEXT_MAX]);
/* The UUID (version 8) that belongs to these bytes: the same for the same. */
const char *id_of(const void *bytes, size_t length, char out[static ID_TEXT_MAX]);
/* 36 characters of the usual form. */
bool id_valid(const char *text, size_t length);

#endif
