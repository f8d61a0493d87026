/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One TCP port from the first connection to the conclusion: who speaks first, HTTP, TLS, the other protocols, in an order that
 * the port's number suggests and the answers decide. Pure: it is told what came and says what to do next, so it can be tested
 * and fuzzed without a network.
 */
#ifndef SENSOR_ASK_CONVERSATION_H
#define SENSOR_ASK_CONVERSATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sensor/ask/dialogue.h"
#include "sensor/ask/room.h"

struct conversation;
struct tls_client;

enum {
	CONVERSATION_CONNECTIONS_MAX = 16, /* connections to one port; what is not known by then stays so */
	CONVERSATION_EVENTS_MAX = 2000,	   /* pieces that are read; who sends in drips is left at this */
};

/*
 * A TLS session is most of what a conversation costs, and what a hostile server can make it cost: so many may have one at a time, and
 * who wants one waits for its turn.
 */
struct conversation_turns {
	unsigned int tls, tls_max;
};

/* What conversations share. */
struct conversation_options {
	struct tls_client *tls;
	struct room *room;
	struct conversation_turns *turns; /* NULL: no limit */
	uint64_t *cut;			  /* counted: answers longer than their limit */
	void (*fact)(void *to, const struct fact *fact);
	void *to;
};

struct conversation_target {
	struct ip ip;
	uint16_t port_h;
	struct vlan_tags vlan;
	const char *name; /* of the host, "" unknown; kept until the end */
	bool listen_only; /* nothing is sent: industrial protocols */
	uint64_t nonce;
	int64_t timeout_us; /* for all of it */
};

/* What to do now; then tell what came of it. */
struct conversation_step {
	bool over;    /* nothing more; the rest does not count */
	bool park;    /* close the connection, and tell CONVERSATION_TURN when turns->tls is below its limit */
	bool connect; /* by a new connection; the old one is closed */
	const uint8_t *bytes;
	size_t length;		      /* to be sent, may be 0; valid until the next event */
	uint32_t connect_ms, wait_ms; /* wait for an answer, never 0 */
};

enum conversation_event {
	CONVERSATION_BYTES,
	CONVERSATION_ENDED, /* the other side closed */
	CONVERSATION_RESET,
	CONVERSATION_SILENT,	/* wait_ms passed without a byte */
	CONVERSATION_UNREACHED, /* no connection */
	CONVERSATION_TURN,	/* it was parked, and goes on; that time is not its own */
};

/* now_us: CLOCK_MONOTONIC; wall_us: what facts carry. 0 with *out and the first step, or -ENOMEM. */
int conversation_open(const struct conversation_options *, const struct conversation_target *, int64_t now_us,
		      int64_t wall_us, struct conversation **out, struct conversation_step *step);
void conversation_event(struct conversation *, enum conversation_event event, const uint8_t *bytes,
			size_t length, int64_t now_us, int64_t wall_us, struct conversation_step *step);
/* The protocol that was found, "" none. */
const char *conversation_name(const struct conversation *);
/* A connection was made: the port is open. */
bool conversation_reached(const struct conversation *);
/* It ran into its timeout. */
bool conversation_timed_out(const struct conversation *);
void conversation_close(struct conversation *);

#endif
