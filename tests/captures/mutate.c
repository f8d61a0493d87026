// SPDX-License-Identifier: BSD-2-Clause
/*
 * Real frames made wrong: mutate FRAMES SEED CAPTURE… writes a capture of FRAMES frames to standard output, each taken from those of the
 * captures (Ethernet only) and changed: bits and bytes, lengths, cut off, repeated, put together from two. The same seed gives the same frames.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FRAME_BYTES_MAX = 9000, FRAMES_MAX = 1 << 18, POOL_BYTES = 1 << 28, ETHERNET = 1 };

struct frame {
	uint32_t at, length;
};

static struct frame frames[FRAMES_MAX];
static uint32_t frame_count, pool_used;
static uint8_t *pool;
static uint64_t state;

/* splitmix64: https://prng.di.unimi.it/splitmix64.c, public domain. */
static uint64_t next_random(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static uint32_t below(uint32_t limit)
{
	return limit ? (uint32_t)(next_random() % limit) : 0;
}

static uint32_t word(const uint8_t *bytes, int swapped)
{
	uint32_t value;

	memcpy(&value, bytes, sizeof(value));
	return swapped ? __builtin_bswap32(value) : value;
}

static void take_frame(const uint8_t *bytes, uint32_t length)
{
	if (frame_count == FRAMES_MAX || length > POOL_BYTES - pool_used || length < 14)
		return;
	memcpy(pool + pool_used, bytes, length);
	frames[frame_count++] = (struct frame){pool_used, length};
	pool_used += length;
}

/* The classic format only: tools that write the other one write this one too. */
static void take_file(const char *path)
{
	static uint8_t room[65536 + 64];
	FILE *file = fopen(path, "rb");
	uint8_t head[24], record[16];
	int swapped;
	uint32_t magic, length;

	if (!file || fread(head, 1, sizeof(head), file) != sizeof(head))
		goto out;
	magic = word(head, 0);
	swapped = magic == 0xd4c3b2a1 || magic == 0x4d3cb2a1;
	if (!swapped && magic != 0xa1b2c3d4 && magic != 0xa1b23c4d)
		goto out;
	if ((word(head + 20, swapped) & 0xffff) != ETHERNET)
		goto out;
	while (fread(record, 1, sizeof(record), file) == sizeof(record)) {
		length = word(record + 8, swapped);
		if (length > 65536 || fread(room, 1, length, file) != length)
			break;
		take_frame(room, length < FRAME_BYTES_MAX ? length : FRAME_BYTES_MAX);
	}
out:
	if (file)
		fclose(file);
}

/* A place in the frame; early ones, where the headers are, come more often. */
static uint32_t place(uint32_t length)
{
	uint32_t within = below(4) ? (length < 128 ? length : 128) : length;

	return below(within);
}

static uint32_t change(uint8_t *bytes, uint32_t length)
{
	static const uint8_t edges[] = {0, 1, 0x7f, 0x80, 0xff, 0xfe, 0xc0, 0x45, 0x60};
	const struct frame *other = &frames[below(frame_count)];
	uint32_t at = place(length), count = 1 + below(16), from;

	switch (below(8)) {
	case 0:
		bytes[at] ^= (uint8_t)(1 << below(8));
		return length;
	case 1:
		bytes[at] = edges[below(sizeof(edges))];
		return length;
	case 2: /* a number of two bytes: lengths, types, ports */
		if (at + 1 < length) {
			bytes[at] = (uint8_t)next_random();
			bytes[at + 1] = (uint8_t)next_random();
		}
		return length;
	case 3: /* cut off */
		return 14 + below(length - 13);
	case 4: /* bytes taken out */
		if (count >= length - at || length - count < 14)
			return length;
		memmove(bytes + at, bytes + at + count, length - at - count);
		return length - count;
	case 5: /* bytes said twice */
		if (at + count > length || length + count > FRAME_BYTES_MAX)
			return length;
		memmove(bytes + at + count, bytes + at, length - at);
		return length + count;
	case 6: /* what another frame has there */
		if (at < other->length) {
			from = other->length - at < count ? other->length - at : count;
			memcpy(bytes + at, pool + other->at + at, from < length - at ? from : length - at);
		}
		return length;
	default: /* another frame's end */
		if (at >= other->length)
			return length;
		memcpy(bytes + at, pool + other->at + at, other->length - at);
		return other->length < 14 ? 14 : other->length;
	}
}

static void write_frame(uint64_t number)
{
	static uint8_t bytes[FRAME_BYTES_MAX * 2];
	const struct frame *frame = &frames[below(frame_count)];
	uint32_t length = frame->length, changes = below(8) ? 1 + below(4) : 0;
	uint32_t record[4];

	memcpy(bytes, pool + frame->at, length);
	while (changes-- && length > 14)
		length = change(bytes, length);
	record[0] = 1700000000 + (uint32_t)(number / 5000);
	record[1] = (uint32_t)(number % 5000) * 200;
	record[2] = record[3] = length;
	fwrite(record, 1, sizeof(record), stdout);
	fwrite(bytes, 1, length, stdout);
}

int main(int argc, char **argv)
{
	const uint32_t head[6] = {0xa1b2c3d4, 4 << 16 | 2, 0, 0, 65535, ETHERNET};
	uint64_t count;

	if (argc < 4) {
		fprintf(stderr, "usage: mutate FRAMES SEED CAPTURE...\n");
		return 2;
	}
	pool = malloc(POOL_BYTES);
	if (!pool)
		return 1;
	count = strtoull(argv[1], NULL, 10);
	state = strtoull(argv[2], NULL, 10);
	for (int i = 3; i < argc; i++)
		take_file(argv[i]);
	if (!frame_count) {
		fprintf(stderr, "mutate: no frames of Ethernet in these captures\n");
		return 1;
	}
	fwrite(head, 1, sizeof(head), stdout);
	for (uint64_t i = 0; i < count; i++)
		write_frame(i);
	return fflush(stdout) ? 1 : 0;
}
