// SPDX-License-Identifier: BSD-2-Clause
/* getifaddrs(3) in the forms of defs/addr.h, and /proc/net/dev (proc(5)). */
#include "sensor/interface.h"

#include <ifaddrs.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void take_address(const struct sockaddr *address, struct message_interface *out)
{
	const struct sockaddr_ll *link = (const struct sockaddr_ll *)address;
	struct ip ip;

	switch (address->sa_family) {
	case AF_PACKET:
		if (link->sll_halen == sizeof(out->mac.bytes))
			memcpy(out->mac.bytes, link->sll_addr, sizeof(out->mac.bytes));
		return;
	case AF_INET:
		ip = ip_from_v4(&((const struct sockaddr_in *)address)->sin_addr);
		break;
	case AF_INET6:
		ip = ip_from_v6(&((const struct sockaddr_in6 *)address)->sin6_addr);
		break;
	default:
		return;
	}
	if (out->address_count < MESSAGE_ADDRESSES_MAX)
		out->addresses[out->address_count++] = ip;
}

void interface_addresses(const char *name, struct message_interface *out)
{
	struct ifaddrs *list = NULL;

	out->address_count = 0;
	out->mac = (struct mac){0};
	if (getifaddrs(&list))
		return;
	for (const struct ifaddrs *at = list; at; at = at->ifa_next) {
		if (at->ifa_addr && !strcmp(at->ifa_name, name))
			take_address(at->ifa_addr, out);
	}
	freeifaddrs(list);
}

uint64_t interface_sent(const char *name)
{
	FILE *file = fopen("/proc/net/dev", "re");
	size_t length = strlen(name);
	uint64_t sent = 0;
	char line[512];

	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file)) {
		const char *at = line + strspn(line, " ");
		char *rest;

		if (strncmp(at, name, length) != 0 || at[length] != ':')
			continue;
		/* Eight numbers of what came in, then bytes and packets of what went out. */
		rest = (char *)at + length + 1;
		for (int i = 0; i < 10; i++)
			sent = strtoull(rest, &rest, 10);
	}
	fclose(file);
	return sent;
}
