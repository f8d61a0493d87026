/* SPDX-License-Identifier: BSD-2-Clause */
/* From the packed forms of defs/record.h to those of defs/addr.h. */
#ifndef SENSOR_RECORD_KEY_H
#define SENSOR_RECORD_KEY_H

#include <arpa/inet.h>

#include "defs/addr.h"
#include "defs/packet.h"
#include "defs/record.h"

static inline struct vlan_tags vlan_unpack(vlan_packed packed)
{
	struct vlan_tags vlan = {.count = packed >> 48 & 7};

	if (vlan.count > VLAN_TAGS_MAX)
		vlan.count = VLAN_TAGS_MAX;
	for (size_t i = 0; i < vlan.count; i++)
		vlan.id[i] = packed >> (12 * i) & 0xfff;
	return vlan;
}

/* The number of the VXLAN or Geneve network, or 0: packet_enclose(). */
static inline uint32_t vlan_segment(vlan_packed packed)
{
	return (packed >> 48 & 7) <= 2 ? packed >> PACKET_SEGMENT_SHIFT & 0xffffff : 0;
}

static inline vlan_packed vlan_pack(const struct vlan_tags *vlan)
{
	vlan_packed packed = (vlan_packed)vlan->count << 48;

	for (size_t i = 0; i < vlan->count && i < VLAN_TAGS_MAX; i++)
		packed |= (vlan_packed)(vlan->id[i] & 0xfff) << (12 * i);
	return packed;
}

static inline struct ip ip_of(uint8_t version, const void *bytes)
{
	return version == 4 ? ip_from_v4(bytes) : version == 6 ? ip_from_v6(bytes) : (struct ip){};
}

/* The address and the port (host order) of end 0 or 1. */
static inline struct ip flow_key_ip(const struct flow_key *key, unsigned int end)
{
	return ip_of(key->version, key->addr[end & 1]);
}

static inline uint16_t flow_key_port(const struct flow_key *key, unsigned int end)
{
	return ntohs(key->port_n[end & 1]);
}

#endif
