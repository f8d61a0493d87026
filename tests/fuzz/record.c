// SPDX-License-Identifier: BSD-2-Clause
/* Any bytes as records of defs/record.h, and as reports of flows: what comes from the engine is not trusted either. */
#include <stdlib.h>
#include <string.h>

#include "sensor/observe.h"
#include "tests/fuzz/sink.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct sightings *sightings;
	struct observe *observe;

	fuzz_open(&sightings, &observe);
	while (length >= sizeof(struct record)) {
		struct record head;
		struct record *record;
		size_t size;

		memcpy(&head, bytes, sizeof(head));
		size = head.size < sizeof(head) ? sizeof(head) : head.size < length ? head.size : length;
		record = malloc(size); /* of its own, so that a read past its end is seen */
		if (!record)
			abort();
		memcpy(record, bytes, size);
		observe_record(observe, record, size, (int64_t)(head.time_ns % 1000000000000));
		if (size >= sizeof(head) + sizeof(struct flow_report)) {
			struct flow_report report;

			memcpy(&report, record + 1, sizeof(report));
			memset(&report.finished, report.key.pad[0] & 1, 1);
			observe_flow(observe, &report);
		}
		free(record);
		bytes += size;
		length -= size;
	}
	fuzz_close(sightings, observe, 1000000000000);
	return 0;
}
