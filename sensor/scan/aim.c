// SPDX-License-Identifier: BSD-2-Clause
/* Putting targets, exclusions, scope and ports together. See aim.h. */
#include "sensor/scan/aim.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "defs/asked.h"
#include "sensor/probe/never.h"
#include "sensor/probe/ports.h"
#include "sensor/probe/route.h"
#include "sensor/probe/source.h"
#include "sensor/probe/space.h"
#include "sensor/scan/scan.h"

enum { PORT_TEXT_MAX = 12 }; /* "65535-65535," */

static enum never_class allowed(const struct scan_options *o)
{
	return (enum never_class)((o->raw_print ? NEVER_PRINT : 0) | (o->industrial ? NEVER_INDUSTRIAL : 0));
}

/* All but those that are never asked by accident; *left_out counts these. */
static void add_range(struct ports *ports, enum never_class allow, uint32_t *left_out)
{
	for (uint32_t port = 1; port <= PORTS_ALL; port++)
		*left_out += !ports_add(ports, (uint16_t)port, allow);
}

static void add_asked(struct ports *ports, enum never_class allow, uint32_t *left_out)
{
	for (size_t i = 0; i < asked_tcp_port_count; i++)
		*left_out += !ports_add(ports, asked_tcp_ports[i], allow);
}

static int open_ports(const struct scan_options *o, struct ports **out, uint32_t *left_out)
{
	struct ports *ports;
	int error = ports_open(&ports);

	if (error)
		return error;
	*left_out = 0;
	if (o->ports && strcmp(o->ports, "all") != 0)
		error = ports_parse(ports, o->ports);
	else if (o->ports || o->full)
		add_range(ports, allowed(o), left_out);
	else
		add_asked(ports, allowed(o), left_out);
	if (!error && o->ports_by_flag)
		*left_out += (uint32_t)ports_keep(ports, allowed(o));
	if (error) {
		ports_close(ports);
		return error;
	}
	*out = ports;
	return 0;
}

char *aim_ports_text(const struct scan_options *o, size_t *count)
{
	struct ports *ports;
	uint32_t left_out;
	size_t used = 0;
	char *text;

	*count = 0;
	if (open_ports(o, &ports, &left_out))
		return NULL;
	*count = ports_count(ports);
	text = calloc(*count + 1, PORT_TEXT_MAX);
	for (size_t i = 0; text && i < *count;) {
		size_t last = i;

		while (last + 1 < *count && ports_at(ports, last + 1) == ports_at(ports, last) + 1)
			last++;
		used += (size_t)snprintf(text + used, PORT_TEXT_MAX + 1, "%s%u", used ? "," : "",
					 ports_at(ports, i));
		if (last > i)
			used += (size_t)snprintf(text + used, PORT_TEXT_MAX, "-%u", ports_at(ports, last));
		i = last + 1;
	}
	ports_close(ports);
	return text;
}

static int confine(const struct scan_options *o, struct aim *a, char *why)
{
	size_t subnets, count = 0;
	const struct prefix *own = route_subnets(a->route, &subnets);
	struct prefix *scope = calloc(subnets + o->scope_count + 1, sizeof(*scope));
	int error;

	if (!scope)
		return -ENOMEM;
	for (size_t i = 0; i < subnets; i++)
		scope[count++] = own[i];
	for (size_t i = 0; i < o->scope_count; i++)
		scope[count++] = o->scope[i];
	error = space_confine(a->space, scope, count, why);
	if (error == -EPERM)
		snprintf(why + strlen(why), SPACE_WHY_BYTES - strlen(why),
			 ". It is not in a subnet of this sensor; --scan-allow names what it may ask beside "
			 "those");
	free(scope);
	return error;
}

/* All nodes of the link were asked for: those whose addresses the kernel knows are asked like any other. */
static int add_learned(struct aim *a)
{
	size_t count;
	const struct route_neighbor *neighbors = route_neighbors(a->route, &count);
	int error = 0;

	for (size_t i = 0; !error && i < count; i++)
		if (neighbors[i].ip.version == 6)
			error = space_add_ip(a->space, &neighbors[i].ip);
	return error;
}

static int open_space(const struct scan_options *o, struct aim *a, char *why)
{
	size_t count;
	const struct prefix *prefixes;
	int error = space_open(&a->space);

	for (size_t i = 0; !error && i < o->target_count; i++)
		error = space_target(a->space, o->targets[i], why);
	for (size_t i = 0; !error && i < o->exclude_count; i++)
		error = space_exclude(a->space, o->excludes[i], why);
	if (!error && o->scope)
		error = confine(o, a, why);
	if (!error && space_all_nodes(a->space))
		error = add_learned(a);
	prefixes = route_subnets(a->route, &count);
	for (size_t i = 0; !error && i < count; i++)
		error = space_subnet(a->space, &prefixes[i]);
	prefixes = route_addresses(a->route, &count);
	for (size_t i = 0; !error && i < count; i++)
		error = space_exclude_ip(a->space, &prefixes[i].ip);
	return error ? error : space_ready(a->space);
}

/* Whether this port leads to the targets: the first and the last of them, as the others are between. */
static int check_way(const struct scan_options *o, const struct aim *a, char *why, size_t why_size)
{
	uint64_t numbers[] = {0, space_count(a->space) - 1};
	char text[ADDR_TEXT_MAX];

	for (size_t i = 0; i < 2 && space_count(a->space); i++) {
		struct ip ip = space_at(a->space, numbers[i]), hop;
		int error = route_hop(a->route, &ip, &hop);

		if (!error)
			continue;
		snprintf(why, why_size,
			 "No way leads from %s to %s: it is not on the link, and no router is known there. "
			 "--interface names another "
			 "port.",
			 o->interface, ip_text(&ip, text));
		return error;
	}
	return 0;
}

static void note_left_out(const struct aim *a, const struct scan_sink *sink)
{
	char note[SCAN_NOTE_MAX];

	if (!a->ports_left_out)
		return;
	snprintf(note, sizeof(note),
		 "%" PRIu32 " ports were left out: raw printing (printers print what they are sent) and "
		 "industrial protocols; they are "
		 "asked only when that is said by name.",
		 a->ports_left_out);
	sink->note(sink->context, note);
}

int aim_open(const struct scan_options *o, const struct scan_sink *sink, struct aim *out, char *why,
	     size_t why_size)
{
	char reason[SPACE_WHY_BYTES] = "";
	struct aim a = {0};
	int error = route_read(o->interface, &a.route);

	if (error) {
		snprintf(why, why_size, "The port %s can't be read: %s. `ip link` lists the ports.",
			 o->interface, strerror(-error));
		return error;
	}
	error = open_space(o, &a, reason);
	if (error)
		snprintf(why, why_size, "%s", reason[0] ? reason : strerror(-error));
	if (!error && !space_count(a.space) && !space_all_nodes(a.space)) {
		error = -EINVAL;
		snprintf(
			why, why_size,
			"No address is left to ask: all targets are excluded, are the sensor's own, or are the "
			"network's and broadcast's addresses.");
	}
	if (!error) {
		error = open_ports(o, &a.ports, &a.ports_left_out);
		if (error)
			snprintf(why, why_size,
				 "The ports \"%.100s\" are not numbers and ranges from 1 to 65535, like "
				 "22,80,8000-8080, and not all.",
				 o->ports ? o->ports : "");
	}
	if (!error && !ports_count(a.ports)) {
		error = -EINVAL;
		snprintf(why, why_size,
			 "No port is left to ask: those that were named print or move things, and are asked "
			 "only "
			 "when that is allowed by name.");
	}
	if (!error)
		error = check_way(o, &a, why, why_size);
	if (!error) {
		error = source_open(a.route, a.space, &a.source);
		if (error)
			snprintf(why, why_size,
				 "The port %s has no address from which these targets can be asked: %s. A "
				 "mirror port can't be "
				 "used; name one that is part of the network.",
				 o->interface, strerror(-error));
	}
	if (error) {
		aim_close(&a);
		return error;
	}
	note_left_out(&a, sink);
	*out = a;
	return 0;
}

void aim_close(struct aim *a)
{
	if (a->source)
		source_close(a->source);
	if (a->ports)
		ports_close(a->ports);
	if (a->space)
		space_close(a->space);
	if (a->route)
		route_close(a->route);
	*a = (struct aim){0};
}
