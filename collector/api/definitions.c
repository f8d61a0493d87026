/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Definitions of services: those that come with the program, those of --definitions, and an organization's own, which its admins make.
 * One that can't be used is refused, with the place and the words of the compiler.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/api/definitions.h"
#include "collector/recognize_work.h"
#include "collector/rulebook.h"

const struct schema_field definition_query[] = {
	{"origin", SCHEMA_CHOICE, 0, 0, 0, "built-in|directory|own", "Only those of this origin"},
	{0},
};
#define DEFINITION_ABOUT \
	"As docs/definitions.md has it: {name, description, category, icon or logo, is_generic, match}"
const struct schema_field definition_fields[] = {
	{"id", SCHEMA_TEXT, SCHEMA_CREATE, 1, DEFINITION_ID_MAX, "\"pattern\":\"^[a-z0-9][a-z0-9-]*$\"",
	 "Its id; without one, made of the name. That of a built-in: it takes its place"},
	{"definition", SCHEMA_OBJECT, SCHEMA_REQUIRED, 0, DEFINITION_BYTES_MAX, NULL, DEFINITION_ABOUT},
	{0},
};
const struct schema_field definition_progress_query[] = {
	{"network_id", SCHEMA_ID, 0, 0, 0, NULL, "Only of this network"},
	{0},
};

bool definition_read(struct api_call *call, const char *given, struct definition_under_test *out)
{
	struct buffer text = {0};
	const char *name = "", *id = given;
	size_t length = 0, at = 0;

	json_text(json_get(json_get(call->body, "definition"), "name"), &name, &length);
	if (!id)
		json_text(json_get(call->body, "id"), &id, &length);
	for (const char *c = id ? id : name; *c && at < DEFINITION_ID_MAX; c++) {
		char low = *c >= 'A' && *c <= 'Z' && !id ? (char)(*c + 32) : *c;
		bool plain = (low >= 'a' && low <= 'z') || (low >= '0' && low <= '9') || (low == '-' && at);

		if (id && !plain) {
			api_refuse(call, 400,
				   "\"id\" must be lower case letters, digits and hyphens, and begin with a "
				   "letter or a digit");
			return false;
		}
		if (plain)
			out->id[at++] = low;
		else if (at && out->id[at - 1] != '-')
			out->id[at++] = '-';
	}
	while (at && out->id[at - 1] == '-')
		at--;
	out->id[at] = 0;
	if (!at) {
		api_refuse(call, 400, "\"definition\" needs a \"name\" with letters or digits in it");
		return false;
	}
	json_write(json_get(call->body, "definition"), &text);
	if (text.failed) {
		api_refuse(call, 503, "there is no memory");
		return false;
	}
	out->json = text.bytes;
	out->length = text.length;
	return true;
}

bool definition_compile(struct api_call *call, const struct definition_under_test *of, struct definitions **out)
{
	struct definition_text text = {of->id, of->json, of->length};
	const struct definition_fault *faults;
	char why[500];

	if (definitions_compile(&text, 1, NULL, 0, out)) {
		api_refuse(call, 503, "there is no memory");
		return false;
	}
	if (!definitions_faults(*out, &faults))
		return true;
	snprintf(why, sizeof(why), "the definition can't be used: %s", faults[0].why);
	definitions_free(*out);
	*out = NULL;
	api_refuse(call, 400, why);
	return false;
}

/* A row: what lists show, and the definition whole. */
struct shown {
	const char *id, *origin, *json, *fault;
	size_t length;
	const char *revision, *created_at, *updated_at; /* of own ones */
	bool replaced;
};

static void add_member(struct buffer *out, const struct json *json, const char *name)
{
	if (!json_get(json, name))
		return;
	buffer_key(out, name);
	json_write(json_get(json, name), out);
}

static void add_row(struct buffer *out, const struct shown *row)
{
	static const char *const members[] = {"name", "description", "category", "logo", "icon", "is_generic"};
	struct json *json = NULL;
	const char *why;

	if (json_read(row->json, row->length, &json, &why))
		json = NULL;
	buffer_printf(out, "{\"id\":\"%s\",\"origin\":\"%s\"", row->id, row->origin);
	for (size_t i = 0; json && i < sizeof(members) / sizeof(members[0]); i++)
		add_member(out, json, members[i]);
	buffer_key(out, "definition");
	if (json)
		json_write(json, out);
	else
		buffer_text(out, "null");
	buffer_key(out, "fault");
	if (row->fault || !json)
		buffer_json(out, row->fault ? row->fault : why, strlen(row->fault ? row->fault : why));
	else
		buffer_text(out, "null");
	buffer_printf(out, ",\"replaced\":%s,\"revision\":%s,\"created_at\":%s,\"updated_at\":%s}",
		      row->replaced ? "true" : "false", row->revision ? row->revision : "null",
		      row->created_at ? row->created_at : "null", row->updated_at ? row->updated_at : "null");
	json_free(json);
}

static const char *fault_of(const struct ruleset *set, const char *id)
{
	const struct definition_fault *faults;
	size_t count = set ? definitions_faults(set->definitions, &faults) : 0;

	for (size_t i = 0; i < count; i++)
		if (strcmp(faults[i].id, id) == 0)
			return faults[i].why;
	return NULL;
}

static bool is_own(const struct db_reply *reply, const char *id)
{
	for (size_t row = 0; row < db_rows(reply, API_FIRST); row++)
		if (strcmp(db_value(reply, API_FIRST, row, 2), id) == 0)
			return true;
	return false;
}

static void comma(struct buffer *out)
{
	if (out->length > 1)
		buffer_text(out, ",");
}

static void on_list(struct api_call *call, const struct db_reply *reply)
{
	struct rulebook *book = recognizer_rulebook(call->app->recognizer);
	const struct ruleset *own = NULL;
	char space[16];
	const char *origin = http_query(&call->request->head, "origin", space, sizeof(space)) ? space : NULL;
	struct buffer out = {0};
	size_t count;
	const struct rulebook_text *texts = rulebook_texts(book, &count);

	buffer_text(&out, "[");
	for (size_t row = 0; row < db_rows(reply, API_FIRST); row++) {
		struct shown shown = {.id = db_value(reply, API_FIRST, row, 2),
				      .origin = "own",
				      .json = db_value(reply, API_FIRST, row, 3),
				      .length = db_length(reply, API_FIRST, row, 3),
				      .revision = db_value(reply, API_FIRST, row, 4),
				      .created_at = db_value(reply, API_FIRST, row, 5),
				      .updated_at = db_value(reply, API_FIRST, row, 6)};

		if (origin && strcmp(origin, "own") != 0)
			break;
		own = rulebook_find(book, db_value(reply, API_FIRST, row, 0),
				    db_integer(reply, API_FIRST, row, 1));
		shown.fault = fault_of(own, shown.id);
		comma(&out);
		add_row(&out, &shown);
	}
	for (size_t i = 0; i < count; i++) {
		const char *from = texts[i].from_directory ? "directory" : "built-in";

		if (origin && strcmp(origin, from) != 0)
			continue;
		comma(&out);
		add_row(&out,
			&(struct shown){.id = texts[i].text.id,
					.origin = from,
					.json = texts[i].text.json,
					.length = texts[i].text.length,
					.fault = texts[i].replaced
							 ? NULL
							 : fault_of(rulebook_base(book), texts[i].text.id),
					.replaced = texts[i].replaced || is_own(reply, texts[i].text.id)});
	}
	buffer_text(&out, "]");
	api_answer(call, &out);
}

static void add_list(struct api_call *call, struct db_session *s)
{
	(void)call;
	db_add(s, SQL_DEFINITION_LIST, NULL, 0);
}

void api_definitions(struct api_call *call)
{
	api_query(call, false, add_list, on_list);
}

static void forget(void *context)
{
	struct definition_under_test *of = context;

	free(of->json);
}

/* What the body holds, compiled once to see whether it can be used. */
static bool take(struct api_call *call, const char *given)
{
	struct definition_under_test *of = calloc(1, sizeof(*of));
	struct definitions *compiled;

	if (!of) {
		api_refuse(call, 503, "there is no memory");
		return false;
	}
	call->context = of;
	call->forget = forget;
	if (!definition_read(call, given, of) || !definition_compile(call, of, &compiled))
		return false;
	definitions_free(compiled);
	return true;
}

static void on_stored(struct api_call *call, const struct db_reply *reply)
{
	struct buffer out = {0};

	if (!db_rows(reply, API_FIRST)) {
		bool there = db_rows(reply, API_FIRST + 1) > 0;

		api_refuse(call, there ? 412 : 404,
			   there ? "somebody else has changed this definition since: look at it again"
				 : "there is no such definition of your own");
		return;
	}
	add_row(&out, &(struct shown){.id = db_value(reply, API_FIRST, 0, 0),
				      .origin = "own",
				      .json = db_value(reply, API_FIRST, 0, 1),
				      .length = db_length(reply, API_FIRST, 0, 1),
				      .revision = db_value(reply, API_FIRST, 0, 2),
				      .created_at = db_value(reply, API_FIRST, 0, 3),
				      .updated_at = db_value(reply, API_FIRST, 0, 4)});
	api_etag(call, db_value(reply, API_FIRST, 0, 2));
	api_answer(call, &out);
}

static void add_create(struct api_call *call, struct db_session *s)
{
	const struct definition_under_test *of = call->context;

	DB_ADD(s, SQL_DEFINITION_ADD, of->id, of->json);
}

void api_definition_create(struct api_call *call)
{
	if (take(call, NULL))
		api_query(call, false, add_create, on_stored);
}

static void add_update(struct api_call *call, struct db_session *s)
{
	const struct definition_under_test *of = call->context;

	DB_ADD(s, SQL_DEFINITION_CHANGE, of->id, of->json, of->revision[0] ? of->revision : NULL);
	DB_ADD(s, SQL_DEFINITION_EXISTS, of->id);
}

static bool take_revision(struct api_call *call)
{
	struct definition_under_test *of = call->context;
	const char *revision;

	if (!api_if_match(call, &revision))
		return false;
	snprintf(of->revision, sizeof(of->revision), "%s", revision ? revision : "");
	return true;
}

void api_definition_update(struct api_call *call)
{
	if (take(call, call->word) && take_revision(call))
		api_query(call, false, add_update, on_stored);
}

static void add_remove(struct api_call *call, struct db_session *s)
{
	const struct definition_under_test *of = call->context;

	DB_ADD(s, SQL_DEFINITION_REMOVE, call->word, of->revision[0] ? of->revision : NULL);
	DB_ADD(s, SQL_DEFINITION_EXISTS, call->word);
}

static void on_removed(struct api_call *call, const struct db_reply *reply)
{
	if (db_rows(reply, API_FIRST))
		api_answer_text(call, "null");
	else if (db_rows(reply, API_FIRST + 1))
		api_refuse(call, 412,
			   "somebody else has changed this definition since, or it is not yours to remove");
	else
		api_refuse(call, 404, "there is no such definition of your own");
}

void api_definition_remove(struct api_call *call)
{
	call->context = calloc(1, sizeof(struct definition_under_test));
	call->forget = forget;
	if (!call->context)
		api_refuse(call, 503, "there is no memory");
	else if (take_revision(call))
		api_query(call, false, add_remove, on_removed);
}

static void add_progress(struct api_call *call, struct db_session *s)
{
	char network[ID_TEXT_MAX];

	DB_ADD(s, SQL_DEFINITION_PROGRESS,
	       http_query(&call->request->head, "network_id", network, sizeof(network)) ? network : NULL);
}

static void on_text(struct api_call *call, const struct db_reply *reply)
{
	api_answer_text(call, db_value(reply, API_FIRST, 0, 0));
}

void api_definition_progress(struct api_call *call)
{
	api_query(call, false, add_progress, on_text);
}

static void add_conclusions(struct api_call *call, struct db_session *s)
{
	DB_ADD(s, SQL_HOST_CONCLUSIONS, call->id);
}

static void on_conclusions(struct api_call *call, const struct db_reply *reply)
{
	if (db_rows(reply, API_FIRST))
		on_text(call, reply);
	else
		api_refuse(call, 404, "there is no such host");
}

void api_host_conclusions(struct api_call *call)
{
	api_query(call, false, add_conclusions, on_conclusions);
}
