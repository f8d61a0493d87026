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
	return tap_end();
}
