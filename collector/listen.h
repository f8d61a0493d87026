/* SPDX-License-Identifier: BSD-2-Clause */
/* The listening sockets: IPv4 and IPv6, one address or all. */
#ifndef COLLECTOR_LISTEN_H
#define COLLECTOR_LISTEN_H

struct loop;
struct listen;

struct listen_options {
	const char *address; /* numeric; NULL: all of both families */
	long port;	     /* 0: any that is free */
	/* A connection, non-blocking and close-on-exec, is the callee's. Nonzero: take no more for a moment. */
	int (*accepted)(void *arg, int fd);
	void *arg;
};

/* 0, or -errno after saying what is wrong. */
int listen_open(struct loop *, const struct listen_options *, struct listen **out);
int listen_port(const struct listen *);
void listen_close(struct listen *);

#endif
