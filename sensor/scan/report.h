/* SPDX-License-Identifier: BSD-2-Clause */
/* How far a scan is and what it came to, as the messages that the collector reads (docs/stream.md). */
#ifndef SENSOR_SCAN_REPORT_H
#define SENSOR_SCAN_REPORT_H

#include <stddef.h>

struct scan_progress;

/* They return the text, to be freed, with *length; NULL when there is no memory. */

/* position: for `resume`, or NULL. */
char *report_progress(const char *id, const struct scan_progress *progress, const char *position,
		      size_t *length);
/* error: NULL when it went well. */
char *report_result(const char *id, const char *error, const struct scan_progress *progress,
		    const char *const *notes, size_t note_count, size_t *length);

#endif
