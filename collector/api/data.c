/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is shown and is no resource: why a host is what it is, counts, versions, and the words that things may be.
 */
#include <stdio.h>
#include <string.h>

#include "collector/resource.h"

static void on_evidence(struct api_call *call, const struct db_reply *reply)
{
	if (db_rows(reply, API_FIRST))
		api_answer_text(call, db_value(reply, API_FIRST + 1, 0, 0));
	else
		api_refuse(call, 404, "there is no such host");
}

static void add_evidence(struct api_call *call, struct db_session *s)
{
	DB_ADD(s, SQL_HOST_EXISTS, call->id);
	DB_ADD(s, SQL_HOST_EVIDENCE, call->id);
}

void api_host_evidence(struct api_call *call)
{
	api_query(call, false, add_evidence, on_evidence);
}

static void on_summary(struct api_call *call, const struct db_reply *reply)
{
	api_answer_text(call, db_value(reply, API_FIRST, 0, 0));
}

static void add_summary(struct api_call *call, struct db_session *s)
{
	(void)call;
	db_add(s, SQL_DASHBOARD_SUMMARY, NULL, 0);
}

void api_dashboard(struct api_call *call)
{
	api_query(call, false, add_summary, on_summary);
}

const struct schema_field attention_fields[] = {
	{"network_id", SCHEMA_ID, 0, 0, 0, NULL, "Only of this network"},
	{"days", SCHEMA_INTEGER, 0, 1, 3650, NULL, "Of so many days (7)"},
	{"limit", SCHEMA_INTEGER, 0, 0, 1000, NULL, "How many at most (200)"},
	{"offset", SCHEMA_INTEGER, 0, 0, 1000000000, NULL, "How many to leave out before them"},
	{0},
};

static void add_attention(struct api_call *call, struct db_session *s)
{
	DB_ADD(s, SQL_ATTENTION, call->query.bytes);
}

void api_attention(struct api_call *call)
{
	api_query(call, false, add_attention, on_summary);
}

const struct schema_field layer2_fields[] = {
	{"network_id", SCHEMA_ID, 0, 0, 0, NULL, "Only of this network"},
	{0},
};

static void add_layer2(struct api_call *call, struct db_session *s)
{
	DB_ADD(s, SQL_LAYER2, call->query.bytes);
}

void api_layer2(struct api_call *call)
{
	api_query(call, false, add_layer2, on_summary);
}

void api_version(struct api_call *call)
{
	api_answer_text(call, "{\"api_version\":1,\"server_version\":\"" NETVISOR_VERSION "\"}");
}

/* The choices of fields, taken from the tables that check them. */
static void choices(struct buffer *out, const char *key, const struct schema_field *fields, const char *name)
{
	buffer_key(out, key);
	for (const struct schema_field *field = fields; field && field->name; field++)
		if (strcmp(field->name, name) == 0)
			schema_describe(field, out);
}

void api_metadata(struct api_call *call)
{
	struct buffer out = {0};

	buffer_text(&out, "{");
	for (size_t i = 0; i < resource_count; i++) {
		if (strcmp(resources[i].one, "subnet") == 0)
			choices(&out, "subnet_types", resources[i].fields, "subnet_type");
		if (strcmp(resources[i].one, "group") == 0) {
			choices(&out, "group_types", resources[i].fields, "group_type");
			choices(&out, "edge_styles", resources[i].fields, "edge_style");
			choices(&out, "colors", resources[i].fields, "color");
		}
	}
	buffer_text(&out, "}");
	api_answer(call, &out);
}
