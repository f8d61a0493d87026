/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A rule as JSON → nodes and patterns. Refuses whatever the schema refuses (defs/services/schema.json), with the place and the reason in words.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/recognize/rule.h"

enum { RULES_MAX = 64, DEPTH_MAX = 8, TEXT_MIN = 2, TEXT_MAX = 199 };

uint32_t making_wrong(struct making *making, const char *format, ...)
{
	int used = making->where[0] ? snprintf(making->why, sizeof(making->why), "%s: ", making->where) : 0;
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(making->why + used, sizeof(making->why) - (size_t)used, format, arguments);
	va_end(arguments);
	return 0;
}

size_t making_into(struct making *making, const char *name, int index)
{
	size_t length = strlen(making->where), left = sizeof(making->where) - length;

	if (name)
		snprintf(making->where + length, left, "%s%s", length ? "." : "", name);
	else
		snprintf(making->where + length, left, "[%d]", index);
	return length;
}

void making_back(struct making *making, size_t length)
{
	making->where[length] = 0;
}

const char *making_text(struct making *making, const struct json *value, size_t min, size_t max, size_t *length)
{
	const char *text;

	if (!json_text(value, &text, length))
		making_wrong(making, "has to be a text");
	else if (*length < min || *length > max)
		making_wrong(making, "has to have %zu to %zu bytes", min, max);
	else if (strlen(text) != *length)
		making_wrong(making, "may hold no zero byte");
	else
		return text;
	return NULL;
}

uint32_t node_make(struct making *making, struct node node)
{
	struct definitions *definitions = making->definitions;
	uint32_t at = (uint32_t)definitions->nodes;

	if (!grow((void **)&definitions->node, definitions->nodes, &definitions->node_room,
		  sizeof(*definitions->node)))
		return 0;
	node.owner = making->owner;
	definitions->node[at] = node;
	definitions->nodes++;
	return at;
}

void node_add(struct making *making, uint32_t parent, uint32_t child)
{
	struct node *node = making->definitions->node;
	uint32_t *link = &node[parent].first;

	while (*link)
		link = &node[*link].next;
	*link = child;
}

const char *want_of(struct making *making, const struct json *value)
{
	struct buffer text = {0};
	const char *kept = NULL;

	json_write(value, &text);
	if (!text.failed)
		kept = keep_text(making->definitions, text.bytes, text.length);
	buffer_free(&text);
	return kept;
}

bool node_for(struct making *making, uint32_t node, const char *field, enum how how, const char *text,
	      size_t length)
{
	uint32_t of = field_make(making->definitions, field, strlen(field));
	char why[200] = "";

	if (pattern_for(making->definitions, of, how, text, length, node, why, sizeof(why)) == 0)
		return true;
	if (why[0])
		making_wrong(making, "the regular expression is wrong: %s", why);
	return false;
}

bool node_text(struct making *making, uint32_t node, const char *field, const struct json *value)
{
	size_t length;
	const char *text = making_text(making, value, TEXT_MIN, TEXT_MAX, &length);

	if (!text)
		return false;
	if (length > 2 && text[0] == '/' && text[length - 1] == '/')
		return node_for(making, node, field, HOW_EXPRESSION, text + 1, length - 2);
	return node_for(making, node, field, HOW_TEXT, text, length);
}

static uint32_t compile(struct making *making, const struct json *rule, int depth);

/* any, all, together */
static uint32_t compile_list(struct making *making, const struct json *list, struct node node, int depth)
{
	size_t count = json_count(list);
	uint32_t at;

	if (json_kind(list) != JSON_ARRAY || count < 1 || count > RULES_MAX)
		return making_wrong(making, "has to be a list of 1 to %d rules", RULES_MAX);
	at = node_make(making, node);
	for (size_t i = 0; at && i < count; i++) {
		size_t back = making_into(making, NULL, (int)i);
		uint32_t child = compile(making, json_at(list, i), depth + 1);

		if (!child)
			return 0;
		making_back(making, back);
		node_add(making, at, child);
	}
	return at;
}

static uint32_t compile_key(struct making *making, const char *key, const struct json *value, int depth)
{
	static const struct {
		const char *key;
		enum node_is is;
	} lists[] = {{"any", NODE_ANY}, {"all", NODE_ALL}, {"together", NODE_TOGETHER}};
	const char *want = "null";

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (strcmp(key, lists[i].key) == 0)
			return compile_list(
				making, value,
				(struct node){.is = lists[i].is, .word = lists[i].key, .want = want}, depth);
	if (strcmp(key, "not") == 0) {
		uint32_t at = node_make(making, (struct node){.is = NODE_NOT, .word = "not", .want = want});
		uint32_t child = at ? compile(making, value, depth + 1) : 0;

		if (child)
			node_add(making, at, child);
		return child ? at : 0;
	}
	return leaf_compile(making, key, value);
}

struct only {
	const char *key;
	const struct json *value;
	int count;
};

static int take_only(void *arg, const char *key, const struct json *value)
{
	struct only *only = arg;

	only->key = key;
	only->value = value;
	only->count++;
	return 0;
}

static uint32_t compile(struct making *making, const struct json *rule, int depth)
{
	struct only only = {0};
	size_t back;
	uint32_t at;

	if (depth > DEPTH_MAX)
		return making_wrong(making, "rules within rules may be %d deep", DEPTH_MAX);
	json_each(rule, take_only, &only);
	if (json_kind(rule) != JSON_OBJECT || only.count != 1)
		return making_wrong(making, "a rule is an object with one key, as {\"port\": \"80/tcp\"}");
	back = making_into(making, only.key, 0);
	at = compile_key(making, only.key, only.value, depth);
	if (at)
		making_back(making, back);
	return at;
}

/* Does it hold only where something is there? */
static bool positive(const struct definitions *definitions, uint32_t at)
{
	const struct node *node = &definitions->node[at];
	bool all = true, one = false;

	if (node->is == NODE_LEAF || node->is == NODE_NOT)
		return node->is == NODE_LEAF;
	for (uint32_t child = node->first; child; child = definitions->node[child].next) {
		bool is = positive(definitions, child);

		all &= is;
		one |= is;
	}
	return node->is == NODE_ANY ? all : one;
}

uint32_t rule_compile(struct making *making, const struct json *rule)
{
	uint32_t root = compile(making, rule, 0);

	if (root && !positive(making->definitions, root))
		return making_wrong(making, "`not` (and \"gateway\": false) says nothing by itself: put it "
					    "beside others in `all` or `together`");
	return root;
}
