/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rule about pages: which page, with which status, and what has to be on it.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/recognize/rule.h"

enum { PATH_BYTES_MAX = 255, HEADER_BYTES_MAX = 299 };

struct page_rule {
	struct making *making;
	uint32_t joined;
	const char *path; /* NULL: any */
	uint16_t low, high;
	bool given; /* the status */
	unsigned int parts;
};

static bool read_status(struct making *making, const struct json *value, struct page_rule *rule)
{
	unsigned int low, high;
	size_t length;
	const char *text = making_text(making, value, 3, 7, &length);
	char *end;

	if (!text)
		return false;
	low = high = (unsigned int)strtoul(text, &end, 10);
	if (*end == '-')
		high = (unsigned int)strtoul(end + 1, &end, 10);
	if (*end || !isdigit((unsigned char)text[0]) || low < 100 || high > 599 || low > high) {
		making_wrong(making, "status: one from 100 to 599, or a range of them, as 200-299");
		return false;
	}
	rule->low = (uint16_t)low;
	rule->high = (uint16_t)high;
	rule->given = true;
	return true;
}

static bool read_path(struct making *making, const struct json *value, struct page_rule *rule)
{
	size_t length;
	const char *text = making_text(making, value, 1, PATH_BYTES_MAX, &length);

	if (!text)
		return false;
	for (size_t i = 0; i < length; i++)
		if (text[i] <= ' ' || text[i] == '#' || text[i] == 0x7f || text[i] == '\\')
			length = 0;
	if (!length || text[0] != '/') {
		making_wrong(making,
			     "path: begins with / and is as it is sent, with neither blanks nor a #fragment");
		return false;
	}
	rule->path = keep_text(making->definitions, text, length);
	return rule->path != NULL;
}

static uint32_t part_node(struct page_rule *rule, const char *word, const struct json *value, uint16_t weight)
{
	struct node node = {.is = NODE_LEAF,
			    .certainty = CERTAINTY_HIGH,
			    .weight = (uint16_t)(weight + (rule->path && rule->path[1] ? 2 : 0)),
			    .on_port = true,
			    .path = rule->path,
			    .low = rule->low,
			    .high = rule->high,
			    .status_given = rule->given,
			    .word = word,
			    .want = want_of(rule->making, value)};
	uint32_t at = node.want ? node_make(rule->making, node) : 0;

	if (at)
		node_add(rule->making, rule->joined, at);
	rule->parts++;
	return at;
}

/* "server: nginx", "x-jenkins:" */
static bool add_header(struct page_rule *rule, const struct json *value)
{
	struct making *making = rule->making;
	size_t length, value_length;
	const char *text = making_text(making, value, 2, HEADER_BYTES_MAX, &length),
		   *colon = text ? strchr(text, ':') : NULL;
	char field[100];
	uint32_t node;

	if (!text)
		return false;
	if (!colon || colon == text || colon - text > 64) {
		making_wrong(making,
			     "a header's name, a colon, and perhaps a text of its value: server: nginx");
		return false;
	}
	node = part_node(rule, "header", value, colon[1] ? 3 : 4);
	snprintf(field, sizeof(field), "http.header:%.*s", (int)(colon - text), text);
	for (char *at = field; *at; at++)
		*at = small(*at);
	colon += 1 + strspn(colon + 1, " ");
	value_length = length - (size_t)(colon - text);
	if (!node)
		return false;
	if (!value_length)
		return node_for(making, node, field, HOW_PRESENT, "", 0);
	if (value_length > 2 && colon[0] == '/' && colon[value_length - 1] == '/')
		return node_for(making, node, field, HOW_EXPRESSION, colon + 1, value_length - 2);
	if (value_length < NEEDLE_BYTES_MIN) {
		making_wrong(making, "the text of its value has to have two bytes at least");
		return false;
	}
	return node_for(making, node, field, HOW_TEXT, colon, value_length);
}

static bool add_favicon(struct page_rule *rule, const struct json *value)
{
	size_t length;
	const char *text = making_text(rule->making, value, 1, 12, &length);
	uint32_t node;

	if (!text)
		return false;
	if (strspn(text + (text[0] == '-'), "0123456789") != length - (text[0] == '-') ||
	    length == (text[0] == '-')) {
		making_wrong(rule->making, "favicon: a signed number, the icon's MurmurHash3");
		return false;
	}
	node = part_node(rule, "favicon", value, 8);
	if (!node)
		return false;
	rule->making->definitions->node[node].whole_page = true;
	return node_for(rule->making, node, "http.favicon", HOW_EXACT, text, length);
}

static int check_key(void *arg, const char *key, const struct json *value)
{
	static const char *const known[] = {"port", "path", "status", "title", "header", "body", "favicon"};
	struct page_rule *rule = arg;
	uint64_t port;

	if (strcmp(key, "port") == 0 && (!json_integer(value, UINT16_MAX, &port) || !port)) {
		making_wrong(rule->making, "port: a number from 1 to 65535");
		return -1;
	}
	if (strcmp(key, "path") == 0 && !read_path(rule->making, value, rule))
		return -1;
	if (strcmp(key, "status") == 0 && !read_status(rule->making, value, rule))
		return -1;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(key, known[i]) == 0)
			return 0;
	making_wrong(rule->making, "%.60s is no key of http", key);
	return -1;
}

static bool add_texts(struct page_rule *rule, const struct json *value)
{
	static const struct {
		const char *key, *field;
		uint16_t weight;
	} texts[] = {{"title", "http.title", 8}, {"body", "http.body", 6}};

	for (size_t i = 0; i < 2; i++) {
		const struct json *text = json_get(value, texts[i].key);
		size_t back;
		uint32_t node;

		if (!text)
			continue;
		back = making_into(rule->making, texts[i].key, 0);
		node = part_node(rule, texts[i].key, text, texts[i].weight);
		if (!node || !node_text(rule->making, node, texts[i].field, text))
			return false;
		making_back(rule->making, back);
	}
	return true;
}

/* Of a page of which nothing is asked but that it is there. */
static bool add_page(struct page_rule *rule)
{
	uint32_t node = part_node(rule, "page", NULL, 1);

	if (!node)
		return false;
	if (!rule->path)
		return node_for(rule->making, node, "http.page", HOW_PRESENT, "", 0);
	return node_for(rule->making, node, "http.page", HOW_EXACT, rule->path, strlen(rule->path));
}

uint32_t http_compile(struct making *making, const struct json *value)
{
	struct node node = {.is = NODE_TOGETHER, .word = "http", .want = want_of(making, value)};
	struct page_rule rule = {.making = making};

	if (!node.want)
		return 0;
	if (json_kind(value) != JSON_OBJECT)
		return making_wrong(making, "has to be an object");
	if (json_each(value, check_key, &rule))
		return 0;
	if (rule.path && !rule.low) {
		rule.low = 200;
		rule.high = 399;
	}
	rule.joined = node_make(making, node);
	if (!rule.joined || !add_texts(&rule, value) ||
	    (json_get(value, "header") && !add_header(&rule, json_get(value, "header"))) ||
	    (json_get(value, "favicon") && !add_favicon(&rule, json_get(value, "favicon"))) ||
	    (!rule.parts && !add_page(&rule)))
		return 0;
	return rule.joined;
}
