// SPDX-License-Identifier: BSD-2-Clause
/* Any bytes as a frame of any link type: the first byte chooses it. */
#include <stdlib.h>
#include <string.h>

#include "sensor/learn.h"
#include "sensor/link.h"
#include "sensor/observe.h"
#include "tests/fuzz/sink.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static const int links[] = {0, 1, 9, 12, 14, 50, 51, 101, 104, 108, 113, 204, 219, 228, 229, 276};
	struct learn_frame frame = {.captured = (uint32_t)length - 1, .length = (uint32_t)length - 1};
	struct sightings *sightings;
	struct observe *observe;
	struct learn *learn;
	uint8_t *copy;

	if (length < 1)
		return 0;
	copy = malloc(length); /* of its own, so that a read past its end is seen */
	fuzz_open(&sightings, &observe);
	if (!copy || learn_open(1024, &learn))
		abort();
	memcpy(copy, bytes + 1, length - 1);
	frame.bytes = copy;
	if (link_strip(links[bytes[0] % (sizeof(links) / sizeof(*links))], &frame))
		learn_frame(learn, observe, &frame);
	learn_sweep(learn, observe, 0);
	learn_close(learn);
	fuzz_close(sightings, observe, 0);
	free(copy);
	return 0;
}
