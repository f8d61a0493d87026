// SPDX-License-Identifier: BSD-2-Clause
/*
 * Three lists of ranges: what was asked for, what is taken out, and, worked out from them, what is left, with how many addresses stand before each
 * range. An address is a number of 128 bits; IPv4 and IPv6 are told apart by the version beside it.
 */
#include "sensor/probe/space.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/probe/space_text.h"

#define ALL_NODES (((space_address)0xff02 << 112) + 1) /* RFC 4291 section 2.7.1 */

struct list {
	struct space_range *ranges;
	size_t count, room;
};

struct space {
	struct list targets, excludes, left;
	uint64_t *before; /* for each of left: addresses in those before it */
	uint64_t count;
	bool stale, all_nodes;
};

/* What no target may hold, with the reason. */
static const struct {
	uint8_t version, length;
	uint8_t bytes[16];
	const char *why;
} forbidden[] = {
	{4, 8, {0}, "is \"this network\" (RFC 1122), no host's address"},
	{4, 8, {127}, "is loopback"},
	{4, 4, {224}, "is multicast"},
	{4, 32, {255, 255, 255, 255}, "is broadcast"},
	{4, 4, {240}, "is reserved (RFC 1112)"},
	{6, 128, {0}, "is the unspecified address"},
	{6, 128, {[15] = 1}, "is loopback"},
	{6, 8, {0xff}, "is multicast"},
	{6, 96, {[10] = 0xff, [11] = 0xff}, "is an IPv4 address in IPv6's form; write it as IPv4"},
};

static struct prefix forbidden_prefix(size_t i)
{
	struct prefix prefix = {.ip = {.version = forbidden[i].version}, .length = forbidden[i].length};

	memcpy(prefix.ip.bytes, forbidden[i].bytes, sizeof(prefix.ip.bytes));
	return prefix;
}

const char *space_forbidden(const struct ip *ip)
{
	for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++) {
		struct prefix prefix = forbidden_prefix(i);

		if (prefix_holds(&prefix, ip))
			return forbidden[i].why;
	}
	return NULL;
}

int space_open(struct space **out)
{
	struct space *space = calloc(1, sizeof(*space));

	if (!space)
		return -ENOMEM;
	*out = space;
	return 0;
}

static int list_add(struct list *list, struct space_range range)
{
	if (list->count == list->room) {
		size_t room = list->room ? list->room * 2 : 16;
		struct space_range *ranges = reallocarray(list->ranges, room, sizeof(*ranges));

		if (!ranges)
			return -ENOMEM;
		list->ranges = ranges;
		list->room = room;
	}
	list->ranges[list->count++] = range;
	return 0;
}

static int add_bounded(struct space *space, struct list *list, struct space_range range, char *why)
{
	int error = list->count < SPACE_RANGES_MAX ? list_add(list, range) : -E2BIG;

	if (error)
		snprintf(why, SPACE_WHY_BYTES,
			 error == -ENOMEM ? "not enough memory for the targets"
					  : "more than %d targets or exclusions; write neighbouring ones as a "
					    "prefix or range",
			 SPACE_RANGES_MAX);
	space->stale = true;
	return error;
}

/* The reason that all of a range must not be asked, or NULL. */
static const char *forbidden_whole(const struct space_range *range)
{
	for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++) {
		struct prefix prefix = forbidden_prefix(i);
		struct space_range no = space_range_of(&prefix);

		if (no.version == range->version && no.first <= range->first && range->last <= no.last)
			return forbidden[i].why;
	}
	return NULL;
}

int space_target(struct space *space, const char *text, char *why)
{
	struct space_range range;
	const char *reason;
	bool is_prefix;

	if (space_range_parse(text, &range, &is_prefix)) {
		snprintf(why, SPACE_WHY_BYTES,
			 "\"%.64s\" is no address, prefix (192.0.2.0/24) or range (192.0.2.10-20)", text);
		return -EINVAL;
	}
	if (range.version == 6 && range.first == ALL_NODES && range.last == ALL_NODES) {
		space->all_nodes = true;
		return 0;
	}
	reason = forbidden_whole(&range);
	if (reason) {
		snprintf(why, SPACE_WHY_BYTES, "%.64s %s, and never asked", text, reason);
		return -EPERM;
	}
	if (range.version == 6 && range.last - range.first >= SPACE_IPV6_MAX) {
		snprintf(why, SPACE_WHY_BYTES,
			 "%.64s holds more than %d addresses: IPv6 networks are not swept; name addresses, or "
			 "a prefix from /112 on",
			 text, SPACE_IPV6_MAX);
		return -E2BIG;
	}
	/* Network and broadcast address: RFC 1122 section 3.2.1.3; with 31 bits there are none (RFC 3021). */
	if (is_prefix && range.version == 4 && range.last - range.first >= 3) {
		range.first++;
		range.last--;
	}
	return add_bounded(space, &space->targets, range, why);
}

int space_exclude(struct space *space, const char *text, char *why)
{
	struct space_range range;
	bool is_prefix;

	if (space_range_parse(text, &range, &is_prefix)) {
		snprintf(why, SPACE_WHY_BYTES,
			 "\"%.64s\" is no address, prefix (192.0.2.0/24) or range (192.0.2.10-20)", text);
		return -EINVAL;
	}
	return add_bounded(space, &space->excludes, range, why);
}

int space_exclude_ip(struct space *space, const struct ip *ip)
{
	const space_address address = space_address_of(ip);

	space->stale = true;
	return list_add(&space->excludes,
			(struct space_range){.first = address, .last = address, .version = ip->version});
}

int space_add_ip(struct space *space, const struct ip *ip)
{
	const space_address address = space_address_of(ip);

	space->stale = true;
	return list_add(&space->targets,
			(struct space_range){.first = address, .last = address, .version = ip->version});
}

bool space_all_nodes(const struct space *space)
{
	return space->all_nodes;
}

int space_subnet(struct space *space, const struct prefix *subnet)
{
	struct space_range range = space_range_of(subnet), edge = range;
	int error;

	if (range.version != 4 || range.last - range.first < 3)
		return 0;
	space->stale = true;
	edge.last = edge.first;
	error = list_add(&space->excludes, edge);
	edge.first = edge.last = range.last;
	return error ? error : list_add(&space->excludes, edge);
}

static int by_first(const void *a, const void *b)
{
	const struct space_range *x = a, *y = b;

	if (x->version != y->version)
		return x->version < y->version ? -1 : 1;
	return x->first == y->first ? 0 : x->first < y->first ? -1 : 1;
}

/* Sort, and make one of those that touch. */
static void merge(struct list *list)
{
	size_t kept = 0;

	if (!list->count)
		return;
	qsort(list->ranges, list->count, sizeof(list->ranges[0]), by_first);
	for (size_t i = 1; i < list->count; i++) {
		const struct space_range *next = &list->ranges[i];
		struct space_range *last = &list->ranges[kept];

		if (next->version != last->version ||
		    (next->first > last->last && next->first - last->last > 1))
			list->ranges[++kept] = *next;
		else if (next->last > last->last)
			last->last = next->last;
	}
	list->count = kept + 1;
}

/* What of a merged list's ranges is in none of another's is added to left. */
static int subtract(const struct list *from, const struct list *what, struct list *left)
{
	size_t k = 0;

	for (size_t i = 0; i < from->count; i++) {
		struct space_range rest = from->ranges[i];
		bool more = true;

		while (k < what->count &&
		       (what->ranges[k].version < rest.version ||
			(what->ranges[k].version == rest.version && what->ranges[k].last < rest.first)))
			k++;
		for (size_t j = k; more && j < what->count && what->ranges[j].version == rest.version &&
				   what->ranges[j].first <= rest.last;
		     j++) {
			struct space_range part = rest;

			if (what->ranges[j].first > rest.first) {
				part.last = what->ranges[j].first - 1;
				if (list_add(left, part))
					return -ENOMEM;
			}
			more = what->ranges[j].last < rest.last;
			rest.first = what->ranges[j].last + 1;
		}
		if (more && list_add(left, rest))
			return -ENOMEM;
	}
	return 0;
}

int space_confine(struct space *space, const struct prefix *scope, size_t count, char *why)
{
	struct list allowed = {0}, outside = {0};
	int error = 0;

	for (size_t i = 0; i < count && !error; i++)
		error = list_add(&allowed, space_range_of(&scope[i]));
	merge(&allowed);
	merge(&space->targets);
	if (!error)
		error = subtract(&space->targets, &allowed, &outside);
	if (error)
		snprintf(why, SPACE_WHY_BYTES, "not enough memory for the targets");
	else if (outside.count) {
		char first[ADDR_TEXT_MAX], last[ADDR_TEXT_MAX];
		const struct space_range *range = &outside.ranges[0];
		struct ip from = space_ip_of(range->version, range->first),
			  to = space_ip_of(range->version, range->last);

		snprintf(why, SPACE_WHY_BYTES, "%s%s%s is outside of what may be asked here",
			 ip_text(&from, first), range->first == range->last ? "" : " to ",
			 range->first == range->last ? "" : ip_text(&to, last));
		error = -EPERM;
	}
	free(allowed.ranges);
	free(outside.ranges);
	return error;
}

int space_ready(struct space *space)
{
	uint64_t *before;

	if (!space->stale)
		return 0;
	for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++) {
		struct prefix prefix = forbidden_prefix(i);

		if (list_add(&space->excludes, space_range_of(&prefix)))
			return -ENOMEM;
	}
	merge(&space->targets);
	merge(&space->excludes);
	space->left.count = 0;
	if (subtract(&space->targets, &space->excludes, &space->left))
		return -ENOMEM;
	before = reallocarray(space->before, space->left.count + 1, sizeof(*before));
	if (!before)
		return -ENOMEM;
	space->before = before;
	space->count = 0;
	for (size_t i = 0; i < space->left.count; i++) {
		before[i] = space->count;
		space->count += (uint64_t)(space->left.ranges[i].last - space->left.ranges[i].first) + 1;
	}
	space->stale = false;
	return 0;
}

uint64_t space_count(const struct space *space)
{
	return space->count;
}

struct ip space_at(const struct space *space, uint64_t number)
{
	size_t low = 0, high = space->left.count;

	while (high - low > 1) {
		size_t middle = (low + high) / 2;

		if (space->before[middle] <= number)
			low = middle;
		else
			high = middle;
	}
	return space_ip_of(space->left.ranges[low].version,
			   space->left.ranges[low].first + (number - space->before[low]));
}

uint64_t space_number(const struct space *space, const struct ip *ip)
{
	const space_address address = space_address_of(ip);
	size_t low = 0, high = space->left.count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		const struct space_range *range = &space->left.ranges[middle];

		if (range->version > ip->version || (range->version == ip->version && range->first > address))
			high = middle;
		else if (range->version < ip->version || range->last < address)
			low = middle + 1;
		else
			return space->before[middle] + (uint64_t)(address - range->first);
	}
	return UINT64_MAX;
}

void space_close(struct space *space)
{
	if (!space)
		return;
	free(space->targets.ranges);
	free(space->excludes.ranges);
	free(space->left.ranges);
	free(space->before);
	free(space);
}
