/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Silence that can be proved: `--silent`.
 *
 * Two halves. The process: once everything is open, a seccomp filter (seccomp(2)) takes away what could send a frame or
 * get the means to, for all threads and for good; capabilities are gone by then (privilege.h). The port: what this
 * machine's kernel would send out of it by itself is held back by a program on its way out (tc-bpf(8), clsact).
 */
#ifndef SENSOR_SILENCE_H
#define SENSOR_SILENCE_H

#include <stdbool.h>
#include <stdint.h>

enum silence_reach {
	SILENCE_NONE,	/* not asked for */
	SILENCE_SENSOR, /* this program can't send; the machine itself uses the port and does */
	SILENCE_PORT,	/* no frame leaves by the port */
};

/* "no", "sensor", "port". */
const char *silence_name(enum silence_reach);

/*
 * For this process with all threads that it will have. collector: connections by TCP and questions to name servers stay
 * possible; else no socket can be opened but those between processes. What is refused fails with EPERM. After the last
 * bpf(2), io_uring and raw socket is opened and closed. 0, or -errno after a log line.
 */
int silence_seal(bool collector);
/*
 * For the keeper, which needs its rights to put the port back: it keeps those for that, and gives up the right to raw
 * packets and every call that opens a packet socket or addresses a datagram. 0 or -errno.
 */
int silence_seal_keeper(void);

struct silence;

/*
 * Whether the kernel can be kept from sending by this port without cutting the machine off: it has no address but link-local ones, and nothing
 * is built upon it (bridge, bond, VLAN). Else why not, in words, in why[].
 */
bool silence_port_free(const char *interface, char *why, int size);
/* Hold back what leaves by the port, from now on. 0 with *out, or -errno after a log line (-EPERM, -EOPNOTSUPP …). */
int silence_hold(const char *interface, int index, struct silence **out);
/* Frames held back so far. 0 for NULL. */
uint64_t silence_held_back(const struct silence *);
/* Let the port send again; whoever has a copy of this memory may do it (the keeper). 0 or -errno. Does not free. */
int silence_let_go(const struct silence *);
void silence_free(struct silence *);
/* What a killed sensor has left of it on the port is removed. True when there was something. */
bool silence_clean(int index);

#endif
