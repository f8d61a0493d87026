// SPDX-License-Identifier: BSD-2-Clause
/* Plain system calls for sockets. See socket.h. */
#include "sensor/ask/socket.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

socklen_t socket_address(const struct ip *ip, uint16_t port_h, unsigned int scope, struct sockaddr_storage *out)
{
	struct sockaddr_in *in4 = (struct sockaddr_in *)out;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;

	memset(out, 0, sizeof(*out));
	if (ip->version == 4) {
		in4->sin_family = AF_INET;
		in4->sin_port = htons(port_h);
		memcpy(&in4->sin_addr, ip->bytes, 4);
		return sizeof(*in4);
	}
	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons(port_h);
	memcpy(&in6->sin6_addr, ip->bytes, 16);
	if (ip_is_link_local(ip))
		in6->sin6_scope_id = scope;
	return sizeof(*in6);
}

bool socket_address_same(const struct sockaddr_storage *a, const struct sockaddr_storage *b)
{
	if (a->ss_family != b->ss_family)
		return false;
	if (a->ss_family == AF_INET)
		return ((const struct sockaddr_in *)a)->sin_addr.s_addr ==
		       ((const struct sockaddr_in *)b)->sin_addr.s_addr;
	return !memcmp(&((const struct sockaddr_in6 *)a)->sin6_addr,
		       &((const struct sockaddr_in6 *)b)->sin6_addr, sizeof(struct in6_addr));
}

static int bind_port(int fd, int family, uint16_t port_h)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in4;
		struct sockaddr_in6 in6;
	} from = {.any.sa_family = (sa_family_t)family};
	int one = 1;

	if (family == AF_INET)
		from.in4.sin_port = htons(port_h);
	else
		from.in6.sin6_port = htons(port_h);
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
	    bind(fd, &from.any, family == AF_INET ? sizeof(from.in4) : sizeof(from.in6)))
		return -errno;
	return 0;
}

int socket_make(int family, bool udp, const char *interface, uint16_t port_h)
{
	int fd = socket(family, (udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0), error = 0;

	if (fd < 0)
		return -errno;
	if (interface && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface, (socklen_t)strlen(interface)))
		error = -errno;
	if (!error && port_h)
		error = bind_port(fd, family, port_h);
	if (error) {
		close(fd);
		return error;
	}
	return fd;
}

int socket_local(const struct sockaddr_storage *to, socklen_t length, const char *interface, struct ip *out)
{
	struct sockaddr_storage own = {};
	int fd = socket_make(to->ss_family, true, interface, 0), error = 0;

	if (fd < 0)
		return fd;
	/* Of a datagram's socket this only looks for the route. */
	if (connect(fd, (const struct sockaddr *)to, length) ||
	    getsockname(fd, (struct sockaddr *)&own, &length))
		error = -errno;
	close(fd);
	if (error)
		return error;
	*out = own.ss_family == AF_INET ? ip_from_v4(&((const struct sockaddr_in *)&own)->sin_addr)
					: ip_from_v6(&((const struct sockaddr_in6 *)&own)->sin6_addr);
	return 0;
}
