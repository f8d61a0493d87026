// SPDX-License-Identifier: BSD-2-Clause
/* The door to zlib. See inflate.h. */
#include "sensor/ask/inflate.h"

#include <zlib.h>

enum {
	WINDOW_AUTOMATIC = 15 + 32, /* gzip or zlib, by its first bytes */
	WINDOW_RAW = -15,
};

static size_t unpack(const uint8_t *bytes, size_t length, uint8_t *out, size_t size, int window, bool *cut)
{
	z_stream stream = {
		.next_in = (Bytef *)bytes, .avail_in = (uInt)length, .next_out = out, .avail_out = (uInt)size};
	int result;

	if (inflateInit2(&stream, window) != Z_OK)
		return 0;
	result = inflate(&stream, Z_SYNC_FLUSH);
	*cut = result != Z_STREAM_END;
	inflateEnd(&stream);
	return size - stream.avail_out;
}

size_t inflate_bounded(const uint8_t *bytes, size_t length, uint8_t *out, size_t size, bool *cut)
{
	size_t made = unpack(bytes, length, out, size, WINDOW_AUTOMATIC, cut);

	return made ? made : unpack(bytes, length, out, size, WINDOW_RAW, cut);
}
