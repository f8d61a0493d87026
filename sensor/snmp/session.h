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

struct agent;
struct agent_keys; /* a credential as the library takes it, its passphrases already hashed */

enum agent_end {
	AGENT_ANSWERED,
	AGENT_SILENT,  /* sent as often as allowed, and no answer */
	AGENT_REFUSED, /* unknown user, wrong passphrase, nobody at the port */
	AGENT_BUSY,    /* another session speaks with this very engine: try again later */
};

struct agent_answer {
	enum agent_end end;
	uint32_t error;	      /* SNMP's error status, 0 none: RFC 3416, 3 */
	uint32_t error_index; /* of the name that it is about, from 1; 0 unknown */
	const struct cell *cells;
	size_t count;
	bool no_engine; /* of AGENT_SILENT: nobody speaks v3 there */
	bool nobody;	/* of AGENT_REFUSED: the port is closed, no other credential will help */
};

struct agent_options {
	struct ip ip;
	uint16_t port_h;
	const struct agent_keys *keys; /* borrowed until the session is closed */
	uint32_t timeout_ms;
	const char *interface; /* NULL: as routed */
	int epoll_fd;	       /* its socket is in there, with `context` */
	void *context;
	void (*answered)(void *context, const struct agent_answer *answer);
};

/* For this thread, as often as it likes; each with its agent_library_close(). 0, -EBUSY: another thread has it. */
int agent_library_open(void);
void agent_library_close(void);

/* 0 with *out, or -errno. Slow on purpose for v3 (RFC 3414, A.2): some milliseconds. */
int agent_keys_make(const struct snmp_credential *credential, struct agent_keys **out);
void agent_keys_free(struct agent_keys *);

int agent_open(const struct agent_options *options, struct agent **out);
/*
 * Ask for what comes after each name; repetitions: rows at once (v1 gives one). 0, then answered() from agent_read() or agent_tick();
 * or -errno, then nothing was sent.
 */
int agent_next(struct agent *, const struct oid_name *names, size_t count, unsigned int repetitions);
/* Its socket has something. */
void agent_read(struct agent *);
/* Its time may be up; returns when to call again (CLOCK_MONOTONIC, microseconds), INT64_MAX when nothing is awaited. */
int64_t agent_tick(struct agent *, int64_t now_us);
/* Messages sent, those sent again included. */
uint64_t agent_sent(const struct agent *);
/* Not from answered(). NULL is allowed. */
void agent_close(struct agent *);

#endif
