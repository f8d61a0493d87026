/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Discoveries and their sessions, beside what every resource has: the check of a body, and starting and cancelling.
 * Sensors hear of it through the database, whichever collector they are connected to.
 */
#include <stdio.h>
#include <string.h>

#include "collector/api.h"
#include "collector/discovery_form.h"
#include "collector/loop.h"
#include "collector/resource.h"

#define PHASES "Pending|Starting|Started|Scanning|Complete|Failed|Cancelled"

/* What discovery_form.c checks, for forms. A cron line is checked further there. */
#define TYPE_FORM                                                                                              \
	"\"required\":[\"type\"],\"properties\":{\"type\":{\"type\":\"string\",\"enum\":[\"SelfReport\","      \
	"\"Docker\",\"Network\"]},"                                                                            \
	"\"host_naming_fallback\":{\"type\":\"string\",\"enum\":[\"BestService\",\"Ip\"]},"                    \
	"\"subnet_ids\":{\"type\":[\"array\",\"null\"],\"maxItems\":64,\"items\":{\"type\":\"string\","        \
	"\"format\":\"uuid\"}},"                                                                               \
	"\"targets\":{\"type\":\"array\",\"maxItems\":64,\"items\":{\"type\":\"string\",\"format\":\"cidr\"}}" \
	",\"excludes\":{\"type\":\"array\",\"maxItems\":64,\"items\":{\"type\":\"string\",\"format\":"         \
	"\"cidr\"}},"                                                                                          \
	"\"ports\":{\"type\":[\"string\",\"null\"],\"maxLength\":500,\"pattern\":\"^(all|[0-9]+(-[0-9]+)?(,"   \
	"[0-9]+(-[0-9]+)?)*)?$\"},"                                                                            \
	"\"depth\":{\"type\":\"string\",\"enum\":[\"light\",\"full\"]},"                                       \
	"\"rate\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":1000000},"                                   \
	"\"host_rate\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":1000000},"                              \
	"\"engine\":{\"type\":\"string\",\"enum\":[\"uring\",\"xdp\"]},"                                       \
	"\"skip_alive\":{\"type\":\"boolean\"},\"identify\":{\"type\":\"boolean\"},"                           \
	"\"probe_raw_socket_ports\":{\"type\":\"boolean\"},\"probe_industrial_ports\":{\"type\":\"boolean\"}," \
	"\"snmp_credential_ids\":{\"type\":[\"array\",\"null\"],\"maxItems\":64,\"items\":{\"type\":"          \
	"\"string\",\"format\":\"uuid\"}}}"
#define RUN_FORM                                                                                               \
	"\"required\":[\"type\"],\"properties\":{\"type\":{\"type\":\"string\",\"enum\":[\"AdHoc\","           \
	"\"Scheduled\"]},"                                                                                     \
	"\"cron\":{\"type\":\"string\",\"format\":\"cron\",\"pattern\":\"^ *(@[A-Za-z]+|[^ ]+( +[^ ]+){4,5}) " \
	"*$\",\"maxLength\":200},"                                                                             \
	"\"timezone\":{\"type\":\"string\",\"format\":\"timezone\",\"maxLength\":64},\"enabled\":{\"type\":"   \
	"\"boolean\"}}"

const struct schema_field discovery_fields[] = {
	{"id", SCHEMA_ID, SCHEMA_READ, 0, 0, NULL, "Its id"},
	{"network_id", SCHEMA_ID, SCHEMA_CREATE, 0, 0, NULL, "The network it belongs to: the sensor's"},
	{"sensor_id", SCHEMA_ID, SCHEMA_REQUIRED | SCHEMA_CREATE, 0, 0, NULL, "The sensor that does it"},
	{"name", SCHEMA_TEXT, SCHEMA_REQUIRED, 1, 100, NULL, "What it is called"},
	{"discovery_type", SCHEMA_OBJECT, SCHEMA_REQUIRED, 0, 16384, TYPE_FORM,
	 "What it does: type SelfReport; Docker with host_naming_fallback; Network with subnet_ids (null: "
	 "those that the sensor "
	 "is in), targets, excludes, ports (null: those of known services; all), depth (full: all ports, UDP, "
	 "SNMP), rate and host_rate (packets a second, in all and to one address), engine, skip_alive, "
	 "identify, snmp_credential_ids (null: all of the network for depth full), host_naming_fallback, "
	 "probe_raw_socket_ports, probe_industrial_ports"},
	{"run_type", SCHEMA_OBJECT, SCHEMA_REQUIRED, 0, 1024, RUN_FORM,
	 "When: type AdHoc; or Scheduled with cron (5 fields, or 6 with the second first), timezone, enabled"},
	{"failures", SCHEMA_INTEGER, SCHEMA_READ, 0, 0, NULL, "Runs in a row that have failed"},
	{"disabled_reason", SCHEMA_TEXT, SCHEMA_READ | SCHEMA_NULL, 0, 0, NULL,
	 "Why the collector switched it off"},
	{"tags", SCHEMA_IDS, 0, 0, 50, NULL, "Its tags' ids"},
	{"revision", SCHEMA_INTEGER, SCHEMA_READ, 0, 0, NULL, "Raised by each change of a person; the ETag"},
	{"created_at", SCHEMA_TIME, SCHEMA_READ, 0, 0, NULL, "When it was made"},
	{"updated_at", SCHEMA_TIME, SCHEMA_READ, 0, 0, NULL, "When a person changed it last"},
	{0},
};
const struct schema_field discovery_filters[] = {
	{"sensor_id", SCHEMA_ID, 0, 0, 0, NULL, "Only those of this sensor"},
	{"type", SCHEMA_CHOICE, 0, 0, 0, "SelfReport|Docker|Network", "Only those of this type"},
	{"run_type", SCHEMA_CHOICE, 0, 0, 0, "AdHoc|Scheduled", "Only those that run so"},
	{"tag_ids", SCHEMA_IDS, 0, 0, 50, NULL, "Only those with one of these tags"},
	{0},
};

const struct schema_field session_fields[] = {
	{"id", SCHEMA_ID, SCHEMA_READ, 0, 0, NULL, "Its id"},
	{"network_id", SCHEMA_ID, SCHEMA_READ, 0, 0, NULL, "The network it belongs to"},
	{"discovery_id", SCHEMA_ID, SCHEMA_READ | SCHEMA_NULL, 0, 0, NULL,
	 "The discovery that ran; null when that was deleted"},
	{"sensor_id", SCHEMA_ID, SCHEMA_READ, 0, 0, NULL, "The sensor that is asked"},
	{"name", SCHEMA_TEXT, SCHEMA_READ, 0, 100, NULL, "The discovery's name then"},
	{"discovery_type", SCHEMA_OBJECT, SCHEMA_READ, 0, 0, NULL, "What the sensor was asked"},
	{"cause", SCHEMA_CHOICE, SCHEMA_READ, 0, 0, "person|schedule|first", "Who or what started it"},
	{"started_by", SCHEMA_ID, SCHEMA_READ | SCHEMA_NULL, 0, 0, NULL, "The person"},
	{"phase", SCHEMA_CHOICE, SCHEMA_READ, 0, 0, PHASES, "How far it is"},
	{"progress", SCHEMA_INTEGER, SCHEMA_READ, 0, 100, NULL, "In percent"},
	{"detail", SCHEMA_OBJECT, SCHEMA_READ | SCHEMA_NULL, 0, 0, NULL,
	 "What its sensor counts on the way: step, asked, up, open, saved, sent, rate, remaining_s, …"},
	{"error", SCHEMA_TEXT, SCHEMA_READ | SCHEMA_NULL, 0, 0, NULL, "What happened, why, and what to do"},
	{"results", SCHEMA_OBJECT, SCHEMA_READ | SCHEMA_NULL, 0, 0, NULL, "What it found out, in numbers"},
	{"created_at", SCHEMA_TIME, SCHEMA_READ, 0, 0, NULL, "When it was asked for"},
	{"started_at", SCHEMA_TIME, SCHEMA_READ | SCHEMA_NULL, 0, 0, NULL, "When the sensor was asked"},
	{"finished_at", SCHEMA_TIME, SCHEMA_READ | SCHEMA_NULL, 0, 0, NULL, "When it was over"},
	{"updated_at", SCHEMA_TIME, SCHEMA_READ, 0, 0, NULL, "When something was last heard of it"},
	{0},
};
const struct schema_field session_filters[] = {
	{"sensor_id", SCHEMA_ID, 0, 0, 0, NULL, "Only those of this sensor"},
	{"discovery_id", SCHEMA_ID, 0, 0, 0, NULL, "Only runs of this discovery"},
	{"phase", SCHEMA_CHOICE, 0, 0, 0, PHASES, "Only those in this phase"},
	{0},
};

const struct schema_field session_start_fields[] = {
	{"discovery_id", SCHEMA_ID, SCHEMA_REQUIRED, 0, 0, NULL, "The discovery that is to run now"},
	{0},
};

/* Put a key's value, written anew, over what was given. */
static void replace(struct buffer *fields, const char *key, const struct buffer *value)
{
	if (fields->failed || value->failed || !fields->length) {
		fields->failed = true;
		return;
	}
	/* Before the brace at the end; of two the later counts. */
	fields->bytes[--fields->length] = 0;
	buffer_key(fields, key);
	buffer_add(fields, value->bytes, value->length);
	buffer_text(fields, "}");
}

const char *discovery_check(struct api_call *call)
{
	static char why[DISCOVERY_WHY_MAX];
	const struct json *type = json_get(call->body, "discovery_type"),
			  *run = json_get(call->body, "run_type");
	struct buffer value = {0};
	int error = 0;

	if (type) {
		error = discovery_type_read(type, &value, why);
		if (!error)
			replace(&call->fields, "discovery_type", &value);
		buffer_clear(&value);
	}
	if (run && !error) {
		error = discovery_run_type_read(run, loop_wall_us() / 1000000, &value, why);
		if (!error)
			replace(&call->fields, "run_type", &value);
	}
	buffer_free(&value);
	if (error)
		return why;
	return call->fields.failed ? "there is no memory" : NULL;
}

static void add_start(struct api_call *call, struct db_session *s)
{
	const char *id = "";
	size_t length;

	json_text(json_get(call->body, "discovery_id"), &id, &length);
	DB_ADD(s, SQL_SESSION_BEGIN, id);
	DB_ADD(s, SQL_SESSION_LATEST, id);
}

static void on_started(struct api_call *call, const struct db_reply *reply)
{
	if (!db_rows(reply, API_FIRST))
		api_refuse(call, 404, "there is no such discovery");
	else if (!db_value(reply, API_FIRST, 0, 0))
		api_refuse(call, 409,
			   "this discovery is running or waiting already; wait for it, or cancel it first");
	else
		api_answer_text(call, db_value(reply, API_FIRST + 1, 0, 0));
}

void api_session_start(struct api_call *call)
{
	api_query(call, false, add_start, on_started);
}

static void add_active(struct api_call *call, struct db_session *s)
{
	(void)call;
	db_add(s, SQL_LIST_ACTIVE_SESSION, NULL, 0);
}

static void on_active(struct api_call *call, const struct db_reply *reply)
{
	api_answer_text(call, db_value(reply, API_FIRST, 0, 0));
}

void api_session_active(struct api_call *call)
{
	api_query(call, false, add_active, on_active);
}

static void add_cancel(struct api_call *call, struct db_session *s)
{
	DB_ADD(s, SQL_SESSION_END_ASKED, call->id);
	DB_ADD(s, SQL_GET_SESSION, call->id);
}

static void on_cancelled(struct api_call *call, const struct db_reply *reply)
{
	if (!db_rows(reply, API_FIRST))
		api_refuse(call, 404, "there is no such session");
	else if (!db_true(reply, API_FIRST, 0, 0))
		api_refuse(call, 409, "this session is over already");
	else
		api_answer_text(call, db_value(reply, API_FIRST + 1, 0, 0));
}

void api_session_cancel(struct api_call *call)
{
	api_query(call, false, add_cancel, on_cancelled);
}
