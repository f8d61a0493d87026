/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who spoke: `host` facts with their totals. An address has a MAC only by ARP, ND or DHCP, or by being on the link;
 * otherwise the MAC in front of it is the hop's, `via`.
 */
#ifndef SENSOR_HOSTS_H
#define SENSOR_HOSTS_H

#include <stdbool.h>
#include <stdint.h>

#include "defs/addr.h"
#include "defs/record.h"

struct hosts;
struct presence;
struct sightings;

int hosts_open(struct sightings *s, struct hosts **out);
/* From now on say until when each is believed to be there; p outlives it. */
void hosts_believe(struct hosts *h, struct presence *p);
/*
 * A packet of that address was seen with that source MAC (NULL: the link has none). on_link: the packet itself shows that
 * no router sent it. With ip version 0: a frame of that MAC without an address.
 */
void hosts_spoke(struct hosts *h, vlan_packed vlan, const struct mac *mac, const struct ip *ip, bool on_link,
		 int64_t time_us);
/* The MAC has said, or was told by DHCP, that it has the address. */
void hosts_bind(struct hosts *h, vlan_packed vlan, const struct mac *mac, const struct ip *ip, int64_t time_us);
/*
 * The host sent (or got, when received) so much more. Without an address: that MAC. False: a receiver that is not known
 * to be there; nothing was counted.
 */
bool hosts_count(struct hosts *h, vlan_packed vlan, const struct mac *mac, const struct ip *ip, bool received,
		 uint64_t packets, uint64_t bytes, int64_t time_us);
/* Say what has moved since the last time. */
void hosts_tick(struct hosts *h);
/* How many have become known so far: when it has not moved, nobody new can be told anything. */
uint64_t hosts_made(const struct hosts *);
/* Hosts that had to make room for others. */
uint64_t hosts_evicted(const struct hosts *h);
void hosts_close(struct hosts *h);

#endif
