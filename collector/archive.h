/* SPDX-License-Identifier: BSD-2-Clause */
/* What `backup` (backup.c) and `restore` (restore.c) share: the database, and PostgreSQL's programs beside it. Not for others. */
#ifndef COLLECTOR_ARCHIVE_H
#define COLLECTOR_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "collector/db_once.h"
#include "collector/settings.h"

struct archive {
	const struct settings *settings;
	struct loop *loop;
	struct postgres *postgres;
	struct db_once *db;
	char programs[4096];
	int64_t shown_ms; /* when progress was last shown */
	/* Of the database: whether NetVisor's tables are there, its version, the collectors that are at it. */
	bool exists;
	long version, collectors;
};

/* Give up root for settings->user; make: the data directory may have to be made. 0, or -errno after saying why not. */
int archive_become(const struct settings *, bool make);
/*
 * Find the database, starting the private server when nobody runs it. make: a new one will do, but none that a
 * collector runs. 0, or -errno after saying why not; archive_close() in either case.
 */
int archive_open(struct archive *, bool make);
/* Read exists, version and collectors anew. */
int archive_look(struct archive *);
void archive_close(struct archive *);

/* A program of PostgreSQL. */
struct tool {
	const char *name;
	pid_t pid;
	int said_fd; /* its standard error, as a file */
	int pid_fd;
};

/* Start it with these descriptors, -1 for /dev/null. It does not outlive us. 0, or -errno after saying why not. */
int tool_start(const struct archive *, struct tool *, const char *const *arguments, int in_fd, int out_fd);
/* Wait so long. 1: it goes on; 0: it ended well; -EIO: it did not. */
int tool_wait(struct tool *, int ms);
/* End it, if it goes on. */
void tool_stop(struct tool *);
/* What it said: the first line with its error, else the last one. */
void tool_said(const struct tool *, char *out, size_t size);
/* Forget one that ended. */
void tool_close(struct tool *);

/* A line that takes the former's place on a terminal; one every ten seconds in a log. */
__attribute__((format(printf, 2, 3))) void archive_progress(struct archive *, const char *format, ...);
void archive_progress_end(struct archive *);

#endif
