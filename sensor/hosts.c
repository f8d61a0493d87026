// SPDX-License-Identifier: BSD-2-Clause
/*
 * Who spoke. See hosts.h. One entry for each (VLAN, address), and for each (VLAN, MAC) that has no address.
 *
 * Totals count since the fact's first. When a MAC becomes known for an address, or another one takes it, the fact is
 * another: its totals begin anew, unless nothing had been said yet.
 */
#include "sensor/hosts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "defs/limits.h"
#include "sensor/presence.h"
#include "sensor/record_key.h"
#include "sensor/sightings.h"
#include "sensor/table.h"
#include "sensor/text.h"

enum { VIA_GONE_US = 60 * 1000000, DEBTS_MAX = 1 << 14 };

struct host_key {
	vlan_packed vlan;
	uint8_t addr[16]; /* or the MAC, when version is 0 */
	uint8_t version, pad[7];
};

struct host {
	struct table_entry entry;
	struct host_key key;
	struct mac mac, via;
	bool bound, has_via;
	bool bound_inside; /* by what a tunnel carried */
	bool covered;	   /* a MAC alone: it has addresses, which speak for it */
	bool moved, said;
	uint64_t packets, bytes, packets_in, bytes_in;
	uint64_t packets_said; /* of packets, those that count has */
	int64_t first_us, last_us;
	int64_t via_us; /* when via was last seen in front of it */
	struct cadence cadence;
};

/* What an address received that nobody has spoken from yet. */
struct debt {
	struct table_entry entry;
	struct host_key key;
	uint64_t packets, bytes;
};

struct hosts {
	struct sightings *sightings;
	struct presence *presence; /* or NULL */
	struct table *table, *debts;
};

/* In whole seconds since the epoch. */
static uint64_t believed(const struct hosts *h, const struct host *one)
{
	int64_t until_us = presence_until(h->presence, one->key.vlan, one->bound ? &one->mac : NULL,
					  &one->cadence, one->first_us, one->last_us);

	return until_us > 0 ? (uint64_t)until_us / 1000000 : 0;
}

/* That a MAC was made up, by the bit that says so (IEEE 802, 8.4): by its owner, or by the software of a virtual machine. */
static void say_random(struct hosts *h, const struct fact *host)
{
	struct fact fact = {.kind = FACT_TRAIT,
			    .source = SOURCE_ETHERNET,
			    .confidence = CONFIDENCE_MEASURED,
			    .vlan = host->vlan,
			    .first_us = host->first_us,
			    .last_us = host->last_us,
			    .count = host->count};

	FACT_SET(&fact, mac, host->mac);
	FACT_SET(&fact, key, TEXT("mac.random"));
	FACT_SET(&fact, value, TEXT("true"));
	sightings_see(h->sightings, &fact);
}

static void say(struct hosts *h, struct host *one)
{
	struct fact fact = {
		.kind = FACT_HOST,
		.source = one->key.version ? SOURCE_IP : SOURCE_ETHERNET,
		.confidence = CONFIDENCE_MEASURED,
		.vlan = vlan_unpack(one->key.vlan),
		.first_us = one->first_us,
		.last_us = one->last_us,
		.count = one->packets - one->packets_said,
	};

	if (fact.count == 0 &&
	    !one->said) /* a frame that no total has, of a protocol that nothing is known of */
		fact.count = 1;
	one->moved = false;
	if (one->covered || (one->packets == 0 && one->key.version))
		return;
	if (one->bound)
		FACT_SET(&fact, mac, one->mac);
	else if (one->has_via)
		FACT_SET(&fact, via, one->via);
	if (one->key.version)
		FACT_SET(&fact, ip, ip_of(one->key.version, one->key.addr));
	if (vlan_segment(one->key.vlan))
		FACT_SET(&fact, segment, vlan_segment(one->key.vlan));
	FACT_SET(&fact, packets, one->packets);
	FACT_SET(&fact, bytes, one->bytes);
	FACT_SET(&fact, packets_in, one->packets_in);
	FACT_SET(&fact, bytes_in, one->bytes_in);
	if (h->presence)
		FACT_SET(&fact, until, believed(h, one));
	one->said = true;
	one->packets_said = one->packets;
	sightings_see(h->sightings, &fact);
	if (FACT_HAS(&fact, mac) && mac_is_random(&fact.mac))
		say_random(h, &fact);
}

static void evict(void *context, void *entry)
{
	struct host *one = entry;

	if (one->moved)
		say(context, one);
}

static struct host_key key_of(vlan_packed vlan, const struct mac *mac, const struct ip *ip)
{
	struct host_key key = {.vlan = vlan, .version = ip->version};

	if (ip->version)
		memcpy(key.addr, ip->bytes, sizeof(key.addr));
	else
		memcpy(key.addr, mac->bytes, sizeof(mac->bytes));
	return key;
}

static void pay(struct hosts *h, struct host *one)
{
	struct debt *debt = table_find(h->debts, &one->key);

	if (!debt)
		return;
	one->packets_in = debt->packets;
	one->bytes_in = debt->bytes;
	table_remove(h->debts, debt);
}

static void owe(struct hosts *h, const struct host_key *key, uint64_t packets, uint64_t bytes)
{
	bool made;
	struct debt *debt = table_take(h->debts, key, &made);

	if (!debt)
		return;
	debt->packets += packets;
	debt->bytes += bytes;
}

static struct host *find(struct hosts *h, const struct host_key *key, int64_t time_us, bool make)
{
	bool made = false;
	struct host *one = make ? table_take(h->table, key, &made) : table_find(h->table, key);

	if (!one)
		return NULL;
	if (made) {
		one->first_us = one->last_us = time_us;
		pay(h, one);
	}
	if (time_us < one->first_us && !one->said)
		one->first_us = time_us;
	if (time_us > one->last_us) {
		cadence_heard(&one->cadence, one->last_us, time_us);
		one->last_us = time_us;
	}
	one->moved = true;
	return one;
}

/* An address that one device can have. */
static bool is_host(const struct ip *ip)
{
	return !ip_is_unspecified(ip) && !ip_is_multicast(ip);
}

static bool is_device(const struct mac *mac)
{
	return mac && !mac_is_zero(mac) && !mac_is_group(mac);
}

int hosts_open(struct sightings *s, struct hosts **out)
{
	struct hosts *h = calloc(1, sizeof(*h));
	struct table_options options = {.key_size = sizeof(struct host_key),
					.entry_size = sizeof(struct host),
					.capacity = HOST_ENTRIES_DEFAULT,
					.by_turns = true,
					.evict = evict,
					.context = h};
	struct table_options debts = {
		.key_size = sizeof(struct host_key), .entry_size = sizeof(struct debt), .capacity = DEBTS_MAX};

	if (!h)
		return -ENOMEM;
	if (table_open(&options, &h->table) || table_open(&debts, &h->debts)) {
		hosts_close(h);
		return -ENOMEM;
	}
	h->sightings = s;
	*out = h;
	return 0;
}

/* The fact becomes another one: its totals begin now, unless the old one was never said. */
static void begin_anew(struct hosts *h, struct host *one, int64_t time_us)
{
	if (!one->said)
		return;
	say(h, one);
	one->packets = one->bytes = one->packets_in = one->bytes_in = one->packets_said = 0;
	one->first_us = one->last_us = time_us;
	one->said = false;
	one->moved = true;
}

static void bind_host(struct hosts *h, struct host *one, const struct mac *mac, int64_t time_us)
{
	if (one->bound && mac_equal(&one->mac, mac))
		return;
	begin_anew(h, one, time_us);
	one->bound = true;
	one->mac = *mac;
}

static void cover_mac(struct hosts *h, vlan_packed vlan, const struct mac *mac, int64_t time_us)
{
	struct ip none = {};
	struct host_key key = key_of(vlan, mac, &none);
	struct host *one = find(h, &key, time_us, true);

	if (one)
		one->covered = true;
}

void hosts_believe(struct hosts *h, struct presence *p)
{
	h->presence = p;
}

void hosts_spoke(struct hosts *h, vlan_packed vlan, const struct mac *mac, const struct ip *ip, bool on_link,
		 int64_t time_us)
{
	struct host_key key;
	struct host *one;

	if (ip->version == 0 ? !is_device(mac) : !is_host(ip))
		return;
	key = key_of(vlan, mac, ip);
	one = find(h, &key, time_us, true);
	if (!one)
		return;
	if (ip->version == 0) {
		one->bound = true;
		one->mac = *mac;
	} else if (is_device(mac) && (on_link || ip_is_link_local(ip))) {
		/* A virtual router's MAC is of whoever plays its part, which has another by itself. */
		if (!one->bound && !mac_is_virtual_router(mac))
			bind_host(h, one, mac, time_us);
	} else if (is_device(mac)) {
		/* Two routers can share the work: the one that is there stays until it has been gone for a while. */
		if (!one->has_via || time_us - one->via_us > VIA_GONE_US)
			one->via = *mac;
		one->has_via = true;
		if (mac_equal(&one->via, mac))
			one->via_us = time_us;
	}
}

/* Whether the link itself, of these VLANs, has shown another MAC for the address. */
static bool is_taken(struct hosts *h, vlan_packed vlan, const struct mac *mac, const struct ip *ip)
{
	struct vlan_tags tags = vlan_unpack(vlan);
	struct host_key key = key_of(vlan_pack(&tags), mac, ip);
	const struct host *one = table_find(h->table, &key);

	return one && one->bound && !one->bound_inside && !mac_equal(&one->mac, mac);
}

bool hosts_bind(struct hosts *h, vlan_packed vlan, const struct mac *mac, const struct ip *ip, bool inside,
		int64_t time_us)
{
	struct host_key key;
	struct host *one;

	if (!is_device(mac) || !is_host(ip))
		return true;
	if (inside && is_taken(h, vlan, mac, ip))
		return false;
	cover_mac(h, vlan, mac, time_us);
	key = key_of(vlan, mac, ip);
	one = find(h, &key, time_us, true);
	if (one) {
		bind_host(h, one, mac, time_us);
		one->bound_inside = inside;
	}
	return true;
}

void hosts_count(struct hosts *h, vlan_packed vlan, const struct mac *mac, const struct ip *ip,
		 uint64_t packets, uint64_t bytes, int64_t time_us)
{
	struct host_key key;
	struct host *one;

	if (ip->version == 0 ? !is_device(mac) : !is_host(ip))
		return;
	key = key_of(vlan, mac, ip);
	one = find(h, &key, time_us, true);
	if (!one)
		return;
	one->packets += packets;
	one->bytes += bytes;
}

void hosts_exchange(struct hosts *h, vlan_packed vlan, const struct ip *ip, const struct hosts_traffic *more,
		    int64_t time_us)
{
	static const struct mac none;
	struct host_key key = key_of(vlan, &none, ip);
	struct host *one;

	if (!is_host(ip))
		return;
	/* What others send to it tells nothing of whether it is there. */
	one = more->packets ? find(h, &key, time_us, true) : table_find(h->table, &key);
	if (!one) {
		owe(h, &key, more->packets_in, more->bytes_in);
		return;
	}
	one->moved = true;
	one->packets += more->packets;
	one->bytes += more->bytes;
	one->packets_in += more->packets_in;
	one->bytes_in += more->bytes_in;
}

void hosts_tick(struct hosts *h)
{
	struct host *one = table_newest(h->table), *oldest = NULL;

	for (; one && table_used(h->table, one); one = table_older(h->table, one))
		oldest = one;
	for (one = oldest; one; one = table_newer(h->table, one))
		if (one->moved)
			say(h, one);
	table_turn(h->table);
}

uint64_t hosts_evicted(const struct hosts *h)
{
	return table_evicted(h->table);
}

uint64_t hosts_debts_evicted(const struct hosts *h)
{
	return table_evicted(h->debts);
}

void hosts_close(struct hosts *h)
{
	if (!h)
		return;
	table_close(h->table);
	table_close(h->debts);
	free(h);
}
