// SPDX-License-Identifier: BSD-2-Clause
/*
 * Facts gathered by host and port. A hash table of addresses finds the host; the ports of a host are few, and looked through from
 * the latest on, as facts about one port come together. Without memory a fact is left out and counted.
 */
#include "sensor/scan/found.h"

#include <stdlib.h>
#include <string.h>

#include "sensor/scan/clean.h"
#include "sensor/scan/scan.h"

static uint32_t hash_of(const struct ip *ip)
{
	uint32_t hash = 2166136261U; /* FNV-1a */

	for (size_t i = 0; i < sizeof(ip->bytes); i++)
		hash = (hash ^ ip->bytes[i]) * 16777619U;
	return hash ^ hash >> 15;
}

static bool rehash(struct found *f)
{
	size_t count = f->slot_count ? f->slot_count * 2 : 256;
	uint32_t *slots = calloc(count, sizeof(*slots));

	if (!slots)
		return false;
	for (size_t i = 0; i < f->host_count; i++) {
		size_t at = hash_of(&f->hosts[i].ip) & (count - 1);

		while (slots[at])
			at = (at + 1) & (count - 1);
		slots[at] = (uint32_t)i + 1;
	}
	free(f->slots);
	f->slots = slots;
	f->slot_count = count;
	return true;
}

static struct found_host *find(struct found *f, const struct ip *ip, size_t *free_slot)
{
	size_t at = hash_of(ip) & (f->slot_count - 1);

	for (; f->slots[at]; at = (at + 1) & (f->slot_count - 1))
		if (ip_equal(&f->hosts[f->slots[at] - 1].ip, ip))
			return &f->hosts[f->slots[at] - 1];
	*free_slot = at;
	return NULL;
}

/* The host of this address, made when there is none; NULL when there is no room. */
static struct found_host *host_of(struct found *f, const struct ip *ip)
{
	struct found_host *host;
	size_t slot = 0;

	if (f->host_count * 2 >= f->slot_count && !rehash(f))
		return NULL;
	host = find(f, ip, &slot);
	if (host)
		return host;
	if (f->host_count == FOUND_HOSTS_MAX)
		return NULL;
	if (f->host_count == f->host_room) {
		size_t room = f->host_room ? f->host_room * 2 : 64;
		struct found_host *hosts = realloc(f->hosts, room * sizeof(*hosts));

		if (!hosts)
			return NULL;
		f->hosts = hosts;
		f->host_room = room;
	}
	host = &f->hosts[f->host_count++];
	*host = (struct found_host){.ip = *ip};
	f->slots[slot] = (uint32_t)f->host_count;
	return host;
}

static struct found_port *port_of(struct found *f, struct found_host *host, uint16_t port_h, bool udp)
{
	for (size_t i = host->port_count; i; i--)
		if (host->ports[i - 1].port_h == port_h && host->ports[i - 1].udp == udp)
			return &host->ports[i - 1];
	if (f->port_total == FOUND_PORTS_MAX)
		return NULL;
	if (host->port_count == host->port_room) {
		size_t room = host->port_room ? host->port_room * 2 : 4;
		struct found_port *ports = realloc(host->ports, room * sizeof(*ports));

		if (!ports)
			return NULL;
		host->ports = ports;
		host->port_room = room;
	}
	f->port_total++;
	host->ports[host->port_count] = (struct found_port){.port_h = port_h, .udp = udp};
	return &host->ports[host->port_count++];
}

static bool add_trait(struct found_traits *traits, struct text key, struct text value)
{
	struct found_trait *item;
	char *clean_key, *clean_value;

	if (traits->count == FOUND_TRAITS_MAX)
		return false;
	item = realloc(traits->item, (traits->count + 1) * sizeof(*item));
	if (!item)
		return false;
	traits->item = item;
	clean_key = clean_copy(key, FOUND_TEXT_BYTES_MAX);
	clean_value = clean_copy(value, FOUND_TEXT_BYTES_MAX);
	if (!clean_key || !clean_value) {
		free(clean_key);
		free(clean_value);
		return false;
	}
	for (size_t i = 0; i < traits->count; i++) {
		if (strcmp(item[i].key, clean_key) != 0 || strcmp(item[i].value, clean_value) != 0)
			continue;
		free(clean_key);
		free(clean_value);
		return true;
	}
	item[traits->count++] = (struct found_trait){.key = clean_key, .value = clean_value};
	return true;
}

static bool add_name(struct found_host *host, struct text name)
{
	char *clean = clean_copy(name, FOUND_TEXT_BYTES_MAX);
	bool there = !clean || !*clean;

	for (size_t i = 0; !there && i < host->name_count; i++)
		there = !strcmp(host->names[i], clean);
	if (there || host->name_count == FOUND_NAMES_MAX)
		free(clean);
	else
		host->names[host->name_count++] = clean;
	return clean;
}

static bool text_is(struct text text, const char *word)
{
	return text.length == strlen(word) && !memcmp(text.bytes, word, text.length);
}

static bool take_service(struct found *f, struct found_host *host, const struct fact *fact)
{
	struct found_port *port;

	if (!FACT_HAS(fact, port) || !FACT_HAS(fact, proto))
		return true;
	port = port_of(f, host, (uint16_t)fact->port, text_is(fact->proto, "udp"));
	if (!port)
		return false;
	port->closed = FACT_HAS(fact, state) && text_is(fact->state, "closed");
	if (FACT_HAS(fact, name) && fact->name.length) {
		char *name = clean_copy(fact->name, FOUND_TEXT_BYTES_MAX);

		if (!name)
			return false;
		free(port->name);
		port->name = name;
	}
	return true;
}

/* A trait with a port belongs to a service that was said before, of either protocol. */
static bool take_trait(struct found_host *host, const struct fact *fact)
{
	if (!FACT_HAS(fact, port))
		return add_trait(&host->traits, fact->key, fact->value);
	for (size_t i = host->port_count; i; i--)
		if (host->ports[i - 1].port_h == fact->port)
			return add_trait(&host->ports[i - 1].traits, fact->key, fact->value);
	return add_trait(&host->traits, fact->key, fact->value);
}

static bool take(struct found *f, struct found_host *host, const struct fact *fact)
{
	host->up |= fact->source == SOURCE_PROBE && fact->kind != FACT_NAME && fact->kind != FACT_TRAIT;
	if (!host->first_us || fact->first_us < host->first_us)
		host->first_us = fact->first_us;
	if (fact->last_us > host->last_us)
		host->last_us = fact->last_us;
	switch (fact->kind) {
	case FACT_ADDRESS:
		host->mac = fact->mac;
		return true;
	case FACT_NAME:
		return add_name(host, fact->name);
	case FACT_SERVICE:
		return take_service(f, host, fact);
	case FACT_TRAIT:
		return take_trait(host, fact);
	default:
		return true;
	}
}

void found_fact(struct found *f, const struct fact *fact)
{
	struct found_host *host;

	if (!FACT_HAS(fact, ip) || fact->kind == FACT_ROUTE || fact->kind == FACT_CONFLICT)
		return;
	host = host_of(f, &fact->ip);
	f->left_out += !host || !take(f, host, fact);
}

void found_done(struct found *f, const struct scan_host *done)
{
	struct found_host *host = host_of(f, &done->ip);

	if (!host) {
		f->left_out++;
		return;
	}
	host->up = true;
	host->done = true;
	host->closed = done->closed;
	host->filtered = done->filtered;
	host->middlebox = done->middlebox;
}

/* Hosts that are there, first. */
static int by_address(const void *a, const void *b)
{
	const struct found_host *x = a, *y = b;

	if (x->up != y->up)
		return x->up ? -1 : 1;
	if (x->ip.version != y->ip.version)
		return x->ip.version < y->ip.version ? -1 : 1;
	return memcmp(x->ip.bytes, y->ip.bytes, sizeof(x->ip.bytes));
}

static int by_number(const void *a, const void *b)
{
	const struct found_port *x = a, *y = b;

	if (x->udp != y->udp)
		return x->udp ? 1 : -1;
	return (x->port_h > y->port_h) - (x->port_h < y->port_h);
}

void found_sort(struct found *f)
{
	if (!f->host_count)
		return;
	qsort(f->hosts, f->host_count, sizeof(*f->hosts), by_address);
	while (f->up_count < f->host_count && f->hosts[f->up_count].up)
		f->up_count++;
	for (size_t i = 0; i < f->host_count; i++)
		if (f->hosts[i].port_count)
			qsort(f->hosts[i].ports, f->hosts[i].port_count, sizeof(*f->hosts[i].ports), by_number);
	free(f->slots);
	f->slots = NULL;
	f->slot_count = 0;
}

const char *found_trait(const struct found_traits *traits, const char *key)
{
	for (size_t i = 0; i < traits->count; i++)
		if (!strcmp(traits->item[i].key, key))
			return traits->item[i].value;
	return NULL;
}

static void free_traits(struct found_traits *traits)
{
	for (size_t i = 0; i < traits->count; i++) {
		free(traits->item[i].key);
		free(traits->item[i].value);
	}
	free(traits->item);
}

void found_free(struct found *f)
{
	for (size_t i = 0; i < f->host_count; i++) {
		struct found_host *host = &f->hosts[i];

		for (size_t j = 0; j < host->name_count; j++)
			free(host->names[j]);
		for (size_t j = 0; j < host->port_count; j++) {
			free(host->ports[j].name);
			free_traits(&host->ports[j].traits);
		}
		free(host->ports);
		free_traits(&host->traits);
	}
	free(f->hosts);
	free(f->slots);
	*f = (struct found){0};
}
