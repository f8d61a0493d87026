/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Given this frame, then these facts; nothing from frames that no honest device sends; and of a frame that is cut at any length
 * nothing but what the whole one says. For programs that include it, with their frames in `frames`.
 */
#ifndef TESTS_DECODE_SHOW_H
#define TESTS_DECODE_SHOW_H

#include <errno.h>

#include "sensor/decode/decode.h"
#include "sensor/frame.h"
#include "tests/decode/said.h"
#include "tests/frame_build.h"

static struct test_frames frames;
static struct fact_list list;
static const char *question; /* the name of the frame that was seen before the one to be decoded, NULL none */

/* Of IPv4 without options or tags. */
static bool is_syn(const uint8_t *bytes, size_t captured)
{
	return captured > 47 && bytes[12] == 8 && bytes[23] == 6 && bytes[47] == TEST_SYN;
}

/* How the datagram of that frame begins. */
static struct wire asked_by(const char *name)
{
	static union {
		struct record_frame record;
		uint8_t room[sizeof(struct record_frame) + TEST_FRAME_BYTES_MAX];
	} copy;
	const struct test_frame *f = test_frame_find(&frames, name);
	struct frame frame = {};

	if (!f)
		return frame.payload;
	copy.record.captured = (uint16_t)f->length;
	copy.record.length = (uint32_t)f->length;
	copy.record.link = LINK_ETHERNET;
	memcpy(copy.record.bytes, f->bytes, f->length);
	frame_open(&copy.record, TEST_TIME_US, &frame);
	return frame.payload;
}

/* Decode the first `captured` bytes of a frame that had `length` on the wire. 0, or what the decoder returned. */
static int decode_bytes(const uint8_t *bytes, size_t captured, size_t length, struct said *said)
{
	static union {
		struct record_frame record;
		uint8_t room[sizeof(struct record_frame) + TEST_FRAME_BYTES_MAX];
	} copy;
	struct frame frame;
	int error;

	copy.record.captured = (uint16_t)captured;
	copy.record.length = (uint32_t)length;
	copy.record.link = LINK_ETHERNET;
	copy.record.frame_class = is_syn(bytes, captured) ? FRAME_SYN : FRAME_DATA;
	memcpy(copy.record.bytes, bytes, captured);
	fact_list_reset(&list);
	error = frame_open(&copy.record, TEST_TIME_US, &frame);
	if (error || frame.segment)
		return error;
	if (question)
		frame.ctx.asked = asked_by(question);
	if (frame.datagram && !frame.decoder)
		frame.decoder = decode_find_answer();
	if (!frame.decoder)
		return 0;
	error = frame.decoder->decode(&frame.ctx, frame.payload, &list);
	for (size_t i = 0; !error && i < list.count; i++)
		said_say(said, &list.item[i]);
	return error;
}

static void shows(const char *name, const char *const *lines)
{
	const struct test_frame *f = test_frame_find(&frames, name);
	struct said said = {};

	if (!tap_ok(f != NULL, "there is a frame: %s", name))
		return;
	tap_ok(decode_bytes(f->bytes, f->length, f->length, &said) == 0, "%s: is decoded", name);
	said_is(&said, name, lines);
}

#define SHOWS(name, ...) shows(name, (const char *const[]){__VA_ARGS__ __VA_OPT__(, ) NULL})

/* The same when that question was seen before. */
#define SHOWS_ASKED(asked, name, ...)                   \
	do {                                            \
		question = asked;                       \
		SHOWS(name __VA_OPT__(, ) __VA_ARGS__); \
		question = NULL;                        \
	} while (0)

__attribute__((unused)) static void refuses(const char *name)
{
	const struct test_frame *f = test_frame_find(&frames, name);
	struct said said = {};
	int error = decode_bytes(f->bytes, f->length, f->length, &said);

	tap_ok(error == -EBADMSG && said.count == 0, "%s: is refused (%d, %zu facts)", name, error, said.count);
	said_clear(&said);
}

/*
 * Cut by the capture (length stays) and on the wire (length is cut too). LLDP may end without saying so: then only
 * the capture knows that something is missing.
 */
static void cut_at_every_length(const struct test_frame *f)
{
	struct said whole = {}, part = {};
	bool lldp = strncmp(f->name, "lldp", 4) == 0;
	size_t strange = 0;

	decode_bytes(f->bytes, f->length, f->length, &whole);
	for (size_t captured = 0; captured < f->length; captured++) {
		for (int on_wire = 0; on_wire < 2; on_wire++) {
			decode_bytes(f->bytes, captured, on_wire ? captured : f->length, &part);
			for (size_t i = 0; i < part.count; i++)
				strange += !(on_wire && lldp) && !said_has(&whole, part.line[i]);
			said_clear(&part);
		}
	}
	tap_ok(strange == 0, "%s: cut at each of %zu lengths, it says nothing else (%zu strange)", f->name,
	       f->length, strange);
	said_clear(&whole);
}

/* Every byte of the frame set to each of a few values in turn: no decoder may read outside or never end. */
static void change_every_byte(const struct test_frame *f)
{
	static const uint8_t values[] = {0x00, 0x01, 0x3f, 0x7f, 0x80, 0xc0, 0xff};
	struct test_frame changed = *f;
	struct said said = {};
	size_t runs = 0;

	for (size_t at = 14; at < f->length; at++) {
		for (size_t i = 0; i < sizeof(values); i++, runs++) {
			changed.bytes[at] = values[i];
			decode_bytes(changed.bytes, f->length, f->length, &said);
			said_clear(&said);
		}
		changed.bytes[at] = f->bytes[at];
	}
	tap_ok(runs > 0, "%s: %zu changed copies are decoded or refused", f->name, runs);
}

#endif
