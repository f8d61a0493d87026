// SPDX-License-Identifier: BSD-2-Clause
/* See target.h. */
#include "tests/net/target.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* By bash, as a busybox that is sh takes its own `ip` for iproute2's. No quotes in it. */
static bool shell(const char *command)
{
	char line[2048];

	return snprintf(line, sizeof(line), "bash -c '%s'", command) < (int)sizeof(line) && !system(line);
}

static void listen_on(int family, const void *any, socklen_t length)
{
	int fd = socket(family, SOCK_STREAM, 0), yes = 1;

	setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof(yes));
	if (bind(fd, any, length) || listen(fd, TARGET_BACKLOG))
		_exit(1);
}

/* Whether somebody who connects to there is refused. */
static bool is_refused(const uint8_t *addr4, uint16_t port_n)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = port_n};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	bool refused;

	memcpy(&to.sin_addr, addr4, 4);
	refused = connect(fd, (struct sockaddr *)&to, sizeof(to)) && errno == ECONNREFUSED;
	close(fd);
	return refused;
}

/* It does what single letters say, and answers with one. */
static void be_target(int hear, int tell)
{
	struct sockaddr_in any4 = {.sin_family = AF_INET, .sin_port = htons(TARGET_OPEN)};
	struct sockaddr_in6 any6 = {.sin6_family = AF_INET6, .sin6_port = htons(TARGET_OPEN)};
	uint8_t letter, us[6];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (unshare(CLONE_NEWNET) || write(tell, "r", 1) != 1)
		_exit(1);
	while (read(hear, &letter, 1) == 1) {
		bool good = true;

		if (letter == 'u') {
			good = shell(
				"sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.in.accept_dad=0 "
				"net.ipv4.ip_forward=1 net.ipv4.icmp_ratelimit=0 "
				"net.ipv6.icmp.echo_ignore_multicast=0 && "
				"ip addr add 10.0.0.9/8 dev in && ip addr add 2001:db8::9/64 dev in nodad && "
				"ip link set in address 02:00:00:00:00:09 && ip link set in up && ip link set "
				"lo up && "
				"ip route add unreachable 10.9.0.0/16");
			listen_on(AF_INET, &any4, sizeof(any4));
			listen_on(AF_INET6, &any6, sizeof(any6));
		} else if (letter == 'g') {
			good = shell("ethtool -K in gro on");
		} else if (letter == 't') {
			good = shell("unshare -m bash -c \"mount -t sysfs sysfs /sys && echo 1 "
				     ">/sys/class/net/in/threaded\"");
		} else if (letter == 'c') {
			good = read(hear, us, 6) == 6 && is_refused(us, *(uint16_t *)(us + 4));
		}
		if (write(tell, good ? "y" : "n", 1) != 1)
			break;
	}
	_exit(0);
}

bool target_does(const struct target *n, const char *letters, size_t length)
{
	char letter = 0;

	return write(n->tell, letters, length) == (ssize_t)length && read(n->hear, &letter, 1) == 1 &&
	       letter == 'y';
}

bool target_made(struct target *n, const char *also)
{
	int to[2], from[2];
	char command[1024], letter;

	if (pipe(to) || pipe(from) || unshare(CLONE_NEWNET))
		return false;
	fflush(stdout);
	n->target = fork();
	if (!n->target) {
		close(to[1]);
		close(from[0]);
		be_target(to[0], from[1]);
	}
	close(to[0]);
	close(from[1]);
	n->tell = to[1];
	n->hear = from[0];
	if (n->target < 0 || read(n->hear, &letter, 1) != 1)
		return false;
	snprintf(command, sizeof(command),
		 "sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0 && ip link set "
		 "lo up && "
		 "ip link add out type veth peer name in netns %d && ip link set out up%s",
		 (int)n->target, also);
	return shell(command) && target_does(n, "u", 1);
}

void target_gone(struct target *n)
{
	close(n->tell);
	close(n->hear);
	kill(n->target, SIGKILL);
	waitpid(n->target, NULL, 0);
}

size_t target_half_open(const struct target *n)
{
	size_t count = 0;
	char path[64], line[512];
	unsigned int state;

	for (int i = 0; i < 2; i++) {
		FILE *in;

		snprintf(path, sizeof(path), "/proc/%d/net/tcp%s", (int)n->target, i ? "6" : "");
		in = fopen(path, "r");
		while (in && fgets(line, sizeof(line), in))
			count += sscanf(line, " %*d: %*[^ ] %*[^ ] %x", &state) == 1 && state == 3;
		if (in)
			fclose(in);
	}
	return count;
}
