/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Promises: no process of it outlives this one (the kernel tells it when we die), one collector per data directory
 * (a lock on it), and a path of any length works: the server's socket is `./` of its own directory, and libpq
 * reaches it through /proc/self/fd. Only the user who runs the collector can enter that directory, so the server
 * asks for no password.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "collector/leftover.h"
#include "collector/loop.h"
#include "collector/postgres.h"
#include "defs/log.h"

enum {
	PATH_BYTES_MAX = 4096,
	STOP_MS_MAX = 15000,
	PAUSE_MS_MIN = 100, /* before it is started again, doubling */
	PAUSE_MS_MAX = 5000,
	STEADY_MS = 10000, /* having lived so long, the pause begins anew */
	LEFTOVER_MS_MAX = 10000,
	BUFFERS_MB_MIN = 64,
	BUFFERS_MB_MAX = 2048,
	SETTING_BYTES_MAX = 48,
};

static const char programs[] = "/usr/lib/postgresql";

struct postgres {
	struct loop *loop;
	char bin[PATH_BYTES_MAX];     /* directory of initdb and postgres */
	char cluster[PATH_BYTES_MAX]; /* PGDATA, absolute */
	char conninfo[128];
	int lock_fd, cluster_fd, pid_fd;
	pid_t pid;
	struct loop_watch *watch;
	struct loop_timer *again;
	int64_t started_ms, pause_ms;
	bool closing;
};

/* Debian keeps the versions side by side. */
int postgres_programs(long at_least, char *out, size_t size)
{
	DIR *dir = opendir(programs);
	struct dirent *entry;
	long best = 0;

	while (dir && (entry = readdir(dir))) {
		char path[PATH_BYTES_MAX];
		long version = strtol(entry->d_name, NULL, 10);

		snprintf(path, sizeof(path), "%s/%s/bin/postgres", programs, entry->d_name);
		if (version < at_least || access(path, X_OK) < 0)
			continue;
		if (best && (at_least ? version > best : version < best))
			continue;
		best = version;
		snprintf(out, size, "%s/%s/bin", programs, entry->d_name);
	}
	if (dir)
		closedir(dir);
	if (best >= 15)
		return 0;
	if (at_least)
		log_error("no programs of PostgreSQL %ld or newer below %s: install the package "
			  "postgresql-client-%ld",
			  at_least, programs, at_least);
	else
		log_error("no PostgreSQL 15 or newer below %s: install the package postgresql, or name a "
			  "server with "
			  "--database-url",
			  programs);
	return -ENOENT;
}

static int prepare_directory(struct postgres *pg, const char *data_dir)
{
	char path[PATH_BYTES_MAX + 8];
	char absolute[PATH_BYTES_MAX];

	if ((mkdir(data_dir, 0700) < 0 && errno != EEXIST) || !realpath(data_dir, absolute)) {
		log_error("the data directory %s can't be made: %s. See --data-dir.", data_dir,
			  strerror(errno));
		return -errno;
	}
	if (snprintf(path, sizeof(path), "%s/lock", absolute) >= PATH_BYTES_MAX - 16)
		return -ENAMETOOLONG;
	pg->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (pg->lock_fd < 0) {
		log_error("%s can't be written: %s. Give --data-dir a directory that this user owns.", path,
			  strerror(errno));
		return -errno;
	}
	if (flock(pg->lock_fd, LOCK_EX | LOCK_NB) < 0) {
		log_error("another collector uses %s: end it, or choose another --data-dir", absolute);
		return -EBUSY;
	}
	snprintf(pg->cluster, sizeof(pg->cluster), "%.*s/postgres", PATH_BYTES_MAX - 16, absolute);
	return 0;
}

/* In the child: be told when the parent dies, and leave signals and descriptors as a program expects them. */
static void become_child(pid_t parent, int output_fd)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGINT);
	if (getppid() != parent)
		_exit(1);
	/* A terminal's Ctrl-C is ours to hear; we stop it in order. */
	setpgid(0, 0);
	if (output_fd >= 0) {
		dup2(output_fd, STDOUT_FILENO);
		dup2(output_fd, STDERR_FILENO);
	}
}

static int output_open(struct postgres *pg)
{
	char path[PATH_BYTES_MAX + 16];

	snprintf(path, sizeof(path), "%s.log", pg->cluster);
	return open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

static int make_cluster(struct postgres *pg)
{
	char version[PATH_BYTES_MAX + 16], program[PATH_BYTES_MAX + 16];
	pid_t parent = getpid(), pid;
	int status = 0, output;

	snprintf(version, sizeof(version), "%s/PG_VERSION", pg->cluster);
	if (access(version, R_OK) == 0)
		return 0;
	snprintf(program, sizeof(program), "%s/initdb", pg->bin);
	log_info("making a private database in %s", pg->cluster);
	output = output_open(pg);
	pid = fork();
	if (pid == 0) {
		become_child(parent, output);
		execl(program, program, "-D", pg->cluster, "-U", "netvisor", "--auth=trust", "--encoding=UTF8",
		      "--locale=C.UTF-8", "--no-sync", NULL);
		_exit(127);
	}
	if (output >= 0)
		close(output);
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || status != 0) {
		log_error("initdb could not make %s; %s.log says why. A full disk, or a directory that is half "
			  "made, can be "
			  "mended by hand; --data-dir names another.",
			  pg->cluster, pg->cluster);
		return -EIO;
	}
	return 0;
}

/* We hold the directory's lock, so a server that still runs there has lost its collector. */
static int clear_leftover(struct postgres *pg)
{
	int64_t until = loop_now_ms() + LEFTOVER_MS_MAX;
	char path[PATH_BYTES_MAX + 32];
	pid_t pid = leftover_server(pg->cluster);

	if (pid)
		log_info("ending the database server that an earlier collector left (process %d)", (int)pid);
	while (pid && loop_now_ms() < until) {
		kill(pid, SIGINT);
		nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
		pid = leftover_server(pg->cluster);
	}
	if (pid) {
		log_error("the database server of process %d does not end, and uses %s: end it by hand",
			  (int)pid, pg->cluster);
		return -EBUSY;
	}
	/* The number in these may be another program's by now, and PostgreSQL would take that for a server. */
	snprintf(path, sizeof(path), "%s/postmaster.pid", pg->cluster);
	unlink(path);
	snprintf(path, sizeof(path), "%s/.s.PGSQL.5432.lock", pg->cluster);
	unlink(path);
	return 0;
}

static void on_exit_of_server(void *arg, uint32_t events);

/* An eighth of the machine's memory: what is looked at again and again stays in it. */
static void memory_settings(char buffers[static SETTING_BYTES_MAX], char cache[static SETTING_BYTES_MAX])
{
	long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
	long memory_mb = pages > 0 && page > 0 ? pages / 1024 * (page / 1024) : 0, part_mb = memory_mb / 8;

	part_mb = part_mb < BUFFERS_MB_MIN   ? BUFFERS_MB_MIN
		  : part_mb > BUFFERS_MB_MAX ? BUFFERS_MB_MAX
					     : part_mb;
	snprintf(buffers, SETTING_BYTES_MAX, "shared_buffers=%ldMB", part_mb);
	snprintf(cache, SETTING_BYTES_MAX, "effective_cache_size=%ldMB", part_mb * 3);
}

/*
 * A network is written to all the time, in place and at random: few checkpoints, since after each one a page is written
 * whole at its first change, and that compressed. Commits are waited for: what is acknowledged is on the disk.
 */
static void become_server(const struct postgres *pg)
{
	char program[PATH_BYTES_MAX + 16], buffers[SETTING_BYTES_MAX], cache[SETTING_BYTES_MAX];
	char *settings[] = {
		"listen_addresses=",
		"unix_socket_directories=.",
		"port=5432",
		"max_connections=40",
		"synchronous_commit=on",
		"autovacuum_naptime=15s",
		"autovacuum_vacuum_cost_limit=1000",
		"max_wal_size=2GB",
		"min_wal_size=128MB",
		"wal_compression=lz4",
		"checkpoint_timeout=15min",
		"checkpoint_completion_target=0.9",
		"effective_io_concurrency=64",
		"random_page_cost=1.1",
		"logging_collector=off",
		"log_timezone=UTC",
		"log_min_messages=warning",
		"log_min_error_statement=panic",
		buffers,
		cache,
	};
	char *words[3 + 2 * sizeof(settings) / sizeof(settings[0]) + 1] = {program, "-D", (char *)pg->cluster};

	snprintf(program, sizeof(program), "%s/postgres", pg->bin);
	memory_settings(buffers, cache);
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		words[3 + 2 * i] = "-c";
		words[4 + 2 * i] = settings[i];
	}
	execv(program, words);
}

static int start_server(struct postgres *pg)
{
	pid_t parent = getpid();
	int output = output_open(pg);

	pg->pid = fork();
	if (pg->pid == 0) {
		become_child(parent, output);
		become_server(pg);
		_exit(127);
	}
	if (output >= 0)
		close(output);
	if (pg->pid < 0)
		return -errno;
	pg->pid_fd = (int)syscall(SYS_pidfd_open, pg->pid, 0);
	pg->watch = pg->pid_fd < 0 ? NULL : loop_watch(pg->loop, pg->pid_fd, EPOLLIN, on_exit_of_server, pg);
	pg->started_ms = loop_now_ms();
	return pg->watch ? 0 : -ENOMEM;
}

static void forget_server(struct postgres *pg)
{
	loop_unwatch(pg->watch);
	pg->watch = NULL;
	if (pg->pid_fd >= 0)
		close(pg->pid_fd);
	pg->pid_fd = -1;
	pg->pid = 0;
}

static void on_exit_of_server(void *arg, uint32_t events)
{
	struct postgres *pg = arg;
	int status = 0;

	(void)events;
	if (waitpid(pg->pid, &status, WNOHANG) != pg->pid)
		return;
	forget_server(pg);
	if (pg->closing)
		return;
	if (loop_now_ms() - pg->started_ms > STEADY_MS)
		pg->pause_ms = 0;
	pg->pause_ms = pg->pause_ms ? pg->pause_ms * 2 : PAUSE_MS_MIN;
	if (pg->pause_ms > PAUSE_MS_MAX)
		pg->pause_ms = PAUSE_MS_MAX;
	log_warn("the private PostgreSQL ended (status %#x) and is started again; %s.log says why",
		 (unsigned int)status, pg->cluster);
	loop_timer_set(pg->again, pg->pause_ms);
}

static void on_again(void *arg)
{
	struct postgres *pg = arg;

	if (!pg->closing && !pg->pid && start_server(pg) < 0)
		loop_timer_set(pg->again, PAUSE_MS_MAX);
}

static void say_conninfo(struct postgres *pg)
{
	snprintf(pg->conninfo, sizeof(pg->conninfo),
		 "host=/proc/self/fd/%d port=5432 user=netvisor dbname=postgres", pg->cluster_fd);
}

int postgres_open(struct loop *loop, const char *data_dir, struct postgres **out)
{
	struct postgres *pg = calloc(1, sizeof(*pg));
	int error;

	if (!pg)
		return -ENOMEM;
	pg->loop = loop;
	pg->lock_fd = pg->cluster_fd = pg->pid_fd = -1;
	pg->again = loop_timer(loop, on_again, pg);
	error = pg->again ? postgres_programs(0, pg->bin, sizeof(pg->bin)) : -ENOMEM;
	if (!error)
		error = prepare_directory(pg, data_dir);
	if (!error)
		error = make_cluster(pg);
	if (!error)
		error = clear_leftover(pg);
	if (!error) {
		pg->cluster_fd = open(pg->cluster, O_PATH | O_DIRECTORY | O_CLOEXEC);
		error = pg->cluster_fd < 0 ? -errno : start_server(pg);
	}
	if (error) {
		postgres_close(pg);
		return error;
	}
	say_conninfo(pg);
	*out = pg;
	return 0;
}

int postgres_join(const char *data_dir, struct postgres **out)
{
	char path[PATH_BYTES_MAX];
	struct postgres *pg;
	int error = 0, lock_fd;

	snprintf(path, sizeof(path), "%s/postgres/PG_VERSION", data_dir);
	if (access(path, F_OK) < 0)
		return -errno;
	snprintf(path, sizeof(path), "%s/lock", data_dir);
	lock_fd = open(path, O_RDONLY | O_CLOEXEC);
	if (lock_fd < 0)
		return -errno;
	if (flock(lock_fd, LOCK_SH | LOCK_NB) == 0)
		error = -ESRCH;
	close(lock_fd);
	pg = error ? NULL : calloc(1, sizeof(*pg));
	if (!pg)
		return error ? error : -ENOMEM;
	pg->lock_fd = pg->pid_fd = -1;
	snprintf(pg->cluster, sizeof(pg->cluster), "%s/postgres", data_dir);
	pg->cluster_fd = open(pg->cluster, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (pg->cluster_fd < 0) {
		error = -errno;
		postgres_close(pg);
		return error;
	}
	say_conninfo(pg);
	*out = pg;
	return 0;
}

void postgres_inherit(const struct postgres *pg)
{
	fcntl(pg->cluster_fd, F_SETFD, 0);
}

const char *postgres_conninfo(const struct postgres *pg)
{
	return pg->conninfo;
}

void postgres_close(struct postgres *pg)
{
	int64_t until = loop_now_ms() + STOP_MS_MAX;

	if (!pg)
		return;
	pg->closing = true;
	if (pg->pid > 0)
		kill(pg->pid, SIGINT);
	while (pg->pid > 0 && waitpid(pg->pid, NULL, WNOHANG) == 0) {
		if (loop_now_ms() > until)
			kill(pg->pid, SIGQUIT);
		nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	}
	forget_server(pg);
	loop_timer_free(pg->again);
	if (pg->cluster_fd >= 0)
		close(pg->cluster_fd);
	if (pg->lock_fd >= 0)
		close(pg->lock_fd);
	free(pg);
}
