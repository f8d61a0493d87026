// SPDX-License-Identifier: BSD-2-Clause
/*
 * ARP for IPv4 over Ethernet (RFC 826): the sender says that its MAC has its address. A sender of 0.0.0.0 only
 * asks whether an address is free (RFC 5227), and says nothing. Other hardware, protocols and operations
 * are left alone.
 */
#include <errno.h>

#include "sensor/decode/decode.h"

enum { HARDWARE_ETHERNET = 1, PROTOCOL_IPV4 = 0x0800, OPERATION_REQUEST = 1, OPERATION_REPLY = 2 };

int decode_arp(const struct decode_context *ctx, struct wire payload, struct fact_list *out)
{
	struct wire w = payload;
	uint16_t hardware = wire_u16(&w);
	uint16_t protocol = wire_u16(&w);
	uint8_t hardware_length = wire_u8(&w);
	uint8_t protocol_length = wire_u8(&w);
	uint16_t operation = wire_u16(&w);

	if (w.bad)
		return -EBADMSG;
	if (hardware != HARDWARE_ETHERNET || protocol != PROTOCOL_IPV4)
		return 0;
	if (hardware_length != 6 || protocol_length != 4)
		return -EBADMSG;

	struct mac sender = wire_mac(&w);
	struct ip address = wire_ip4(&w);

	wire_skip(&w, 10); /* the target's MAC and address: a question, not an answer */
	if (w.bad)
		return -EBADMSG;
	if (operation != OPERATION_REQUEST && operation != OPERATION_REPLY)
		return 0;
	if (ip_is_unspecified(&address) || mac_is_group(&sender) || mac_is_zero(&sender))
		return 0;

	struct fact *fact = fact_add(out, ctx, FACT_ADDRESS, SOURCE_ARP, CONFIDENCE_ANNOUNCED);

	FACT_SET(fact, mac, sender);
	FACT_SET(fact, ip, address);
	return 0;
}
