/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tags on things: all of one thing's at once, or one tag on many.
 */
#include <string.h>

#include "collector/api.h"

enum { TAGS_MAX = 50, THINGS_MAX = 5000 };

#define TAGGED "Host|Service|Subnet|Group|Topology|Sensor|Network|Discovery"

const struct schema_field tags_assign_fields[] = {
	{"entity_type", SCHEMA_CHOICE, SCHEMA_REQUIRED, 0, 0, TAGGED, "What the thing is"},
	{"entity_id", SCHEMA_ID, SCHEMA_REQUIRED, 0, 0, NULL, "Which"},
	{"tag_ids", SCHEMA_IDS, SCHEMA_REQUIRED, 0, TAGS_MAX, NULL, "Its tags from now on"},
	{0},
};
const struct schema_field tags_bulk_fields[] = {
	{"entity_type", SCHEMA_CHOICE, SCHEMA_REQUIRED, 0, 0, TAGGED, "What the things are"},
	{"entity_ids", SCHEMA_IDS, SCHEMA_REQUIRED, 0, THINGS_MAX, NULL, "Which"},
	{"tag_id", SCHEMA_ID, SCHEMA_REQUIRED, 0, 0, NULL, "The tag"},
	{0},
};

static const char *body_text(struct api_call *call, const char *key)
{
	const char *text = "";
	size_t length;

	json_text(json_get(call->body, key), &text, &length);
	return text;
}

static void body_ids(struct api_call *call, const char *key, struct buffer *array)
{
	const struct json *list = json_get(call->body, key);
	const char *text;
	size_t length;

	for (size_t i = 0; i < json_count(list); i++)
		if (json_text(json_at(list, i), &text, &length))
			array_add_text(array, text);
}

static void on_counted(struct api_call *call, const struct db_reply *reply)
{
	struct buffer out = {0};

	buffer_printf(&out, "{\"changed\":%zu}", (size_t)db_integer(reply, API_FIRST, 0, 0));
	api_answer(call, &out);
}

static void on_assigned(struct api_call *call, const struct db_reply *reply)
{
	if (db_integer(reply, API_FIRST, 0, 0))
		on_counted(call, reply);
	else
		api_refuse(call, 404, "there is no such thing, or it is not yours to change");
}

static void add_assign(struct api_call *call, struct db_session *s)
{
	struct buffer things = {0}, tags = {0};

	array_add_text(&things, body_text(call, "entity_id"));
	body_ids(call, "tag_ids", &tags);
	DB_ADD(s, SQL_TAGS_SET, body_text(call, "entity_type"), array_text(&things), array_text(&tags), "set");
	buffer_free(&things);
	buffer_free(&tags);
}

static void add_bulk(struct api_call *call, struct db_session *s, const char *how)
{
	struct buffer things = {0}, tags = {0};

	array_add_text(&tags, body_text(call, "tag_id"));
	body_ids(call, "entity_ids", &things);
	DB_ADD(s, SQL_TAGS_SET, body_text(call, "entity_type"), array_text(&things), array_text(&tags), how);
	buffer_free(&things);
	buffer_free(&tags);
}

static void add_more(struct api_call *call, struct db_session *s)
{
	add_bulk(call, s, "add");
}

static void add_less(struct api_call *call, struct db_session *s)
{
	add_bulk(call, s, "remove");
}

void api_tags_assign(struct api_call *call)
{
	api_query(call, false, add_assign, on_assigned);
}

void api_tags_add(struct api_call *call)
{
	api_query(call, false, add_more, on_counted);
}

void api_tags_remove(struct api_call *call)
{
	api_query(call, false, add_less, on_counted);
}
