/* SPDX-License-Identifier: BSD-2-Clause */
/* Ciphers whose keys are published: what they hide is hidden from nobody. */
#ifndef SENSOR_DECODE_CIPHER_H
#define SENSOR_DECODE_CIPHER_H

#include <stddef.h>
#include <stdint.h>

enum { CIPHER_KEY_BYTES = 16, CIPHER_BLOCK_BYTES = 16 };

/* AES-128, block by block, padding left in place: length bytes (whole blocks) of in to out. 0, or -EINVAL with *out undefined. */
int cipher_open_ecb(const uint8_t key[static CIPHER_KEY_BYTES], const uint8_t *in, size_t length, uint8_t *out);

/* One block the other way. 0, or -EINVAL. */
int cipher_seal_block(const uint8_t key[static CIPHER_KEY_BYTES], const uint8_t in[static CIPHER_BLOCK_BYTES],
		      uint8_t out[static CIPHER_BLOCK_BYTES]);

enum { CIPHER_NONCE_BYTES = 12, CIPHER_TAG_BYTES = 16, CIPHER_HASH_BYTES = 32 };

/*
 * AES-128 in Galois counter mode (NIST SP 800-38D). sealed: length bytes, the tag at their end; out gets length - CIPHER_TAG_BYTES.
 * beside: what is authenticated with them. 0; -EBADMSG when the tag does not fit, with *out undefined; or -EINVAL.
 */
int cipher_open_gcm(const uint8_t key[static CIPHER_KEY_BYTES], const uint8_t nonce[static CIPHER_NONCE_BYTES],
		    const uint8_t *beside, size_t beside_length, const uint8_t *sealed, size_t length,
		    uint8_t *out);
/* HMAC of SHA-256 (RFC 2104). 0, or -EINVAL. */
int cipher_hmac(const uint8_t *key, size_t key_length, const uint8_t *bytes, size_t length,
		uint8_t out[static CIPHER_HASH_BYTES]);

#endif
