// SPDX-License-Identifier: BSD-2-Clause
/*
 * What people say of a discovery, and what a sensor says of a session: given this, then that in full, or what is wrong with it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/discovery_form.h"
#include "collector/secret.h"
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
	 "\"excludes\":[],\"snmp_credential_ids\":null,\"ports\":null,\"depth\":\"light\",\"rate\":1000,"
	 "\"host_rate\":100,\"engine\":\"uring\",\"skip_alive\":false,\"identify\":true,"
	 "\"probe_raw_socket_ports\":false,\"probe_industrial_ports\":false}",
	 NULL},
	{"{\"type\":\"Network\",\"subnet_ids\":[\"00000000-0000-4000-8000-000000000000\"],\"targets\":[\"10.0."
	 "0.0/24\",\"::1\"],\"excludes\":[\"10.0.0.1\"],\"snmp_credential_ids\":[],\"host_rate\":7,"
	 "\"engine\":\"xdp\",\"skip_alive\":true,\"identify\":false,\"probe_industrial_ports\":true,"
	 "\"ports\":\"22,80-443\",\"depth\":\"full\",\"rate\":50,\"probe_raw_socket_ports\":true}",
	 "{\"type\":\"Network\",\"host_naming_fallback\":\"BestService\",\"subnet_ids\":[\"00000000-0000-4000-"
	 "8000-000000000000\"],"
	 "\"targets\":[\"10.0.0.0/"
	 "24\",\"::1\"],\"excludes\":[\"10.0.0.1\"],\"snmp_credential_ids\":[],\"ports\":\"22,80-443\","
	 "\"depth\":\"full\",\"rate\":50,\"host_rate\":7,\"engine\":\"xdp\",\"skip_alive\":true,"
	 "\"identify\":false,\"probe_raw_socket_ports\":true,\"probe_industrial_ports\":true}",
	 NULL},
	{"{\"type\":\"Network\",\"ports\":\"all\"}",
	 "{\"type\":\"Network\",\"host_naming_fallback\":\"BestService\",\"subnet_ids\":null,\"targets\":[],"
	 "\"excludes\":[],\"snmp_credential_ids\":null,\"ports\":\"all\",\"depth\":\"light\",\"rate\":1000,"
	 "\"host_rate\":100,\"engine\":\"uring\",\"skip_alive\":false,\"identify\":true,"
	 "\"probe_raw_socket_ports\":false,\"probe_industrial_ports\":false}",
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
	{"{\"type\":\"Network\",\"rate\":1000001}", NULL, "rate"},
	{"{\"type\":\"Network\",\"host_rate\":0}", NULL, "host_rate"},
	{"{\"type\":\"Network\",\"host_rate\":1.5}", NULL, "host_rate"},
	{"{\"type\":\"Network\",\"engine\":\"dry\"}", NULL, "engine"},
	{"{\"type\":\"Network\",\"ports\":\"all,22\"}", NULL, "ports"},
	{"{\"type\":\"Network\",\"excludes\":[\"x\"]}", NULL, "excludes"},
	{"{\"type\":\"Network\",\"skip_alive\":1}", NULL, "skip_alive"},
	{"{\"type\":\"Network\",\"snmp_credential_ids\":[\"public\"]}", NULL, "snmp_credential_ids"},
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

#define PROGRESS(more) "{\"type\":\"progress\",\"id\":\"7\",\"phase\":\"Scanning\",\"progress\":1," more "}"
#define TEN_KEYS(n)                                                                                       \
	"\"" n "0\":1,\"" n "1\":1,\"" n "2\":1,\"" n "3\":1,\"" n "4\":1,\"" n "5\":1,\"" n "6\":1,\"" n \
	"7\":1,\"" n "8\":1,\"" n "9\":1"

static const struct {
	const char *text, *detail, *place; /* detail "-": it is refused */
} details[] = {
	{PROGRESS("\"more\":1"), NULL, ""},
	{PROGRESS("\"detail\":null,\"position\":null"), NULL, ""},
	{PROGRESS("\"detail\":{\"step\":\"alive\",\"up\":3,\"rate\":99.5},\"position\":\"1:2:3\""),
	 "{\"step\":\"alive\",\"up\":3,\"rate\":99.5}", "1:2:3"},
	{PROGRESS("\"detail\":{}"), "{}", ""},
	{PROGRESS("\"detail\":[]"), "-", NULL},
	{PROGRESS("\"detail\":{\"up\":-1}"), "-", NULL},
	{PROGRESS("\"detail\":{\"up\":1e300}"), "-", NULL},
	{PROGRESS("\"detail\":{\"up\":true}"), "-", NULL},
	{PROGRESS("\"detail\":{\"up\":{}}"), "-", NULL},
	{PROGRESS(
		 "\"detail\":{\"step\":\"123456789 123456789 123456789 123456789 123456789 123456789 12345\"}"),
	 "-", NULL},
	{PROGRESS("\"detail\":{\"a name that is longer than the thirty-two\":1}"), "-", NULL},
	{PROGRESS("\"detail\":{" TEN_KEYS("a") "," TEN_KEYS("b") "," TEN_KEYS("c") ",\"d\":1,\"e\":1,\"f\":1}"),
	 "-", NULL},
	{PROGRESS("\"position\":7"), "-", NULL},
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

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static void test_details(void)
{
	for (size_t i = 0; i < sizeof(details) / sizeof(details[0]); i++) {
		struct stream_message m;
		struct stream_error error;
		int failed = stream_read(details[i].text, strlen(details[i].text), &m, &error);

		if (details[i].place)
			tap_ok(!failed && same(m.progress.detail, details[i].detail) &&
				       same(m.progress.place, details[i].place),
			       "%s", details[i].text);
		else
			tap_ok(failed && error.code == STREAM_BAD_MESSAGE, "refused: %s", details[i].text);
		if (!failed)
			stream_free(&m);
	}
}

/* A sealed secret opens with its key, as what it is about, and unchanged; else not. */
static void test_seal(void)
{
	uint8_t key[SEAL_KEY_BYTES], other[SEAL_KEY_BYTES];
	char one[SEALED_TEXT_MAX], two[SEALED_TEXT_MAX], text[SEAL_TEXT_MAX], most[SEAL_TEXT_MAX + 1];
	size_t wrong = 0;

	secret_open();
	secret_random(key, sizeof(key));
	secret_random(other, sizeof(other));
	memset(most, 'm', SEAL_TEXT_MAX);
	most[SEAL_TEXT_MAX] = 0;
	tap_ok(!secret_seal(key, "a", most, one), "a secret that is too long is refused");
	most[SEAL_TEXT_MAX - 1] = 0;
	tap_ok(secret_seal(key, "a", most, one) && secret_unseal(key, "a", one, text) == 0 && same(text, most),
	       "the longest is sealed and opened");
	secret_seal(key, "a", "public", one);
	secret_seal(key, "a", "public", two);
	tap_ok(!same(one, two) && !strstr(one, "7075626c6963"),
	       "sealed twice it differs, and is not to be read");
	tap_ok(secret_unseal(key, "a", one, text) == 0 && same(text, "public"), "with its key it opens");
	tap_ok(secret_unseal(other, "a", one, text) == -EBADMSG, "with another it does not");
	tap_ok(secret_unseal(key, "b", one, text) == -EBADMSG, "nor as something else");
	for (size_t i = 2; one[i]; i++) {
		char was = one[i];

		one[i] = was == '0' ? '1' : '0';
		wrong += secret_unseal(key, "a", one, text) != -EBADMSG;
		one[i] = was;
	}
	tap_ok(!wrong, "nor with any digit of it changed");
	tap_ok(secret_unseal(key, "a", "", text) == -EINVAL &&
		       secret_unseal(key, "a", "\\x00", text) == -EINVAL &&
		       secret_unseal(key, "a", "public", text) == -EINVAL,
	       "what is not sealed is told apart");
}

int main(void)
{
	test_forms();
	test_progress();
	test_details();
	test_seal();
	return tap_end();
}
