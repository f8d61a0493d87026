/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libsodium's one door.
 */
#include <ctype.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "collector/secret.h"

_Static_assert(crypto_generichash_BYTES == SECRET_HASH_BYTES, "the default hash fits");
_Static_assert(crypto_pwhash_STRBYTES <= PASSWORD_HASH_MAX, "a password's hash fits");

enum {
	PASSWORD_CHARACTERS_MIN = 12,
	PASSWORD_BYTES_MAX = 256,
	NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	SEAL_BYTES_MAX = NONCE_BYTES + SEAL_TEXT_MAX + crypto_aead_xchacha20poly1305_ietf_ABYTES,
};

_Static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == SEAL_KEY_BYTES, "the key fits");
_Static_assert(3 + 2 * SEAL_BYTES_MAX <= SEALED_TEXT_MAX, "what is sealed fits");

int secret_open(void)
{
	return sodium_init() < 0 ? -EIO : 0;
}

const char *secret_make(const char *prefix, char out[static SECRET_TEXT_MAX])
{
	uint8_t random[SECRET_HASH_BYTES];
	char text[sodium_base64_ENCODED_LEN(SECRET_HASH_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];

	randombytes_buf(random, sizeof(random));
	sodium_bin2base64(text, sizeof(text), random, sizeof(random), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	snprintf(out, SECRET_TEXT_MAX, "%.16s%s", prefix, text);
	sodium_memzero(random, sizeof(random));
	sodium_memzero(text, sizeof(text));
	return out;
}

const char *secret_prefix(const char *secret, char out[static SECRET_PREFIX_MAX])
{
	snprintf(out, SECRET_PREFIX_MAX, "%s", secret);
	return out;
}

const char *secret_challenge(const char *verifier, char out[static SECRET_TEXT_MAX])
{
	uint8_t hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(hash, (const uint8_t *)verifier, strlen(verifier));
	sodium_bin2base64(out, SECRET_TEXT_MAX, hash, sizeof(hash), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return out;
}

const char *secret_sign(const char *key, const char *text, char out[static SECRET_TEXT_MAX])
{
	uint8_t sign[SECRET_HASH_BYTES], hashed[SECRET_HASH_BYTES];

	secret_hash(key, strlen(key), hashed);
	crypto_generichash(sign, sizeof(sign), (const uint8_t *)text, strlen(text), hashed, sizeof(hashed));
	sodium_bin2base64(out, SECRET_TEXT_MAX, sign, sizeof(sign), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return out;
}

const char *secret_hmac(const char *key, const char *bytes, size_t length, char out[static SECRET_HMAC_MAX])
{
	crypto_auth_hmacsha256_state state;
	uint8_t code[crypto_auth_hmacsha256_BYTES];

	crypto_auth_hmacsha256_init(&state, (const uint8_t *)key, strlen(key));
	crypto_auth_hmacsha256_update(&state, (const uint8_t *)bytes, length);
	crypto_auth_hmacsha256_final(&state, code);
	sodium_memzero(&state, sizeof(state));
	return sodium_bin2hex(out, SECRET_HMAC_MAX, code, sizeof(code));
}

void secret_hash(const char *secret, size_t length, uint8_t out[static SECRET_HASH_BYTES])
{
	crypto_generichash(out, SECRET_HASH_BYTES, (const uint8_t *)secret, length, NULL, 0);
}

const char *secret_hash_text(const uint8_t hash[static SECRET_HASH_BYTES],
			     char out[static SECRET_HASH_TEXT_MAX])
{
	out[0] = '\\';
	out[1] = 'x';
	sodium_bin2hex(out + 2, SECRET_HASH_TEXT_MAX - 2, hash, SECRET_HASH_BYTES);
	return out;
}

bool secret_equal(const uint8_t a[static SECRET_HASH_BYTES], const uint8_t b[static SECRET_HASH_BYTES])
{
	return sodium_memcmp(a, b, SECRET_HASH_BYTES) == 0;
}

const char *secret_seal(const uint8_t key[static SEAL_KEY_BYTES], const char *about, const char *text,
			char out[static SEALED_TEXT_MAX])
{
	uint8_t sealed[SEAL_BYTES_MAX];
	unsigned long long length;

	if (strlen(text) >= SEAL_TEXT_MAX)
		return NULL;
	randombytes_buf(sealed, NONCE_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + NONCE_BYTES, &length, (const uint8_t *)text,
						   strlen(text), (const uint8_t *)about, strlen(about), NULL,
						   sealed, key);
	out[0] = '\\';
	out[1] = 'x';
	sodium_bin2hex(out + 2, SEALED_TEXT_MAX - 2, sealed, NONCE_BYTES + (size_t)length);
	return out;
}

int secret_unseal(const uint8_t key[static SEAL_KEY_BYTES], const char *about, const char *sealed,
		  char out[static SEAL_TEXT_MAX])
{
	uint8_t bytes[SEAL_BYTES_MAX];
	unsigned long long text_length;
	size_t length;

	if (strncmp(sealed, "\\x", 2) != 0 ||
	    sodium_hex2bin(bytes, sizeof(bytes), sealed + 2, strlen(sealed + 2), NULL, &length, NULL) != 0 ||
	    length < NONCE_BYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES ||
	    length - NONCE_BYTES - crypto_aead_xchacha20poly1305_ietf_ABYTES >= SEAL_TEXT_MAX)
		return -EINVAL;
	if (crypto_aead_xchacha20poly1305_ietf_decrypt((uint8_t *)out, &text_length, NULL, bytes + NONCE_BYTES,
						       length - NONCE_BYTES, (const uint8_t *)about,
						       strlen(about), bytes, key) != 0)
		return -EBADMSG;
	out[text_length] = 0;
	return 0;
}

void secret_random(void *bytes, size_t length)
{
	randombytes_buf(bytes, length);
}

void secret_wipe(void *bytes, size_t length)
{
	sodium_memzero(bytes, length);
}

int password_hash(const char *password, char out[static PASSWORD_HASH_MAX])
{
	return crypto_pwhash_str_alg(out, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
				     crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13)
		       ? -ENOMEM
		       : 0;
}

bool password_verify(const char *hash, const char *password)
{
	return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}

const char *password_weakness(const char *password, size_t length)
{
	bool upper = false, lower = false, digit = false, special = false;
	size_t characters = 0;

	if (length > PASSWORD_BYTES_MAX || memchr(password, 0, length))
		return "a password has at most 256 bytes and no zero byte";
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)password[i];

		characters += (c & 0xc0) != 0x80;
		upper |= c < 0x80 && isupper(c);
		lower |= c < 0x80 && islower(c);
		digit |= c < 0x80 && isdigit(c);
		special |= c >= 0x80 || !isalnum(c);
	}
	if (characters < PASSWORD_CHARACTERS_MIN)
		return "a password has at least 12 characters";
	if (!upper || !lower || !digit || !special)
		return "a password has an upper case letter, a lower case letter, a digit and a special "
		       "character";
	return NULL;
}

static const char *id_write(uint8_t id[static 16], unsigned int version, char out[static ID_TEXT_MAX])
{
	id[6] = (uint8_t)((id[6] & 0x0f) | version << 4);
	id[8] = (uint8_t)((id[8] & 0x3f) | 0x80);
	snprintf(out, ID_TEXT_MAX, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
		 id[0], id[1], id[2], id[3], id[4], id[5], id[6], id[7], id[8], id[9], id[10], id[11], id[12],
		 id[13], id[14], id[15]);
	return out;
}

const char *id_random(char out[static ID_TEXT_MAX])
{
	uint8_t id[16];

	randombytes_buf(id, sizeof(id));
	return id_write(id, 4, out);
}

const char *id_in_time(char out[static ID_TEXT_MAX])
{
	struct timespec now;
	uint64_t ms;
	uint8_t id[16];

	randombytes_buf(id, sizeof(id));
	clock_gettime(CLOCK_REALTIME, &now);
	ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
	for (size_t i = 0; i < 6; i++)
		id[i] = (uint8_t)(ms >> (40 - 8 * i));
	return id_write(id, 7, out);
}

const char *id_of(const void *bytes, size_t length, char out[static ID_TEXT_MAX])
{
	uint8_t id[16];

	crypto_generichash(id, sizeof(id), bytes, length, NULL, 0);
	return id_write(id, 8, out);
}

bool id_valid(const char *text, size_t length)
{
	if (length != ID_TEXT_MAX - 1)
		return false;
	for (size_t i = 0; i < length; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
			return false;
	}
	return true;
}
