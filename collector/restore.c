/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The file is looked at first: whether it is NetVisor's, and not newer than this program. Then pg_restore writes a script, and we pass it on to psql with the transaction's begin before it. The end
 * is added only when pg_restore has ended well: without it, whatever happened, psql's transaction comes to nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/archive.h"
#include "collector/backup.h"
#include "collector/migrate.h"
#include "collector/postgres.h"
#include "defs/log.h"

enum {
	PIECE_BYTES = 64 << 10,
	SAID_MAX = 400,
	LIST_BYTES_MAX = 1 << 20, /* of the list of migrations */
};

static const char magic[] = "PGDMP";

struct restore {
	struct archive archive;
	const char *name;
	int fd;
	off_t size;
	long newest; /* the file's last migration */
};

/* The rows of `COPY netvisor.schema_migration (version, name, checksum, applied_at) FROM stdin;` up to `\.` */
static int check_migrations(struct restore *r, char *script)
{
	char *line, *rest = script;
	bool inside = false;

	while ((line = strsep(&rest, "\n"))) {
		char *fields[4] = {0};
		long version;
		int known;

		if (strncmp(line, "COPY netvisor.schema_migration ", 31) == 0) {
			inside = true;
			continue;
		}
		if (!inside || strcmp(line, "\\.") == 0) {
			inside = false;
			continue;
		}
		for (size_t i = 0; i < 4; i++)
			fields[i] = strsep(&line, "\t");
		version = fields[2] ? strtol(fields[0], NULL, 10) : 0;
		if (version && strncmp(fields[2], "\\\\", 2) == 0) /* COPY doubles it */
			fields[2]++;
		known = version ? migrate_check(version, fields[2]) : -EINVAL;
		if (known == -ENOENT)
			log_error("%s is of a newer NetVisor (it has migration %ld): restore it with that "
				  "version",
				  r->name, version);
		else if (known)
			log_error("%s was made by a NetVisor whose migration %ld is another: restore it with "
				  "that version",
				  r->name, version);
		if (known)
			return known;
		r->newest = version > r->newest ? version : r->newest;
	}
	if (r->newest)
		return 0;
	log_error("%s is no backup of NetVisor: there is no list of its migrations in it", r->name);
	return -EINVAL;
}

/* pg_restore's script for that one table. */
static int read_migrations(struct restore *r)
{
	static const char *const arguments[] = {
		"pg_restore", "--data-only", "--schema=netvisor", "--table=schema_migration", "--file=-", NULL};
	int out = memfd_create("migrations", MFD_CLOEXEC), error;
	char *script = calloc(1, LIST_BYTES_MAX + 1), said[SAID_MAX];
	struct tool tool;

	error = out < 0 || !script ? -ENOMEM : 0;
	if (!error && lseek(r->fd, 0, SEEK_SET) == 0)
		error = tool_start(&r->archive, &tool, arguments, r->fd, out);
	if (!error) {
		error = tool_wait(&tool, -1);
		tool_said(&tool, said, sizeof(said));
		tool_close(&tool);
		if (error)
			log_error("%s can't be read as a backup: %s", r->name, said);
	}
	if (!error && pread(out, script, LIST_BYTES_MAX, 0) < 0)
		error = -errno;
	if (!error)
		error = check_migrations(r, script);
	if (out >= 0)
		close(out);
	free(script);
	return error;
}

static int open_file(struct restore *r)
{
	char begins[sizeof(magic) - 1] = "";
	struct stat file = {0};

	r->fd = open(r->name, O_RDONLY | O_CLOEXEC);
	if (r->fd < 0 || fstat(r->fd, &file) < 0 || pread(r->fd, begins, sizeof(begins), 0) < 0) {
		log_error("%s can't be read: %s", r->name, strerror(errno));
		return -errno;
	}
	r->size = file.st_size;
	if (memcmp(begins, magic, sizeof(begins)) == 0)
		return 0;
	log_error("%s is no backup: it does not begin as files of `netvisor-collector backup` do", r->name);
	return -EINVAL;
}

static int may_fill(struct restore *r)
{
	if (r->archive.collectors) {
		log_error("%ld connections of collectors use this database: end them first",
			  r->archive.collectors);
		return -EBUSY;
	}
	if (!r->archive.exists || r->archive.settings->force)
		return 0;
	log_error("the database is in use: choose another, or have what it holds replaced, for good, with "
		  "--force");
	return -EEXIST;
}

static bool write_all(int fd, const char *bytes, size_t length)
{
	while (length) {
		ssize_t written = write(fd, bytes, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		bytes += written;
		length -= (size_t)written;
	}
	return true;
}

/* From pg_restore to psql, until either has enough. */
static void pass_on(struct restore *r, int from, int to)
{
	char *piece = malloc(PIECE_BYTES);
	ssize_t length = 0;

	while (piece && (length = read(from, piece, PIECE_BYTES)) > 0) {
		off_t at = lseek(r->fd, 0, SEEK_CUR); /* pg_restore's, which shares it */

		archive_progress(&r->archive, "%.0f %% are restored",
				 r->size ? (double)at * 100 / (double)r->size : 100);
		if (!write_all(to, piece, (size_t)length))
			break;
	}
	archive_progress_end(&r->archive);
	free(piece);
}

static int start_both(struct restore *r, struct tool *reader, struct tool *writer, int *from, int *to)
{
	static const char *const read_arguments[] = {"pg_restore", "--no-owner", "--file=-", NULL};
	static const char *const write_arguments[] = {
		"psql",		 "--no-psqlrc",	       "--quiet", "--set=ON_ERROR_STOP=1",
		"--no-password", "--output=/dev/null", NULL};
	int out[2] = {-1, -1}, in[2] = {-1, -1}, error;

	if (lseek(r->fd, 0, SEEK_SET) < 0 || pipe2(out, O_CLOEXEC) < 0)
		return -errno;
	if (pipe2(in, O_CLOEXEC) < 0) {
		close(out[0]);
		close(out[1]);
		return -EMFILE;
	}
	error = tool_start(&r->archive, writer, write_arguments, in[0], -1);
	if (!error) {
		error = tool_start(&r->archive, reader, read_arguments, r->fd, out[1]);
		if (error)
			tool_close(writer);
	}
	close(in[0]);
	close(out[1]);
	*from = out[0];
	*to = in[1];
	return error;
}

static int fill(struct restore *r)
{
	const char *begin = statements[SQL_RESTORE_BEGIN].sql, *end = statements[SQL_RESTORE_END].sql;
	struct tool reader = {0}, writer = {0};
	int from = -1, to = -1, read_error, error = start_both(r, &reader, &writer, &from, &to);
	char said[SAID_MAX];

	if (error)
		return error;
	if (write_all(to, begin, strlen(begin)))
		pass_on(r, from, to);
	/* When psql has given up, pg_restore ends by the closed pipe. */
	close(from);
	read_error = tool_wait(&reader, -1);
	if (!read_error && !write_all(to, end, strlen(end)))
		read_error = -EPIPE;
	close(to);
	error = tool_wait(&writer, -1);
	if (error || read_error) {
		tool_said(error ? &writer : &reader, said, sizeof(said));
		log_error("nothing was restored, and the database is as it was: %s", said);
	}
	tool_close(&reader);
	tool_close(&writer);
	return error ? error : read_error;
}

int restore_run(const struct settings *settings, const char *file)
{
	struct restore r = {.archive = {.settings = settings}, .name = file};
	int error;

	signal(SIGPIPE, SIG_IGN);
	error = open_file(&r);
	if (!error)
		error = archive_become(settings, true);
	if (!error)
		error = postgres_programs(0, r.archive.programs, sizeof(r.archive.programs));
	if (!error)
		error = read_migrations(&r);
	if (!error)
		error = archive_open(&r.archive, true);
	if (!error)
		error = may_fill(&r);
	if (!error)
		error = fill(&r);
	/* Statistics are not in the file; without them the first hours would be slow. */
	if (!error)
		db_once_ask(r.archive.db, SQL_RESTORE_ANALYZE, NULL, NULL);
	archive_close(&r.archive);
	if (!error)
		printf("%s: restored, as of migration %ld\n", file, r.newest);
	if (r.fd >= 0)
		close(r.fd);
	return error ? 1 : 0;
}
