/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing frames byte by byte, for tests: numbers in network order, and headers whose lengths are filled in at the end. */
#ifndef TESTS_FRAME_BUILD_H
#define TESTS_FRAME_BUILD_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { TEST_FRAME_BYTES_MAX = 1600, TEST_FRAMES_MAX = 192, TEST_FRAMES_STEP_US = 1000 };

#define TEST_TIME_US \
	INT64_C(1700000000000000) /* of the first frame; each next one comes TEST_FRAMES_STEP_US later */

struct test_frame {
	const char *name;
	size_t length;
	uint8_t bytes[TEST_FRAME_BYTES_MAX];
};

enum { TEST_FIN = 1, TEST_SYN = 2, TEST_RST = 4, TEST_PSH = 8, TEST_ACK = 16 };

/* ---- writing bytes, in network order ---- */

static inline void put(struct test_frame *f, const void *bytes, size_t length)
{
	memcpy(f->bytes + f->length, bytes, length);
	f->length += length;
}

static inline void put8(struct test_frame *f, unsigned int value)
{
	f->bytes[f->length++] = (uint8_t)value;
}

static inline void put16(struct test_frame *f, unsigned int value)
{
	put8(f, value >> 8);
	put8(f, value);
}

static inline void put32(struct test_frame *f, uint32_t value)
{
	put16(f, value >> 16);
	put16(f, value);
}

static inline void put_zeros(struct test_frame *f, size_t count)
{
	while (count--)
		put8(f, 0);
}

static inline void put_text(struct test_frame *f, const char *text)
{
	put(f, text, strlen(text));
}

static inline void set16(struct test_frame *f, size_t at, size_t value)
{
	f->bytes[at] = (uint8_t)(value >> 8);
	f->bytes[at + 1] = (uint8_t)value;
}

/* ---- headers. Those that hold a length give where it is to frame_end(). ---- */

static inline void put_ether(struct test_frame *f, const uint8_t *dst, const uint8_t *src, unsigned int type)
{
	put(f, dst, 6);
	put(f, src, 6);
	put16(f, type);
}

static inline size_t put_ipv4(struct test_frame *f, const uint8_t *src, const uint8_t *dst, unsigned int proto)
{
	size_t at = f->length;

	put32(f, 0x45000000);
	put32(f, 0x00010000);
	put8(f, 64);
	put8(f, proto);
	put16(f, 0);
	put(f, src, 4);
	put(f, dst, 4);
	return at;
}

static inline size_t put_ipv6(struct test_frame *f, const uint8_t *src, const uint8_t *dst, unsigned int next,
			      unsigned int hops)
{
	size_t at = f->length;

	put32(f, 0x60000000);
	put16(f, 0);
	put8(f, next);
	put8(f, hops);
	put(f, src, 16);
	put(f, dst, 16);
	return at;
}

static inline size_t put_udp(struct test_frame *f, unsigned int src, unsigned int dst)
{
	size_t at = f->length;

	put16(f, src);
	put16(f, dst);
	put32(f, 0);
	return at;
}

static inline void put_tcp(struct test_frame *f, unsigned int src, unsigned int dst, uint32_t seq, uint32_t ack,
			   unsigned int flags)
{
	put16(f, src);
	put16(f, dst);
	put32(f, seq);
	put32(f, ack);
	put16(f, 0x5000 | flags);
	put16(f, 64240);
	put32(f, 0);
}

/* Fill in the lengths of the IP header at ip and the UDP header at udp (0: none). */
static inline void frame_end(struct test_frame *f, size_t ip, size_t udp)
{
	if (f->bytes[ip] >> 4 == 4)
		set16(f, ip + 2, f->length - ip);
	else
		set16(f, ip + 4, f->length - ip - 40);
	if (udp)
		set16(f, udp + 4, f->length - udp);
}

/* ---- checksums ---- */

static inline uint32_t frame_sum16(const uint8_t *bytes, size_t length, uint32_t sum)
{
	for (size_t i = 0; i < length; i++)
		sum += i & 1 ? bytes[i] : (uint32_t)bytes[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* The Internet checksum over the frame from `from` on, written at `at`, where zeros were. */
static inline void put_sum(struct test_frame *f, size_t at, size_t from)
{
	set16(f, at, frame_sum16(f->bytes + from, f->length - from, 0) ^ 0xffff);
}

/* Whether every checksum of an IP packet is right. */
static inline bool frame_sums_right(const uint8_t *ip)
{
	bool v4 = ip[0] >> 4 == 4;
	size_t header = v4 ? 20 : 40;
	size_t length = v4 ? (size_t)(ip[2] << 8 | ip[3]) - header : (size_t)(ip[4] << 8 | ip[5]);
	uint8_t proto = v4 ? ip[9] : ip[6];
	uint32_t pseudo = frame_sum16(v4 ? ip + 12 : ip + 8, v4 ? 8 : 32, proto + (uint32_t)length);

	if (v4 && frame_sum16(ip, 20, 0) != 0xffff)
		return false;
	return frame_sum16(ip + header, length, proto == 1 ? 0 : pseudo) == 0xffff;
}

struct test_frames {
	size_t count;
	struct test_frame frame[TEST_FRAMES_MAX];
};

static inline struct test_frame *next_frame(struct test_frames *all, const char *name)
{
	struct test_frame *f = &all->frame[all->count++];

	f->name = name;
	f->length = 0;
	return f;
}

static inline const struct test_frame *test_frame_find(const struct test_frames *all, const char *name)
{
	for (size_t i = 0; i < all->count; i++)
		if (strcmp(all->frame[i].name, name) == 0)
			return &all->frame[i];
	return NULL;
}

#endif
