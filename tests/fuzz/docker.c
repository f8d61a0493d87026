// SPDX-License-Identifier: BSD-2-Clause
/* Any bytes as what a container engine answers: the first tells to which question. Whatever is read makes a report within its bounds. */
#include <stdlib.h>
#include <string.h>

#include "sensor/docker/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static int (*const readers[])(struct report *, const char *, size_t) = {
		report_networks, report_images, report_list, report_container, report_image};
	static const char version[] = "{\"Version\":\"1\"}",
			  host[] = "{\"Id\":\"h\",\"HostConfig\":{\"NetworkMode\":\"host\"},\"Image\":\"i\"}";
	struct report *report = report_new();
	const char(*ids)[READ_ID_MAX];
	size_t kind = length ? (size_t)(bytes[0] - '0') % 6 : 0, size = 0;
	char image[READ_ID_MAX], *text, *copy = malloc(length + 1);

	if (!copy || !report)
		abort();
	/* What is read ends with a zero, as engine_get() has it. */
	memcpy(copy, bytes, length);
	copy[length] = 0;
	if (kind == 5) {
		report_engine(report, "u", "", length ? copy + 1 : copy, length ? length - 1 : 0);
	} else if (report_engine(report, "u", "", version, strlen(version)) ||
		   report_container(report, host, strlen(host))) {
		abort();
	} else {
		readers[kind](report, length ? copy + 1 : copy, length ? length - 1 : 0);
		report_image_wanted(report, image);
	}
	for (size_t i = report_ids(report, &ids); i > 0; i--)
		if (!ids[i - 1][0] || strpbrk(ids[i - 1], "/?#% ") || ids[i - 1][0] == '.')
			abort();
	text = report_text(report, "1", &size);
	if (!text || size > REPORT_BYTES_MAX + 8192)
		abort();
	free(text);
	free(copy);
	report_free(report);
	return 0;
}
