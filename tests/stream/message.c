// SPDX-License-Identifier: BSD-2-Clause
/* The collector's messages: what is read of them, and what is refused; the sensor's: that they are what the page says. */
#include "sensor/message.h"

#include <stdlib.h>
#include <string.h>

#include "sensor/fragments.h"
#include "tests/tap.h"

#define AB "abababababababababababababababababababababababababababababababababababababababababababababababab"

static const struct {
	const char *text;
	enum message_type type; /* when `why` is NULL */
	int64_t batch;
	const char *id, *name, *why;
} cases[] = {
	{"{\"type\":\"welcome\",\"network_id\":\"n\",\"sensor_id\":\"s\",\"acked\":0,\"new\":[]}",
	 MESSAGE_WELCOME, 0, "s", "n", NULL},
	{" {\"acked\":7,\"sensor_id\":\"s\",\"network_id\":\"n\",\"type\":\"welcome\"}", MESSAGE_WELCOME, 7,
	 "s", "n", NULL},
	{"{\"type\":\"ack\",\"batch\":12}", MESSAGE_ACK, 12, "", "ack", NULL},
	{"{\"type\":\"command\",\"id\":\"1\",\"command\":\"refresh\",\"arguments\":{}}", MESSAGE_COMMAND, 0,
	 "1", "refresh", NULL},
	{"{\"type\":\"error\",\"code\":\"bad_fact\"}", MESSAGE_ERROR, 0, "", "bad_fact", NULL},
	{"{\"type\":\"news\"}", MESSAGE_UNKNOWN, 0, "", "news", NULL},
	{"", MESSAGE_UNKNOWN, 0, "", "", "JSON"},
	{"{\"type\":\"ack\",\"batch\":12", MESSAGE_UNKNOWN, 0, "", "", "JSON"},
	{"{\"type\":\"ack\",\"batch\":12}}", MESSAGE_UNKNOWN, 0, "", "", "JSON"},
	{"{\"type\":\"ack\",\"batch\":12,}", MESSAGE_UNKNOWN, 0, "", "", "JSON"},
	{"{\"type\":\"news\",\"a\":\"\xff\"}", MESSAGE_UNKNOWN, 0, "", "", "JSON"},
	{"{\"type\":\"news\",\"a\":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]}", MESSAGE_UNKNOWN, 0, "", "",
	 "JSON"},
	{"[]", MESSAGE_UNKNOWN, 0, "", "", "object"},
	{"\"x\"", MESSAGE_UNKNOWN, 0, "", "", "object"},
	{"{}", MESSAGE_UNKNOWN, 0, "", "", "type"},
	{"{\"type\":1}", MESSAGE_UNKNOWN, 0, "", "", "type"},
	{"{\"type\":\"\"}", MESSAGE_UNKNOWN, 0, "", "", "type"},
	{"{\"type\":\"" AB AB "\"}", MESSAGE_UNKNOWN, 0, "", "", "type"},
	{"{\"type\":\"welcome\",\"network_id\":\"n\",\"sensor_id\":\"s\"}", MESSAGE_UNKNOWN, 0, "", "",
	 "acked"},
	{"{\"type\":\"welcome\",\"network_id\":null,\"sensor_id\":\"s\",\"acked\":1}", MESSAGE_UNKNOWN, 0, "",
	 "", "network_id"},
	{"{\"type\":\"ack\",\"batch\":-1}", MESSAGE_UNKNOWN, 0, "", "", "batch"},
	{"{\"type\":\"ack\",\"batch\":1.5}", MESSAGE_UNKNOWN, 0, "", "", "batch"},
	{"{\"type\":\"ack\",\"batch\":\"1\"}", MESSAGE_UNKNOWN, 0, "", "", "batch"},
	{"{\"type\":\"ack\",\"batch\":99999999999999999999}", MESSAGE_UNKNOWN, 0, "", "", "batch"},
	{"{\"type\":\"command\",\"id\":\"a\\nb\",\"command\":\"refresh\"}", MESSAGE_UNKNOWN, 0, "", "",
	 "command"},
	{"{\"type\":\"command\",\"id\":\"a\\u0000b\",\"command\":\"refresh\"}", MESSAGE_UNKNOWN, 0, "", "",
	 "command"},
	{"{\"type\":\"error\",\"message\":\"m\"}", MESSAGE_UNKNOWN, 0, "", "", "code"},
};

static void test_read(void)
{
	char longer[1400], *at = longer;
	struct message m;
	const char *why;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *text = cases[i].text;
		int error;

		memset(&m, 0x55, sizeof(m));
		error = message_read(text, strlen(text), &m, &why);
		if (cases[i].why)
			tap_ok(error && strstr(why, cases[i].why) && (int)m.type == 0x55555555,
			       "refused: %.70s", text);
		else
			tap_ok(!error && m.type == cases[i].type && m.batch == cases[i].batch &&
				       !strcmp(m.id, cases[i].id) && !strcmp(m.name, cases[i].name),
			       "read: %.70s", text);
	}
	at += sprintf(at, "{\"type\":\"error\",\"code\":\"c\",\"message\":\"x");
	for (int i = 0; i < 400; i++)
		at += sprintf(at, "\xc3\xa9");
	sprintf(at, "\"}");
	tap_ok(!message_read(longer, strlen(longer), &m, &why) && strlen(m.reason) < MESSAGE_REASON_MAX &&
		       strlen(m.reason) % 2 == 1,
	       "a long reason is cut, not within a character");
}

static void is_text(char *text, size_t length, const char *expected)
{
	tap_ok(text && length == strlen(expected) && !strcmp(text, expected), "%s", expected);
	free(text);
}

static void test_write(void)
{
	const struct message_counter counters[] = {{"packets", 12345678901234.0}, {"cpu_seconds", 0.5}};
	struct message_hello hello = {.name = "a\"b", .software = "s", .hostname = "h", .outbox = "o"};
	size_t length = 0;
	char *text;

	text = message_status(1.5, counters, 2, &length);
	is_text(text, length,
		"{\"type\":\"status\",\"at\":1.5,\"counters\":{\"packets\":12345678901234,\"cpu_seconds\":0.5}"
		"}");
	text = message_result("7", NULL, &length);
	is_text(text, length, "{\"type\":\"result\",\"id\":\"7\",\"ok\":true}");
	text = message_result("7", "unknown command", &length);
	is_text(text, length, "{\"type\":\"result\",\"id\":\"7\",\"ok\":false,\"error\":\"unknown command\"}");
	text = message_hello(&hello, &length);
	is_text(text, length,
		"{\"type\":\"hello\",\"version\":1,\"name\":\"a\\\"b\",\"software\":\"s\",\"hostname\":\"h\","
		"\"outbox\":\"o\","
		"\"capabilities\":{},\"interfaces\":[]}");
}

static void test_fragments(void)
{
	static char large[(1 << 20) + 1];
	struct fragments f = {0};

	tap_ok(!fragments_add(&f, "ab", 2, 3) && !fragments_add(&f, "", 0, 3) &&
		       !fragments_add(&f, "cde", 3, 0) && f.length == 5 && !memcmp(f.bytes, "abcde", 5),
	       "pieces are put together");
	fragments_begin(&f);
	tap_ok(!f.length && !fragments_add(&f, large, 1 << 20, 0), "a message may be as long as the limit");
	tap_ok(fragments_add(&f, large, 1, 0) < 0 && f.length == 1 << 20, "and not longer");
	fragments_begin(&f);
	tap_ok(f.size <= FRAGMENTS_KEPT_BYTES, "a large message's memory is given back");
	tap_ok(fragments_add(&f, large, 10, (1 << 20) - 9) < 0 && fragments_add(&f, large, 10, (size_t)-5) < 0,
	       "what announces to become longer is refused before it comes");
	fragments_free(&f);
}

int main(void)
{
	test_read();
	test_write();
	test_fragments();
	return tap_end();
}
