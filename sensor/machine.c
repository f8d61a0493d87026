// SPDX-License-Identifier: BSD-2-Clause
/*
 * Dumps of rtnetlink: links, then addresses; the ways out are in machine_ways.c. What the kernel answers is bounded, and walked within its bounds.
 */
#include "sensor/machine.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "sensor/machine_inside.h"

enum {
	ANSWER_BYTES_MAX = 32768,
	ANSWER_S_MAX = 2,
	ANSWERS_MAX = 256, /* parts of one dump */
};

/* Names as people and programs give them: exactly so, or with a number behind. */
static const struct {
	const char *name, *type;
} names[] = {
	{"docker", "DockerBridge"},
	{"podman", "DockerBridge"},
	{"cni", "DockerBridge"},
	{"tun", "VpnTunnel"},
	{"utun", "VpnTunnel"},
	{"wg", "VpnTunnel"},
	{"tap", "VpnTunnel"},
	{"ppp", "VpnTunnel"},
	{"vpn", "VpnTunnel"},
	{"tailscale", "VpnTunnel"},
	{"wlan", "WiFi"},
	{"wifi", "WiFi"},
	{"guest", "Guest"},
	{"iot", "IoT"},
	{"dmz", "Dmz"},
	{"mgmt", "Management"},
	{"ipmi", "Management"},
	{"bmc", "Management"},
	{"iscsi", "Storage"},
	{"san", "Storage"},
	{"storage", "Storage"},
	{"macvlan", "MacVlan"},
	{"mvlan", "MacVlan"},
	{"ipvlan", "IpVlan"},
};

/* What the kernel calls an interface that is no hardware. "" is hardware. */
static const struct {
	const char *kind, *type;
} kinds[] = {
	{"", "Lan"},
	{"bridge", "Lan"},
	{"vlan", "Lan"},
	{"bond", "Lan"},
	{"team", "Lan"},
	{"veth", "Lan"},
	{"macvlan", "MacVlan"},
	{"macvtap", "MacVlan"},
	{"ipvlan", "IpVlan"},
	{"ipvtap", "IpVlan"},
	{"tun", "VpnTunnel"},
	{"wireguard", "VpnTunnel"},
	{"ppp", "VpnTunnel"},
	{"gre", "VpnTunnel"},
	{"ipip", "VpnTunnel"},
	{"sit", "VpnTunnel"},
	{"ip6tnl", "VpnTunnel"},
	{"xfrm", "VpnTunnel"},
	{"vti", "VpnTunnel"},
	{"ovpn", "VpnTunnel"},
};

const char *machine_subnet_type(const char *name, const char *kind)
{
	/* br-0123456789ab: one that a container engine made for a network of its own. */
	if (!strncmp(name, "br-", 3) && strlen(name) == 15 && strspn(name + 3, "0123456789abcdef") == 12)
		return "DockerBridge";
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t length = strlen(names[i].name);

		if (!strncmp(name, names[i].name, length) &&
		    !name[length + strspn(name + length, "0123456789")])
			return names[i].type;
	}
	if (!strncmp(name, "wl", 2) && !kind[0])
		return "WiFi";
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kind, kinds[i].kind))
			return kinds[i].type;
	return "Unknown";
}

/* Printable ASCII, so that it is good JSON whatever somebody called it. */
static void copy_name(char *out, size_t size, const void *bytes, size_t length)
{
	size_t used = 0;

	for (const char *at = bytes; used < length && used + 1 < size && at[used]; used++)
		out[used] = at[used] > 0x20 && at[used] < 0x7f ? at[used] : '?';
	out[used] = 0;
}

const struct rtattr *machine_find(const struct rtattr *at, size_t length, unsigned short type, size_t least)
{
	for (; RTA_OK(at, length); at = RTA_NEXT(at, length))
		if ((at->rta_type & NLA_TYPE_MASK) == type && RTA_PAYLOAD(at) >= least)
			return at;
	return NULL;
}

const void *machine_body(const struct nlmsghdr *head, unsigned short type, size_t size)
{
	return head->nlmsg_type == type && head->nlmsg_len >= NLMSG_LENGTH(size) ? NLMSG_DATA(head) : NULL;
}

static const struct rtattr *find_inside(const struct rtattr *nest, unsigned short type, size_t least)
{
	return nest ? machine_find(RTA_DATA(nest), RTA_PAYLOAD(nest), type, least) : NULL;
}

static void take_link(const struct nlmsghdr *head, struct machine *m)
{
	const struct ifinfomsg *link = machine_body(head, RTM_NEWLINK, sizeof(*link));
	size_t length = head->nlmsg_len - NLMSG_LENGTH(sizeof(*link));
	const struct rtattr *first, *info, *found;
	struct machine_interface *interface = &m->interfaces[m->interface_count];

	if (!link)
		return;
	first = IFLA_RTA(link);
	info = machine_find(first, length, IFLA_LINKINFO, 0);
	if (m->interface_count == MACHINE_INTERFACES_MAX) {
		m->left_out++;
		return;
	}
	*interface = (struct machine_interface){.index = (unsigned int)link->ifi_index,
						.up = link->ifi_flags & IFF_UP,
						.loopback = link->ifi_flags & IFF_LOOPBACK};
	if ((found = machine_find(first, length, IFLA_IFNAME, 1)))
		copy_name(interface->name, sizeof(interface->name), RTA_DATA(found), RTA_PAYLOAD(found));
	if ((found = find_inside(info, IFLA_INFO_KIND, 1)))
		copy_name(interface->kind, sizeof(interface->kind), RTA_DATA(found), RTA_PAYLOAD(found));
	if ((found = machine_find(first, length, IFLA_MTU, sizeof(uint32_t))))
		memcpy(&interface->mtu, RTA_DATA(found), sizeof(interface->mtu));
	found = machine_find(first, length, IFLA_ADDRESS, sizeof(struct mac));
	if (found && RTA_PAYLOAD(found) == sizeof(struct mac) && !interface->loopback)
		memcpy(&interface->mac, RTA_DATA(found), sizeof(struct mac));
	if (!strcmp(interface->kind, "vlan") &&
	    (found = find_inside(find_inside(info, IFLA_INFO_DATA, 0), IFLA_VLAN_ID, sizeof(uint16_t))))
		memcpy(&interface->vlan, RTA_DATA(found), sizeof(interface->vlan));
	interface->subnet_type =
		interface->loopback ? "Loopback" : machine_subnet_type(interface->name, interface->kind);
	m->interface_count++;
}

static void take_address(const struct nlmsghdr *head, struct machine *m)
{
	const struct ifaddrmsg *message = machine_body(head, RTM_NEWADDR, sizeof(*message));
	size_t length = head->nlmsg_len - NLMSG_LENGTH(sizeof(*message));
	size_t size =
		message && message->ifa_family == AF_INET ? sizeof(struct in_addr) : sizeof(struct in6_addr);
	/* The address of the other end has the first name on a tunnel. */
	const struct rtattr *found = message ? machine_find(IFA_RTA(message), length, IFA_LOCAL, size) : NULL;
	struct machine_address *address = &m->addresses[m->address_count];

	if (message && !found)
		found = machine_find(IFA_RTA(message), length, IFA_ADDRESS, size);
	if (!found || (message->ifa_family != AF_INET && message->ifa_family != AF_INET6))
		return;
	if (m->address_count == MACHINE_ADDRESSES_MAX) {
		m->left_out++;
		return;
	}
	*address = (struct machine_address){.index = message->ifa_index, .prefix = message->ifa_prefixlen};
	address->ip =
		message->ifa_family == AF_INET ? ip_from_v4(RTA_DATA(found)) : ip_from_v6(RTA_DATA(found));
	m->address_count++;
}

/* One part of a dump. 1 when it was the last, 0 when more follows, or -errno. */
static int take_part(const char *bytes, size_t length, void (*take)(const struct nlmsghdr *, struct machine *),
		     struct machine *m)
{
	const struct nlmsghdr *head = (const struct nlmsghdr *)bytes;

	for (; NLMSG_OK(head, length); head = NLMSG_NEXT(head, length)) {
		if (head->nlmsg_type == NLMSG_DONE)
			return 1;
		if (head->nlmsg_type == NLMSG_ERROR)
			return -EIO;
		take(head, m);
	}
	return 0;
}

int machine_dump(int fd, unsigned short type, unsigned char family,
		 void (*take)(const struct nlmsghdr *, struct machine *), struct machine *m)
{
	_Alignas(struct nlmsghdr) char answer[ANSWER_BYTES_MAX];
	/* The longest head of the four kinds; the kernel wants at least its own. */
	struct {
		struct nlmsghdr head;
		struct ifinfomsg message;
	} request = {.head = {.nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)),
			      .nlmsg_type = type,
			      .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
		     .message = {.ifi_family = family}};
	int done = 0;

	if (send(fd, &request, request.head.nlmsg_len, 0) < 0)
		return -errno;
	for (int i = 0; i < ANSWERS_MAX && !done; i++) {
		ssize_t length = recv(fd, answer, sizeof(answer), 0);

		if (length < 0)
			return -errno;
		done = take_part(answer, (size_t)length, take, m);
	}
	return done < 0 ? done : 0;
}

int machine_read(struct machine *out)
{
	const struct timeval patience = {.tv_sec = ANSWER_S_MAX};
	char hostname[sizeof(out->hostname)] = "";
	int error, fd;

	memset(out, 0, sizeof(*out));
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	error = machine_dump(fd, RTM_GETLINK, AF_UNSPEC, take_link, out);
	if (!error)
		error = machine_dump(fd, RTM_GETADDR, AF_UNSPEC, take_address, out);
	if (!error)
		error = machine_read_ways(fd, out);
	close(fd);
	gethostname(hostname, sizeof(hostname) - 1);
	copy_name(out->hostname, sizeof(out->hostname), hostname, strlen(hostname));
	uname(&out->system);
	out->abilities = abilities();
	out->engine_count = places_find(out->engines);
	return error;
}
