// SPDX-License-Identifier: BSD-2-Clause
/*
 * Routers that advertise themselves on a link (RFC 4861). Several are well when they advertise a prefix in common, or one of them none. Another is one that
 *   - advertises other prefixes than those that are there, or
 *   - is new there, since it would have been heard before: a router speaks at least each lifetime (6.2.1). Then it is said when the
 *     others go on beside it: a backup that stands in is alone.
 * Who is no default router (Thread's border routers, say) takes nobody's traffic, and virtual routers are several by design.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/conflict/inside.h"

enum { LINKS_MAX = 1024, ROUTERS_MAX = 8, PREFIXES_MAX = 6, PREFIX_BYTES_MAX = ADDR_TEXT_MAX + 8 };

static const int64_t interval_most_us = SECONDS_US(1800);

struct prefixes {
	size_t count;
	char item[PREFIXES_MAX][PREFIX_BYTES_MAX];
};

enum standing { STANDING_THERE, STANDING_NEW, STANDING_OTHER };

struct router {
	struct mac mac;
	enum standing standing;
	int64_t first_us, last_us, until_us; /* first_us 0: none */
	struct ip ip;
	struct prefixes prefixes;
};

struct link {
	struct table_entry entry;
	vlan_packed vlan;
	int64_t first_us; /* of the first router heard there */
	struct router router[ROUTERS_MAX];
};

struct routers {
	struct mouth *mouth;
	struct table *links;
};

static bool holds(const struct prefixes *list, const char *prefix)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->item[i], prefix) == 0)
			return true;
	return false;
}

static void add_prefix(struct prefixes *list, const struct text *text)
{
	char prefix[PREFIX_BYTES_MAX];

	if (list->count == PREFIXES_MAX || text->length >= sizeof(prefix))
		return;
	memcpy(prefix, text->bytes, text->length);
	prefix[text->length] = 0;
	if (!holds(list, prefix))
		memcpy(list->item[list->count++], prefix, sizeof(prefix));
}

/* One of no prefix leaves them to others. */
static bool agree(const struct prefixes *a, const struct prefixes *b)
{
	for (size_t i = 0; i < a->count; i++)
		if (holds(b, a->item[i]))
			return true;
	return a->count == 0 || b->count == 0;
}

/* Who makes room first: nobody at all, then those that are others. */
static int worth(const struct router *one)
{
	return !one->first_us ? 0 : one->standing == STANDING_OTHER ? 1 : 2;
}

/* A new one takes the place of who was heard longest ago. */
static struct router *find_router(struct link *link, const struct mac *mac)
{
	struct router *least = &link->router[0];

	for (size_t i = 0; i < ROUTERS_MAX; i++) {
		struct router *one = &link->router[i];

		if (one->first_us && mac_equal(&one->mac, mac))
			return one;
		if (worth(one) < worth(least) || (worth(one) == worth(least) && one->last_us < least->last_us))
			least = one;
	}
	*least = (struct router){.mac = *mac};
	return least;
}

/* How it stands to those that were there before it and still are; out gets their MACs. */
static enum standing standing_of(const struct link *link, const struct router *other, int64_t time_us,
				 int64_t lifetime_us, struct conflict *out)
{
	int64_t heard_by_us = lifetime_us < interval_most_us ? lifetime_us : interval_most_us;
	bool agrees = false;

	for (size_t i = 0; i < ROUTERS_MAX; i++) {
		const struct router *one = &link->router[i];

		if (one == other || !one->first_us || one->standing != STANDING_THERE ||
		    one->until_us < time_us)
			continue;
		agrees |= agree(&one->prefixes, &other->prefixes);
		conflict_claims_mac(out, &one->mac);
	}
	if (!out->claims.count)
		return STANDING_THERE;
	if (!agrees)
		return STANDING_OTHER;
	return time_us - link->first_us > heard_by_us ? STANDING_NEW : STANDING_THERE;
}

static void say(struct routers *r, const struct link *link, const struct router *other,
		struct conflict *conflict)
{
	conflict->what = "router";
	conflict->source = SOURCE_ND;
	conflict->vlan = link->vlan;
	conflict->ip = other->ip;
	conflict->mac = other->mac;
	conflict->first_us = other->first_us;
	conflict->last_us = other->last_us;
	conflict->count = 1;
	conflict_claims_mac(conflict, &other->mac);
	conflict_say(r->mouth, conflict);
}

/* One that was there goes on: those that are new and still there are beside it. */
static void goes_on(struct routers *r, struct link *link, const struct router *there)
{
	for (size_t i = 0; i < ROUTERS_MAX; i++) {
		struct router *one = &link->router[i];
		struct conflict conflict = {};

		if (one->standing != STANDING_NEW || !one->first_us || one->until_us < there->last_us ||
		    one->first_us >= there->last_us)
			continue;
		one->standing = STANDING_OTHER;
		conflict_claims_mac(&conflict, &there->mac);
		say(r, link, one, &conflict);
	}
}

static void heard(struct routers *r, struct link *link, const struct router *said, int64_t lifetime_us)
{
	struct router *router = find_router(link, &said->mac);
	bool is_new = !router->first_us;
	struct conflict conflict = {};

	if (is_new)
		router->first_us = said->last_us;
	router->last_us = said->last_us;
	router->until_us = said->last_us + lifetime_us;
	router->ip = said->ip;
	if (said->prefixes.count)
		router->prefixes = said->prefixes;
	if (is_new || router->standing == STANDING_OTHER) {
		enum standing standing = standing_of(link, router, said->last_us, lifetime_us, &conflict);

		if (is_new || standing == STANDING_THERE)
			router->standing = standing;
		if (router->standing == STANDING_OTHER)
			say(r, link, router, &conflict);
	}
	if (router->standing == STANDING_THERE)
		goes_on(r, link, router);
}

void routers_hear(struct routers *r, vlan_packed vlan, const struct decode_context *ctx,
		  const struct fact_list *list)
{
	struct router said = {.mac = ctx->mac_src, .ip = ctx->ip_src, .last_us = ctx->time_us};
	int64_t lifetime_us = 0;
	struct link *link;

	for (size_t i = 0; i < list->count; i++) {
		const struct fact *fact = &list->item[i];

		if (fact->kind != FACT_ROUTE || !FACT_HAS(fact, prefix))
			continue;
		if (fact->prefix.length == 4 && memcmp(fact->prefix.bytes, "::/0", 4) == 0)
			lifetime_us = FACT_HAS(fact, lifetime_s) ? SECONDS_US((int64_t)fact->lifetime_s) : 0;
		else
			add_prefix(&said.prefixes, &fact->prefix);
		if (FACT_HAS(fact, mac))
			said.mac = fact->mac;
	}
	if (!lifetime_us || mac_is_zero(&said.mac) || mac_is_group(&said.mac) ||
	    mac_is_virtual_router(&said.mac))
		return;
	link = table_find(r->links, &vlan);
	if (!link)
		link = table_add(r->links, &vlan);
	if (!link)
		return;
	if (!link->first_us)
		link->first_us = said.last_us;
	heard(r, link, &said, lifetime_us);
}

int routers_open(struct mouth *m, struct routers **out)
{
	struct routers *r = calloc(1, sizeof(*r));
	struct table_options links = {
		.key_size = sizeof(vlan_packed), .entry_size = sizeof(struct link), .capacity = LINKS_MAX};

	if (!r)
		return -ENOMEM;
	r->mouth = m;
	if (table_open(&links, &r->links)) {
		free(r);
		return -ENOMEM;
	}
	*out = r;
	return 0;
}

uint64_t routers_evicted(const struct routers *r)
{
	return table_evicted(r->links);
}

void routers_close(struct routers *r)
{
	if (!r)
		return;
	table_close(r->links);
	free(r);
}
