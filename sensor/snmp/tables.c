// SPDX-License-Identifier: BSD-2-Clause
/*
 * The tables that a device is asked for; and what the cells of those of the system and its interfaces mean. Values of a wrong type or
 * size are left out and counted; an index that is not of its form says nothing.
 */
#include <string.h>

#include "sensor/snmp/tables.h"
#include "sensor/snmp/walk.h"

enum { UP = 1, MEGABIT = 1000000, CHASSIS = 3 };

/* The port, made when it is new; they stay in order. */
static struct port *port_of(struct device *device, uint32_t index)
{
	struct port *port = device_port(device, index), made = {.index = index};
	size_t at;

	if (port)
		return port;
	if (!MORE(device, ports, port, PORTS_MAX))
		return NULL;
	for (at = device->port_count - 1; at > 0 && device->ports[at - 1].index > index; at--)
		;
	memmove(&device->ports[at + 1], &device->ports[at], (device->port_count - 1 - at) * sizeof(made));
	device->ports[at] = made;
	return &device->ports[at];
}

/* ---- RFC 3418: the system ---- */

static void take_system(struct device *device, uint8_t column, const uint32_t *index, size_t length,
			const struct cell *cell)
{
	struct words *const words[] = {[1] = &device->description,
				       [4] = &device->contact,
				       [5] = &device->name,
				       [6] = &device->location};

	(void)index;
	(void)length;
	if (column == 2 && cell->type == CELL_OBJECT)
		device->object_id = cell->object;
	else if (column == 7)
		cell_number(device, cell, INT8_MAX, &device->services);
	else if (column < sizeof(words) / sizeof(words[0]) && words[column])
		cell_words(device, cell, words[column]);
}

/* ---- RFC 2863: interfaces ---- */

static void take_interface(struct device *device, uint8_t column, const uint32_t *index, size_t length,
			   const struct cell *cell)
{
	struct port *port = length == 1 ? port_of(device, index[0]) : NULL;
	uint32_t number;

	if (!port)
		return;
	if (column == 2)
		cell_words(device, cell, &port->description);
	else if (column == 3)
		cell_number(device, cell, INT32_MAX, &port->type);
	else if (column == 5 && cell_number(device, cell, UINT32_MAX, &number))
		port->speed = number;
	else if (column == 6)
		port->has_mac = cell_mac(device, cell, &port->mac);
	else if (column == 8 && cell_number(device, cell, INT8_MAX, &number))
		port->up = number == UP;
}

static void take_interface_more(struct device *device, uint8_t column, const uint32_t *index, size_t length,
				const struct cell *cell)
{
	struct port *port = length == 1 ? device_port(device, index[0]) : NULL;
	uint32_t megabits;

	if (!port)
		return;
	if (column == 1)
		cell_words(device, cell, &port->name);
	else if (column == 18)
		cell_words(device, cell, &port->alias);
	else if (column == 15 && cell_number(device, cell, UINT32_MAX, &megabits) && megabits)
		port->speed = (uint64_t)megabits * MEGABIT;
}

/* ---- RFC 6933: what it is, as sold ---- */

static void take_entity(struct device *device, uint8_t column, const uint32_t *index, size_t length,
			const struct cell *cell)
{
	struct words *const words[] = {
		[9] = &device->firmware, [11] = &device->serial, [12] = &device->maker, [13] = &device->model};
	uint32_t class;

	if (length != 1)
		return;
	/* Of a stack the first one. */
	if (column == 5) {
		if (!device->has_chassis && cell_number(device, cell, INT32_MAX, &class) && class == CHASSIS) {
			device->has_chassis = true;
			device->chassis_index = index[0];
		}
	} else if (device->has_chassis && device->chassis_index == index[0] &&
		   column < sizeof(words) / sizeof(words[0]) && words[column]) {
		cell_words(device, cell, words[column]);
	}
}

static bool has_chassis(const struct device *device)
{
	return device->has_chassis;
}

/* What is asked; its order is that of use: what is plugged in where matters more than what it is sold as. */
const struct mib_table mib_tables[] = {
	{"system", {1, 3, 6, 1, 2, 1, 1}, 7, {1, 2, 4, 5, 6, 7}, 6, 1, true, NULL, take_system},
	{"ifTable", {1, 3, 6, 1, 2, 1, 2, 2, 1}, 9, {2, 3, 5, 6, 8}, 5, PORTS_MAX, false, NULL, take_interface},
	{"ifXTable",
	 {1, 3, 6, 1, 2, 1, 31, 1, 1, 1},
	 10,
	 {1, 15, 18},
	 3,
	 PORTS_MAX,
	 false,
	 NULL,
	 take_interface_more},
	{"ipAddressTable",
	 {1, 3, 6, 1, 2, 1, 4, 34, 1},
	 9,
	 {3, 4},
	 2,
	 ADDRESSES_MAX,
	 false,
	 NULL,
	 take_address},
	{"ipAddrTable",
	 {1, 3, 6, 1, 2, 1, 4, 20, 1},
	 9,
	 {2},
	 1,
	 ADDRESSES_MAX,
	 false,
	 has_no_v4_address,
	 take_address_old},
	{"lldpLocalSystem", {1, 0, 8802, 1, 1, 2, 1, 3}, 8, {1, 2, 6}, 3, 1, true, NULL, take_lldp_system},
	{"lldpLocPortTable",
	 {1, 0, 8802, 1, 1, 2, 1, 3, 7, 1},
	 10,
	 {2, 3, 4},
	 3,
	 PORTS_MAX,
	 false,
	 has_lldp,
	 take_lldp_port},
	{"lldpRemTable",
	 {1, 0, 8802, 1, 1, 2, 1, 4, 1, 1},
	 10,
	 {4, 5, 6, 7, 8, 9, 10, 12},
	 8,
	 REMOTES_MAX,
	 false,
	 has_lldp,
	 take_lldp_remote},
	{"lldpRemManAddrTable",
	 {1, 0, 8802, 1, 1, 2, 1, 4, 2, 1},
	 10,
	 {3},
	 1,
	 REMOTES_MAX,
	 false,
	 has_remotes,
	 take_lldp_address},
	{"cdpGlobal", {1, 3, 6, 1, 4, 1, 9, 9, 23, 1, 3}, 11, {4}, 1, 1, true, NULL, take_cdp_system},
	{"cdpCacheTable",
	 {1, 3, 6, 1, 4, 1, 9, 9, 23, 1, 2, 1, 1},
	 13,
	 {4, 5, 6, 7, 8, 9, 11},
	 7,
	 REMOTES_MAX,
	 false,
	 has_cdp,
	 take_cdp_remote},
	{"dot1dBase", {1, 3, 6, 1, 2, 1, 17, 1}, 8, {1}, 1, 1, true, NULL, take_bridge},
	{"dot1dBasePortTable",
	 {1, 3, 6, 1, 2, 1, 17, 1, 4, 1},
	 10,
	 {2},
	 1,
	 PORTS_MAX,
	 false,
	 is_bridge,
	 take_bridge_port},
	{"dot1qVlanCurrentTable",
	 {1, 3, 6, 1, 2, 1, 17, 7, 1, 4, 2, 1},
	 12,
	 {3},
	 1,
	 FILTERS_MAX,
	 false,
	 is_bridge,
	 take_filter},
	{"dot1qPortVlanTable",
	 {1, 3, 6, 1, 2, 1, 17, 7, 1, 4, 5, 1},
	 12,
	 {1},
	 1,
	 PORTS_MAX,
	 false,
	 is_bridge,
	 take_pvid},
	{"dot1qTpFdbTable",
	 {1, 3, 6, 1, 2, 1, 17, 7, 1, 2, 2, 1},
	 12,
	 {2},
	 1,
	 STATIONS_MAX,
	 false,
	 is_bridge,
	 take_station},
	{"dot1dTpFdbTable",
	 {1, 3, 6, 1, 2, 1, 17, 4, 3, 1},
	 10,
	 {2},
	 1,
	 STATIONS_MAX,
	 false,
	 has_no_vlans,
	 take_station_old},
	{"ipNetToPhysicalTable", {1, 3, 6, 1, 2, 1, 4, 35, 1}, 9, {4}, 1, ARP_MAX, false, NULL, take_arp},
	{"ipNetToMediaTable",
	 {1, 3, 6, 1, 2, 1, 4, 22, 1},
	 9,
	 {2},
	 1,
	 ARP_MAX,
	 false,
	 has_no_v4_arp,
	 take_arp_old},
	{"entPhysicalClass", {1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1}, 11, {5}, 1, 256, false, NULL, take_entity},
	{"entPhysicalTable",
	 {1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1},
	 11,
	 {9, 11, 12, 13},
	 4,
	 256,
	 false,
	 has_chassis,
	 take_entity},
};
const size_t mib_table_count = sizeof(mib_tables) / sizeof(mib_tables[0]);
