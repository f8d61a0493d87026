/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The network interface that is watched: what it can do, what is changed on it while it is watched, and how that is
 * undone, also after a sensor that was killed.
 *
 * What was changed is first written to a small file below PORT_STATE_DIR, which is locked as long as a sensor
 * watches. A file that nobody holds is what a killed sensor left: its values are the ones to restore.
 */
#ifndef SENSOR_PORT_H
#define SENSOR_PORT_H

#include <stdbool.h>

struct port;

#define PORT_STATE_DIR "/run/netvisor"

/*
 * Take the interface `name` for this process. 0 with *out to be closed by port_close(); -errno after one log line:
 * -ENODEV no such interface, -EBUSY another sensor watches it, -EINVAL not a name.
 * Restores what a killed sensor has left.
 */
int port_open(const char *name, struct port **out);

const char *port_name(const struct port *);
int port_index(const struct port *);
/* No Ethernet header: tun, WireGuard and the like. */
bool port_is_raw(const struct port *);
/* A sensor was killed while it watched this port: its program may still be attached. */
bool port_was_left(const struct port *);
/* False once the interface is gone. Looks at the index, so that another of the same name does not count. */
bool port_exists(const struct port *);

/*
 * Switch off what hides VLAN tags from XDP (rx-vlan-hw-parse, rx-vlan-filter and their 802.1ad kin), and ask for promiscuous mode. What
 * can't be changed is left, and silent: promiscuous mode by the interface's own flag, since a socket that holds it could also send; and port_tags_visible() and port_advice() tell. 0, or -errno after a log line.
 */
int port_prepare(struct port *, bool promiscuous, bool silent);
bool port_tags_visible(const struct port *);
bool port_promiscuous(const struct port *);

/* The kernel's driver for it, "" when not known. */
const char *port_driver(const struct port *);

/* Sentences on what would show more, appended to out (size bytes). */
void port_advice(const struct port *, char *out, int size);

/* Undo port_prepare(). port_close() does it too, unless the port was handed to another process: port_forget(). */
void port_restore(struct port *);
void port_forget(struct port *);
void port_close(struct port *);

#endif
