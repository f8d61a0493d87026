// SPDX-License-Identifier: BSD-2-Clause
/*
 * Any bytes as what a collector sends, in two pieces: put together, read, and what was read is answered. What the
 * reader lets through must be within its bounds and hold nothing that would end a line.
 */
#include <stdlib.h>
#include <string.h>

#include "defs/limits.h"
#include "sensor/fragments.h"
#include "sensor/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void is_plain(const char *text, size_t size)
{
	size_t length = strnlen(text, size);

	if (length == size)
		abort();
	for (size_t i = 0; i < length; i++) {
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	size_t first = length ? bytes[0] % length : 0, size;
	struct fragments fragments = {0};
	struct message message;
	const char *why = NULL;

	if (fragments_add(&fragments, (const char *)bytes, first, length - first) ||
	    fragments_add(&fragments, (const char *)bytes + first, length - first, 0))
		abort();
	if (!fragments_add(&fragments, "x", 1, STREAM_MESSAGE_BYTES_MAX))
		abort();
	if (message_read(fragments.bytes, fragments.length, &message, &why)) {
		if (!why)
			abort();
	} else {
		if (message.batch < 0 ||
		    strnlen(message.reason, sizeof(message.reason)) == sizeof(message.reason))
			abort();
		is_plain(message.id, sizeof(message.id));
		is_plain(message.name, sizeof(message.name));
		is_plain(message.target, sizeof(message.target));
		is_plain(message.kind, sizeof(message.kind));
		if (message.type == MESSAGE_COMMAND)
			free(message_result(message.id, message.name, &size));
		if (message.type == MESSAGE_COMMAND)
			free(message_progress(message.id, message.kind, 50, &size));
	}
	if (!why)
		message_clear(&message);
	fragments_free(&fragments);
	return 0;
}
