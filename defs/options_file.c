// SPDX-License-Identifier: BSD-2-Clause
/* The configuration file: `key = value` lines, whose keys are option names or what the environment calls them. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "defs/options_inside.h"

/* Texts from the file are lent to the settings for the life of the process. */
static char *file_text;

static bool same_key(const char *a, const char *b)
{
	for (; *a && *b; a++, b++) {
		int x = *a == '_' ? '-' : tolower((unsigned char)*a),
		    y = *b == '_' ? '-' : tolower((unsigned char)*b);

		if (x != y)
			return false;
	}
	return !*a && !*b;
}

static int row_by_key(const struct option_command *command, const char *key)
{
	static const char prefix[] = "NETVISOR_";

	for (size_t i = 0; i < command->row_count; i++) {
		const struct option_row *row = &command->rows[i];

		if (same_key(row->name, key))
			return (int)i;
		if (row->env && !strncmp(row->env, prefix, sizeof(prefix) - 1) &&
		    same_key(row->env + sizeof(prefix) - 1, key))
			return (int)i;
	}
	return -1;
}

static char *trim(char *text)
{
	size_t length;

	while (isspace((unsigned char)*text))
		text++;
	length = strlen(text);
	while (length && isspace((unsigned char)text[length - 1]))
		text[--length] = 0;
	return text;
}

/* One line of the file, which is changed. */
static int read_line(struct reading *r, char *line, unsigned int number)
{
	char *equals, *key, *value;
	size_t length;
	int index;

	line = trim(line);
	if (!*line || *line == '#')
		return 0;
	equals = strchr(line, '=');
	if (!equals)
		return options_wrong(r, "%s:%u: \"key = value\" is expected here", r->file_path, number);
	*equals = 0;
	key = trim(line);
	value = trim(equals + 1);
	length = strlen(value);
	if (length >= 2 && *value == '"' && value[length - 1] == '"') {
		value[length - 1] = 0;
		value++;
	}
	index = row_by_key(r->command, key);
	if (index < 0 && r->command->file_of && row_by_key(r->command->file_of, key) >= 0)
		return 0;
	if (index < 0)
		return options_wrong(r, "%s:%u: there is no option \"%s\"; --help lists them", r->file_path,
				     number, key);
	options_keep(r, (size_t)index, value, ORIGIN_FILE, number);
	return 0;
}

const char *options_read_secret(const struct reading *r, const char *name, const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = file ? calloc(1, OPTION_SECRET_BYTES_MAX + 2) : NULL;
	size_t length;

	if (!text) {
		options_wrong(r, "%s: %s can't be read: %s", name, path, strerror(errno));
		if (file)
			fclose(file);
		return NULL;
	}
	/* The stream's own buffer would leave a copy in memory. */
	setvbuf(file, NULL, _IONBF, 0);
	length = fread(text, 1, OPTION_SECRET_BYTES_MAX + 1, file);
	fclose(file);
	if (length > OPTION_SECRET_BYTES_MAX || memchr(text, 0, length) || !*trim(text) ||
	    strpbrk(trim(text), "\r\n")) {
		options_wrong(r, "%s: %s must hold one text of at most %d bytes", name, path,
			      OPTION_SECRET_BYTES_MAX);
		free(text);
		return NULL;
	}
	return trim(text);
}

int options_read_file(struct reading *r, const char *path)
{
	FILE *file = fopen(path, "re");
	unsigned int number = 0;
	char *text, *rest;
	size_t length;
	int error = 0;

	r->file_path = path;
	if (!file)
		return options_wrong(r, "--config: %s can't be read: %s", path, strerror(errno));
	text = malloc(OPTION_FILE_BYTES_MAX + 1);
	if (!text) {
		fclose(file);
		return options_wrong(r, "--config: there is no memory for %s", path);
	}
	length = fread(text, 1, OPTION_FILE_BYTES_MAX + 1, file);
	if (ferror(file))
		error = options_wrong(r, "--config: %s can't be read: %s", path, strerror(errno));
	else if (length > OPTION_FILE_BYTES_MAX)
		error = options_wrong(r, "--config: %s is longer than %d bytes", path, OPTION_FILE_BYTES_MAX);
	fclose(file);
	if (error) {
		free(text);
		return error;
	}
	text[length] = 0;
	free(file_text);
	file_text = rest = text;
	while (!error && rest)
		error = read_line(r, strsep(&rest, "\n"), ++number);
	return error;
}
