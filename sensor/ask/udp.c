// SPDX-License-Identifier: BSD-2-Clause
/* The table of dialogues by UDP. See udp.h. */
#include "sensor/ask/udp.h"

static const struct dialogue *const rows[] = {
	&udp_tftp,     &udp_dns,  &udp_dhcp,	  &udp_rpc,	&udp_ntp,      &udp_nbns, &udp_snmp,
	&udp_quic,     &udp_ike,  &udp_ipmi,	  &udp_openvpn, &udp_mssql,    &udp_ssdp, &udp_stun,
	&udp_wsd,      &udp_sip,  &udp_natpmp,	  &udp_mdns,	&udp_llmnr,    &udp_coap, &udp_jellyfin,
	&udp_ubiquiti, &udp_plex, &udp_tailscale, &udp_bacnet,	&udp_wireguard};
enum { ROWS = sizeof(rows) / sizeof(void *) };

size_t udp_count(void)
{
	return ROWS;
}

const struct dialogue *udp_row(size_t index)
{
	return rows[index];
}

static bool has(const struct dialogue *row, uint16_t port_h)
{
	for (size_t i = 0; i < DIALOGUE_PORTS_MAX && row->port_h[i]; i++)
		if (row->port_h[i] == port_h)
			return true;
	return false;
}

const struct dialogue *dialogue_udp(uint16_t port_h)
{
	for (size_t i = 0; port_h && i < ROWS; i++)
		if (has(rows[i], port_h))
			return rows[i];
	return NULL;
}

size_t udp_ports(uint16_t *out, size_t size)
{
	size_t count = 0;

	for (uint32_t port = 1; port <= UINT16_MAX; port++)
		if (dialogue_udp((uint16_t)port)) {
			if (count < size)
				out[count] = (uint16_t)port;
			count++;
		}
	return count;
}
