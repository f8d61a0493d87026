/* SPDX-License-Identifier: BSD-2-Clause */
/* Compressed bodies, as far as there is room: a bomb costs what fits into out and no more. */
#ifndef SENSOR_ASK_INFLATE_H
#define SENSOR_ASK_INFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * gzip, zlib, or (as some servers have it) raw deflate: RFC 1950 to 1952. Returns how many bytes were written to out, at most
 * size; what came before an error counts. *cut: there was more.
 */
size_t inflate_bounded(const uint8_t *bytes, size_t length, uint8_t *out, size_t size, bool *cut);

#endif
