// SPDX-License-Identifier: BSD-2-Clause
/*
 * share OBJECT INTERFACE [alone]: attach somebody else's XDP program (pass.bpf.c), through libxdp's dispatcher or alone.
 * Says `attached`; on SIGTERM detaches it and says how many frames it has seen.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <net/if.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <xdp/libxdp.h>

static int attach(struct xdp_program *program, int interface, bool alone)
{
	struct bpf_object *object = xdp_program__bpf_obj(program);

	if (!alone)
		return xdp_program__attach(program, interface, XDP_MODE_NATIVE, 0);
	if (bpf_object__load(object))
		return -1;
	return bpf_xdp_attach(interface, bpf_program__fd(bpf_object__find_program_by_name(object, "pass")), 0,
			      NULL);
}

int main(int argc, char **argv)
{
	bool alone = argc > 3 && !strcmp(argv[3], "alone");
	int interface = argc > 2 ? (int)if_nametoindex(argv[2]) : 0, error, signal_number;
	struct xdp_program *program;
	uint64_t frames = 0;
	uint32_t zero = 0;
	sigset_t stop;

	if (!interface)
		return 2;
	program = xdp_program__open_file(argv[1], "xdp.frags", NULL);
	if (libxdp_get_error(program))
		return 1;
	error = attach(program, interface, alone);
	if (error) {
		printf("not attached: %s\n", strerror(-error));
		return 1;
	}
	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigprocmask(SIG_BLOCK, &stop, NULL);
	printf("attached\n");
	fflush(stdout);
	sigwait(&stop, &signal_number);
	bpf_map_lookup_elem(bpf_object__find_map_fd_by_name(xdp_program__bpf_obj(program), ".bss"), &zero,
			    &frames);
	error = alone ? bpf_xdp_detach(interface, 0, NULL)
		      : xdp_program__detach(program, interface, XDP_MODE_NATIVE, 0);
	printf("detached %d, frames %llu\n", error, (unsigned long long)frames);
	return error != 0;
}
