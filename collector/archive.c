/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a command comes to its database. The private server is that of the running collector, or is started for the
 * command's time; in both cases programs reach it as we do, by an inherited descriptor. Whatever says how to connect is in the
 * environment, never among arguments.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/archive.h"
#include "collector/loop.h"
#include "collector/postgres.h"
#include "collector/privilege.h"
#include "defs/log.h"

enum {
	START_MS_MAX = 120000, /* of a private server, which may have to recover */
	SHOW_MS = 200,
	SAY_MS = 10000, /* between lines of progress in a log */
};

int archive_become(const struct settings *settings, bool make)
{
	int uid = -1, gid = -1, error;

	if (geteuid() != 0)
		return 0;
	if (!settings->user) {
		if (settings->database_url)
			return 0;
		log_error("PostgreSQL refuses to run as root: name the user that the collector becomes, with "
			  "--user");
		return -EPERM;
	}
	error = privilege_find(settings->user, &uid, &gid);
	if (!error && make && !settings->database_url && mkdir(settings->data_dir, 0700) == 0 &&
	    chown(settings->data_dir, (uid_t)uid, (gid_t)gid) < 0)
		error = -errno;
	return error ? error : privilege_drop(settings->user, uid, gid);
}

static int open_private(struct archive *archive, bool make)
{
	const char *data_dir = archive->settings->data_dir;
	int error = postgres_join(data_dir, &archive->postgres);

	if (!error && make) {
		log_error("a collector runs with the data directory %s: end it first", data_dir);
		return -EBUSY;
	}
	if (error == -ENOENT && !make) {
		log_error("there is no database below %s: see --data-dir, or --database-url", data_dir);
		return error;
	}
	if (error && error != -ENOENT && error != -ESRCH) {
		log_error("the data directory %s can't be read: %s. See --data-dir and --user.", data_dir,
			  strerror(-error));
		return error;
	}
	if (error)
		error = loop_open(&archive->loop);
	if (!error && archive->loop)
		error = postgres_open(archive->loop, data_dir, &archive->postgres);
	if (!error)
		postgres_inherit(archive->postgres);
	return error;
}

static void take_state(void *arg, const char *const *values)
{
	struct archive *archive = arg;

	archive->exists = values[0] && values[0][0] == 't';
	archive->version = values[1] ? strtol(values[1], NULL, 10) : 0;
	archive->collectors = values[2] ? strtol(values[2], NULL, 10) : 0;
}

int archive_look(struct archive *archive)
{
	return db_once_ask(archive->db, SQL_BACKUP_STATE, take_state, archive);
}

int archive_open(struct archive *archive, bool make)
{
	const char *url = archive->settings->database_url;
	int error = url ? 0 : open_private(archive, make);

	setenv("PGAPPNAME", "netvisor-command", 1);
	if (!error)
		error = db_once_environment(url ? url : postgres_conninfo(archive->postgres));
	if (!error)
		error = db_once_open(url ? 0 : START_MS_MAX, &archive->db);
	if (!error)
		error = archive_look(archive);
	return error ? error
		     : postgres_programs(archive->version, archive->programs, sizeof(archive->programs));
}

void archive_close(struct archive *archive)
{
	db_once_close(archive->db);
	postgres_close(archive->postgres);
	if (archive->loop)
		loop_close(archive->loop);
	archive->db = NULL;
	archive->postgres = NULL;
	archive->loop = NULL;
}

void archive_progress(struct archive *archive, const char *format, ...)
{
	bool terminal = isatty(STDERR_FILENO);
	int64_t now = loop_now_ms();
	char line[160];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	/* The first line of a log comes when the command turns out to take long. */
	if (!terminal && !archive->shown_ms)
		archive->shown_ms = now;
	if (now - archive->shown_ms < (terminal ? SHOW_MS : SAY_MS))
		return;
	archive->shown_ms = now;
	if (terminal)
		fprintf(stderr, "\r\033[K%s", line);
	else
		log_info("%s", line);
}

void archive_progress_end(struct archive *archive)
{
	if (archive->shown_ms && isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
}
