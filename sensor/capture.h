/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The XDP engine. capture_open() is in engine.h; here is what runs a file's frames through the same object, and what
 * lets the answers to probes be had from it.
 */
#ifndef SENSOR_CAPTURE_H
#define SENSOR_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "sensor/engine.h"
#include "sensor/learn.h"

struct bpf_object;

/* Names are valid as long as the engine is. */
struct capture_port {
	const char *name, *driver;
	int index;
	bool native;
};

/* The object on a port with Ethernet, and the port, for probe/answers.c. NULL when the engine is another, or has no such port. */
struct bpf_object *capture_object(struct engine *, struct capture_port *port);

/*
 * An engine without a port: the XDP object is loaded and run frame by frame (BPF_PROG_TEST_RUN) with the file's time.
 * Budgets do not apply. 0 with *out to be closed by its own close(),
 * or -errno after a log line. Its poll() hands over the records of the frames so far and returns 0; call it at least
 * every thousand frames, and sweep() every second of the file's time and at the end.
 */
int capture_replay_open(const struct engine_options *options, struct engine **out);

/*
 * One frame. 0, -EINVAL when it is too short to be a frame (counted as truncated) or larger than the kernel takes, or
 * another -errno.
 */
int capture_replay_frame(struct engine *, const struct learn_frame *frame);

#endif
