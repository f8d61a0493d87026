// SPDX-License-Identifier: BSD-2-Clause
/* The seccomp filters, by libseccomp. See silence.h. */
#include "sensor/silence.h"

#include <cap-ng.h>
#include <errno.h>
#include <linux/bpf.h>
#include <seccomp.h>
#include <string.h>
#include <sys/socket.h>

#include "defs/log.h"

enum {
	SOCKET_TYPE_MASK =
		0xf,	   /* of socket(2)'s second argument: the rest are SOCK_CLOEXEC and SOCK_NONBLOCK */
	BPF_COMMANDS = 64, /* more than there are: those above are refused without a look */
};

/*
 * What would give back what was given up: programs in the kernel, rings that do system calls in this process's stead, other
 * processes' memory and descriptors, other namespaces, another program.
 */
static const int means[] = {
	SCMP_SYS(io_uring_setup),
	SCMP_SYS(io_uring_enter),
	SCMP_SYS(io_uring_register),
	SCMP_SYS(perf_event_open),
	SCMP_SYS(userfaultfd),
	SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev),
	SCMP_SYS(pidfd_getfd),
	SCMP_SYS(unshare),
	SCMP_SYS(setns),
	SCMP_SYS(mount),
	SCMP_SYS(umount2),
	SCMP_SYS(pivot_root),
	SCMP_SYS(chroot),
	SCMP_SYS(init_module),
	SCMP_SYS(finit_module),
	SCMP_SYS(delete_module),
	SCMP_SYS(kexec_load),
	SCMP_SYS(kexec_file_load),
	SCMP_SYS(open_by_handle_at),
	SCMP_SYS(execve),
	SCMP_SYS(execveat),
	SCMP_SYS(seccomp),
};

/* Without a collector there is nobody to talk to. */
static const int talk[] = {
	SCMP_SYS(connect), SCMP_SYS(bind),   SCMP_SYS(listen),	SCMP_SYS(accept),
	SCMP_SYS(accept4), SCMP_SYS(sendto), SCMP_SYS(sendmsg), SCMP_SYS(sendmmsg),
};

/* Of bpf(2): the maps that are open are read and written, and nothing else. */
static const int map_commands[] = {
	BPF_MAP_LOOKUP_ELEM,
	BPF_MAP_UPDATE_ELEM,
	BPF_MAP_DELETE_ELEM,
	BPF_MAP_GET_NEXT_KEY,
	BPF_MAP_LOOKUP_AND_DELETE_ELEM,
	BPF_MAP_LOOKUP_BATCH,
	BPF_MAP_LOOKUP_AND_DELETE_BATCH,
	BPF_MAP_UPDATE_BATCH,
	BPF_MAP_DELETE_BATCH,
};

static int refuse_all(scmp_filter_ctx filter, const int *calls, size_t count)
{
	int error = 0;

	for (size_t i = 0; i < count && !error; i++)
		error = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), calls[i], 0);
	return error;
}

static bool is_map_command(int command)
{
	for (size_t i = 0; i < sizeof(map_commands) / sizeof(map_commands[0]); i++)
		if (map_commands[i] == command)
			return true;
	return false;
}

static int refuse_programs(scmp_filter_ctx filter)
{
	const uint32_t no = SCMP_ACT_ERRNO(EPERM);
	int error = seccomp_rule_add(filter, no, SCMP_SYS(bpf), 1, SCMP_A0(SCMP_CMP_GE, BPF_COMMANDS));

	for (int command = 0; command < BPF_COMMANDS && !error; command++)
		if (!is_map_command(command))
			error = seccomp_rule_add(filter, no, SCMP_SYS(bpf), 1,
						 SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)command));
	return error;
}

/*
 * Sockets by what they are: of the families above AF_UNIX only TCP and UDP over IP and netlink are left, which tells of
 * interfaces; nothing raw, of no family.
 */
static int refuse_sockets(scmp_filter_ctx filter, bool internet)
{
	const uint32_t no = SCMP_ACT_ERRNO(EPERM);
	const int families[] = {AF_INET, AF_INET6};
	int error = 0;

	for (int family = 0; family < AF_MAX && !error; family++) {
		bool known =
			family == AF_UNIX || family == AF_NETLINK || family == AF_INET || family == AF_INET6;

		if (!known)
			error = seccomp_rule_add(filter, no, SCMP_SYS(socket), 1,
						 SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)family));
	}
	if (!error)
		error = seccomp_rule_add(filter, no, SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_GE, AF_MAX));
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]) && !error; i++) {
		const struct scmp_arg_cmp of = SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)families[i]);

		if (!internet) {
			error = seccomp_rule_add(filter, no, SCMP_SYS(socket), 1, of);
			continue;
		}
		for (scmp_datum_t type = 0; type <= SOCKET_TYPE_MASK && !error; type++) {
			if (type == SOCK_STREAM || type == SOCK_DGRAM)
				continue;
			error = seccomp_rule_add(filter, no, SCMP_SYS(socket), 2, of,
						 SCMP_A1(SCMP_CMP_MASKED_EQ, SOCKET_TYPE_MASK, type));
		}
	}
	return error;
}

/* Another machine's system calls (x32, i386) would go around the rules: libseccomp refuses them by killing. */
static scmp_filter_ctx filter_new(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	if (filter)
		seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
	return filter;
}

static int finish(scmp_filter_ctx filter, int error)
{
	if (!error)
		error = seccomp_load(filter);
	seccomp_release(filter);
	if (error)
		log_error("--silent: the kernel does not take the filter of system calls: %s",
			  strerror(-error));
	return error;
}

int silence_seal(bool collector)
{
	scmp_filter_ctx filter = filter_new();
	int error;

	if (!filter)
		return -ENOMEM;
	error = refuse_all(filter, means, sizeof(means) / sizeof(means[0]));
	if (!error)
		error = refuse_programs(filter);
	if (!error)
		error = refuse_sockets(filter, collector);
	if (!error && !collector)
		error = refuse_all(filter, talk, sizeof(talk) / sizeof(talk[0]));
	return finish(filter, error);
}

/* Its own sockets: netlink (detaching programs) and one of UDP that only carries ioctls. send(2) is sendto(2) without an address. */
static int refuse_addresses(scmp_filter_ctx filter)
{
	static const int calls[] = {SCMP_SYS(connect), SCMP_SYS(sendmmsg), SCMP_SYS(execve), SCMP_SYS(execveat),
				    SCMP_SYS(unshare), SCMP_SYS(setns),	   SCMP_SYS(ptrace)};
	int error = refuse_all(filter, calls, sizeof(calls) / sizeof(calls[0]));

	return error ? error
		     : seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(sendto), 1,
					SCMP_A4(SCMP_CMP_NE, 0));
}

int silence_seal_keeper(void)
{
	scmp_filter_ctx filter = filter_new();
	int error;

	if (!filter)
		return -ENOMEM;
	if (capng_have_capability(CAPNG_EFFECTIVE, CAP_NET_RAW)) {
		capng_update(CAPNG_DROP, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_NET_RAW);
		if (capng_apply(CAPNG_SELECT_CAPS))
			log_warn(
				"--silent: the process that puts the port back keeps the right to raw packets");
	}
	error = refuse_sockets(filter, true);
	if (!error)
		error = refuse_addresses(filter);
	return finish(filter, error);
}

const char *silence_name(enum silence_reach reach)
{
	static const char *const names[] = {
		[SILENCE_NONE] = "no", [SILENCE_SENSOR] = "sensor", [SILENCE_PORT] = "port"};

	return names[reach];
}
