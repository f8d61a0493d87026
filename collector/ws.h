/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * WebSockets: whole text messages in, bounded; shared buffers out, written when the socket takes them. Two
 * services use it, sensor.c and live.c, each with a protocol's name.
 */
#ifndef COLLECTOR_WS_H
#define COLLECTOR_WS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_head;
struct lws_protocols;
struct ws;

enum {
	WS_CLOSE_TRY_LATER = 1013,
	WS_CLOSE_INTERNAL = 1011,
	WS_CLOSE_LARGE = 1009,
	WS_CLOSE_POLICY = 1008,
	WS_CLOSE_TEXT = 1007
};

/* A message that several connections may send. Freed with its last reference. */
struct ws_buffer;
/* A copy of the bytes, with one reference; NULL when there is no memory. */
struct ws_buffer *ws_buffer_make(const char *bytes, size_t length);
struct ws_buffer *ws_buffer_keep(struct ws_buffer *);
void ws_buffer_drop(struct ws_buffer *);

struct ws_service {
	const char *path, *protocol;
	size_t message_bytes_max, backlog_bytes_max;
	/* A connection. What comes back is passed to the others; NULL closes it. */
	void *(*opened)(void *arg, struct ws *, const struct http_head *);
	/* A text message, terminated; it may be changed. */
	void (*message)(void *peer, char *bytes, size_t length);
	/* One over the limit, or not text. */
	void (*refused)(void *peer, bool too_large);
	/* Everything that was sent is written. */
	void (*drained)(void *peer);
	void (*closed)(void *peer);
	void *arg;
};

/* The two services' protocols, for http_open(). Called once; the services are borrowed. */
const struct lws_protocols *ws_protocols(const struct ws_service *first, const struct ws_service *second);

/* Takes the reference. A connection over its backlog is closed (1013). NULL counts as no memory and closes. */
void ws_send(struct ws *, struct ws_buffer *);
/* Bytes not yet written. */
size_t ws_backlog(const struct ws *);
/* Write what there is, then close. Nothing is read any more; closed() is called when it is gone. */
void ws_close(struct ws *, unsigned int code, const char *reason);
/* Stop reading, or go on: what the other end sends then waits there. */
void ws_pause(struct ws *, bool pause);

#endif
