/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From IANA's registries of special addresses (RFC 6890). IPv6 is asked the other way round: of the internet is 2000::/3, but for what it holds of
 * special use.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "collector/reach.h"

struct prefix {
	uint32_t bits, length;
	bool never; /* not even as a usual one */
};

static const struct prefix special[] = {
	{0x00000000, 8, true},	 /* this network */
	{0x0a000000, 8, false},	 /* private */
	{0x64400000, 10, false}, /* behind a provider's NAT */
	{0x7f000000, 8, false},	 /* this machine */
	{0xa9fe0000, 16, true},	 /* link-local */
	{0xac100000, 12, false}, {0xc0000000, 24, false}, {0xc0000200, 24, false},
	{0xc0586300, 24, false}, {0xc0a80000, 16, false}, {0xc6120000, 15, false},
	{0xc6336400, 24, false}, {0xcb007100, 24, false}, {0xe0000000, 4, true}, /* multicast */
	{0xf0000000, 4, true},							 /* reserved, broadcast */
};

static bool allowed_4(enum reach reach, uint32_t address)
{
	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
		if (address >> (32 - special[i].length) == special[i].bits >> (32 - special[i].length))
			return !special[i].never && reach == REACH_USUAL;
	return true;
}

/* What an IPv6 address holds of IPv4: mapped (RFC 4291), translated (RFC 6052), 6to4 (RFC 3056). */
static bool inside(const struct in6_addr *a, uint32_t *out)
{
	static const uint8_t translated[12] = {0, 0x64, 0xff, 0x9b};
	const uint8_t *at = NULL;

	if (IN6_IS_ADDR_V4MAPPED(a) || IN6_IS_ADDR_V4COMPAT(a) ||
	    memcmp(a->s6_addr, translated, sizeof(translated)) == 0)
		at = a->s6_addr + 12;
	else if (a->s6_addr[0] == 0x20 && a->s6_addr[1] == 0x02)
		at = a->s6_addr + 2;
	if (!at || IN6_IS_ADDR_LOOPBACK(a))
		return false;
	*out = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
	return true;
}

static bool allowed_6(enum reach reach, const struct in6_addr *a)
{
	uint32_t address;

	if (inside(a, &address))
		return allowed_4(reach, address);
	if (IN6_IS_ADDR_UNSPECIFIED(a) || IN6_IS_ADDR_LINKLOCAL(a) || IN6_IS_ADDR_MULTICAST(a))
		return false;
	if (reach == REACH_USUAL)
		return true;
	/* 2001::/23 are protocols' (Teredo among them), 2001:db8::/32 and 3fff::/20 documents'. */
	return (a->s6_addr[0] & 0xe0) == 0x20 &&
	       !(a->s6_addr[0] == 0x20 && a->s6_addr[1] == 0x01 && (a->s6_addr[2] & 0xfe) == 0) &&
	       !(a->s6_addr[0] == 0x20 && a->s6_addr[1] == 0x01 && a->s6_addr[2] == 0x0d &&
		 a->s6_addr[3] == 0xb8) &&
	       !(a->s6_addr[0] == 0x3f && a->s6_addr[1] == 0xff && (a->s6_addr[2] & 0xf0) == 0);
}

bool reach_allowed(enum reach reach, const struct sockaddr *address)
{
	if (reach == REACH_ALL)
		return true;
	if (address->sa_family == AF_INET)
		return allowed_4(reach,
				 ntohl(((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr));
	return address->sa_family == AF_INET6 &&
	       allowed_6(reach, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr);
}
