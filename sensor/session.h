/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sensor's side of docs/stream.md without any socket: what to write next, what to make of what was read.
 *
 * It holds the in-flight window, resumes where the collector's `welcome` says, and sends smaller and smaller batches
 * when the collector refuses one, until a single fact that it will not take is found; that is left out and
 * counted. The uplink's thread calls all but the group at the end.
 */
#ifndef SENSOR_SESSION_H
#define SENSOR_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sensor/message.h"

struct outbox;
struct session;

enum {
	SESSION_BUFFER_BYTES = 256 << 10, /* for one message that is written */
	SESSION_COMMANDS_MAX = 8,	  /* commands that wait; a further one is refused */
	SESSION_ANSWERS_MAX = 32,	  /* what waits to be sent about commands */
};

struct session_options {
	struct outbox *outbox; /* borrowed */
	const char *name;      /* these live as long as the session */
	const char *software;
	const struct message_capability *capabilities;
	size_t capability_count;
	/* Fills in what the interface looks like now; called for each hello. */
	void (*interface)(void *context, struct message_interface *out);
	void *context;
};

struct session_counters {
	uint64_t connected;	/* 1 between welcome and close */
	uint64_t facts_sent;	/* repeats included */
	uint64_t facts_refused; /* the collector would not take */
	uint64_t ignored;	/* messages of an unknown type */
};

int session_open(const struct session_options *options, struct session **out);
void session_close(struct session *);

/* A connection stands: hello is due. 0, or -EAGAIN while the outbox has no file. */
int session_begin(struct session *, int64_t now_us);
/*
 * The next message, into buffer (SESSION_BUFFER_BYTES). Returns 1 with *length, 0 when there is nothing to write now,
 * or -errno when the connection must be made anew.
 */
int session_next(struct session *, int64_t now_us, char *buffer, size_t *length);
/* A whole message has come. 0, or -errno when the connection must be closed, with the cause in *why. */
int session_receive(struct session *, int64_t now_us, const char *text, size_t length, const char **why);
/* Once a second. 0, or -ETIMEDOUT with *why. */
int session_tick(struct session *, int64_t now_us, const char **why);
void session_end(struct session *);

/* The collector has made progress since this was asked last: an acknowledgement came. */
bool session_progress(struct session *);
/* Nothing is left to send and nothing waits for an acknowledgement. */
bool session_drained(const struct session *);
/* Another sensor has come with the same key (`replaced`). */
bool session_replaced(const struct session *);

/* From the thread that watches. */

/* The latest status counts. Takes the text over. */
void session_status(struct session *, char *text, size_t length);
/* A command that is to be carried out: 1 with it, or 0. Each wants one session_result(), or session_say() of one. */
int session_command(struct session *, struct message *out);
/* A message about a command. Takes the text over; NULL does nothing. */
void session_say(struct session *, char *text, size_t length);
/* How far a discovery is. Left out when too much waits to be sent. */
void session_progress_say(struct session *, const char *id, const char *phase, int percent);
/* The same with a message of the caller's making. Takes the text over; NULL does nothing. */
void session_progress_text(struct session *, char *text, size_t length);
/* error: NULL when it went well. */
void session_result(struct session *, const char *id, const char *error);
void session_count(struct session *, struct session_counters *out);

#endif
