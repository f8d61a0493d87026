/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which addresses may be connected to when people say where: whoever may name a server must not reach through it what the collector's machine
 * alone can (a cloud's metadata service, a private network).
 */
#ifndef COLLECTOR_REACH_H
#define COLLECTOR_REACH_H

#include <stdbool.h>

struct sockaddr;

enum reach {
	REACH_ALL,    /* wherever the collector's own configuration says */
	REACH_USUAL,  /* not link-local addresses, where clouds have their metadata; no multicast or the like */
	REACH_PUBLIC, /* nor this machine, private networks, and other addresses that are not of the internet */
};

/* IPv4 and IPv6, also IPv4 inside of IPv6; of other families nothing is. */
bool reach_allowed(enum reach, const struct sockaddr *);

#endif
