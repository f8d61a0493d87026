// SPDX-License-Identifier: BSD-2-Clause
/* Just enough of a WebSocket client (RFC 6455) for load: text messages to and from a collector on 127.0.0.1. */
#ifndef TESTS_BENCH_WEBSOCKET_H
#define TESTS_BENCH_WEBSOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct websocket {
	int fd; /* -1: not open */
	char *bytes;
	size_t begin, end, capacity; /* what was read and not yet taken */
	unsigned int close_code;     /* after websocket_next() said -ECONNRESET; 1006 when there was none */
};

/*
 * Connect and upgrade, waiting; head: more lines of the request, each with its line break. receive_bytes: of the socket's buffer, 0
 * for the system's own choice. 0, or -errno.
 */
int websocket_open(struct websocket *, int port, const char *path, const char *protocol, const char *head,
		   int receive_bytes);
/* Send a text message, waiting for room. 0, or -errno. */
int websocket_send(struct websocket *, const char *text, size_t length);
/* Read what is there; 0, or -errno: -EAGAIN when there is nothing now, -ECONNRESET at its end. */
int websocket_read(struct websocket *);
/* The next whole message, until the next call. 1; 0 when there is none yet; -ECONNRESET when the other end says good-bye. */
int websocket_next(struct websocket *, const char **text, size_t *length);
void websocket_close(struct websocket *);

#endif
