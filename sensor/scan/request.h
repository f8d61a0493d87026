/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A Network discovery as the collector asks for it (docs/stream.md): the arguments of its command, read and checked. The collector has checked
 * them too; nothing here relies on that.
 */
#ifndef SENSOR_SCAN_REQUEST_H
#define SENSOR_SCAN_REQUEST_H

#include "sensor/scan/scan.h"

enum {
	REQUEST_TARGETS_MAX = 1200,
	REQUEST_EXCLUDES_MAX = 64,
	REQUEST_PORTS_BYTES_MAX = 512,
	REQUEST_RATE_MAX = 1000000,
};

/* Owns all that options point to. */
struct scan_request {
	struct scan_options options; /* interface, scope and known are the caller's to fill in */
	struct scan_credential *credentials;
	char **texts; /* targets, then exclusions */
	char *ports, *resume;
};

/* text: JSON. 0 with *out for request_free(), or -EINVAL or -ENOMEM with a sentence in why, without anything secret. */
int request_read(const char *text, struct scan_request *out, char *why, size_t why_size);
/* Secrets are wiped. */
void request_free(struct scan_request *);

#endif
