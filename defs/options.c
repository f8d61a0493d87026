// SPDX-License-Identifier: BSD-2-Clause
/*
 * Reading options by their table (defs/options.h).
 *
 * The texts of all four origins are gathered first, one for each row, the origin of higher priority winning; then
 * each is read once by its type. So an error can always name where the text came from, and a wrong default
 * or a wrong file is found the same way as a wrong argument. What options mean is left to the programs.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "defs/options_inside.h"

const struct option_row options_common[COMMON_COUNT] = {
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

size_t options_row_total(const struct reading *r)
{
	return r->command->row_count + COMMON_COUNT;
}

const struct option_row *options_row(const struct reading *r, size_t index)
{
	return index < r->command->row_count ? &r->command->rows[index]
					     : &options_common[index - r->command->row_count];
}

static struct found *found_common(struct reading *r, enum common which)
{
	return &r->found[r->command->row_count + which];
}

int options_wrong(const struct reading *r, const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "%s: ", r->command->program);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "\n");
	return -EINVAL;
}

void options_keep(struct reading *r, size_t index, const char *text, enum origin origin, unsigned int line)
{
	if (r->found[index].origin <= origin)
		r->found[index] = (struct found){.text = text, .origin = origin, .line = line};
}

/* `name` up to `length`; -1 when there is no such row. */
static int row_by_name(const struct reading *r, const char *name, size_t length)
{
	for (size_t i = 0; i < options_row_total(r); i++) {
		const struct option_row *row = options_row(r, i);

		if (strlen(row->name) == length && !memcmp(row->name, name, length))
			return (int)i;
	}
	return -1;
}

static int row_by_letter(const struct reading *r, char letter)
{
	for (size_t i = 0; i < options_row_total(r); i++) {
		if (options_row(r, i)->letter == letter)
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
		return options_wrong(r, "there is no option %.*s; --help lists them",
				     (int)(equals ? equals - argv[at] : (long)strlen(argv[at])), argv[at]);
	if (equals) {
		options_keep(r, (size_t)index, equals + 1, ORIGIN_COMMAND_LINE, 0);
		return 1;
	}
	if (options_row(r, (size_t)index)->type == OPTION_FLAG) {
		options_keep(r, (size_t)index, "yes", ORIGIN_COMMAND_LINE, 0);
		return 1;
	}
	if (at + 1 >= argc)
		return options_wrong(r, "--%s needs a value: %s", options_row(r, (size_t)index)->name,
				     options_row(r, (size_t)index)->argument);
	options_keep(r, (size_t)index, argv[at + 1], ORIGIN_COMMAND_LINE, 0);
	return 2;
}

/* Letters at argv[at]: flags may stand together, a value follows its letter or is the next argument. */
static int take_letters(struct reading *r, int argc, char **argv, int at)
{
	for (const char *letter = argv[at] + 1; *letter; letter++) {
		int index = row_by_letter(r, *letter);

		if (index < 0)
			return options_wrong(r, "there is no option -%c; --help lists them", *letter);
		if (options_row(r, (size_t)index)->type == OPTION_FLAG) {
			options_keep(r, (size_t)index, "yes", ORIGIN_COMMAND_LINE, 0);
			continue;
		}
		if (letter[1]) {
			options_keep(r, (size_t)index, letter + 1, ORIGIN_COMMAND_LINE, 0);
			return 1;
		}
		if (at + 1 >= argc)
			return options_wrong(r, "-%c needs a value: %s", *letter,
					     options_row(r, (size_t)index)->argument);
		options_keep(r, (size_t)index, argv[at + 1], ORIGIN_COMMAND_LINE, 0);
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
		return options_wrong(
			r, "\"%s\" is not an option, and nothing else is expected here; --help shows the usage",
			argv[first]);
	*operand_first = first;
	return 0;
}

/* NAME_FILE for a secret. */
static int read_environment_file(struct reading *r, size_t index)
{
	const char *env = options_row(r, index)->env, *path, *text, *plain = getenv(env);
	char name[96];

	snprintf(name, sizeof(name), "%s_FILE", env);
	path = getenv(name);
	if (!path || !*path)
		return 0;
	if (plain && *plain)
		return options_wrong(r, "%s and %s exclude each other", env, name);
	text = options_read_secret(r, name, path);
	if (!text)
		return -EINVAL;
	options_keep(r, index, text, ORIGIN_ENVIRONMENT, 0);
	return 0;
}

static int read_environment(struct reading *r)
{
	for (size_t i = 0; i < options_row_total(r); i++) {
		const struct option_row *row = options_row(r, i);
		const char *text = row->env ? getenv(row->env) : NULL;

		/* An empty variable is how compose files and units write "not set". */
		if (text && *text)
			options_keep(r, i, text, ORIGIN_ENVIRONMENT, 0);
		if (row->type == OPTION_SECRET && row->env && read_environment_file(r, i))
			return -EINVAL;
	}
	return 0;
}

static bool asked(struct reading *r, enum common which)
{
	const struct found *found = found_common(r, which);

	return found->text && options_flag(found->text) == 1;
}

int options_read(const struct option_command *command, int argc, char **argv, void *settings,
		 int *operand_first)
{
	struct reading r = {.command = command};
	char why[512] = "";
	int first = argc;

	if (command->row_count > OPTION_ROWS_MAX) {
		options_wrong(&r, "the option table is larger than OPTION_ROWS_MAX");
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
	if (read_environment(&r))
		return OPTIONS_USAGE;
	if (found_common(&r, COMMON_CONFIG)->text &&
	    options_read_file(&r, found_common(&r, COMMON_CONFIG)->text))
		return OPTIONS_USAGE;
	for (size_t i = 0; i < command->row_count; i++) {
		if (command->rows[i].fallback)
			options_keep(&r, i, command->rows[i].fallback, ORIGIN_DEFAULT, 0);
		if (r.found[i].text && options_put_value(&r, i, settings))
			return OPTIONS_USAGE;
	}
	if (command->check && command->check(settings, why, sizeof(why))) {
		options_wrong(&r, "%s", why);
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
