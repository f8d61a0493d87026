/* SPDX-License-Identifier: BSD-2-Clause */
/* The number by which icons of web servers are known. */
#ifndef SENSOR_ASK_FAVICON_H
#define SENSOR_ASK_FAVICON_H

#include <stddef.h>
#include <stdint.h>

/*
 * MurmurHash3 (x86, 32 bits, seed 0; public domain, Austin Appleby) of the icon in base64 with a newline after every 76
 * characters and at the end, as a signed number: the form in which Shodan and others list icons.
 */
int32_t favicon_hash(const uint8_t *icon, size_t length);

/* The hash alone. */
uint32_t murmur3(const uint8_t *bytes, size_t length, uint32_t seed);

#endif
