/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Migrations: numbered scripts, each applied once, in order, in a transaction of its own that also records its
 * checksum. The session holds an advisory lock, taken when it was set up, so collectors that start together take turns.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/buffer.h"
#include "collector/db.h"
#include "collector/migrate.h"
#include "collector/secret.h"
#include "defs/log.h"

struct migrate {
	size_t next;
	void (*done)(void *arg, int error);
	void *arg;
};

static void step(struct migrate *, struct db_session *);

static void finish(struct migrate *run, struct db_session *s, int error)
{
	void (*done)(void *arg, int error) = run->done;
	void *arg = run->arg;

	free(run);
	done(arg, error);
	db_end(s);
}

static bool failed(struct migrate *run, struct db_session *s, const struct db_reply *reply, const char *what)
{
	if (!db_error(reply))
		return false;
	if (db_error(reply) == -ENOTCONN) {
		finish(run, s, -ENOTCONN);
		return true;
	}
	log_error("the database could not be brought up to date (%s): %s", what, db_message(reply));
	finish(run, s, -EINVAL);
	return true;
}

static const char *checksum(const char *sql, char out[static SECRET_HASH_TEXT_MAX])
{
	uint8_t hash[SECRET_HASH_BYTES];

	secret_hash(sql, strlen(sql), hash);
	return secret_hash_text(hash, out);
}

static void on_unlocked(void *arg, struct db_session *s, const struct db_reply *reply)
{
	if (!failed(arg, s, reply, "unlock"))
		finish(arg, s, 0);
}

static void on_recorded(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct migrate *run = arg;

	if (failed(run, s, reply, migrations[run->next].name))
		return;
	log_info("database: applied %s", migrations[run->next].name);
	run->next++;
	step(run, s);
}

static void on_applied(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct migrate *run = arg;
	const struct migration_text *text = &migrations[run->next];
	char sum[SECRET_HASH_TEXT_MAX], version[16];

	if (failed(run, s, reply, text->name))
		return;
	snprintf(version, sizeof(version), "%d", text->version);
	DB_ADD(s, SQL_MIGRATION_RECORD, version, text->name, checksum(text->sql, sum));
	db_add(s, SQL_COMMIT, NULL, 0);
	db_go(s, on_recorded, run);
}

static void step(struct migrate *run, struct db_session *s)
{
	struct buffer script = {0};

	if (run->next == migration_count) {
		db_add(s, SQL_MIGRATION_UNLOCK, NULL, 0);
		db_go(s, on_unlocked, run);
		return;
	}
	buffer_text(&script, "BEGIN;\n");
	buffer_text(&script, migrations[run->next].sql);
	if (script.failed)
		finish(run, s, -EINVAL);
	else
		db_script(s, script.bytes, on_applied, run);
	buffer_free(&script);
}

static void on_listed(void *arg, struct db_session *s, const struct db_reply *reply)
{
	struct migrate *run = arg;
	char sum[SECRET_HASH_TEXT_MAX];

	if (failed(run, s, reply, "list"))
		return;
	for (size_t row = 0; row < db_rows(reply, 0); row++) {
		if (row >= migration_count || db_integer(reply, 0, row, 0) != migrations[row].version) {
			log_error("the database was made by a newer NetVisor (it has migration %s): use that "
				  "version, or "
				  "another --data-dir or --database-url",
				  db_value(reply, 0, row, 0));
			finish(run, s, -EINVAL);
			return;
		}
		if (strcmp(db_value(reply, 0, row, 1), checksum(migrations[row].sql, sum)) != 0) {
			log_error("migration %s is not the one that this database was made with: use the "
				  "version that made it, "
				  "or another --data-dir or --database-url",
				  migrations[row].name);
			finish(run, s, -EINVAL);
			return;
		}
	}
	run->next = db_rows(reply, 0);
	step(run, s);
}

void migrate_run(struct db_session *s, void (*done)(void *arg, int error), void *arg)
{
	struct migrate *run = calloc(1, sizeof(*run));

	if (!run) {
		done(arg, -EINVAL);
		db_end(s);
		return;
	}
	*run = (struct migrate){.done = done, .arg = arg};
	db_add(s, SQL_MIGRATION_LIST, NULL, 0);
	db_go(s, on_listed, run);
}

int migrate_check(long version, const char *sum)
{
	char ours[SECRET_HASH_TEXT_MAX];

	for (size_t i = 0; i < migration_count; i++)
		if (migrations[i].version == version)
			return strcmp(sum, checksum(migrations[i].sql, ours)) == 0 ? 0 : -EINVAL;
	return -ENOENT;
}
