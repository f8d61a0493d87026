/* SPDX-License-Identifier: BSD-2-Clause */
/* What the two files of the door to liburing share: uring_open.c makes the ring, uring.c runs exchanges on it. */
#ifndef SENSOR_ASK_URING_INSIDE_H
#define SENSOR_ASK_URING_INSIDE_H

#include <liburing.h>

#include "sensor/ask/uring.h"

enum {
	QUEUE_ENTRIES = 1024,
	CHAIN_ENTRIES_MAX = 8, /* of one exchange */
	BUFFER_GROUP = 1,
	SLOTS_SPARE = 8, /* of RLIMIT_NOFILE, so that a table of the whole limit is never asked for */
};

enum operation { OP_CLOSE, OP_SOCKET, OP_CONNECT, OP_SEND, OP_RECEIVE, OP_TIMEOUT };

struct slot {
	unsigned int pending; /* completions to come */
	bool open, udp, unconnected;
	bool with_receive;
	int result[OP_TIMEOUT]; /* of each operation, INT32_MAX: was not part of it */
	int buffer;		/* held until the event, or -1 */
	struct __kernel_timespec connect_time, send_time, wait_time;
	struct sockaddr_storage to, from;
	socklen_t to_length;
	struct msghdr send_message, receive_message;
	struct iovec send_vector, receive_vector;
};

struct uring {
	struct io_uring ring;
	struct uring_options options;
	unsigned int slots;
	unsigned int scope; /* of link-local addresses */
	struct slot *slot;
	struct io_uring_buf_ring *buffers;
	unsigned int buffer_count; /* a power of two */
	uint8_t *memory;
	bool stopped;
};

/* The kernel may fill this receive buffer again. */
void uring_give_buffer(struct uring *, unsigned int buffer);
/* Frees all but the ring itself, which is gone by then. */
void uring_free(struct uring *);

#endif
