/* SPDX-License-Identifier: BSD-2-Clause */
/* Facts as a test writes them down: the JSON line without its times, in any order; and what was said, collected. */
#ifndef TESTS_DECODE_SAID_H
#define TESTS_DECODE_SAID_H

#include <stdlib.h>
#include <string.h>

#include "sensor/fact_json.h"
#include "sensor/sightings.h"
#include "tests/tap.h"

enum { SAID_MAX = 512 };

struct said {
	size_t count;
	char *line[SAID_MAX];
	int refuse; /* what say() returns instead, while it is not 0 */
};

/* The line without `until`, from its first key up to "first", and what follows "count". To be freed. */
static char *said_line(const struct fact *fact)
{
	struct fact timeless = *fact;
	size_t length;

	timeless.has &= ~(UINT64_C(1) << FIELD_until);

	char *line = fact_json(&timeless, &length);
	char *first = line ? strstr(line, "\"first\":") : NULL, *vlan = line ? strstr(line, "\"vlan\":") : NULL;

	if (first && vlan)
		memmove(first, vlan, strlen(vlan) + 1);
	return line;
}

static int said_say(void *context, const struct fact *fact)
{
	struct said *said = context;

	if (said->refuse)
		return said->refuse;
	if (said->count < SAID_MAX)
		said->line[said->count++] = said_line(fact);
	return 0;
}

static bool said_has(const struct said *said, const char *line)
{
	for (size_t i = 0; i < said->count; i++)
		if (strcmp(said->line[i], line) == 0)
			return true;
	return false;
}

static void said_clear(struct said *said)
{
	for (size_t i = 0; i < said->count; i++)
		free(said->line[i]);
	said->count = 0;
}

/* Exactly these lines (the list ends with NULL), each as often as it stands there. Differences are printed. */
__attribute__((unused)) static void said_is(struct said *said, const char *story, const char *const *lines)
{
	size_t count = 0;
	bool same = true;

	for (; lines[count]; count++) {
		if (said_has(said, lines[count]))
			continue;
		same = false;
		printf("# not said: %s\n", lines[count]);
	}
	for (size_t i = 0; i < said->count; i++) {
		bool wanted = false;

		for (size_t k = 0; k < count; k++)
			wanted |= strcmp(said->line[i], lines[k]) == 0;
		if (!wanted)
			printf("# but said: %s\n", said->line[i]);
		same &= wanted;
	}
	tap_ok(same && said->count == count, "%s", story);
	said_clear(said);
}

#endif
