// SPDX-License-Identifier: BSD-2-Clause
/*
 * Reading options by their table (defs/options.h).
 *
 * The texts of all four origins are gathered first, one for each row, the origin of higher priority winning;
 * then each is read once by its type. So an error can always name where the text came from, and a wrong default
 * or a wrong file is found the same way as a wrong argument. What options mean is left to the programs.
 */
#include "defs/options.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { HELP_COLUMN = 30, HELP_WIDTH = 100 };

enum origin { ORIGIN_NONE, ORIGIN_DEFAULT, ORIGIN_FILE, ORIGIN_ENVIRONMENT, ORIGIN_COMMAND_LINE };

struct found {
	const char *text;
	enum origin origin;
	unsigned int line; /* in the file */
};

/* What every command has beside its own rows; they stand behind those in struct reading. */
enum common { COMMON_CONFIG, COMMON_CHECK, COMMON_HELP, COMMON_VERSION, COMMON_COUNT };

static const struct option_row common_rows[COMMON_COUNT] = {
	[COMMON_CONFIG] =
		{.name = "config",
		 .env = "NETVISOR_CONFIG",
		 .type = OPTION_PATH,
		 .argument = "FILE",
		 .help = "Read options from FILE: lines of the form \"key = value\", # begins a comment."},
	[COMMON_CHECK] = {.name = "check-config",
			  .type = OPTION_FLAG,
			  .help = "Say whether the options are good, and leave."},
	[COMMON_HELP] = {.name = "help",
			 .letter = 'h',
			 .type = OPTION_FLAG,
			 .help = "Show this text, and leave."},
	[COMMON_VERSION] = {.name = "version",
			    .letter = 'V',
			    .type = OPTION_FLAG,
			    .help = "Show the version, and leave."},
};

struct reading {
	const struct option_command *command;
	struct found found[OPTION_ROWS_MAX + COMMON_COUNT];
	const char *file_path;
};

/* Texts from the file are lent to the settings for the life of the process. */
static char *file_text;

static size_t row_total(const struct reading *r)
{
	return r->command->row_count + COMMON_COUNT;
}

static const struct option_row *row_at(const struct reading *r, size_t index)
{
	return index < r->command->row_count ? &r->command->rows[index]
					     : &common_rows[index - r->command->row_count];
}

static struct found *found_common(struct reading *r, enum common which)
{
	return &r->found[r->command->row_count + which];
}

__attribute__((format(printf, 2, 3))) static int wrong(const struct reading *r, const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "%s: ", r->command->program);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "\n");
	return -EINVAL;
}

/* How a person wrote the option, for messages. */
static void origin_text(const struct reading *r, size_t index, char *out, size_t size)
{
	const struct found *found = &r->found[index];

	switch (found->origin) {
	case ORIGIN_ENVIRONMENT:
		snprintf(out, size, "environment variable %s", row_at(r, index)->env);
		break;
	case ORIGIN_FILE:
		snprintf(out, size, "%s:%u: %s", r->file_path, found->line, row_at(r, index)->name);
		break;
	default:
		snprintf(out, size, "--%s", row_at(r, index)->name);
	}
}

static void keep(struct reading *r, size_t index, const char *text, enum origin origin, unsigned int line)
{
	if (r->found[index].origin <= origin)
		r->found[index] = (struct found){.text = text, .origin = origin, .line = line};
}

/* `name` up to `length`; -1 when there is no such row. */
static int row_by_name(const struct reading *r, const char *name, size_t length)
{
	for (size_t i = 0; i < row_total(r); i++) {
		const struct option_row *row = row_at(r, i);

		if (strlen(row->name) == length && !memcmp(row->name, name, length))
			return (int)i;
	}
	return -1;
}

static int row_by_letter(const struct reading *r, char letter)
{
	for (size_t i = 0; i < row_total(r); i++) {
		if (row_at(r, i)->letter == letter)
			return (int)i;
	}
	return -1;
}

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

static int row_by_key(const struct reading *r, const char *key)
{
	static const char prefix[] = "NETVISOR_";

	for (size_t i = 0; i < r->command->row_count; i++) {
		const struct option_row *row = row_at(r, i);

		if (same_key(row->name, key))
			return (int)i;
		if (row->env && !strncmp(row->env, prefix, sizeof(prefix) - 1) &&
		    same_key(row->env + sizeof(prefix) - 1, key))
			return (int)i;
	}
	return -1;
}

/* One `--name`, `--name=value` or `--name value` at argv[at]. Returns the arguments used, or -EINVAL. */
static int take_long(struct reading *r, int argc, char **argv, int at)
{
	const char *name = argv[at] + 2, *equals = strchr(name, '=');
	int index = row_by_name(r, name, equals ? (size_t)(equals - name) : strlen(name));

	if (index < 0)
		return wrong(r, "there is no option %.*s; --help lists them",
			     (int)(equals ? equals - argv[at] : (long)strlen(argv[at])), argv[at]);
	if (equals) {
		keep(r, (size_t)index, equals + 1, ORIGIN_COMMAND_LINE, 0);
		return 1;
	}
	if (row_at(r, (size_t)index)->type == OPTION_FLAG) {
		keep(r, (size_t)index, "yes", ORIGIN_COMMAND_LINE, 0);
		return 1;
	}
	if (at + 1 >= argc)
		return wrong(r, "--%s needs a value: %s", row_at(r, (size_t)index)->name,
			     row_at(r, (size_t)index)->argument);
	keep(r, (size_t)index, argv[at + 1], ORIGIN_COMMAND_LINE, 0);
	return 2;
}

/* Letters at argv[at]: flags may stand together, a value follows its letter or is the next argument. */
static int take_letters(struct reading *r, int argc, char **argv, int at)
{
	for (const char *letter = argv[at] + 1; *letter; letter++) {
		int index = row_by_letter(r, *letter);

		if (index < 0)
			return wrong(r, "there is no option -%c; --help lists them", *letter);
		if (row_at(r, (size_t)index)->type == OPTION_FLAG) {
			keep(r, (size_t)index, "yes", ORIGIN_COMMAND_LINE, 0);
			continue;
		}
		if (letter[1]) {
			keep(r, (size_t)index, letter + 1, ORIGIN_COMMAND_LINE, 0);
			return 1;
		}
		if (at + 1 >= argc)
			return wrong(r, "-%c needs a value: %s", *letter, row_at(r, (size_t)index)->argument);
		keep(r, (size_t)index, argv[at + 1], ORIGIN_COMMAND_LINE, 0);
		return 2;
	}
	return 1;
}

/* Move argv[from] … argv[from + count - 1] in front of the operands that begin at `to`. */
static void move_forward(char **argv, int from, int count, int to)
{
	for (int i = 0; i < count; i++) {
		char *argument = argv[from + i];

		memmove(&argv[to + i + 1], &argv[to + i], (size_t)(from - to) * sizeof(*argv));
		argv[to + i] = argument;
	}
}

static int read_arguments(struct reading *r, int argc, char **argv, int *operand_first)
{
	int first = 1; /* operands met so far are argv[first] … argv[at - 1] */

	for (int at = 1; at < argc;) {
		int used;

		if (argv[at][0] != '-' || !argv[at][1]) {
			at++;
			continue;
		}
		if (!strcmp(argv[at], "--")) {
			move_forward(argv, at, 1, first);
			first++;
			break;
		}
		used = argv[at][1] == '-' ? take_long(r, argc, argv, at) : take_letters(r, argc, argv, at);
		if (used < 0)
			return used;
		move_forward(argv, at, used, first);
		first += used;
		at += used;
	}
	if (first < argc && !r->command->operands)
		return wrong(
			r, "\"%s\" is not an option, and nothing else is expected here; --help shows the usage",
			argv[first]);
	*operand_first = first;
	return 0;
}

static void read_environment(struct reading *r)
{
	for (size_t i = 0; i < row_total(r); i++) {
		const char *name = row_at(r, i)->env, *text = name ? getenv(name) : NULL;

		/* An empty variable is how compose files and units write "not set". */
		if (text && *text)
			keep(r, i, text, ORIGIN_ENVIRONMENT, 0);
	}
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
		return wrong(r, "%s:%u: \"key = value\" is expected here", r->file_path, number);
	*equals = 0;
	key = trim(line);
	value = trim(equals + 1);
	length = strlen(value);
	if (length >= 2 && *value == '"' && value[length - 1] == '"') {
		value[length - 1] = 0;
		value++;
	}
	index = row_by_key(r, key);
	if (index < 0)
		return wrong(r, "%s:%u: there is no option \"%s\"; --help lists them", r->file_path, number,
			     key);
	keep(r, (size_t)index, value, ORIGIN_FILE, number);
	return 0;
}

static int read_file(struct reading *r, const char *path)
{
	FILE *file = fopen(path, "re");
	unsigned int number = 0;
	char *text, *rest;
	size_t length;
	int error = 0;

	r->file_path = path;
	if (!file)
		return wrong(r, "--config: %s can't be read: %s", path, strerror(errno));
	text = malloc(OPTION_FILE_BYTES_MAX + 1);
	if (!text) {
		fclose(file);
		return wrong(r, "--config: there is no memory for %s", path);
	}
	length = fread(text, 1, OPTION_FILE_BYTES_MAX + 1, file);
	if (ferror(file))
		error = wrong(r, "--config: %s can't be read: %s", path, strerror(errno));
	else if (length > OPTION_FILE_BYTES_MAX)
		error = wrong(r, "--config: %s is longer than %d bytes", path, OPTION_FILE_BYTES_MAX);
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

static int flag_value(const char *text)
{
	static const char *const yes[] = {"yes", "true", "on", "1"}, *const no[] = {"no", "false", "off", "0"};

	for (size_t i = 0; i < 4; i++) {
		if (!strcasecmp(text, yes[i]))
			return 1;
		if (!strcasecmp(text, no[i]))
			return 0;
	}
	return -EINVAL;
}

static bool is_choice(const char *choices, const char *text)
{
	size_t length = strlen(text);

	for (const char *at = choices; length && *at;) {
		size_t here = strcspn(at, "|");

		if (here == length && !memcmp(at, text, here))
			return true;
		at += here + (at[here] == '|');
	}
	return false;
}

/* The text of a row into its member. */
static int put_value(const struct reading *r, size_t index, void *settings)
{
	const struct option_row *row = row_at(r, index);
	const char *text = r->found[index].text;
	void *member = (char *)settings + row->offset;
	char where[320], *end;
	long number;

	origin_text(r, index, where, sizeof(where));
	switch (row->type) {
	case OPTION_FLAG:
		if (flag_value(text) < 0)
			return wrong(r, "%s: \"%s\" is neither yes nor no", where, text);
		*(bool *)member = flag_value(text);
		return 0;
	case OPTION_NUMBER:
		errno = 0;
		number = strtol(text, &end, 10);
		if (errno || end == text || *end || number < row->min || number > row->max)
			return wrong(r, "%s: \"%s\" is not a whole number from %ld to %ld", where, text,
				     row->min, row->max);
		*(long *)member = number;
		return 0;
	case OPTION_CHOICE:
		if (!is_choice(row->choices, text))
			return wrong(r, "%s: \"%s\" is not one of %s", where, text, row->choices);
		break;
	case OPTION_TEXT:
	case OPTION_PATH:
		if (!*text)
			return wrong(r, "%s: the value is empty; %s is expected", where, row->argument);
		break;
	}
	*(const char **)member = text;
	return 0;
}

static bool asked(struct reading *r, enum common which)
{
	const struct found *found = found_common(r, which);

	return found->text && flag_value(found->text) == 1;
}

int options_read(const struct option_command *command, int argc, char **argv, void *settings,
		 int *operand_first)
{
	struct reading r = {.command = command};
	char why[512] = "";
	int first = argc;

	if (command->row_count > OPTION_ROWS_MAX) {
		wrong(&r, "the option table is larger than OPTION_ROWS_MAX");
		return OPTIONS_USAGE;
	}
	if (read_arguments(&r, argc, argv, &first))
		return OPTIONS_USAGE;
	if (asked(&r, COMMON_HELP)) {
		options_help(command, stdout);
		return OPTIONS_DONE;
	}
	if (asked(&r, COMMON_VERSION)) {
		printf("%s %s\n", command->program, NETVISOR_VERSION);
		return OPTIONS_DONE;
	}
	read_environment(&r);
	if (found_common(&r, COMMON_CONFIG)->text && read_file(&r, found_common(&r, COMMON_CONFIG)->text))
		return OPTIONS_USAGE;
	for (size_t i = 0; i < command->row_count; i++) {
		if (command->rows[i].fallback)
			keep(&r, i, command->rows[i].fallback, ORIGIN_DEFAULT, 0);
		if (r.found[i].text && put_value(&r, i, settings))
			return OPTIONS_USAGE;
	}
	if (command->check && command->check(settings, why, sizeof(why))) {
		wrong(&r, "%s", why);
		return OPTIONS_USAGE;
	}
	if (asked(&r, COMMON_CHECK)) {
		printf("%s: the options are good\n", command->program);
		return OPTIONS_DONE;
	}
	if (operand_first)
		*operand_first = first;
	return OPTIONS_RUN;
}

/* `text` wrapped between HELP_COLUMN and HELP_WIDTH, the cursor being at HELP_COLUMN. */
static void help_text(FILE *out, const char *text)
{
	size_t column = HELP_COLUMN;

	while (*text) {
		size_t word = strcspn(text, " ");

		if (column > HELP_COLUMN && column + 1 + word > HELP_WIDTH) {
			fprintf(out, "\n%*s", HELP_COLUMN, "");
			column = HELP_COLUMN;
		} else if (column > HELP_COLUMN) {
			fputc(' ', out);
			column++;
		}
		fprintf(out, "%.*s", (int)word, text);
		column += word;
		text += word + (text[word] == ' ');
	}
	fputc('\n', out);
}

static void help_row(const struct option_row *row, FILE *out)
{
	char letter[] = "-?, ", note[256] = "";
	int used;

	letter[1] = row->letter;
	used = fprintf(out, "  %s--%s%s%s", row->letter ? letter : "    ", row->name, row->argument ? " " : "",
		       row->argument ? row->argument : "");
	if (used >= HELP_COLUMN)
		fprintf(out, "\n%*s", HELP_COLUMN, "");
	else
		fprintf(out, "%*s", HELP_COLUMN - used, "");
	help_text(out, row->help);
	if (row->type == OPTION_NUMBER)
		snprintf(note, sizeof(note), "%ld to %ld. ", row->min, row->max);
	else if (row->type == OPTION_CHOICE)
		snprintf(note, sizeof(note), "One of %s. ", row->choices);
	if (row->fallback)
		snprintf(note + strlen(note), sizeof(note) - strlen(note), "Default: %s. ", row->fallback);
	if (row->env)
		snprintf(note + strlen(note), sizeof(note) - strlen(note), "Environment: %s.", row->env);
	if (note[0]) {
		fprintf(out, "%*s", HELP_COLUMN, "");
		help_text(out, note);
	}
}

void options_help(const struct option_command *command, FILE *out)
{
	fprintf(out, "Usage: %s%s%s [OPTION]...%s%s\n%s\n\n", command->program, command->name ? " " : "",
		command->name ? command->name : "", command->operands ? " " : "",
		command->operands ? command->operands : "", command->summary);
	for (size_t i = 0; i < command->row_count; i++)
		help_row(&command->rows[i], out);
	for (size_t i = 0; i < COMMON_COUNT; i++)
		help_row(&common_rows[i], out);
}
