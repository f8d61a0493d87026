/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What this machine says of itself: its interfaces with their addresses, its gateways and resolvers, its name and kernel, what
 * the sensor may do on it, and whether a container engine can be reached. It asks the kernel (rtnetlink, /sys) and looks for sockets in the file system; nothing is sent
 * to any network, and no rights are needed.
 */
#ifndef SENSOR_MACHINE_H
#define SENSOR_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/utsname.h>

#include "defs/addr.h"
#include "sensor/abilities.h"
#include "sensor/docker/places.h"

enum {
	MACHINE_INTERFACES_MAX = 256, /* more are left out, and counted */
	MACHINE_ADDRESSES_MAX = 360,  /* of all interfaces together */
	MACHINE_NAME_MAX = 16,	      /* of an interface; IFNAMSIZ */
	MACHINE_GATEWAYS_MAX = 8,
	MACHINE_RESOLVERS_MAX = 8, /* more are left out, which resolvers do too */
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

struct machine_gateway {
	unsigned int index; /* of the interface that leads to it */
	struct ip ip;
	struct mac mac; /* zero when the kernel has not used it lately */
};

struct machine {
	char hostname[256];
	struct utsname system;
	struct abilities abilities;
	struct place engines[PLACES_MAX]; /* sockets of container engines */
	size_t engine_count, interface_count, address_count, gateway_count, resolver_count, left_out;
	struct machine_interface interfaces[MACHINE_INTERFACES_MAX];
	struct machine_address addresses[MACHINE_ADDRESSES_MAX];
	struct machine_gateway gateways[MACHINE_GATEWAYS_MAX]; /* of the default routes */
	struct ip resolvers[MACHINE_RESOLVERS_MAX];
};

/* 0 with *out filled, or -errno when the kernel does not tell. */
int machine_read(struct machine *out);
/* The type of the subnets that an interface of this name and kind is in. */
const char *machine_subnet_type(const char *name, const char *kind);

#endif
