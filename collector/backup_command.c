/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which command is meant, and the tables of their options.
 */
#include <stddef.h>
#include <string.h>

#include "collector/backup.h"
#include "collector/settings.h"
#include "defs/log.h"

#define AT(member) .offset = offsetof(struct settings, member)

#define ROWS_OF_BOTH                                                                                          \
	{.name = "database-url",                                                                              \
	 .env = "NETVISOR_DATABASE_URL",                                                                      \
	 .type = OPTION_SECRET,                                                                               \
	 .argument = "URL",                                                                                   \
	 AT(database_url),                                                                                    \
	 .help = "The collector's database, as postgresql://USER:PASSWORD@HOST/DATABASE. Without it, the "    \
		 "private one "                                                                               \
		 "below --data-dir."},                                                                        \
		{.name = "data-dir",                                                                          \
		 .env = "NETVISOR_DATA_DIR",                                                                  \
		 .type = OPTION_PATH,                                                                         \
		 .argument = "DIR",                                                                           \
		 .fallback = "var",                                                                           \
		 AT(data_dir),                                                                                \
		 .help = "Where the private PostgreSQL lives."},                                              \
		{.name = "user",                                                                              \
		 .env = "NETVISOR_USER",                                                                      \
		 .type = OPTION_TEXT,                                                                         \
		 .argument = "NAME",                                                                          \
		 AT(user),                                                                                    \
		 .help = "When started by root: the user that the collector becomes, who owns --data-dir."},  \
	{                                                                                                     \
		.name = "log-level", .env = "NETVISOR_LOG_LEVEL", .type = OPTION_CHOICE, .argument = "LEVEL", \
		.fallback = "info", .choices = "trace|debug|info|warn|error", AT(log_level),                  \
		.help = "What is written to standard error."                                                  \
	}

static const struct option_row backup_rows[] = {
	{.name = "force", .type = OPTION_FLAG, AT(force), .help = "Replace FILE when it is there already."},
	ROWS_OF_BOTH,
};

static const struct option_row restore_rows[] = {
	{.name = "force",
	 .type = OPTION_FLAG,
	 AT(force),
	 .help = "Replace what the database holds. Without it, only a database without NetVisor's tables is "
		 "filled."},
	ROWS_OF_BOTH,
};

static const struct option_command settings_backup = {
	.program = "netvisor-collector",
	.name = "backup",
	.summary = "Write all that the database holds into FILE. The collector may run meanwhile.",
	.operands = "FILE",
	.rows = backup_rows,
	.row_count = sizeof(backup_rows) / sizeof(backup_rows[0]),
	.file_of = &settings_command,
};

static const struct option_command settings_restore = {
	.program = "netvisor-collector",
	.name = "restore",
	.summary = "Fill the database from FILE, which `backup` has written. No collector may run meanwhile.",
	.operands = "FILE",
	.rows = restore_rows,
	.row_count = sizeof(restore_rows) / sizeof(restore_rows[0]),
	.file_of = &settings_command,
};

int backup_command(int argc, char **argv)
{
	bool backup = argc > 1 && strcmp(argv[1], "backup") == 0,
	     restore = argc > 1 && strcmp(argv[1], "restore") == 0;
	struct settings settings = {0};
	enum log_level level = LOG_INFO;
	int operand, status;

	if (!backup && !restore)
		return -1;
	argc--;
	argv++;
	status = options_read(restore ? &settings_restore : &settings_backup, argc, argv, &settings, &operand);
	if (status != OPTIONS_RUN)
		return status == OPTIONS_DONE ? 0 : 2;
	log_level_parse(settings.log_level, &level);
	log_setup(level, "netvisor-collector");
	if (operand != argc - 1) {
		log_error("one FILE is expected: netvisor-collector %s FILE", argv[0]);
		return 2;
	}
	return restore ? restore_run(&settings, argv[operand]) : backup_run(&settings, argv[operand]);
}
