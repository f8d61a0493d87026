/* SPDX-License-Identifier: BSD-2-Clause */
/* What outbox.c and outbox_uplink.c share. For them alone. */
#ifndef SENSOR_OUTBOX_INSIDE_H
#define SENSOR_OUTBOX_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>

#include "sensor/outbox.h"

enum { OUTBOX_PATH_MAX = 4096 };

/*
 * Each thread has a connection of its own, so that reading a batch or removing an acknowledged one never holds up
 * decoding. `lock` guards the uplink's, and is taken by the watching thread only to replace the file.
 */
struct outbox {
	char directory[OUTBOX_PATH_MAX];
	uint64_t limit_bytes;
	int lock_fd;

	/* The watching thread's. */
	struct outbox_file *writer; /* NULL while the disk does not let it be opened */
	char *waiting;		    /* texts, each ended by a line feed */
	size_t waiting_length, waiting_size;
	int64_t retry_us; /* monotonic; not tried before */
	int64_t since_us; /* wall time of the start: `first` of the loss */
	bool failing;
	uint64_t refused_before; /* refused when it began to fail */
	uint64_t depth;		 /* after the last commit */
	struct outbox_counters counters;

	pthread_mutex_t lock;
	struct outbox_file *reader; /* under lock */
	_Atomic bool damaged;	    /* the reader has found it so */
};

#endif
