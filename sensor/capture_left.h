/* SPDX-License-Identifier: BSD-2-Clause */
/* The programs on a port: those that a killed sensor has left, and whether others can be beside ours. */
#ifndef SENSOR_CAPTURE_LEFT_H
#define SENSOR_CAPTURE_LEFT_H

#include <stdbool.h>

struct port;

/* The port is locked by us, so a program of ours on it belongs to a sensor that was killed: it is removed, with a log line. */
void capture_remove_left(const struct port *);
/* libxdp attaches without its dispatcher where the kernel can't extend programs: then ours is the only one. */
bool capture_is_alone(const struct port *);

#endif
