// SPDX-License-Identifier: BSD-2-Clause
/*
 * Frames from the collector are whole messages or pieces that follow each other; ours are masked with zeros, which the
 * protocol allows and a load generator likes.
 */
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bench/websocket.h"

enum {
	ROOM_BYTES = 64 << 10, /* read at a time */
	KEEP_BYTES = 16 << 10, /* an idle connection's buffer at most */
	OP_TEXT = 1,
	OP_CLOSE = 8,
	OP_PING = 9,
	OP_PONG = 10,
};

static int send_all(int fd, const void *bytes, size_t length)
{
	const char *at = bytes;

	while (length) {
		ssize_t sent = send(fd, at, length, MSG_NOSIGNAL);

		if (sent < 0 && errno == EAGAIN) {
			poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, 1000);
			continue;
		}
		if (sent < 0)
			return -errno;
		at += sent;
		length -= (size_t)sent;
	}
	return 0;
}

static int send_frame(struct websocket *ws, int opcode, const char *payload, size_t length)
{
	uint8_t head[14] = {(uint8_t)(0x80 | opcode)};
	size_t used = 2;
	int error;

	if (length < 126) {
		head[1] = (uint8_t)(0x80 | length);
	} else if (length < 65536) {
		uint16_t length_n = htons((uint16_t)length);

		head[1] = 0x80 | 126;
		memcpy(head + 2, &length_n, 2);
		used = 4;
	} else {
		uint64_t length_n = htobe64(length);

		head[1] = 0x80 | 127;
		memcpy(head + 2, &length_n, 8);
		used = 10;
	}
	used += 4; /* the mask: zeros */
	error = send_all(ws->fd, head, used);
	return error ? error : send_all(ws->fd, payload, length);
}

static int upgrade(struct websocket *ws, int port, const char *path, const char *protocol, const char *head)
{
	char text[2048];
	char *end = NULL;
	int length = snprintf(
		text, sizeof(text),
		"GET %s HTTP/1.1\r\nHost: localhost:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
		"Sec-WebSocket-Protocol: %s\r\n%s\r\n",
		path, port, protocol, head);
	int error = send_all(ws->fd, text, (size_t)length);

	while (!error && !end) {
		error = websocket_read(ws);
		end = ws->end ? memmem(ws->bytes, ws->end, "\r\n\r\n", 4) : NULL;
	}
	if (error)
		return error;
	if (ws->end < 12 || memcmp(ws->bytes, "HTTP/1.1 101", 12) != 0)
		return -EPROTO;
	ws->begin = (size_t)(end + 4 - ws->bytes);
	return 0;
}

int websocket_open(struct websocket *ws, int port, const char *path, const char *protocol, const char *head,
		   int receive_bytes)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons((uint16_t)port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int one = 1, error;

	*ws = (struct websocket){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
	if (ws->fd < 0)
		return -errno;
	if (receive_bytes)
		setsockopt(ws->fd, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof(receive_bytes));
	setsockopt(ws->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	error = connect(ws->fd, (struct sockaddr *)&to, sizeof(to)) < 0
			? -errno
			: upgrade(ws, port, path, protocol, head);
	if (error)
		websocket_close(ws);
	return error;
}

int websocket_send(struct websocket *ws, const char *text, size_t length)
{
	return send_frame(ws, OP_TEXT, text, length);
}

int websocket_read(struct websocket *ws)
{
	ssize_t got;

	if (ws->begin == ws->end)
		ws->begin = ws->end = 0;
	if (ws->begin && ws->capacity - ws->end < ROOM_BYTES) {
		memmove(ws->bytes, ws->bytes + ws->begin, ws->end - ws->begin);
		ws->end -= ws->begin;
		ws->begin = 0;
	}
	if (ws->capacity - ws->end < ROOM_BYTES) {
		size_t capacity = ws->capacity ? ws->capacity * 2 : ROOM_BYTES * 2;
		char *bytes = realloc(ws->bytes, capacity);

		if (!bytes)
			return -ENOMEM;
		ws->bytes = bytes;
		ws->capacity = capacity;
	}
	got = recv(ws->fd, ws->bytes + ws->end, ws->capacity - ws->end, 0);
	if (got < 0)
		return -errno;
	if (got == 0) {
		ws->close_code = ws->close_code ? ws->close_code : 1006;
		return -ECONNRESET;
	}
	ws->end += (size_t)got;
	return 0;
}

/* The frame at begin: its head's length, or 0 when it is not whole. */
static size_t frame_head(const struct websocket *ws, size_t *length)
{
	const uint8_t *at = (const uint8_t *)ws->bytes + ws->begin;
	size_t have = ws->end - ws->begin, head = 2;

	if (have < 2)
		return 0;
	*length = at[1] & 127;
	if (*length == 126) {
		head = 4;
		*length = have < 4 ? SIZE_MAX / 2 : (size_t)at[2] << 8 | at[3];
	} else if (*length == 127) {
		uint64_t length_n = 0;

		head = 10;
		if (have >= 10)
			memcpy(&length_n, at + 2, 8);
		*length = have < 10 ? SIZE_MAX / 2 : be64toh(length_n);
	}
	return have >= head + *length ? head : 0;
}

int websocket_next(struct websocket *ws, const char **text, size_t *length)
{
	size_t head;

	while ((head = frame_head(ws, length))) {
		int opcode = ws->bytes[ws->begin] & 15;

		*text = ws->bytes + ws->begin + head;
		ws->begin += head + *length;
		if (opcode == OP_PING) {
			send_frame(ws, OP_PONG, *text, *length);
			continue;
		}
		if (opcode == OP_CLOSE) {
			ws->close_code =
				*length < 2 ? 1005
					    : (unsigned int)((uint8_t)(*text)[0] << 8 | (uint8_t)(*text)[1]);
			return -ECONNRESET;
		}
		return 1;
	}
	if (ws->begin == ws->end && ws->capacity > KEEP_BYTES) {
		free(ws->bytes);
		ws->bytes = NULL;
		ws->begin = ws->end = ws->capacity = 0;
	}
	return 0;
}

void websocket_close(struct websocket *ws)
{
	if (ws->fd >= 0)
		close(ws->fd);
	free(ws->bytes);
	ws->bytes = NULL;
	ws->begin = ws->end = ws->capacity = 0;
	ws->fd = -1;
}
