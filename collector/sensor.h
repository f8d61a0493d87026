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
/*
 * Send a command. done gets what the sensor answers (data is JSON or NULL), or ok false with an error when it does not in time or
 * leaves. Returns -ENOTCONN when it is not connected here, and done is not called then.
 */
int sensors_command(struct sensors *, const char *sensor_id, const char *command,
		    void (*done)(void *arg, bool ok, const char *error, const char *data), void *arg);
size_t sensors_connected(const struct sensors *);
const struct sensor_counters *sensors_counters(const struct sensors *);
/* After HTTP, the database and ingest are closed. */
void sensors_close(struct sensors *);

#endif
