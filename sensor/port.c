// SPDX-License-Identifier: BSD-2-Clause
/*
 * An interface's offloads by ETHTOOL_GFEATURES, promiscuous mode by a packet socket's membership (which the kernel ends
 * with the process, however that ends), and the file that remembers what was changed.
 *
 * It knows nothing of XDP.
 */
#include "sensor/port.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "defs/log.h"
#include "sensor/port_flag.h"

enum {
	FEATURES_MAX = 256,
	LOCK_TRIES = 30, /* three seconds for a sensor that is just ending */
	LOCK_WAIT_US = 100000,
};

/* The features that matter here, by the kernel's names. The first four are switched off: 802.1Q's and 802.1ad's. */
enum feature { RX_VLAN, RX_STAG, RX_VLAN_FILTER, RX_STAG_FILTER, RX_GRO_HW, RX_LRO, FEATURE_COUNT };
static const char *const feature_names[FEATURE_COUNT] = {
	"rx-vlan-hw-parse", "rx-vlan-stag-hw-parse", "rx-vlan-filter", "rx-vlan-stag-filter", "rx-gro-hw",
	"rx-lro",
};
enum { FEATURES_CHANGED = 4 };
/* A line of the state file like a feature's. */
static const char promiscuous_flag[] = "promiscuous";

struct port {
	char name[IFNAMSIZ];
	char driver[64];
	uint8_t mac[6];
	int index;
	int socket_fd;	/* for ioctls */
	int promisc_fd; /* holds the membership; -1 without */
	int state_fd;	/* locked; -1 when there is no place for it */
	char state_path[128];
	bool raw, left, promiscuous;
	int bit[FEATURE_COUNT];		/* position in the kernel's list, -1 when the driver has none */
	bool on[FEATURE_COUNT];		/* now */
	bool restore[FEATURES_CHANGED]; /* was on before us */
	bool flag_set;			/* promiscuous mode by the interface's flag, and off before us */
};

static int port_ioctl(const struct port *port, void *command)
{
	struct ifreq request = {.ifr_data = command};

	/* By index: it may have been given another name since. */
	if (!if_indextoname((unsigned int)port->index, request.ifr_name))
		return -ENODEV;
	return ioctl(port->socket_fd, SIOCETHTOOL, &request) ? -errno : 0;
}

/* How many features the kernel has names for, at most FEATURES_MAX. */
static uint32_t feature_count(const struct port *port)
{
	union {
		struct ethtool_sset_info info;
		uint32_t words[sizeof(struct ethtool_sset_info) / 4 + 1];
	} sets = {.info = {.cmd = ETHTOOL_GSSET_INFO, .sset_mask = 1ULL << ETH_SS_FEATURES}};

	if (port_ioctl(port, &sets) || !sets.info.sset_mask)
		return 0;
	return sets.info.data[0] > FEATURES_MAX ? FEATURES_MAX : sets.info.data[0];
}

static void find_features(struct port *port)
{
	uint32_t count = feature_count(port);
	struct ethtool_gstrings *strings;

	for (int i = 0; i < FEATURE_COUNT; i++)
		port->bit[i] = -1;
	strings = calloc(1, sizeof(*strings) + (size_t)FEATURES_MAX * ETH_GSTRING_LEN);
	if (!strings)
		return;
	*strings =
		(struct ethtool_gstrings){.cmd = ETHTOOL_GSTRINGS, .string_set = ETH_SS_FEATURES, .len = count};
	if (!port_ioctl(port, strings)) {
		for (uint32_t bit = 0; bit < count; bit++)
			for (int i = 0; i < FEATURE_COUNT; i++)
				if (!strncmp((char *)strings->data + (size_t)bit * ETH_GSTRING_LEN,
					     feature_names[i], ETH_GSTRING_LEN))
					port->bit[i] = (int)bit;
	}
	free(strings);
}

struct features {
	struct ethtool_gfeatures head;
	struct ethtool_get_features_block block[FEATURES_MAX / 32];
};

static void read_features(struct port *port)
{
	struct features features = {.head = {.cmd = ETHTOOL_GFEATURES, .size = FEATURES_MAX / 32}};

	if (port_ioctl(port, &features))
		return;
	for (int i = 0; i < FEATURE_COUNT; i++)
		port->on[i] = port->bit[i] >= 0 &&
			      features.block[port->bit[i] / 32].active >> (port->bit[i] % 32) & 1;
}

/* 0 when the kernel took it; the driver may still have kept it as it was. */
static int set_feature(struct port *port, enum feature feature, bool on)
{
	struct {
		struct ethtool_sfeatures head;
		struct ethtool_set_features_block block[FEATURES_MAX / 32];
	} set = {.head = {.cmd = ETHTOOL_SFEATURES, .size = (feature_count(port) + 31) / 32}};
	int bit = port->bit[feature];

	if (bit < 0 || (uint32_t)bit >= set.head.size * 32)
		return -EOPNOTSUPP;
	set.block[bit / 32].valid = 1U << (bit % 32);
	set.block[bit / 32].requested = on ? 1U << (bit % 32) : 0;
	return port_ioctl(port, &set);
}

/* First line of the state file: whose it is. Indices are given out again after a namespace has gone. */
static int state_owner(const struct port *port, char *text, size_t size)
{
	return snprintf(text, size, "%s %02x%02x%02x%02x%02x%02x\n", port->name, port->mac[0], port->mac[1],
			port->mac[2], port->mac[3], port->mac[4], port->mac[5]);
}

/* What the state file says was on before: names, one a line. */
static bool state_says(const char *text, const char *word)
{
	const char *at = strstr(text, word);

	return at && at[strlen(word)] == '\n';
}

static void read_state(struct port *port)
{
	char text[256], owner[64];
	int owner_length = state_owner(port, owner, sizeof(owner));
	ssize_t length = pread(port->state_fd, text, sizeof(text) - 1, 0);

	if (length <= 0)
		return;
	text[length] = 0;
	if (strncmp(text, owner, (size_t)owner_length) != 0)
		return;
	port->left = true;
	for (int i = 0; i < FEATURES_CHANGED; i++)
		port->restore[i] = state_says(text, feature_names[i]);
	port->flag_set = state_says(text, promiscuous_flag);
}

static void write_state(struct port *port)
{
	char text[256];
	int length = state_owner(port, text, sizeof(text));

	for (int i = 0; i < FEATURES_CHANGED; i++)
		if (port->restore[i])
			length += snprintf(text + length, sizeof(text) - (size_t)length, "%s\n",
					   feature_names[i]);
	if (port->flag_set)
		length += snprintf(text + length, sizeof(text) - (size_t)length, "%s\n", promiscuous_flag);
	if (port->state_fd < 0 || pwrite(port->state_fd, text, (size_t)length, 0) != length ||
	    ftruncate(port->state_fd, length))
		log_warn("%s: what is changed on the port can't be noted in %s (%s); a sensor that is killed "
			 "will "
			 "leave it changed",
			 port->name, port->state_path, strerror(errno));
}

/* The file, locked. -EBUSY when another process holds it; else -errno. */
static int take_state(struct port *port)
{
	struct stat file;

	port->state_fd = open(port->state_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (port->state_fd < 0)
		return -errno;
	if (!flock(port->state_fd, LOCK_EX | LOCK_NB) && !fstat(port->state_fd, &file) && file.st_nlink)
		return 0;
	/* Held, or removed by its holder between our open and our lock. */
	close(port->state_fd);
	port->state_fd = -1;
	return -EBUSY;
}

/* One file for each interface of each network namespace: names repeat in other namespaces. */
static int lock_state(struct port *port)
{
	struct stat space = {0};
	int error;

	if (stat("/proc/self/ns/net", &space))
		space.st_ino = 0;
	snprintf(port->state_path, sizeof(port->state_path), "%s/%llu-%d", PORT_STATE_DIR,
		 (unsigned long long)space.st_ino, port->index);
	if (mkdir(PORT_STATE_DIR, 0755) && errno != EEXIST)
		return 0;
	error = take_state(port);
	/* A sensor that ends just now needs a moment to put the port back. */
	for (int i = 0; i < LOCK_TRIES && error == -EBUSY; i++) {
		usleep(LOCK_WAIT_US);
		error = take_state(port);
	}
	if (error == -EBUSY) {
		log_error("another sensor watches %s; stop it, or name another port with --interface",
			  port->name);
		return error;
	}
	if (!error)
		read_state(port);
	return 0;
}

static void read_driver(struct port *port)
{
	struct ethtool_drvinfo driver = {.cmd = ETHTOOL_GDRVINFO};

	if (!port_ioctl(port, &driver))
		snprintf(port->driver, sizeof(port->driver), "%.*s", (int)sizeof(driver.driver), driver.driver);
}

static int find_interface(struct port *port, const char *name)
{
	struct ifreq request = {};
	int type;

	if (!name || !*name || strlen(name) >= IFNAMSIZ) {
		log_error("\"%s\" is not the name of an interface; --interface takes one from `ip link`",
			  name ? name : "");
		return -EINVAL;
	}
	memcpy(port->name, name, strlen(name));
	memcpy(request.ifr_name, port->name, IFNAMSIZ);
	port->index = (int)if_nametoindex(name);
	if (!port->index || ioctl(port->socket_fd, SIOCGIFHWADDR, &request)) {
		log_error(
			"there is no interface %s; `ip link` lists those that are there, --interface names one",
			name);
		return -ENODEV;
	}
	memcpy(port->mac, request.ifr_hwaddr.sa_data, sizeof(port->mac));
	type = request.ifr_hwaddr.sa_family;
	port->raw = type != ARPHRD_ETHER && type != ARPHRD_LOOPBACK;
	return 0;
}

int port_open(const char *name, struct port **out)
{
	struct port *port = calloc(1, sizeof(*port));
	int error;

	if (!port)
		return -ENOMEM;
	port->promisc_fd = port->state_fd = -1;
	port->socket_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (port->socket_fd < 0) {
		error = -errno;
		log_error("no socket to look at %s with: %s", name, strerror(errno));
		goto fail;
	}
	error = find_interface(port, name);
	if (!error)
		error = lock_state(port);
	if (error)
		goto fail;
	find_features(port);
	if (port->left)
		port_restore(port);
	read_features(port);
	read_driver(port);
	*out = port;
	return 0;
fail:
	port_forget(port);
	port_close(port);
	return error;
}

const char *port_name(const struct port *port)
{
	return port->name;
}

int port_index(const struct port *port)
{
	return port->index;
}

bool port_is_raw(const struct port *port)
{
	return port->raw;
}

bool port_was_left(const struct port *port)
{
	return port->left;
}

bool port_exists(const struct port *port)
{
	char name[IFNAMSIZ];

	return if_indextoname((unsigned int)port->index, name) != NULL;
}

/* Noted before it is done: whatever happens in between, it is put back. */
static void flag_promiscuous(struct port *port)
{
	int error = port_flag_read(port->socket_fd, port->index);

	port->flag_set = !error;
	if (port->flag_set) {
		write_state(port);
		error = port_flag_set(port->socket_fd, port->index, true);
	}
	port->promiscuous = error >= 0;
	if (error < 0)
		log_warn("%s: no promiscuous mode (%s); frames for other hosts may not be seen", port->name,
			 strerror(-error));
}

static void hold_promiscuous(struct port *port)
{
	struct packet_mreq request = {.mr_ifindex = port->index, .mr_type = PACKET_MR_PROMISC};

	/* Protocol 0: this socket receives nothing, it only holds the membership. */
	port->promisc_fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	port->promiscuous =
		port->promisc_fd >= 0 &&
		!setsockopt(port->promisc_fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request, sizeof(request));
	if (!port->promiscuous)
		log_warn("%s: no promiscuous mode (%s); frames for other hosts may not be seen", port->name,
			 strerror(errno));
}

int port_prepare(struct port *port, bool promiscuous, bool silent)
{
	for (int i = 0; i < FEATURES_CHANGED; i++)
		port->restore[i] = port->on[i];
	write_state(port);
	for (int i = 0; i < FEATURES_CHANGED; i++)
		if (port->on[i])
			set_feature(port, i, false);
	read_features(port);
	if (promiscuous && silent)
		flag_promiscuous(port);
	else if (promiscuous)
		hold_promiscuous(port);
	return 0;
}

bool port_tags_visible(const struct port *port)
{
	return !port->raw && !port->on[RX_VLAN];
}

bool port_promiscuous(const struct port *port)
{
	return port->promiscuous;
}

const char *port_driver(const struct port *port)
{
	return port->driver;
}

void port_advice(const struct port *port, char *out, int size)
{
	int used = (int)strlen(out);

	if (port->on[RX_VLAN] && used < size)
		used += snprintf(out + used, (size_t)(size - used),
				 "%sThe driver keeps VLAN tags to itself (rxvlan cannot be switched off); use "
				 "another port "
				 "or --engine pcap.",
				 used ? " " : "");
	if ((port->on[RX_GRO_HW] || port->on[RX_LRO]) && used < size)
		snprintf(out + used, (size_t)(size - used),
			 "%sThe port merges frames before they are counted: ethtool -K %s %s off.",
			 used ? " " : "", port->name, port->on[RX_LRO] ? "lro" : "rx-gro-hw");
}

void port_restore(struct port *port)
{
	for (int i = 0; i < FEATURES_CHANGED; i++) {
		if (port->restore[i] && port_exists(port) && set_feature(port, i, true) < 0)
			log_warn("%s: %s could not be switched on again; ethtool -K %s %s on", port->name,
				 feature_names[i], port->name, feature_names[i]);
		port->restore[i] = false;
	}
	if (port->flag_set && port_exists(port))
		port_flag_set(port->socket_fd, port->index, false);
	port->flag_set = false;
	if (port->promisc_fd >= 0)
		close(port->promisc_fd);
	port->promisc_fd = -1;
	if (port->state_fd >= 0 && ftruncate(port->state_fd, 0))
		log_warn("%s: %s", port->state_path, strerror(errno));
}

void port_forget(struct port *port)
{
	if (!port)
		return;
	memset(port->restore, 0, sizeof(port->restore));
	port->flag_set = false;
	if (port->state_fd >= 0)
		close(port->state_fd);
	if (port->promisc_fd >= 0)
		close(port->promisc_fd);
	port->state_fd = port->promisc_fd = -1;
}

void port_close(struct port *port)
{
	if (!port)
		return;
	port_restore(port); /* also when there was no place for the file */
	if (port->state_fd >= 0) {
		unlink(port->state_path);
		close(port->state_fd);
	}
	if (port->socket_fd >= 0)
		close(port->socket_fd);
	free(port);
}
