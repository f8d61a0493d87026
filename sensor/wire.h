/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A bounded reader over bytes that a stranger sent, with a sticky error: read all fields, test `bad` once.
 *
 * A read past the end gives zeros (or NULL) and sets bad; nothing is ever read outside. A nested length
 * becomes a nested reader. Numbers are in network order on the wire and in host order as returned.
 */
#ifndef SENSOR_WIRE_H
#define SENSOR_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "defs/addr.h"
#include "defs/facts.h"

struct wire {
	const uint8_t *at;
	size_t left;
	bool bad;
};

static inline struct wire wire_over(const void *bytes, size_t length)
{
	return (struct wire){.at = bytes, .left = length};
}

/* The next length bytes, borrowed; NULL with bad set when there are fewer. */
static inline const uint8_t *wire_bytes(struct wire *w, size_t length)
{
	const uint8_t *at = w->at;

	if (w->bad || length > w->left) {
		w->bad = true;
		w->left = 0;
		return NULL;
	}
	if (length) {
		w->at += length;
		w->left -= length;
	}
	return at;
}

static inline void wire_skip(struct wire *w, size_t length)
{
	wire_bytes(w, length);
}

static inline uint8_t wire_u8(struct wire *w)
{
	const uint8_t *at = wire_bytes(w, 1);

	return at ? at[0] : 0;
}

static inline uint16_t wire_u16(struct wire *w)
{
	const uint8_t *at = wire_bytes(w, 2);

	return at ? (uint16_t)(at[0] << 8 | at[1]) : 0;
}

static inline uint32_t wire_u32(struct wire *w)
{
	const uint8_t *at = wire_bytes(w, 4);

	return at ? (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3] : 0;
}

static inline struct mac wire_mac(struct wire *w)
{
	const uint8_t *at = wire_bytes(w, 6);
	struct mac mac = {};

	if (at)
		__builtin_memcpy(mac.bytes, at, sizeof(mac.bytes));
	return mac;
}

/* Version 0 when there are too few bytes. */
static inline struct ip wire_ip4(struct wire *w)
{
	const uint8_t *at = wire_bytes(w, 4);

	return at ? ip_from_v4(at) : (struct ip){};
}

static inline struct ip wire_ip6(struct wire *w)
{
	const uint8_t *at = wire_bytes(w, 16);

	return at ? ip_from_v6(at) : (struct ip){};
}

/* A reader over the next length bytes, which are taken from w; both are bad when there are fewer. */
static inline struct wire wire_nested(struct wire *w, size_t length)
{
	const uint8_t *at = wire_bytes(w, length);

	return (struct wire){.at = at, .left = w->bad ? 0 : length, .bad = w->bad};
}

/* The bytes added up as the Internet checksum (RFC 1071) does, not folded: of an odd number the last one counts as a high byte. */
static inline uint64_t wire_sum(struct wire w)
{
	uint64_t sum = w.left & 1 ? (uint64_t)w.at[w.left - 1] << 8 : 0;

	for (size_t i = 0; i + 1 < w.left; i += 2)
		sum += (uint64_t)w.at[i] << 8 | w.at[i + 1];
	return sum;
}

/*
 * Whether the Internet checksum over two pieces, one of which holds it, is right; the first has an even length. Fuzzers are spared it
 * (WIRE_SUMS_UNCHECKED): they would never get past.
 */
static inline bool wire_sums_right(struct wire first, struct wire second)
{
	uint64_t sum = wire_sum(first) + wire_sum(second);

#ifdef WIRE_SUMS_UNCHECKED
	sum = 0xffff;
#endif
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return !first.bad && !second.bad && sum == 0xffff;
}

static inline bool wire_sum_right(struct wire w)
{
	return wire_sums_right((struct wire){}, w);
}

/* All that is left, as text. */
static inline struct text wire_rest(struct wire *w)
{
	struct text text = {(const char *)w->at, w->left};

	wire_skip(w, w->left);
	return text;
}

#endif
