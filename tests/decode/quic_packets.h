/* SPDX-License-Identifier: BSD-2-Clause */
/* Packets of QUIC as their ends make them: frames, sealed with the keys of a connection's first packets (RFC 9001, 5). */
#ifndef TESTS_DECODE_QUIC_PACKETS_H
#define TESTS_DECODE_QUIC_PACKETS_H

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/heard/quic.h"

struct quic_datagram {
	size_t length;
	uint8_t bytes[4096];
};

static inline void quic_put(struct quic_datagram *d, const void *bytes, size_t length)
{
	memcpy(d->bytes + d->length, bytes, length);
	d->length += length;
}

static inline void quic_put_number(struct quic_datagram *d, unsigned int value) /* of two bytes: RFC 9000, 16 */
{
	quic_put(d, (uint8_t[]){(uint8_t)(0x40 | value >> 8), (uint8_t)value}, 2);
}

/* A CRYPTO frame. */
static inline void quic_put_crypto(struct quic_datagram *frames, const uint8_t *message, unsigned int from,
				   unsigned int length)
{
	quic_put(frames, "\6", 1);
	quic_put_number(frames, from);
	quic_put_number(frames, length);
	quic_put(frames, message + from, length);
}

/* Type 0 … 3 as version 1 counts them. */
static inline uint8_t quic_first(uint32_t version, unsigned int type)
{
	return (uint8_t)(0xc0 | ((type + (version == 0x6b3343cf)) & 3) << 4);
}

static inline void quic_put_head(struct quic_datagram *d, uint32_t version, unsigned int type, const char *id)
{
	uint8_t head[5] = {quic_first(version, type), (uint8_t)(version >> 24), (uint8_t)(version >> 16),
			   (uint8_t)(version >> 8), (uint8_t)version};

	quic_put(d, head, sizeof(head));
	quic_put(d, (uint8_t[]){(uint8_t)strlen(id)}, 1);
	quic_put(d, id, strlen(id));
	quic_put(d, "\4from", 5);
}

/* A packet that nobody can open: of 0-RTT (1) or of the handshake (2). */
static inline void quic_put_sealed(struct quic_datagram *d, uint32_t version, unsigned int type, const char *id,
				   unsigned int length)
{
	quic_put_head(d, version, type, id);
	quic_put_number(d, length);
	memset(d->bytes + d->length, 0x5a, length);
	d->length += length;
}

/* An Initial, to that id, with these keys. */
static inline void quic_put_initial(struct quic_datagram *d, const struct quic_keys *keys, uint32_t version,
				    const char *id, uint8_t number, const struct quic_datagram *frames)
{
	uint8_t *begin = d->bytes + d->length, *number_at, nonce[12], mask[16];
	EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
	int written = 0;

	quic_put_head(d, version, 0, id);
	quic_put(d, "\0", 1); /* no token */
	quic_put_number(d, (unsigned int)frames->length + 1 + 16);
	number_at = d->bytes + d->length;
	quic_put(d, &number, 1);
	memcpy(nonce, keys->iv, sizeof(nonce));
	nonce[11] ^= number;
	EVP_EncryptInit_ex(cipher, EVP_aes_128_gcm(), NULL, keys->key, nonce);
	EVP_EncryptUpdate(cipher, NULL, &written, begin, (int)(number_at + 1 - begin));
	EVP_EncryptUpdate(cipher, number_at + 1, &written, frames->bytes, (int)frames->length);
	EVP_EncryptFinal_ex(cipher, mask, &written);
	EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, 16, number_at + 1 + frames->length);
	EVP_CIPHER_CTX_free(cipher);
	d->length += frames->length + 16;
	if (cipher_seal_block(keys->header, number_at + 4, mask))
		abort();
	begin[0] ^= mask[0] & 0x0f;
	*number_at ^= mask[1];
}

#endif
