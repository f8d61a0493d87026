// SPDX-License-Identifier: BSD-2-Clause
/*
 * The port is held by a TCP socket that is bound and never listens: the kernel gives it to nobody else, and should an answer ever reach its stack, it is met by
 * a RST.
 */
#include "sensor/probe/source.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "defs/log.h"
#include "sensor/probe/route.h"
#include "sensor/probe/space.h"

enum {
	HOLD_TRIES = 16,
};

struct source {
	struct probe_source probe;
	int fds[2];
};

static int bind_to(int family, uint16_t port_n, uint16_t *bound_n)
{
	const int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
	struct sockaddr_in6 address6 = {.sin6_family = AF_INET6, .sin6_port = port_n};
	struct sockaddr_in address4 = {.sin_family = AF_INET, .sin_port = port_n};
	const bool v4 = family == AF_INET;
	socklen_t length = v4 ? sizeof(address4) : sizeof(address6);
	struct sockaddr *address = v4 ? (struct sockaddr *)&address4 : (struct sockaddr *)&address6;
	int error;

	if (fd < 0)
		return -errno;
	if (!v4)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (bind(fd, address, length) || getsockname(fd, address, &length)) {
		error = -errno;
		close(fd);
		return error;
	}
	*bound_n = v4 ? address4.sin_port : address6.sin6_port;
	return fd;
}

/* The same port by IPv4 and IPv6. A machine without IPv6 is no error. */
static int hold_port(struct source *source)
{
	int error = -EADDRINUSE;

	for (int i = 0; i < HOLD_TRIES; i++) {
		uint16_t port_n = 0, same_n;
		int fd = bind_to(AF_INET, 0, &port_n), fd6;

		if (fd < 0)
			return fd;
		fd6 = bind_to(AF_INET6, port_n, &same_n);
		if (fd6 >= 0 || fd6 == -EAFNOSUPPORT || fd6 == -EADDRNOTAVAIL) {
			source->fds[0] = fd;
			source->fds[1] = fd6;
			source->probe.port_n = port_n;
			return 0;
		}
		error = fd6;
		close(fd);
	}
	return error;
}

/* The first target of this version; false: there is none among the first ones. */
static bool first_target(const struct space *space, uint8_t version, struct ip *out)
{
	const uint64_t count = space ? space_count(space) : 0;

	/* IPv4 comes first, and IPv6 last. */
	if (!count)
		return false;
	*out = space_at(space, version == 4 ? 0 : count - 1);
	return out->version == version;
}

static bool choose(const struct route *route, const struct space *space, uint8_t version, bool link_local,
		   struct ip *out)
{
	struct ip target;
	const bool aimed = !link_local && first_target(space, version, &target);
	const struct prefix *addresses;
	bool found = false;
	size_t count;

	addresses = route_addresses(route, &count);
	for (size_t i = 0; i < count; i++) {
		const struct ip *ip = &addresses[i].ip;

		if (ip->version != version || (version == 6 && ip_is_link_local(ip) != link_local))
			continue;
		if (!found)
			*out = *ip;
		found = true;
		if (aimed && prefix_holds(&addresses[i], &target)) {
			*out = *ip;
			break;
		}
	}
	return found;
}

/* Can all that is to be asked be asked from what we have? */
static int check(const struct probe_source *probe, const struct space *space)
{
	static const uint8_t none[16];
	struct ip target;

	if (first_target(space, 4, &target) && !memcmp(probe->addr4, none, sizeof(probe->addr4))) {
		log_error("the interface has no IPv4 address, from which the targets could be asked; give it "
			  "one, or choose another interface");
		return -EADDRNOTAVAIL;
	}
	if (first_target(space, 6, &target) && !memcmp(probe->addr6, none, sizeof(none)) &&
	    (!ip_is_link_local(&target) || !memcmp(probe->addr6_link, none, sizeof(none)))) {
		log_error("the interface has no IPv6 address, from which the targets could be asked; give it "
			  "one, or choose another interface");
		return -EADDRNOTAVAIL;
	}
	return 0;
}

int source_open(const struct route *route, const struct space *space, struct source **out)
{
	struct source *source = calloc(1, sizeof(*source));
	const struct mac mac = route_mac(route);
	struct ip ip;
	int error;

	if (!source)
		return -ENOMEM;
	source->fds[0] = source->fds[1] = -1;
	if (choose(route, space, 4, false, &ip))
		memcpy(source->probe.addr4, ip.bytes, sizeof(source->probe.addr4));
	if (choose(route, space, 6, false, &ip))
		memcpy(source->probe.addr6, ip.bytes, sizeof(source->probe.addr6));
	if (choose(route, space, 6, true, &ip))
		memcpy(source->probe.addr6_link, ip.bytes, sizeof(source->probe.addr6_link));
	memcpy(source->probe.mac, mac.bytes, sizeof(source->probe.mac));
	source->probe.interface_index = route_index(route);
	error = check(&source->probe, space);
	if (!error) {
		error = hold_port(source);
		if (error)
			log_error("no TCP port can be held for the scan: %s", strerror(-error));
	}
	if (!error &&
	    getrandom(source->probe.key, sizeof(source->probe.key), 0) != (ssize_t)sizeof(source->probe.key)) {
		error = -EIO;
		log_error("no random numbers are to be had: %s", strerror(errno));
	}
	if (error) {
		source_close(source);
		return error;
	}
	*out = source;
	return 0;
}

const struct probe_source *source_probe(const struct source *source)
{
	return &source->probe;
}

void source_close(struct source *source)
{
	if (!source)
		return;
	for (size_t i = 0; i < 2; i++)
		if (source->fds[i] >= 0)
			close(source->fds[i]);
	free(source);
}
