// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * MAC and IP addresses and VLAN tags: comparing, classifying, and their text forms.
 *
 * Pure functions without state. The text form of IPv6 is the C library's, which is RFC 5952's.
 */
#include "defs/addr.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

struct ip ip_from_v4(const void *bytes)
{
	struct ip ip = {.version = 4};

	memcpy(ip.bytes, bytes, 4);
	return ip;
}

struct ip ip_from_v6(const void *bytes)
{
	struct ip ip = {.version = 6};

	memcpy(ip.bytes, bytes, 16);
	return ip;
}

bool ip_equal(const struct ip *a, const struct ip *b)
{
	return a->version == b->version && memcmp(a->bytes, b->bytes, a->version == 4 ? 4 : 16) == 0;
}

bool mac_equal(const struct mac *a, const struct mac *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

bool vlan_equal(const struct vlan_tags *a, const struct vlan_tags *b)
{
	return a->count == b->count && memcmp(a->id, b->id, a->count * sizeof(a->id[0])) == 0;
}

bool ip_is_unspecified(const struct ip *ip)
{
	static const uint8_t none[16];

	return ip->version == 0 || memcmp(ip->bytes, none, ip->version == 4 ? 4 : 16) == 0;
}

bool ip_is_multicast(const struct ip *ip)
{
	static const uint8_t all[4] = {255, 255, 255, 255};

	if (ip->version == 6)
		return ip->bytes[0] == 0xff;
	return ip->version == 4 && ((ip->bytes[0] & 0xf0) == 0xe0 || memcmp(ip->bytes, all, 4) == 0);
}

bool ip_is_link_local(const struct ip *ip)
{
	if (ip->version == 6)
		return ip->bytes[0] == 0xfe && (ip->bytes[1] & 0xc0) == 0x80;
	return ip->version == 4 && ip->bytes[0] == 169 && ip->bytes[1] == 254;
}

bool mac_is_group(const struct mac *mac)
{
	return mac->bytes[0] & 1;
}

bool mac_is_zero(const struct mac *mac)
{
	static const struct mac none;

	return mac_equal(mac, &none);
}

bool mac_is_random(const struct mac *mac)
{
	return (mac->bytes[0] & 3) == 2;
}

bool mac_is_virtual_router(const struct mac *mac)
{
	/* RFC 9568 section 7.3 (CARP uses the same), and Cisco's HSRP v1, HSRP v2 (IPv4 9ff, IPv6 5 73a0) and GLBP. */
	static const struct {
		uint8_t bytes[6], bits[6];
	} shared[] = {
		{{0x00, 0x00, 0x5e, 0x00, 0x01}, {0xff, 0xff, 0xff, 0xff, 0xff}},
		{{0x00, 0x00, 0x5e, 0x00, 0x02}, {0xff, 0xff, 0xff, 0xff, 0xff}},
		{{0x00, 0x00, 0x0c, 0x07, 0xac}, {0xff, 0xff, 0xff, 0xff, 0xff}},
		{{0x00, 0x00, 0x0c, 0x9f, 0xf0}, {0xff, 0xff, 0xff, 0xff, 0xf0}},
		{{0x00, 0x05, 0x73, 0xa0, 0x00}, {0xff, 0xff, 0xff, 0xff, 0xf0}},
		{{0x00, 0x07, 0xb4}, {0xff, 0xff, 0xff}},
	};

	for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++) {
		bool same = true;

		for (size_t k = 0; k < sizeof(mac->bytes); k++)
			same &= (mac->bytes[k] & shared[i].bits[k]) == shared[i].bytes[k];
		if (same)
			return true;
	}
	return false;
}

const char *mac_text(const struct mac *mac, char out[static ADDR_TEXT_MAX])
{
	static const char digit[] = "0123456789abcdef";
	char *at = out;

	for (size_t i = 0; i < sizeof(mac->bytes); i++) {
		*at++ = digit[mac->bytes[i] >> 4];
		*at++ = digit[mac->bytes[i] & 15];
		*at++ = ':';
	}
	at[-1] = 0;
	return out;
}

static void v4_text(const uint8_t bytes[4], char *at)
{
	for (size_t i = 0; i < 4; i++) {
		uint8_t value = bytes[i];

		if (value >= 100)
			*at++ = (char)('0' + value / 100);
		if (value >= 10)
			*at++ = (char)('0' + value / 10 % 10);
		*at++ = (char)('0' + value % 10);
		*at++ = '.';
	}
	at[-1] = 0;
}

const char *ip_text(const struct ip *ip, char out[static ADDR_TEXT_MAX])
{
	out[0] = 0;
	if (ip->version == 4)
		v4_text(ip->bytes, out);
	else if (ip->version == 6)
		inet_ntop(AF_INET6, ip->bytes, out, ADDR_TEXT_MAX);
	return out;
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int mac_parse(const char *text, struct mac *out)
{
	struct mac mac;

	for (size_t i = 0; i < sizeof(mac.bytes); i++) {
		int high = digit_value(text[0]);
		int low = high < 0 ? -1 : digit_value(text[1]);

		if (low < 0 || text[2] != (i + 1 < sizeof(mac.bytes) ? ':' : 0))
			return -EINVAL;
		mac.bytes[i] = (uint8_t)(high << 4 | low);
		text += 3;
	}
	*out = mac;
	return 0;
}

int ip_parse(const char *text, struct ip *out)
{
	struct ip ip = {.version = strchr(text, ':') ? 6 : 4};

	if (inet_pton(ip.version == 4 ? AF_INET : AF_INET6, text, ip.bytes) != 1)
		return -EINVAL;
	*out = ip;
	return 0;
}
