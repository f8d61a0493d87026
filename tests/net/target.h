/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Somebody else's kernel, for tests that ask: a child process in a network namespace of its own, at the other end of a veth pair whose near
 * end is in a namespace that the caller is put into. There is no way out of either.
 *
 * It is 10.0.0.9, 2001:db8::9 and fe80::ff:fe00:9 with the MAC 02:00:00:00:00:09, listens on TARGET_OPEN, and is a router that says that
 * 10.9.0.0/16 can't be reached.
 */
#ifndef TESTS_NET_TARGET_H
#define TESTS_NET_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { TARGET_OPEN = 80, TARGET_BACKLOG = 1000 };

struct target {
	pid_t target;
	int tell, hear; /* to and from it */
};

/* Enter a new namespace, with the port `out`. also: what else the shell is to do here, " && …". */
bool target_made(struct target *, const char *also);
/* What a letter says: g, let its port have NAPI (GRO); t, let that wait for a thread, so that the port is full now and then; c with 4 bytes of an address and 2 of a port, be refused there. */
bool target_does(const struct target *, const char *letters, size_t length);
/* Its connections that are in the state SYN_RECV. */
size_t target_half_open(const struct target *);
void target_gone(struct target *);

#endif
