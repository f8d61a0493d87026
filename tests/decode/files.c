// SPDX-License-Identifier: BSD-2-Clause
/* pcapng files: several interfaces, both byte orders, clocks of several units, and files that end too early. */
#include "sensor/pcapng.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

static uint8_t file[4096];
static size_t length;
static bool big;

static void put16(uint16_t value)
{
	file[length + !!big] = (uint8_t)value;
	file[length + !big] = (uint8_t)(value >> 8);
	length += 2;
}

static void put32(uint32_t value)
{
	put16((uint16_t)(big ? value >> 16 : value));
	put16((uint16_t)(big ? value : value >> 16));
}

/* A block's type and length before, and its length after. */
static size_t block_begin(uint32_t type)
{
	size_t at = length;

	put32(type);
	put32(0);
	return at;
}

static void block_end(size_t at)
{
	size_t end = length;

	length = at + 4;
	put32((uint32_t)(end + 4 - at));
	length = end;
	put32((uint32_t)(end + 4 - at));
}

static void put_section(void)
{
	size_t at = block_begin(0x0a0d0d0a);

	put32(0x1a2b3c4d);
	put32(1);
	put32(0xffffffff);
	put32(0xffffffff);
	block_end(at);
}

static void put_interface(uint16_t link, uint32_t snap, int unit)
{
	size_t at = block_begin(1);

	put16(link);
	put16(0);
	put32(snap);
	if (unit >= 0) {
		put16(9);
		put16(1);
		file[length] = (uint8_t)unit;
		memset(file + length + 1, 0, 3);
		length += 4;
		put32(0);
	}
	block_end(at);
}

static void put_packet(uint32_t interface, uint64_t time, const char *bytes)
{
	size_t at = block_begin(6), size = strlen(bytes);

	put32(interface);
	put32((uint32_t)(time >> 32));
	put32((uint32_t)time);
	put32((uint32_t)size);
	put32((uint32_t)size + 100);
	memcpy(file + length, bytes, size);
	memset(file + length + size, 0, 3);
	length += (size + 3) & ~(size_t)3;
	block_end(at);
}

static void write_file(bool big_endian)
{
	big = big_endian;
	length = 0;
	put_section();
	put_interface(1, 65535, -1);
	put_interface(101, 96, 9);
	put_interface(113, 0, 0x8a);
	put_packet(0, UINT64_C(1700000000123456), "ethernet");
	put_packet(1, UINT64_C(1700000000123456789), "raw");
	block_end(block_begin(0x0bad));
	put_packet(2, UINT64_C(1700000000) * 1024 + 512, "cooked");
}

static bool next_is(struct pcapng *ng, int link, int64_t time_us, const char *bytes)
{
	struct pcapng_packet packet;

	return pcapng_next(ng, &packet) == 1 && packet.link == link && packet.time_us == time_us &&
	       packet.captured == strlen(bytes) && packet.length == strlen(bytes) + 100 &&
	       memcmp(packet.bytes, bytes, strlen(bytes)) == 0;
}

static void read_whole(const char *order)
{
	FILE *stream = fmemopen(file, length, "r");
	struct pcapng_packet packet;
	struct pcapng *ng = NULL;

	tap_ok(pcapng_open(stream, &ng) == 0, "%s: a section", order);
	tap_ok(next_is(ng, 1, 1700000000123456, "ethernet"), "%s: a packet with microseconds", order);
	tap_ok(next_is(ng, 101, 1700000000123456, "raw"), "%s: another interface, with nanoseconds", order);
	tap_ok(next_is(ng, 113, 1700000000500000, "cooked"), "%s: a third, with a clock of powers of two",
	       order);
	tap_ok(pcapng_next(ng, &packet) == 0, "%s: the end", order);
	pcapng_close(ng);
	fclose(stream);
}

/* Packets before the end, and then what the reader says of it. */
static size_t read_part(size_t part, int *last)
{
	FILE *stream = fmemopen(file, part, "r");
	struct pcapng_packet packet;
	struct pcapng *ng = NULL;
	size_t count = 0;

	*last = stream ? pcapng_open(stream, &ng) : -EBADMSG;
	while (*last == 0 && (*last = pcapng_next(ng, &packet)) == 1) {
		count++;
		*last = 0;
	}
	pcapng_close(ng);
	if (stream)
		fclose(stream);
	return count;
}

static void cut_at_every_length(void)
{
	size_t strange = 0, before = 0;
	int last;

	for (size_t part = 1; part < length; part++) {
		size_t count = read_part(part, &last);

		strange += count < before || count > 3 || (last != 0 && last != -ENODATA && last != -EBADMSG);
		before = count;
	}
	tap_ok(strange == 0 && before == 2, "cut at every length, it gives the packets before the cut");
}

static void lies(void)
{
	int last;

	file[length - 2] ^= 1;
	tap_ok(read_part(length, &last) == 2 && last == -EBADMSG, "two lengths that differ are refused");
	write_file(false);
	length = 28;
	put_interface(1, 0, 0xff);
	tap_ok(read_part(length, &last) == 0 && last == -EBADMSG,
	       "a clock finer than can be counted is refused");
	length = 28;
	put_packet(0, 0, "nowhere");
	tap_ok(read_part(length, &last) == 0 && last == -EBADMSG, "a packet of no interface is refused");
	length = 28;
	put32(6);
	put32(0x7ffffffc);
	tap_ok(read_part(length, &last) == 0 && last == -EBADMSG, "a block larger than any is refused");
	tap_ok(read_part(2, &last) == 0 && last == -EBADMSG, "two bytes are no file");
}

int main(void)
{
	write_file(true);
	read_whole("big endian");
	write_file(false);
	read_whole("little endian");
	cut_at_every_length();
	lies();
	return tap_end();
}
