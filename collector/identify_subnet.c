/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which subnet an interface is in: the longest prefix of the network's subnets that holds its address. An address of
 * the Internet that no subnet holds is in the one that stands for all of it. What routers tell of prefixes makes subnets.
 */
#include <string.h>

#include "collector/identify_inside.h"

/* A prefix shorter than this is a way of writing "everywhere", not a subnet. */
enum { BITS_MIN_4 = 8, BITS_MIN_6 = 16 };

static bool in(const struct ip *ip, const char *prefix)
{
	struct ip start;
	unsigned int bits;

	return world_prefix(prefix, strlen(prefix), &start, &bits) && world_in_prefix(ip, &start, bits);
}

/* RFC 6890's blocks that are no place of the Internet. */
static bool is_global(const struct ip *ip)
{
	static const char *const blocks[] = {
		"0.0.0.0/8",	   "10.0.0.0/8",     "100.64.0.0/10", "127.0.0.0/8",	"169.254.0.0/16",
		"172.16.0.0/12",   "192.0.0.0/24",   "192.0.2.0/24",  "192.168.0.0/16", "198.18.0.0/15",
		"198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
	};

	if (ip->version == 6)
		return in(ip, "2000::/3") && !in(ip, "2001:db8::/32");
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (in(ip, blocks[i]))
			return false;
	return ip->version == 4;
}

static const char *subnet_of(const struct world *world, const struct interface *face)
{
	bool far = !face->has_mac || face->row.now[INTERFACE_via].set;

	for (const struct subnet *subnet = world->identity.subnets; subnet; subnet = subnet->next)
		if (subnet->bits && world_in_prefix(&face->ip, &subnet->ip, subnet->bits))
			return subnet->id;
	if (!far || !is_global(&face->ip))
		return NULL;
	for (const struct subnet *subnet = world->identity.subnets; subnet; subnet = subnet->next)
		if (!subnet->bits && subnet->internet)
			return subnet->id;
	return NULL;
}

void identify_subnets(struct world *world)
{
	for (struct row *row = world->interfaces; row; row = row->next) {
		const struct interface *face = (const struct interface *)row;

		if (!row->gone && face->has_ip && (row->is_new || row_changed(row)))
			row_set_text(row, INTERFACE_subnet_id, subnet_of(world, face));
	}
}

static bool is_known(const struct subnet *list, const struct ip *ip, unsigned int bits)
{
	for (; list; list = list->next)
		if (list->bits == bits && ip_equal(&list->ip, ip))
			return true;
	return false;
}

void identify_route(struct world *world, const struct evidence *evidence)
{
	const struct fact *fact = evidence->fact;
	unsigned int bits;
	struct ip ip;

	if (!FACT_HAS(fact, prefix) || !world_prefix(fact->prefix.bytes, fact->prefix.length, &ip, &bits))
		return;
	/* Not a way to one host, nor to everywhere. */
	if (bits < (ip.version == 4 ? BITS_MIN_4 : BITS_MIN_6) || bits >= (ip.version == 4 ? 32 : 128) ||
	    ip_is_multicast(&ip) || ip_is_link_local(&ip) || in(&ip, "127.0.0.0/8"))
		return;
	if (is_known(world->identity.subnets, &ip, bits) || is_known(world->identity.new_subnets, &ip, bits))
		return;
	world_subnet(world, NULL, world_text(world, &fact->prefix), false);
}
