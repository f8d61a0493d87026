/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of a conversation share: conversation.c (order and events), speak.c (each stage's bytes). */
#ifndef SENSOR_ASK_CONVERSATION_INSIDE_H
#define SENSOR_ASK_CONVERSATION_INSIDE_H

#include "sensor/ask/conversation.h"
#include "sensor/ask/http.h"
#include "sensor/ask/tls.h"
#include "sensor/ask/visit.h"

enum {
	OUT_BYTES_MAX = 4096,	 /* in one send */
	IN_BYTES_MAX = 16384,	 /* of an answer that is no HTTP */
	LISTEN_BYTES_MAX = 4096, /* of a greeting */
	UNKNOWN_MAX = 3,	 /* answers that nobody knows; who gives so many is left at it */
	ROWS_MAX = 64,		 /* of tcp_row(), a bit each */
};

enum stage { STAGE_LISTEN, STAGE_HELLO, STAGE_HTTP, STAGE_ROW, STAGE_HANDSHAKE };

struct conversation {
	struct conversation_options options;
	struct dialogue_context context;
	struct say say;
	int64_t now_us, timeout_us, deadline_us, until_us; /* of this moment, of all, of all, of this stage */
	int64_t connect_us;				   /* when the connection was begun; 0: it stands */
	int64_t rtt_us;
	enum stage stage, after_handshake;
	const struct dialogue *row;
	unsigned int step; /* of the row */
	uint64_t tried;	   /* rows, a bit each */
	bool tried_hello, tried_http, tried_tls;
	bool listen_only, reached, timed_out, over, again, said_tls;
	bool reacts;				   /* if only by closing */
	unsigned int connections, events, unknown; /* unknown: answers that nobody knows */
	struct tls *tls;			   /* this connection's, NULL plain */
	int64_t parked_us;			   /* since when it waits for a session */
	bool tls_up;
	struct buffer in;
	struct http_reader http;
	struct visit visit;
	const char *found; /* NULL: nothing yet */
	const char *name;
	uint8_t out[OUT_BYTES_MAX];
	struct conversation_step next;
};

/* Begin a stage, by a new connection or on the one that stands. */
void speak_listen(struct conversation *, enum stage stage, bool connect);
void speak_http(struct conversation *, bool connect);
void speak_row(struct conversation *, const struct dialogue *row, bool connect);
void speak_tls(struct conversation *, enum stage after);

/* What came on the connection, in the clear. */
void speak_event(struct conversation *, enum conversation_event event, const uint8_t *bytes, size_t length);
/* What came while TLS is being agreed on, or through it. */
void speak_tls_event(struct conversation *, enum conversation_event event, const uint8_t *bytes, size_t length);

/* The session, if there is one, and its turn. */
void speak_end_tls(struct conversation *);

/* conversation.c: this way led nowhere, the next one; silent: the other side said nothing at all. */
void conversation_next(struct conversation *, bool silent);
void conversation_finish(struct conversation *);
/* Send these bytes, through TLS when that is up, and wait until until_us. */
void conversation_send(struct conversation *, bool connect, const void *bytes, size_t length);
/* Go on waiting for what was waited for. */
void conversation_wait(struct conversation *);
/* Part of the timeout, as a moment. */
int64_t conversation_share(const struct conversation *, unsigned int percent);

#endif
