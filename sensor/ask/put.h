/* SPDX-License-Identifier: BSD-2-Clause */
/* A bounded writer of requests, with a sticky error: write all fields, ask for the length once. Numbers go in network order. */
#ifndef SENSOR_ASK_PUT_H
#define SENSOR_ASK_PUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct put {
	uint8_t *at;
	size_t length, size;
	bool bad;
};

static inline struct put put_to(uint8_t *out, size_t size)
{
	return (struct put){.at = out, .size = size};
}

static inline void put_bytes(struct put *p, const void *bytes, size_t length)
{
	if (p->bad || length > p->size - p->length) {
		p->bad = true;
		return;
	}
	if (length)
		memcpy(p->at + p->length, bytes, length);
	p->length += length;
}

static inline void put_zeros(struct put *p, size_t length)
{
	if (p->bad || length > p->size - p->length) {
		p->bad = true;
		return;
	}
	memset(p->at + p->length, 0, length);
	p->length += length;
}

static inline void put_u8(struct put *p, uint8_t value)
{
	put_bytes(p, &value, 1);
}

static inline void put_u16(struct put *p, uint16_t value)
{
	put_u8(p, (uint8_t)(value >> 8));
	put_u8(p, (uint8_t)value);
}

static inline void put_u32(struct put *p, uint32_t value)
{
	put_u16(p, (uint16_t)(value >> 16));
	put_u16(p, (uint16_t)value);
}

static inline void put_u64(struct put *p, uint64_t value)
{
	put_u32(p, (uint32_t)(value >> 32));
	put_u32(p, (uint32_t)value);
}

static inline void put_text(struct put *p, const char *text)
{
	put_bytes(p, text, strlen(text));
}

/* What was written, or 0 when it did not fit. */
static inline size_t put_length(const struct put *p)
{
	return p->bad ? 0 : p->length;
}

#endif
