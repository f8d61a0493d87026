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
/*
 * The MAC has said, or was told by DHCP, that it has the address. inside: in a tunnel, which anybody can send from anywhere: false, and nothing is done,
 * when another has the address on the link.
 */
bool hosts_bind(struct hosts *h, vlan_packed vlan, const struct mac *mac, const struct ip *ip, bool inside,
		int64_t time_us);
/* The host sent so much more. Without an address: that MAC. */
void hosts_count(struct hosts *h, vlan_packed vlan, const struct mac *mac, const struct ip *ip,
		 uint64_t packets, uint64_t bytes, int64_t time_us);
struct hosts_traffic {
	uint64_t packets, bytes, packets_in, bytes_in;
};
/*
 * The same of an address that also received. What somebody gets who is not known to be there is kept until it is, for
 * DEBTS_MAX addresses at a time.
 */
void hosts_exchange(struct hosts *h, vlan_packed vlan, const struct ip *ip, const struct hosts_traffic *more,
		    int64_t time_us);
/* Say what has moved since the last time. */
void hosts_tick(struct hosts *h);
/* Hosts that had to make room for others. */
uint64_t hosts_evicted(const struct hosts *h);
/* Addresses that had been sent something, had not spoken yet, and made room for others. */
uint64_t hosts_debts_evicted(const struct hosts *h);
void hosts_close(struct hosts *h);

#endif
