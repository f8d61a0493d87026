// SPDX-License-Identifier: BSD-2-Clause
/* --help, from the rows. */
#include <string.h>

#include "defs/options_inside.h"

enum { HELP_COLUMN = 30, HELP_WIDTH = 100 };

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
		snprintf(note + strlen(note), sizeof(note) - strlen(note), "Environment: %s%s%s%s.", row->env,
			 row->type == OPTION_SECRET ? ", or " : "", row->type == OPTION_SECRET ? row->env : "",
			 row->type == OPTION_SECRET ? "_FILE, which names a file that holds it" : "");
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
		help_row(&options_common[i], out);
}
