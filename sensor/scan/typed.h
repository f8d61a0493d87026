/* SPDX-License-Identifier: BSD-2-Clause */
/* What a person has typed, as the scan takes it. */
#ifndef SENSOR_SCAN_TYPED_H
#define SENSOR_SCAN_TYPED_H

#include <stddef.h>

#include "sensor/scan/scan.h"

struct scan_settings;

enum { TYPED_EXCLUDES_MAX = 1024 };

/* What options point to; it must stay where it is. */
struct typed {
	struct scan_options options;
	char interface[64];
	char *exclude_text; /* cut into excludes */
	const char *excludes[TYPED_EXCLUDES_MAX];
	struct scan_credential credentials[SNMP_CREDENTIALS_MAX];
	struct ip resolver;
};

/*
 * Targets and settings are borrowed; *out is zero before. Asks the kernel for a route when no interface was named, and opens nothing else than
 * --snmp-file. 0, or -errno after a log line: -EINVAL for a slip of the pen.
 */
int typed_read(const struct scan_settings *settings, char **targets, size_t count, struct typed *out);
/* Secrets are wiped. */
void typed_free(struct typed *);

#endif
