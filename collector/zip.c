/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * zlib's one door: the archive's records around its deflate. Times are left out (1980): the archive is as old as its download.
 */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "collector/zip.h"

enum { VERSION = 20, UTF8_NAMES = 0x800, DEFLATED = 8, DATE_1980 = 0x21 };

static void put(struct buffer *out, unsigned int bytes, uint64_t value)
{
	for (unsigned int i = 0; i < bytes; i++) {
		char byte = (char)(value >> 8 * i);

		buffer_add(out, &byte, 1);
	}
}

/* What the local header and the directory's share: from "version needed" to the length of the extra field. */
static void put_common(struct buffer *out, uLong crc, size_t packed, size_t length, size_t name_length)
{
	put(out, 2, VERSION);
	put(out, 2, UTF8_NAMES);
	put(out, 2, DEFLATED);
	put(out, 2, 0);
	put(out, 2, DATE_1980);
	put(out, 4, crc);
	put(out, 4, packed);
	put(out, 4, length);
	put(out, 2, name_length);
	put(out, 2, 0);
}

/* Deflate without zlib's own header. The length, or 0 when there is no memory. */
static size_t deflate_raw(const char *bytes, size_t length, unsigned char **out)
{
	z_stream stream = {.next_in = (unsigned char *)(uintptr_t)bytes, .avail_in = (uInt)length};
	size_t packed = 0;

	*out = NULL;
	if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return 0;
	stream.avail_out = (uInt)deflateBound(&stream, (uLong)length);
	*out = stream.next_out = malloc(stream.avail_out);
	if (*out && deflate(&stream, Z_FINISH) == Z_STREAM_END)
		packed = stream.total_out;
	deflateEnd(&stream);
	return packed;
}

void zip_add(struct zip *zip, const char *name, const char *bytes, size_t length)
{
	uLong crc = crc32(0, (const unsigned char *)bytes, (uInt)length);
	size_t offset = zip->out.length, packed, name_length = strlen(name);
	unsigned char *deflated;

	packed = deflate_raw(bytes, length, &deflated);
	zip->out.failed |= !packed;
	put(&zip->out, 4, 0x04034b50);
	put_common(&zip->out, crc, packed, length, name_length);
	buffer_add(&zip->out, name, name_length);
	buffer_add(&zip->out, (const char *)deflated, packed);
	free(deflated);
	put(&zip->directory, 4, 0x02014b50);
	put(&zip->directory, 2, VERSION);
	put_common(&zip->directory, crc, packed, length, name_length);
	put(&zip->directory, 2, 0); /* comment */
	put(&zip->directory, 2, 0); /* disk */
	put(&zip->directory, 2, 0); /* internal attributes */
	put(&zip->directory, 4, 0); /* external attributes */
	put(&zip->directory, 4, offset);
	buffer_add(&zip->directory, name, name_length);
	zip->files++;
}

void zip_end(struct zip *zip)
{
	size_t offset = zip->out.length, length = zip->directory.length;

	zip->out.failed |= zip->directory.failed;
	buffer_add(&zip->out, zip->directory.bytes, length);
	put(&zip->out, 4, 0x06054b50);
	put(&zip->out, 4, 0);
	put(&zip->out, 2, zip->files);
	put(&zip->out, 2, zip->files);
	put(&zip->out, 4, length);
	put(&zip->out, 4, offset);
	put(&zip->out, 2, 0);
	buffer_free(&zip->directory);
}
