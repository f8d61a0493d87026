/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What this machine says of itself: its interfaces with their addresses, its name and kernel, and whether a container
 * engine can be reached. It asks the kernel (rtnetlink, /sys) and looks for sockets in the file system; nothing is sent
 * to any network, and no rights are needed.
 */
#ifndef SENSOR_MACHINE_H
#define SENSOR_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/utsname.h>

#include "defs/addr.h"

enum {
	MACHINE_INTERFACES_MAX = 256, /* more are left out, and counted */
	MACHINE_ADDRESSES_MAX = 360,  /* of all interfaces together */
	MACHINE_NAME_MAX = 16,	      /* of an interface; IFNAMSIZ */
	MACHINE_SOCKETS = 2,
};

struct machine_interface {
	unsigned int index;
	char name[MACHINE_NAME_MAX];
	char kind
		[MACHINE_NAME_MAX]; /* the kernel's word for one that is not hardware: bridge, vlan, wireguard, …; or "" */
	const char *subnet_type; /* of the subnets that it is in, from its kind and name; Loopback for that */
	struct mac mac;		 /* zero without */
	uint16_t vlan;		 /* its id, 0 for none */
	uint32_t mtu;
	bool up, loopback;
};

struct machine_address {
	unsigned int index; /* of its interface */
	struct ip ip;
	uint8_t prefix;
};

struct machine_socket {
	const char *path;
	bool there, reachable;
};

struct machine {
	char hostname[256];
	struct utsname system;
	struct machine_socket sockets[MACHINE_SOCKETS];
	size_t interface_count, address_count, left_out;
	struct machine_interface interfaces[MACHINE_INTERFACES_MAX];
	struct machine_address addresses[MACHINE_ADDRESSES_MAX];
};

/* 0 with *out filled, or -errno when the kernel does not tell. */
int machine_read(struct machine *out);
/* The type of the subnets that an interface of this name and kind is in. */
const char *machine_subnet_type(const char *name, const char *kind);

#endif
