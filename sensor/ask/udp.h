/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The dialogues by UDP: what is sent to a port to hear whether anybody is there, one row a protocol, one file for
 * each. None of them changes anything at the other end, makes it ask a third, or signs in.
 */
#ifndef SENSOR_ASK_UDP_H
#define SENSOR_ASK_UDP_H

#include "sensor/ask/dialogue.h"

extern const struct dialogue udp_bacnet, udp_coap, udp_dhcp, udp_dns, udp_ike, udp_ipmi, udp_jellyfin,
	udp_llmnr, udp_mdns, udp_mssql, udp_natpmp, udp_nbns, udp_ntp, udp_openvpn, udp_plex, udp_ptr, udp_quic,
	udp_rpc, udp_sip, udp_snmp, udp_ssdp, udp_stun, udp_tailscale, udp_tftp, udp_ubiquiti, udp_wireguard,
	udp_wsd;

/* Rows of the table, for tests and documents; without udp_ptr, which asks one host about another. */
size_t udp_count(void);
const struct dialogue *udp_row(size_t index);

/* The ports that have a row, each once, ascending, in host order: at most size of them go to out. How many there are. */
size_t udp_ports(uint16_t *out, size_t size);

#endif
