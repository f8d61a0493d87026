// SPDX-License-Identifier: BSD-2-Clause
/*
 * The door to SQLite (https://sqlite.org/wal.html).
 *
 * synchronous=NORMAL: a commit is a write to the log without waiting for the disk. Nothing is lost when the
 * process dies at any moment; when the machine loses power the last moments may be, and the file stays whole.
 * Row ids come from AUTOINCREMENT: none is given twice in the life of the file, also not after all were removed.
 */
#include "sensor/outbox_file.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum {
	OUTBOX_VERSION = 1,
	BUSY_MS = 2000,		     /* waited for the other connection */
	CACHE_KIB = 512,	     /* of pages, each connection */
	CHECKPOINT_PAGES_MAX = 8192, /* the writer moves the log itself when nobody has done so for this long */
	LOG_KEPT_BYTES = 4 << 20,    /* size that the log is cut back to */
};

enum statement { ADD, REMOVE, READ, RANGE, PAGES, BEGIN, COMMIT, ROLLBACK, STATEMENT_COUNT };

static const char *const statement_sql[STATEMENT_COUNT] = {
	[ADD] = "INSERT INTO fact (body) VALUES (?1)",
	[REMOVE] = "DELETE FROM fact WHERE id <= ?1",
	[READ] = "SELECT id, body FROM fact WHERE id > ?1 ORDER BY id LIMIT ?2",
	[RANGE] = "SELECT (SELECT min(id) FROM fact), (SELECT max(id) FROM fact), "
		  "(SELECT seq FROM sqlite_sequence WHERE name = 'fact')",
	[PAGES] = "SELECT (page_count - freelist_count) * page_size "
		  "FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()",
	[BEGIN] = "BEGIN IMMEDIATE",
	[COMMIT] = "COMMIT",
	[ROLLBACK] = "ROLLBACK",
};

static const char schema_sql[] =
	"CREATE TABLE IF NOT EXISTS outbox (id TEXT NOT NULL);"
	"CREATE TABLE IF NOT EXISTS fact (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL)";

struct outbox_file {
	sqlite3 *db;
	sqlite3_stmt *statements[STATEMENT_COUNT];
	char id[OUTBOX_ID_BYTES];
};

static int to_errno(int result)
{
	switch (result & 0xff) {
	case SQLITE_OK:
	case SQLITE_DONE:
	case SQLITE_ROW:
		return 0;
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_SCHEMA:
	case SQLITE_MISMATCH:
		return -EUCLEAN;
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
		return -EACCES;
	case SQLITE_READONLY:
		return -EROFS;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EBUSY;
	case SQLITE_NOMEM:
		return -ENOMEM;
	default:
		return -EIO;
	}
}

/* A prepared statement, kept for the next time. */
static int prepared(struct outbox_file *f, enum statement which, sqlite3_stmt **out)
{
	int result = SQLITE_OK;

	if (!f->statements[which])
		result = sqlite3_prepare_v3(f->db, statement_sql[which], -1, SQLITE_PREPARE_PERSISTENT,
					    &f->statements[which], NULL);
	*out = f->statements[which];
	return to_errno(result);
}

/* Run a statement that gives no row; up to one number is bound. */
static int run(struct outbox_file *f, enum statement which, const int64_t *number)
{
	sqlite3_stmt *statement;
	int error = prepared(f, which, &statement);

	if (error)
		return error;
	if (number)
		sqlite3_bind_int64(statement, 1, *number);
	error = to_errno(sqlite3_step(statement));
	sqlite3_reset(statement);
	return error;
}

/* One number that a text of SQL gives. */
static int ask_number(sqlite3 *db, const char *sql, int64_t *out)
{
	sqlite3_stmt *statement = NULL;
	int result = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

	if (result == SQLITE_OK)
		result = sqlite3_step(statement);
	if (result == SQLITE_ROW)
		*out = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return result == SQLITE_ROW ? 0 : result == SQLITE_DONE ? -EUCLEAN : to_errno(result);
}

static int put_id(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	unsigned char random[(OUTBOX_ID_BYTES - 1) / 2];
	char id[OUTBOX_ID_BYTES];
	int result;

	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return -EIO;
	for (size_t i = 0; i < sizeof(random); i++)
		snprintf(id + 2 * i, 3, "%02x", random[i]);
	result = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
	if (result == SQLITE_OK)
		result = sqlite3_bind_text(statement, 1, id, -1, SQLITE_STATIC);
	if (result == SQLITE_OK)
		result = sqlite3_step(statement);
	sqlite3_finalize(statement);
	return to_errno(result);
}

static int take_id(struct outbox_file *f)
{
	sqlite3_stmt *statement = NULL;
	int result = sqlite3_prepare_v2(f->db, "SELECT id FROM outbox", -1, &statement, NULL);
	int error = -EUCLEAN;

	if (result == SQLITE_OK)
		result = sqlite3_step(statement);
	if (result == SQLITE_ROW && sqlite3_column_bytes(statement, 0) == OUTBOX_ID_BYTES - 1) {
		memcpy(f->id, sqlite3_column_text(statement, 0), OUTBOX_ID_BYTES - 1);
		error = 0;
	} else if (result != SQLITE_ROW && result != SQLITE_DONE) {
		error = to_errno(result);
	}
	sqlite3_finalize(statement);
	return error;
}

/* Make the tables and the id in one transaction, so that there is never a file with half of them. */
static int make_schema(struct outbox_file *f)
{
	char text[64];
	int64_t rows = 0;
	int error = run(f, BEGIN, NULL);

	if (error)
		return error;
	error = to_errno(sqlite3_exec(f->db, schema_sql, NULL, NULL, NULL));
	if (!error)
		error = ask_number(f->db, "SELECT count(*) FROM outbox", &rows);
	if (!error && !rows)
		error = put_id(f->db, "INSERT INTO outbox (id) VALUES (?1)");
	snprintf(text, sizeof(text), "PRAGMA user_version = %d", OUTBOX_VERSION);
	if (!error)
		error = to_errno(sqlite3_exec(f->db, text, NULL, NULL, NULL));
	if (!error)
		error = run(f, COMMIT, NULL);
	if (error)
		run(f, ROLLBACK, NULL);
	return error;
}

static int set_up(struct outbox_file *f)
{
	char text[256];
	int64_t version = 0;
	int error;

	sqlite3_extended_result_codes(f->db, 1);
	sqlite3_busy_timeout(f->db, BUSY_MS);
	snprintf(text, sizeof(text),
		 "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -%d;"
		 "PRAGMA wal_autocheckpoint = %d; PRAGMA journal_size_limit = %d; PRAGMA temp_store = MEMORY",
		 CACHE_KIB, CHECKPOINT_PAGES_MAX, LOG_KEPT_BYTES);
	error = ask_number(f->db, "PRAGMA user_version", &version);
	if (error)
		return error;
	if (version > OUTBOX_VERSION)
		return -EPROTO;
	error = to_errno(sqlite3_exec(f->db, text, NULL, NULL, NULL));
	if (!error && version < OUTBOX_VERSION)
		error = make_schema(f);
	return error ? error : take_id(f);
}

int outbox_file_open(const char *path, struct outbox_file **out)
{
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	struct outbox_file *f = calloc(1, sizeof(*f));
	int error;

	if (!f)
		return -ENOMEM;
	error = to_errno(sqlite3_open_v2(path, &f->db, flags, NULL));
	if (!error)
		error = set_up(f);
	if (error) {
		int cause = f->db ? sqlite3_system_errno(f->db) : 0;

		outbox_file_close(f);
		return cause == ENOSPC || cause == EDQUOT ? -ENOSPC : error;
	}
	*out = f;
	return 0;
}

void outbox_file_close(struct outbox_file *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < STATEMENT_COUNT; i++)
		sqlite3_finalize(f->statements[i]);
	sqlite3_close(f->db);
	free(f);
}

const char *outbox_file_id(const struct outbox_file *f)
{
	return f->id;
}

int outbox_file_renew(struct outbox_file *f)
{
	int error = put_id(f->db, "UPDATE outbox SET id = ?1");

	return error ? error : take_id(f);
}

int outbox_file_range(struct outbox_file *f, int64_t *first, int64_t *last, int64_t *given)
{
	sqlite3_stmt *statement;
	int error = prepared(f, RANGE, &statement), result;

	if (error)
		return error;
	result = sqlite3_step(statement);
	if (result == SQLITE_ROW) {
		*first = sqlite3_column_int64(statement, 0);
		*last = sqlite3_column_int64(statement, 1);
		*given = sqlite3_column_int64(statement, 2);
	}
	sqlite3_reset(statement);
	return to_errno(result);
}

int outbox_file_bytes(struct outbox_file *f, uint64_t *out)
{
	sqlite3_stmt *statement;
	int error = prepared(f, PAGES, &statement), result;

	if (error)
		return error;
	result = sqlite3_step(statement);
	if (result == SQLITE_ROW)
		*out = (uint64_t)sqlite3_column_int64(statement, 0);
	sqlite3_reset(statement);
	return to_errno(result);
}

int outbox_file_begin(struct outbox_file *f)
{
	return run(f, BEGIN, NULL);
}

int outbox_file_add(struct outbox_file *f, const char *text, size_t length)
{
	sqlite3_stmt *statement;
	int error = prepared(f, ADD, &statement);

	if (error)
		return error;
	error = to_errno(sqlite3_bind_text64(statement, 1, text, length, SQLITE_STATIC, SQLITE_UTF8));
	if (!error)
		error = to_errno(sqlite3_step(statement));
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	return error;
}

int outbox_file_commit(struct outbox_file *f)
{
	return run(f, COMMIT, NULL);
}

void outbox_file_rollback(struct outbox_file *f)
{
	/* SQLite may have rolled back by itself (a full disk); then there is nothing to do. */
	if (!sqlite3_get_autocommit(f->db))
		run(f, ROLLBACK, NULL);
}

int outbox_file_remove(struct outbox_file *f, int64_t last)
{
	return run(f, REMOVE, &last);
}

int outbox_file_read(struct outbox_file *f, int64_t after, size_t limit,
		     int (*take)(void *context, int64_t row, const char *text, size_t length), void *context)
{
	sqlite3_stmt *statement;
	int error = prepared(f, READ, &statement), result;

	if (error)
		return error;
	sqlite3_bind_int64(statement, 1, after);
	sqlite3_bind_int64(statement, 2, (int64_t)limit);
	while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
		const char *text = (const char *)sqlite3_column_text(statement, 1);

		if (!text) {
			result = SQLITE_NOMEM;
			break;
		}
		if (!take(context, sqlite3_column_int64(statement, 0), text,
			  (size_t)sqlite3_column_bytes(statement, 1)))
			break;
	}
	sqlite3_reset(statement);
	return to_errno(result);
}

int outbox_file_checkpoint(struct outbox_file *f)
{
	int error = to_errno(sqlite3_wal_checkpoint_v2(f->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL));

	return error == -EBUSY ? 0 : error;
}
