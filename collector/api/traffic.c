/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Traffic: a series of what is asked for, and what took most part in it (sql/traffic.sql).
 */
#include <stdio.h>

#include "collector/api.h"

#define FIELDS_TRAFFIC                                                                                       \
	{"from", SCHEMA_TIME, 0, 0, 0, NULL, "From when on; without it, for an hour"},                       \
		{"to", SCHEMA_TIME, 0, 0, 0, NULL, "Up to when; without it, now"},                           \
		{"by",                                                                                       \
		 SCHEMA_CHOICE,                                                                              \
		 0,                                                                                          \
		 0,                                                                                          \
		 0,                                                                                          \
		 "total|edge|host|service|subnet",                                                           \
		 "What the list is of (total: no list)"},                                                    \
		{"step",                                                                                     \
		 SCHEMA_CHOICE,                                                                              \
		 0,                                                                                          \
		 0,                                                                                          \
		 0,                                                                                          \
		 "auto|minute|hour|day",                                                                     \
		 "The length of a step; auto: by age and span"},                                             \
		{"subnet_id", SCHEMA_ID, 0, 0, 0, NULL, "Only what an address in this subnet took part in"}, \
		{"port", SCHEMA_INTEGER, 0, 0, 65535, NULL, "Only to this port"},                            \
		{"proto", SCHEMA_TEXT, 0, 1, 16, NULL, "Only of this protocol, such as tcp"},                \
	{                                                                                                    \
		"limit", SCHEMA_INTEGER, 0, 0, 200, NULL, "How long the list is at most (20)"                \
	}

const struct schema_field traffic_fields[] = {
	{"network_id", SCHEMA_ID, 0, 0, 0, NULL, "The network; without one, the first that one sees"},
	{"host_id", SCHEMA_ID, 0, 0, 0, NULL, "Only what this host took part in"},
	FIELDS_TRAFFIC,
	{0},
};
const struct schema_field traffic_host_fields[] = {
	FIELDS_TRAFFIC,
	{0},
};

static void on_answer(struct api_call *call, const struct db_reply *reply)
{
	api_answer_text(call, db_value(reply, API_FIRST + 1, 0, 0));
}

static void add_traffic(struct api_call *call, struct db_session *s)
{
	const struct settings *settings = call->app->settings;
	char network_id[ID_TEXT_MAX] = "", minute_days[16], hour_days[16];

	snprintf(minute_days, sizeof(minute_days), "%ld", settings->traffic_minute_days);
	snprintf(hour_days, sizeof(hour_days), "%ld", settings->traffic_hour_days);
	http_query(&call->request->head, "network_id", network_id, sizeof(network_id));
	api_act(call, s, network_id);
	DB_ADD(s, SQL_TRAFFIC, call->query.bytes, minute_days, hour_days, call->id[0] ? call->id : NULL);
}

void api_traffic(struct api_call *call)
{
	api_query(call, false, add_traffic, on_answer);
}
