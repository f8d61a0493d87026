// SPDX-License-Identifier: BSD-2-Clause
/* What libxdp and the kernel tell of a port's programs. See capture_left.h. */
#include "sensor/capture_left.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <string.h>
#include <unistd.h>
#include <xdp/libxdp.h>

#include "defs/log.h"
#include "sensor/port.h"
#include "sensor/silence.h"

#define PROGRAM "netvisor_discover"
/* The kernel keeps 15 characters of a program's name. */
enum { PROGRAM_NAME_MAX = 15 };

static bool is_ours(const struct xdp_program *program)
{
	return !strncmp(xdp_program__name(program), PROGRAM, PROGRAM_NAME_MAX);
}

/* A dispatcher whose programs can't be found: they were pinned in a file system that is gone. */
static void remove_orphan(const struct port *port)
{
	struct bpf_prog_info info = {};
	uint32_t id = 0, length = sizeof(info);
	int fd;

	if (bpf_xdp_query_id(port_index(port), 0, &id) || !id)
		return;
	fd = bpf_prog_get_fd_by_id(id);
	if (fd < 0)
		return;
	if (!bpf_obj_get_info_by_fd(fd, &info, &length) && !strcmp(info.name, "xdp_dispatcher") &&
	    !bpf_xdp_detach(port_index(port), 0, NULL))
		log_info("%s: removed what was left of a sensor that was killed", port_name(port));
	close(fd);
}

static void remove_programs(const struct port *port)
{
	struct xdp_multiprog *attached = xdp_multiprog__get_from_ifindex(port_index(port));
	struct xdp_program *program = NULL, *ours = NULL;
	enum xdp_attach_mode mode;

	if (libxdp_get_error(attached)) {
		if (port_was_left(port))
			remove_orphan(port);
		return;
	}
	mode = xdp_multiprog__attach_mode(attached);
	if (xdp_multiprog__is_legacy(attached)) {
		program = xdp_multiprog__main_prog(attached);
		ours = program && is_ours(program) ? program : NULL;
	} else {
		while (!ours && (program = xdp_multiprog__next_prog(program, attached)))
			ours = is_ours(program) ? program : NULL;
	}
	if (ours && !xdp_program__detach(ours, port_index(port), mode, 0))
		log_info("%s: removed the program of a sensor that was killed", port_name(port));
	else if (ours || (port_was_left(port) && !xdp_multiprog__program_count(attached)))
		remove_orphan(port);
	xdp_multiprog__close(attached);
}

void capture_remove_left(const struct port *port)
{
	remove_programs(port);
	if (silence_clean(port_index(port)))
		log_info("%s: the port may send again; a silent sensor was killed", port_name(port));
}

bool capture_is_alone(const struct port *port)
{
	struct xdp_multiprog *attached = xdp_multiprog__get_from_ifindex(port_index(port));
	bool alone;

	if (libxdp_get_error(attached))
		return false;
	alone = xdp_multiprog__is_legacy(attached);
	xdp_multiprog__close(attached);
	return alone;
}
