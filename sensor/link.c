// SPDX-License-Identifier: BSD-2-Clause
/* See link.h. Layouts are those of https://www.tcpdump.org/linktypes.html. */
#include "sensor/link.h"

#include "defs/packet.h"

enum {
	LINK_NULL = 0,
	LINK_ETHER = 1,
	LINK_PPP = 9,
	LINK_RAW_BSD = 12,
	LINK_RAW_OPENBSD = 14,
	LINK_PPP_SERIAL = 50,
	LINK_PPP_ETHER = 51,
	LINK_RAW = 101,
	LINK_CISCO_HDLC = 104,
	LINK_LOOP = 108,
	LINK_SLL = 113,
	LINK_PPP_WITH_DIRECTION = 204,
	LINK_MPLS = 219,
	LINK_IPV4 = 228,
	LINK_IPV6 = 229,
	LINK_SLL2 = 276,

	LINK_802_11 = 105,
	LINK_802_11_PRISM = 119,
	LINK_802_11_RADIOTAP = 127,
	LINK_802_11_AVS = 163,

	NULL_HEADER_BYTES = 4,
	SLL_HEADER_BYTES = 16,
	SLL2_HEADER_BYTES = 20,
	HDLC_HEADER_BYTES = 4,

	ARPHRD_NETLINK = 824,
	ARPHRD_80211 = 801, /* and with headers before, up to 803 */
	ARPHRD_80211_RADIOTAP = 803,
};

bool link_is_known(int link)
{
	switch (link) {
	case LINK_NULL:
	case LINK_ETHER:
	case LINK_PPP:
	case LINK_RAW_BSD:
	case LINK_RAW_OPENBSD:
	case LINK_PPP_SERIAL:
	case LINK_PPP_ETHER:
	case LINK_RAW:
	case LINK_CISCO_HDLC:
	case LINK_LOOP:
	case LINK_SLL:
	case LINK_PPP_WITH_DIRECTION:
	case LINK_MPLS:
	case LINK_IPV4:
	case LINK_IPV6:
	case LINK_SLL2:
		return true;
	}
	return false;
}

const char *link_advice(int link)
{
	switch (link) {
	case LINK_802_11:
	case LINK_802_11_PRISM:
	case LINK_802_11_RADIOTAP:
	case LINK_802_11_AVS:
		return " These are frames of the air, mostly encrypted: capture without monitor mode, or where "
		       "the access "
		       "point's traffic passes a wire.";
	}
	return "";
}

static uint16_t at16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

/* An address family, in the order of the machine that captured: 2 is IPv4 everywhere, IPv6 has many numbers. */
static uint16_t family_type(const uint8_t *at)
{
	uint32_t family = (uint32_t)at16(at) << 16 | at16(at + 2);

	if (family > 0xffff)
		family = __builtin_bswap32(family);
	switch (family) {
	case 2:
		return ETHER_IPV4;
	case 10:
	case 24:
	case 28:
	case 30:
		return ETHER_IPV6;
	}
	return 0;
}

/* What a cooked capture's protocol means depends on the device: netlink has numbers of its own, 802.11 another link header. */
static uint16_t cooked_type(uint16_t device, uint16_t protocol)
{
	if (device == ARPHRD_NETLINK || (device >= ARPHRD_80211 && device <= ARPHRD_80211_RADIOTAP))
		return 0;
	return protocol == 4 || protocol >= ETHER_TYPE_MIN ? protocol : 0; /* 4: LLC follows */
}

static uint16_t raw_type(const uint8_t *at)
{
	return *at >> 4 == 6 ? ETHER_IPV6 : ETHER_IPV4;
}

static uint32_t header_bytes(int link)
{
	switch (link) {
	case LINK_NULL:
	case LINK_LOOP:
		return NULL_HEADER_BYTES;
	case LINK_SLL:
		return SLL_HEADER_BYTES;
	case LINK_SLL2:
		return SLL2_HEADER_BYTES;
	case LINK_CISCO_HDLC:
		return HDLC_HEADER_BYTES;
	case LINK_PPP_WITH_DIRECTION:
		return 1;
	}
	return 0;
}

bool link_strip(int link, struct learn_frame *frame)
{
	const uint8_t *head = frame->bytes;
	uint32_t header = header_bytes(link);

	if (link == LINK_ETHER)
		return true;
	/* RFC 1662 or, by its first byte, Cisco's. */
	if (link == LINK_PPP_SERIAL && frame->captured && (head[0] == 0x0f || head[0] == 0x8f)) {
		link = LINK_CISCO_HDLC;
		header = HDLC_HEADER_BYTES;
	}
	if (frame->captured <= header)
		return false;
	frame->bytes += header;
	frame->captured -= header;
	frame->length -= header;
	switch (link) {
	case LINK_NULL:
	case LINK_LOOP:
		frame->ether_type = family_type(head);
		break;
	case LINK_SLL:
		frame->ether_type = cooked_type(at16(head + 2), at16(head + 14));
		break;
	case LINK_SLL2:
		frame->ether_type = cooked_type(at16(head + 8), at16(head));
		break;
	case LINK_CISCO_HDLC:
		frame->ether_type = at16(head + 2);
		break;
	case LINK_PPP:
	case LINK_PPP_SERIAL:
	case LINK_PPP_WITH_DIRECTION:
		frame->ether_type = ETHER_PPP;
		break;
	case LINK_PPP_ETHER:
		frame->ether_type = ETHER_PPPOE;
		break;
	case LINK_MPLS:
		frame->ether_type = ETHER_MPLS;
		break;
	default:
		frame->ether_type = raw_type(frame->bytes);
	}
	return frame->ether_type != 0;
}
