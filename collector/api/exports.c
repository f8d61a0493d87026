/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A network in the forms of other programs: a row for each form, whose statement gives all of it (sql/0035_export.sql). How much that is
 * is looked at first.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/api.h"

#define HOSTS_N 50000	/* in one export */
#define FIGURES_N 10000 /* hosts with figures of their own */
#define TEXT_OF(number) TEXT_OF_(number)
#define TEXT_OF_(number) #number

const struct schema_field export_fields[] = {
	{"network_id", SCHEMA_ID, SCHEMA_REQUIRED, 0, 0, NULL, "The network"},
	{"subnet_id", SCHEMA_ID, 0, 0, 0, NULL, "Only hosts in this subnet"},
	{0},
};

static const struct form {
	const char *path;
	const char *given; /* to the statement */
	const char *type, *file;
	enum statement statement;
	bool noted; /* in the audit log: what programs ask for all the time is not */
} forms[] = {
	{"/api/export/json", "", "application/json", "network.json", SQL_EXPORT_JSON, true},
	{"/api/export/netbox", "", "application/json", "netbox.json", SQL_EXPORT_NETBOX, true},
	{"/api/export/nmap", NETVISOR_VERSION, "application/xml", "network.xml", SQL_EXPORT_NMAP, true},
	{"/api/export/mermaid", "", "text/plain; charset=utf-8", "network.mmd", SQL_EXPORT_MERMAID, true},
	{"/api/export/prometheus", TEXT_OF(FIGURES_N), "text/plain; version=0.0.4; charset=utf-8", NULL,
	 SQL_EXPORT_PROMETHEUS, false},
};

struct exporting {
	const struct form *form;
	char network_id[ID_TEXT_MAX], subnet_id[ID_TEXT_MAX];
};

static void on_written(struct api_call *call, const struct db_reply *reply)
{
	const struct exporting *e = call->context;
	const char *text = db_value(reply, API_FIRST, 0, 0);
	char disposition[80];
	struct buffer out = {0};

	buffer_add(&out, text ? text : "", text ? db_length(reply, API_FIRST, 0, 0) : 0);
	if (e->form->file) {
		snprintf(disposition, sizeof(disposition), "attachment; filename=\"%s\"", e->form->file);
		http_header(call->request, "content-disposition", disposition);
	}
	api_answer_raw(call, e->form->type, &out);
}

static void add_written(struct api_call *call, struct db_session *s)
{
	const struct exporting *e = call->context;

	DB_ADD(s, e->form->statement, e->network_id, e->subnet_id[0] ? e->subnet_id : NULL, e->form->given);
	if (e->form->noted)
		DB_ADD(s, SQL_AUDIT_EXPORT, "network");
}

static void on_size(struct api_call *call, const struct db_reply *reply)
{
	if (!db_rows(reply, API_FIRST))
		api_refuse(call, 404, "there is no such network or subnet, or it is not yours to see");
	else if (db_integer(reply, API_FIRST, 0, 0) > HOSTS_N)
		api_refuse(call, 413,
			   "there are more than " TEXT_OF(
				   HOSTS_N) " hosts: export them subnet by subnet (subnet_id)");
	else
		api_query(call, false, add_written, on_written);
}

static void add_size(struct api_call *call, struct db_session *s)
{
	const struct exporting *e = call->context;

	DB_ADD(s, SQL_EXPORT_SIZE, e->network_id, e->subnet_id[0] ? e->subnet_id : NULL);
}

void api_export(struct api_call *call)
{
	struct exporting *e = calloc(1, sizeof(*e));

	if (!e) {
		api_refuse(call, 503, "there is no memory");
		return;
	}
	call->context = e;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (strcmp(forms[i].path, call->route->path) == 0)
			e->form = &forms[i];
	http_query(&call->request->head, "network_id", e->network_id, sizeof(e->network_id));
	if (!http_query(&call->request->head, "subnet_id", e->subnet_id, sizeof(e->subnet_id)))
		e->subnet_id[0] = 0;
	if (e->form)
		api_query(call, false, add_size, on_size);
	else
		api_refuse(call, 404, "there is nothing at this path");
}
