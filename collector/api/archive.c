/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hosts with all that they have, as a ZIP of CSV files: one list after another by the resources' own statements, then packed in the
 * worker. And the other large step: an organization that begins anew.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/resource.h"
#include "collector/worker.h"
#include "collector/zip.h"

static const char *const parts[] = {"hosts", "interfaces", "ports", "services", "bindings"};
enum { PARTS = sizeof(parts) / sizeof(parts[0]) };

const struct schema_field archive_query_fields[] = {
	{"network_id", SCHEMA_ID, 0, 0, 0, NULL, "Only those of this network"},
	{0},
};
const struct schema_field reset_fields[] = {
	{"name", SCHEMA_TEXT, SCHEMA_REQUIRED, 1, 100, NULL,
	 "The organization's name, to show that it is meant"},
	{0},
};

struct archive {
	size_t at; /* the part that is asked for */
	char *rows;
	char *csv[PARTS];
	struct zip zip;
};

static void archive_forget(void *context)
{
	struct archive *archive = context;

	free(archive->rows);
	for (size_t i = 0; i < PARTS; i++)
		free(archive->csv[i]);
	buffer_free(&archive->zip.out);
	buffer_free(&archive->zip.directory);
}

static const struct resource *part_resource(size_t part)
{
	for (size_t i = 0; i < resource_count; i++)
		if (strcmp(resources[i].path, parts[part]) == 0)
			return &resources[i];
	return &resources[0];
}

static void pack_work(void *arg)
{
	struct archive *archive = ((struct api_call *)arg)->context;
	char name[32];

	for (size_t i = 0; i < PARTS; i++) {
		snprintf(name, sizeof(name), "%s.csv", parts[i]);
		zip_add(&archive->zip, name, archive->csv[i], strlen(archive->csv[i]));
	}
	zip_end(&archive->zip);
}

static void on_packed(void *arg)
{
	struct api_call *call = arg;
	struct archive *archive = call->context;
	struct buffer out = archive->zip.out;

	archive->zip.out = (struct buffer){0};
	http_header(call->request, "content-disposition", "attachment; filename=\"hosts.zip\"");
	api_answer_raw(call, "application/zip", &out);
}

static void ask_part(struct api_call *call);

static void on_lines(struct api_call *call, const struct db_reply *reply)
{
	struct archive *archive = call->context;
	const char *lines = db_value(reply, API_FIRST, 0, 0);

	archive->csv[archive->at] = strdup(lines ? lines : "");
	if (!archive->csv[archive->at])
		api_refuse(call, 503, "there is no memory");
	else if (++archive->at < PARTS)
		ask_part(call);
	else if (worker_run(call->app->worker, pack_work, on_packed, call))
		api_refuse(call, 503, "too much is being packed just now; try again");
}

static void add_lines(struct api_call *call, struct db_session *s)
{
	struct archive *archive = call->context;
	struct buffer columns = {0};

	for (const struct schema_field *field = part_resource(archive->at)->fields; field->name; field++)
		if (!(field->flags & SCHEMA_WRITE))
			array_add_text(&columns, field->name);
	DB_ADD(s, SQL_CSV_LINES, archive->rows, array_text(&columns));
	if (!archive->at)
		DB_ADD(s, SQL_AUDIT_EXPORT, "host");
	buffer_free(&columns);
	free(archive->rows);
	archive->rows = NULL;
}

static void on_rows(struct api_call *call, const struct db_reply *reply)
{
	struct archive *archive = call->context;
	const char *rows = db_value(reply, API_FIRST, 0, 0);

	archive->rows = strdup(rows ? rows : "[]");
	if (archive->rows)
		api_query(call, false, add_lines, on_lines);
	else
		api_refuse(call, 503, "there is no memory");
}

static void add_rows(struct api_call *call, struct db_session *s)
{
	const struct archive *archive = call->context;

	DB_ADD(s, part_resource(archive->at)->list, call->query.bytes, "100000", "0");
}

static void ask_part(struct api_call *call)
{
	api_query(call, false, add_rows, on_rows);
}

void api_hosts_zip(struct api_call *call)
{
	call->context = calloc(1, sizeof(struct archive));
	if (!call->context) {
		api_refuse(call, 503, "there is no memory");
		return;
	}
	call->forget = archive_forget;
	ask_part(call);
}

static void on_reset(struct api_call *call, const struct db_reply *reply)
{
	(void)reply;
	api_answer_text(call, NULL);
}

static void add_reset(struct api_call *call, struct db_session *s)
{
	char network[ID_TEXT_MAX];
	const char *name = "";
	size_t length;

	json_text(json_get(call->body, "name"), &name, &length);
	DB_ADD(s, SQL_ORGANIZATION_RESET, call->id, name, id_random(network));
}

void api_organization_reset(struct api_call *call)
{
	api_query(call, false, add_reset, on_reset);
}
