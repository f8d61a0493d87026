/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libwebsockets' second door. A connection has a queue of buffers; one is written whenever the socket is writable.
 * Pings after silence, and the end of a dead connection, are libwebsockets' own, as http.c sets them.
 */
#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>

#include "collector/http.h"
#include "collector/ws.h"

enum {
	RECEIVE_BYTES = 16 << 10,
	CLOSE_SECONDS = 5, /* to write what is left and say good-bye */
	REASON_BYTES_MAX = 120,
};

struct ws_buffer {
	unsigned int references;
	size_t length;
	uint8_t bytes[]; /* LWS_PRE of room, then the message */
};

struct queued {
	struct ws_buffer *buffer;
	struct queued *next;
};

struct ws {
	struct lws *wsi;
	const struct ws_service *service;
	void *peer;
	struct queued *first, **last;
	size_t backlog;
	char *message;
	size_t length, capacity;
	unsigned int close_code;
	char close_reason[REASON_BYTES_MAX + 4];
	bool closing, paused;
};

static const struct ws_service *services[2];

struct ws_buffer *ws_buffer_make(const char *bytes, size_t length)
{
	struct ws_buffer *buffer = malloc(sizeof(*buffer) + LWS_PRE + length);

	if (!buffer)
		return NULL;
	buffer->references = 1;
	buffer->length = length;
	memcpy(buffer->bytes + LWS_PRE, bytes, length);
	return buffer;
}

struct ws_buffer *ws_buffer_keep(struct ws_buffer *buffer)
{
	if (buffer)
		buffer->references++;
	return buffer;
}

void ws_buffer_drop(struct ws_buffer *buffer)
{
	if (buffer && --buffer->references == 0)
		free(buffer);
}

static void queue_free(struct ws *ws)
{
	while (ws->first) {
		struct queued *queued = ws->first;

		ws->first = queued->next;
		ws_buffer_drop(queued->buffer);
		free(queued);
	}
	ws->last = &ws->first;
	ws->backlog = 0;
}

void ws_close(struct ws *ws, unsigned int code, const char *reason)
{
	size_t length = strlen(reason);

	if (ws->closing)
		return;
	ws->closing = true;
	ws->close_code = code;
	if (length > REASON_BYTES_MAX)
		length = REASON_BYTES_MAX;
	while (length && (reason[length] & 0xc0) == 0x80) /* not in the middle of a character */
		length--;
	memcpy(ws->close_reason, reason, length);
	ws->close_reason[length] = 0;
	lws_set_timeout(ws->wsi, PENDING_TIMEOUT_CLOSE_SEND, CLOSE_SECONDS);
	lws_callback_on_writable(ws->wsi);
}

void ws_send(struct ws *ws, struct ws_buffer *buffer)
{
	struct queued *queued = buffer && !ws->closing ? malloc(sizeof(*queued)) : NULL;

	if (!queued || ws->backlog + buffer->length > ws->service->backlog_bytes_max) {
		if (buffer)
			ws_buffer_drop(buffer);
		if (!ws->closing) {
			queue_free(ws);
			ws_close(ws, WS_CLOSE_TRY_LATER, "too much is waiting to be read");
		}
		free(queued);
		return;
	}
	*queued = (struct queued){.buffer = buffer};
	*ws->last = queued;
	ws->last = &queued->next;
	ws->backlog += buffer->length;
	lws_callback_on_writable(ws->wsi);
}

size_t ws_backlog(const struct ws *ws)
{
	return ws->backlog;
}

void ws_pause(struct ws *ws, bool pause)
{
	if (ws->paused == pause)
		return;
	ws->paused = pause;
	lws_rx_flow_control(ws->wsi, !pause);
}

static int receive(struct ws *ws, const char *bytes, size_t length)
{
	size_t needed = ws->length + length + 1;

	if (ws->closing)
		return 0;
	if (lws_frame_is_binary(ws->wsi) || ws->length + length > ws->service->message_bytes_max) {
		ws->service->refused(ws->peer, !lws_frame_is_binary(ws->wsi));
		return 0;
	}
	if (needed > ws->capacity) {
		size_t capacity = needed < ws->service->message_bytes_max / 2
					  ? needed * 2
					  : ws->service->message_bytes_max + 1;
		char *message = realloc(ws->message, capacity);

		if (!message)
			return -1;
		ws->message = message;
		ws->capacity = capacity;
	}
	if (length)
		memcpy(ws->message + ws->length, bytes, length);
	ws->length += length;
	if (!lws_is_final_fragment(ws->wsi) || lws_remaining_packet_payload(ws->wsi))
		return 0;
	ws->message[ws->length] = 0;
	length = ws->length;
	ws->length = 0;
	ws->service->message(ws->peer, ws->message, length);
	/* A large message was one of few: an idle connection holds little. */
	if (ws->capacity > RECEIVE_BYTES) {
		free(ws->message);
		ws->message = NULL;
		ws->capacity = 0;
	}
	return 0;
}

static int write_one(struct ws *ws)
{
	struct queued *queued = ws->first;
	size_t length;
	int written;

	if (!queued) {
		if (!ws->closing)
			return 0;
		lws_close_reason(ws->wsi, ws->close_code, (unsigned char *)ws->close_reason,
				 strlen(ws->close_reason));
		return -1;
	}
	ws->first = queued->next;
	if (!ws->first)
		ws->last = &ws->first;
	length = queued->buffer->length;
	written = lws_write(ws->wsi, queued->buffer->bytes + LWS_PRE, length, LWS_WRITE_TEXT);
	ws->backlog -= length;
	ws_buffer_drop(queued->buffer);
	free(queued);
	if (written < (int)length)
		return -1;
	if (ws->first || ws->closing)
		lws_callback_on_writable(ws->wsi);
	else if (ws->service->drained)
		ws->service->drained(ws->peer);
	return 0;
}

static int open_ws(struct ws *ws, struct lws *wsi)
{
	const struct ws_service *service = lws_get_protocol(wsi)->user;
	struct http_head *head = calloc(1, sizeof(*head));

	if (!head)
		return -1;
	*ws = (struct ws){.wsi = wsi, .service = service, .last = &ws->first};
	http_head_read(wsi, head);
	ws->peer = service->opened(service->arg, ws, head);
	free(head);
	return ws->peer ? 0 : -1;
}

static int on_ws(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length)
{
	struct ws *ws = user;

	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		return open_ws(ws, wsi);
	case LWS_CALLBACK_RECEIVE:
		return receive(ws, in, length);
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return write_one(ws);
	case LWS_CALLBACK_CLOSED:
		if (!ws->service)
			return 0;
		if (ws->peer)
			ws->service->closed(ws->peer);
		ws->peer = NULL;
		queue_free(ws);
		free(ws->message);
		ws->message = NULL;
		return 0;
	default:
		return 0;
	}
}

const struct lws_protocols *ws_protocols(const struct ws_service *first, const struct ws_service *second)
{
	static struct lws_protocols protocols[2];

	services[0] = first;
	services[1] = second;
	for (size_t i = 0; i < 2; i++)
		protocols[i] = (struct lws_protocols){
			.name = services[i]->protocol,
			.callback = on_ws,
			.per_session_data_size = sizeof(struct ws),
			.rx_buffer_size = RECEIVE_BYTES,
			.user = (void *)(uintptr_t)services[i],
		};
	return protocols;
}
