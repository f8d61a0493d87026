/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses and sockets as the kernel has them, where a ring can't make them on every kernel. */
#ifndef SENSOR_ASK_SOCKET_H
#define SENSOR_ASK_SOCKET_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "defs/addr.h"

/* scope: the interface's index, for link-local addresses. Returns the length of what is put into out. */
socklen_t socket_address(const struct ip *ip, uint16_t port_h, unsigned int scope,
			 struct sockaddr_storage *out);
/* The same address, whatever the ports. */
bool socket_address_same(const struct sockaddr_storage *a, const struct sockaddr_storage *b);
/*
 * A socket of that family, bound to the interface (NULL: none) and the port (host order, 0: any). The descriptor, the caller's
 * to close, or -errno.
 */
int socket_make(int family, bool udp, const char *interface, uint16_t port_h);
/* The address that this system would speak to it from. Nothing is sent. 0 or -errno. */
int socket_local(const struct sockaddr_storage *to, socklen_t length, const char *interface, struct ip *out);

#endif
