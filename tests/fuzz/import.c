// SPDX-License-Identifier: BSD-2-Clause
/* A file of another program, after a byte for its format: whatever it holds, the facts that come of it are such as a sensor may say. */
#include <stdio.h>
#include <stdlib.h>

#include "collector/import/import.h"
#include "collector/stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stream_message message = {0};
	struct stream_error error;
	char why[IMPORT_WHY_MAX];
	struct import im;

	if (!size || import_read((enum import_format)(data[0] % IMPORT_FORMATS), (const char *)data + 1,
				 size - 1, 1700000000000000, 0, &im, why))
		return 0;
	for (const struct import_message *m = im.first; m; m = m->next) {
		if (stream_read(m->json.bytes, m->json.length, &message, &error)) {
			fprintf(stderr, "%s: %s\n", error.message, m->json.bytes);
			abort();
		}
		stream_free(&message);
	}
	import_free(&im);
	return 0;
}
