// SPDX-License-Identifier: BSD-2-Clause
/* An option's text by its type: flags, whole numbers within their range, choices, texts. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "defs/options_inside.h"

/* How a person wrote the option, for messages. */
static void origin_text(const struct reading *r, size_t index, char *out, size_t size)
{
	const struct found *found = &r->found[index];

	switch (found->origin) {
	case ORIGIN_ENVIRONMENT:
		snprintf(out, size, "environment variable %s", options_row(r, index)->env);
		break;
	case ORIGIN_FILE:
		snprintf(out, size, "%s:%u: %s", r->file_path, found->line, options_row(r, index)->name);
		break;
	default:
		snprintf(out, size, "--%s", options_row(r, index)->name);
	}
}

int options_flag(const char *text)
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
int options_put_value(const struct reading *r, size_t index, void *settings)
{
	const struct option_row *row = options_row(r, index);
	const char *text = r->found[index].text;
	void *member = (char *)settings + row->offset;
	char where[320], *end;
	long number;

	origin_text(r, index, where, sizeof(where));
	switch (row->type) {
	case OPTION_FLAG:
		if (options_flag(text) < 0)
			return options_wrong(r, "%s: \"%s\" is neither yes nor no", where, text);
		*(bool *)member = options_flag(text);
		return 0;
	case OPTION_NUMBER:
		errno = 0;
		number = strtol(text, &end, 10);
		if (errno || end == text || *end || number < row->min || number > row->max)
			return options_wrong(r, "%s: \"%s\" is not a whole number from %ld to %ld", where, text,
					     row->min, row->max);
		*(long *)member = number;
		return 0;
	case OPTION_CHOICE:
		if (!is_choice(row->choices, text))
			return options_wrong(r, "%s: \"%s\" is not one of %s", where, text, row->choices);
		break;
	case OPTION_TEXT:
	case OPTION_SECRET:
	case OPTION_PATH:
		if (!*text)
			return options_wrong(r, "%s: the value is empty; %s is expected", where, row->argument);
		break;
	}
	*(const char **)member = text;
	return 0;
}
