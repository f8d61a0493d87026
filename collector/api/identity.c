/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which hosts are one, by a person's word: preview, consolidate, undo, proposals; and why a host is what it is. What is
 * refused is refused by the functions of sql/0016_consolidate.sql, in their words.
 */
#include <stdio.h>
#include <stdlib.h>

#include "collector/api.h"

enum { LIMIT_DEFAULT = 50, LIMIT_MAX = 1000, NUMBER_MAX = 24, OFFSET_MAX = 1000000000 };

#define SHOWN(name, type, about)                           \
	{                                                  \
		name, type, SCHEMA_READ, 0, 0, NULL, about \
	}

const struct schema_field consolidation_fields[] = {
	SHOWN("id", SCHEMA_ID, "Its id"),
	SHOWN("network_id", SCHEMA_ID, "The network it belongs to"),
	SHOWN("host_id", SCHEMA_ID, "The host that stays"),
	SHOWN("other_host_id", SCHEMA_ID, "The host that became, or may become, part of it"),
	SHOWN("host_name", SCHEMA_TEXT, "What the one is called"),
	SHOWN("other_name", SCHEMA_TEXT, "What the other is, or was, called"),
	{"state", SCHEMA_CHOICE, SCHEMA_READ, 0, 0, "proposed|done|undone|rejected", "What became of it"},
	{"origin", SCHEMA_CHOICE, SCHEMA_READ, 0, 0, "manual|automatic", "A person's, or by what was seen"},
	SHOWN("rule", SCHEMA_TEXT,
	      "What makes them one: manual, mac, route, chassis, client_id, duid, name, …"),
	SHOWN("reason", SCHEMA_TEXT, "The same in words"),
	SHOWN("score", SCHEMA_INTEGER, "How much speaks for it, to 100; none for a person's"),
	SHOWN("evidence", SCHEMA_IDS, "Evidence it rests on"),
	SHOWN("created_at", SCHEMA_TIME, "When it was noted"),
	SHOWN("decided_at", SCHEMA_TIME, "When it was done or rejected"),
	SHOWN("undone_at", SCHEMA_TIME, "When it was undone"),
	SHOWN("made_by", SCHEMA_ID, "Who did it; none for an automatic one"),
	SHOWN("undone_by", SCHEMA_ID, "Who undid it"),
	{0},
};
const struct schema_field consolidation_filters[] = {
	{"state", SCHEMA_CHOICE, 0, 0, 0, "proposed|done|undone|rejected", "Only those in this state"},
	{"origin", SCHEMA_CHOICE, 0, 0, 0, "manual|automatic", "Only those that were made so"},
	{"host_id", SCHEMA_ID, 0, 0, 0, NULL, "Only those of this host, as the one or the other"},
	{0},
};
const struct schema_field decision_query[] = {
	{"limit", SCHEMA_INTEGER, 0, 0, LIMIT_MAX, NULL, "How many at most; 0 for all"},
	{"offset", SCHEMA_INTEGER, 0, 0, OFFSET_MAX, NULL, "How many to pass over first"},
	{0},
};

struct page {
	char limit[NUMBER_MAX], offset[NUMBER_MAX];
};

/* The last statement's row, one before it says what was done. */
static void on_consolidation(struct api_call *call, const struct db_reply *reply)
{
	if (db_rows(reply, API_FIRST + 1))
		api_answer_text(call, db_value(reply, API_FIRST + 1, 0, 0));
	else
		api_refuse(call, 404, "there is no such consolidation");
}

static void on_preview(struct api_call *call, const struct db_reply *reply)
{
	api_answer_text(call, db_value(reply, API_FIRST, 0, 0));
}

static void add_preview(struct api_call *call, struct db_session *s)
{
	DB_ADD(s, SQL_CONSOLIDATION_PREVIEW, call->id, call->other);
}

void api_consolidate_preview(struct api_call *call)
{
	api_query(call, false, add_preview, on_preview);
}

static void add_consolidate(struct api_call *call, struct db_session *s)
{
	DB_ADD(s, SQL_CONSOLIDATE, call->id, call->other);
	DB_ADD(s, SQL_CONSOLIDATION_OF, call->id, call->other);
}

void api_consolidate(struct api_call *call)
{
	api_query(call, false, add_consolidate, on_consolidation);
}

static void add_undo(struct api_call *call, struct db_session *s)
{
	DB_ADD(s, SQL_CONSOLIDATION_UNDO, call->id);
	DB_ADD(s, SQL_GET_CONSOLIDATION, call->id);
}

void api_consolidation_undo(struct api_call *call)
{
	api_query(call, false, add_undo, on_consolidation);
}

static void add_accept(struct api_call *call, struct db_session *s)
{
	DB_ADD(s, SQL_CONSOLIDATION_DECIDE, call->id, "true");
	DB_ADD(s, SQL_GET_CONSOLIDATION, call->id);
}

void api_consolidation_accept(struct api_call *call)
{
	api_query(call, false, add_accept, on_consolidation);
}

static void add_reject(struct api_call *call, struct db_session *s)
{
	DB_ADD(s, SQL_CONSOLIDATION_DECIDE, call->id, "false");
	DB_ADD(s, SQL_GET_CONSOLIDATION, call->id);
}

void api_consolidation_reject(struct api_call *call)
{
	api_query(call, false, add_reject, on_consolidation);
}

static void on_decisions(struct api_call *call, const struct db_reply *reply)
{
	const struct page *page = call->context;

	if (!db_rows(reply, API_FIRST))
		api_refuse(call, 404, "there is no such host");
	else
		api_answer_list(call, db_value(reply, API_FIRST + 1, 0, 0),
				db_integer(reply, API_FIRST + 1, 0, 1), page->limit, page->offset);
}

static void add_decisions(struct api_call *call, struct db_session *s)
{
	const struct page *page = call->context;

	DB_ADD(s, SQL_DECISION_HOST, call->id);
	DB_ADD(s, SQL_DECISION_LIST, call->id, page->limit, page->offset);
}

void api_host_decisions(struct api_call *call)
{
	const struct http_head *head = &call->request->head;
	struct page *page = calloc(1, sizeof(*page));

	if (!page) {
		api_refuse(call, 503, "there is no memory");
		return;
	}
	call->context = page;
	/* The table of the query has looked at both. */
	if (!http_query(head, "limit", page->limit, sizeof(page->limit)) || !page->limit[0])
		snprintf(page->limit, sizeof(page->limit), "%d", LIMIT_DEFAULT);
	if (!http_query(head, "offset", page->offset, sizeof(page->offset)) || !page->offset[0])
		snprintf(page->offset, sizeof(page->offset), "0");
	api_query(call, false, add_decisions, on_decisions);
}
