// SPDX-License-Identifier: BSD-2-Clause
/* Who says to be at which port: LLDP-MIB (IEEE 802.1AB-2005, 12.2) and CISCO-CDP-MIB. */
#include <string.h>

#include "sensor/snmp/tables.h"

enum { SUBTYPE_MAX = 7 };

static void take_subtype(struct device *device, const struct cell *cell, struct named *out)
{
	uint32_t subtype;

	if (cell_number(device, cell, SUBTYPE_MAX, &subtype))
		out->subtype = (uint8_t)subtype;
}

/* An id may be any bytes: a MAC ends in zero as others do, so nothing is taken off. */
static void take_id(struct device *device, const struct cell *cell, struct named *out)
{
	if (cell->type != CELL_BYTES) {
		device->malformed++;
		return;
	}
	out->id.length = (uint8_t)(cell->length < WORDS_MAX ? cell->length : WORDS_MAX);
	memcpy(out->id.bytes, cell->bytes, out->id.length);
}

/* LldpSystemCapabilitiesMap is BITS: bit 0 is the first byte's highest. Here bit 0 is the lowest, as in the frame. */
static uint32_t bits_of(const struct cell *cell)
{
	uint32_t out = 0;

	for (size_t i = 0; cell->type == CELL_BYTES && i < 2 && i < cell->length; i++)
		for (unsigned int bit = 0; bit < 8; bit++)
			if (cell->bytes[i] & 0x80u >> bit)
				out |= 1u << (8 * i + bit);
	return out;
}

void take_lldp_system(struct device *device, uint8_t column, const uint32_t *index, size_t length,
		      const struct cell *cell)
{
	(void)index;
	(void)length;
	if (column == 1)
		take_subtype(device, cell, &device->chassis);
	else if (column == 2)
		take_id(device, cell, &device->chassis);
	else if (cell->type == CELL_BYTES) {
		device->has_capabilities = true;
		device->capabilities = bits_of(cell);
	}
}

bool has_lldp(const struct device *device)
{
	return device->chassis.id.length > 0;
}

void take_lldp_port(struct device *device, uint8_t column, const uint32_t *index, size_t length,
		    const struct cell *cell)
{
	struct lldp_port *port = NULL;

	if (length != 1)
		return;
	for (size_t i = device->lldp_port_count; i > 0 && !port; i--)
		if (device->lldp_ports[i - 1].number == index[0])
			port = &device->lldp_ports[i - 1];
	if (!port) {
		port = MORE(device, lldp_ports, lldp_port, PORTS_MAX);
		if (!port)
			return;
		port->number = index[0];
	}
	if (column == 2)
		take_subtype(device, cell, &port->id);
	else if (column == 3)
		take_id(device, cell, &port->id);
	else
		cell_words(device, cell, &port->description);
}

static struct remote *remote_of(struct device *device, bool cdp, uint32_t port, uint32_t key, uint32_t key2,
				bool make)
{
	struct remote *remote;

	for (size_t i = device->remote_count; i > 0; i--) {
		remote = &device->remotes[i - 1];
		if (remote->cdp == cdp && remote->port == port && remote->key == key && remote->key2 == key2)
			return remote;
	}
	remote = make ? MORE(device, remotes, remote, REMOTES_MAX) : NULL;
	if (remote) {
		remote->cdp = cdp;
		remote->port = port;
		remote->key = key;
		remote->key2 = key2;
	}
	return remote;
}

/* Index: time mark, number of the local port, number of the neighbour there. */
void take_lldp_remote(struct device *device, uint8_t column, const uint32_t *index, size_t length,
		      const struct cell *cell)
{
	struct remote *remote =
		length == 3 ? remote_of(device, false, index[1], index[2], index[0], true) : NULL;

	if (!remote)
		return;
	switch (column) {
	case 4:
		take_subtype(device, cell, &remote->chassis);
		break;
	case 5:
		take_id(device, cell, &remote->chassis);
		break;
	case 6:
		take_subtype(device, cell, &remote->port_id);
		break;
	case 7:
		take_id(device, cell, &remote->port_id);
		break;
	case 8:
		cell_words(device, cell, &remote->port_description);
		break;
	case 9:
		cell_words(device, cell, &remote->name);
		break;
	case 10:
		cell_words(device, cell, &remote->description);
		break;
	default:
		remote->has_capabilities = cell->type == CELL_BYTES;
		remote->capabilities = bits_of(cell);
	}
}

bool has_remotes(const struct device *device)
{
	return device->remote_count > 0;
}

static void add_address(struct remote *remote, const struct ip *ip)
{
	if (remote->address_count < REMOTE_ADDRESSES_MAX && !ip_is_unspecified(ip))
		remote->address[remote->address_count++] = *ip;
}

/* Index: as above, then the address: its family, its length, its bytes. The cell does not matter. */
void take_lldp_address(struct device *device, uint8_t column, const uint32_t *index, size_t length,
		       const struct cell *cell)
{
	struct remote *remote;
	struct ip ip;

	(void)column;
	(void)cell;
	if (length < 5 || index[4] != length - 5 || !index_ip(index + 5, length - 5, index[3], &ip))
		return;
	remote = remote_of(device, false, index[1], index[2], index[0], false);
	if (remote)
		add_address(remote, &ip);
}

void take_cdp_system(struct device *device, uint8_t column, const uint32_t *index, size_t length,
		     const struct cell *cell)
{
	(void)column;
	(void)index;
	(void)length;
	cell_words(device, cell, &device->cdp_name);
}

bool has_cdp(const struct device *device)
{
	return device->cdp_name.length > 0;
}

/* CDP's bits (as in its frame: 1 router, 2 and 4 bridges, 8 switch, 0x10 host, 0x40 repeater, 0x80 telephone), as LLDP has them. */
static uint32_t cdp_capabilities(const struct cell *cell)
{
	static const struct {
		uint32_t cdp, lldp;
	} map[] = {{0x01, 1u << 4}, {0x02, 1u << 2}, {0x04, 1u << 2}, {0x08, 1u << 2},
		   {0x10, 1u << 7}, {0x40, 1u << 1}, {0x80, 1u << 5}};
	uint32_t bits = 0, out = 0;

	for (size_t i = 0; i < cell->length && i < sizeof(bits); i++)
		bits = bits << 8 | cell->bytes[i];
	for (size_t i = 0; i < sizeof(map) / sizeof(map[0]); i++)
		out |= bits & map[i].cdp ? map[i].lldp : 0;
	return out;
}

/* Index: interface, number of the neighbour there. */
void take_cdp_remote(struct device *device, uint8_t column, const uint32_t *index, size_t length,
		     const struct cell *cell)
{
	struct remote *remote = length == 2 ? remote_of(device, true, index[0], index[1], 0, true) : NULL;
	struct ip ip;

	if (!remote)
		return;
	switch (column) {
	case 4: /* only an IPv4 address is four bytes long */
		if (cell->type == CELL_BYTES && cell->length == 4) {
			ip = ip_from_v4(cell->bytes);
			add_address(remote, &ip);
		}
		break;
	case 5:
		cell_words(device, cell, &remote->description);
		break;
	case 6:
		cell_words(device, cell, &remote->chassis.id);
		break;
	case 7:
		cell_words(device, cell, &remote->port_id.id);
		break;
	case 8:
		cell_words(device, cell, &remote->platform);
		break;
	case 9:
		remote->has_capabilities = cell->type == CELL_BYTES;
		remote->capabilities = remote->has_capabilities ? cdp_capabilities(cell) : 0;
		break;
	default:
		cell_number(device, cell, VLAN_ID_MAX, &remote->native_vlan);
	}
}
