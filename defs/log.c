// SPDX-License-Identifier: BSD-2-Clause
/*
 * Log lines on standard error, whole (one write each) and limited.
 *
 * Promises: a line is one line whatever bytes a stranger put into it; the same message (the same format,
 * whatever its values) takes at most LOG_REPEAT_MAX lines a minute and the number held back is said; errno is
 * left as it was. May be called from several threads.
 */
#include "defs/log.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	LOG_LINE_BYTES_MAX = 1024, /* longer is cut */
	LOG_FORMATS_MAX = 64,	   /* formats counted at a time; the one that came first makes room */
	LOG_REPEAT_S = 60,
};

struct log_repeat {
	const char *format;
	time_t since_s;
	unsigned int written, held;
};

static const char *const level_names[] = {"error", "warn", "info", "debug", "trace"};

static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static enum log_level log_level_now = LOG_INFO;
static const char *log_name;
static struct log_repeat log_repeats[LOG_FORMATS_MAX];
static size_t log_oldest; /* slot that makes room next */

static time_t now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* Control characters would let a stranger's bytes begin a line of their own, or drive a terminal. */
static size_t put_plain(char *out, size_t room, const char *text)
{
	static const char digits[] = "0123456789abcdef";
	size_t used = 0;

	for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
		if (*at >= 0x20 && *at != 0x7f) {
			if (used + 1 > room)
				break;
			out[used++] = (char)*at;
			continue;
		}
		if (used + 4 > room)
			break;
		out[used++] = '\\';
		out[used++] = 'x';
		out[used++] = digits[*at >> 4];
		out[used++] = digits[*at & 15];
	}
	return used;
}

static void write_line(enum log_level level, const char *message)
{
	char line[LOG_LINE_BYTES_MAX];
	int head = snprintf(line, 128, "%s%s%s: ", log_name ? log_name : "", log_name ? ": " : "",
			    level_names[level]);
	size_t used = head < 128 ? (size_t)head : 127;

	used += put_plain(line + used, sizeof(line) - used - 1, message);
	line[used++] = '\n';
	/* When standard error is gone there is nobody left to tell. */
	if (write(STDERR_FILENO, line, used) < 0)
		return;
}

/* The counted minute of a slot is over: say what it held back. */
static void repeat_end(struct log_repeat *repeat)
{
	char message[160];

	if (repeat->held) {
		snprintf(message, sizeof(message), "%u more like \"%.60s\" were held back", repeat->held,
			 repeat->format);
		write_line(LOG_INFO, message);
	}
	*repeat = (struct log_repeat){0};
}

/* Whether a line of this format may be written now. */
static bool repeat_allows(const char *format, time_t now)
{
	struct log_repeat *slot = NULL;

	for (size_t i = 0; i < LOG_FORMATS_MAX; i++) {
		struct log_repeat *repeat = &log_repeats[i];

		if (repeat->format && now - repeat->since_s >= LOG_REPEAT_S)
			repeat_end(repeat);
		if (repeat->format == format)
			slot = repeat;
	}
	if (!slot) {
		slot = &log_repeats[log_oldest++ % LOG_FORMATS_MAX];
		repeat_end(slot);
		*slot = (struct log_repeat){.format = format, .since_s = now};
	}
	if (slot->written >= LOG_REPEAT_MAX) {
		slot->held++;
		return false;
	}
	slot->written++;
	return true;
}

void log_setup(enum log_level level, const char *name)
{
	pthread_mutex_lock(&log_lock);
	log_level_now = level;
	log_name = name;
	for (size_t i = 0; i < LOG_FORMATS_MAX; i++)
		repeat_end(&log_repeats[i]);
	pthread_mutex_unlock(&log_lock);
}

int log_level_parse(const char *text, enum log_level *out)
{
	for (size_t i = 0; i < sizeof(level_names) / sizeof(level_names[0]); i++) {
		if (!strcmp(text, level_names[i])) {
			*out = (enum log_level)i;
			return 0;
		}
	}
	return -EINVAL;
}

bool log_enabled(enum log_level level)
{
	return level <= log_level_now;
}

void log_write(enum log_level level, const char *format, ...)
{
	char message[LOG_LINE_BYTES_MAX];
	int saved = errno;
	va_list arguments;

	if (!log_enabled(level))
		return;
	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	pthread_mutex_lock(&log_lock);
	if (repeat_allows(format, now_s()))
		write_line(level, message);
	pthread_mutex_unlock(&log_lock);
	errno = saved;
}
