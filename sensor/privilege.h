/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rights: who keeps them, and how the process that reads strangers' bytes loses them.
 *
 * A keeper is a second process with the rights of this one. It reads nothing, and does one job when this process
 * asks for it or dies, whatever it dies of. So this process can drop its rights, and a kill -9 leaves nothing behind.
 */
#ifndef SENSOR_PRIVILEGE_H
#define SENSOR_PRIVILEGE_H

#include <stdbool.h>

struct keeper;

/*
 * Fork a keeper that will call job(context), in its copy of this process's memory as it is now. Before any thread is
 * made. silent: it gives up what could send (silence_seal_keeper()). 0 with *out for keeper_end(), or -errno.
 */
int keeper_start(int (*job)(void *), void *context, bool silent, struct keeper **out);
/* False once it was killed. */
bool keeper_alive(struct keeper *);
/* Have the job done and wait for it; frees. 0, what job() returned, or -ECHILD when the keeper was killed before. */
int keeper_end(struct keeper *);

/*
 * Give up all capabilities and the way back to them (no_new_privs). user: also become that user and its group, NULL to
 * stay; nothing when this process has no rights to begin with. Everything that needs rights is open by then; files
 * that are opened later must be the user's. Before any thread is made, as the kernel's rights are each
 * thread's own. 0, or -errno after a log line.
 */
int privilege_drop(const char *user);
/*
 * The same, but sockets may still be bound to ports below 1024 (CAP_NET_BIND_SERVICE, when it is there): DHCP servers answer
 * to port 68 alone. For a process that ends with its scan.
 */
int privilege_drop_but_ports(void);

#endif
