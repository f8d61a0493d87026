/* SPDX-License-Identifier: BSD-2-Clause */
/* CRC-32 as Ethernet has it (IEEE 802.3, 3.2.9), for beacons that end with one. Begin with 0; continue with what was returned. */
#ifndef SENSOR_DECODE_CRC32_H
#define SENSOR_DECODE_CRC32_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline uint32_t crc32_of(uint32_t crc, const uint8_t *bytes, size_t length)
{
	crc = ~crc;
	while (length--) {
		crc ^= *bytes++;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

/* Whether the sum is what the sender says. Fuzzers are spared it, as in wire.h. */
static inline bool crc32_is(uint32_t crc, uint32_t told)
{
#ifdef WIRE_SUMS_UNCHECKED
	told = crc;
#endif
	return crc == told;
}

#endif
