/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is it: open ports are spoken to until it is clear what they are. Thousands at once on one io_uring, in bounded
 * memory; a hostile server costs its timeout and its bytes, and nobody else anything.
 *
 * No thread: the caller waits for ask_fd() or until *next_us, and calls ask_step().
 */
#ifndef SENSOR_ASK_ASK_H
#define SENSOR_ASK_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "defs/addr.h"
#include "defs/facts.h"

struct ask;

enum {
	ASK_HOST_DEFAULT = 4,
	ASK_TIMEOUT_MS_DEFAULT = 10000,
};

struct ask_options {
	uint32_t at_once_max;  /* conversations; 0: as many as descriptors and memory allow */
	uint32_t host_max;     /* conversations with one address at a time; 0: ASK_HOST_DEFAULT */
	uint32_t timeout_ms;   /* for all of one target, 0: ASK_TIMEOUT_MS_DEFAULT */
	uint32_t rate;	       /* connections, requests and datagrams a second in all; 0: no limit */
	const char *interface; /* sockets are bound to it; NULL: as routed */
	/* A fact is found (source `probe`, or that of the protocol). Its texts live until the call returns. */
	void (*say)(void *context, const struct fact *fact);
	/* A target is finished; name: the protocol that was found, "" when none. */
	void (*done)(void *context, const struct ip *ip, uint16_t port_h, const char *proto, const char *name);
	void *context;
};

struct ask_target {
	struct ip ip;
	uint16_t port_h;
	bool udp;		 /* one of the probes of udp.h; a silent one is said to be so */
	bool raw_print_allowed;	 /* 515 and 9100 to 9107 were asked for by name */
	bool industrial_allowed; /* industrial protocols were */
	struct vlan_tags vlan;	 /* goes into the facts */
	char name[256];		 /* for TLS SNI and HTTP Host, "" unknown */
};

struct ask_counters {
	uint64_t waiting, running, done, timed_out, refused, bytes_in,
		cut; /* cut: answers longer than their limit */
};

/* 0 with *out, or -errno after one log line (-ENOSYS: the kernel has no io_uring, or it is forbidden). */
int ask_open(const struct ask_options *options, struct ask **out);
/* Copies. 0; -EAGAIN: the queue is full, step and try again; -EPERM: never spoken to (never.h). */
int ask_add(struct ask *, const struct ask_target *target);
int ask_fd(const struct ask *);
/* From now on so many connections, requests and datagrams a second; 0: no limit. */
void ask_rate(struct ask *, uint32_t rate);
/* Do what is due. 1 while something waits or runs, with *next_us; 0 idle; -errno. */
int ask_step(struct ask *, int64_t now_us, int64_t *next_us);
/* No further connection or datagram from this call on; what runs is closed. */
void ask_stop(struct ask *);
void ask_count(const struct ask *, struct ask_counters *out);
void ask_close(struct ask *);

#endif
