// SPDX-License-Identifier: BSD-2-Clause
/*
 * Who answers in a protocol speaks it: each conversation of talks.h, in one piece and byte by byte, is known, and by nothing else than by both of its
 * halves together.
 */
#include "tests/decode/talks.h"

#include "tests/decode/heads.h"

static struct talker t;

/* The name of the one service that was said, or "". */
static const char *service(void)
{
	static char name[64];
	size_t found = 0;

	name[0] = 0;
	for (size_t i = 0; i < t.said.count; i++) {
		const char *at = strstr(t.said.line[i], "\"name\":\"");

		if (strncmp(t.said.line[i], "{\"fact\":\"service\"", 17) != 0 || !at)
			continue;
		found++;
		sscanf(at + 8, "%63[^\"]", name);
	}
	return found > 1 ? "more than one" : name;
}

static bool tells(const char *wanted)
{
	const char *equals = wanted ? strchr(wanted, '=') : NULL;
	char line[128];

	if (!wanted)
		return true;
	snprintf(line, sizeof(line), "\"key\":\"%.*s\",\"value\":\"%s\"", (int)(equals - wanted), wanted,
		 equals + 1);
	for (size_t i = 0; i < t.said.count; i++)
		if (strstr(t.said.line[i], line))
			return true;
	printf("# not told: %s\n", line);
	return false;
}

static void converse(const struct talk_line *asks, const struct talk_line *says, bool seen)
{
	said_clear(&t.said);
	talk_begin(&t, 7777, seen);
	talk_says(&t, 0, asks->bytes, asks->length);
	talk_says(&t, 1, says->bytes, says->length);
	heads_tick(t.heads, 0);
}

/* A segment of one byte, then the rest. */
static void converse_in_pieces(const struct test_talk *talk)
{
	said_clear(&t.said);
	talk_begin(&t, 7777, true);
	talk_says(&t, 0, talk->asks.bytes, 1);
	if (talk->asks.length > 1)
		talk_says(&t, 0, talk->asks.bytes + 1, talk->asks.length - 1);
	talk_says(&t, 1, talk->says.bytes, 1);
	if (talk->says.length > 1)
		talk_says(&t, 1, talk->says.bytes + 1, talk->says.length - 1);
	heads_tick(t.heads, 0);
}

static const struct talk_line nothing = {"", 0};

static size_t proves(const struct test_talk *talk, const struct talk_line *asks, const struct talk_line *says,
		     bool seen)
{
	converse(asks, says, seen);
	if (!*service())
		return 0;
	printf("# %s: %zu and %zu bytes%s prove %s\n", talk->name, asks->length, says->length,
	       seen ? "" : " from the middle", service());
	return 1;
}

/* Protocols of one family, whose answers differ no more than their questions let them. */
static bool same_form(const char *a, const char *b)
{
	static const char *const families[][2] = {
		{"zabbix-agent", "zabbix-server"},
		{"rdp", "s7comm"},	/* X.224's connection confirm */
		{"portmapper", "nfs"}}; /* a reply does not name its program */

	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if ((!strcmp(a, families[i][0]) && !strcmp(b, families[i][1])) ||
		    (!strcmp(a, families[i][1]) && !strcmp(b, families[i][0])))
			return true;
	return !strcmp(a, b);
}

int main(void)
{
	size_t strange = 0, early = 0;

	talk_open(&t);
	for (size_t i = 0; i < TEST_TALKS; i++) {
		const struct test_talk *talk = &test_talks[i];

		converse(&talk->asks, &talk->says, true);
		tap_ok(!strcmp(service(), talk->name) && tells(talk->tells), "%s: %s", talk->name, service());
		converse_in_pieces(talk);
		tap_ok(!strcmp(service(), talk->name) && tells(talk->tells), "%s: in pieces: %s", talk->name,
		       service());
		early += proves(talk, &talk->asks, &talk->says, false);
		early += proves(talk, &talk->asks, &nothing, true);
		if (strcmp(talk->name, "irc") != 0 && strcmp(talk->name, "bgp") != 0) /* their servers greet */
			early += proves(talk, &nothing, &talk->says, true);
	}
	tap_ok(early == 0, "a half proves nothing, nor does the middle of a connection (%zu)", early);
	for (size_t i = 0; i < TEST_TALKS; i++) {
		for (size_t k = 0; k < TEST_TALKS; k++) {
			converse(&test_talks[i].asks, &test_talks[k].says, true);
			if (!*service() || same_form(test_talks[i].name, test_talks[k].name))
				continue;
			printf("# %s asked, %s answered: %s\n", test_talks[i].name, test_talks[k].name,
			       service());
			strange++;
		}
	}
	tap_ok(strange == 0, "nor does the answer of another protocol (%zu of %d)", strange,
	       TEST_TALKS * TEST_TALKS);
	said_clear(&t.said);
	heads_close(t.heads);
	return tap_end();
}
