// SPDX-License-Identifier: BSD-2-Clause
/* ask URL [CA [CERT KEY]]: one engine's report on standard output, or "error: …"; SIGTERM stops it. Last line: the most memory in KiB. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/docker/ask.h"
#include "sensor/docker/report.h"

static atomic_bool stop;

static void on_signal(int number)
{
	(void)number;
	stop = true;
}

/* Of this program alone: what getrusage() tells begins with that of the process that started it. */
static long most_memory_kib(void)
{
	FILE *file = fopen("/proc/self/status", "re");
	char line[256];
	long kib = -1;

	while (file && fgets(line, sizeof(line), file) && sscanf(line, "VmHWM: %ld", &kib) != 1)
		;
	if (file)
		fclose(file);
	return kib;
}

int main(int argc, char **argv)
{
	const struct engine_options options = {.url = argc > 1 ? argv[1] : "",
					       .ca_file = argc > 2 ? argv[2] : NULL,
					       .cert_file = argc > 4 ? argv[3] : NULL,
					       .key_file = argc > 4 ? argv[4] : NULL,
					       .stop = &stop};
	struct report *report = report_new();
	char why[512] = "", *text;
	size_t length = 0;
	int error;

	signal(SIGTERM, on_signal);
	if (!report || engine_start())
		return 2;
	error = docker_ask(&options, "", report, NULL, NULL, why, sizeof(why));
	if (error) {
		printf("error: %s: %s\n", strerror(-error), why);
	} else {
		text = report_text(report, "1", &length);
		puts(text ? text : "");
		free(text);
	}
	report_free(report);
	printf("%ld\n", most_memory_kib());
	return 0;
}
