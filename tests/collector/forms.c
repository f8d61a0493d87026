// SPDX-License-Identifier: BSD-2-Clause
/*
 * What people say of a discovery, and what a sensor says of a session: given this, then that in full, or what is wrong with it.
 */
#include <stdio.h>
#include <string.h>

#include "collector/discovery_form.h"
#include "collector/stream.h"
#include "tests/tap.h"

#define NOW INT64_C(1750000000) /* 2025-06-15 15:06:40 UTC */

static const struct {
	const char *given, *out, *why; /* one of the two */
} types[] = {
	{"{\"type\":\"SelfReport\",\"host_id\":\"x\"}", "{\"type\":\"SelfReport\"}", NULL},
	{"{\"type\":\"Docker\"}", "{\"type\":\"Docker\",\"host_naming_fallback\":\"BestService\"}", NULL},
	{"{\"type\":\"Docker\",\"host_naming_fallback\":\"Ip\"}",
	 "{\"type\":\"Docker\",\"host_naming_fallback\":\"Ip\"}", NULL},
	{"{\"type\":\"Network\"}",
	 "{\"type\":\"Network\",\"host_naming_fallback\":\"BestService\",\"subnet_ids\":null,\"targets\":[],"
	 "\"ports\":null,"
	 "\"depth\":\"light\",\"rate\":1000,\"probe_raw_socket_ports\":false}",
	 NULL},
	{"{\"type\":\"Network\",\"subnet_ids\":[\"00000000-0000-4000-8000-000000000000\"],\"targets\":[\"10.0."
	 "0.0/24\",\"::1\"],"
	 "\"ports\":\"22,80-443\",\"depth\":\"full\",\"rate\":50,\"probe_raw_socket_ports\":true}",
	 "{\"type\":\"Network\",\"host_naming_fallback\":\"BestService\",\"subnet_ids\":[\"00000000-0000-4000-"
	 "8000-000000000000\"],"
	 "\"targets\":[\"10.0.0.0/"
	 "24\",\"::1\"],\"ports\":\"22,80-443\",\"depth\":\"full\",\"rate\":50,\"probe_raw_socket_ports\":"
	 "true}",
	 NULL},
	{"{}", NULL, "discovery_type.type"},
	{"{\"type\":7}", NULL, "discovery_type.type"},
	{"{\"type\":\"selfreport\"}", NULL, "discovery_type.type"},
	{"{\"type\":\"Docker\",\"host_naming_fallback\":\"Name\"}", NULL, "host_naming_fallback"},
	{"{\"type\":\"Network\",\"subnet_ids\":\"x\"}", NULL, "subnet_ids"},
	{"{\"type\":\"Network\",\"subnet_ids\":[\"x\"]}", NULL, "subnet_ids"},
	{"{\"type\":\"Network\",\"targets\":[\"10.0.0.0/33\"]}", NULL, "targets"},
	{"{\"type\":\"Network\",\"targets\":[\"10.0.0.0/\"]}", NULL, "targets"},
	{"{\"type\":\"Network\",\"targets\":[\"10.0.0.0/+8\"]}", NULL, "targets"},
	{"{\"type\":\"Network\",\"targets\":[\"::/129\"]}", NULL, "targets"},
	{"{\"type\":\"Network\",\"targets\":[\"example.org\"]}", NULL, "targets"},
	{"{\"type\":\"Network\",\"targets\":[\"10.0.0.1\\u0000\"]}", NULL, "targets"},
	{"{\"type\":\"Network\",\"targets\":[7]}", NULL, "targets"},
	{"{\"type\":\"Network\",\"ports\":\"0\"}", NULL, "ports"},
	{"{\"type\":\"Network\",\"ports\":\"80-22\"}", NULL, "ports"},
	{"{\"type\":\"Network\",\"ports\":\"65536\"}", NULL, "ports"},
	{"{\"type\":\"Network\",\"ports\":\"80,\"}", NULL, "ports"},
	{"{\"type\":\"Network\",\"ports\":\"80;22\"}", NULL, "ports"},
	{"{\"type\":\"Network\",\"ports\":[80]}", NULL, "ports"},
	{"{\"type\":\"Network\",\"depth\":\"deep\"}", NULL, "depth"},
	{"{\"type\":\"Network\",\"rate\":0}", NULL, "rate"},
	{"{\"type\":\"Network\",\"rate\":100001}", NULL, "rate"},
	{"{\"type\":\"Network\",\"probe_raw_socket_ports\":\"yes\"}", NULL, "probe_raw_socket_ports"},
};

static const struct {
	const char *given, *out, *why;
} runs[] = {
	{"{\"type\":\"AdHoc\",\"last_run\":5}", "{\"type\":\"AdHoc\",\"last_run\":null}", NULL},
	{"{\"type\":\"Scheduled\",\"cron\":\"0 0 * * *\"}",
	 "{\"type\":\"Scheduled\",\"enabled\":true,\"cron\":\"0 0 * * "
	 "*\",\"timezone\":\"UTC\",\"next_run\":1750032000,\"last_run\":null}",
	 NULL},
	{"{\"type\":\"Scheduled\",\"cron\":\"0 0 * * *\",\"timezone\":\"Europe/Berlin\",\"next_run\":5}",
	 "{\"type\":\"Scheduled\",\"enabled\":true,\"cron\":\"0 0 * * "
	 "*\",\"timezone\":\"Europe/Berlin\",\"next_run\":1750024800,"
	 "\"last_run\":null}",
	 NULL},
	{"{\"type\":\"Scheduled\",\"cron\":\"@daily\",\"enabled\":false}",
	 "{\"type\":\"Scheduled\",\"enabled\":false,\"cron\":\"@daily\",\"timezone\":\"UTC\",\"next_run\":null,"
	 "\"last_run\":null}",
	 NULL},
	{"{}", NULL, "run_type.type"},
	{"{\"type\":\"Historical\"}", NULL, "run_type.type"},
	{"{\"type\":\"Scheduled\"}", NULL, "run_type.cron"},
	{"{\"type\":\"Scheduled\",\"cron\":5}", NULL, "run_type.cron"},
	{"{\"type\":\"Scheduled\",\"cron\":\"0 0 * * *\",\"timezone\":5}", NULL, "run_type.timezone"},
	{"{\"type\":\"Scheduled\",\"cron\":\"0 0 * * *\",\"timezone\":\"../UTC\"}", NULL, "run_type.timezone"},
	{"{\"type\":\"Scheduled\",\"cron\":\"0 0 30 2 *\"}", NULL, "never due"},
	{"{\"type\":\"Scheduled\",\"cron\":\"0 0 * * *\",\"enabled\":1}", NULL, "run_type.enabled"},
};

static const struct {
	const char *text, *phase; /* NULL: it is refused */
	int percent;
} progress[] = {
	{"{\"type\":\"progress\",\"id\":\"7\",\"phase\":\"Started\",\"progress\":0}", "Started", 0},
	{"{\"type\":\"progress\",\"id\":\"7\",\"phase\":\"Scanning\",\"progress\":100,\"more\":[]}", "Scanning",
	 100},
	{"{\"type\":\"progress\",\"id\":\"7\",\"phase\":\"Complete\",\"progress\":100}", NULL, 0},
	{"{\"type\":\"progress\",\"id\":\"7\",\"phase\":\"Scanning\",\"progress\":101}", NULL, 0},
	{"{\"type\":\"progress\",\"id\":\"7\",\"phase\":\"Scanning\",\"progress\":-1}", NULL, 0},
	{"{\"type\":\"progress\",\"id\":\"7\",\"phase\":\"Scanning\"}", NULL, 0},
	{"{\"type\":\"progress\",\"phase\":\"Scanning\",\"progress\":1}", NULL, 0},
	{"{\"type\":\"progress\",\"id\":\"7\",\"phase\":5,\"progress\":1}", NULL, 0},
};

static void check(const char *given, const char *out, const char *why, int error, const struct buffer *have,
		  const char *said)
{
	if (out)
		tap_ok(!error && strcmp(have->bytes, out) == 0, "%s", given);
	else
		tap_ok(error && strstr(said, why), "refused, %s: %s", why, given);
	if (!error && out && strcmp(have->bytes, out) != 0)
		printf("# %s\n", have->bytes);
	else if (error && (out || !strstr(said, why)))
		printf("# %s\n", said);
}

static void test_forms(void)
{
	char said[DISCOVERY_WHY_MAX];
	const char *why;

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct json *document = NULL;
		struct buffer out = {0};

		json_read(types[i].given, strlen(types[i].given), &document, &why);
		check(types[i].given, types[i].out, types[i].why, discovery_type_read(document, &out, said),
		      &out, said);
		json_free(document);
		buffer_free(&out);
	}
	for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++) {
		struct json *document = NULL;
		struct buffer out = {0};

		json_read(runs[i].given, strlen(runs[i].given), &document, &why);
		check(runs[i].given, runs[i].out, runs[i].why,
		      discovery_run_type_read(document, NOW, &out, said), &out, said);
		json_free(document);
		buffer_free(&out);
	}
}

static void test_progress(void)
{
	for (size_t i = 0; i < sizeof(progress) / sizeof(progress[0]); i++) {
		struct stream_message m;
		struct stream_error error;
		int failed = stream_read(progress[i].text, strlen(progress[i].text), &m, &error);

		if (progress[i].phase)
			tap_ok(!failed && m.type == STREAM_PROGRESS &&
				       strcmp(m.progress.phase, progress[i].phase) == 0 &&
				       m.progress.percent == progress[i].percent &&
				       strcmp(m.progress.id, "7") == 0,
			       "%s", progress[i].text);
		else
			tap_ok(failed && error.code == STREAM_BAD_MESSAGE, "refused: %s", progress[i].text);
		if (!failed)
			stream_free(&m);
	}
}

int main(void)
{
	test_forms();
	test_progress();
	return tap_end();
}
