/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What one device has told so far: filled by tables.c from the rows of its MIBs, read by tell.c, which makes facts of it. Pure. Every
 * list has a bound; what is over it is left out, and counted by the walk.
 */
#ifndef SENSOR_SNMP_DEVICE_H
#define SENSOR_SNMP_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "defs/addr.h"
#include "sensor/snmp/cell.h"
#include "sensor/snmp/snmp.h"

enum {
	WORDS_MAX = 255, /* DisplayString, SnmpAdminString: RFC 2579, RFC 3411 */
	PORTS_MAX = 4096,
	ADDRESSES_MAX = 1024,
	ARP_MAX = 8192,
	STATIONS_MAX = 16384,
	FILTERS_MAX = 4096, /* one a VLAN */
	REMOTES_MAX = 1024,
	REMOTE_ADDRESSES_MAX = 4,
	VLAN_ID_MAX = 4094,
};

struct words {
	uint8_t length;
	char bytes[WORDS_MAX];
};

/* A chassis or port id: a subtype of IEEE 802.1AB says how to read it. */
struct named {
	uint8_t subtype;
	struct words id;
};

/* A row of ifTable and ifXTable (RFC 2863). */
struct port {
	uint32_t index, type, vlan; /* vlan: of frames without a tag, 0 unknown */
	uint64_t speed;		    /* bits a second */
	bool has_mac, up, uplink;   /* uplink: another bridge is behind it */
	struct mac mac;
	uint32_t stations; /* addresses that the bridge has learned there */
	struct words name, description, alias;
};

struct device_address { /* of the device itself */
	struct ip ip;
	uint32_t port;
};

struct device_arp { /* of others, as it has resolved them */
	struct ip ip;
	struct mac mac;
	uint32_t port;
};

struct station { /* what its bridge has learned */
	struct mac mac;
	uint32_t bridge_port, filter; /* filter: the id of the database, as a rule the VLAN */
};

struct remote {			  /* who says to be at a port, by LLDP or CDP */
	uint32_t port, key, key2; /* LLDP's number of the port, or the interface's */
	bool cdp, has_capabilities;
	struct named chassis, port_id;
	struct words port_description, name, description, platform;
	uint32_t capabilities, native_vlan;
	struct ip address[REMOTE_ADDRESSES_MAX];
	size_t address_count;
};

struct lldp_port {
	uint32_t number;
	struct named id;
	struct words description;
};

struct pair {
	uint32_t from, to;
};

struct device {
	struct snmp_target target;
	int credential;
	enum snmp_version version;
	struct words description, contact, name, location;
	struct oid_name object_id;
	uint32_t services; /* RFC 1213, sysServices: 2 bridge, 4 router */
	struct words model, serial, maker, firmware;
	uint32_t chassis_index; /* of ENTITY-MIB */
	bool has_chassis, has_bridge, has_qbridge;
	struct mac bridge;
	struct named chassis; /* LLDP's own */
	struct words cdp_name;
	bool has_capabilities;
	uint32_t capabilities;
	struct port *ports; /* by index */
	size_t port_count, port_room;
	struct device_address *addresses;
	size_t address_count, address_room;
	struct device_arp *arps;
	size_t arp_count, arp_room;
	struct pair *bridge_ports; /* bridge port → interface */
	size_t bridge_port_count, bridge_port_room;
	struct pair *filters; /* database → VLAN */
	size_t filter_count, filter_room;
	struct station *stations;
	size_t station_count, station_room;
	struct lldp_port *lldp_ports;
	size_t lldp_port_count, lldp_port_room;
	struct remote *remotes;
	size_t remote_count, remote_room;
	uint64_t malformed, cut;
};

void device_free(struct device *); /* what it holds, not itself */
struct port *device_port(const struct device *, uint32_t index);

/* tell.c: say all that is known, in facts seen at now_us (since the Unix epoch). */
void device_tell(struct device *, int64_t now_us, void (*say)(void *context, const struct fact *fact),
		 void *context);

#endif
