/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists of what is known, and why it is believed. PostgreSQL makes the JSON; row-level security decides whose.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/api.h"

enum { LIMIT_DEFAULT = 100, LIMIT_MAX = 1000 };

struct list {
	enum statement statement;
	char network_id[ID_TEXT_MAX], limit[24], offset[24];
};

static bool number_of(struct api_call *call, const char *key, long fallback, long max, char out[static 24])
{
	char text[24], *end;
	long number = fallback;

	if (http_query(&call->request->head, key, text, sizeof(text))) {
		number = strtol(text, &end, 10);
		if (*end || end == text || number < 0 || number > max) {
			api_refuse(call, 400, "limit must be 0 to 1000, offset 0 or more");
			return false;
		}
	}
	snprintf(out, 24, "%ld", number);
	return true;
}

static void on_list(struct api_call *call, const struct db_reply *reply)
{
	api_answer_text(call, db_value(reply, API_FIRST + 1, 0, 0));
}

static void add_list(struct api_call *call, struct db_session *s)
{
	const struct list *list = call->context;

	DB_ADD(s, SQL_ACT_AS, call->who.user_id, list->network_id, "");
	DB_ADD(s, list->statement, list->limit, list->offset);
}

static void answer_list(struct api_call *call, enum statement statement)
{
	struct list *list = calloc(1, sizeof(*list));

	if (!list) {
		api_refuse(call, 503, "there is no memory");
		return;
	}
	call->context = list;
	list->statement = statement;
	if (!number_of(call, "limit", LIMIT_DEFAULT, LIMIT_MAX, list->limit) ||
	    !number_of(call, "offset", 0, 1000000000, list->offset))
		return;
	if (http_query(&call->request->head, "network_id", list->network_id, sizeof(list->network_id)) &&
	    !id_valid(list->network_id, strlen(list->network_id))) {
		api_refuse(call, 400, "network_id must be a UUID");
		return;
	}
	api_query(call, false, add_list, on_list);
}

void api_networks(struct api_call *call)
{
	answer_list(call, SQL_LIST_NETWORK);
}

void api_sensors(struct api_call *call)
{
	answer_list(call, SQL_LIST_SENSOR);
}

void api_hosts(struct api_call *call)
{
	answer_list(call, SQL_LIST_HOST);
}

void api_interfaces(struct api_call *call)
{
	answer_list(call, SQL_LIST_INTERFACE);
}

void api_services(struct api_call *call)
{
	answer_list(call, SQL_LIST_SERVICE);
}

void api_flows(struct api_call *call)
{
	answer_list(call, SQL_LIST_FLOW);
}

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
