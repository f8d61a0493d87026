/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sockets by slots of one io_uring: thousands at once on one thread. A slot is a direct descriptor, so none of the process's own is
 * used up; the kernel lets a ring have as many as RLIMIT_NOFILE says.
 *
 * An exchange is one chain of linked operations with their timeouts: connect, send, receive, as far as asked for. It ends in
 * exactly one event. A slot has one exchange at a time.
 */
#ifndef SENSOR_ASK_URING_H
#define SENSOR_ASK_URING_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "defs/addr.h"

enum {
	URING_SLOTS_MAX = 4096,
	URING_RECEIVE_BYTES = 4096, /* at most in one event; a longer datagram is cut */
};

enum uring_event {
	URING_BYTES,	 /* received */
	URING_SENT,	 /* there was nothing to wait for */
	URING_ENDED,	 /* the other side has finished */
	URING_RESET,	 /* broken off, or (UDP) nobody listens */
	URING_SILENT,	 /* the time to wait is up, the connection stands */
	URING_UNREACHED, /* no connection: refused, unreachable, or nothing came in time */
	URING_FAILED,	 /* this system refuses it: see error */
};

struct uring_result {
	enum uring_event event;
	const uint8_t *bytes; /* until the call returns */
	size_t length;
	bool cut;      /* a datagram was longer */
	uint16_t from; /* UDP, unconnected: the sender's port, host order */
	int error;     /* UNREACHED, RESET, FAILED: negative errno, as the kernel said it */
};

struct uring_exchange {
	const struct ip *to; /* connect to it by a new socket; NULL: the slot's own goes on */
	uint16_t port_h;
	bool udp;
	bool unconnected;	/* UDP: any port of that address may answer, ICMP errors are not seen */
	uint16_t source_port_h; /* 0: any */
	const uint8_t *bytes;	/* sent, until the event they are the caller's to keep; length 0: nothing */
	size_t length;
	uint32_t connect_ms, wait_ms; /* wait_ms 0: nothing is received */
};

struct uring;

struct uring_options {
	unsigned int slots;    /* at most; 0: as many as RLIMIT_NOFILE and URING_SLOTS_MAX allow */
	const char *interface; /* sockets are bound to it; NULL: as routed */
	void (*event)(void *context, unsigned int slot, const struct uring_result *);
	void *context;
};

/* 0 with *out, or -errno: -ENOSYS and -EPERM when the kernel has no io_uring for us. */
int uring_open(const struct uring_options *options, struct uring **out);
unsigned int uring_slots(const struct uring *);
/* Readable when uring_step() has something to do. */
int uring_fd(const struct uring *);
/* 0, and the event follows from uring_step(); -errno: this system refuses it, and no event follows. */
int uring_exchange(struct uring *, unsigned int slot, const struct uring_exchange *exchange);
/* The slot's socket, with no exchange running. */
void uring_close_slot(struct uring *, unsigned int slot);
/* The address that this system would speak to it from. 0 or -errno. */
int uring_local(const struct uring *, const struct ip *to, struct ip *out);
/* Hand what was asked for to the kernel and what came to event(). 0 or -errno. */
int uring_step(struct uring *);
/* End whatever runs; no event follows. */
void uring_stop(struct uring *);
void uring_close(struct uring *);

#endif
