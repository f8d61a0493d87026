/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The messages between sensor and collector (docs/stream.md), except the facts themselves: what the collector
 * sends is read and checked, what the sensor sends is written.
 *
 * Reading is bounded in size, depth and text lengths, and takes nothing over from a message that is wrong.
 */
#ifndef SENSOR_MESSAGE_H
#define SENSOR_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "defs/addr.h"

struct machine;

enum {
	MESSAGE_TEXT_MAX = 128,	    /* bytes of an id, a name, a code, with the terminating zero */
	MESSAGE_REASON_MAX = 512,   /* bytes of an error's message; longer is cut */
	MESSAGE_ADDRESSES_MAX = 32, /* of one interface; more are left out */
};

enum message_type { MESSAGE_UNKNOWN, MESSAGE_WELCOME, MESSAGE_ACK, MESSAGE_COMMAND, MESSAGE_ERROR };

struct message {
	enum message_type type;
	int64_t batch;			 /* ack: batch; welcome: acked */
	char id[MESSAGE_TEXT_MAX];	 /* command: id; welcome: sensor_id */
	char name[MESSAGE_TEXT_MAX];	 /* command: command; error: code; welcome: network_id; unknown: type */
	char target[MESSAGE_TEXT_MAX];	 /* command: session_id of its arguments, or "" */
	char kind[MESSAGE_TEXT_MAX];	 /* command: type of its arguments, or "" */
	char reason[MESSAGE_REASON_MAX]; /* error: message */
	char *arguments; /* `discover` of type Network: all of its arguments, as JSON; they may hold secrets. Else NULL */
};

/*
 * Read one message of the collector. 0 with *out filled, or -EINVAL with why[] telling what is wrong with it
 * (`why` lives as long as the program). message_clear() when it is done with.
 */
int message_read(const char *text, size_t length, struct message *out, const char **why);

/* Wipe and free what it owns. */
void message_clear(struct message *);

/* What the hello message says of the interface that is watched. */
struct message_interface {
	char name[64], mode[32];
	struct mac mac; /* zero when it has none */
	size_t address_count;
	struct ip addresses[MESSAGE_ADDRESSES_MAX];
	bool vlan_tags_visible, promiscuous, span;
};

struct message_capability {
	const char *name;
	const char *text; /* or NULL: then it is the number */
	int64_t number;
};

struct message_hello {
	const char *name, *software, *hostname, *outbox;
	const struct message_capability *capabilities;
	size_t capability_count;
	const struct message_interface *interface; /* or NULL for none */
};

struct message_counter {
	const char *name;
	double value;
};

/* They return the text, to be freed, with *length; NULL when there is no memory. */
char *message_hello(const struct message_hello *hello, size_t *length);
char *message_status(double at_s, const struct message_counter *counters, size_t count, size_t *length);
/* error: NULL when it went well. */
char *message_result(const char *id, const char *error, size_t *length);
char *message_progress(const char *id, const char *phase, int percent, size_t *length);
/* The result of a SelfReport. proxy: where an engine is asked instead of at the machine's sockets, or NULL; answers: it does. */
char *message_report(const char *id, const struct machine *machine, const char *proxy, bool answers,
		     size_t *length);

#endif
