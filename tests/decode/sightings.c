// SPDX-License-Identifier: BSD-2-Clause
/* A fact is said when it is new, when a value changes, and otherwise with the refresh; and its texts are clean. */
#include "sensor/sightings.h"

#include <errno.h>

#include "defs/limits.h"
#include "sensor/text.h"
#include "tests/decode/said.h"

enum { SECOND = 1000000 };

static struct said said;
static struct fact_sink sink = {said_say, &said};
static struct sightings *sightings;

static void begin(struct sightings_options options)
{
	if (sightings_open(&options, &sink, 1, &sightings))
		exit(1);
}

static void end(void)
{
	sightings_close(sightings);
	said_clear(&said);
}

static struct fact service(uint16_t port, const char *state, int64_t time_us)
{
	struct fact fact = {.kind = FACT_SERVICE,
			    .source = SOURCE_TCP,
			    .confidence = CONFIDENCE_MEASURED,
			    .first_us = time_us,
			    .last_us = time_us,
			    .count = 1};

	FACT_SET(&fact, ip, ip_from_v4((const uint8_t[]){10, 0, 0, 1}));
	FACT_SET(&fact, port, port);
	FACT_SET(&fact, state, (struct text){state, strlen(state)});
	return fact;
}

static void see(uint16_t port, const char *state, int64_t time_us)
{
	struct fact fact = service(port, state, time_us);

	sightings_see(sightings, &fact);
}

static size_t said_since(void)
{
	size_t count = said.count;

	said_clear(&said);
	return count;
}

static void said_once(void)
{
	begin((struct sightings_options){.capacity = 16, .refresh_us = 60 * SECOND});
	see(80, "open", 0);
	tap_ok(said_since() == 1, "a new fact is said at once");
	see(80, "open", 2 * SECOND);
	sightings_tick(sightings, 2 * SECOND);
	tap_ok(said_since() == 0, "seen again, it is not said");
	see(80, "closed", 3 * SECOND);
	tap_ok(said_since() == 1, "with another value it is said at once");
	for (int i = 0; i < 100; i++)
		see(80, i % 2 ? "closed" : "open", 3 * SECOND + i);
	tap_ok(said_since() == 0, "a value that flutters is not said each time");
	sightings_tick(sightings, 4 * SECOND + 100);
	tap_ok(said_since() == 1, "but once, a second later");
	see(80, "closed", 10 * SECOND);
	sightings_tick(sightings, 59 * SECOND);
	tap_ok(said_since() == 0, "before the refresh is due nothing is said");
	sightings_tick(sightings, 70 * SECOND);
	tap_ok(said_since() == 1, "the refresh says that it was seen since");
	sightings_tick(sightings, 700 * SECOND);
	tap_ok(said_since() == 0, "what was not seen is not refreshed");
	sightings_refresh_all(sightings);
	tap_ok(said_since() == 1, "unless all is asked for");
	end();
}

static void bounded(void)
{
	struct sightings_counters counters;

	begin((struct sightings_options){.capacity = 16, .refresh_us = 60 * SECOND});
	for (uint16_t port = 1; port <= 16; port++)
		see(port, "open", port);
	see(1, "open", 100);
	said_since();
	see(17, "open", 101);
	sightings_counters(sightings, &counters);
	tap_ok(counters.held == 16 && counters.evicted == 1, "a full table lets go of one");
	tap_ok(said_since() == 1, "of the one that was seen longest ago, which had nothing left to say");
	for (uint16_t port = 18; port <= 32; port++)
		see(port, "open", 100 + port);
	tap_ok(said_since() == 16, "15 new ones, and the one that had moved is said before it leaves");
	end();
}

static void refusing_sink(void)
{
	struct sightings_counters counters;

	begin((struct sightings_options){.capacity = 16, .refresh_us = 60 * SECOND});
	said.refuse = -ENOSPC;
	see(80, "open", 0);
	sightings_counters(sightings, &counters);
	tap_ok(counters.refused == 1 && counters.said == 0, "a sink that is full: the fact counts as not said");
	said.refuse = 0;
	sightings_tick(sightings, SECOND);
	tap_ok(said_since() == 1, "and it is said as soon as there is room");
	end();
}

static void at_end(void)
{
	begin((struct sightings_options){.capacity = 16, .at_end = true});
	see(80, "open", 0);
	see(80, "open", SECOND);
	sightings_tick(sightings, SECOND);
	tap_ok(said_since() == 0, "of a file nothing is said before its end");
	see(80, "closed", 2 * SECOND);
	tap_ok(said_since() == 1, "but what changes is said as it was");
	sightings_flush(sightings);
	tap_ok(said.count == 1 && strstr(said.line[0], "closed"), "and at the end as it is");
	end();
}

static struct fact flow(int64_t first_us, int64_t last_us, uint64_t packets)
{
	struct fact fact = {.kind = FACT_FLOW,
			    .source = SOURCE_TCP,
			    .confidence = CONFIDENCE_MEASURED,
			    .first_us = first_us,
			    .last_us = last_us,
			    .count = 1};

	FACT_SET(&fact, client, ip_from_v4((const uint8_t[]){10, 0, 0, 1}));
	FACT_SET(&fact, packets, packets);
	return fact;
}

static void totals(void)
{
	begin((struct sightings_options){.capacity = 16, .refresh_us = 60 * SECOND, .measure_us = 5 * SECOND});
	struct fact one = flow(0, 0, 1), two = flow(0, 6 * SECOND, 9), anew = flow(7 * SECOND, 7 * SECOND, 2);

	sightings_see(sightings, &one);
	sightings_see(sightings, &two);
	said_since();
	sightings_tick(sightings, 6 * SECOND);
	tap_ok(said.count == 1 && strstr(said.line[0], "\"packets\":9"), "totals are said every measure_us");
	said_since();
	sightings_see(sightings, &anew);
	sightings_flush(sightings);
	tap_ok(said.count == 1 && strstr(said.line[0], "\"packets\":2"), "a new series replaces the old one");
	end();
}

static void times_and_texts(void)
{
	static const char bytes[] = "ok \xc3\xa4 \xff \xed\xa0\x80 \0 \x07 \"";
	struct fact fact = service(80, "open", INT64_C(1700000000000001));
	char *line, clean[sizeof(bytes) * TEXT_ESCAPE_BYTES];
	size_t length;

	FACT_SET(&fact, name, (struct text){bytes, sizeof(bytes) - 1});
	line = fact_json(&fact, &length);
	tap_ok(strstr(line, "\"first\":1700000000.000001,") != NULL, "microseconds are exact");
	tap_ok(strstr(line, "\"name\":\"ok ä \\\\xff \\\\xed\\\\xa0\\\\x80 \\\\x00 \\u0007 \\\"\"") != NULL,
	       "bytes that are not UTF-8, and zero, are escaped: %s", line);
	tap_ok(length == strlen(line) && !strchr(line, '\n'), "the length is the line's");
	free(line);
	tap_ok(text_clean((struct text){"\xf4\x90\x80\x80", 4}, clean) == 16,
	       "no character lies past U+10FFFF");
	tap_ok(text_cut((struct text){"aä", 3}, 2).length == 1, "a text is cut between characters");
}

static void long_texts(void)
{
	static char bytes[3 * STREAM_TEXT_BYTES_MAX];
	struct fact fact = service(80, "open", 0);
	struct sightings_counters counters;

	memset(bytes, 'x', sizeof(bytes));
	FACT_SET(&fact, name, (struct text){bytes, sizeof(bytes)});
	begin((struct sightings_options){.capacity = 16});
	sightings_see(sightings, &fact);
	sightings_see(sightings, &fact);
	sightings_counters(sightings, &counters);
	tap_ok(counters.held == 1 && counters.cut == 2 && strlen(said.line[0]) < STREAM_TEXT_BYTES_MAX + 300,
	       "a text of %zu bytes is cut to %d and counted", sizeof(bytes), STREAM_TEXT_BYTES_MAX);
	end();
}

int main(void)
{
	said_once();
	bounded();
	refusing_sink();
	at_end();
	totals();
	times_and_texts();
	long_texts();
	return tap_end();
}
