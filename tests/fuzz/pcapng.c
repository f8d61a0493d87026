// SPDX-License-Identifier: BSD-2-Clause
/* Any bytes as a pcapng file. Every byte of its packets is read. */
#include "sensor/pcapng.h"

#include <stddef.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	FILE *file = length ? fmemopen((void *)bytes, length, "r") : NULL;
	struct pcapng_packet packet;
	struct pcapng *ng;
	volatile uint8_t sum = 0;

	if (!file)
		return 0;
	if (pcapng_open(file, &ng) == 0) {
		while (pcapng_next(ng, &packet) == 1)
			for (uint32_t i = 0; i < packet.captured; i++)
				sum = (uint8_t)(sum + packet.bytes[i]);
		pcapng_close(ng);
	}
	fclose(file);
	return 0;
}
