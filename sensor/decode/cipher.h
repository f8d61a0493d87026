/* SPDX-License-Identifier: BSD-2-Clause */
/* Ciphers whose keys are published: what they hide is hidden from nobody. */
#ifndef SENSOR_DECODE_CIPHER_H
#define SENSOR_DECODE_CIPHER_H

#include <stddef.h>
#include <stdint.h>

enum { CIPHER_KEY_BYTES = 16, CIPHER_BLOCK_BYTES = 16 };

/* AES-128, block by block, padding left in place: length bytes (whole blocks) of in to out. 0, or -EINVAL with *out undefined. */
int cipher_open_ecb(const uint8_t key[static CIPHER_KEY_BYTES], const uint8_t *in, size_t length, uint8_t *out);

#endif
