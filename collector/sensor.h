/* SPDX-License-Identifier: BSD-2-Clause */
/* Sensors that are connected (docs/stream.md, the collector's side). */
#ifndef COLLECTOR_SENSOR_H
#define COLLECTOR_SENSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct app;
struct sensors;
struct ws_service;

struct sensor_counters {
	uint64_t connections, refused, unknown_messages;
};

/* 0 or -ENOMEM. */
int sensors_open(struct app *, struct sensors **out);
/* For ws_protocols(). */
const struct ws_service *sensors_service(const struct sensors *);
/* Keys have changed: those that are no longer good lose their connection. */
void sensors_check(struct sensors *);
/* What the database says to all collectors (0011_discovery.sql, 0012_session.sql); channel NULL: any number of words may have been missed. */
void sensors_notify(struct sensors *, const char *channel, const char *payload);

enum command_end {
	COMMAND_DONE,
	COMMAND_REFUSED, /* by the sensor; error says why */
	COMMAND_LATE,	 /* no answer in time, or it left, or the database is away */
	COMMAND_BUSY,	 /* with another command */
	COMMAND_NOBODY,	 /* it is not connected, to no collector */
};

/*
 * Send a command to a sensor, whichever collector it is connected to. done gets its answer (data is JSON or NULL), then or
 * later, exactly once.
 */
void sensors_command(struct sensors *, const char *sensor_id, const char *command,
		     void (*done)(void *arg, enum command_end, const char *error, const char *data), void *arg);
size_t sensors_connected(const struct sensors *);
const struct sensor_counters *sensors_counters(const struct sensors *);
/* After HTTP, the database and ingest are closed. */
void sensors_close(struct sensors *);

#endif
