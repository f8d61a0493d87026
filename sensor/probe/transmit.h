/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How probes leave: three engines behind one set of functions. None waits for an answer, retries or paces: that is prober.h's.
 *
 * uring (the default): raw frames through io_uring, on any driver. xdp: frames made by a BPF program that the kernel runs with
 * live frames, about ten times as fast, where the driver can redirect. dry: writes a line for each probe, and sends nothing.
 */
#ifndef SENSOR_PROBE_TRANSMIT_H
#define SENSOR_PROBE_TRANSMIT_H

#include <stddef.h>
#include <stdio.h>

#include "defs/probe.h"

enum { TRANSMIT_BATCH_MAX = 16384 };

struct transmit {
	const char *name;
	/*
	 * Send the first of these frames (at most TRANSMIT_BATCH_MAX). Returns how many were handed to the kernel, which may
	 * be fewer (its queue is full: try again soon), or -errno. All of them have left, or are lost, when it returns.
	 */
	int (*send)(struct transmit *, const struct probe_frame *frames, size_t count);
	/*
	 * From now on they ask for this source (copied), on the same interface. Needs no rights: the engines are opened while the process has
	 * them, and scans come later, each with its own port and key.
	 */
	void (*source)(struct transmit *, const struct probe_source *source);
	/* Frames that the kernel refused after they were handed over, since the start. */
	unsigned long long (*lost)(const struct transmit *);
	void (*close)(struct transmit *);
};

/* source is copied. They need CAP_NET_RAW (uring) or CAP_BPF and CAP_NET_ADMIN (xdp) now. 0, or -errno after one log line. */
int transmit_uring_open(const struct probe_source *source, struct transmit **out);
int transmit_xdp_open(const struct probe_source *source, struct transmit **out);
/* out_file is borrowed. */
int transmit_dry_open(const struct probe_source *source, FILE *out_file, struct transmit **out);

#endif
