// SPDX-License-Identifier: BSD-2-Clause
/*
 * Which device is meant: given these facts, then these hosts. Pure: no database, ids are counted.
 */
#include <stdio.h>
#include <string.h>

#include "collector/conclude.h"
#include "collector/identify.h"
#include "collector/oui.h"
#include "tests/tap.h"

static unsigned int made;

static const char *make_id(char out[static ID_TEXT_MAX])
{
	snprintf(out, ID_TEXT_MAX, "00000000-0000-4000-8000-%012u", ++made);
	return out;
}

static struct world *begin(struct world *world)
{
	memset(world, 0, sizeof(*world));
	world->make_id = make_id;
	world->vendor = oui_vendor;
	world->network_id = "11111111-1111-4111-8111-111111111111";
	world->sensor_id = "22222222-2222-4222-8222-222222222222";
	return world;
}

static struct fact bind(enum fact_kind kind, uint16_t vlan, const char *mac, const char *ip, int64_t at_us)
{
	struct fact fact = {
		.kind = kind, .source = SOURCE_ARP, .first_us = at_us, .last_us = at_us, .count = 1};
	struct mac as_mac;
	struct ip as_ip;

	if (vlan)
		fact.vlan = (struct vlan_tags){.count = 1, .id = {vlan}};
	if (mac && mac_parse(mac, &as_mac) == 0)
		FACT_SET(&fact, mac, as_mac);
	if (ip && ip_parse(ip, &as_ip) == 0)
		FACT_SET(&fact, ip, as_ip);
	return fact;
}

static struct fact behind(uint16_t vlan, const char *ip, const char *via, uint64_t packets)
{
	struct fact fact = bind(FACT_HOST, vlan, NULL, ip, 5);
	struct mac mac;

	if (mac_parse(via, &mac) == 0)
		FACT_SET(&fact, via, mac);
	FACT_SET(&fact, packets, packets);
	return fact;
}

static struct text text(const char *bytes)
{
	return (struct text){.bytes = bytes, .length = strlen(bytes)};
}

static struct fact named(enum fact_source source, const char *mac, const char *ip, const char *name,
			 int64_t at_us)
{
	struct fact fact = bind(FACT_NAME, 0, mac, ip, at_us);

	fact.source = source;
	FACT_SET(&fact, name, text(name));
	FACT_SET(&fact, name_kind, text("hostname"));
	return fact;
}

static size_t living(const struct row *list)
{
	size_t count = 0;

	for (; list; list = list->next)
		count += !list->gone;
	return count;
}

static const struct interface *find(const struct world *world, const char *vlan, const char *ip)
{
	struct ip as_ip;

	return ip_parse(ip, &as_ip) == 0 ? world_holder(world, vlan, &as_ip) : NULL;
}

static void macs_and_vlans(void)
{
	struct world world;
	struct fact facts[] = {
		bind(FACT_ADDRESS, 10, "00:1b:21:00:00:01", "10.0.0.1", 1),
		bind(FACT_ADDRESS, 20, "00:1b:21:00:00:01", "10.0.20.1", 2),
		bind(FACT_ADDRESS, 10, "00:1b:21:00:00:01", "fe80::1", 3),
		bind(FACT_ADDRESS, 10, "00:1b:21:00:00:02", "10.0.0.2", 4),
		bind(FACT_ADDRESS, 10, "00:1b:21:00:00:01", "10.0.0.1", 9),
	};

	conclude(begin(&world), facts, 5);
	tap_ok(living(world.hosts) == 2 && living(world.interfaces) == 4,
	       "one MAC in two VLANs is one host with its interfaces");
	tap_ok(find(&world, "{10}", "10.0.0.1")->host == find(&world, "{20}", "10.0.20.1")->host,
	       "and they know it");
	tap_ok(row_number(&find(&world, "{10}", "10.0.0.1")->row, INTERFACE_last_seen) == 9,
	       "a repeat moves last seen");
	tap_ok(!find(&world, "{20}", "10.0.0.1"), "an address is of its VLAN");
	world_free(&world);
}

static void virtual_routers(void)
{
	struct world world;
	struct fact facts[] = {
		bind(FACT_ADDRESS, 10, "00:00:5e:00:01:07", "10.0.0.254", 1),
		bind(FACT_ADDRESS, 20, "00:00:5e:00:01:07", "10.0.20.254", 2),
		bind(FACT_ADDRESS, 10, "00:00:0c:07:ac:01", "10.0.0.253", 3),
		bind(FACT_ADDRESS, 20, "00:00:0c:07:ac:01", "10.0.20.253", 4),
	};

	conclude(begin(&world), facts, 4);
	tap_ok(living(world.hosts) == 4, "a virtual router's MAC joins no addresses");
	world_free(&world);
}

static void folding(void)
{
	struct world world;
	struct fact facts[] = {
		behind(10, "10.0.20.5", "00:0d:b9:00:00:01", 3),
		behind(30, "10.0.20.5", "00:0d:b9:00:00:02", 4),
		bind(FACT_HOST, 20, NULL, "10.0.20.5", 5),
		bind(FACT_ADDRESS, 40, "3c:22:fb:00:00:03", "10.0.40.5", 6),
		bind(FACT_ADDRESS, 20, "3c:22:fb:00:00:03", "10.0.20.5", 7),
	};
	const struct moved_address *moved;
	size_t links = 0;

	conclude(begin(&world), facts, 3);
	tap_ok(living(world.hosts) == 2 &&
		       find(&world, "{10}", "10.0.20.5")->host == find(&world, "{30}", "10.0.20.5")->host,
	       "an address behind routers is one host in all VLANs; one on the link is another as long as "
	       "neither has a MAC");
	world_free(&world);
	conclude(begin(&world), facts, 5);
	tap_ok(living(world.hosts) == 1, "when it gets a MAC all of them are that MAC's host");
	tap_ok(living(world.interfaces) == 4, "each address and VLAN is one interface");
	tap_ok(find(&world, "{20}", "10.0.20.5")->has_mac && !find(&world, "{10}", "10.0.20.5")->has_mac,
	       "the MAC is bound in its own VLAN only");
	for (moved = world.moved; moved; moved = moved->next)
		links += !moved->face->row.gone && moved->face->host == find(&world, "{20}", "10.0.20.5")->host;
	tap_ok(links >= 3, "flows of the moved addresses are to be linked again");
	for (const struct row *row = world.hosts; row; row = row->next)
		if (row->gone && !row->is_new)
			tap_ok(false, "a host that was never stored is not deleted");
	world_free(&world);
}

static void hop_known_later(void)
{
	struct world world;
	struct fact facts[] = {
		bind(FACT_ADDRESS, 20, "3c:22:fb:00:00:03", "10.0.20.5", 1),
		bind(FACT_HOST, 10, NULL, "10.0.20.5", 2),
		bind(FACT_HOST, 10, NULL, "203.0.113.80", 2),
		bind(FACT_HOST, 30, NULL, "203.0.113.80", 2),
		behind(10, "10.0.20.5", "00:0d:b9:00:00:01", 3),
		behind(10, "203.0.113.80", "00:0d:b9:00:00:01", 3),
		behind(30, "203.0.113.80", "00:0d:b9:00:00:02", 3),
	};

	conclude(begin(&world), facts, 4);
	tap_ok(living(world.hosts) == 4, "addresses without a MAC or a hop are hosts of their own");
	world_free(&world);
	conclude(begin(&world), facts, 7);
	tap_ok(find(&world, "{10}", "10.0.20.5")->host == find(&world, "{20}", "10.0.20.5")->host,
	       "an address whose hop is known later joins the host that holds it on its link");
	tap_ok(find(&world, "{10}", "203.0.113.80")->host == find(&world, "{30}", "203.0.113.80")->host &&
		       living(world.hosts) == 2,
	       "and far addresses join one another");
	world_free(&world);
}

static void not_folding(void)
{
	struct world world;
	struct fact facts[] = {
		bind(FACT_ADDRESS, 10, "00:1b:21:00:00:01", "192.168.1.1", 1),
		bind(FACT_ADDRESS, 20, "00:1b:21:00:00:02", "192.168.1.1", 2),
		behind(30, "192.168.1.1", "00:0d:b9:00:00:01", 3),
	};

	conclude(begin(&world), facts, 3);
	tap_ok(living(world.hosts) == 3,
	       "an address that two devices hold in two VLANs tells nothing of a third");
	world_free(&world);
}

static void moving(void)
{
	struct world world;
	struct fact facts[] = {
		bind(FACT_ADDRESS, 0, "00:1b:21:00:00:01", "10.0.0.9", 1000),
		bind(FACT_ADDRESS, 0, "00:1b:21:00:00:02", "10.0.0.9", 2000),
		bind(FACT_ADDRESS, 0, "00:1b:21:00:00:01", "10.0.0.9", 1500),
	};

	conclude(begin(&world), facts, 3);
	tap_ok(living(world.interfaces) == 2 && living(world.hosts) == 2,
	       "an address that moves leaves the former interface");
	tap_ok(find(&world, "{}", "10.0.0.9")->mac.bytes[5] == 2,
	       "it is the one's who was seen with it last, not who was told last");
	world_free(&world);
}

static void bare_macs(void)
{
	struct world world;
	struct fact facts[] = {
		bind(FACT_HOST, 0, "00:1b:21:00:00:01", NULL, 1),
		bind(FACT_ADDRESS, 0, "00:1b:21:00:00:01", "10.0.0.1", 2),
		bind(FACT_HOST, 0, "00:1b:21:00:00:01", NULL, 1),
		bind(FACT_ADDRESS, 0, "ff:ff:ff:ff:ff:ff", "10.0.0.255", 3),
		bind(FACT_ADDRESS, 0, "00:1b:21:00:00:05", "0.0.0.0", 3),
	};

	FACT_SET(&facts[0], packets, 10);
	FACT_SET(&facts[2], packets, 25);
	conclude(begin(&world), facts, 4);
	tap_ok(living(world.interfaces) == 1,
	       "a MAC without an address becomes the one with its first; groups are nobody");
	tap_ok(row_number(&find(&world, "{}", "10.0.0.1")->row, INTERFACE_packets) == 25,
	       "and keeps on counting, once");
	world_free(&world);
	conclude(begin(&world), facts, 5);
	tap_ok(living(world.interfaces) == 2 && living(world.hosts) == 2,
	       "a MAC that asks with 0.0.0.0 is there, without an address");
	world_free(&world);
}

static void names(void)
{
	struct world world;
	struct fact facts[] = {
		bind(FACT_ADDRESS, 0, "00:1b:21:00:00:01", "10.0.0.1", 1),
		named(SOURCE_DNS, NULL, "10.0.0.1", "dns", 5),
		named(SOURCE_DNS, NULL, "10.0.0.1", "dns-other", 6),
		named(SOURCE_LLDP, "00:1b:21:00:00:01", NULL, "lldp", 4),
		named(SOURCE_MDNS, NULL, "10.0.0.1", "mdns", 3),
		named(SOURCE_DHCP, "00:1b:21:00:00:01", NULL, "dhcp", 2),
		named(SOURCE_DHCP, "00:1b:21:00:00:01", NULL, "dhcp-later", 9),
		named(SOURCE_DHCP, "00:1b:21:00:00:01", NULL, "dhcp-earlier", 1),
	};
	static const char *const best[] = {NULL,   "dns",  "dns",	 "lldp",
					   "mdns", "dhcp", "dhcp-later", "dhcp-later"};

	for (size_t i = 1; i <= 8; i++) {
		const char *want = best[i - 1], *have;

		conclude(begin(&world), facts, i);
		have = row_text(&find(&world, "{}", "10.0.0.1")->host->row, HOST_name);
		tap_ok(want ? have && strcmp(have, want) == 0 : !have, "after %zu facts the name is %s", i,
		       want ? want : "not known");
		world_free(&world);
	}
	tap_ok(identify_name_rank("mdns", "instance") < 0 && identify_name_rank("nbns", "workgroup") < 0,
	       "an instance and a workgroup are no host's name");
}

static void vendors(void)
{
	static const struct {
		const char *mac, *vendor;
	} rows[] = {
		{"00:1b:21:11:22:33", "Intel Corporate"},
		{"02:1b:21:11:22:33", NULL},
		{"01:00:5e:00:00:01", NULL},
		{"b8:27:eb:00:00:01", "Raspberry Pi Foundation"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mac mac;
		const char *vendor = mac_parse(rows[i].mac, &mac) == 0 ? oui_vendor(NULL, &mac) : "?";

		tap_ok(rows[i].vendor ? vendor && strcmp(vendor, rows[i].vendor) == 0 : !vendor, "%s is of %s",
		       rows[i].mac, vendor ? vendor : "nobody");
	}
}

int main(void)
{
	macs_and_vlans();
	virtual_routers();
	folding();
	hop_known_later();
	not_folding();
	moving();
	bare_macs();
	names();
	vendors();
	return tap_end();
}
