/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of facts: what a sensor can say, and the one place where a kind or a key is named.
 *
 * The C enum, struct fact, the JSON keys, the collector's reader and the web's TypeScript types are
 * all made from the three tables below. The meaning of each key is in docs/facts.md.
 *
 * To add a key: a row in FACT_FIELDS, and a row in FACT_KEYS for each kind that has it.
 * To add a kind: a row in FACT_KINDS, and its rows in FACT_KEYS.
 */
#ifndef DEFS_FACTS_H
#define DEFS_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "defs/addr.h"

/* Bytes as a stranger sent them, not terminated, not checked for UTF-8. Whoever fills the fact owns them. */
struct text {
	const char *bytes;
	size_t length;
};

/* Items of a list that a fact can hold; more are dropped by the decoder and counted. */
enum { FACT_LIST_MAX = 32 };

struct ip_list {
	size_t count;
	struct ip item[FACT_LIST_MAX];
};

struct claim_list { /* each claim is a MAC or an address, as text forms */
	size_t count;
	char item[FACT_LIST_MAX][ADDR_TEXT_MAX];
};

struct text_list {
	size_t count;
	struct text item[FACT_LIST_MAX];
};

/* X(id, "json") — kinds of facts. */
#define FACT_KINDS(X)           \
	X(ADDRESS, "address")   \
	X(HOST, "host")         \
	X(NAME, "name")         \
	X(SERVICE, "service")   \
	X(FLOW, "flow")         \
	X(TRAIT, "trait")       \
	X(NEIGHBOR, "neighbor") \
	X(LINK, "link")         \
	X(ROUTE, "route")       \
	X(CONFLICT, "conflict") \
	X(LOSS, "loss")

/* X(id, "json") — where a fact comes from. Evidence that databases hold is told by its number: new ones stand at the end. */
#define FACT_SOURCES(X)         \
	X(ARP, "arp")           \
	X(ND, "nd")             \
	X(MLD, "mld")           \
	X(DHCP, "dhcp")         \
	X(DHCPV6, "dhcpv6")     \
	X(MDNS, "mdns")         \
	X(LLMNR, "llmnr")       \
	X(NBNS, "nbns")         \
	X(SSDP, "ssdp")         \
	X(WSD, "wsd")           \
	X(LLDP, "lldp")         \
	X(CDP, "cdp")           \
	X(STP, "stp")           \
	X(DNS, "dns")           \
	X(TLS, "tls")           \
	X(QUIC, "quic")         \
	X(HTTP, "http")         \
	X(SSH, "ssh")           \
	X(TCP, "tcp")           \
	X(UDP, "udp")           \
	X(IP, "ip")             \
	X(ICMP, "icmp")         \
	X(ETHERNET, "ethernet") \
	X(SENSOR, "sensor")     \
	X(SNMP, "snmp")         \
	X(PROBE, "probe")       \
	X(NTP, "ntp")           \
	X(SIP, "sip")           \
	X(IMPORT, "import")     \
	X(VRRP, "vrrp")         \
	X(HSRP, "hsrp")         \
	X(IGMP, "igmp")         \
	X(CARP, "carp")         \
	X(GLBP, "glbp")         \
	X(OSPF, "ospf")         \
	X(EIGRP, "eigrp")       \
	X(PIM, "pim")           \
	X(RIP, "rip")           \
	X(VTP, "vtp")           \
	X(DTP, "dtp")           \
	X(UDLD, "udld")         \
	X(LACP, "lacp")         \
	X(FDP, "fdp")           \
	X(EDP, "edp")           \
	X(EAPOL, "eapol")       \
	X(PROFINET, "profinet") \
	X(BACNET, "bacnet")     \
	X(ENIP, "enip")         \
	X(MNDP, "mndp")         \
	X(UBIQUITI, "ubiquiti") \
	X(KASA, "kasa")         \
	X(TUYA, "tuya")         \
	X(DROPBOX, "dropbox")   \
	X(PPPOE, "pppoe")       \
	X(MPLS, "mpls")         \
	X(GRE, "gre")           \
	X(ERSPAN, "erspan")     \
	X(VXLAN, "vxlan")       \
	X(GENEVE, "geneve")     \
	X(IPIP, "ipip")

#define FACT_CONFIDENCES(X)       \
	X(ANNOUNCED, "announced") \
	X(MEASURED, "measured")   \
	X(INFERRED, "inferred")

/*
 * X(member, "json", TYPE) — the keys. TYPE is one of MAC IP TEXT NUMBER BOOL IPS TEXTS CLAIMS.
 * Two keys may share a JSON name when no kind has both (a service's port is a number, a neighbor's a text).
 */
#define FACT_FIELDS(X)                                          \
	X(mac, "mac", MAC)                                      \
	X(ip, "ip", IP)                                         \
	X(via, "via", MAC)                                      \
	X(name, "name", TEXT)                                   \
	X(name_kind, "kind", TEXT)                              \
	X(target, "target", TEXT)                               \
	X(port, "port", NUMBER)                                 \
	X(proto, "proto", TEXT)                                 \
	X(state, "state", TEXT)                                 \
	X(clients, "clients", NUMBER)                           \
	X(client, "client", IP)                                 \
	X(client_port, "client_port", NUMBER)                   \
	X(server, "server", IP)                                 \
	X(connections, "connections", NUMBER)                   \
	X(packets, "packets", NUMBER)                           \
	X(bytes, "bytes", NUMBER)                               \
	X(packets_in, "packets_in", NUMBER)                     \
	X(bytes_in, "bytes_in", NUMBER)                         \
	X(packets_back, "packets_back", NUMBER)                 \
	X(bytes_back, "bytes_back", NUMBER)                     \
	X(rtt_us, "rtt_us", NUMBER)                             \
	X(app, "app", TEXT)                                     \
	X(key, "key", TEXT)                                     \
	X(value, "value", TEXT)                                 \
	X(chassis, "chassis", TEXT)                             \
	X(port_id, "port", TEXT)                                \
	X(port_description, "port_description", TEXT)           \
	X(system_name, "system_name", TEXT)                     \
	X(system_description, "system_description", TEXT)       \
	X(platform, "platform", TEXT)                           \
	X(capabilities, "capabilities", TEXTS)                  \
	X(management, "management", IPS)                        \
	X(native_vlan, "native_vlan", NUMBER)                   \
	X(vtp_domain, "vtp_domain", TEXT)                       \
	X(root, "root", TEXT)                                   \
	X(bridge, "bridge", TEXT)                               \
	X(cost, "cost", NUMBER)                                 \
	X(prefix, "prefix", TEXT)                               \
	X(lifetime_s, "lifetime_s", NUMBER)                     \
	X(dns, "dns", IPS)                                      \
	X(virtual_mac, "virtual", BOOL)                         \
	X(what, "what", TEXT)                                   \
	X(claims, "claims", CLAIMS)                             \
	X(until, "until", NUMBER)                               \
	X(segment, "segment", NUMBER)                           \
	X(peer_mac, "peer_mac", MAC)                            \
	X(peer_chassis, "peer_chassis", TEXT)                   \
	X(peer_port, "peer_port", TEXT)                         \
	X(peer_port_description, "peer_port_description", TEXT) \
	X(peer_name, "peer_name", TEXT)                         \
	X(stations, "stations", NUMBER)                         \
	X(speed_bps, "speed_bps", NUMBER)                       \
	X(counter, "counter", TEXT)                             \
	X(counter_value, "value", NUMBER)

/*
 * X(KIND, member, ROLE) — which kind has which key, and what the key does to it:
 *   IDENTITY  tells one fact from another of its kind (together with kind, source and vlan)
 *   VALUE     a change says the fact again at once
 *   MEASURE   grows with traffic; said with the next refresh
 */
#define FACT_KEYS(X)                           \
	X(ADDRESS, mac, IDENTITY)              \
	X(ADDRESS, ip, IDENTITY)               \
	X(ADDRESS, segment, IDENTITY)          \
	X(HOST, mac, IDENTITY)                 \
	X(HOST, ip, IDENTITY)                  \
	X(HOST, segment, IDENTITY)             \
	X(HOST, via, VALUE)                    \
	X(HOST, packets, MEASURE)              \
	X(HOST, bytes, MEASURE)                \
	X(HOST, packets_in, MEASURE)           \
	X(HOST, bytes_in, MEASURE)             \
	X(HOST, until, MEASURE)                \
	X(NAME, name, IDENTITY)                \
	X(NAME, name_kind, IDENTITY)           \
	X(NAME, mac, IDENTITY)                 \
	X(NAME, ip, IDENTITY)                  \
	X(SERVICE, ip, IDENTITY)               \
	X(SERVICE, port, IDENTITY)             \
	X(SERVICE, proto, IDENTITY)            \
	X(SERVICE, segment, IDENTITY)          \
	X(SERVICE, name, IDENTITY)             \
	X(SERVICE, target, VALUE)              \
	X(SERVICE, state, VALUE)               \
	X(SERVICE, clients, MEASURE)           \
	X(FLOW, client, IDENTITY)              \
	X(FLOW, client_port, IDENTITY)         \
	X(FLOW, server, IDENTITY)              \
	X(FLOW, port, IDENTITY)                \
	X(FLOW, proto, IDENTITY)               \
	X(FLOW, segment, IDENTITY)             \
	X(FLOW, connections, MEASURE)          \
	X(FLOW, packets, MEASURE)              \
	X(FLOW, bytes, MEASURE)                \
	X(FLOW, packets_back, MEASURE)         \
	X(FLOW, bytes_back, MEASURE)           \
	X(FLOW, rtt_us, MEASURE)               \
	X(FLOW, app, VALUE)                    \
	X(TRAIT, key, IDENTITY)                \
	X(TRAIT, value, IDENTITY)              \
	X(TRAIT, mac, IDENTITY)                \
	X(TRAIT, ip, IDENTITY)                 \
	X(TRAIT, port, IDENTITY)               \
	X(NEIGHBOR, mac, IDENTITY)             \
	X(NEIGHBOR, chassis, IDENTITY)         \
	X(NEIGHBOR, port_id, IDENTITY)         \
	X(NEIGHBOR, port_description, VALUE)   \
	X(NEIGHBOR, system_name, VALUE)        \
	X(NEIGHBOR, system_description, VALUE) \
	X(NEIGHBOR, platform, VALUE)           \
	X(NEIGHBOR, capabilities, VALUE)       \
	X(NEIGHBOR, management, VALUE)         \
	X(NEIGHBOR, native_vlan, VALUE)        \
	X(NEIGHBOR, vtp_domain, VALUE)         \
	X(NEIGHBOR, root, VALUE)               \
	X(NEIGHBOR, bridge, VALUE)             \
	X(NEIGHBOR, cost, VALUE)               \
	X(LINK, mac, IDENTITY)                 \
	X(LINK, chassis, IDENTITY)             \
	X(LINK, port_id, IDENTITY)             \
	X(LINK, peer_mac, IDENTITY)            \
	X(LINK, peer_chassis, IDENTITY)        \
	X(LINK, peer_port, IDENTITY)           \
	X(LINK, ip, VALUE)                     \
	X(LINK, port_description, VALUE)       \
	X(LINK, system_name, VALUE)            \
	X(LINK, peer_port_description, VALUE)  \
	X(LINK, peer_name, VALUE)              \
	X(LINK, platform, VALUE)               \
	X(LINK, capabilities, VALUE)           \
	X(LINK, management, VALUE)             \
	X(LINK, native_vlan, VALUE)            \
	X(LINK, stations, VALUE)               \
	X(LINK, speed_bps, VALUE)              \
	X(ROUTE, ip, IDENTITY)                 \
	X(ROUTE, mac, IDENTITY)                \
	X(ROUTE, prefix, IDENTITY)             \
	X(ROUTE, lifetime_s, VALUE)            \
	X(ROUTE, dns, VALUE)                   \
	X(ROUTE, virtual_mac, VALUE)           \
	X(CONFLICT, what, IDENTITY)            \
	X(CONFLICT, ip, IDENTITY)              \
	X(CONFLICT, mac, IDENTITY)             \
	X(CONFLICT, claims, VALUE)             \
	X(CONFLICT, segment, IDENTITY)         \
	X(LOSS, counter, IDENTITY)             \
	X(LOSS, counter_value, MEASURE)

#define FACT_ENUM_KIND(id, json) FACT_##id,
enum fact_kind { FACT_KINDS(FACT_ENUM_KIND) FACT_KIND_COUNT };

#define FACT_ENUM_SOURCE(id, json) SOURCE_##id,
enum fact_source { FACT_SOURCES(FACT_ENUM_SOURCE) SOURCE_COUNT };

#define FACT_ENUM_CONFIDENCE(id, json) CONFIDENCE_##id,
enum fact_confidence { FACT_CONFIDENCES(FACT_ENUM_CONFIDENCE) CONFIDENCE_COUNT };

#define FACT_ENUM_FIELD(member, json, type) FIELD_##member,
enum fact_field { FACT_FIELDS(FACT_ENUM_FIELD) FIELD_COUNT };
_Static_assert(FIELD_COUNT <= 64, "struct fact keeps a bit for each field in 64");

enum fact_type { TYPE_MAC, TYPE_IP, TYPE_TEXT, TYPE_NUMBER, TYPE_BOOL, TYPE_IPS, TYPE_TEXTS, TYPE_CLAIMS };
enum fact_role { ROLE_NONE, ROLE_IDENTITY, ROLE_VALUE, ROLE_MEASURE };

#define FACT_C_MAC struct mac
#define FACT_C_IP struct ip
#define FACT_C_TEXT struct text
#define FACT_C_NUMBER uint64_t
#define FACT_C_BOOL bool
#define FACT_C_IPS struct ip_list *
#define FACT_C_TEXTS struct text_list *
#define FACT_C_CLAIMS struct claim_list *

/* One fact. A key counts only when its bit in `has` is set. Lists and texts are borrowed, never owned. */
struct fact {
	enum fact_kind kind;
	enum fact_source source;
	enum fact_confidence confidence;
	struct vlan_tags vlan;
	int64_t first_us, last_us; /* microseconds since the Unix epoch, UTC */
	uint64_t count;		   /* packets */
	uint64_t has;		   /* bit FIELD_x is set when x is given */
#define FACT_MEMBER(member, json, type) FACT_C_##type member;
	FACT_FIELDS(FACT_MEMBER)
};

#define FACT_HAS(fact, member) (((fact)->has >> FIELD_##member) & 1)
#define FACT_SET(fact, member, ...) \
	((fact)->member = (__VA_ARGS__), (fact)->has |= UINT64_C(1) << FIELD_##member)

/* A field's row: its JSON name, its type, and its offset in struct fact. */
struct fact_field_info {
	const char *json;
	enum fact_type type;
	size_t offset;
};

extern const struct fact_field_info fact_fields[FIELD_COUNT];
extern const char *const fact_kind_names[FACT_KIND_COUNT];
extern const char *const fact_source_names[SOURCE_COUNT];
extern const char *const fact_confidence_names[CONFIDENCE_COUNT];

/* What a field is to a kind; ROLE_NONE when the kind does not have it. */
enum fact_role fact_role(enum fact_kind kind, enum fact_field field);

/* Index of a name in one of the tables above, or -1. The name need not be terminated. */
int fact_kind_find(const char *name, size_t length);
int fact_source_find(const char *name, size_t length);
int fact_confidence_find(const char *name, size_t length);

#endif
