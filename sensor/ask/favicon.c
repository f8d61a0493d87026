// SPDX-License-Identifier: BSD-2-Clause
/* MurmurHash3 over base64 in lines. The text is never whole in memory: a block of four characters is hashed as it is made. */
#include "sensor/ask/favicon.h"

#include <string.h>

enum { LINE_CHARACTERS = 76 };

struct murmur {
	uint32_t hash;
	uint32_t length;
	uint8_t block[4];
};

static uint32_t turn(uint32_t x, unsigned int by)
{
	return x << by | x >> (32 - by);
}

static uint32_t mix(uint32_t k)
{
	return turn(k * 0xcc9e2d51u, 15) * 0x1b873593u;
}

static void put(struct murmur *m, uint8_t byte)
{
	m->block[m->length++ & 3] = byte;
	if (m->length & 3)
		return;
	m->hash ^= mix((uint32_t)m->block[0] | (uint32_t)m->block[1] << 8 | (uint32_t)m->block[2] << 16 |
		       (uint32_t)m->block[3] << 24);
	m->hash = turn(m->hash, 13) * 5 + 0xe6546b64u;
}

static uint32_t finish(struct murmur *m)
{
	uint32_t h = m->hash, tail = 0;

	for (uint32_t i = m->length & 3; i-- > 0;)
		tail = tail << 8 | m->block[i];
	if (m->length & 3)
		h ^= mix(tail);
	h ^= m->length;
	h = (h ^ h >> 16) * 0x85ebca6bu;
	h = (h ^ h >> 13) * 0xc2b2ae35u;
	return h ^ h >> 16;
}

uint32_t murmur3(const uint8_t *bytes, size_t length, uint32_t seed)
{
	struct murmur m = {.hash = seed};

	for (size_t i = 0; i < length; i++)
		put(&m, bytes[i]);
	return finish(&m);
}

int32_t favicon_hash(const uint8_t *icon, size_t length)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	struct murmur m = {};
	size_t written = 0;

	for (size_t i = 0; i < length; i += 3) {
		size_t left = length - i;
		uint32_t word = (uint32_t)icon[i] << 16 | (left > 1 ? (uint32_t)icon[i + 1] << 8 : 0) |
				(left > 2 ? icon[i + 2] : 0);

		put(&m, (uint8_t)digit[word >> 18]);
		put(&m, (uint8_t)digit[word >> 12 & 63]);
		put(&m, left > 1 ? (uint8_t)digit[word >> 6 & 63] : '=');
		put(&m, left > 2 ? (uint8_t)digit[word & 63] : '=');
		written += 4;
		if (written % LINE_CHARACTERS == 0)
			put(&m, '\n');
	}
	if (written % LINE_CHARACTERS)
		put(&m, '\n');
	return (int32_t)finish(&m);
}
