// SPDX-License-Identifier: BSD-2-Clause
/*
 * Given this schedule, zone and moment, then it is due at these times; zones as the C library has them, over a century.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "collector/civil.h"
#include "collector/cron.h"
#include "collector/zone.h"
#include "tests/tap.h"

static const struct {
	const char *cron, *zone, *after, *due[3], *what;
} cases[] = {
	{"0 0 * * *",
	 "UTC",
	 "2025-01-31 12:00:00",
	 {"2025-02-01 00:00:00", "2025-02-02 00:00:00"},
	 "every midnight"},
	{"0 0 0 * * *",
	 "UTC",
	 "2025-01-31 00:00:00",
	 {"2025-02-01 00:00:00"},
	 "six fields; not the same moment again"},
	{"30 15 4 * * *", "UTC", "2025-01-01 00:00:00", {"2025-01-01 04:15:30"}, "a second of its own"},
	{"*/20 * * * *",
	 "UTC",
	 "2025-01-01 00:10:00",
	 {"2025-01-01 00:20:00", "2025-01-01 00:40:00", "2025-01-01 01:00:00"},
	 "steps"},
	{"5,10-12 8 * * *",
	 "UTC",
	 "2025-01-01 08:05:00",
	 {"2025-01-01 08:10:00", "2025-01-01 08:11:00", "2025-01-01 08:12:00"},
	 "lists and ranges"},
	{"0 22-23/1 * * *",
	 "UTC",
	 "2025-12-31 22:30:00",
	 {"2025-12-31 23:00:00", "2026-01-01 22:00:00"},
	 "over the year's end"},
	{"0 9 * * MON-fri",
	 "UTC",
	 "2025-08-01 09:00:00",
	 {"2025-08-04 09:00:00", "2025-08-05 09:00:00"},
	 "days by name"},
	{"0 9 * * 7",
	 "UTC",
	 "2025-08-01 00:00:00",
	 {"2025-08-03 09:00:00", "2025-08-10 09:00:00"},
	 "Sunday as 7"},
	{"0 9 * * sat-sun",
	 "UTC",
	 "2025-08-01 00:00:00",
	 {"2025-08-02 09:00:00", "2025-08-03 09:00:00", "2025-08-09 09:00:00"},
	 "a range to Sunday"},
	{"0 0 13 * 5",
	 "UTC",
	 "2025-06-07 00:00:00",
	 {"2025-06-13 00:00:00", "2025-06-20 00:00:00", "2025-06-27 00:00:00"},
	 "either day is enough"},
	{"0 0 13 * 1",
	 "UTC",
	 "2025-06-10 00:00:00",
	 {"2025-06-13 00:00:00", "2025-06-16 00:00:00"},
	 "either day is enough, the date first"},
	{"0 0 31 * ?",
	 "UTC",
	 "2025-01-31 00:00:00",
	 {"2025-03-31 00:00:00", "2025-05-31 00:00:00"},
	 "months without that day are left out"},
	{"0 0 29 2 *",
	 "UTC",
	 "2096-02-29 00:00:00",
	 {"2104-02-29 00:00:00"},
	 "29 February, over 2100, which has none"},
	{"@weekly", "UTC", "2025-08-01 00:00:00", {"2025-08-03 00:00:00"}, "a word for it"},
	{"0 0 31 4 *", "UTC", "2025-01-01 00:00:00", {NULL}, "a day that never is"},
	{"15 6 * * *",
	 "Asia/Kathmandu",
	 "2025-01-01 00:00:00",
	 {"2025-01-01 00:30:00"},
	 "a zone of quarter hours"},
	{"0 3 * * *",
	 "America/New_York",
	 "2060-06-30 00:00:00",
	 {"2060-06-30 07:00:00"},
	 "summer beyond the table, by its rule"},
	{"0 3 * * *",
	 "America/New_York",
	 "2060-12-30 00:00:00",
	 {"2060-12-30 08:00:00"},
	 "winter beyond the table"},
	/* Berlin, 2025: at 01:00 UTC on 30 March from 02:00 to 03:00, on 26 October from 03:00 to 02:00. */
	{"30 2 * * *",
	 "Europe/Berlin",
	 "2025-03-28 12:00:00",
	 {"2025-03-29 01:30:00", "2025-03-30 01:00:00", "2025-03-31 00:30:00"},
	 "spring: a time that is left out is at the change"},
	{"0,30 2 * * *",
	 "Europe/Berlin",
	 "2025-03-30 00:00:00",
	 {"2025-03-30 01:00:00", "2025-03-31 00:00:00"},
	 "spring: two that are left out are one"},
	{"0 3 * * *",
	 "Europe/Berlin",
	 "2025-03-30 00:00:00",
	 {"2025-03-30 01:00:00", "2025-03-31 01:00:00"},
	 "spring: the time after the gap is itself"},
	{"30 * * * *",
	 "Europe/Berlin",
	 "2025-03-30 00:00:00",
	 {"2025-03-30 00:30:00", "2025-03-30 01:30:00", "2025-03-30 02:30:00"},
	 "spring: every hour goes on"},
	{"0 */2 * * *",
	 "Europe/Berlin",
	 "2025-03-29 23:30:00",
	 {"2025-03-30 01:00:00", "2025-03-30 02:00:00"},
	 "spring: certain hours"},
	{"30 2 * * *",
	 "Europe/Berlin",
	 "2025-10-25 12:00:00",
	 {"2025-10-26 00:30:00", "2025-10-27 01:30:00"},
	 "autumn: what is shown twice is once"},
	{"30 2 * * *",
	 "Europe/Berlin",
	 "2025-10-26 01:10:00",
	 {"2025-10-27 01:30:00"},
	 "autumn: and not again in the second hour"},
	{"0 3 * * *",
	 "Europe/Berlin",
	 "2025-10-26 00:30:00",
	 {"2025-10-26 02:00:00"},
	 "autumn: 3 o'clock is when the hour is over for good"},
	{"30 * * * *",
	 "Europe/Berlin",
	 "2025-10-26 00:00:00",
	 {"2025-10-26 00:30:00", "2025-10-26 01:30:00", "2025-10-26 02:30:00"},
	 "autumn: every hour is every hour"},
	{"*/30 * * * *",
	 "Australia/Lord_Howe",
	 "2025-10-04 15:00:00",
	 {"2025-10-04 15:30:00", "2025-10-04 16:00:00"},
	 "a change of half an hour"},
	{"15 2 * * *",
	 "Australia/Lord_Howe",
	 "2025-10-04 00:00:00",
	 {"2025-10-04 15:30:00", "2025-10-05 15:15:00"},
	 "a gap of half an hour"},
	{"0 12 30 12 *",
	 "Pacific/Apia",
	 "2011-12-01 00:00:00",
	 {"2011-12-30 10:00:00", "2012-12-29 22:00:00"},
	 "a day that a country left out"},
	{"0 0 * * *",
	 "America/Sao_Paulo",
	 "2018-11-03 12:00:00",
	 {"2018-11-04 03:00:00", "2018-11-05 02:00:00"},
	 "a midnight that is left out"},
	{"30 1 * * *",
	 "Europe/Dublin",
	 "2050-03-26 12:00:00",
	 {"2050-03-27 01:00:00", "2050-03-28 00:30:00"},
	 "a zone whose winter is the exception, by its rule"},
};

static const struct {
	const char *cron, *why;
} wrong[] = {
	{"", "five fields"},
	{"* * * *", "five fields"},
	{"* * * * * * *", "five fields"},
	{"60 * * * *", "minute"},
	{"* 24 * * *", "hour"},
	{"* * 0 * *", "day of the month"},
	{"* * 32 * *", "day of the month"},
	{"* * * 13 *", "month"},
	{"* * * foo *", "month"},
	{"* * * janx *", "month"},
	{"* * * * 8", "day of the week"},
	{"5-3 * * * *", "minute"},
	{"*/0 * * * *", "minute"},
	{"1,, * * * *", "minute"},
	{"-1 * * * *", "minute"},
	{"1- * * * *", "minute"},
	{"99999999999999999999 * * * *", "minute"},
	{"* * * * * *", "once a minute"},
	{"0,30 * * * * *", "once a minute"},
	{"@never", "five fields"},
	{"0 0 * * *;", "day of the week"},
};

static int64_t moment(const char *text)
{
	int year, month, day, hour, minute, second;

	if (sscanf(text, "%d-%d-%d %d:%d:%d", &year, &month, &day, &hour, &minute, &second) != 6)
		abort();
	return civil_days(year, month, day) * CIVIL_DAY_S + hour * 3600 + minute * 60 + second;
}

static const char *words(int64_t at, char out[static 40])
{
	struct civil date = civil_of_days(civil_days_in(at));
	int64_t time = at - civil_days_in(at) * CIVIL_DAY_S;

	if (at == CRON_NEVER)
		return "never";
	snprintf(out, 40, "%04d-%02d-%02d %02d:%02d:%02d", (int)date.year, date.month, date.day,
		 (int)(time / 3600), (int)(time / 60 % 60), (int)(time % 60));
	return out;
}

static void test_cases(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char error[200] = "", text[40];
		struct zone *zone = NULL;
		struct cron cron;
		int64_t at = moment(cases[i].after);
		bool good = !zone_load(cases[i].zone, &zone) &&
			    !cron_read(cases[i].cron, &cron, error, sizeof(error));

		for (size_t j = 0; good && j < 3 && (j == 0 || cases[i].due[j]); j++) {
			at = cron_next(&cron, zone, at);
			good = strcmp(words(at, text), cases[i].due[j] ? cases[i].due[j] : "never") == 0;
		}
		if (!tap_ok(good, "%s, %s: %s", cases[i].cron, cases[i].zone, cases[i].what))
			printf("# %s %s\n", error, zone ? words(at, text) : "no such zone");
		zone_free(zone);
	}
}

static void test_wrong(void)
{
	struct cron cron;
	char error[200];

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		bool refused = cron_read(wrong[i].cron, &cron, error, sizeof(error)) != 0;

		if (!tap_ok(refused && strstr(error, wrong[i].why), "refused: \"%s\"", wrong[i].cron))
			printf("# %s\n", refused ? error : "taken");
	}
}

/* At any moment the offset is the C library's, and a span tells the truth of its ends. */
static void test_zones(void)
{
	static const char *const names[] = {"UTC",
					    "Europe/Berlin",
					    "Europe/Dublin",
					    "America/New_York",
					    "America/Sao_Paulo",
					    "Australia/Lord_Howe",
					    "Asia/Kathmandu",
					    "Africa/Casablanca",
					    "Pacific/Apia",
					    "America/Nuuk",
					    "Asia/Gaza",
					    "Antarctica/Troll",
					    "Etc/GMT+12"};
	const int64_t first = moment("1940-01-01 00:00:00"), last = moment("2130-01-01 00:00:00");

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct zone *zone = NULL;
		struct zone_span span;
		int wrong_offsets = 0, wrong_ends = 0, changes = 0;
		char text[40];

		setenv("TZ", names[i], 1);
		tzset();
		if (zone_load(names[i], &zone)) {
			tap_ok(false, "%s is read", names[i]);
			continue;
		}
		for (int64_t at = first; at < last; at += 86413 * 3) {
			time_t as_time = at;
			struct tm tm;

			zone_span(zone, at, &span);
			if (localtime_r(&as_time, &tm) && tm.tm_gmtoff != span.offset && !wrong_offsets++)
				printf("# %s: %d, the C library has %ld\n", words(at, text), (int)span.offset,
				       tm.tm_gmtoff);
			wrong_ends += at < span.start || at >= span.end;
		}
		for (int64_t at = first; at < last; at = span.end, changes++) {
			struct zone_span before;

			zone_span(zone, at, &span);
			if (span.start == INT64_MIN)
				continue;
			zone_span(zone, span.start - 1, &before);
			wrong_ends += before.end != span.start || before.offset != span.before;
		}
		tap_ok(!wrong_offsets && !wrong_ends,
		       "%s is as the C library has it, from 1940 to 2130 (%d changes)", names[i], changes);
		zone_free(zone);
	}
}

static void test_zone_names(void)
{
	static const char *const bad[] = {
		"",	"Mars/Olympus",	  "../../etc/passwd", "/etc/localtime", "Europe/../UTC", "Europe",
		"UTC/", "Europe//Berlin", "zone.tab",	      "leapseconds",	"UTC "};
	struct zone *zone;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		tap_ok(zone_load(bad[i], &zone) < 0, "\"%s\" is no zone", bad[i]);
}

/* A file that was cut or damaged anywhere is refused or read within its bounds. */
static void test_damaged(void)
{
	FILE *file = fopen("/usr/share/zoneinfo/Europe/Berlin", "rb");
	static uint8_t whole[1 << 16];
	size_t length = file ? fread(whole, 1, sizeof(whole), file) : 0;
	int taken = 0;

	if (file)
		fclose(file);
	for (size_t cut = 0; cut < length; cut++) {
		uint8_t *part = malloc(cut + 1);
		struct zone *zone = NULL;

		memcpy(part, whole, cut);
		taken += zone_read(part, cut, &zone) == 0;
		zone_free(zone);
		free(part);
	}
	tap_ok(length > 100 && !taken, "a file that was cut anywhere is refused (%zu bytes)", length);
	for (size_t i = 0; i < length; i++) {
		struct zone *zone = NULL;
		struct zone_span span = {0};

		whole[i] ^= 0xff;
		if (zone_read(whole, length, &zone) == 0)
			zone_span(zone, 1750000000, &span);
		whole[i] ^= 0xff;
		zone_free(zone);
	}
	tap_ok(true, "a damaged byte anywhere does no harm");
}

int main(void)
{
	test_cases();
	test_wrong();
	test_zone_names();
	test_damaged();
	test_zones();
	return tap_end();
}
