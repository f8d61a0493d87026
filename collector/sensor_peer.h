/* SPDX-License-Identifier: BSD-2-Clause */
/* Between sensor.c, which has the connections, and sensor_row.c, which writes sensors' rows. Not for others. */
#ifndef COLLECTOR_SENSOR_PEER_H
#define COLLECTOR_SENSOR_PEER_H

#include "collector/secret.h"
#include "collector/sensor.h"
#include "collector/stream.h"
#include "collector/ws.h"

/* A command that waits for its result; one at a time. */
struct sensor_command {
	char id[ID_TEXT_MAX];
	int64_t until_ms;
	void (*done)(void *arg, bool ok, const char *error, const char *data); /* NULL: none waits */
	void *arg;
};

struct sensor_peer {
	struct sensors *all;
	struct ws *ws; /* NULL: the connection is gone */
	struct sensor_peer *next;
	uint8_t hash[SECRET_HASH_BYTES];
	char id[ID_TEXT_MAX], network_id[ID_TEXT_MAX], name[128];
	char outbox[STREAM_OUTBOX_DIGITS + 1];
	bool greeted, greeting; /* hello has come; it is being written */
	bool welcomed, failed, leaving, updating;
	bool heard;	      /* something, since its row was written */
	uint64_t batch, last; /* committed before this connection; the last that came on it */
	size_t batches;	      /* on their way */
	char *hello, *status; /* what is to be written of it, as JSON */
	int64_t opened_ms, updated_ms;
	struct sensor_command command;
};

struct sensors {
	struct app *app;
	struct ws_service service;
	struct sensor_peer *peers;
	struct loop_timer *tick;
	struct sensor_counters counters;
	bool closing;
};

/* Send; takes and frees the text. */
void peer_say(struct sensor_peer *, struct buffer *json);
/* Say what is wrong, and close. */
void peer_fail(struct sensor_peer *, enum stream_code, const char *message);
/* When nothing of it is on its way any more. */
void peer_free(struct sensor_peer *);
/* Write what is due. 0, also when something is being written; -errno when it can't be. */
int peer_update(struct sensor_peer *);
/* Its connection is gone: write that, once, after what is being written. True when that has begun. */
bool peer_leave(struct sensor_peer *);
/* End the command that waits, if one does. */
void sensor_command_end(struct sensor_peer *, bool ok, const char *error, const char *data);

#endif
