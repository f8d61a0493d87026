/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A permutation of the numbers below n that needs no memory and can be asked both ways: a Feistel network over the next power of two, walked
 * along its cycle until it is below n (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002). It is to spread, not to hide.
 */
#ifndef SENSOR_PROBE_ORDER_H
#define SENSOR_PROBE_ORDER_H

#include <stdint.h>

struct order {
	uint64_t n;
	uint64_t key[2];
	uint8_t low_bits, high_bits; /* of the two halves */
};

/* n: from 1 to 2^63. */
struct order order_make(uint64_t n, const uint64_t key[2]);
/* Another permutation of the same n, at no cost: one for each host. */
struct order order_tweak(const struct order *, uint64_t tweak);
/* Where the number at `place` (below n) is. */
uint64_t order_at(const struct order *, uint64_t place);
/* The place that a number (below n) has: order_at() back again. */
uint64_t order_place(const struct order *, uint64_t number);

/* All bits of the result depend on all of x. */
uint64_t order_mix(uint64_t x);

#endif
