/* SPDX-License-Identifier: BSD-2-Clause */
/* Days and dates of the Gregorian calendar, for any year. Pure. */
#ifndef COLLECTOR_CIVIL_H
#define COLLECTOR_CIVIL_H

#include <stdint.h>

enum { CIVIL_DAY_S = 86400 };

struct civil {
	int64_t year;
	int month, day; /* from 1 */
	int weekday;	/* 0 is Sunday */
};

/* Days since 1970-01-01. */
int64_t civil_days(int64_t year, int month, int day);
struct civil civil_of_days(int64_t days);
/* The whole days in so many seconds, rounded down also before 1970. */
int64_t civil_days_in(int64_t seconds);

#endif
