// SPDX-License-Identifier: BSD-2-Clause
/* Any bytes as frames, each with a 16-bit length before it, through learning, observing and saying. */
#include <stdlib.h>

#include "sensor/learn.h"
#include "sensor/observe.h"
#include "tests/fuzz/sink.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct sightings *sightings;
	struct observe *observe;
	struct learn *learn;
	int64_t time_us = 0;

	fuzz_open(&sightings, &observe);
	if (learn_open(1024, &learn))
		abort();
	while (length >= 2) {
		size_t size = (size_t)(bytes[0] & 15) << 8 | bytes[1], missing = bytes[0] >> 4;
		struct learn_frame frame = {.bytes = bytes + 2, .time_us = time_us += 100000};

		bytes += 2;
		length -= 2;
		frame.captured = (uint32_t)(size < length ? size : length);
		frame.length = frame.captured + (uint32_t)missing;
		learn_frame(learn, observe, &frame);
		bytes += frame.captured;
		length -= frame.captured;
	}
	learn_sweep(learn, observe, time_us);
	learn_losses(learn, observe, time_us);
	learn_close(learn);
	fuzz_close(sightings, observe, time_us);
	return 0;
}
