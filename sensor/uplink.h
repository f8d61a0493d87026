/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The connection to the collector: dials, keeps dialling, and carries what session.h wants carried. It runs in a thread
 * of its own, so that TLS, name resolution and a slow collector never hold up decoding.
 */
#ifndef SENSOR_UPLINK_H
#define SENSOR_UPLINK_H

#include <stdbool.h>

#include "sensor/server.h"

struct outbox;
struct session;
struct uplink;

struct uplink_options {
	struct server server;
	const char *key;	 /* sent as bearer; never logged */
	const char *ca_file;	 /* authorities to trust instead of the system's, or NULL */
	struct outbox *outbox;	 /* borrowed */
	struct session *session; /* borrowed */
	int event_fd;		 /* eventfd that is raised when session_command() has something */
};

/* Read what TLS needs. No thread yet. Texts live as long as the uplink. 0, or -errno after one log line. */
int uplink_open(const struct uplink_options *options, struct uplink **out);
/* Start the thread. 0, or -errno after a log line. */
int uplink_start(struct uplink *);
/* Facts were committed, or the session was given something to send. From any thread. */
void uplink_wake(struct uplink *);
/*
 * Stop. With a connection, what is in the outbox has patience_ms to be acknowledged; what is not stays there.
 * Frees uplink; false when its thread hangs (in name resolution, say): then it, outbox and session must be left alone.
 */
bool uplink_close(struct uplink *, int patience_ms);

#endif
