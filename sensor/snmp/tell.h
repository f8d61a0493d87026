/* SPDX-License-Identifier: BSD-2-Clause */
/* Between tell.c and tell_link.c. Not for others. */
#ifndef SENSOR_SNMP_TELL_H
#define SENSOR_SNMP_TELL_H

#include "sensor/snmp/device.h"
#include "sensor/text.h"

enum { PORT_NUMBER_MAX = 12 };
/* Subtypes of ids, and bits of capabilities: IEEE 802.1AB, tables 8-2, 8-3 and 8-4. */
enum { CHASSIS_MAC = 4, CHASSIS_NETWORK = 5, PORT_MAC = 3, PORT_NETWORK = 4 };
enum {
	CAPABILITY_BRIDGE = 2,
	CAPABILITY_WLAN = 3,
	CAPABILITY_ROUTER = 4,
	CAPABILITY_TELEPHONE = 5,
	CAPABILITY_STATION = 7
};

struct tell {
	struct device *device;
	int64_t now_us;
	void (*say)(void *context, const struct fact *fact);
	void *context;
	bool has_mac;
	struct mac mac; /* by which the device is known best */
	struct text chassis;
	char chassis_text[ADDR_TEXT_MAX];
	struct text_list capabilities; /* its own */
};

/* A fact about the device, to be filled and then said. */
struct fact tell_begin(const struct tell *, enum fact_kind);
void tell_fact(struct tell *, struct fact *);
struct text tell_port_name(const struct port *, char number[static PORT_NUMBER_MAX]);
struct text tell_port_description(const struct port *);
/* Something can be plugged into it, or associate with it. */
bool tell_port_is_real(const struct port *);
/* The MAC is one of the device's own. */
bool tell_is_own(const struct tell *, const struct mac *);
void tell_capabilities(uint32_t bits, struct text_list *out);
/* An id as text, in out or in the id itself. */
struct text tell_named(const struct named *, uint8_t mac_subtype, uint8_t network_subtype,
		       char out[static ADDR_TEXT_MAX]);

/* tell_link.c */
void tell_links(struct tell *);

#endif
