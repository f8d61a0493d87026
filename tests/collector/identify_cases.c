// SPDX-License-Identifier: BSD-2-Clause
/*
 * The table of identity: given these facts, then these hosts, with this reason. Each case is tried twice: all facts in one
 * batch, and each in a batch of its own with what the database would have kept in between. docs/identity.md tells the same in words.
 */
#include <stdio.h>
#include <string.h>

#include "collector/conclude.h"
#include "collector/identify.h"
#include "tests/collector/identify_cases.h"
#include "tests/tap.h"

static unsigned int made;

#define note(...) (printf("# " __VA_ARGS__), putchar('\n'))

static const char *make_id(char out[static ID_TEXT_MAX])
{
	snprintf(out, ID_TEXT_MAX, "00000000-0000-4000-8000-%012u", ++made);
	return out;
}

static struct text text(const char *bytes)
{
	return (struct text){.bytes = bytes, .length = strlen(bytes)};
}

static struct fact fact_of(const struct given *given)
{
	static const enum fact_kind kinds[] = {
		[ADDRESS] = FACT_ADDRESS, [ALONE] = FACT_HOST,	[VIA] = FACT_HOST,
		[NAME] = FACT_NAME,	  [TRAIT] = FACT_TRAIT, [CHASSIS] = FACT_NEIGHBOR};
	struct fact fact = {.kind = kinds[given->what], .source = given->source, .count = 1};
	struct mac mac;
	struct ip ip;

	fact.first_us = fact.last_us = given->at * 1000000;
	if (given->vlan)
		fact.vlan = (struct vlan_tags){.count = 1, .id = {(uint16_t)given->vlan}};
	if (given->mac && mac_parse(given->mac, &mac) == 0)
		FACT_SET(&fact, mac, mac);
	if (given->ip && ip_parse(given->ip, &ip) == 0)
		FACT_SET(&fact, ip, ip);
	if (given->what == VIA && mac_parse(given->word, &mac) == 0)
		FACT_SET(&fact, via, mac);
	if (given->what == NAME) {
		FACT_SET(&fact, name, text(given->word));
		FACT_SET(&fact, name_kind, text("hostname"));
	}
	if (given->what == TRAIT) {
		FACT_SET(&fact, key, text(given->key));
		FACT_SET(&fact, value, text(given->word));
	}
	if (given->what == CHASSIS) {
		fact.source = SOURCE_LLDP;
		FACT_SET(&fact, chassis, text(given->word));
	}
	return fact;
}

static void begin(struct world *world)
{
	memset(world, 0, sizeof(*world));
	world->make_id = make_id;
	world->network_id = "11111111-1111-4111-8111-111111111111";
	world->sensor_id = "22222222-2222-4222-8222-222222222222";
}

/* What is written to the database and read again. */
static void keep(struct row *list)
{
	for (; list; list = list->next) {
		list->is_new = false;
		row_settle(list);
	}
}

static const struct host *host_of(struct world *world, const struct given *given)
{
	struct fact fact = fact_of(given);
	const char *vlan = world_vlan(world, &fact.vlan);
	const struct interface *face = NULL;

	if (FACT_HAS(&fact, mac)) {
		face = world_bound(world, vlan, &fact.mac, FACT_HAS(&fact, ip) ? &fact.ip : NULL);
		for (struct interface *one = world_of_mac(world, &fact.mac);
		     one && !face && !FACT_HAS(&fact, ip); one = one->next_of_mac)
			if (!one->row.gone && one->has_mac && mac_equal(&one->mac, &fact.mac))
				face = one;
	}
	if (!face && FACT_HAS(&fact, ip))
		face = world_holder(world, vlan, &fact.ip);
	return face ? face->host : NULL;
}

static bool hosts_are(struct world *world, const struct given *given, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct host *a = host_of(world, &given[i]);

		if (!given[i].host)
			continue;
		if (!a || a->row.gone) {
			note("fact %zu is of no host", i + 1);
			return false;
		}
		for (size_t k = 0; k < i; k++) {
			bool same = given[k].host == given[i].host;

			if (!given[k].host || (host_of(world, &given[k]) == a) == same)
				continue;
			note("facts %zu and %zu are of %s", k + 1, i + 1, same ? "two hosts" : "one host");
			return false;
		}
	}
	return true;
}

static bool decided(const struct world *world, const struct rule_case *c)
{
	for (const struct decision *d = world->identity.decisions; d; d = d->next) {
		if (!c->rule) {
			note("decided: %s, %s", d->rule, d->reason);
			return false;
		}
		if (strcmp(d->rule, c->rule) == 0 && d->kind == c->kind && strstr(d->reason, c->reason))
			return true;
	}
	for (const struct decision *d = world->identity.decisions; d; d = d->next)
		note("decided: %d %s %d, %s", d->kind, d->rule, d->score, d->reason);
	return !c->rule;
}

static void subnets(void)
{
	static const struct {
		const char *vlan, *ip, *subnet; /* id, or NULL for none */
	} rows[] = {
		{"{}", "10.0.0.1", "office"},	{"{}", "10.0.1.1", "site"},
		{"{}", "192.168.1.1", NULL},	{"{}", "8.8.8.8", "internet"},
		{"{}", "203.0.113.1", NULL},	{"{}", "2001:4860::8888", "internet"},
		{"{}", "2001:db8:1::5", "six"}, {"{}", "fe80::1", NULL},
		{"{}", "9.9.9.9", NULL},
	};
	struct world world;
	struct given given[] = {
		{0, ADDRESS, 1, 0, M1, "10.0.0.1"},	   {0, ADDRESS, 1, 0, M1, "10.0.1.1"},
		{0, ADDRESS, 1, 0, M1, "fe80::1"},	   {0, ADDRESS, 1, 0, M1, "9.9.9.9"},
		{0, VIA, 1, 0, NULL, "8.8.8.8", R1},	   {0, VIA, 1, 0, NULL, "203.0.113.1", R1},
		{0, VIA, 1, 0, NULL, "192.168.1.1", R1},   {0, VIA, 1, 0, NULL, "2001:4860::8888", R1},
		{0, VIA, 1, 0, NULL, "2001:db8:1::5", R1},
	};
	static const char *const prefixes[] = {"192.168.7.0/24", "10.0.0.0/24", "0.0.0.0/0",
					       "10.9.9.9/32",	 "nonsense",	"2001:db8:2::/64"};
	struct fact facts[sizeof(given) / sizeof(given[0]) + sizeof(prefixes) / sizeof(prefixes[0])];
	size_t count = 0, made_now = 0;

	begin(&world);
	world_subnet(&world, "office", "10.0.0.0/24", false);
	world_subnet(&world, "internet", "0.0.0.0/0", true);
	world_subnet(&world, "site", "10.0.0.0/8", false);
	world_subnet(&world, "six", "2001:db8:1::/64", false);
	for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++)
		facts[count++] = fact_of(&given[i]);
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		facts[count] = (struct fact){.kind = FACT_ROUTE, .source = SOURCE_DHCP, .count = 1};
		FACT_SET(&facts[count], prefix, text(prefixes[i]));
		count++;
	}
	conclude(&world, facts, count);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct interface *face = NULL;
		const char *have;
		struct ip ip;

		if (ip_parse(rows[i].ip, &ip) == 0)
			face = world_holder(&world, rows[i].vlan, &ip);
		have = face ? row_text(&face->row, INTERFACE_subnet_id) : "nowhere";
		tap_ok(rows[i].subnet ? have && strcmp(have, rows[i].subnet) == 0 : !have, "%s is in %s",
		       rows[i].ip, have ? have : "no subnet");
	}
	for (const struct subnet *subnet = world.identity.new_subnets; subnet; subnet = subnet->next)
		made_now++;
	tap_ok(made_now == 2, "two prefixes that routers tell are new subnets: not what is there, nor "
			      "everywhere, nor one host");
	world_free(&world);
}

/* A person's word: pins and hosts that are apart. */
static void words_of_people(void)
{
	struct world world;
	struct given alone = {0, ALONE, 1, 10, NULL, "10.0.0.5"}, chassis1 = {0, CHASSIS, 1, 0, M1, NULL, "x"},
		     chassis2 = {0, CHASSIS, 2, 0, M2, NULL, "x"}, known = {0, ADDRESS, 1, 20, M2, "10.0.20.2"},
		     bound = {0, ADDRESS, 2, 10, M1, "10.0.0.5"}, other = {0, ADDRESS, 3, 10, M2, "10.0.0.5"};
	struct fact facts[] = {fact_of(&alone), fact_of(&bound), fact_of(&known), fact_of(&other)},
		    ports[] = {fact_of(&chassis1), fact_of(&chassis2)};
	struct host *given;

	begin(&world);
	given = world_host(&world, "33333333-3333-4333-8333-333333333333");
	world_pin(&world, NULL, "{10}", &facts[0].ip, given);
	conclude(&world, facts, 1);
	tap_ok(host_of(&world, &alone) == given, "an address that a person gave to a host is that host's");
	conclude(&world, &facts[1], 1);
	tap_ok(host_of(&world, &bound) == given && world.identity.pins->is_new && world.identity.pins->has_mac,
	       "and takes its MAC along, which is the host's from then on");
	world_free(&world);

	begin(&world);
	given = world_host(&world, "33333333-3333-4333-8333-333333333333");
	world_pin(&world, NULL, "{10}", &facts[0].ip, given);
	conclude(&world, facts, 1);
	conclude(&world, &facts[2], 1);
	keep(world.interfaces);
	keep(world.hosts);
	conclude(&world, &facts[3], 1);
	tap_ok(host_of(&world, &other) != given && world.identity.decisions &&
		       world.identity.decisions->kind == DECISION_PROPOSAL,
	       "when the MAC of another known host has it, a person decides again");
	world_free(&world);

	begin(&world);
	conclude(&world, ports, 1);
	((struct host *)world.hosts)->apart = "00000000-0000-4000-8000-ffffffffffff";
	conclude(&world, &ports[1], 1);
	tap_ok(host_of(&world, &chassis1) == host_of(&world, &chassis2),
	       "hosts that are apart from others may still be one");
	world_free(&world);

	begin(&world);
	conclude(&world, ports, 1);
	{
		char next[ID_TEXT_MAX];

		snprintf(next, sizeof(next), "00000000-0000-4000-8000-%012u", made + 1);
		((struct host *)world.hosts)->apart = next;
		conclude(&world, &ports[1], 1);
		tap_ok(host_of(&world, &chassis1) != host_of(&world, &chassis2),
		       "hosts that a person has parted are never joined by facts");
	}
	world_free(&world);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fact facts[FACTS_MAX];
		size_t count = 0;
		struct world world;

		for (; count < FACTS_MAX && cases[i].given[count].what != END; count++)
			facts[count] = fact_of(&cases[i].given[count]);
		begin(&world);
		conclude(&world, facts, count);
		tap_ok(hosts_are(&world, cases[i].given, count), "%s", cases[i].what);
		world_free(&world);

		begin(&world);
		for (size_t k = 0; k < count; k++) {
			conclude(&world, &facts[k], 1);
			keep(world.hosts);
			keep(world.interfaces);
		}
		tap_ok(hosts_are(&world, cases[i].given, count) && decided(&world, &cases[i]),
		       "… fact by fact");
		world_free(&world);
	}
	subnets();
	words_of_people();
	return tap_end();
}
