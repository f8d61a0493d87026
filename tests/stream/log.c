// SPDX-License-Identifier: BSD-2-Clause
/* The log: levels, one line for one message, and the limit on repeats. */
#include "defs/log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/tap.h"

static char said[65536];
static int saved, capture;

static void capture_begin(void)
{
	FILE *file = tmpfile();

	saved = dup(2);
	capture = dup(fileno(file));
	fclose(file);
	dup2(capture, 2);
}

static void capture_end(void)
{
	ssize_t length = pread(capture, said, sizeof(said) - 1, 0);

	said[length > 0 ? length : 0] = 0;
	dup2(saved, 2);
	close(saved);
	close(capture);
}

static int lines(void)
{
	int count = 0;

	for (const char *at = said; *at; at++)
		count += *at == '\n';
	return count;
}

int main(void)
{
	enum log_level level = LOG_TRACE;
	char longer[5000];

	capture_begin();
	log_setup(LOG_INFO, "test");
	errno = ENOSPC;
	log_warn("disk: %s", "full");
	log_debug("not shown");
	capture_end();
	tap_ok(!strcmp(said, "test: warn: disk: full\n"),
	       "level and name stand before the message, lower levels are left out");
	tap_ok(errno == ENOSPC, "errno is left alone");

	capture_begin();
	log_info("name \"%s\"", "a\nerror: forged\x1b[2J");
	capture_end();
	tap_ok(lines() == 1 && strstr(said, "a\\x0aerror: forged\\x1b[2J"),
	       "a stranger's bytes stay on their line");

	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = 0;
	capture_begin();
	log_info("%s", longer);
	capture_end();
	tap_ok(lines() == 1 && strlen(said) <= 1024, "a long message is cut");

	capture_begin();
	for (int i = 0; i < 1000; i++)
		log_warn("again %d", i);
	log_warn("another");
	capture_end();
	tap_ok(lines() == LOG_REPEAT_MAX + 1 && strstr(said, "another"),
	       "repeats are limited, other messages are not");

	capture_begin();
	for (int i = 0; i < 100; i++) {
		char *format = malloc(8);

		snprintf(format, 8, "f%d", i);
		/* Formats that come and go push older ones out of the table, and with them their count. */
		_Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wformat-security\"");
		log_write(LOG_WARN, format);
		_Pragma("GCC diagnostic pop");
	}
	capture_end();
	tap_ok(strstr(said, "990 more like \"again %d\" were held back"), "what was held back is said");

	tap_ok(!log_level_parse("debug", &level) && level == LOG_DEBUG, "levels have names");
	tap_ok(log_level_parse("loud", &level) == -EINVAL && level == LOG_DEBUG, "an unknown level is refused");
	return tap_end();
}
