// SPDX-License-Identifier: BSD-2-Clause
/* Two ioctls, by index: the interface may have been given another name. */
#include "sensor/port_flag.h"

#include <errno.h>
#include <net/if.h>
#include <sys/ioctl.h>

static int read_flags(int socket_fd, int index, struct ifreq *request)
{
	*request = (struct ifreq){0};
	if (!if_indextoname((unsigned int)index, request->ifr_name))
		return -ENODEV;
	return ioctl(socket_fd, SIOCGIFFLAGS, request) ? -errno : 0;
}

int port_flag_read(int socket_fd, int index)
{
	struct ifreq request;
	int error = read_flags(socket_fd, index, &request);

	return error ? error : !!(request.ifr_flags & IFF_PROMISC);
}

int port_flag_set(int socket_fd, int index, bool on)
{
	struct ifreq request;
	int error = read_flags(socket_fd, index, &request);

	if (error)
		return error;
	request.ifr_flags = (short)(on ? request.ifr_flags | IFF_PROMISC : request.ifr_flags & ~IFF_PROMISC);
	return ioctl(socket_fd, SIOCSIFFLAGS, &request) ? -errno : 0;
}
