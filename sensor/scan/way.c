// SPDX-License-Identifier: BSD-2-Clause
/* A datagram socket is connected, which picks a route and sends nothing; the interface is the one that has its address then. */
#include "sensor/scan/way.h"

#include <errno.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "defs/addr.h"

enum { ANY_PORT = 9 };

static int own_address(const struct ip *ip, struct ip *out)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(ANY_PORT)};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(ANY_PORT)};
	bool six = ip->version == 6;
	socklen_t length = six ? sizeof(v6) : sizeof(v4);
	struct sockaddr *address = six ? (struct sockaddr *)&v6 : (struct sockaddr *)&v4;
	int fd = socket(six ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), error = 0;

	if (fd < 0)
		return -errno;
	memcpy(&v4.sin_addr, ip->bytes, sizeof(v4.sin_addr));
	memcpy(&v6.sin6_addr, ip->bytes, sizeof(v6.sin6_addr));
	if (connect(fd, address, length) || getsockname(fd, address, &length))
		error = errno == EINVAL || errno == EACCES ? -ENETUNREACH : -errno;
	close(fd);
	if (!error)
		*out = six ? ip_from_v6(&v6.sin6_addr) : ip_from_v4(&v4.sin_addr);
	return error;
}

static bool has_address(const struct ifaddrs *one, const struct ip *ip)
{
	const struct sockaddr *address = one->ifa_addr;
	struct ip own = {0};

	if (address && address->sa_family == AF_INET)
		own = ip_from_v4(&((const struct sockaddr_in *)address)->sin_addr);
	else if (address && address->sa_family == AF_INET6)
		own = ip_from_v6(&((const struct sockaddr_in6 *)address)->sin6_addr);
	return ip_equal(&own, ip);
}

int way_interface(const char *target, char *out, size_t size)
{
	char first[ADDR_TEXT_MAX];
	struct ifaddrs *all, *one;
	struct ip ip, own;
	int error;

	snprintf(first, sizeof(first), "%.*s", (int)strcspn(target, "/-"), target);
	error = ip_parse(first, &ip);
	if (!error)
		error = own_address(&ip, &own);
	if (error)
		return error;
	if (getifaddrs(&all))
		return -errno;
	error = -ENETUNREACH;
	for (one = all; error && one; one = one->ifa_next) {
		if (!has_address(one, &own))
			continue;
		snprintf(out, size, "%s", one->ifa_name);
		error = 0;
	}
	freeifaddrs(all);
	return error;
}
