// SPDX-License-Identifier: BSD-2-Clause
/*
 * Thousands of services in one process, for what speaks to them: `services FIRST_PORT COUNT CERTIFICATE KEY`. On every address of its
 * namespace, port by port: web servers, SSH, FTP, web servers by TLS, Redis, and one in ten a tarpit: silent,
 * or one byte a second of nothing, or of the headers of a web page that never ends.
 */
#include <errno.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum kind { SILENT, DRIP, HEADERS, WEB, SSH, FTP, TLS, REDIS };

struct peer {
	int fd;
	enum kind kind;
	bool listener;
	SSL *ssl;
	struct peer *next_drip, **drip_at;
};

static const enum kind kinds[] = {WEB, SSH, TLS, WEB, FTP, WEB, TLS, REDIS, SSH};
static SSL_CTX *context;
static struct peer *drips;
static int epoll_fd;

static const char page[] =
	"HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nContent-Type: text/html\r\nContent-Length: 62\r\n\r\n"
	"<html><head><title>A service</title></head><body></body></html>";

static const char bad[] =
	"HTTP/1.1 400 Bad Request\r\nServer: nginx/1.22.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/* What a web server says to that; NULL: it waits for the rest. */
static const char *web_answer(const char *bytes, ssize_t length, bool *close)
{
	bool get = length >= 4 && !memcmp(bytes, "GET ", 4);

	*close = !get;
	return get ? page : memchr(bytes, '\n', (size_t)length) ? bad : NULL;
}

static void add(int fd, enum kind kind, bool listener)
{
	struct peer *peer = calloc(1, sizeof(*peer));
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = peer};

	peer->fd = fd;
	peer->kind = kind;
	peer->listener = listener;
	if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event))
		exit(1);
	if (listener)
		return;
	if (kind == SSH)
		send(fd, "SSH-2.0-OpenSSH_9.2\r\n", 21, MSG_NOSIGNAL);
	else if (kind == FTP)
		send(fd, "220 (vsFTPd 3.0.3)\r\n", 20, MSG_NOSIGNAL);
	else if (kind == DRIP || kind == HEADERS) {
		if (kind == HEADERS)
			send(fd, "HTTP/1.1 200 OK\r\nX: ", 20, MSG_NOSIGNAL);
		peer->next_drip = drips;
		peer->drip_at = &drips;
		if (drips)
			drips->drip_at = &peer->next_drip;
		drips = peer;
	} else if (kind == TLS) {
		peer->ssl = SSL_new(context);
		SSL_set_fd(peer->ssl, fd);
		SSL_set_accept_state(peer->ssl);
	}
}

static void drop(struct peer *peer)
{
	if (peer->drip_at) {
		*peer->drip_at = peer->next_drip;
		if (peer->next_drip)
			peer->next_drip->drip_at = peer->drip_at;
	}
	SSL_free(peer->ssl);
	close(peer->fd);
	free(peer);
}

static void serve(struct peer *peer)
{
	char bytes[4096];
	ssize_t length;
	const char *answer = NULL;
	bool end = false;

	if (peer->ssl) {
		length = SSL_read(peer->ssl, bytes, sizeof(bytes));
		if (length > 0)
			answer = web_answer(bytes, length, &end);
		else
			end = SSL_get_error(peer->ssl, (int)length) != SSL_ERROR_WANT_READ;
		if (answer)
			SSL_write(peer->ssl, answer, (int)strlen(answer));
		if (end)
			drop(peer);
		return;
	}
	length = recv(peer->fd, bytes, sizeof(bytes), 0);
	if (length == 0 || (length < 0 && errno != EAGAIN)) {
		drop(peer);
	} else if (length < 0) {
		return;
	} else if (peer->kind == WEB) {
		answer = web_answer(bytes, length, &end);
		if (answer)
			send(peer->fd, answer, strlen(answer), MSG_NOSIGNAL);
		if (end)
			drop(peer);
	} else if (peer->kind == REDIS) {
		answer = memmem(bytes, (size_t)length, "PING", 4)   ? "+PONG\r\n"
			 : memmem(bytes, (size_t)length, "INFO", 4) ? "$24\r\nredis_version:7.0.15\r\n\r\n"
			 : bytes[0] == '\r'			    ? ""
								    : "-ERR unknown command\r\n";
		send(peer->fd, answer, strlen(answer), MSG_NOSIGNAL);
	} else if (peer->kind == SSH || peer->kind == FTP) {
		drop(peer);
	}
}

int main(int argc, char **argv)
{
	struct rlimit limit = {20000, 20000};
	struct epoll_event events[256];
	time_t dripped = 0;
	int first, count;

	if (argc != 5)
		return 2;
	first = atoi(argv[1]);
	count = atoi(argv[2]);
	setrlimit(RLIMIT_NOFILE, &limit);
	signal(SIGPIPE, SIG_IGN);
	context = SSL_CTX_new(TLS_server_method());
	if (SSL_CTX_use_certificate_file(context, argv[3], SSL_FILETYPE_PEM) != 1 ||
	    SSL_CTX_use_PrivateKey_file(context, argv[4], SSL_FILETYPE_PEM) != 1)
		return 1;
	epoll_fd = epoll_create1(0);
	for (int i = 0; i < count; i++) {
		struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons((uint16_t)(first + i))};
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;

		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
		if (bind(fd, (struct sockaddr *)&any, sizeof(any)) || listen(fd, 4096)) {
			perror("services");
			return 1;
		}
		add(fd, i % 10 == 9 ? (enum kind)(i / 10 % 3) : kinds[i % 10], true);
	}
	printf("ready\n");
	fflush(stdout);
	for (;;) {
		int ready = epoll_wait(epoll_fd, events, 256, 200);

		for (int i = 0; i < ready; i++) {
			struct peer *peer = events[i].data.ptr;
			int fd;

			if (!peer->listener) {
				serve(peer);
				continue;
			}
			while ((fd = accept4(peer->fd, NULL, NULL, SOCK_NONBLOCK)) >= 0)
				add(fd, peer->kind, false);
		}
		if (time(NULL) != dripped) {
			dripped = time(NULL);
			for (struct peer *peer = drips; peer; peer = peer->next_drip)
				send(peer->fd, "x", 1, MSG_NOSIGNAL);
		}
	}
}
