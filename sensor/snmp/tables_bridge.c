// SPDX-License-Identifier: BSD-2-Clause
/* What a bridge has learned at which port, and in which VLAN: BRIDGE-MIB (RFC 4188) and Q-BRIDGE-MIB (RFC 4363). */
#include "sensor/snmp/tables.h"

enum { MAC_PARTS = 6 };

void take_bridge(struct device *device, uint8_t column, const uint32_t *index, size_t length,
		 const struct cell *cell)
{
	(void)column;
	(void)index;
	(void)length;
	device->has_bridge = cell_mac(device, cell, &device->bridge);
}

bool is_bridge(const struct device *device)
{
	return device->has_bridge;
}

void take_bridge_port(struct device *device, uint8_t column, const uint32_t *index, size_t length,
		      const struct cell *cell)
{
	struct pair *pair;
	uint32_t to;

	(void)column;
	if (length != 1 || !cell_number(device, cell, INT32_MAX, &to))
		return;
	pair = MORE(device, bridge_ports, bridge_port, PORTS_MAX);
	if (pair)
		*pair = (struct pair){index[0], to};
}

void take_filter(struct device *device, uint8_t column, const uint32_t *index, size_t length,
		 const struct cell *cell)
{
	struct pair *pair;
	uint32_t from;

	(void)column;
	if (length != 2 || index[1] == 0 || index[1] > VLAN_ID_MAX ||
	    !cell_number(device, cell, UINT32_MAX, &from))
		return;
	pair = MORE(device, filters, filter, FILTERS_MAX);
	if (pair)
		*pair = (struct pair){from, index[1]};
}

void take_pvid(struct device *device, uint8_t column, const uint32_t *index, size_t length,
	       const struct cell *cell)
{
	struct port *port = NULL;
	uint32_t vlan;

	(void)column;
	for (size_t i = 0; length == 1 && i < device->bridge_port_count; i++)
		if (device->bridge_ports[i].from == index[0])
			port = device_port(device, device->bridge_ports[i].to);
	if (port && cell_number(device, cell, VLAN_ID_MAX, &vlan))
		port->vlan = vlan;
}

static void add_station(struct device *device, uint32_t filter, const uint32_t *index, const struct cell *cell)
{
	struct station *station;
	struct station made = {.filter = filter};

	for (size_t i = 0; i < MAC_PARTS; i++) {
		if (index[i] > UINT8_MAX)
			return;
		made.mac.bytes[i] = (uint8_t)index[i];
	}
	/* Port 0: learned, and forgotten where. */
	if (!cell_number(device, cell, INT32_MAX, &made.bridge_port) || made.bridge_port == 0 ||
	    mac_is_zero(&made.mac) || mac_is_group(&made.mac))
		return;
	station = MORE(device, stations, station, STATIONS_MAX);
	if (station)
		*station = made;
}

void take_station(struct device *device, uint8_t column, const uint32_t *index, size_t length,
		  const struct cell *cell)
{
	(void)column;
	if (length == 1 + MAC_PARTS) {
		device->has_qbridge = true;
		add_station(device, index[0], index + 1, cell);
	}
}

void take_station_old(struct device *device, uint8_t column, const uint32_t *index, size_t length,
		      const struct cell *cell)
{
	(void)column;
	if (length == MAC_PARTS)
		add_station(device, 0, index, cell);
}

bool has_no_vlans(const struct device *device)
{
	return device->has_bridge && !device->has_qbridge;
}
