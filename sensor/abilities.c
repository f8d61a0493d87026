// SPDX-License-Identifier: BSD-2-Clause
/* Three system calls, and what they open is closed at once. */
#include "sensor/abilities.h"

#include <linux/bpf.h>
#include <linux/if_packet.h>
#include <linux/io_uring.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct abilities found;

static bool opened(long fd)
{
	if (fd < 0)
		return false;
	close((int)fd);
	return true;
}

/* The shortest program that there is: return XDP_PASS. */
static bool loads_xdp(void)
{
	static const struct bpf_insn program[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = XDP_PASS},
		{.code = BPF_JMP | BPF_EXIT},
	};
	union bpf_attr attributes = {.prog_type = BPF_PROG_TYPE_XDP,
				     .insns = (uint64_t)(uintptr_t)program,
				     .insn_cnt = sizeof(program) / sizeof(program[0]),
				     .license = (uint64_t)(uintptr_t) "GPL"};

	return opened(syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof(attributes)));
}

void abilities_look(void)
{
	struct io_uring_params parameters = {0};

	/* Protocol 0: it receives nothing. */
	found.raw_sockets = opened(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
	found.xdp = loads_xdp();
	found.io_uring = opened(syscall(SYS_io_uring_setup, 1, &parameters));
}

struct abilities abilities(void)
{
	return found;
}
