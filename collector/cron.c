/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fields are bits. The next time is looked for on the zone's own clock, span by span: within a span in which the clocks are not changed
 * its time and UTC run side by side.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "collector/civil.h"
#include "collector/cron.h"
#include "collector/zone.h"

enum { FIELDS = 6, HOUR_S = 3600, MINUTE_S = 60, WHY_MAX = 300 };
#define HORIZON_S (INT64_C(3653) * CIVIL_DAY_S)
#define ALL_HOURS UINT64_C(0xffffff)

static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun",
				     "jul", "aug", "sep", "oct", "nov", "dec"};
static const char *const weekdays[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

static const struct field {
	const char *name;
	int min, max;
	const char *const *names; /* for min, min + 1, … */
	int name_count;
	size_t offset;
} fields[FIELDS] = {
	{"second", 0, 59, NULL, 0, offsetof(struct cron, seconds)},
	{"minute", 0, 59, NULL, 0, offsetof(struct cron, minutes)},
	{"hour", 0, 23, NULL, 0, offsetof(struct cron, hours)},
	{"day of the month", 1, 31, NULL, 0, offsetof(struct cron, days)},
	{"month", 1, 12, months, 12, offsetof(struct cron, months)},
	{"day of the week", 0, 7, weekdays, 7, offsetof(struct cron, weekdays)},
};

static const char *const macros[][2] = {
	{"@hourly", "0 * * * *"},   {"@daily", "0 0 * * *"},   {"@midnight", "0 0 * * *"},
	{"@weekly", "0 0 * * 0"},   {"@monthly", "0 0 1 * *"}, {"@yearly", "0 0 1 1 *"},
	{"@annually", "0 0 1 1 *"},
};

/* A number or a name; -1 when it is neither, or out of the field's range. */
static int read_value(const struct field *field, const char **at)
{
	int number = 0;

	for (int i = 0; i < field->name_count; i++) {
		if (strncasecmp(*at, field->names[i], 3) != 0 || isalnum((unsigned char)(*at)[3]))
			continue;
		*at += 3;
		return field->min + i;
	}
	if (!isdigit((unsigned char)**at))
		return -1;
	while (isdigit((unsigned char)**at) && number < 1000)
		number = number * 10 + *(*at)++ - '0';
	return number >= field->min && number <= field->max ? number : -1;
}

/* One item of a list: *, a value, a range, each with a step. */
static bool read_item(const struct field *field, const char **at, uint64_t *bits)
{
	int first = field->min, last = field->max, step = 1;
	bool whole = **at == '*' || **at == '?';

	if (whole) {
		(*at)++;
	} else {
		first = last = read_value(field, at);
		if (first >= 0 && **at == '-') {
			(*at)++;
			last = read_value(field, at);
			if (last == 0 && field->names == weekdays) /* to Sunday */
				last = 7;
		} else if (**at == '/') {
			last = field->max;
		}
	}
	if (**at == '/') {
		(*at)++;
		for (step = 0; isdigit((unsigned char)**at) && step < 1000; (*at)++)
			step = step * 10 + **at - '0';
	}
	if (first < 0 || last < first || step < 1)
		return false;
	for (int i = first; i <= last; i += step)
		*bits |= UINT64_C(1) << i;
	return true;
}

static bool read_field(const struct field *field, const char *text, struct cron *out)
{
	uint64_t *bits = (uint64_t *)((char *)out + field->offset);

	for (*bits = 0; read_item(field, &text, bits) && *text == ','; text++)
		;
	if (field->max == 7 && *bits >> 7) /* Sunday has two numbers */
		*bits = (*bits | 1) & 0x7f;
	return !*text && *bits;
}

static size_t split(char *text, char *words[static FIELDS + 1])
{
	size_t count = 0;

	for (char *save, *word = strtok_r(text, " \t", &save); word && count <= FIELDS;
	     word = strtok_r(NULL, " \t", &save))
		words[count++] = word;
	return count;
}

int cron_read(const char *text, struct cron *out, char *error, size_t size)
{
	struct cron cron = {.seconds = 1};
	char copy[CRON_TEXT_MAX + 1], *words[FIELDS + 1];
	size_t count, first;

	for (size_t i = 0; i < sizeof(macros) / sizeof(macros[0]); i++)
		if (strcasecmp(text, macros[i][0]) == 0)
			text = macros[i][1];
	if (strlen(text) > CRON_TEXT_MAX) {
		snprintf(error, size, "it has more than %d characters", CRON_TEXT_MAX);
		return -EINVAL;
	}
	snprintf(copy, sizeof(copy), "%s", text);
	count = split(copy, words);
	if (count != FIELDS && count != FIELDS - 1) {
		snprintf(
			error, size,
			"it needs five fields (minute, hour, day of the month, month, day of the week), or six "
			"with the second first; for example \"0 3 * * *\" for every night at three");
		return -EINVAL;
	}
	first = FIELDS - count;
	for (size_t i = 0; i < count; i++) {
		if (read_field(&fields[first + i], words[i], &cron))
			continue;
		snprintf(error, size, "the %s is not understood: \"%.40s\"; it goes from %d to %d",
			 fields[first + i].name, words[i], fields[first + i].min, fields[first + i].max);
		return -EINVAL;
	}
	if (cron.seconds & (cron.seconds - 1)) {
		snprintf(error, size, "it may run once a minute at most: give one second, not several");
		return -EINVAL;
	}
	cron.any_day = strchr("*?", words[3 - first][0]) != NULL;
	cron.any_weekday = strchr("*?", words[5 - first][0]) != NULL;
	*out = cron;
	return 0;
}

static bool has(uint64_t bits, int64_t number)
{
	return bits >> number & 1;
}

static bool day_matches(const struct cron *cron, const struct civil *date)
{
	bool day = has(cron->days, date->day), weekday = has(cron->weekdays, date->weekday);

	return cron->any_day || cron->any_weekday ? day && weekday : day || weekday;
}

/* The first time of a day, in seconds from its midnight, not before `from`; -1 when there is none. */
static int64_t find_time(const struct cron *cron, int64_t from)
{
	for (int64_t hour = from / HOUR_S; hour < 24; hour++) {
		if (!has(cron->hours, hour))
			continue;
		for (int64_t minute = 0; minute < 60; minute++)
			for (int64_t second = 0; second < 60 && has(cron->minutes, minute); second++) {
				int64_t time = hour * HOUR_S + minute * MINUTE_S + second;

				if (time >= from && has(cron->seconds, second))
					return time;
			}
	}
	return -1;
}

/* The first time from one moment of a clock until before another; CRON_NEVER when there is none. */
static int64_t find(const struct cron *cron, int64_t from, int64_t before)
{
	int64_t time_of_day = from - civil_days_in(from) * CIVIL_DAY_S;

	for (int64_t day = civil_days_in(from); day * CIVIL_DAY_S < before; day++, time_of_day = 0) {
		struct civil date = civil_of_days(day);
		int64_t time;

		if (!has(cron->months, date.month)) {
			day = civil_days(date.year + date.month / 12, date.month % 12 + 1, 1) - 1;
			continue;
		}
		time = day_matches(cron, &date) ? find_time(cron, time_of_day) : -1;
		if (time >= 0)
			return day * CIVIL_DAY_S + time < before ? day * CIVIL_DAY_S + time : CRON_NEVER;
	}
	return CRON_NEVER;
}

int64_t cron_next(const struct cron *cron, const struct zone *zone, int64_t after)
{
	int64_t at = after + 1, stop = at + HORIZON_S;
	bool certain_hours = cron->hours != ALL_HOURS;
	struct zone_span span;

	for (; at < stop; at = span.end) {
		int64_t from, found, shown;

		zone_span(zone, at, &span);
		from = at + span.offset;
		shown = span.start == INT64_MIN ? INT64_MIN : span.start + span.before;
		if (certain_hours && at == span.start && find(cron, shown, from) != CRON_NEVER)
			return at;
		/* What the clocks had shown before they were set back. */
		if (certain_hours && shown > from)
			from = shown;
		found = find(cron, from, (span.end < stop ? span.end : stop) + span.offset);
		if (found != CRON_NEVER)
			return found - span.offset;
	}
	return CRON_NEVER;
}

int cron_due(const char *text, const char *timezone, int64_t after, int64_t *out, char *error, size_t size)
{
	char why[WHY_MAX];
	struct cron cron;
	struct zone *zone;
	int failed;

	if (cron_read(text, &cron, why, sizeof(why))) {
		snprintf(error, size, "run_type.cron: %s", why);
		return -EINVAL;
	}
	failed = zone_load(timezone, &zone);
	if (failed) {
		snprintf(error, size,
			 failed == -ENOENT
				 ? "run_type.timezone: \"%.64s\" is not known here; it is a name like "
				   "Europe/Berlin or UTC "
				   "(is tzdata installed?)"
				 : "run_type.timezone: \"%.64s\" can't be read from /usr/share/zoneinfo",
			 timezone);
		return -EINVAL;
	}
	*out = cron_next(&cron, zone, after);
	zone_free(zone);
	if (*out != CRON_NEVER)
		return 0;
	snprintf(error, size, "run_type.cron: \"%.60s\" is never due within ten years", text);
	return -EINVAL;
}
