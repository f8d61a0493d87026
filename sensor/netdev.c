// SPDX-License-Identifier: BSD-2-Clause
/*
 * Reading ioctls (netdevice(7), SIOCETHTOOL), rtnetlink (IFLA_XDP) and the generic netlink family `netdev`, whose numbers
 * are in the kernel's Documentation/netlink/specs/netdev.yaml: older system headers do not have them.
 */
#include "sensor/netdev.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/genetlink.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum {
	NETDEV_COMMAND_GET = 1,
	NETDEV_ATTRIBUTE_IFINDEX = 1,
	NETDEV_ATTRIBUTE_XDP_FEATURES = 3,
	XDP_FEATURE_BASIC = 1,
	XDP_FEATURE_SEND = 4,
	XDP_FEATURE_RX_FRAGMENTS = 32,
	ANSWER_BYTES_MAX = 16384,
	ANSWER_S_MAX = 2,
	FEATURES_MAX = 256, /* of a driver, by name */
};

struct request {
	struct nlmsghdr head;
	union {
		struct genlmsghdr generic;
		struct ifinfomsg link;
	};
	char attributes[64];
};

/* Send a request and take its first answer. Returns the answer's length, or -errno. */
static ssize_t ask(int protocol, const struct request *request, char *answer)
{
	const struct timeval patience = {.tv_sec = ANSWER_S_MAX};
	const struct nlmsghdr *head = (const struct nlmsghdr *)answer;
	ssize_t length = -EIO;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);

	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (send(fd, request, request->head.nlmsg_len, 0) >= 0)
		length = recv(fd, answer, ANSWER_BYTES_MAX, 0);
	if (length < 0)
		length = -errno;
	else if (!NLMSG_OK(head, length) || head->nlmsg_type == NLMSG_ERROR)
		length = -EOPNOTSUPP;
	close(fd);
	return length;
}

static void put_attribute(struct request *request, unsigned short type, const void *value, size_t length)
{
	struct nlattr *attribute = (struct nlattr *)((char *)request + NLMSG_ALIGN(request->head.nlmsg_len));

	attribute->nla_type = type;
	attribute->nla_len = (unsigned short)(NLA_HDRLEN + length);
	memcpy((char *)attribute + NLA_HDRLEN, value, length);
	request->head.nlmsg_len = NLMSG_ALIGN(request->head.nlmsg_len) + NLA_ALIGN(attribute->nla_len);
}

/* Find an attribute among those in bytes[0 … length). Its payload has at least `least` bytes. */
static const void *find_attribute(const char *bytes, ssize_t length, int type, size_t least)
{
	while (length >= NLA_HDRLEN) {
		const struct nlattr *attribute = (const struct nlattr *)bytes;
		ssize_t step = NLA_ALIGN(attribute->nla_len);

		if (attribute->nla_len < NLA_HDRLEN || attribute->nla_len > length)
			return NULL;
		if ((attribute->nla_type & NLA_TYPE_MASK) == type && attribute->nla_len >= NLA_HDRLEN + least)
			return bytes + NLA_HDRLEN;
		bytes += step;
		length -= step;
	}
	return NULL;
}

static struct request generic_request(unsigned short family, unsigned char command)
{
	return (struct request){
		.head = {.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN),
			 .nlmsg_type = family,
			 .nlmsg_flags = NLM_F_REQUEST},
		.generic = {.cmd = command, .version = 1},
	};
}

/* The features that the driver declares; false when the kernel does not tell. */
static bool xdp_features(unsigned int index, uint64_t *out)
{
	_Alignas(struct nlmsghdr) char answer[ANSWER_BYTES_MAX] = {0};
	struct request request = generic_request(GENL_ID_CTRL, CTRL_CMD_GETFAMILY);
	const size_t head = NLMSG_LENGTH(GENL_HDRLEN);
	const void *value;
	uint16_t family;
	ssize_t length;

	put_attribute(&request, CTRL_ATTR_FAMILY_NAME, "netdev", sizeof("netdev"));
	length = ask(NETLINK_GENERIC, &request, answer);
	value = length < (ssize_t)head
			? NULL
			: find_attribute(answer + head, length - (ssize_t)head, CTRL_ATTR_FAMILY_ID, 2);
	if (!value)
		return false;
	memcpy(&family, value, sizeof(family));
	request = generic_request(family, NETDEV_COMMAND_GET);
	put_attribute(&request, NETDEV_ATTRIBUTE_IFINDEX, &index, sizeof(uint32_t));
	length = ask(NETLINK_GENERIC, &request, answer);
	value = length < (ssize_t)head ? NULL
				       : find_attribute(answer + head, length - (ssize_t)head,
							NETDEV_ATTRIBUTE_XDP_FEATURES, sizeof(*out));
	if (!value)
		return false;
	memcpy(out, value, sizeof(*out));
	return true;
}

static bool xdp_attached(unsigned int index)
{
	_Alignas(struct nlmsghdr) char answer[ANSWER_BYTES_MAX] = {0};
	const size_t head = NLMSG_LENGTH(sizeof(struct ifinfomsg));
	struct request request = {
		.head = {.nlmsg_len = (uint32_t)head, .nlmsg_type = RTM_GETLINK, .nlmsg_flags = NLM_F_REQUEST},
		.link = {.ifi_index = (int)index},
	};
	ssize_t length = ask(NETLINK_ROUTE, &request, answer);
	const struct nlattr *xdp;
	const uint8_t *attached;
	const char *payload;

	if (length < (ssize_t)head)
		return false;
	payload = find_attribute(answer + head, length - (ssize_t)head, IFLA_XDP, 0);
	if (!payload)
		return false;
	xdp = (const struct nlattr *)(payload - NLA_HDRLEN);
	attached = find_attribute(payload, xdp->nla_len - NLA_HDRLEN, IFLA_XDP_ATTACHED, 1);
	return attached && *attached != XDP_ATTACHED_NONE;
}

static bool ask_driver(int fd, struct ifreq *request, void *question)
{
	request->ifr_data = question;
	return !ioctl(fd, SIOCETHTOOL, request);
}

static uint32_t feature_count(int fd, struct ifreq *request)
{
	struct {
		struct ethtool_sset_info head;
		uint32_t count;
	} question = {.head = {.cmd = ETHTOOL_GSSET_INFO, .sset_mask = UINT64_C(1) << ETH_SS_FEATURES}};

	if (!ask_driver(fd, request, &question) || !question.head.sset_mask || question.count > FEATURES_MAX)
		return 0;
	return question.count;
}

/* Which of the features that we know are on. */
static void read_features(int fd, struct ifreq *request, struct netdev *out)
{
	struct {
		struct ethtool_gstrings head;
		char names[FEATURES_MAX][ETH_GSTRING_LEN];
	} strings = {.head = {.cmd = ETHTOOL_GSTRINGS, .string_set = ETH_SS_FEATURES}};
	struct {
		struct ethtool_gfeatures head;
		struct ethtool_get_features_block blocks[FEATURES_MAX / 32];
	} features = {.head = {.cmd = ETHTOOL_GFEATURES}};

	strings.head.len = feature_count(fd, request);
	features.head.size = (strings.head.len + 31) / 32;
	if (!strings.head.len || !ask_driver(fd, request, &strings) || !ask_driver(fd, request, &features))
		return;
	for (uint32_t i = 0; i < strings.head.len; i++) {
		const char *name = strings.names[i];
		bool on = features.blocks[i / 32].active >> i % 32 & 1;

		if (!strncmp(name, "rx-vlan-hw-parse", ETH_GSTRING_LEN))
			out->vlan_offload = on;
		else if (!strncmp(name, "rx-lro", ETH_GSTRING_LEN))
			out->lro = on;
		else if (!strncmp(name, "rx-gro-hw", ETH_GSTRING_LEN))
			out->gro_hardware = on;
	}
}

int netdev_read(const char *name, struct netdev *out)
{
	struct ethtool_drvinfo driver = {.cmd = ETHTOOL_GDRVINFO};
	struct netdev netdev = {.index = if_nametoindex(name)};
	struct ifreq request = {0};
	uint64_t features;
	int fd;

	if (!netdev.index)
		return -ENODEV;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (!ioctl(fd, SIOCGIFFLAGS, &request)) {
		netdev.up = request.ifr_flags & IFF_UP;
		netdev.running = request.ifr_flags & IFF_RUNNING;
		netdev.promiscuous = request.ifr_flags & IFF_PROMISC;
	}
	if (!ioctl(fd, SIOCGIFMTU, &request))
		netdev.mtu = request.ifr_mtu;
	if (ask_driver(fd, &request, &driver))
		snprintf(netdev.driver, sizeof(netdev.driver), "%.31s", driver.driver);
	read_features(fd, &request, &netdev);
	close(fd);
	netdev.xdp_attached = xdp_attached(netdev.index);
	netdev.xdp_known = xdp_features(netdev.index, &features);
	netdev.xdp_native = netdev.xdp_known && features & XDP_FEATURE_BASIC;
	netdev.xdp_redirect = netdev.xdp_known && features & XDP_FEATURE_SEND;
	netdev.xdp_fragments = netdev.xdp_known && features & XDP_FEATURE_RX_FRAGMENTS;
	*out = netdev;
	return 0;
}
