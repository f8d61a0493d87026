// SPDX-License-Identifier: BSD-2-Clause
/* See fragments.h. */
#include "sensor/fragments.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "defs/limits.h"

void fragments_begin(struct fragments *f)
{
	f->length = 0;
	if (f->size > FRAGMENTS_KEPT_BYTES)
		fragments_free(f);
}

int fragments_add(struct fragments *f, const char *bytes, size_t length, size_t left)
{
	const size_t limit = STREAM_MESSAGE_BYTES_MAX;
	size_t needed = f->length + length, size = f->size ? f->size : FRAGMENTS_KEPT_BYTES;
	char *larger;

	if (length > limit || left > limit || needed + left > limit)
		return -EMSGSIZE;
	if (!f->bytes || needed > f->size) {
		while (size < needed)
			size *= 2;
		larger = realloc(f->bytes, size);
		if (!larger)
			return -ENOMEM;
		f->bytes = larger;
		f->size = size;
	}
	if (length)
		memcpy(f->bytes + f->length, bytes, length);
	f->length = needed;
	return 0;
}

void fragments_free(struct fragments *f)
{
	free(f->bytes);
	*f = (struct fragments){0};
}
