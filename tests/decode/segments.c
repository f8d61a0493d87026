// SPDX-License-Identifier: BSD-2-Clause
/* Messages of DNS over TCP out of segments: in order, out of order, repeated, and more than there is room for. */
#include "sensor/segments.h"

#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

static struct segments *segments;
static char got[256];

static void add(uint32_t seq, const char *bytes, size_t length, int64_t time_us)
{
	static struct flow_key key = {.addr = {{10, 0, 0, 1}, {10, 0, 0, 2}}, .version = 4, .proto = 6};
	struct segment segment = {
		.key = &key, .seq = seq, .bytes = (const uint8_t *)bytes, .length = length, .time_us = time_us};

	segments_add(segments, &segment);
}

/* Send one segment; messages that come out are put into got, each with a '|' after it. */
static void after(uint32_t seq, const char *bytes, size_t length, int64_t time_us)
{
	const uint8_t *message;
	size_t size, used = 0;

	add(seq, bytes, length, time_us);
	while (segments_message(segments, &message, &size) && used + size + 2 < sizeof(got)) {
		memcpy(got + used, message, size);
		used += size;
		got[used++] = '|';
	}
	got[used] = 0;
}

static void begin(void)
{
	if (segments_open(&segments))
		exit(1);
}

static bool is(const char *text)
{
	return strcmp(got, text) == 0;
}

int main(void)
{
	static char large[60000];
	const uint8_t *message;
	size_t size;

	begin();
	after(100, "\0\5hello\0\5world", 14, 0);
	tap_ok(is("hello|world|"), "two messages in one segment");
	after(114, "\0", 1, 1);
	after(115, "\3o", 2, 2);
	tap_ok(is(""), "half a message is none yet");
	after(117, "ne", 2, 3);
	tap_ok(is("one|"), "with its end it is");
	after(117, "ne", 2, 4);
	tap_ok(is(""), "a repeated segment says nothing again");
	after(124, "c", 1, 5);
	after(121, "ab", 2, 6);
	after(119, "\0\4", 2, 7);
	tap_ok(is(""), "segments that come early wait");
	after(123, "x", 1, 8);
	tap_ok(is("abxc|"), "and are taken in their order");
	after(2000000000, "\0\3new", 5, 9);
	tap_ok(is("new|"), "the same ports with other numbers are another stream");
	after(7, "\0\3old", 5, 9 + 120 * 1000000);
	tap_ok(is("old|"), "and so they are after a long silence");
	tap_ok(segments_given_up(segments) == 0, "nothing was given up");

	for (uint32_t i = 0; i < 17; i++)
		after(100 + 2 * i, "x", 1, 130 * 1000000);
	tap_ok(segments_given_up(segments) == 1, "too many that wait: the stream is given up and counted");
	segments_close(segments);

	begin();
	add(0, "\xff\xff", 2, 0);
	add(2, large, sizeof(large), 1);
	add(2 + sizeof(large), large, 65535 - sizeof(large), 2);
	tap_ok(segments_message(segments, &message, &size) == 1 && size == 65535, "the longest message fits");
	segments_close(segments);
	return tap_end();
}
