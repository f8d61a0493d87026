/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A collector made for tests: it speaks docs/stream.md, or misbehaves as its script says, and checks what the sensor
 * sends. Facts are `{"n":N}`, N being the outbox's row. Runs in a thread of its own, on loopback.
 */
#ifndef TESTS_STREAM_FAKE_H
#define TESTS_STREAM_FAKE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum fake_script {
	FAKE_GOOD,	  /* acknowledges every batch */
	FAKE_REFUSES_KEY, /* 401 */
	FAKE_GARBAGE,	  /* the first connection is answered with text that is not JSON */
	FAKE_BINARY,	  /* … with a binary message */
	FAKE_OVERSIZE,	  /* … with a message that is over the limit */
	FAKE_FUTURE_ACK,  /* … with an ack for what was not sent */
	FAKE_FRAGMENTS,	  /* sends its messages in pieces of five bytes */
	FAKE_UNKNOWN,	  /* sends a message of an unknown type first */
	FAKE_CLOSES,	  /* the first connection is cut at its second batch */
	FAKE_NO_ACK,	  /* never acknowledges */
	FAKE_LATE_ACK,	  /* acknowledges once, half a second after the last batch */
	FAKE_BAD_FACT,	  /* will not take a batch that holds fact FAKE_BAD */
	FAKE_COMMANDS,	  /* sends a refresh and a command that does not exist */
	FAKE_AHEAD,	  /* says in its first welcome that it has more than there is */
	FAKE_REPLACED,	  /* ends each connection with `replaced` */
};

enum { FAKE_BAD = 1234, FAKE_FACTS_MAX = 20000 };

struct fake {
	enum fake_script script;
	int port;
	/* What was seen. */
	_Atomic int connections, hellos, statuses, results, refused_commands, unacked, unacked_most;
	_Atomic long acked, last; /* rows: committed, and last of this connection */
	_Atomic int wrong;	  /* violations of the protocol */
	char wrong_text[256], outbox[64], first_outbox[64], key[128], protocol[64], hello[4096];
	_Atomic bool stop;
	void *inside;
};

/* Start; certificate and private key are PEM files for TLS, or NULL. 0, or -1. */
int fake_open(struct fake *, enum fake_script script, const char *certificate, const char *private_key);
void fake_close(struct fake *);

#endif
