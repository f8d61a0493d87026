// SPDX-License-Identifier: BSD-2-Clause
/* Reading the interface's addresses, routes and neighbours by rtnetlink(7), each as one dump. */
#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "defs/log.h"
#include "sensor/probe/route_inside.h"

enum {
	ANSWER_BYTES_MAX = 1 << 16,
	ANSWER_S_MAX = 2,
};

typedef int (*message_reader)(struct route *, const struct nlmsghdr *message);

/* Find the payload of an attribute with at least `least` bytes among those behind a header of `head` bytes. */
static const void *find(const struct nlmsghdr *message, size_t head, unsigned short type, size_t least)
{
	const char *at = (const char *)message + NLMSG_SPACE(head),
		   *end = (const char *)message + message->nlmsg_len;

	while (end - at >= (ptrdiff_t)sizeof(struct rtattr)) {
		const struct rtattr *attribute = (const struct rtattr *)at;

		if (attribute->rta_len < sizeof(*attribute) || attribute->rta_len > end - at)
			return NULL;
		if (attribute->rta_type == type)
			return attribute->rta_len >= RTA_LENGTH(least) ? at + RTA_LENGTH(0) : NULL;
		at += RTA_ALIGN(attribute->rta_len);
	}
	return NULL;
}

static bool has_room(const struct nlmsghdr *message, size_t head)
{
	return message->nlmsg_len >= NLMSG_SPACE(head);
}

static struct ip ip_of(unsigned char family, const void *bytes)
{
	return family == AF_INET ? ip_from_v4(bytes) : ip_from_v6(bytes);
}

static size_t bytes_of(unsigned char family)
{
	return family == AF_INET ? 4 : 16;
}

static int read_address(struct route *route, const struct nlmsghdr *message)
{
	const struct ifaddrmsg *head = NLMSG_DATA(message);
	const void *bytes;
	struct ip ip;

	if (!has_room(message, sizeof(*head)) || head->ifa_index != route->index ||
	    (head->ifa_family != AF_INET && head->ifa_family != AF_INET6) || head->ifa_flags & IFA_F_TENTATIVE)
		return 0;
	bytes = find(message, sizeof(*head), IFA_LOCAL, bytes_of(head->ifa_family));
	if (!bytes)
		bytes = find(message, sizeof(*head), IFA_ADDRESS, bytes_of(head->ifa_family));
	if (!bytes)
		return 0;
	ip = ip_of(head->ifa_family, bytes);
	return route_add_address(route, &ip, head->ifa_prefixlen);
}

static int read_way(struct route *route, const struct nlmsghdr *message)
{
	const struct rtmsg *head = NLMSG_DATA(message);
	struct prefix destination = {0};
	const void *bytes;
	const uint32_t *out;
	struct ip gateway;

	if (!has_room(message, sizeof(*head)) || head->rtm_type != RTN_UNICAST ||
	    head->rtm_table != RT_TABLE_MAIN || (head->rtm_family != AF_INET && head->rtm_family != AF_INET6))
		return 0;
	out = find(message, sizeof(*head), RTA_OIF, sizeof(*out));
	if (!out || *out != route->index)
		return 0;
	destination.ip.version = head->rtm_family == AF_INET ? 4 : 6;
	destination.length = head->rtm_dst_len;
	bytes = find(message, sizeof(*head), RTA_DST, bytes_of(head->rtm_family));
	if (bytes)
		destination.ip = ip_of(head->rtm_family, bytes);
	bytes = find(message, sizeof(*head), RTA_GATEWAY, bytes_of(head->rtm_family));
	if (bytes) {
		gateway = ip_of(head->rtm_family, bytes);
		return route_add_gateway(route, &destination, &gateway);
	}
	/* Without a gateway it is on the link; a route of that kind to everything would make all the world our link. */
	return destination.length ? route_add_subnet(route, &destination) : 0;
}

static int read_neighbor(struct route *route, const struct nlmsghdr *message)
{
	const struct ndmsg *head = NLMSG_DATA(message);
	struct route_neighbor neighbor;
	const void *bytes, *mac;

	if (!has_room(message, sizeof(*head)) || (uint32_t)head->ndm_ifindex != route->index ||
	    (head->ndm_family != AF_INET && head->ndm_family != AF_INET6) ||
	    head->ndm_state & (NUD_FAILED | NUD_INCOMPLETE | NUD_NOARP) || head->ndm_state == NUD_NONE)
		return 0;
	bytes = find(message, sizeof(*head), NDA_DST, bytes_of(head->ndm_family));
	mac = find(message, sizeof(*head), NDA_LLADDR, sizeof(neighbor.mac.bytes));
	if (!bytes || !mac)
		return 0;
	neighbor.ip = ip_of(head->ndm_family, bytes);
	memcpy(neighbor.mac.bytes, mac, sizeof(neighbor.mac.bytes));
	return route_add_neighbor(route, &neighbor);
}

/* One datagram of a dump. 1 when it was the last, 0, or -errno. */
static int read_datagram(struct route *route, const char *answer, ssize_t length, message_reader reader)
{
	int left = (int)length;

	for (const struct nlmsghdr *message = (const struct nlmsghdr *)answer;
	     NLMSG_OK(message, (unsigned int)left); message = NLMSG_NEXT(message, left)) {
		int error;

		if (message->nlmsg_type == NLMSG_DONE)
			return 1;
		if (message->nlmsg_type == NLMSG_ERROR)
			return -EIO;
		error = reader(route, message);
		if (error)
			return error;
	}
	return 0;
}

static int dump(struct route *route, int fd, uint16_t type, message_reader reader)
{
	static _Alignas(struct nlmsghdr) char answer[ANSWER_BYTES_MAX];
	struct {
		struct nlmsghdr head;
		union {
			struct rtgenmsg generic;
			struct ndmsg neighbor;
			struct rtmsg way;
			struct ifaddrmsg address;
		} body;
	} request = {.head = {.nlmsg_len = sizeof(request),
			      .nlmsg_type = type,
			      .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP}};
	ssize_t length;
	int result;

	request.body.generic.rtgen_family = AF_UNSPEC;
	if (send(fd, &request, sizeof(request), 0) < 0)
		return -errno;
	do {
		length = recv(fd, answer, sizeof(answer), 0);
		result = length < 0 ? -errno : read_datagram(route, answer, length, reader);
	} while (!result);
	return result < 0 ? result : 0;
}

static int read_all(struct route *route)
{
	const struct timeval patience = {.tv_sec = ANSWER_S_MAX};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	int error;

	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	error = dump(route, fd, RTM_GETADDR, read_address);
	if (!error)
		error = dump(route, fd, RTM_GETROUTE, read_way);
	if (!error)
		error = dump(route, fd, RTM_GETNEIGH, read_neighbor);
	close(fd);
	return error;
}

int route_read(const char *interface, struct route **out)
{
	struct ifreq request = {0};
	const uint32_t index = if_nametoindex(interface);
	struct route *route;
	struct mac mac;
	int error, fd;

	if (!index) {
		log_error("there is no interface %s; `ip link` lists those that are there", interface);
		return -ENODEV;
	}
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	strncpy(request.ifr_name, interface, sizeof(request.ifr_name) - 1);
	error = ioctl(fd, SIOCGIFHWADDR, &request) ? -errno : 0;
	close(fd);
	if (error) {
		log_error("the MAC of %s can't be read: %s", interface, strerror(-error));
		return error;
	}
	memcpy(mac.bytes, request.ifr_hwaddr.sa_data, sizeof(mac.bytes));
	error = route_make(index, &mac, &route);
	if (error)
		return error;
	error = read_all(route);
	if (error) {
		log_error("addresses and routes of %s can't be read: %s", interface, strerror(-error));
		route_close(route);
		return error;
	}
	*out = route;
	return 0;
}
