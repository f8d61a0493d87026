/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Speaking to what the probes found: open ports, UDP protocols, SNMP agents, and name servers about names. It joins ask/ and snmp/ behind one
 * queue, so that whoever finds need not wait for whoever speaks.
 */
#ifndef SENSOR_SCAN_IDENTIFY_H
#define SENSOR_SCAN_IDENTIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "defs/addr.h"
#include "sensor/snmp/snmp.h"

struct identify;
struct scan_options;
struct scan_sink;

enum { IDENTIFY_FDS = 1 + SNMP_CREDENTIALS_MAX, IDENTIFY_WAITING_MAX = 65536 };

struct identify_counters {
	uint64_t told, done; /* ports and hosts that were to be spoken to, and that are finished */
	uint64_t udp_open, names, snmp_devices;
	uint64_t left_out; /* that could not be queued: there was no memory */
};

/* options and sink are borrowed. 0 with *out, or -errno after one log line. */
int identify_open(const struct scan_options *options, const struct scan_sink *sink, struct identify **out);
/* A host is there. mac: zero when it is not on the link. */
void identify_host(struct identify *, const struct ip *ip, const struct mac *mac);
/* A TCP port is open. */
void identify_port(struct identify *, const struct ip *ip, uint16_t port_h);
/* So much waits that no more should be found for now. */
bool identify_full(const struct identify *);
/* Packets a second, about, that it may send from now on; 0: no limit. */
void identify_rate(struct identify *, uint32_t rate);
/* What to wait for. Returns how many. */
size_t identify_fds(const struct identify *, int fds[static IDENTIFY_FDS]);
/* Do what is due. 1 while something waits or runs, with *next_us; 0 idle; -errno. */
int identify_step(struct identify *, int64_t now_us, int64_t *next_us);
/* Nothing is sent from this call on. */
void identify_stop(struct identify *);
void identify_count(const struct identify *, struct identify_counters *out);
void identify_close(struct identify *);

#endif
