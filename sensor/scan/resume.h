/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How far a scan is, as a text that a later scan of the same targets, ports and shard goes on from: in a file of its own, or on the way to the
 * collector and back.
 */
#ifndef SENSOR_SCAN_RESUME_H
#define SENSOR_SCAN_RESUME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sensor/probe/prober.h"

struct scan_options;

enum { RESUME_TEXT_MAX = 160 };

/* Of what decides where a probe stands in the order: positions of scans that differ in it mean nothing to each other. */
uint64_t resume_fingerprint(const struct scan_options *);
void resume_text(const struct prober_position *, uint64_t fingerprint, char out[static RESUME_TEXT_MAX]);
/* 0; -EINVAL: not such a text; -ESTALE: of another scan. */
int resume_parse(const char *text, uint64_t fingerprint, struct prober_position *out);

struct resume;

/*
 * Open the file, made when it is not there, while the process may. *position is where to go on: all zero for a new scan. 0; or -errno with a
 * sentence in why: -EINVAL when it holds something else than a position, which is left as it is.
 */
int resume_open(const char *path, uint64_t fingerprint, struct resume **out, struct prober_position *position,
		char *why, size_t why_size);
/* Write the position; one write of less than a sector, so that a crash leaves the old one or the new one. */
void resume_save(struct resume *, const struct prober_position *);
/* finished: the file is removed, or emptied where that is not allowed any more. */
void resume_close(struct resume *, bool finished);

#endif
