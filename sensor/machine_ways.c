// SPDX-License-Identifier: BSD-2-Clause
/*
 * A machine's ways out: gateways of the default routes, whose MACs the kernel's table of neighbours has when it has used them, and the
 * resolvers of /etc/resolv.conf.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "sensor/machine.h"
#include "sensor/machine_inside.h"

enum { LINE_BYTES = 512, LINES_MAX = 200 };

static size_t address_bytes(unsigned char family)
{
	return family == AF_INET ? 4 : 16;
}

static struct ip ip_of(unsigned char family, const struct rtattr *attribute)
{
	return family == AF_INET ? ip_from_v4(RTA_DATA(attribute)) : ip_from_v6(RTA_DATA(attribute));
}

static void add_gateway(struct machine *m, unsigned int index, const struct ip *ip)
{
	for (size_t i = 0; i < m->gateway_count; i++)
		if (m->gateways[i].index == index && ip_equal(&m->gateways[i].ip, ip))
			return;
	if (m->gateway_count == MACHINE_GATEWAYS_MAX) {
		m->left_out++;
		return;
	}
	m->gateways[m->gateway_count++] = (struct machine_gateway){.index = index, .ip = *ip};
}

/* RTA_MULTIPATH: several ways for one destination. */
static void take_hops(const struct rtattr *nest, unsigned char family, struct machine *m)
{
	const struct rtnexthop *hop = RTA_DATA(nest);
	size_t left = RTA_PAYLOAD(nest);

	while (left >= sizeof(*hop) && hop->rtnh_len >= sizeof(*hop) && hop->rtnh_len <= left) {
		const struct rtattr *gateway = machine_find(RTNH_DATA(hop), hop->rtnh_len - sizeof(*hop),
							    RTA_GATEWAY, address_bytes(family));
		size_t step = RTNH_ALIGN(hop->rtnh_len);

		if (gateway) {
			struct ip ip = ip_of(family, gateway);

			add_gateway(m, (unsigned int)hop->rtnh_ifindex, &ip);
		}
		if (step >= left)
			return;
		left -= step;
		hop = (const struct rtnexthop *)((const char *)hop + step);
	}
}

static void take_route(const struct nlmsghdr *head, struct machine *m)
{
	const struct rtmsg *route = machine_body(head, RTM_NEWROUTE, sizeof(*route));
	size_t length = head->nlmsg_len - NLMSG_LENGTH(sizeof(*route));
	const struct rtattr *first, *gateway, *out, *several;
	unsigned int index = 0;
	struct ip ip;

	if (!route || route->rtm_dst_len || route->rtm_table != RT_TABLE_MAIN ||
	    route->rtm_type != RTN_UNICAST || (route->rtm_family != AF_INET && route->rtm_family != AF_INET6))
		return;
	first = RTM_RTA(route);
	several = machine_find(first, length, RTA_MULTIPATH, 0);
	gateway = machine_find(first, length, RTA_GATEWAY, address_bytes(route->rtm_family));
	out = machine_find(first, length, RTA_OIF, sizeof(index));
	if (several)
		take_hops(several, route->rtm_family, m);
	if (!gateway || !out)
		return;
	memcpy(&index, RTA_DATA(out), sizeof(index));
	ip = ip_of(route->rtm_family, gateway);
	add_gateway(m, index, &ip);
}

static void take_neighbor(const struct nlmsghdr *head, struct machine *m)
{
	const struct ndmsg *neighbor = machine_body(head, RTM_NEWNEIGH, sizeof(*neighbor));
	size_t length = head->nlmsg_len - NLMSG_LENGTH(sizeof(*neighbor));
	const struct rtattr *first, *address, *mac;
	struct ip ip;

	if (!neighbor || (neighbor->ndm_family != AF_INET && neighbor->ndm_family != AF_INET6) ||
	    (neighbor->ndm_state & (NUD_FAILED | NUD_INCOMPLETE)))
		return;
	first = (const void *)((const char *)neighbor + NLMSG_ALIGN(sizeof(*neighbor)));
	address = machine_find(first, length, NDA_DST, address_bytes(neighbor->ndm_family));
	mac = machine_find(first, length, NDA_LLADDR, sizeof(struct mac));
	if (!address || !mac || RTA_PAYLOAD(mac) != sizeof(struct mac))
		return;
	ip = ip_of(neighbor->ndm_family, address);
	for (size_t i = 0; i < m->gateway_count; i++)
		if (m->gateways[i].index == (unsigned int)neighbor->ndm_ifindex &&
		    ip_equal(&m->gateways[i].ip, &ip))
			memcpy(&m->gateways[i].mac, RTA_DATA(mac), sizeof(struct mac));
}

/* resolv.conf(5): "nameserver ADDRESS", an IPv6 one perhaps with its scope. */
static void read_resolvers(struct machine *m)
{
	FILE *file = fopen("/etc/resolv.conf", "re");
	char line[LINE_BYTES], text[ADDR_TEXT_MAX];
	struct ip ip;

	for (int i = 0; file && i < LINES_MAX && fgets(line, sizeof(line), file); i++) {
		if (sscanf(line, " nameserver %45[0-9a-fA-F.:]", text) != 1 || ip_parse(text, &ip))
			continue;
		if (m->resolver_count == MACHINE_RESOLVERS_MAX)
			break;
		m->resolvers[m->resolver_count++] = ip;
	}
	if (file)
		fclose(file);
}

int machine_read_ways(int fd, struct machine *m)
{
	int error = machine_dump(fd, RTM_GETROUTE, AF_UNSPEC, take_route, m);

	if (!error && m->gateway_count)
		error = machine_dump(fd, RTM_GETNEIGH, AF_UNSPEC, take_neighbor, m);
	read_resolvers(m);
	return error;
}
