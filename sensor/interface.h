/* SPDX-License-Identifier: BSD-2-Clause */
/* What the system says of a network interface: its MAC and its addresses. */
#ifndef SENSOR_INTERFACE_H
#define SENSOR_INTERFACE_H

#include "sensor/message.h"

/* Fill in mac and addresses of the interface of that name; none when there is no such interface. */
void interface_addresses(const char *name, struct message_interface *out);

/*
 * Frames that left by the interface since it is there, by /proc/net/dev: that of the process's own network namespace, which /sys need not be. 0
 * when there is no such interface.
 */
uint64_t interface_sent(const char *name);

#endif
