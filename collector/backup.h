/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `netvisor-collector backup FILE` and `restore FILE`: all that the database holds, as one file in pg_dump's custom format.
 * Restoring is one transaction: until its end the database is as it was, and so it is when something fails.
 */
#ifndef COLLECTOR_BACKUP_H
#define COLLECTOR_BACKUP_H

struct settings;

/* When the arguments name one of the two: run it, and return the exit status; else -1. */
int backup_command(int argc, char **argv);
/* Run a command with its options read. Returns the exit status. */
int backup_run(const struct settings *, const char *file);
int restore_run(const struct settings *, const char *file);

#endif
