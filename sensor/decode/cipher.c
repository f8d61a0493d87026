// SPDX-License-Identifier: BSD-2-Clause
/* Ciphers whose keys are published. See cipher.h. OpenSSL's door for decoders. */
#include "sensor/decode/cipher.h"

#include <errno.h>
#include <limits.h>
#include <openssl/evp.h>

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
