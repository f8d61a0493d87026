/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The past: timelines, the network as of a time, the difference between two times, the log, presence. PostgreSQL does
 * the work and makes the JSON (sql/history.sql); here is what a request may ask for.
 */
#include <stdio.h>
#include <string.h>

#include "collector/api.h"
#include "collector/settle.h"

enum { ENTITY_MAX = 40 };

#define SEQ_MAX 9007199254740991
#define FIELD_NETWORK                                                                                       \
	{                                                                                                   \
		"network_id", SCHEMA_ID, 0, 0, 0, NULL, "The network; without one, the first that one sees" \
	}
#define FIELD_ENTITY                                                                                   \
	{                                                                                              \
		"entity", SCHEMA_TEXT, 0, 1, ENTITY_MAX, NULL, "Only of this kind: host, service, …" \
	}
#define FIELD_OFFSET                                                                                  \
	{                                                                                             \
		"offset", SCHEMA_INTEGER, 0, 0, 1000000000, NULL, "How many to leave out before them" \
	}

const struct schema_field history_timeline_fields[] = {
	{"limit", SCHEMA_INTEGER, 0, 1, 500, NULL, "How many entries at most (50)"},
	{"before_seq", SCHEMA_INTEGER, 0, 0, SEQ_MAX, NULL, "Only entries before this one: `next` of a page"},
	{0},
};
const struct schema_field history_changes_fields[] = {
	FIELD_NETWORK,
	FIELD_ENTITY,
	{"limit", SCHEMA_INTEGER, 0, 1, 1000, NULL, "How many entries at most (100)"},
	{"after", SCHEMA_INTEGER, 0, 0, SEQ_MAX, NULL, "Entries after this one, rising"},
	{"before", SCHEMA_INTEGER, 0, 0, SEQ_MAX, NULL, "Entries before this one, falling"},
	{0},
};
const struct schema_field history_as_of_fields[] = {
	FIELD_NETWORK,
	FIELD_ENTITY,
	{"at", SCHEMA_TIME, SCHEMA_REQUIRED, 0, 0, NULL, "The time"},
	{"limit", SCHEMA_INTEGER, 0, 0, 50000, NULL, "How many rows of a kind at most (1000)"},
	FIELD_OFFSET,
	{0},
};
const struct schema_field history_difference_fields[] = {
	FIELD_NETWORK,
	FIELD_ENTITY,
	{"from", SCHEMA_TIME, SCHEMA_REQUIRED, 0, 0, NULL, "The first time"},
	{"to", SCHEMA_TIME, 0, 0, 0, NULL, "The second; without it, now"},
	{"limit", SCHEMA_INTEGER, 0, 0, 5000, NULL, "How many things at most (200)"},
	FIELD_OFFSET,
	{0},
};
const struct schema_field history_presence_fields[] = {
	FIELD_NETWORK,
	{"at", SCHEMA_TIME, 0, 0, 0, NULL, "The time; without it, now"},
	{"limit", SCHEMA_INTEGER, 0, 0, 5000, NULL, "How many hosts at most (1000)"},
	FIELD_OFFSET,
	{0},
};
const struct schema_field history_host_presence_fields[] = {
	{"from", SCHEMA_TIME, 0, 0, 0, NULL, "From when on; without it, for 30 days"},
	{"to", SCHEMA_TIME, 0, 0, 0, NULL, "Up to when; without it, now"},
	{0},
};

/* What the log calls what the API has below these paths. */
static const struct {
	const char *path, *entity;
} kinds[] = {
	{"networks", "network"},     {"sensors", "sensor"},    {"hosts", "host"},
	{"interfaces", "interface"}, {"services", "service"},  {"flows", "flow"},
	{"subnets", "subnet"},	     {"ports", "port"},	       {"bindings", "binding"},
	{"groups", "group"},	     {"topology", "topology"}, {"shares", "share"},
	{"discovery", "discovery"},  {"sessions", "session"},
};

static void on_answer(struct api_call *call, const struct db_reply *reply)
{
	if (db_rows(reply, API_FIRST))
		api_answer_text(call, db_value(reply, API_FIRST, 0, 0));
	else
		api_refuse(call, 404, "there is no such thing, and the log knows of none");
}

/* Of one network, which the transaction names. */
static void on_network_answer(struct api_call *call, const struct db_reply *reply)
{
	if (db_rows(reply, API_FIRST + 1))
		api_answer_text(call, db_value(reply, API_FIRST + 1, 0, 0));
	else
		api_refuse(call, 404, "there is no such network, or it is not yours to see");
}

static void act_in_network(struct api_call *call, struct db_session *s)
{
	char network_id[ID_TEXT_MAX] = "";

	http_query(&call->request->head, "network_id", network_id, sizeof(network_id));
	api_act(call, s, network_id);
}

/* False, with the call answered, when the query lacks what can't be left out. */
static bool asks_for(struct api_call *call, const char *key)
{
	char value[64], message[80];

	if (http_query(&call->request->head, key, value, sizeof(value)) && value[0])
		return true;
	snprintf(message, sizeof(message), "\"%s\" is missing: a time in seconds since 1970", key);
	api_refuse(call, 400, message);
	return false;
}

static void add_timeline(struct api_call *call, struct db_session *s)
{
	const char *entity = call->word;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].path, call->word) == 0)
			entity = kinds[i].entity;
	if (strcmp(entity, "host") == 0 && strcmp(entity, call->word) != 0)
		DB_ADD(s, SQL_HISTORY_HOST_TIMELINE, call->query.bytes, call->id);
	else
		DB_ADD(s, SQL_HISTORY_TIMELINE, call->query.bytes, entity, call->id);
}

void api_timeline(struct api_call *call)
{
	api_query(call, false, add_timeline, on_answer);
}

static void add_changes(struct api_call *call, struct db_session *s)
{
	act_in_network(call, s);
	DB_ADD(s, SQL_HISTORY_CHANGES, call->query.bytes);
}

void api_changes(struct api_call *call)
{
	api_query(call, false, add_changes, on_network_answer);
}

static void add_as_of(struct api_call *call, struct db_session *s)
{
	act_in_network(call, s);
	DB_ADD(s, SQL_HISTORY_AS_OF, call->query.bytes);
}

void api_as_of(struct api_call *call)
{
	if (asks_for(call, "at"))
		api_query(call, false, add_as_of, on_network_answer);
}

static void add_difference(struct api_call *call, struct db_session *s)
{
	act_in_network(call, s);
	DB_ADD(s, SQL_HISTORY_DIFFERENCE, call->query.bytes);
}

void api_difference(struct api_call *call)
{
	if (asks_for(call, "from"))
		api_query(call, false, add_difference, on_network_answer);
}

static const char *gap_seconds(char out[static 24])
{
	snprintf(out, 24, "%lld", (long long)(PRESENCE_GAP_US / 1000000));
	return out;
}

static void add_presence(struct api_call *call, struct db_session *s)
{
	char gap[24];

	act_in_network(call, s);
	DB_ADD(s, SQL_HISTORY_PRESENCE, call->query.bytes, gap_seconds(gap));
}

void api_presence(struct api_call *call)
{
	api_query(call, false, add_presence, on_network_answer);
}

static void add_host_presence(struct api_call *call, struct db_session *s)
{
	char gap[24];

	DB_ADD(s, SQL_HISTORY_HOST_PRESENCE, call->query.bytes, call->id, gap_seconds(gap));
}

void api_host_presence(struct api_call *call)
{
	api_query(call, false, add_host_presence, on_answer);
}
