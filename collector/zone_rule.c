/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * POSIX's TZ as RFC 8536 section 3.3.1 has it: names in letters or <…>, hours from -167 to 167 in a rule's time.
 */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "collector/civil.h"
#include "collector/zone.h"

enum { HOUR_S = 3600, MINUTE_S = 60, YEARS = 3 };

static bool take(const char **at, char c)
{
	if (**at != c)
		return false;
	(*at)++;
	return true;
}

static bool take_number(const char **at, int max, int *out)
{
	int number = 0;

	if (!isdigit((unsigned char)**at))
		return false;
	while (isdigit((unsigned char)**at) && number <= max)
		number = number * 10 + *(*at)++ - '0';
	*out = number;
	return number <= max;
}

static bool take_name(const char **at)
{
	size_t length;

	if (take(at, '<')) {
		*at += strcspn(*at, ">");
		return take(at, '>');
	}
	for (length = 0; isalpha((unsigned char)(*at)[length]); length++)
		;
	*at += length;
	return length >= 3;
}

/* [+-]hh[:mm[:ss]] */
static bool take_time(const char **at, int64_t *out)
{
	bool negative = take(at, '-');
	int hours, minutes = 0, seconds = 0;

	if (!negative)
		take(at, '+');
	if (!take_number(at, 167, &hours))
		return false;
	if (take(at, ':') && !take_number(at, 59, &minutes))
		return false;
	if (take(at, ':') && !take_number(at, 59, &seconds))
		return false;
	*out = hours * (int64_t)HOUR_S + (int64_t)minutes * MINUTE_S + seconds;
	if (negative)
		*out = -*out;
	return true;
}

static bool take_day(const char **at, struct zone_day *out)
{
	*out = (struct zone_day){.time_s = INT64_C(2) * HOUR_S};
	if (take(at, 'M')) {
		out->kind = 'M';
		if (!take_number(at, 12, &out->month) || !take(at, '.') || !take_number(at, 5, &out->week) ||
		    !take(at, '.') || !take_number(at, 6, &out->day) || !out->month || !out->week)
			return false;
	} else {
		if (take(at, 'J'))
			out->kind = 'J';
		if (!take_number(at, 365, &out->day) || (out->kind && !out->day))
			return false;
	}
	return !take(at, '/') || take_time(at, &out->time_s);
}

int zone_rule_read(const char *text, struct zone_rule *out)
{
	struct zone_rule rule = {0};
	int64_t west;

	if (!take_name(&text) || !take_time(&text, &west))
		return -EINVAL;
	rule.standard = rule.summer = -west;
	if (!*text) {
		*out = rule;
		return 0;
	}
	if (!take_name(&text))
		return -EINVAL;
	rule.summer = rule.standard + HOUR_S;
	if (*text != ',') {
		if (!take_time(&text, &west))
			return -EINVAL;
		rule.summer = -west;
	}
	if (!take(&text, ',') || !take_day(&text, &rule.begin) || !take(&text, ',') ||
	    !take_day(&text, &rule.end) || *text)
		return -EINVAL;
	*out = rule;
	return 0;
}

/* The day's midnight as if it were UTC. */
static int64_t day_in(const struct zone_day *day, int64_t year)
{
	int64_t first = civil_days(year, 1, 1);

	if (day->kind == 'M') {
		int64_t month = civil_days(year, day->month, 1);
		int64_t next =
			day->month == 12 ? civil_days(year + 1, 1, 1) : civil_days(year, day->month + 1, 1);
		int64_t found = month + (day->day - civil_of_days(month).weekday + 7) % 7 +
				INT64_C(7) * (day->week - 1);

		return (found < next ? found : found - 7) * CIVIL_DAY_S;
	}
	if (day->kind == 'J') {
		bool leap = civil_days(year, 3, 1) - civil_days(year, 2, 1) == 29;

		return (first + day->day - 1 + (leap && day->day > 59)) * CIVIL_DAY_S;
	}
	return (first + day->day) * CIVIL_DAY_S;
}

void zone_rule_span(const struct zone_rule *rule, int64_t at, struct zone_span *out)
{
	int64_t year = civil_of_days(civil_days_in(at + rule->standard)).year - 1;
	struct {
		int64_t time, offset;
	} change[2 * YEARS], held;
	int count = 0, found = 0;

	*out = (struct zone_span){INT64_MIN, INT64_MAX, rule->standard, rule->standard};
	if (rule->standard == rule->summer)
		return;
	for (int64_t i = 0; i < YEARS; i++) {
		change[count].time = day_in(&rule->end, year + i) + rule->end.time_s - rule->summer;
		change[count++].offset = rule->standard;
		change[count].time = day_in(&rule->begin, year + i) + rule->begin.time_s - rule->standard;
		change[count++].offset = rule->summer;
	}
	for (int i = 1; i < count; i++)
		for (int j = i; j > 0 && change[j].time < change[j - 1].time; j--) {
			held = change[j];
			change[j] = change[j - 1];
			change[j - 1] = held;
		}
	while (found + 1 < count && change[found + 1].time <= at)
		found++;
	out->start = change[found].time;
	out->offset = change[found].offset;
	out->before = found ? change[found - 1].offset : out->offset;
	if (found + 1 < count)
		out->end = change[found + 1].time;
}
