/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files of other programs: read in the worker, shown what they would do, or noted and sent through ingest as a sensor's facts are.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "collector/api.h"
#include "collector/import/import.h"
#include "collector/import/job.h"
#include "collector/worker.h"

enum { NAME_MAX_BYTES = 100, YEAR_2000_S = 946684800 };

#define SHOWN(name, type, about)                           \
	{                                                  \
		name, type, SCHEMA_READ, 0, 0, NULL, about \
	}
#define FORMATS "auto|nmap|arp|csv"

const struct schema_field import_query_fields[] = {
	{"network_id", SCHEMA_ID, SCHEMA_REQUIRED, 0, 0, NULL, "The network that it is of"},
	{"format", SCHEMA_CHOICE, 0, 0, 0, FORMATS,
	 "What the file is: Nmap's XML, an ARP or neighbour table, CSV; auto: whichever it looks like"},
	{"name", SCHEMA_TEXT, 0, 1, NAME_MAX_BYTES, NULL, "What the import is called; without one, its format"},
	{"at", SCHEMA_TIME, 0, 0, 0, NULL,
	 "When what the file says was so, unless it says so itself; without it, now"},
	{"vlan", SCHEMA_INTEGER, 0, 1, 4094, NULL,
	 "The VLAN of all its addresses, as sensors see it; without it, untagged"},
	{"dry_run", SCHEMA_BOOL, 0, 0, 0, NULL, "Only say what it would do"},
	{0},
};
const struct schema_field import_fields[] = {
	SHOWN("id", SCHEMA_ID, "Its id, which its evidence has as sensor_id"),
	SHOWN("network_id", SCHEMA_ID, "The network it belongs to"),
	SHOWN("name", SCHEMA_TEXT, "What it is called"),
	{"format", SCHEMA_CHOICE, SCHEMA_READ, 0, 0, "nmap|arp|csv", "What the file was"},
	SHOWN("said_at", SCHEMA_TIME, "As of when it speaks, unless the file says so itself"),
	{"state", SCHEMA_CHOICE, SCHEMA_READ, 0, 0, "running|done|failed|undone", "How far it is"},
	SHOWN("error", SCHEMA_TEXT, "Why it failed"),
	SHOWN("hosts", SCHEMA_INTEGER, "Rows of the file that name an address or MAC"),
	SHOWN("names", SCHEMA_INTEGER, "Names in it"),
	SHOWN("services", SCHEMA_INTEGER, "Open ports in it"),
	SHOWN("traits", SCHEMA_INTEGER, "What else it says"),
	SHOWN("skipped", SCHEMA_INTEGER, "Rows that were left out"),
	SHOWN("facts", SCHEMA_INTEGER, "Facts that come of it"),
	SHOWN("facts_done", SCHEMA_INTEGER, "Of these, those that are in the database"),
	SHOWN("made_by", SCHEMA_ID, "Who imported it"),
	SHOWN("undone_by", SCHEMA_ID, "Who took it back"),
	SHOWN("created_at", SCHEMA_TIME, "When it was imported"),
	SHOWN("undone_at", SCHEMA_TIME, "When it was taken back"),
	{0},
};
const struct schema_field import_filters[] = {
	{"state", SCHEMA_CHOICE, 0, 0, 0, "running|done|failed|undone", "Only those that are so far"},
	{0},
};

struct importing {
	enum import_format format;
	int64_t at_us;
	int vlan;
	bool dry;
	char network_id[ID_TEXT_MAX], id[ID_TEXT_MAX], name[NAME_MAX_BYTES + 1];
	struct import read;
	int error;
	char why[IMPORT_WHY_MAX];
};

static void importing_forget(void *context)
{
	import_free(&((struct importing *)context)->read);
}

static void preview(struct api_call *call, const struct importing *in, const char *known)
{
	const struct import *im = &in->read;
	struct buffer out = {0};

	buffer_printf(&out,
		      "{\"format\":\"%s\",\"rows\":%zu,\"names\":%zu,\"traits\":%zu,\"facts\":%zu,\"skipped\":%"
		      "zu,\"problems\":[",
		      import_format_names[im->format], im->hosts, im->names, im->traits, im->facts,
		      im->skipped);
	buffer_text(&out, im->problems.bytes ? im->problems.bytes : "");
	buffer_text(&out, "],\"columns_unused\":[");
	buffer_text(&out, im->columns.bytes ? im->columns.bytes : "");
	buffer_text(&out, "],\"sample\":[");
	buffer_text(&out, im->shown.bytes ? im->shown.bytes : "");
	buffer_text(&out, "],\"would\":");
	buffer_text(&out, known);
	buffer_text(&out, "}");
	api_answer(call, &out);
}

static void on_preview(struct api_call *call, const struct db_reply *reply)
{
	if (db_rows(reply, API_FIRST))
		preview(call, call->context, db_value(reply, API_FIRST, 0, 0));
	else
		api_refuse(call, 404, "there is no such network, or it is not yours to see");
}

static void add_preview(struct api_call *call, struct db_session *s)
{
	struct importing *in = call->context;

	DB_ADD(s, SQL_IMPORT_PREVIEW, in->network_id, array_text(&in->read.macs), array_text(&in->read.ips),
	       array_text(&in->read.service_ips), array_text(&in->read.service_ports),
	       array_text(&in->read.service_protos));
}

static void on_started(struct api_call *call, const struct db_reply *reply)
{
	struct importing *in = call->context;

	if (!db_rows(reply, API_FIRST))
		api_refuse(call, 404, "there is no such network, or it is not yours to see");
	else if (import_job(call->app, in->network_id, in->id, &in->read))
		api_refuse(call, 503, "there is no memory");
	else
		api_answer_text(call, db_value(reply, API_FIRST, 0, 0));
}

static void add_start(struct api_call *call, struct db_session *s)
{
	struct importing *in = call->context;
	const struct import *im = &in->read;
	char at[24], counts[200];

	snprintf(at, sizeof(at), "%" PRId64, in->at_us);
	snprintf(counts, sizeof(counts),
		 "{\"hosts\":%zu,\"names\":%zu,\"services\":%zu,\"traits\":%zu,\"skipped\":%zu,\"facts\":%zu}",
		 im->hosts, im->names, im->services, im->traits, im->skipped, im->facts);
	DB_ADD(s, SQL_IMPORT_START, in->network_id, id_random(in->id),
	       in->name[0] ? in->name : import_format_names[im->format], import_format_names[im->format], at,
	       counts);
}

static void read_work(void *arg)
{
	struct api_call *call = arg;
	struct importing *in = call->context;

	in->error = import_read(in->format, call->request->body, call->request->body_length, in->at_us,
				in->vlan, &in->read, in->why);
}

static void on_read(void *arg)
{
	struct api_call *call = arg;
	struct importing *in = call->context;

	if (in->error)
		api_refuse(call,
			   in->error == -ENOMEM	 ? 503
			   : in->error == -EFBIG ? 413
						 : 400,
			   in->error == -ENOMEM ? "there is no memory" : in->why);
	else if (in->dry)
		api_query(call, false, add_preview, on_preview);
	else
		api_query(call, false, add_start, on_started);
}

/* The query, which its table has looked at. What was said can't be said of the future. */
static const char *read_query(const struct http_head *head, struct importing *in)
{
	char format[16] = "auto", text[32] = "";
	const int64_t now_us = (int64_t)time(NULL) * 1000000;
	double at;

	http_query(head, "network_id", in->network_id, sizeof(in->network_id));
	http_query(head, "format", format, sizeof(format));
	in->format = (enum import_format)import_format_find(format);
	if (!http_query(head, "name", in->name, sizeof(in->name)))
		in->name[0] = 0;
	in->vlan = http_query(head, "vlan", text, sizeof(text)) ? (int)strtol(text, NULL, 10) : 0;
	in->dry = http_query(head, "dry_run", text, sizeof(text)) && strcmp(text, "true") == 0;
	at = http_query(head, "at", text, sizeof(text)) ? strtod(text, NULL) : 0;
	if (at && at < YEAR_2000_S)
		return "\"at\" must be seconds since 1970, of this century";
	in->at_us = at && at * 1e6 < (double)now_us ? (int64_t)(at * 1e6) : now_us;
	return NULL;
}

void api_import(struct api_call *call)
{
	struct importing *in = calloc(1, sizeof(*in));
	const char *why;

	if (!in) {
		api_refuse(call, 503, "there is no memory");
		return;
	}
	call->context = in;
	call->forget = importing_forget;
	why = read_query(&call->request->head, in);
	if (why)
		api_refuse(call, 400, why);
	else if (worker_run(call->app->worker, read_work, on_read, call))
		api_refuse(call, 503, "too much is being read just now; try again");
}

static void on_undone(struct api_call *call, const struct db_reply *reply)
{
	if (db_rows(reply, API_FIRST + 1))
		api_answer_text(call, db_value(reply, API_FIRST + 1, 0, 0));
	else
		api_refuse(call, 404, "there is no such import");
}

static void add_undo(struct api_call *call, struct db_session *s)
{
	DB_ADD(s, SQL_IMPORT_UNDO, call->id);
	DB_ADD(s, SQL_GET_IMPORT, call->id);
}

void api_import_undo(struct api_call *call)
{
	api_query(call, false, add_undo, on_undone);
}
