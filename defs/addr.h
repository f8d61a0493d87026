/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * MAC and IP addresses and VLAN tags: how they are held, compared, and written as text.
 * MAC lower case with colons; IPv4 dotted; IPv6 as RFC 5952 says.
 */
#ifndef DEFS_ADDR_H
#define DEFS_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	VLAN_TAGS_MAX = 4,  /* tags reported, outer first; a frame with more is counted as unsupported */
	ADDR_TEXT_MAX = 48, /* bytes for any MAC or address as text, with the terminating zero */
};

struct mac {
	uint8_t bytes[6];
};

/* version is 4 or 6, 0 for none. An IPv4 address uses the first four bytes; the others are zero. Network order. */
struct ip {
	uint8_t version;
	uint8_t bytes[16];
};

/* Tags that carry a VLAN id, outer first. Priority tags (id 0) are left out. */
struct vlan_tags {
	uint8_t count;
	uint16_t id[VLAN_TAGS_MAX];
};

struct ip ip_from_v4(const void *bytes);
struct ip ip_from_v6(const void *bytes);
bool ip_equal(const struct ip *a, const struct ip *b);
bool mac_equal(const struct mac *a, const struct mac *b);
bool vlan_equal(const struct vlan_tags *a, const struct vlan_tags *b);

/* 0.0.0.0, ::, or no address at all. */
bool ip_is_unspecified(const struct ip *ip);
/* Multicast (224/4, ff00::/8) or 255.255.255.255. */
bool ip_is_multicast(const struct ip *ip);
/* 169.254/16 or fe80::/10: on the same link by definition. */
bool ip_is_link_local(const struct ip *ip);
/* Group bit set: multicast or broadcast. */
bool mac_is_group(const struct mac *mac);
bool mac_is_zero(const struct mac *mac);
/* Locally administered unicast: made up by its device, not assigned by a vendor. */
bool mac_is_random(const struct mac *mac);
/* Shared by design: VRRP (RFC 9568), HSRP v1/v2, CARP (as VRRP), GLBP. Never one device's own. */
bool mac_is_virtual_router(const struct mac *mac);

/* Write the text form into out (ADDR_TEXT_MAX bytes). They return out. */
const char *mac_text(const struct mac *mac, char out[static ADDR_TEXT_MAX]);
const char *ip_text(const struct ip *ip, char out[static ADDR_TEXT_MAX]);

/* Read a text form. They return 0, or -EINVAL with *out untouched. */
int mac_parse(const char *text, struct mac *out);
int ip_parse(const char *text, struct ip *out);

#endif
