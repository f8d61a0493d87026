// SPDX-License-Identifier: BSD-2-Clause
/*
 * Holding back what the kernel itself would send by the watched port: a program on the port's way out (clsact egress), which
 * drops and counts. See silence.h.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <dirent.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "defs/addr.h"
#include "defs/log.h"
#include "sensor/interface.h"
#include "sensor/message.h"
#include "sensor/silence.h"

#include "bpf/silence.skel.h"

#define PROGRAM "netvisor_silence"
enum {
	HANDLE = 0x6e76, /* "nv": ours among the filters of a port */
	PRIORITY = 1,
	PROGRAM_NAME_MAX = 15, /* characters that the kernel keeps */
};

struct silence {
	struct silence_bpf *object;
	int index;
	bool hook_made; /* the port had no clsact before */
};

/* Whether /sys tells of this port: in a container it may be that of another network namespace. */
static bool sys_is_ours(const char *interface)
{
	char path[64], line[32] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/sys/class/net/%.32s/ifindex", interface);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (!fgets(line, sizeof(line), file))
		line[0] = 0;
	fclose(file);
	return strtoul(line, NULL, 10) == if_nametoindex(interface);
}

/* Ports that are built upon this one, or of which it is a part: their frames leave by it. */
static bool is_part(const char *interface, char *name, size_t size)
{
	static const char *const signs[] = {"upper_", "master"};
	char path[64];
	struct dirent *entry;
	bool found = false;
	DIR *folder;

	snprintf(path, sizeof(path), "/sys/class/net/%.32s", interface);
	folder = opendir(path);
	if (!folder)
		return false;
	while (!found && (entry = readdir(folder))) {
		for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
			if (strncmp(entry->d_name, signs[i], strlen(signs[i])) != 0)
				continue;
			snprintf(name, size, "%s", i ? "a bridge or bond" : entry->d_name + strlen(signs[i]));
			found = true;
		}
	}
	closedir(folder);
	return found;
}

/* fe80::/10 (RFC 4291) and 169.254.0.0/16 (RFC 3927): a port that is merely up has these. */
static bool is_link_local(const struct ip *ip)
{
	return ip->version == 6 ? ip->bytes[0] == 0xfe && (ip->bytes[1] & 0xc0) == 0x80
				: ip->bytes[0] == 169 && ip->bytes[1] == 254;
}

bool silence_port_free(const char *interface, char *why, int size)
{
	struct message_interface port = {.address_count = 0};
	char other[64], text[ADDR_TEXT_MAX];

	interface_addresses(interface, &port);
	for (size_t i = 0; i < port.address_count; i++) {
		if (is_link_local(&port.addresses[i]))
			continue;
		ip_text(&port.addresses[i], text);
		snprintf(why, (size_t)size,
			 "This machine uses %s itself (%s), so what it sends there is not held back; a port "
			 "without "
			 "addresses is wholly silent.",
			 interface, text);
		return false;
	}
	if (!sys_is_ours(interface)) {
		snprintf(why, (size_t)size,
			 "What is built upon %s can't be seen here (/sys is that of another network "
			 "namespace), so nothing "
			 "is held back.",
			 interface);
		return false;
	}
	if (!is_part(interface, other, sizeof(other)))
		return true;
	snprintf(why, (size_t)size,
		 "%s carries what %s sends, so that is not held back; a port of its own is wholly silent.",
		 interface, other);
	return false;
}

static struct bpf_tc_hook hook_of(int index)
{
	return (struct bpf_tc_hook){
		.sz = sizeof(struct bpf_tc_hook), .ifindex = index, .attach_point = BPF_TC_EGRESS};
}

static int detach(int index)
{
	struct bpf_tc_hook hook = hook_of(index);
	DECLARE_LIBBPF_OPTS(bpf_tc_opts, filter, .handle = HANDLE, .priority = PRIORITY);

	return bpf_tc_detach(&hook, &filter);
}

/* The qdisc that holds filters of both ways in and out: it goes when we made it and nobody else uses it. */
static void remove_hook(int index)
{
	struct bpf_tc_hook hook = hook_of(index);

	hook.attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS;
	bpf_tc_hook_destroy(&hook);
}

int silence_hold(const char *interface, int index, struct silence **out)
{
	struct silence *silence = calloc(1, sizeof(*silence));
	struct bpf_tc_hook hook = hook_of(index);
	DECLARE_LIBBPF_OPTS(bpf_tc_opts, filter, .handle = HANDLE, .priority = PRIORITY);
	int error;

	if (!silence)
		return -ENOMEM;
	silence->index = index;
	silence->object = silence_bpf__open_and_load();
	error = silence->object ? 0 : -errno;
	if (!error) {
		error = bpf_tc_hook_create(&hook);
		silence->hook_made = !error;
		error = error == -EEXIST ? 0 : error;
	}
	if (!error) {
		filter.prog_fd = bpf_program__fd(silence->object->progs.netvisor_silence);
		error = bpf_tc_attach(&hook, &filter);
	}
	if (error) {
		log_warn("%s: what this machine's kernel sends there can't be held back: %s", interface,
			 strerror(-error));
		if (silence->hook_made)
			remove_hook(index);
		silence_free(silence);
		return error;
	}
	*out = silence;
	return 0;
}

uint64_t silence_held_back(const struct silence *silence)
{
	return silence ? __atomic_load_n(&silence->object->bss->held_back, __ATOMIC_RELAXED) : 0;
}

int silence_let_go(const struct silence *silence)
{
	int error;

	if (!silence)
		return 0;
	error = detach(silence->index);
	if (silence->hook_made)
		remove_hook(silence->index);
	return error;
}

void silence_free(struct silence *silence)
{
	if (!silence)
		return;
	silence_bpf__destroy(silence->object);
	free(silence);
}

bool silence_clean(int index)
{
	struct bpf_tc_hook hook = hook_of(index);
	DECLARE_LIBBPF_OPTS(bpf_tc_opts, filter, .handle = HANDLE, .priority = PRIORITY);
	struct bpf_prog_info info = {};
	uint32_t length = sizeof(info);
	bool ours;
	int fd;

	if (bpf_tc_query(&hook, &filter))
		return false;
	fd = bpf_prog_get_fd_by_id(filter.prog_id);
	if (fd < 0)
		return false;
	ours = !bpf_obj_get_info_by_fd(fd, &info, &length) && !strncmp(info.name, PROGRAM, PROGRAM_NAME_MAX);
	close(fd);
	return ours && !detach(index);
}
