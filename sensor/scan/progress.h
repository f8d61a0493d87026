/* SPDX-License-Identifier: BSD-2-Clause */
/* How far a scan is, for a person who waits: on standard error, and never in what is written elsewhere. */
#ifndef SENSOR_SCAN_PROGRESS_H
#define SENSOR_SCAN_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct scan_progress;

enum { PROGRESS_TEXT_MAX = 240 };

struct progress {
	FILE *file;
	bool in_place;	  /* a terminal: one line, written over */
	int64_t every_us; /* otherwise a line after so long; 0: none */
	int64_t next_us;
	bool shown; /* something stands on the terminal's line */
};

/* when: "auto", "always", "never", as --progress has it. */
void progress_begin(struct progress *, FILE *file, const char *when);
/* "ports 42 %, 750/s, 50 hosts, 312 open, 38 s left" into out; returns out. */
const char *progress_text(const struct scan_progress *, char out[static PROGRESS_TEXT_MAX]);
void progress_show(struct progress *, const struct scan_progress *);
/* Takes the line away, so that others can write. */
void progress_clear(struct progress *);

#endif
