/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The year begins in March here, so that the day that some years have is its last. An era is the 400 years after which
 * the calendar repeats.
 */
#include "collector/civil.h"

enum {
	ERA_YEARS = 400,
	ERA_DAYS = 146097,
	EPOCH_DAYS = 719468, /* from 0000-03-01 to 1970-01-01 */
};

static int64_t divide_down(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

int64_t civil_days(int64_t year, int month, int day)
{
	int64_t from_march = month > 2 ? year : year - 1, era = divide_down(from_march, ERA_YEARS);
	int64_t of_era = from_march - era * ERA_YEARS;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + of_year - EPOCH_DAYS;
}

struct civil civil_of_days(int64_t days)
{
	int64_t shifted = days + EPOCH_DAYS, era = divide_down(shifted, ERA_DAYS),
		day = shifted - era * ERA_DAYS;
	int64_t of_era = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	int64_t of_year = day - (365 * of_era + of_era / 4 - of_era / 100);
	int64_t month = (5 * of_year + 2) / 153;
	struct civil out = {.day = (int)(of_year - (153 * month + 2) / 5 + 1),
			    .month = (int)(month < 10 ? month + 3 : month - 9),
			    .weekday = (int)((days % 7 + 11) % 7)};

	out.year = of_era + era * ERA_YEARS + (out.month <= 2);
	return out;
}

int64_t civil_days_in(int64_t seconds)
{
	return divide_down(seconds, CIVIL_DAY_S);
}
