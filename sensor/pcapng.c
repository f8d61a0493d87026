// SPDX-License-Identifier: BSD-2-Clause
/*
 * Reading pcapng files. See pcapng.h; section numbers are those of draft-ietf-opsawg-pcapng.
 *
 * A block is read whole, up to BLOCK_BYTES_MAX, and then looked at with its length known. Unknown blocks and options are
 * stepped over. Sections may differ in byte order.
 */
#include "sensor/pcapng.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET_OLD = 2,
	BLOCK_PACKET_SIMPLE = 3,
	BLOCK_PACKET = 6,
	BYTE_ORDER_MAGIC = 0x1a2b3c4d,
	OPTION_TIME_UNIT = 9,	 /* if_tsresol, 4.2 */
	OPTION_TIME_OFFSET = 14, /* if_tsoffset */
	BLOCK_BYTES_MIN = 12,
	BLOCK_BYTES_MAX = 1 << 24,
	INTERFACES_MAX = 4096,
};

struct interface {
	uint16_t link;
	uint32_t snap;
	uint64_t units_per_second;
	int64_t offset_s;
};

struct pcapng {
	FILE *file;
	bool swapped, has_section;
	uint8_t *body; /* of the block at hand */
	size_t length, room;
	struct interface *interfaces;
	size_t interface_count;
};

static uint16_t get_u16(const struct pcapng *ng, const uint8_t *at)
{
	uint16_t value;

	memcpy(&value, at, sizeof(value));
	return ng->swapped ? __builtin_bswap16(value) : value;
}

static uint32_t get_u32(const struct pcapng *ng, const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return ng->swapped ? __builtin_bswap32(value) : value;
}

static int read_exactly(struct pcapng *ng, void *out, size_t length)
{
	return fread(out, 1, length, ng->file) == length ? 0 : -ENODATA;
}

/* In steps, so that a length that lies does not take memory that the file does not fill. */
static int read_body(struct pcapng *ng, size_t length)
{
	ng->length = 0;
	while (ng->length < length) {
		size_t step = length - ng->length < 65536 ? length - ng->length : 65536;

		if (ng->length + step > ng->room) {
			size_t room = (ng->length + step) * 2;
			uint8_t *grown = realloc(ng->body, room);

			if (!grown)
				return -ENOMEM;
			ng->body = grown;
			ng->room = room;
		}
		if (read_exactly(ng, ng->body + ng->length, step))
			return -ENODATA;
		ng->length += step;
	}
	return 0;
}

/* 3.1: type, length, body, length again. 1, 0 at the end of the file. ng->length is the body's. */
static int read_block(struct pcapng *ng, uint32_t *type)
{
	uint8_t head[8], magic[4];
	size_t got = fread(head, 1, sizeof(head), ng->file), early = 0;
	uint32_t length;
	int error;

	if (got == 0)
		return 0;
	if (got < sizeof(head))
		return -ENODATA;
	*type = get_u32(ng, head);
	if (*type == BLOCK_SECTION) { /* the same in both orders; its byte order follows */
		if (read_exactly(ng, magic, sizeof(magic)))
			return -ENODATA;
		ng->swapped = false;
		ng->swapped = get_u32(ng, magic) != BYTE_ORDER_MAGIC;
		if (get_u32(ng, magic) != BYTE_ORDER_MAGIC)
			return -EBADMSG;
		ng->has_section = true;
		ng->interface_count = 0;
		early = sizeof(magic);
	} else if (!ng->has_section) {
		return -EBADMSG;
	}
	length = get_u32(ng, head + 4);
	if (length < BLOCK_BYTES_MIN + early || length % 4 || length > BLOCK_BYTES_MAX)
		return -EBADMSG;
	error = read_body(ng, length - sizeof(head) - early);
	if (error)
		return error;
	ng->length -= 4; /* the length again */
	return get_u32(ng, ng->body + ng->length) == length ? 1 : -EBADMSG;
}

/* 4.2, if_tsresol: a power of ten, or of two with the top bit set. Units finer than 64 bits can count are refused. */
static uint64_t time_unit(uint8_t code)
{
	uint64_t units = 1;

	if (code & 0x80)
		return (code & 0x7f) < 64 ? UINT64_C(1) << (code & 0x7f) : 0;
	if (code > 19)
		return 0;
	while (code--)
		units *= 10;
	return units;
}

static void read_interface_options(struct pcapng *ng, size_t at, struct interface *out)
{
	while (at + 4 <= ng->length) {
		uint16_t code = get_u16(ng, ng->body + at), length = get_u16(ng, ng->body + at + 2);
		const uint8_t *value = ng->body + at + 4;

		at += 4 + (((size_t)length + 3) & ~(size_t)3);
		if (code == 0 || at > ng->length)
			return;
		if (code == OPTION_TIME_UNIT && length == 1)
			out->units_per_second = time_unit(*value);
		if (code == OPTION_TIME_OFFSET && length == 8) {
			uint64_t offset;

			memcpy(&offset, value, sizeof(offset));
			out->offset_s = (int64_t)(ng->swapped ? __builtin_bswap64(offset) : offset);
		}
	}
}

/* 4.2 */
static int read_interface(struct pcapng *ng)
{
	struct interface *grown, one = {.units_per_second = 1000000};

	if (ng->length < 8 || ng->interface_count == INTERFACES_MAX)
		return -EBADMSG;
	one.link = get_u16(ng, ng->body);
	one.snap = get_u32(ng, ng->body + 4);
	read_interface_options(ng, 8, &one);
	if (one.units_per_second == 0)
		return -EBADMSG;
	grown = realloc(ng->interfaces, (ng->interface_count + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	ng->interfaces = grown;
	ng->interfaces[ng->interface_count++] = one;
	return 0;
}

static int64_t time_us(const struct interface *interface, uint64_t units)
{
	uint64_t seconds = units / interface->units_per_second, rest = units % interface->units_per_second;
	__uint128_t us = (__uint128_t)rest * 1000000 / interface->units_per_second;

	return (int64_t)(((uint64_t)interface->offset_s + seconds) * 1000000 + (uint64_t)us);
}

/* 4.3, and the obsolete block of appendix A, whose interface number has 16 bits and a drop count. */
static int read_packet(struct pcapng *ng, uint32_t type, struct pcapng_packet *out)
{
	uint32_t number;

	if (ng->length < 20)
		return -EBADMSG;
	number = type == BLOCK_PACKET ? get_u32(ng, ng->body) : get_u16(ng, ng->body);
	if (number >= ng->interface_count)
		return -EBADMSG;
	out->link = ng->interfaces[number].link;
	out->time_us = time_us(&ng->interfaces[number],
			       (uint64_t)get_u32(ng, ng->body + 4) << 32 | get_u32(ng, ng->body + 8));
	out->captured = get_u32(ng, ng->body + 12);
	out->length = get_u32(ng, ng->body + 16);
	out->bytes = ng->body + 20;
	return out->captured > ng->length - 20 ? -EBADMSG : 0;
}

/* 4.4: no time, no interface but the first. */
static int read_simple_packet(struct pcapng *ng, struct pcapng_packet *out)
{
	uint32_t snap;

	if (ng->length < 4 || ng->interface_count == 0)
		return -EBADMSG;
	snap = ng->interfaces[0].snap;
	out->link = ng->interfaces[0].link;
	out->time_us = 0;
	out->length = out->captured = get_u32(ng, ng->body);
	if (snap && out->captured > snap)
		out->captured = snap;
	out->bytes = ng->body + 4;
	return out->captured > ng->length - 4 ? -EBADMSG : 0;
}

int pcapng_open(FILE *file, struct pcapng **out)
{
	struct pcapng *ng = calloc(1, sizeof(*ng));
	uint32_t type;

	if (!ng)
		return -ENOMEM;
	ng->file = file;
	if (read_block(ng, &type) != 1 || type != BLOCK_SECTION) {
		pcapng_close(ng);
		return -EBADMSG;
	}
	*out = ng;
	return 0;
}

int pcapng_next(struct pcapng *ng, struct pcapng_packet *out)
{
	uint32_t type;
	int got;

	while ((got = read_block(ng, &type)) == 1) {
		int error = 0;

		if (type == BLOCK_PACKET || type == BLOCK_PACKET_OLD) {
			error = read_packet(ng, type, out);
			return error ? error : 1;
		}
		if (type == BLOCK_PACKET_SIMPLE) {
			error = read_simple_packet(ng, out);
			return error ? error : 1;
		}
		if (type == BLOCK_INTERFACE)
			error = read_interface(ng);
		if (error)
			return error;
	}
	return got;
}

void pcapng_close(struct pcapng *ng)
{
	if (!ng)
		return;
	free(ng->body);
	free(ng->interfaces);
	free(ng);
}
