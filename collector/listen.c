// SPDX-License-Identifier: BSD-2-Clause
/*
 * Binds, listens and accepts. When the process has too many descriptors, or the one who takes connections has
 * enough, it stops for a moment: the kernel's queue holds the others.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collector/listen.h"
#include "collector/loop.h"
#include "defs/log.h"

enum {
	SOCKETS_MAX = 2,
	ACCEPTS_MAX = 32, /* connections taken at a time */
	PAUSE_MS = 200,
	BACKLOG = 1024,
};

struct socket {
	struct listen *listen;
	int fd;
	struct loop_watch *watch;
};

struct listen {
	struct loop *loop;
	struct listen_options options;
	struct socket sockets[SOCKETS_MAX];
	size_t count;
	struct loop_timer *resume;
	int port;
};

static void accepting(struct listen *l, bool on)
{
	for (size_t i = 0; i < l->count; i++)
		loop_rewatch(l->sockets[i].watch, on ? EPOLLIN : 0);
	if (!on)
		loop_timer_set(l->resume, PAUSE_MS);
}

static void on_resume(void *arg)
{
	accepting(arg, true);
}

static void on_connection(void *arg, uint32_t events)
{
	struct socket *s = arg;
	struct listen *l = s->listen;
	int one = 1;

	(void)events;
	for (int i = 0; i < ACCEPTS_MAX; i++) {
		int fd;

		fd = accept4(s->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd < 0) {
			if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) {
				log_warn("no more connections can be taken now: %s. See `ulimit -n`.",
					 strerror(errno));
				accepting(l, false);
			}
			return;
		}
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
		if (l->options.accepted(l->options.arg, fd)) {
			accepting(l, false);
			return;
		}
	}
}

static int listen_on(struct listen *l, const struct addrinfo *address, int port)
{
	struct socket *s = &l->sockets[l->count];
	struct sockaddr_storage bound = {0};
	socklen_t size = sizeof(bound);
	int one = 1, error;
	int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	memcpy(&bound, address->ai_addr, address->ai_addrlen);
	if (address->ai_family == AF_INET6) {
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
		((struct sockaddr_in6 *)&bound)->sin6_port = htons((uint16_t)port);
	} else {
		((struct sockaddr_in *)&bound)->sin_port = htons((uint16_t)port);
	}
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&bound, address->ai_addrlen) < 0 || listen(fd, BACKLOG) < 0 ||
	    getsockname(fd, (struct sockaddr *)&bound, &size) < 0) {
		error = -errno;
		close(fd);
		return error;
	}
	l->port = ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&bound)->sin6_port
						    : ((struct sockaddr_in *)&bound)->sin_port);
	*s = (struct socket){.listen = l, .fd = fd};
	s->watch = loop_watch(l->loop, fd, EPOLLIN, on_connection, s);
	l->count++;
	return s->watch ? 0 : -ENOMEM;
}

static int listen_all(struct listen *l)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICHOST},
			*list = NULL;
	const char *address = l->options.address;
	int error = getaddrinfo(address, address ? NULL : "0", &hints, &list);

	if (error) {
		log_error("--bind-address %s: %s; it is a numeric IPv4 or IPv6 address", address,
			  gai_strerror(error));
		return -EINVAL;
	}
	l->port = (int)l->options.port;
	for (struct addrinfo *at = list; at && l->count < 2; at = at->ai_next) {
		error = listen_on(l, at, l->port);
		/* A machine without IPv6 is no fault, as long as one of both works. */
		if (error == -EAFNOSUPPORT || (error == -EADDRNOTAVAIL && !address))
			error = 0;
		if (error)
			break;
	}
	freeaddrinfo(list);
	if (!error && !l->count)
		error = -EADDRNOTAVAIL;
	if (error == -EADDRINUSE)
		log_error(
			"port %d is in use by another program: end that, or choose another with --server-port",
			l->port);
	else if (error)
		log_error("port %d of %s can't be listened on: %s. See --server-port and --bind-address.",
			  l->port, address ? address : "all addresses", strerror(-error));
	return error;
}

int listen_open(struct loop *loop, const struct listen_options *options, struct listen **out)
{
	struct listen *l = calloc(1, sizeof(*l));
	int error;

	if (!l)
		return -ENOMEM;
	l->loop = loop;
	l->options = *options;
	l->resume = loop_timer(loop, on_resume, l);
	error = l->resume ? listen_all(l) : -ENOMEM;
	if (error) {
		listen_close(l);
		return error;
	}
	*out = l;
	return 0;
}

int listen_port(const struct listen *l)
{
	return l->port;
}

void listen_close(struct listen *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->count; i++) {
		loop_unwatch(l->sockets[i].watch);
		close(l->sockets[i].fd);
	}
	loop_timer_free(l->resume);
	free(l);
}
