// SPDX-License-Identifier: BSD-2-Clause
/*
 * Trying what the sensor needs, one row a need. The kernel is asked through bpf(2) itself: the smallest program and
 * map of each kind are made and dropped.
 */
#include "sensor/check.h"

#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/io_uring.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "sensor/interface.h"
#include "sensor/netdev.h"
#include "sensor/silence.h"

enum { CAPABILITY_NET_ADMIN = 12, CAPABILITY_NET_RAW = 13, CAPABILITY_SYS_ADMIN = 21, CAPABILITY_BPF = 39 };

struct found {
	bool raw_socket; /* --engine pcap can work */
	bool xdp;	 /* --engine xdp can work, as far as the kernel goes */
	bool uring;	 /* scan --engine uring can send */
};

__attribute__((format(printf, 3, 4))) static void row(const char *what, bool good, const char *format, ...)
{
	va_list arguments;

	printf("%-18s %-4s ", what, good ? "ok" : "--");
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
}

static int bpf_call(int command, union bpf_attr *attributes)
{
	int fd = (int)syscall(__NR_bpf, command, attributes, sizeof(*attributes));

	return fd < 0 ? -errno : fd;
}

static int try_ring(void)
{
	union bpf_attr attributes = {.map_type = BPF_MAP_TYPE_RINGBUF,
				     .max_entries = (uint32_t)sysconf(_SC_PAGESIZE)};

	return bpf_call(BPF_MAP_CREATE, &attributes);
}

/* `return XDP_PASS`, of the kind that also sees frames larger than a page. */
static int try_program(uint32_t flags)
{
	static const struct bpf_insn code[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = XDP_PASS},
		{.code = BPF_JMP | BPF_EXIT},
	};
	union bpf_attr attributes = {
		.prog_type = BPF_PROG_TYPE_XDP,
		.insns = (uint64_t)(uintptr_t)code,
		.insn_cnt = sizeof(code) / sizeof(code[0]),
		.license = (uint64_t)(uintptr_t) "GPL",
		.prog_flags = flags,
	};

	return bpf_call(BPF_PROG_LOAD, &attributes);
}

/* Have a program that drops run once on a frame that would be sent if it did not (kernel 5.18). 0 or -errno. */
static int try_live_frames(void)
{
	static const struct bpf_insn code[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = XDP_DROP},
		{.code = BPF_JMP | BPF_EXIT},
	};
	static const uint8_t frame[ETH_ZLEN];
	struct xdp_md context = {.data_end = sizeof(frame), .ingress_ifindex = 1};
	union bpf_attr load = {.prog_type = BPF_PROG_TYPE_XDP,
			       .insns = (uint64_t)(uintptr_t)code,
			       .insn_cnt = sizeof(code) / sizeof(code[0]),
			       .license = (uint64_t)(uintptr_t) "GPL"};
	union bpf_attr run = {.test = {.data_in = (uint64_t)(uintptr_t)frame,
				       .data_size_in = sizeof(frame),
				       .ctx_in = (uint64_t)(uintptr_t)&context,
				       .ctx_size_in = sizeof(context),
				       .repeat = 1,
				       .flags = BPF_F_TEST_XDP_LIVE_FRAMES}};
	int fd = bpf_call(BPF_PROG_LOAD, &load), error;

	if (fd < 0)
		return fd;
	run.test.prog_fd = (uint32_t)fd;
	error = bpf_call(BPF_PROG_TEST_RUN, &run);
	close(fd);
	return error < 0 ? error : 0;
}

static int try_uring(void)
{
	struct io_uring_params params = {.flags = IORING_SETUP_SUBMIT_ALL};
	int fd = (int)syscall(__NR_io_uring_setup, 1, &params);

	return fd < 0 ? -errno : fd;
}

/* Close what was made; whether it was. */
static bool made(int fd)
{
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static const char *advice(int error)
{
	return error == -EPERM ? "not allowed: run as root, or with CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN"
			       : "this kernel does not have it; use --engine pcap";
}

static uint64_t effective_capabilities(void)
{
	FILE *file = fopen("/proc/self/status", "re");
	uint64_t set = 0;
	char line[256];

	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file)) {
		if (!strncmp(line, "CapEff:", 7))
			set = strtoull(line + 7, NULL, 16);
	}
	fclose(file);
	return set;
}

static bool has(uint64_t set, int capability)
{
	return set >> capability & 1;
}

/* Sending, for `scan` and the collector's discoveries. */
static void check_asking(struct found *found)
{
	int uring = try_uring(), live = try_live_frames();

	found->uring = made(uring);
	row("io_uring", uring >= 0, "%s",
	    uring >= 0	      ? "can be used"
	    : uring == -EPERM ? "is forbidden: sysctl kernel.io_uring_disabled=0, or the container's seccomp "
				"rules; without it "
				"nothing can be asked"
			      : "kernel 5.18 is needed; without it nothing can be asked");
	row("live frames", !live, "%s",
	    !live	     ? "a BPF program can send (scan --engine xdp)"
	    : live == -EPERM ? "not allowed: run as root, or with CAP_BPF and CAP_NET_ADMIN; scan --engine "
			       "uring needs CAP_NET_RAW"
			     : "this kernel does not have them (5.18 does); scan --engine uring works without");
}

static void check_kernel(struct found *found)
{
	uint64_t capabilities = effective_capabilities();
	int ring = try_ring(), program = try_program(0), fragments = try_program(BPF_F_XDP_HAS_FRAGS);
	bool btf = !access("/sys/kernel/btf/vmlinux", R_OK);
	bool enough = has(capabilities, CAPABILITY_NET_ADMIN) && has(capabilities, CAPABILITY_NET_RAW) &&
		      (has(capabilities, CAPABILITY_BPF) || has(capabilities, CAPABILITY_SYS_ADMIN));
	bool fragments_good = made(fragments);
	struct utsname system;

	uname(&system);
	found->raw_socket = made(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
	found->xdp = made(ring) & made(program) && btf && enough;
	row("kernel", true, "%s %s", system.release, system.machine);
	row("capabilities", enough, "%s",
	    enough ? "net_admin, net_raw, bpf"
		   : "some are missing: run as root, or give CAP_NET_ADMIN, CAP_NET_RAW, CAP_BPF and "
		     "CAP_PERFMON");
	row("BTF", btf, "%s",
	    btf ? "/sys/kernel/btf/vmlinux" : "the kernel's type information is missing; use --engine pcap");
	row("BPF ring buffer", ring >= 0, "%s", ring >= 0 ? "can be made" : advice(ring));
	row("XDP programs", program >= 0, "%s",
	    program < 0	     ? advice(program)
	    : fragments_good ? "can be loaded, also for jumbo frames"
			     : "can be loaded; jumbo frames need kernel 5.18");
	row("packet socket", found->raw_socket, "%s",
	    found->raw_socket ? "can be opened (promiscuous mode, --engine pcap)"
			      : "can't be opened: run as root, or with CAP_NET_RAW");
}

static void check_xdp_mode(const struct netdev *port)
{
	if (!port->xdp_known)
		row("XDP native", false,
		    "this kernel does not tell what the driver can do (6.3 does); it is tried at the start");
	else if (port->xdp_native && port->gro_hardware)
		row("XDP native", false,
		    "the driver %s has it, but some refuse it while the card merges frames (rx-gro-hw); it is "
		    "tried, and "
		    "generic mode is used when it is refused",
		    port->driver);
	else if (port->xdp_native)
		row("XDP native", true, "the driver %s has it%s", port->driver,
		    port->xdp_fragments ? ", also for jumbo frames" : "");
	else
		row("XDP native", false,
		    "the driver %s does not have it: generic mode is used, at a lower rate", port->driver);
	row("XDP generic", true, "every port has it");
	if (port->xdp_known)
		row("sends from XDP", port->xdp_redirect, "%s",
		    port->xdp_redirect ? "scan --engine xdp can be used"
		    : strcmp(port->driver, "veth")
			    ? "the driver does not, as things are now: scan --engine uring is used"
			    : "the other end of this veth has neither an XDP program nor GRO: scan --engine "
			      "uring is used");
	if (port->xdp_attached)
		row("XDP in use", false,
		    "a program is attached already: the port can be shared only when that one uses libxdp's "
		    "dispatcher; "
		    "`xdp-loader status` tells");
}

/* Whether the port can be watched. */
static bool check_port(const char *interface)
{
	struct netdev port;
	char why[256] = "";
	bool silent;

	if (netdev_read(interface, &port)) {
		row("port", false, "there is no port %s; `ip link` lists them", interface);
		return false;
	}
	row("port", port.up && port.running, "%s, driver %s, MTU %d, %s", interface,
	    port.driver[0] ? port.driver : "not known", port.mtu,
	    !port.up	    ? "down: `ip link set up` switches it on"
	    : !port.running ? "up, without carrier: is the cable in?"
			    : "up");
	check_xdp_mode(&port);
	row("VLAN tags", !port.vlan_offload, "%s",
	    port.vlan_offload
		    ? "the card takes them off: this (rxvlan) is switched off while watching, and restored"
		    : "the card leaves them on");
	row("merged frames", !port.lro, "%s",
	    port.lro ? "the card merges frames (LRO): `ethtool -K PORT lro off` gives true packet counts"
		     : "none by LRO");
	silent = silence_port_free(interface, why, sizeof(why));
	row("silence", silent, "%s",
	    why[0] ? why
		   : "with --silent nothing at all leaves by this port, not the kernel's own frames either");
	row("frames sent", true, "%llu by this port since it is there",
	    (unsigned long long)interface_sent(interface));
	row("promiscuous", true, "%s",
	    port.promiscuous ? "on" : "off: switched on while watching with --span or --promiscuous");
	return true;
}

int check_run(const char *interface)
{
	struct found found;
	bool port = true;

	check_kernel(&found);
	check_asking(&found);
	if (interface)
		port = check_port(interface);
	row("watching", port && (found.xdp || found.raw_socket), "%s",
	    !port	       ? "this port can't be watched"
	    : found.xdp	       ? "works with --engine xdp and --engine pcap"
	    : found.raw_socket ? "works with --engine pcap only"
			       : "does not work: see what is missing above");
	row("asking", port && found.xdp && found.raw_socket && found.uring, "%s",
	    !port ? "nothing can be asked from this port"
	    : found.xdp && found.raw_socket && found.uring
		    ? "works, when somebody asks for it (scan, discoveries)"
		    : "does not work: it needs XDP, a packet socket and io_uring");
	return !port || !(found.xdp || found.raw_socket);
}
