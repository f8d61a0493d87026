/* SPDX-License-Identifier: BSD-2-Clause */
/* Between tables.c, its other parts and device.c: what cells hold, and what each table does with them. Not for others. */
#ifndef SENSOR_SNMP_TABLES_H
#define SENSOR_SNMP_TABLES_H

#include "sensor/snmp/device.h"

/* Take a cell's value; false when it is of another type or size, which is counted. Out is untouched then. */
bool cell_words(struct device *, const struct cell *, struct words *out);
bool cell_number(struct device *, const struct cell *, int64_t most, uint32_t *out);
/* False also for none: many interfaces have no MAC. */
bool cell_mac(struct device *, const struct cell *, struct mac *out);
enum { IANA_IPV4 = 1, IANA_IPV6 = 2 }; /* address families, and InetAddressType too */
/* An address written as the parts of an index. */
bool index_ip(const uint32_t *index, size_t length, uint32_t family, struct ip *out);
/* Room for one more in a list of the device, zeroed; NULL at its bound, which is counted. */
void *device_more(void *items_at, size_t *count, size_t *room, size_t size, size_t most, struct device *);

#define MORE(device, list, one, most)                                                                        \
	device_more(&(device)->list, &(device)->one##_count, &(device)->one##_room, sizeof(*(device)->list), \
		    most, device)

/* tables_neighbor.c: struct mib_table's `take` and `wanted`. */
void take_lldp_system(struct device *, uint8_t column, const uint32_t *index, size_t length,
		      const struct cell *);
void take_lldp_port(struct device *, uint8_t column, const uint32_t *index, size_t length, const struct cell *);
void take_lldp_remote(struct device *, uint8_t column, const uint32_t *index, size_t length,
		      const struct cell *);
void take_lldp_address(struct device *, uint8_t column, const uint32_t *index, size_t length,
		       const struct cell *);
void take_cdp_system(struct device *, uint8_t column, const uint32_t *index, size_t length,
		     const struct cell *);
void take_cdp_remote(struct device *, uint8_t column, const uint32_t *index, size_t length,
		     const struct cell *);
bool has_lldp(const struct device *);
bool has_remotes(const struct device *);
bool has_cdp(const struct device *);

/* tables_ip.c */
void take_address(struct device *, uint8_t column, const uint32_t *index, size_t length, const struct cell *);
void take_address_old(struct device *, uint8_t column, const uint32_t *index, size_t length,
		      const struct cell *);
void take_arp(struct device *, uint8_t column, const uint32_t *index, size_t length, const struct cell *);
void take_arp_old(struct device *, uint8_t column, const uint32_t *index, size_t length, const struct cell *);
bool has_no_v4_address(const struct device *);
bool has_no_v4_arp(const struct device *);

/* tables_bridge.c */
void take_bridge(struct device *, uint8_t column, const uint32_t *index, size_t length, const struct cell *);
void take_bridge_port(struct device *, uint8_t column, const uint32_t *index, size_t length,
		      const struct cell *);
void take_filter(struct device *, uint8_t column, const uint32_t *index, size_t length, const struct cell *);
void take_pvid(struct device *, uint8_t column, const uint32_t *index, size_t length, const struct cell *);
void take_station(struct device *, uint8_t column, const uint32_t *index, size_t length, const struct cell *);
void take_station_old(struct device *, uint8_t column, const uint32_t *index, size_t length,
		      const struct cell *);
bool is_bridge(const struct device *);
bool has_no_vlans(const struct device *);

#endif
