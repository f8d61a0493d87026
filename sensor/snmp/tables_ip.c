// SPDX-License-Identifier: BSD-2-Clause
/* Addresses of a device, and what ARP and ND have found for it: IP-MIB (RFC 4293), and its older tables. */
#include <string.h>

#include "sensor/snmp/tables.h"

enum { UNICAST = 1 }; /* IpAddressType */

static bool is_host(const struct ip *ip)
{
	return !ip_is_unspecified(ip) && !ip_is_multicast(ip) && !(ip->version == 4 && ip->bytes[0] == 127) &&
	       !(ip->version == 6 && memcmp(ip->bytes, (const uint8_t[16]){[15] = 1}, 16) == 0);
}

/* InetAddressType, InetAddress with its length before it. */
static bool index_inet(const uint32_t *index, size_t length, struct ip *out)
{
	return length >= 2 && index[1] == length - 2 && index_ip(index + 2, length - 2, index[0], out);
}

static void add_address(struct device *device, const struct ip *ip, const struct cell *cell)
{
	struct device_address *address;
	uint32_t port;

	if (!is_host(ip) || !cell_number(device, cell, INT32_MAX, &port))
		return;
	address = MORE(device, addresses, address, ADDRESSES_MAX);
	if (address)
		*address = (struct device_address){*ip, port};
}

/* A broadcast address is in the table too. */
static void remove_address(struct device *device, const struct ip *ip)
{
	for (size_t i = device->address_count; i > 0; i--)
		if (ip_equal(&device->addresses[i - 1].ip, ip)) {
			memmove(&device->addresses[i - 1], &device->addresses[i],
				(device->address_count - i) * sizeof(device->addresses[0]));
			device->address_count--;
			return;
		}
}

void take_address(struct device *device, uint8_t column, const uint32_t *index, size_t length,
		  const struct cell *cell)
{
	struct ip ip;

	uint32_t type;

	if (!index_inet(index, length, &ip))
		return;
	if (column == 3)
		add_address(device, &ip, cell);
	else if (cell_number(device, cell, INT8_MAX, &type) && type != UNICAST)
		remove_address(device, &ip);
}

void take_address_old(struct device *device, uint8_t column, const uint32_t *index, size_t length,
		      const struct cell *cell)
{
	struct ip ip;

	(void)column;
	if (index_ip(index, length, IANA_IPV4, &ip))
		add_address(device, &ip, cell);
}

bool has_no_v4_address(const struct device *device)
{
	for (size_t i = 0; i < device->address_count; i++)
		if (device->addresses[i].ip.version == 4)
			return false;
	return true;
}

static void add_arp(struct device *device, uint32_t port, const struct ip *ip, const struct cell *cell)
{
	struct device_arp *arp;
	struct mac mac;

	if (!is_host(ip) || !cell_mac(device, cell, &mac))
		return;
	arp = MORE(device, arps, arp, ARP_MAX);
	if (arp)
		*arp = (struct device_arp){*ip, mac, port};
}

void take_arp(struct device *device, uint8_t column, const uint32_t *index, size_t length,
	      const struct cell *cell)
{
	struct ip ip;

	(void)column;
	if (length > 1 && index_inet(index + 1, length - 1, &ip))
		add_arp(device, index[0], &ip, cell);
}

void take_arp_old(struct device *device, uint8_t column, const uint32_t *index, size_t length,
		  const struct cell *cell)
{
	struct ip ip;

	(void)column;
	if (length > 1 && index_ip(index + 1, length - 1, IANA_IPV4, &ip))
		add_arp(device, index[0], &ip, cell);
}

bool has_no_v4_arp(const struct device *device)
{
	for (size_t i = 0; i < device->arp_count; i++)
		if (device->arps[i].ip.version == 4)
			return false;
	return true;
}
