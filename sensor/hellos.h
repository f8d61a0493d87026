/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How connections of QUIC begin: the hello of the client, put together from the datagrams that it is spread over, and the server's answer.
 * Only who has seen the client's first packet can have made an answer that opens with its keys: that is a service's proof. Bounded in
 * connections, bytes and time.
 */
#ifndef SENSOR_HELLOS_H
#define SENSOR_HELLOS_H

#include "sensor/heads.h"
#include "sensor/wire.h"

struct hellos;

/* A datagram that begins like QUIC (quic_begins()). */
struct hello_datagram {
	const struct flow_key *key;
	uint8_t from; /* end of the key that sent it */
	int64_t time_us;
	struct wire payload;
};

/* 0, or -ENOMEM. */
int hellos_open(heads_heard *heard, void *to, struct hellos **out);
void hellos_add(struct hellos *, const struct hello_datagram *);
/* Hellos that had to make room before they were whole. */
uint64_t hellos_given_up(const struct hellos *);
void hellos_close(struct hellos *);

#endif
