/* SPDX-License-Identifier: BSD-2-Clause */
/* What a port's driver can do, asked without changing anything. */
#ifndef SENSOR_NETDEV_H
#define SENSOR_NETDEV_H

#include <stdbool.h>
#include <stdint.h>

struct netdev {
	unsigned int index;
	char driver[32];  /* "" when not known */
	bool up, running; /* switched on; carrier */
	bool promiscuous;
	bool vlan_offload;	/* the card takes VLAN tags off (rxvlan) */
	bool lro, gro_hardware; /* the card merges frames */
	bool xdp_attached;	/* a program is attached to the port */
	bool xdp_known;		/* the kernel tells what the driver can do (6.3 and newer) */
	bool xdp_native;	/* the driver runs XDP programs itself */
	bool xdp_redirect; /* it sends frames that XDP redirects to it, as things are now: a veth only when its other end listens */
	bool xdp_fragments; /* also on frames larger than a page */
	int mtu;
};

/* 0, or -ENODEV when there is no such port. */
int netdev_read(const char *name, struct netdev *out);

#endif
