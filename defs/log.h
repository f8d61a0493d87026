/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One shape of log line for every program: `level: message`, on standard error.
 *
 * A message says what happened, why, and what to do about it. Secrets are never passed to it. The same
 * message is written at most LOG_REPEAT_MAX times a minute; how many were held back is said afterwards.
 */
#ifndef DEFS_LOG_H
#define DEFS_LOG_H

#include <stdbool.h>

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG, LOG_TRACE };

enum { LOG_REPEAT_MAX = 10 };

/* Set what is written; LOG_INFO until called. name stands before each line when it is not NULL. Repeats count anew. */
void log_setup(enum log_level level, const char *name);

/* `trace` `debug` `info` `warn` `error` → level. Returns 0, or -EINVAL. */
int log_level_parse(const char *text, enum log_level *out);
bool log_enabled(enum log_level level);

__attribute__((format(printf, 2, 3))) void log_write(enum log_level level, const char *format, ...);

#define log_error(...) log_write(LOG_ERROR, __VA_ARGS__)
#define log_warn(...) log_write(LOG_WARN, __VA_ARGS__)
#define log_info(...) log_write(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_write(LOG_DEBUG, __VA_ARGS__)

#endif
