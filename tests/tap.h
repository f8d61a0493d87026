/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests in C speak TAP: tap_ok() for each, tap_skip() with the missing feature, tap_end() last.
 */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

static int tap_count, tap_failures;

__attribute__((format(printf, 2, 3), unused)) static bool tap_ok(bool ok, const char *format, ...)
{
	va_list arguments;

	tap_failures += !ok;
	printf("%sok %d - ", ok ? "" : "not ", ++tap_count);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
	fflush(stdout);
	return ok;
}

__attribute__((unused)) static void tap_skip(const char *what, const char *missing)
{
	printf("ok %d - %s # SKIP %s\n", ++tap_count, what, missing);
}

/* The plan, and the exit status. */
__attribute__((unused)) static int tap_end(void)
{
	printf("1..%d\n", tap_count);
	return tap_failures != 0;
}

#endif
