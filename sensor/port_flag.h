/* SPDX-License-Identifier: BSD-2-Clause */
/* Promiscuous mode by the interface's own flag (netdevice(7)), which outlives the process: whoever sets it takes it back. */
#ifndef SENSOR_PORT_FLAG_H
#define SENSOR_PORT_FLAG_H

#include <stdbool.h>

/* socket_fd: any socket, for ioctl(2). index: of the interface. 1 set, 0 not, or -errno. */
int port_flag_read(int socket_fd, int index);
/* 0 or -errno. */
int port_flag_set(int socket_fd, int index, bool on);

#endif
