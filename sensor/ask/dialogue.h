/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A dialogue is what is said to a port to learn what it is: one row a protocol. Its functions are pure: bytes in, bytes or
 * facts out; ask.c runs thousands of them on its sockets, TCP and UDP alike, with their times and bounds.
 *
 * Whatever answer() is given a stranger sent. It reads within length, keeps nothing, and says facts only together with
 * DIALOGUE_DONE or DIALOGUE_AGAIN: all or nothing.
 */
#ifndef SENSOR_ASK_DIALOGUE_H
#define SENSOR_ASK_DIALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "defs/facts.h"
#include "sensor/text.h"

enum {
	DIALOGUE_PORTS_MAX = 8,
	DIALOGUE_REQUEST_BYTES_MAX = 1200, /* one request; a datagram that no path has to cut */
	DIALOGUE_ANSWER_BYTES_MAX =
		65535, /* what answer() is given at most; a longer answer is cut and counted */
};

/* Whom it is about. */
struct dialogue_context {
	struct ip ip;
	uint16_t port_h;
	struct ip local; /* ours towards it; only for dialogues with a source port, otherwise none */
	bool udp;
	bool tls; /* the bytes go through TLS, which is up */
	struct vlan_tags vlan;
	int64_t time_us;  /* now, since the Unix epoch */
	uint64_t nonce;	  /* random, for one conversation: transaction ids, which an answer must repeat */
	const char *name; /* a name of the host, "" unknown */
	struct ip about;  /* dialogues that ask one host about another (reverse DNS); else none */
};

enum dialogue_verdict {
	DIALOGUE_FOREIGN, /* not this protocol. UDP: this datagram is not an answer, others may be */
	DIALOGUE_MORE,	  /* may be, the answer goes on; TCP: called again with all bytes so far */
	/*
	 * This protocol. TCP: request(step + 1) is the next to be sent. UDP: further datagrams may come, to one of the other
	 * requests, say; they are waited for a second at most.
	 */
	DIALOGUE_AGAIN,
	DIALOGUE_DONE, /* this protocol, and nothing more is to be learnt */
};

/* Where facts go. fact is what the context says (address, port, VLAN, time) and goes with every one. */
struct say {
	const struct dialogue_context *context;
	void (*fact)(void *to, const struct fact *fact);
	void *to;
};

struct dialogue {
	const char *name; /* of the protocol, as the service fact says it: "ssh", "dns" */
	bool udp;
	bool industrial; /* only when the port was asked for by name (never.h) */
	bool any_port;	 /* UDP: the answer may come from another port of the same address */
	bool hello;	 /* TCP: the server speaks first; there is no request */
	bool anywhere;	 /* TCP: worth trying on a port that is nobody's */
	bool patient; /* TCP, anywhere: who speaks it keeps still, and connected, while others' requests come */
	bool loose;   /* TCP: its answer is told apart even when HTTP was spoken to it */
	/* UDP: sent from this port, 0 any. When the system does not give it: from any, which some servers answer, too. */
	uint16_t source_port_h;
	uint16_t port_h[DIALOGUE_PORTS_MAX]; /* where it is usual; 0 ends the list */
	/*
	 * Write what is to be sent, at most size bytes (DIALOGUE_REQUEST_BYTES_MAX). step counts from 0. Returns the length, or 0:
	 * there is no such step. NULL: none. UDP: the datagrams of all steps are sent one after another, and once more
	 * when none was answered.
	 */
	size_t (*request)(const struct dialogue_context *, unsigned int step, uint8_t *out, size_t size);
	/*
	 * TCP: all bytes of the answer to this step so far, at least one; UDP: one datagram, step is 0. ended: no more will come (closed, cut, or
	 * time is up).
	 */
	enum dialogue_verdict (*answer)(const struct dialogue_context *, unsigned int step,
					const uint8_t *bytes, size_t length, bool ended, const struct say *);
	/* UDP: what silence means, in words for the user ("never answers strangers"); NULL: closed or filtered. */
	const char *silence;
};

/* A trait of this port: value is cut to what a fact may hold. Nothing for an empty value. */
void say_trait(const struct say *, const char *key, struct text value);
/* A trait of the host as a whole: without port. */
void say_host_trait(const struct say *, const char *key, struct text value);
/* A name of the host: kind as docs/facts.md has them. */
void say_name(const struct say *, const char *kind, struct text name);
/* The port as a service: state "open" or "closed". name: of the protocol, "" unknown. ask.c says it for every target. */
void say_service(const struct say *, const char *state, const char *name);
/* Any other: times, count, source and VLAN are filled in; the rest, ip too, is as given. */
void say_fact(const struct say *, const struct fact *fact);

/* Of UDP (udp.c): the dialogue for that port, or NULL. */
const struct dialogue *dialogue_udp(uint16_t port_h);

struct ask;
/*
 * Run one dialogue by UDP against one port, whatever the tables say: how reverse DNS asks its resolver. about goes into the
 * context. Not said as a service, and done() is not called: over is, unless it is NULL or all was stopped, with what is given here and
 * whether an answer came. 0, -EAGAIN: the queue is full, step and try again.
 */
int ask_add_dialogue(struct ask *, const struct dialogue *, const struct ip *ip, uint16_t port_h,
		     const struct ip *about, void (*over)(void *to, const struct ip *ip, bool answered),
		     void *to);

#endif
