/* SPDX-License-Identifier: BSD-2-Clause */
/* How the sensor is doing: the counters of the `status` message, and the losses that become facts. */
#ifndef SENSOR_STATUS_H
#define SENSOR_STATUS_H

#include <stddef.h>
#include <stdint.h>

struct pipeline;
struct session;

struct status {
	const char *interface;
	int64_t start_us;     /* monotonic */
	uint64_t port_sent;   /* what it had sent then */
	uint64_t port_missed; /* what the port had missed when the sensor began */
};

void status_begin(struct status *, const char *interface);
/* Frames that left by the port since then, whoever sent them. */
uint64_t status_sent(const struct status *);

/* Tell observe.h what was lost outside the engine: by the port, in the outbox, at the collector. session may be NULL. */
void status_losses(struct status *, struct pipeline *, struct session *session);

/* The text of the status message, to be freed; NULL when there is no memory. */
char *status_text(struct status *, struct pipeline *, struct session *session, size_t *length);

#endif
