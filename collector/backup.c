/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two processes: this one holds the file, as the user who gave the command, and gives it its name when it is whole; its child
 * becomes the collector's user and lets pg_dump write. What pg_dump reads is one moment of the database, whoever writes
 * meanwhile.
 */
#include "collector/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collector/archive.h"
#include "collector/privilege.h"
#include "defs/log.h"

enum {
	EXTENSIONS_MAX = 8,
	POLL_MS = 200,
	SAID_MAX = 400,
};

struct extensions {
	char argument[EXTENSIONS_MAX][80];
	size_t count;
};

static volatile sig_atomic_t child_pid;

static void on_signal(int number)
{
	if (child_pid > 0)
		kill(child_pid, number == SIGINT ? SIGTERM : number);
}

static void take_extension(void *arg, const char *const *values)
{
	struct extensions *extensions = arg;

	if (values[0] && extensions->count < EXTENSIONS_MAX)
		snprintf(extensions->argument[extensions->count++], sizeof(extensions->argument[0]),
			 "--extension=%s", values[0]);
}

static double megabytes(int fd)
{
	struct stat file = {0};

	fstat(fd, &file);
	return (double)file.st_size / 1e6;
}

static int dump(struct archive *archive, int fd)
{
	const char *arguments[8 + EXTENSIONS_MAX] = {"pg_dump", "--format=custom", "--schema=netvisor",
						     "--no-owner", "--no-password"};
	struct extensions extensions = {0};
	char said[SAID_MAX];
	struct tool tool;
	size_t used = 5;
	int error = db_once_ask(archive->db, SQL_BACKUP_EXTENSIONS, take_extension, &extensions);

	for (size_t i = 0; i < extensions.count; i++)
		arguments[used++] = extensions.argument[i];
	if (!error)
		error = tool_start(archive, &tool, arguments, -1, fd);
	if (error)
		return error;
	while ((error = tool_wait(&tool, POLL_MS)) == 1)
		archive_progress(archive, "%.1f MB are written", megabytes(fd));
	archive_progress_end(archive);
	if (error) {
		tool_said(&tool, said, sizeof(said));
		log_error("the backup could not be made: %s", said);
	}
	tool_close(&tool);
	return error;
}

/* In the child. */
static int work(const struct settings *settings, int fd, pid_t parent)
{
	struct archive archive = {.settings = settings};
	int error = archive_become(settings, false);

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		return 1;
	if (!error)
		error = archive_open(&archive, false);
	if (!error && !archive.exists) {
		log_error("there is nothing of NetVisor in this database: see --database-url and --data-dir");
		error = -ENOENT;
	}
	if (!error)
		error = dump(&archive, fd);
	archive_close(&archive);
	return error ? 1 : 0;
}

static int run_child(const struct settings *settings, int fd)
{
	struct sigaction action = {.sa_handler = on_signal};
	pid_t parent = getpid(), child = fork();
	int status = 0;

	if (child == 0)
		_exit(work(settings, fd, parent));
	if (child < 0) {
		log_error("no process can be started: %s", strerror(errno));
		return 1;
	}
	child_pid = child;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	child_pid = 0;
	if (WIFSIGNALED(status))
		log_error("the backup was interrupted, and there is no file");
	return status ? 1 : 0;
}

/* What an earlier command that was killed has left is taken over. Returns a descriptor, or -1 after saying why not. */
static int open_part(const char *file, const char *part, bool force)
{
	int fd;

	if (!force && access(file, F_OK) == 0) {
		log_error("%s is there already: name another file, or let it be replaced with --force", file);
		return -1;
	}
	fd = open(part, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0) {
		log_error("another backup is being written to %s", file);
		close(fd);
		return -1;
	}
	if (fd < 0 || fchmod(fd, 0600) < 0 || ftruncate(fd, 0) < 0) {
		log_error("%s can't be written: %s", part, strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

/* On the disk before it has its name; and the name, too, before this says so. */
static int settle(int fd, const char *part, const char *file, bool force)
{
	char directory[4096];
	const char *slash = strrchr(file, '/');
	int directory_fd, error;

	snprintf(directory, sizeof(directory), "%.*s", slash ? (int)(slash - file) + 1 : 1, slash ? file : ".");
	if (fsync(fd) < 0 || renameat2(AT_FDCWD, part, AT_FDCWD, file, force ? 0 : RENAME_NOREPLACE) < 0) {
		error = -errno;
		log_error("%s can't be written: %s", file, strerror(errno));
		return error;
	}
	directory_fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory_fd >= 0) {
		fsync(directory_fd);
		close(directory_fd);
	}
	return 0;
}

int backup_run(const struct settings *settings, const char *file)
{
	char part[4096];
	int fd, status;

	if (snprintf(part, sizeof(part), "%s.part", file) >= (int)sizeof(part)) {
		log_error("the file's name is too long");
		return 1;
	}
	fd = open_part(file, part, settings->force);
	if (fd < 0)
		return 1;
	status = run_child(settings, fd);
	if (!status && settle(fd, part, file, settings->force))
		status = 1;
	if (status)
		unlink(part);
	else
		printf("%s: %.1f MB\n", file, megabytes(fd));
	close(fd);
	return status;
}
