/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libpq's second door: results, kept until the reply is over, and read as text.
 */
#include <errno.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/db_pool.h"

void reply_clear(struct db_reply *reply)
{
	for (size_t i = 0; i < reply->count; i++)
		PQclear(reply->results[i]);
	memset(reply, 0, sizeof(*reply));
}

void reply_line(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text ? text : "");
	for (char *at = out; *at; at++)
		if (*at == '\n' || *at == '\r')
			*at = ' ';
}

void reply_fail(struct db_reply *reply, const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	if (reply->error)
		return;
	reply->error = -EIO;
	snprintf(reply->state, sizeof(reply->state), "%s", state ? state : "");
	reply_line(reply->message, sizeof(reply->message), primary ? primary : PQresultErrorMessage(result));
}

int db_error(const struct db_reply *reply)
{
	return reply->error;
}

const char *db_state(const struct db_reply *reply)
{
	return reply->state;
}

const char *db_message(const struct db_reply *reply)
{
	return reply->message;
}

size_t db_rows(const struct db_reply *reply, size_t query)
{
	return query < reply->count ? (size_t)PQntuples(reply->results[query]) : 0;
}

const char *db_value(const struct db_reply *reply, size_t query, size_t row, size_t column)
{
	if (row >= db_rows(reply, query) || PQgetisnull(reply->results[query], (int)row, (int)column))
		return NULL;
	return PQgetvalue(reply->results[query], (int)row, (int)column);
}

size_t db_length(const struct db_reply *reply, size_t query, size_t row, size_t column)
{
	if (row >= db_rows(reply, query))
		return 0;
	return (size_t)PQgetlength(reply->results[query], (int)row, (int)column);
}

int64_t db_integer(const struct db_reply *reply, size_t query, size_t row, size_t column)
{
	const char *value = db_value(reply, query, row, column);

	return value ? strtoll(value, NULL, 10) : 0;
}

bool db_true(const struct db_reply *reply, size_t query, size_t row, size_t column)
{
	const char *value = db_value(reply, query, row, column);

	return value && value[0] == 't';
}
