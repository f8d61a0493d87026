// SPDX-License-Identifier: BSD-2-Clause
/* The table of identity: given these facts, then these hosts, with this reason. docs/identity.md tells it in words. */
#ifndef TESTS_IDENTIFY_CASES_H
#define TESTS_IDENTIFY_CASES_H

#include <stdint.h>

#include "collector/world_identity.h"
#include "defs/facts.h"

/* Rows say what they have, and nothing of what they have not. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

enum { FACTS_MAX = 14 };
enum what { END, ADDRESS, ALONE, VIA, NAME, TRAIT, CHASSIS };

/*
 * host: facts with the same letter are of one host in the end, others are not; 0: not looked at. at: seconds. word: the
 * name, the trait's value, the chassis, or the hop's MAC.
 */
struct given {
	char host;
	enum what what;
	int64_t at;
	unsigned int vlan;
	const char *mac, *ip, *word, *key;
	enum fact_source source;
};

/* rule, kind: of the decision that must be there when facts come one by one; rule NULL: none may be. */
struct rule_case {
	const char *what;
	struct given given[FACTS_MAX];
	const char *rule;
	enum decision_kind kind;
	const char *reason; /* a part of it */
};

#define M1 "00:1b:21:00:00:01"
#define M2 "00:1b:21:00:00:02"
#define M3 "3c:22:fb:00:00:03"
#define R1 "00:0d:b9:00:00:01"
#define R2 "00:0d:b9:00:00:02"
#define RANDOM1 "da:a1:19:00:00:01"
#define RANDOM2 "7e:55:01:00:00:02"
#define DOCKER1 "02:42:ac:11:00:02"
#define DOCKER2 "02:42:ac:11:00:03"
#define VMWARE1 "00:50:56:00:00:01"
#define VMWARE2 "00:50:56:00:00:02"
#define QEMU1 "52:54:00:00:00:01"
#define ID "dhcp.client_id", SOURCE_DHCP
#define DUID "dhcpv6.duid", SOURCE_DHCPV6
#define ASKS "dhcp.params", SOURCE_DHCP
#define SSH "ssh.host_key", SOURCE_SSH
#define DHCP NULL, SOURCE_DHCP
#define MDNS NULL, SOURCE_MDNS
#define HOUR 3600

// clang-format off
static const struct rule_case cases[] = {
	/* Many faces */
	{"many addresses on one MAC are one host",
	 {{'A', ADDRESS, 1, 0, M1, "10.0.0.1"}, {'A', ADDRESS, 2, 0, M1, "10.0.0.2"}, {'A', ADDRESS, 3, 0, M1, "fe80::1"}}},
	{"one MAC in two VLANs is one host, also when two sensors see one each",
	 {{'A', ADDRESS, 1, 10, M1, "10.0.10.1"}, {'A', ADDRESS, 2, 20, M1, "10.0.20.1"}}},
	{"two MACs that say nothing alike are two hosts",
	 {{'A', ADDRESS, 1, 0, M1, "10.0.0.1"}, {'B', ADDRESS, 1, 0, M2, "10.0.0.2"}}},
	{"many NICs: ports of one LLDP chassis are one host",
	 {{'A', ADDRESS, 1, 0, M1, "10.0.0.1"}, {'A', CHASSIS, 2, 0, M1, NULL, "00:1b:21:00:00:00"},
	  {'A', ADDRESS, 3, 0, M2, "10.0.0.2"}, {'A', CHASSIS, 4, 0, M2, NULL, "00:1b:21:00:00:00"}},
	 "chassis", DECISION_MERGE, "LLDP chassis 00:1b:21:00:00:00"},
	{"many NICs: cards that say one DHCP client id are one host",
	 {{'A', ADDRESS, 1, 0, M1, "10.0.0.1"}, {'A', TRAIT, 1, 0, M1, NULL, "00:aa:bb:cc:dd:ee:01", ID},
	  {'A', ADDRESS, 2, 0, M2, "10.0.0.2"}, {'A', TRAIT, 2, 0, M2, NULL, "00:aa:bb:cc:dd:ee:01", ID}},
	 "client_id", DECISION_MERGE, "both say the DHCP client id 00:aa:bb:cc:dd:ee:01"},
	{"many NICs: a client id of RFC 4361 holds the machine's DUID, whatever the card",
	 {{'A', ADDRESS, 1, 0, M1, "10.0.0.1"}, {'A', TRAIT, 1, 0, M1, NULL, "ff:00:00:00:01:00:02:00:00:ab:11:22:33:44", ID},
	  {'A', ADDRESS, 2, 0, M2, "10.0.0.2"}, {'A', TRAIT, 2, 0, M2, NULL, "ff:00:00:00:02:00:02:00:00:ab:11:22:33:44", ID},
	  {'A', ADDRESS, 3, 0, M3, "fe80::3"}, {'A', TRAIT, 3, 0, M3, NULL, "00:02:00:00:ab:11:22:33:44", DUID}},
	 "duid", DECISION_MERGE, "DUID"},
	{"a name alone makes no host: two cards that are both there are a proposal",
	 {{'A', ADDRESS, 1, 0, M1, "10.0.0.1"}, {'A', NAME, 1, 0, M1, NULL, "Anna-Laptop", DHCP},
	  {'B', ADDRESS, 2, 0, M2, "10.0.0.2"}, {'B', NAME, 2, 0, M2, NULL, "anna-laptop.local", MDNS}},
	 "name", DECISION_PROPOSAL, "the name anna-laptop"},
	{"a name and an SSH key agree: one host",
	 {{'A', ADDRESS, 1, 0, M1, "10.0.0.1"}, {'A', NAME, 1, 0, M1, NULL, "files", DHCP},
	  {'A', TRAIT, 1, 0, NULL, "10.0.0.1", "SHA256:abcdef", SSH},
	  {'A', ADDRESS, 2, 0, M2, "10.0.0.2"}, {'A', NAME, 2, 0, M2, NULL, "files", DHCP},
	  {'A', TRAIT, 2, 0, NULL, "10.0.0.2", "SHA256:abcdef", SSH}},
	 "ssh_key", DECISION_MERGE, "the SSH host key SHA256:abcdef, the name files"},
	{"an SSH key alone is a proposal: images that were cloned share it",
	 {{'A', ADDRESS, 1, 0, M1, "10.0.0.1"}, {'A', TRAIT, 1, 0, NULL, "10.0.0.1", "SHA256:abcdef", SSH},
	  {'B', ADDRESS, 2, 0, M2, "10.0.0.2"}, {'B', TRAIT, 2, 0, NULL, "10.0.0.2", "SHA256:abcdef", SSH}},
	 "ssh_key", DECISION_PROPOSAL, "SSH"},
	{"a name that came with the system tells nothing",
	 {{'A', ADDRESS, 1, 0, M1, "10.0.0.1"}, {'A', NAME, 1, 0, M1, NULL, "raspberrypi", DHCP},
	  {'B', ADDRESS, 2, 0, M2, "10.0.0.2"}, {'B', NAME, 2, 0, M2, NULL, "raspberrypi", DHCP}}},
	{"a client id of zeros tells nothing",
	 {{'A', ADDRESS, 1, 0, M1, "10.0.0.1"}, {'A', TRAIT, 1, 0, M1, NULL, "01:00:00:00:00:00:00", ID},
	  {'B', ADDRESS, 2, 0, M2, "10.0.0.2"}, {'B', TRAIT, 2, 0, M2, NULL, "01:00:00:00:00:00:00", ID}}},
	{"what others call a host in the DNS tells nothing of it",
	 {{'A', ADDRESS, 1, 0, M1, "10.0.0.1"}, {'A', NAME, 1, 0, NULL, "10.0.0.1", "www.example.org", NULL, SOURCE_DNS},
	  {'B', ADDRESS, 2, 0, M2, "10.0.0.2"}, {'B', NAME, 2, 0, NULL, "10.0.0.2", "www.example.org", NULL, SOURCE_DNS}}},
	{"one id and two names that are both there: a person decides",
	 {{'A', ADDRESS, 1, 0, M1, "10.0.0.1"}, {'A', NAME, 1, 0, M1, NULL, "one", DHCP},
	  {'A', TRAIT, 1, 0, M1, NULL, "00:aa:bb:cc:dd:ee:01", ID}, {'B', ADDRESS, 2, 0, M2, "10.0.0.2"},
	  {'B', NAME, 2, 0, M2, NULL, "two", DHCP}, {'B', TRAIT, 2, 0, M2, NULL, "00:aa:bb:cc:dd:ee:01", ID}},
	 "client_id", DECISION_PROPOSAL, "client id"},

	/* A replaced card */
	{"a replaced network card: the same client id, the old card silent",
	 {{'A', ADDRESS, 1, 0, M1, "10.0.0.1"}, {'A', NAME, 1, 0, M1, NULL, "desk-7", DHCP},
	  {'A', TRAIT, 1, 0, M1, NULL, "00:aa:bb:cc:dd:ee:07", ID}, {'A', ADDRESS, 9 * HOUR, 0, M2, "10.0.0.9"},
	  {'A', TRAIT, 9 * HOUR, 0, M2, NULL, "00:aa:bb:cc:dd:ee:07", ID}, {'A', NAME, 9 * HOUR, 0, M2, NULL, "desk-7", DHCP}},
	 "client_id", DECISION_MERGE, "the older one was gone"},
	{"a replaced network card: the same name, and it took over the address",
	 {{'A', ADDRESS, 1, 0, M1, "10.0.0.1"}, {'A', NAME, 1, 0, M1, NULL, "desk-7", DHCP},
	  {'A', NAME, 9 * HOUR, 0, M2, NULL, "desk-7", DHCP}, {'A', ADDRESS, 9 * HOUR, 0, M2, "10.0.0.1"},
	  {'A', NAME, 9 * HOUR, 0, M2, NULL, "desk-7", DHCP}},
	 "name", DECISION_MERGE, "took over the address 10.0.0.1"},
	{"a replaced network card: the same name and DHCP client, the old card silent",
	 {{'A', ADDRESS, 1, 0, M1, "10.0.0.1"}, {'A', NAME, 1, 0, M1, NULL, "desk-7", DHCP},
	  {'A', TRAIT, 1, 0, M1, NULL, "1,3,6,15", ASKS}, {'A', ADDRESS, 9 * HOUR, 0, M2, "10.0.0.2"},
	  {'A', TRAIT, 9 * HOUR, 0, M2, NULL, "1,3,6,15", ASKS}, {'A', NAME, 9 * HOUR, 0, M2, NULL, "desk-7", DHCP}},
	 "name", DECISION_MERGE, "was gone before the newer one came"},
	{"the same name and DHCP client while both are there: a proposal",
	 {{'A', ADDRESS, 1, 0, M1, "10.0.0.1"}, {'A', NAME, 1, 0, M1, NULL, "desk-7", DHCP},
	  {'A', TRAIT, 1, 0, M1, NULL, "1,3,6,15", ASKS}, {'B', ADDRESS, 60, 0, M2, "10.0.0.2"},
	  {'B', TRAIT, 60, 0, M2, NULL, "1,3,6,15", ASKS}, {'B', NAME, 60, 0, M2, NULL, "desk-7", DHCP}},
	 "name", DECISION_PROPOSAL, "desk-7"},

	/* Addresses that move */
	{"DHCP gives an address to another: two hosts",
	 {{'A', ADDRESS, 1, 0, M1, "10.0.0.9"}, {'A', NAME, 1, 0, M1, NULL, "anna", DHCP},
	  {'B', ADDRESS, 9 * HOUR, 0, M2, "10.0.0.9"}, {'B', NAME, 9 * HOUR, 0, M2, NULL, "berta", DHCP}}},
	{"the same DHCP client and address are not enough without a name or an id",
	 {{'A', ADDRESS, 1, 0, M1, "10.0.0.9"}, {'A', TRAIT, 1, 0, M1, NULL, "1,3,6,15", ASKS},
	  {'B', ADDRESS, 9 * HOUR, 0, M2, "10.0.0.9"}, {'B', TRAIT, 9 * HOUR, 0, M2, NULL, "1,3,6,15", ASKS}}},
	{"an address that was seen alone gets its MAC: the same host",
	 {{'A', ALONE, 1, 10, NULL, "10.0.0.5"}, {'A', ADDRESS, 2, 10, M1, "10.0.0.5"}}},
	{"an address that was seen alone is that of a MAC which is known already",
	 {{'A', ADDRESS, 1, 20, M1, "10.0.20.5"}, {'A', ALONE, 2, 10, NULL, "10.0.0.5"}, {'A', ADDRESS, 3, 10, M1, "10.0.0.5"}},
	 "mac", DECISION_FOLD, "the address 10.0.0.5, seen alone before, is that of the MAC " M1},
	{"the same address in two VLANs is two hosts",
	 {{'A', ADDRESS, 1, 10, M1, "192.168.1.1"}, {'B', ADDRESS, 1, 20, M2, "192.168.1.1"}}},
	{"the same address alone in two VLANs is two hosts",
	 {{'A', ALONE, 1, 10, NULL, "192.168.1.1"}, {'B', ALONE, 1, 20, NULL, "192.168.1.1"}}},
	{"an address behind a router is the host that holds it",
	 {{'A', ADDRESS, 1, 20, M1, "10.0.20.5"}, {'A', VIA, 2, 10, NULL, "10.0.20.5", R1}}},
	{"an address whose hop is known later joins the host that holds it",
	 {{'A', ADDRESS, 1, 20, M1, "10.0.20.5"}, {'A', ALONE, 2, 10, NULL, "10.0.20.5"}, {'A', VIA, 3, 10, NULL, "10.0.20.5", R1}},
	 "route", DECISION_FOLD, "10.0.20.5 behind a router"},

	/* Routers */
	{"a router that speaks for an address of another VLAN (proxy ARP) is not its host",
	 {{'R', ADDRESS, 1, 10, R1, "10.0.10.1"}, {0, VIA, 2, 10, NULL, "198.51.100.1", R1},
	  {'A', ADDRESS, 3, 20, M1, "10.0.20.5"}, {'A', ADDRESS, 4, 10, R1, "10.0.20.5"}}},
	{"the same when the device is heard after the router: what was the router's is given back",
	 {{'R', ADDRESS, 1, 10, R1, "10.0.10.1"}, {0, VIA, 2, 10, NULL, "198.51.100.1", R1},
	  {'A', ADDRESS, 3, 10, R1, "10.0.20.5"}, {'A', ADDRESS, 4, 20, M1, "10.0.20.5"}},
	 "route", DECISION_SPLIT, "the router " R1 " speaks for 10.0.20.5, which " M1 " holds itself"},
	{"a router that answers for a device in its own VLAN, which answers too",
	 {{'R', ADDRESS, 1, 10, R1, "10.0.10.1"}, {0, VIA, 2, 10, NULL, "198.51.100.1", R1},
	  {'A', ADDRESS, 3, 10, M1, "10.0.10.5"}, {0, ADDRESS, 4, 10, R1, "10.0.10.5"}, {'A', ADDRESS, 5, 10, M1, "10.0.10.5"}},
	 "route", DECISION_SPLIT, "holds itself"},
	{"a router takes over the address of one that is gone",
	 {{'A', ADDRESS, 1, 10, M1, "10.0.10.1"}, {'R', ADDRESS, 2, 10, R1, "10.0.10.2"},
	  {0, VIA, 3, 10, NULL, "198.51.100.1", R1}, {'R', ADDRESS, 9 * HOUR, 10, R1, "10.0.10.1"}}},
	{"a router's first address in a VLAN is its own, though another VLAN has it too",
	 {{'A', ADDRESS, 1, 20, M1, "192.168.1.1"}, {0, VIA, 2, 10, NULL, "198.51.100.1", R1},
	  {'R', ADDRESS, 3, 10, R1, "192.168.1.1"}, {'R', ADDRESS, 4, 10, R1, "192.168.1.2"}}},
	{"a server with many addresses is no router, whoever else has one of them",
	 {{'A', ADDRESS, 1, 10, M1, "10.0.0.1"}, {'B', ADDRESS, 2, 20, M2, "10.0.0.2"}, {'A', ADDRESS, 3, 10, M1, "10.0.0.2"}}},
	{"VRRP and CARP: a virtual router's MAC joins no addresses",
	 {{'A', ADDRESS, 1, 10, "00:00:5e:00:01:07", "10.0.10.254"}, {'B', ADDRESS, 2, 20, "00:00:5e:00:01:07", "10.0.20.254"},
	  {'R', ADDRESS, 3, 10, R1, "10.0.10.1"}}},
	{"VRRP for IPv6",
	 {{'A', ADDRESS, 1, 10, "00:00:5e:00:02:07", "fe80::7"}, {'B', ADDRESS, 2, 20, "00:00:5e:00:02:07", "fe80::8"}}},
	{"HSRP, versions 1 and 2",
	 {{'A', ADDRESS, 1, 10, "00:00:0c:07:ac:01", "10.0.10.253"}, {'B', ADDRESS, 2, 20, "00:00:0c:07:ac:01", "10.0.20.253"},
	  {'C', ADDRESS, 3, 10, "00:00:0c:9f:f0:01", "10.0.10.252"}, {'D', ADDRESS, 4, 20, "00:00:0c:9f:f0:01", "10.0.20.252"}}},
	{"GLBP: two forwarders of one virtual address are that address",
	 {{'A', ADDRESS, 1, 10, "00:07:b4:00:01:01", "10.0.10.251"}, {'A', ADDRESS, 2, 10, "00:07:b4:00:01:02", "10.0.10.251"},
	  {'B', ADDRESS, 3, 20, "00:07:b4:00:01:01", "10.0.20.251"}}},
	{"routers behind one virtual address stay hosts of their own",
	 {{'V', ADDRESS, 1, 10, "00:00:5e:00:01:07", "10.0.10.254"}, {'R', ADDRESS, 2, 10, R1, "10.0.10.1"},
	  {'S', ADDRESS, 3, 10, R2, "10.0.10.2"}, {'V', ADDRESS, 9 * HOUR, 10, "00:00:5e:00:01:07", "10.0.10.254"}}},

	/* MACs that are made up */
	{"a random MAC is never merged in silence, whatever it says: a proposal",
	 {{'A', ADDRESS, 1, 0, RANDOM1, "10.0.0.1"}, {'A', NAME, 1, 0, RANDOM1, NULL, "annas-phone", DHCP},
	  {'B', ADDRESS, 9 * HOUR, 0, RANDOM2, "10.0.0.1"}, {'B', NAME, 9 * HOUR, 0, RANDOM2, NULL, "annas-phone", DHCP},
	  {'B', TRAIT, 9 * HOUR, 0, RANDOM2, NULL, "1,3,6,15", ASKS}},
	 "name", DECISION_PROPOSAL, "but a MAC that a device made up says it"},
	{"a random MAC with the client id of a known card: a proposal",
	 {{'A', ADDRESS, 1, 0, M1, "10.0.0.1"}, {'A', TRAIT, 1, 0, M1, NULL, "00:aa:bb:cc:dd:ee:01", ID},
	  {'B', ADDRESS, 2, 0, RANDOM1, "10.0.0.2"}, {'B', TRAIT, 2, 0, RANDOM1, NULL, "00:aa:bb:cc:dd:ee:01", ID}},
	 "client_id", DECISION_PROPOSAL, "client id"},
	{"containers are hosts of their own",
	 {{'H', ADDRESS, 1, 0, M1, "10.0.0.1"}, {'A', ADDRESS, 2, 0, DOCKER1, "172.17.0.2"}, {'B', ADDRESS, 3, 0, DOCKER2, "172.17.0.3"}}},
	{"a container that bears its machine's name is not the machine",
	 {{'H', ADDRESS, 1, 0, M1, "10.0.0.1"}, {'H', NAME, 1, 0, M1, NULL, "dock-1", DHCP},
	  {'A', ADDRESS, 9 * HOUR, 0, DOCKER1, "10.0.0.77"}, {'A', NAME, 9 * HOUR, 0, DOCKER1, NULL, "dock-1", DHCP}},
	 "name", DECISION_PROPOSAL, "dock-1"},
	{"virtual machines that were cloned say one DUID: two hosts, and a proposal",
	 {{'A', ADDRESS, 1, 0, VMWARE1, "10.0.0.1"}, {'A', TRAIT, 1, 0, VMWARE1, NULL, "00:02:00:00:ab:11:22:33:44", DUID},
	  {'B', ADDRESS, 2, 0, VMWARE2, "10.0.0.2"}, {'B', TRAIT, 2, 0, VMWARE2, NULL, "00:02:00:00:ab:11:22:33:44", DUID}},
	 "duid", DECISION_PROPOSAL, "machines that are cloned say alike"},
	{"a virtual machine is not its host",
	 {{'H', ADDRESS, 1, 0, M1, "10.0.0.1"}, {'A', ADDRESS, 2, 0, QEMU1, "10.0.0.50"}, {'B', ADDRESS, 3, 0, VMWARE1, "10.0.0.51"}}},
};
// clang-format on

#endif
