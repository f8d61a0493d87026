// SPDX-License-Identifier: BSD-2-Clause
/*
 * Who is at which port of a device: those that say so by LLDP or CDP, and those whose addresses its bridge has learned there. Behind a
 * port that leads to another bridge are all that hang on that one: those are not said to be at this port.
 */
#include <stdlib.h>
#include <string.h>

#include "sensor/snmp/tell.h"

enum { STATIONS_AT_PORT_MAX = 64 }; /* with more it is a way to somewhere, whatever is there does not say so */

static struct port *port_of_bridge(const struct device *d, uint32_t bridge_port)
{
	for (size_t i = 0; i < d->bridge_port_count; i++)
		if (d->bridge_ports[i].from == bridge_port)
			return device_port(d, d->bridge_ports[i].to);
	/* Without the table both numbers are one, as a rule. */
	return d->bridge_port_count ? NULL : device_port(d, bridge_port);
}

static bool words_equal(const struct words *a, const struct words *b)
{
	return a->length && a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
}

/* Some give all their ports one MAC: then it tells nothing. */
static struct port *port_by_mac(const struct device *d, const struct words *id)
{
	struct port *found = NULL;

	for (size_t i = 0; i < d->port_count; i++) {
		struct port *port = &d->ports[i];

		if (!port->has_mac || !tell_port_is_real(port) || id->length != sizeof(port->mac.bytes) ||
		    memcmp(id->bytes, port->mac.bytes, sizeof(port->mac.bytes)) != 0)
			continue;
		if (found)
			return NULL;
		found = port;
	}
	return found;
}

/* By what LLDP calls its own port: agents number them as they like. */
static struct port *port_by_lldp(const struct device *d, const struct lldp_port *lldp)
{
	struct port *one;

	for (size_t i = 0; i < d->port_count; i++) {
		struct port *port = &d->ports[i];
		const struct words *id = &lldp->id.id;

		if (words_equal(id, &port->name) || words_equal(id, &port->description) ||
		    (lldp->id.subtype == 1 && words_equal(id, &port->alias)))
			return port;
	}
	if (lldp->id.subtype == PORT_MAC && (one = port_by_mac(d, &lldp->id.id)))
		return one;
	for (size_t i = 0; i < d->port_count; i++)
		if (words_equal(&lldp->description, &d->ports[i].description) ||
		    words_equal(&lldp->description, &d->ports[i].name) ||
		    words_equal(&lldp->description, &d->ports[i].alias))
			return &d->ports[i];
	return NULL;
}

static struct port *port_of_remote(const struct device *d, const struct remote *remote)
{
	struct port *port = NULL;

	if (remote->cdp)
		return device_port(d, remote->port);
	for (size_t i = 0; i < d->lldp_port_count && !port; i++)
		if (d->lldp_ports[i].number == remote->port)
			port = port_by_lldp(d, &d->lldp_ports[i]);
	if (!port) {
		port = device_port(d, remote->port);
		if (port && !tell_port_is_real(port))
			port = NULL;
	}
	return port ? port : port_of_bridge(d, remote->port);
}

/* What is behind leads on. A telephone bridges too, for the one computer that is plugged into it. */
static bool leads_on(const struct remote *remote)
{
	uint32_t ways = 1u << CAPABILITY_BRIDGE | 1u << CAPABILITY_ROUTER,
		 ends = 1u << CAPABILITY_TELEPHONE | 1u << CAPABILITY_WLAN | 1u << CAPABILITY_STATION;

	return remote->capabilities & ways && !(remote->capabilities & ends);
}

static void begin_link(struct tell *tell, const struct port *port, struct fact *fact,
		       char number[static PORT_NUMBER_MAX])
{
	const struct device *d = tell->device;
	struct text description = tell_port_description(port);

	*fact = tell_begin(tell, FACT_LINK);
	if (tell->has_mac)
		FACT_SET(fact, mac, tell->mac);
	FACT_SET(fact, ip, d->target.ip);
	FACT_SET(fact, chassis, tell->chassis);
	FACT_SET(fact, port_id, tell_port_name(port, number));
	if (description.length)
		FACT_SET(fact, port_description, description);
	if (d->name.length)
		FACT_SET(fact, system_name, (struct text){d->name.bytes, d->name.length});
	if (port->speed)
		FACT_SET(fact, speed_bps, port->speed);
	if (d->has_bridge)
		FACT_SET(fact, stations, port->stations);
}

static void set_text(struct fact *fact, struct text *member, enum fact_field field, struct text value)
{
	if (!value.length)
		return;
	*member = value;
	fact->has |= UINT64_C(1) << field;
}

static struct text text_of(const struct words *words)
{
	return (struct text){words->bytes, words->length};
}

/* Its own MAC, where it names one. */
static bool mac_of_remote(const struct remote *remote, struct mac *out)
{
	const struct words *id = remote->port_id.subtype == PORT_MAC && !remote->cdp	  ? &remote->port_id.id
				 : remote->chassis.subtype == CHASSIS_MAC && !remote->cdp ? &remote->chassis.id
											  : NULL;

	if (!id || id->length != sizeof(out->bytes))
		return false;
	memcpy(out->bytes, id->bytes, sizeof(out->bytes));
	return !mac_is_zero(out) && !mac_is_group(out);
}

static void say_remote(struct tell *tell, const struct remote *remote, const struct port *port)
{
	char number[PORT_NUMBER_MAX], chassis[ADDR_TEXT_MAX], peer_port[ADDR_TEXT_MAX];
	struct text_list capabilities;
	struct ip_list management = {};
	struct fact fact;
	struct mac mac;

	begin_link(tell, port, &fact, number);
	fact.source = remote->cdp ? SOURCE_CDP : SOURCE_LLDP;
	if (mac_of_remote(remote, &mac))
		FACT_SET(&fact, peer_mac, mac);
	set_text(&fact, &fact.peer_chassis, FIELD_peer_chassis,
		 tell_named(&remote->chassis, CHASSIS_MAC, CHASSIS_NETWORK, chassis));
	set_text(&fact, &fact.peer_port, FIELD_peer_port,
		 tell_named(&remote->port_id, PORT_MAC, PORT_NETWORK, peer_port));
	set_text(&fact, &fact.peer_port_description, FIELD_peer_port_description,
		 text_of(&remote->port_description));
	set_text(&fact, &fact.peer_name, FIELD_peer_name,
		 text_of(remote->name.length || !remote->cdp ? &remote->name : &remote->chassis.id));
	set_text(&fact, &fact.platform, FIELD_platform,
		 text_of(remote->platform.length ? &remote->platform : &remote->description));
	if (remote->has_capabilities) {
		tell_capabilities(remote->capabilities, &capabilities);
		FACT_SET(&fact, capabilities, &capabilities);
	}
	for (size_t i = 0; i < remote->address_count; i++)
		management.item[management.count++] = remote->address[i];
	if (management.count)
		FACT_SET(&fact, management, &management);
	if (remote->native_vlan)
		FACT_SET(&fact, native_vlan, remote->native_vlan);
	if (FACT_HAS(&fact, peer_mac) || FACT_HAS(&fact, peer_chassis))
		tell_fact(tell, &fact);
}

/* A station, at its port, in its VLAN. */
struct seen {
	struct port *port;
	struct mac mac;
	uint16_t vlan;
};

static int compare(const void *left, const void *right)
{
	const struct seen *a = left, *b = right;
	int order = a->port->index < b->port->index ? -1 : a->port->index > b->port->index;

	order = order ? order : memcmp(a->mac.bytes, b->mac.bytes, sizeof(a->mac.bytes));
	return order ? order : (int)a->vlan - (int)b->vlan;
}

static uint16_t vlan_of(const struct device *d, const struct station *station, const struct port *port)
{
	for (size_t i = 0; i < d->filter_count; i++)
		if (d->filters[i].from == station->filter)
			return (uint16_t)d->filters[i].to;
	if (station->filter >= 1 && station->filter <= VLAN_ID_MAX)
		return (uint16_t)station->filter;
	return (uint16_t)port->vlan;
}

/* All stations but the device itself, in order; their number. */
static size_t collect(struct tell *tell, struct seen *out)
{
	const struct device *d = tell->device;
	size_t count = 0;

	for (size_t i = 0; i < d->station_count; i++) {
		const struct station *station = &d->stations[i];
		struct port *port = port_of_bridge(d, station->bridge_port);

		if (port && !tell_is_own(tell, &station->mac))
			out[count++] = (struct seen){port, station->mac, vlan_of(d, station, port)};
	}
	if (count)
		qsort(out, count, sizeof(*out), compare);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || out[i].port != out[i - 1].port || !mac_equal(&out[i].mac, &out[i - 1].mac))
			out[i].port->stations++;
	return count;
}

static void say_station(struct tell *tell, const struct seen *seen)
{
	char number[PORT_NUMBER_MAX];
	struct fact fact;

	begin_link(tell, seen->port, &fact, number);
	fact.confidence = CONFIDENCE_MEASURED;
	fact.vlan = (struct vlan_tags){};
	if (seen->vlan)
		fact.vlan = (struct vlan_tags){.count = 1, .id = {seen->vlan}};
	FACT_SET(&fact, peer_mac, seen->mac);
	tell_fact(tell, &fact);
}

/* That there are many, at this port. */
static void say_many(struct tell *tell, const struct port *port)
{
	char number[PORT_NUMBER_MAX];
	struct fact fact;

	begin_link(tell, port, &fact, number);
	fact.confidence = CONFIDENCE_MEASURED;
	tell_fact(tell, &fact);
}

void tell_links(struct tell *tell)
{
	struct device *d = tell->device;
	struct seen *all = d->station_count ? calloc(d->station_count, sizeof(*all)) : NULL;
	size_t count = all ? collect(tell, all) : 0;

	for (size_t i = 0; i < d->remote_count; i++) {
		struct port *port = port_of_remote(d, &d->remotes[i]);

		if (!port) {
			d->malformed++;
			continue;
		}
		port->uplink |= leads_on(&d->remotes[i]);
		say_remote(tell, &d->remotes[i], port);
	}
	for (size_t i = 0; i < count; i++) {
		const struct port *port = all[i].port;

		if (!port->uplink && port->stations <= STATIONS_AT_PORT_MAX)
			say_station(tell, &all[i]);
		else if (!port->uplink && (i == 0 || all[i - 1].port != port))
			say_many(tell, port);
	}
	free(all);
}
