// SPDX-License-Identifier: BSD-2-Clause
/* Ciphers whose keys are published. See cipher.h. OpenSSL's door for decoders. */
#include "sensor/decode/cipher.h"

#include <errno.h>
#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

int cipher_open_ecb(const uint8_t key[static CIPHER_KEY_BYTES], const uint8_t *in, size_t length, uint8_t *out)
{
	EVP_CIPHER_CTX *cipher = NULL;
	int written = 0, error = -EINVAL;

	if (length > INT_MAX || length % CIPHER_BLOCK_BYTES)
		return error;
	cipher = EVP_CIPHER_CTX_new();
	if (cipher && EVP_DecryptInit_ex(cipher, EVP_aes_128_ecb(), NULL, key, NULL) == 1 &&
	    EVP_CIPHER_CTX_set_padding(cipher, 0) == 1 &&
	    EVP_DecryptUpdate(cipher, out, &written, in, (int)length) == 1 && written == (int)length)
		error = 0;
	EVP_CIPHER_CTX_free(cipher);
	return error;
}

int cipher_seal_block(const uint8_t key[static CIPHER_KEY_BYTES], const uint8_t in[static CIPHER_BLOCK_BYTES],
		      uint8_t out[static CIPHER_BLOCK_BYTES])
{
	EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
	int written = 0, error = -EINVAL;

	if (cipher && EVP_EncryptInit_ex(cipher, EVP_aes_128_ecb(), NULL, key, NULL) == 1 &&
	    EVP_CIPHER_CTX_set_padding(cipher, 0) == 1 &&
	    EVP_EncryptUpdate(cipher, out, &written, in, CIPHER_BLOCK_BYTES) == 1 &&
	    written == CIPHER_BLOCK_BYTES)
		error = 0;
	EVP_CIPHER_CTX_free(cipher);
	return error;
}

int cipher_open_gcm(const uint8_t key[static CIPHER_KEY_BYTES], const uint8_t nonce[static CIPHER_NONCE_BYTES],
		    const uint8_t *beside, size_t beside_length, const uint8_t *sealed, size_t length,
		    uint8_t *out)
{
	EVP_CIPHER_CTX *cipher = NULL;
	uint8_t tag[CIPHER_TAG_BYTES], none[CIPHER_BLOCK_BYTES];
	int written = 0, rest = 0, error = -EINVAL;

	if (length < CIPHER_TAG_BYTES || length > INT_MAX || beside_length > INT_MAX)
		return error;
	length -= CIPHER_TAG_BYTES;
	memcpy(tag, sealed + length, sizeof(tag));
	cipher = EVP_CIPHER_CTX_new();
	if (cipher && EVP_DecryptInit_ex(cipher, EVP_aes_128_gcm(), NULL, key, nonce) == 1 &&
	    EVP_DecryptUpdate(cipher, NULL, &written, beside, (int)beside_length) == 1 &&
	    EVP_DecryptUpdate(cipher, out, &written, sealed, (int)length) == 1 &&
	    EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, sizeof(tag), tag) == 1)
		error = EVP_DecryptFinal_ex(cipher, none, &rest) == 1 ? 0 : -EBADMSG;
	EVP_CIPHER_CTX_free(cipher);
	return error;
}

int cipher_hmac(const uint8_t *key, size_t key_length, const uint8_t *bytes, size_t length,
		uint8_t out[static CIPHER_HASH_BYTES])
{
	unsigned int written = 0;

	if (key_length > INT_MAX || !HMAC(EVP_sha256(), key, (int)key_length, bytes, length, out, &written))
		return -EINVAL;
	return written == CIPHER_HASH_BYTES ? 0 : -EINVAL;
}
