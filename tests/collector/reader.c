// SPDX-License-Identifier: BSD-2-Clause
/*
 * Reading what strangers send: JSON, facts, and writing it again for PostgreSQL.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/conclude.h"
#include "collector/json.h"
#include "collector/stream.h"
#include "tests/tap.h"

static bool reads(const char *text, size_t length)
{
	struct json *document = NULL;
	const char *why = NULL;
	bool well = json_read(text, length, &document, &why) == 0;

	json_free(document);
	return well && (well || why);
}

static void json_grammar(void)
{
	static const struct {
		const char *text;
		bool good;
	} rows[] = {
		{"{}", true},
		{" [1, 2.5, -3e2, true, null, \"x\"] ", true},
		{"17", true},
		{"\"\\u0000\"", true},
		{"\"\\ud83d\\ude00\"", true},
		{"", false},
		{"{", false},
		{"{]", false},
		{"{\"a\":}", false},
		{"[1,]", false},
		{"{'a':1}", false},
		{"NaN", false},
		{"Infinity", false},
		{"nul", false},
		{"{} {}", false},
		{"/* x */1", false},
		{"\"\xc3\x28\"", false},
		{"\"\xed\xa0\x80\"", false},
		{"\"\xf8\x88\x80\x80\x80\"", false},
		{"01", false},
		{"[[[[[[[[[[[[1]]]]]]]]]]]]", false},
	};
	char deep[2001];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		tap_ok(reads(rows[i].text, strlen(rows[i].text)) == rows[i].good, "%s is %s", rows[i].text,
		       rows[i].good ? "JSON" : "refused");
	memset(deep, '[', 1000);
	memset(deep + 1000, ']', 1000);
	tap_ok(!reads(deep, 2000), "a thousand levels are refused");
	tap_ok(!reads("{}\0{}", 5), "a zero byte after it is refused");
}

static void numbers(void)
{
	static const struct {
		const char *text;
		bool good;
		uint64_t value;
	} rows[] = {
		{"0", true, 0},	     {"65535", true, 65535}, {"1e3", true, 1000},
		{"7.0", true, 7},    {"65536", false, 0},    {"-1", false, 0},
		{"1.5", false, 0},   {"1e400", false, 0},    {"99999999999999999999999999", false, 0},
		{"\"7\"", false, 0}, {"true", false, 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct json *document = NULL;
		const char *why;
		uint64_t value = 4711;
		bool well = json_read(rows[i].text, strlen(rows[i].text), &document, &why) == 0 &&
			    json_integer(document, 65535, &value);

		tap_ok(well == rows[i].good && value == (well ? rows[i].value : 4711),
		       "%s as an integer up to 65535", rows[i].text);
		json_free(document);
	}
}

static void written_again(void)
{
	static const char text[] = "{\"a\\u0000\":\"x\\u0000y\\n\\\"\\\\\",\"b\":[1,-2.5,true,null],\"c\":{}}";
	static const char want[] = "{\"a\":\"x\\\\x00y\\u000a\\\"\\\\\",\"b\":[1,-2.5,true,null],\"c\":{}}";
	struct json *document = NULL;
	struct buffer out = {0}, array = {0}, seconds = {0};
	const char *why;

	json_read(text, sizeof(text) - 1, &document, &why);
	json_write(document, &out);
	tap_ok(out.bytes && strcmp(out.bytes, want) == 0, "written again without zero bytes: %s", out.bytes);
	array_add(&array, "a\"b\\c\0d", 7);
	array_add_text(&array, NULL);
	array_add_integer(&array, -5);
	tap_ok(strcmp(array_text(&array), "{\"a\\\"b\\\\c\\\\x00d\",NULL,-5}") == 0,
	       "as PostgreSQL's array: %s", array.bytes);
	buffer_seconds(&seconds, 1700000000123450);
	buffer_text(&seconds, " ");
	buffer_seconds(&seconds, 1700000000000000);
	tap_ok(strcmp(seconds.bytes, "1700000000.12345 1700000000") == 0, "seconds: %s", seconds.bytes);
	json_free(document);
	buffer_free(&out);
	buffer_free(&array);
	buffer_free(&seconds);
}

#define COMMON \
	"\"first\":1.5,\"last\":2,\"count\":1,\"vlan\":[10,20],\"source\":\"arp\",\"confidence\":\"measured\""

static void facts(void)
{
	static const struct {
		const char *text, *key; /* key: what is wrong, NULL: nothing */
	} rows[] = {
		{"{\"fact\":\"address\",\"mac\":\"00:1b:21:00:00:01\",\"ip\":\"10.0.0.1\"," COMMON "}", NULL},
		{"{\"fact\":\"address\",\"mac\":\"00:1b:21:00:00:01\",\"ip\":\"10.0.0.1\",\"future\":{\"x\":1}"
		 "," COMMON "}",
		 NULL},
		{"{\"fact\":\"address\",\"mac\":\"00:1b:21:00:00:01\"," COMMON "}", "ip"},
		{"{\"fact\":\"host\"," COMMON "}", "mac"},
		{"{\"fact\":\"host\",\"ip\":\"::1\",\"packets\":-1," COMMON "}", "packets"},
		{"{\"fact\":\"name\",\"name\":\"x\",\"kind\":\"fqdn\",\"ip\":\"::1\"," COMMON "}", NULL},
		{"{\"fact\":\"name\",\"name\":\"\",\"kind\":\"fqdn\",\"ip\":\"::1\"," COMMON "}", "name"},
		{"{\"fact\":\"service\",\"ip\":\"::1\",\"port\":80,\"proto\":\"tcp\",\"state\":\"open\"," COMMON
		 "}",
		 NULL},
		{"{\"fact\":\"service\",\"ip\":\"::1\",\"port\":80,\"proto\":\"tcp\",\"state\":\"ajar\"," COMMON
		 "}",
		 "state"},
		{"{\"fact\":\"service\",\"ip\":\"::1\",\"port\":\"80\",\"proto\":\"tcp\"," COMMON "}", "port"},
		{"{\"fact\":\"neighbor\",\"port\":\"ge-0/0/1\"," COMMON "}", NULL},
		{"{\"fact\":\"neighbor\",\"port\":7," COMMON "}", "port"},
		{"{\"fact\":\"flow\",\"client\":\"::1\",\"server\":\"::2\",\"proto\":\"icmp\"," COMMON "}",
		 NULL},
		{"{\"fact\":\"flow\",\"client\":\"::1\",\"server\":\"::2\",\"proto\":\"tcp\",\"mac\":\"00:1b:"
		 "21:00:00:01\"," COMMON "}",
		 "mac"},
		{"{\"fact\":\"loss\",\"counter\":\"ring\",\"value\":7," COMMON "}", NULL},
		{"{\"fact\":\"loss\",\"counter\":\"ring\",\"value\":\"7\"," COMMON "}", "value"},
		{"{\"fact\":\"trait\",\"key\":\"banner\",\"value\":\"7\"," COMMON "}", NULL},
		{"{\"fact\":\"conflict\",\"claims\":[\"10.0.0.1\",\"00:1b:21:00:00:01\"]," COMMON "}", NULL},
		{"{\"fact\":\"conflict\",\"claims\":[\"nobody\"]," COMMON "}", "claims"},
		{"{\"fact\":\"guess\"," COMMON "}", "fact"},
		{"[]", "fact"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct json *document = NULL, *again = NULL;
		struct arena arena = {0};
		struct buffer json = {0}, one = {0}, two = {0};
		struct fact fact, copy;
		const char *why, *key = NULL;
		int error;

		json_read(rows[i].text, strlen(rows[i].text), &document, &why);
		error = fact_read(document, &arena, &fact, &key);
		tap_ok(rows[i].key ? error && strcmp(key, rows[i].key) == 0 : !error, "%s: %s", rows[i].text,
		       error ? key : "good");
		if (!error) {
			conclude_fact_json(&fact, &json);
			tap_ok(json_read(json.bytes, json.length, &again, &why) == 0 &&
				       fact_read(again, &arena, &copy, &key) == 0,
			       "what is written of it can be read");
			conclude_identity(&fact, "s", &one);
			conclude_identity(&copy, "s", &two);
			tap_ok(strcmp(one.bytes, two.bytes) == 0, "and is the same fact");
		}
		json_free(document);
		json_free(again);
		arena_free(&arena);
		buffer_free(&json);
		buffer_free(&one);
		buffer_free(&two);
	}
}

int main(void)
{
	json_grammar();
	numbers();
	written_again();
	facts();
	return tap_end();
}
