/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Options are a table. Command line, environment (NETVISOR_*), configuration file, --help, --check-config
 * and the check against the man page all come from the same rows.
 *
 * Priority: command line, then environment, then file (`key = value` lines, `#` comments), then default. A key
 * is the option's long name, or its environment name without NETVISOR_; `-` and `_` are the same, and so are
 * small and capital letters. Every command also has --config FILE, --check-config, --help and --version.
 */
#ifndef DEFS_OPTIONS_H
#define DEFS_OPTIONS_H

#include <stddef.h>
#include <stdio.h>

enum {
	OPTION_ROWS_MAX = 64,		 /* rows that one command can have */
	OPTION_FILE_BYTES_MAX = 1 << 16, /* of a configuration file */
	OPTION_SECRET_BYTES_MAX = 4096,	 /* of a file that holds a secret */
};

/* A secret is a text that may also stand alone in a file, which the environment's name with _FILE at its end names. */
enum option_type { OPTION_FLAG, OPTION_TEXT, OPTION_SECRET, OPTION_NUMBER, OPTION_PATH, OPTION_CHOICE };

struct option_row {
	const char *name; /* long name without dashes: "server-port" */
	char letter;	  /* short form, or 0 */
	const char *env;  /* environment name, or NULL when it has none */
	enum option_type type;
	const char *argument; /* what --help calls the value: "PORT"; NULL for a flag */
	const char *fallback; /* default as text, or NULL */
	long min, max;	      /* OPTION_NUMBER: both inclusive */
	const char *choices;  /* OPTION_CHOICE: "a|b|c" */
	const char *help;     /* one or more sentences, plain */
	size_t offset;	      /* of the member in the settings struct: bool, const char *, or long */
};

struct option_command {
	const char *program;  /* "netvisor-sensor" */
	const char *name;     /* sub-command, or NULL */
	const char *summary;  /* one line for --help */
	const char *operands; /* "TARGET…", or NULL when none are taken */
	const struct option_row *rows;
	size_t row_count;
	/* A sub-command that may be given the program's file: what that one knows is passed over there. NULL for none. */
	const struct option_command *file_of;
	/*
	 * What no row can say alone ("either --server-target or --output"). NULL, or: 0, or -EINVAL with why[]
	 * filled with a plain sentence that names the options. Called last, also by --check-config.
	 */
	int (*check)(const void *settings, char *why, size_t why_size);
};

enum {
	OPTIONS_RUN = 0,   /* go on */
	OPTIONS_DONE = 1,  /* --help, --version or --check-config was answered: leave with status 0 */
	OPTIONS_USAGE = 2, /* something was wrong and has been said: leave with status 2 */
};

/*
 * Fill settings (a struct whose members the rows name) from argv, the environment and the file that
 * --config names. argv[0] is skipped. *operand_first is the index of the first operand in argv, which is
 * reordered so that operands come last. Texts are borrowed from argv and the environment, or live
 * for the whole process. Returns one of the values above.
 */
int options_read(const struct option_command *command, int argc, char **argv, void *settings,
		 int *operand_first);

void options_help(const struct option_command *command, FILE *out);

#endif
