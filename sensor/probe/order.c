// SPDX-License-Identifier: BSD-2-Clause
/*
 * An alternating Feistel network: each round changes one half by a hash of the other, so the halves may be of unequal size and the domain is less
 * than twice n: on average less than two walks.
 */
#include "sensor/probe/order.h"

enum { ROUNDS = 4 };

/* The finalizer of splitmix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014). */
uint64_t order_mix(uint64_t x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

struct order order_make(uint64_t n, const uint64_t key[2])
{
	uint8_t bits = n > 1 ? (uint8_t)(64 - __builtin_clzll(n - 1)) : 0;

	return (struct order){.n = n,
			      .key = {order_mix(key[0]), order_mix(key[1] ^ 0x9e3779b97f4a7c15)},
			      .low_bits = bits / 2,
			      .high_bits = bits - bits / 2};
}

struct order order_tweak(const struct order *order, uint64_t tweak)
{
	struct order other = *order;

	other.key[0] ^= order_mix(tweak + 1);
	other.key[1] += other.key[0] ^ tweak << 32;
	return other;
}

static uint64_t round_hash(const struct order *order, int round, uint64_t half)
{
	const uint64_t x =
		(half + order->key[round & 1] + (uint64_t)round * 0x9e3779b97f4a7c15) * 0xd6e8feb86659fd93;

	/* The upper bits of a product depend on all that are below them. */
	return x >> 32;
}

static uint64_t forward(const struct order *order, uint64_t x)
{
	const uint64_t low_mask = (UINT64_C(1) << order->low_bits) - 1,
		       high_mask = (UINT64_C(1) << order->high_bits) - 1;
	uint64_t low = x & low_mask, high = x >> order->low_bits;

	for (int i = 0; i < ROUNDS; i += 2) {
		high ^= round_hash(order, i, low) & high_mask;
		low ^= round_hash(order, i + 1, high) & low_mask;
	}
	return high << order->low_bits | low;
}

static uint64_t backward(const struct order *order, uint64_t x)
{
	const uint64_t low_mask = (UINT64_C(1) << order->low_bits) - 1,
		       high_mask = (UINT64_C(1) << order->high_bits) - 1;
	uint64_t low = x & low_mask, high = x >> order->low_bits;

	for (int i = ROUNDS - 2; i >= 0; i -= 2) {
		low ^= round_hash(order, i + 1, high) & low_mask;
		high ^= round_hash(order, i, low) & high_mask;
	}
	return high << order->low_bits | low;
}

uint64_t order_at(const struct order *order, uint64_t place)
{
	do
		place = forward(order, place);
	while (place >= order->n);
	return place;
}

uint64_t order_place(const struct order *order, uint64_t number)
{
	do
		number = backward(order, number);
	while (number >= order->n);
	return number;
}
