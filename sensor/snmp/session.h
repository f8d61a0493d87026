/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one door to net-snmp: a device's session, one request at a time, none of it waiting. For v3 it finds the device's engine first
 * (RFC 3414, 4), without the library's own search, which would wait. The library's users and clocks are the process's:
 * sessions are of one thread.
 */
#ifndef SENSOR_SNMP_SESSION_H
#define SENSOR_SNMP_SESSION_H

#include "sensor/snmp/cell.h"
#include "sensor/snmp/snmp.h"

struct session;
struct session_keys; /* a credential as the library takes it, its passphrases already hashed */

enum session_end {
	SESSION_ANSWERED,
	SESSION_SILENT,	 /* sent as often as allowed, and no answer */
	SESSION_REFUSED, /* unknown user, wrong passphrase, nobody at the port */
	SESSION_BUSY,	 /* another session speaks with this very engine: try again later */
};

struct session_answer {
	enum session_end end;
	uint32_t error; /* SNMP's error status, 0 none: RFC 3416, 3 */
	const struct cell *cells;
	size_t count;
	bool nobody; /* of SESSION_REFUSED: the port is closed, no other credential will help */
};

struct session_options {
	struct ip ip;
	uint16_t port_h;
	const struct session_keys *keys; /* borrowed until the session is closed */
	uint32_t timeout_ms;
	const char *interface; /* NULL: as routed */
	int epoll_fd;	       /* its socket is in there, with `context` */
	void *context;
	void (*answered)(void *context, const struct session_answer *answer);
};

/* Once in a process, and again after session_library_close(). 0, -EBUSY: in use by another. */
int session_library_open(void);
void session_library_close(void);

/* 0 with *out, or -errno. Slow on purpose for v3 (RFC 3414, A.2): some milliseconds. */
int session_keys_make(const struct snmp_credential *credential, struct session_keys **out);
void session_keys_free(struct session_keys *);

int session_open(const struct session_options *options, struct session **out);
/*
 * Ask for what comes after each name; repetitions: rows at once (v1 gives one). 0, then answered() from session_read() or session_tick();
 * or -errno, then nothing was sent.
 */
int session_next(struct session *, const struct oid_name *names, size_t count, unsigned int repetitions);
/* Its socket has something. */
void session_read(struct session *);
/* Its time may be up; returns when to call again (CLOCK_MONOTONIC, microseconds), INT64_MAX when nothing is awaited. */
int64_t session_tick(struct session *, int64_t now_us);
/* Messages sent, those sent again included. */
uint64_t session_sent(const struct session *);
/* Not from answered(). NULL is allowed. */
void session_close(struct session *);

#endif
