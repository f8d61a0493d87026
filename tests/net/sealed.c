// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a process that was sealed for --silent can still do, asked of the kernel in a child each: everything that sends or gives back the means to
 * is refused with EPERM, and what the sensor works with goes on.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_packet.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sensor/silence.h"
#include "tests/tap.h"

enum seal { WITHOUT_COLLECTOR, WITH_COLLECTOR, KEEPER };

static int result(long returned)
{
	return returned < 0 ? errno : 0;
}

static int try_socket(int family, int type, int protocol)
{
	int fd = socket(family, type | SOCK_CLOEXEC, protocol);

	return result(fd);
}

static int packet_raw(void)
{
	return try_socket(AF_PACKET, SOCK_RAW, 0);
}

static int packet_datagram(void)
{
	return try_socket(AF_PACKET, SOCK_DGRAM, 0);
}

static int xdp_socket(void)
{
	return try_socket(AF_XDP, SOCK_RAW, 0);
}

static int raw_v4(void)
{
	return try_socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
}

static int raw_v6(void)
{
	return try_socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6);
}

static int tcp_v4(void)
{
	return try_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
}

static int udp_v6(void)
{
	return try_socket(AF_INET6, SOCK_DGRAM, 0);
}

static int unix_socket(void)
{
	return try_socket(AF_UNIX, SOCK_DGRAM, 0);
}

static int netlink(void)
{
	return try_socket(AF_NETLINK, SOCK_RAW, 0);
}

static int uring(void)
{
	struct io_uring_params parameters = {0};

	return result(syscall(SYS_io_uring_setup, 1, &parameters));
}

static int bpf_command(int command)
{
	union bpf_attr attributes = {0};

	return result(syscall(SYS_bpf, command, &attributes, sizeof(attributes)));
}

static int bpf_load(void)
{
	return bpf_command(BPF_PROG_LOAD);
}

static int bpf_run(void)
{
	return bpf_command(BPF_PROG_TEST_RUN);
}

static int bpf_unknown(void)
{
	return bpf_command(1000);
}

/* Map 0 is no map: the kernel's own answer shows that the filter let it through. */
static int bpf_look_up(void)
{
	return bpf_command(BPF_MAP_LOOKUP_ELEM) == EPERM ? EPERM : 0;
}

static int other_namespace(void)
{
	return result(unshare(CLONE_NEWNET));
}

static int trace(void)
{
	return result(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int other_program(void)
{
	return result(execl("/bin/true", "true", (char *)NULL));
}

static int filter_again(void)
{
	return result(syscall(SYS_seccomp, 0, 0, NULL));
}

/* A socket from before the seal must not send either. */
static int old_udp = -1;

static int send_to(void)
{
	const struct sockaddr_in nobody = {
		.sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	return result(sendto(old_udp, "", 1, 0, (const void *)&nobody, sizeof(nobody)));
}

static int connect_it(void)
{
	const struct sockaddr_in nobody = {
		.sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	return result(connect(old_udp, (const void *)&nobody, sizeof(nobody)));
}

/* allowed: by enum seal. */
static const struct attempt {
	const char *what;
	int (*attempt)(void);
	bool allowed[3];
} attempts[] = {
	{"a packet socket", packet_raw, {false, false, false}},
	{"a packet socket without header", packet_datagram, {false, false, false}},
	{"an AF_XDP socket", xdp_socket, {false, false, false}},
	{"a raw IPv4 socket", raw_v4, {false, false, false}},
	{"a raw IPv6 socket", raw_v6, {false, false, false}},
	{"a TCP socket", tcp_v4, {false, true, true}},
	{"a UDP socket", udp_v6, {false, true, true}},
	{"a datagram from an old socket", send_to, {false, true, false}},
	{"connecting an old socket", connect_it, {false, true, false}},
	{"a socket between processes", unix_socket, {true, true, true}},
	{"a netlink socket", netlink, {true, true, true}},
	{"io_uring", uring, {false, false, true}},
	{"loading a BPF program", bpf_load, {false, false, true}},
	{"running a BPF program", bpf_run, {false, false, true}},
	{"a BPF command that is not known yet", bpf_unknown, {false, false, true}},
	{"reading a BPF map", bpf_look_up, {true, true, true}},
	{"another network namespace", other_namespace, {false, false, false}},
	{"tracing", trace, {false, false, false}},
	{"another program", other_program, {false, false, false}},
	{"another filter", filter_again, {false, false, true}},
};

/* The error of the attempt in a sealed child; 0 when it went well or failed for another reason than the seal. */
static int in_child(enum seal seal, int (*attempt)(void))
{
	pid_t child = fork();
	int status, error;

	if (child == 0) {
		error = seal == KEEPER ? silence_seal_keeper() : silence_seal(seal == WITH_COLLECTOR);
		_exit(error ? 255 : attempt() == EPERM);
	}
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

int main(void)
{
	static const char *const seals[] = {"without a collector", "with one", "keeper"};

	old_udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	for (int seal = WITHOUT_COLLECTOR; seal <= KEEPER; seal++) {
		for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
			const struct attempt *a = &attempts[i];
			bool allowed = a->allowed[seal];

			tap_ok(in_child(seal, a->attempt) == !allowed, "%s: %s is %s", seals[seal], a->what,
			       allowed ? "possible" : "refused");
		}
	}
	return tap_end();
}
