// SPDX-License-Identifier: BSD-2-Clause
/* See progress.h. */
#include "sensor/scan/progress.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "sensor/scan/scan.h"

enum { SECOND_US = 1000000, LINE_US = 10 * SECOND_US };

void progress_begin(struct progress *p, FILE *file, const char *when)
{
	bool automatic = !strcmp(when, "auto");

	*p = (struct progress){.file = file};
	p->in_place = automatic && isatty(fileno(file));
	if (!p->in_place && strcmp(when, "never") != 0)
		p->every_us = automatic ? LINE_US : SECOND_US;
	/* A scan that takes less says nothing. */
	p->next_us = automatic ? p->every_us : 0;
}

static void append(char out[static PROGRESS_TEXT_MAX], const char *text)
{
	size_t used = strlen(out);

	snprintf(out + used, PROGRESS_TEXT_MAX - used, "%s", text);
}

static void append_remaining(const struct scan_progress *progress, char out[static PROGRESS_TEXT_MAX])
{
	int64_t seconds = (progress->remaining_us + SECOND_US - 1) / SECOND_US;
	char text[48];

	if (progress->remaining_us < 0)
		snprintf(text, sizeof(text), ", time left not known yet");
	else if (seconds < 120)
		snprintf(text, sizeof(text), ", %" PRId64 " s left", seconds);
	else if (seconds < 7200)
		snprintf(text, sizeof(text), ", %" PRId64 " min left", seconds / 60);
	else
		snprintf(text, sizeof(text), ", %" PRId64 " h %02" PRId64 " min left", seconds / 3600,
			 seconds / 60 % 60);
	append(out, text);
}

const char *progress_text(const struct scan_progress *progress, char out[static PROGRESS_TEXT_MAX])
{
	static const char *const phases[] = {[SCAN_ALIVE] = "who is there",
					     [SCAN_PORTS] = "ports",
					     [SCAN_IDENTIFY] = "what they are",
					     [SCAN_OVER] = "done"};
	const struct prober_progress *probe = &progress->probe;
	char text[96];

	snprintf(out, PROGRESS_TEXT_MAX, "%s %d %%, %" PRIu32 "/s, %" PRIu64 " hosts, %" PRIu64 " open",
		 phases[progress->phase], progress->percent, probe->rate_now, probe->hosts_up, probe->open);
	if (progress->to_identify) {
		snprintf(text, sizeof(text), ", %" PRIu64 " of %" PRIu64 " spoken to", progress->identified,
			 progress->to_identify);
		append(out, text);
	}
	if (probe->saved) {
		snprintf(text, sizeof(text), ", %" PRIu64 " saved", probe->saved);
		append(out, text);
	}
	if (progress->phase != SCAN_OVER)
		append_remaining(progress, out);
	return out;
}

void progress_show(struct progress *p, const struct scan_progress *progress)
{
	char text[PROGRESS_TEXT_MAX];

	if (p->in_place) {
		/* Erase to the end of the line: ECMA-48, EL. */
		fprintf(p->file, "\r%.*s\033[K", PROGRESS_TEXT_MAX, progress_text(progress, text));
		fflush(p->file);
		p->shown = true;
	} else if (p->every_us && progress->elapsed_us >= p->next_us) {
		p->next_us = progress->elapsed_us + p->every_us;
		fprintf(p->file, "%s\n", progress_text(progress, text));
	}
}

void progress_clear(struct progress *p)
{
	if (!p->shown)
		return;
	fputs("\r\033[K", p->file);
	fflush(p->file);
	p->shown = false;
}
