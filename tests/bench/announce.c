/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Make up hosts: send a gratuitous ARP request (RFC 5227 §3) for each of COUNT new (MAC, address) pairs,
 * INTERVAL_MS apart, and print when each left. What the dashboard shows of them is measured by latency.mjs.
 *
 *     announce INTERFACE COUNT INTERVAL_MS
 *
 * One line a host: `<seconds since the epoch> <mac> <address>`. Addresses are from 198.18.0.0/15, which RFC 2544
 * keeps for benchmarks. It runs only in a network namespace that somebody made: frames that were made up belong where
 * a test made room for them.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/if_ether.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { HOSTS_MAX = 65535 };

struct frame {
	struct ether_header ethernet;
	struct ether_arp arp;
	unsigned char padding[18]; /* to the 60 bytes that Ethernet wants */
} __attribute__((packed));

static bool same(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev;
}

/* Whether this is a network namespace that somebody made: not that of process 1, or one of /run/netns. */
static bool in_made_namespace(void)
{
	DIR *names = opendir("/run/netns");
	struct stat self, first, named;
	struct dirent *entry;
	bool found = false;

	if (stat("/proc/self/ns/net", &self))
		goto out;
	found = !stat("/proc/1/ns/net", &first) && !same(&self, &first);
	if (!names)
		goto out;
	while (!found && (entry = readdir(names)))
		found = !fstatat(dirfd(names), entry->d_name, &named, 0) && same(&named, &self);
out:
	if (names)
		closedir(names);
	return found;
}

static void frame_fill(struct frame *frame, unsigned run, unsigned n)
{
	const unsigned char mac[ETH_ALEN] = {0x00, 0x11, 0x32, run >> 8, run ^ (n >> 8), n};
	const unsigned char address[4] = {198, 18 + (run & 1), n >> 8, n};

	memset(frame, 0, sizeof(*frame));
	memset(frame->ethernet.ether_dhost, 0xff, ETH_ALEN);
	memcpy(frame->ethernet.ether_shost, mac, ETH_ALEN);
	frame->ethernet.ether_type = htons(ETHERTYPE_ARP);
	frame->arp.ea_hdr.ar_hrd = htons(ARPHRD_ETHER);
	frame->arp.ea_hdr.ar_pro = htons(ETHERTYPE_IP);
	frame->arp.ea_hdr.ar_hln = ETH_ALEN;
	frame->arp.ea_hdr.ar_pln = sizeof(address);
	frame->arp.ea_hdr.ar_op = htons(ARPOP_REQUEST);
	memcpy(frame->arp.arp_sha, mac, ETH_ALEN);
	memcpy(frame->arp.arp_spa, address, sizeof(address));
	memcpy(frame->arp.arp_tpa, address, sizeof(address));
}

static int announce(int fd, const struct sockaddr_ll *to, unsigned run, unsigned n)
{
	struct frame frame;
	struct timespec now;
	const unsigned char *mac = frame.arp.arp_sha, *ip = frame.arp.arp_spa;

	frame_fill(&frame, run, n);
	clock_gettime(CLOCK_REALTIME, &now);
	if (sendto(fd, &frame, sizeof(frame), 0, (const struct sockaddr *)to, sizeof(*to)) < 0)
		return -errno;
	printf("%lld.%06ld %02x:%02x:%02x:%02x:%02x:%02x %u.%u.%u.%u\n", (long long)now.tv_sec,
	       now.tv_nsec / 1000, mac[0], mac[1], mac[2], mac[3], mac[4], mac[5], ip[0], ip[1], ip[2], ip[3]);
	fflush(stdout);
	return 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_ll to = {.sll_family = AF_PACKET};
	unsigned short run;
	int fd, err;

	if (argc != 4) {
		fprintf(stderr, "usage: announce INTERFACE COUNT INTERVAL_MS\n");
		return 2;
	}
	if (!in_made_namespace()) {
		fprintf(stderr,
			"announce: it runs only in a network namespace that a test made (ip netns add)\n");
		return 2;
	}
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	to.sll_ifindex = (int)if_nametoindex(argv[1]);
	if (fd < 0 || to.sll_ifindex == 0 || getrandom(&run, sizeof(run), 0) != sizeof(run)) {
		fprintf(stderr, "announce: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	for (unsigned n = 1; n <= strtoul(argv[2], NULL, 10) && n <= HOSTS_MAX; n++) {
		err = announce(fd, &to, run, n);
		if (err < 0) {
			fprintf(stderr, "announce: %s: %s\n", argv[1], strerror(-err));
			return 1;
		}
		usleep((useconds_t)strtoul(argv[3], NULL, 10) * 1000);
	}
	close(fd);
	return 0;
}
