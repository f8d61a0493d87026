/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files behind options.h share: the texts found for each row, and where they come from. For them alone. */
#ifndef DEFS_OPTIONS_INSIDE_H
#define DEFS_OPTIONS_INSIDE_H

#include "defs/options.h"

#include <stdbool.h>

enum origin { ORIGIN_NONE, ORIGIN_DEFAULT, ORIGIN_FILE, ORIGIN_ENVIRONMENT, ORIGIN_COMMAND_LINE };

struct found {
	const char *text;
	enum origin origin;
	unsigned int line; /* in the file */
};

/* What every command has beside its own rows; they stand behind those in struct reading. */
enum common { COMMON_CONFIG, COMMON_CHECK, COMMON_HELP, COMMON_VERSION, COMMON_COUNT };

struct reading {
	const struct option_command *command;
	struct found found[OPTION_ROWS_MAX + COMMON_COUNT];
	const char *file_path;
};

extern const struct option_row options_common[COMMON_COUNT];

/* Rows of the command and common ones, in one count. */
size_t options_row_total(const struct reading *r);
const struct option_row *options_row(const struct reading *r, size_t index);

/* Say what is wrong, with the program's name before it. Returns -EINVAL. */
__attribute__((format(printf, 2, 3))) int options_wrong(const struct reading *r, const char *format, ...);

/* Keep a text for a row, unless an origin of higher priority has given one. */
void options_keep(struct reading *r, size_t index, const char *text, enum origin origin, unsigned int line);

/* Keep what stands in a configuration file; its text lives on. 0, or -EINVAL after a message. */
int options_read_file(struct reading *r, const char *path);

/* The secret that a file holds, without blanks around it; it lives on. NULL after a message. */
const char *options_read_secret(const struct reading *r, const char *name, const char *path);

/* Read the text kept for a row into its member of settings. 0, or -EINVAL after a message. */
int options_put_value(const struct reading *r, size_t index, void *settings);
/* 1, 0, or -EINVAL. */
int options_flag(const char *text);

#endif
