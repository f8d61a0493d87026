// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a device has told, as facts: itself, its addresses and its ports; and whom its ARP table knows. Who is plugged in where is said by
 * tell_link.c.
 */
#include <stdio.h>
#include <string.h>

#include "sensor/snmp/tell.h"

enum { PORTS_SAID_MAX = 512, ARPS_SAID_MAX = ARP_MAX };

void tell_fact(struct tell *tell, struct fact *fact)
{
	fact->first_us = fact->last_us = tell->now_us;
	fact->count = 1;
	tell->say(tell->context, fact);
}

/* A fact about the device itself. */
struct fact tell_begin(const struct tell *tell, enum fact_kind kind)
{
	return (struct fact){.kind = kind,
			     .source = SOURCE_SNMP,
			     .confidence = CONFIDENCE_ANNOUNCED,
			     .vlan = tell->device->target.vlan};
}

struct text tell_port_name(const struct port *port, char number[static PORT_NUMBER_MAX])
{
	if (port->name.length)
		return (struct text){port->name.bytes, port->name.length};
	if (port->description.length)
		return (struct text){port->description.bytes, port->description.length};
	snprintf(number, PORT_NUMBER_MAX, "%u", port->index);
	return (struct text){number, strlen(number)};
}

/* What a person wrote there, else the device's own long name for it; empty when that is its name anyway. */
struct text tell_port_description(const struct port *port)
{
	const struct words *words = port->alias.length ? &port->alias : &port->description;

	if (words == &port->description &&
	    (!port->name.length || (port->name.length == words->length &&
				    memcmp(port->name.bytes, words->bytes, words->length) == 0)))
		return (struct text){};
	return (struct text){words->bytes, words->length};
}

/* Wires and radio: IANAifType ethernetCsmacd, the older Ethernets, ieee80211, ieee8023adLag. */
bool tell_port_is_real(const struct port *port)
{
	static const uint32_t types[] = {6, 62, 69, 71, 117, 161};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i] == port->type)
			return true;
	return false;
}

/* Networks that a machine has within itself: their addresses are the same on many machines, and mean nothing outside. */
static bool is_within(const struct port *port)
{
	static const char *const names[] = {"docker", "br-",   "veth", "virbr",	  "vnet", "cni", "podman",
					    "lxc",    "lxdbr", "cali", "flannel", "tap",  "tun", "lo"};
	char number[PORT_NUMBER_MAX];
	struct text name = tell_port_name(port, number);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (name.length >= strlen(names[i]) && strncmp(name.bytes, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

static void say_service(struct tell *tell)
{
	struct fact fact = tell_begin(tell, FACT_SERVICE);

	fact.source = SOURCE_PROBE;
	fact.confidence = CONFIDENCE_MEASURED;
	FACT_SET(&fact, ip, tell->device->target.ip);
	FACT_SET(&fact, port, tell->device->target.port_h);
	FACT_SET(&fact, proto, TEXT("udp"));
	FACT_SET(&fact, state, TEXT("open"));
	tell_fact(tell, &fact);
}

static void say_name(struct tell *tell)
{
	const struct words *name = &tell->device->name;
	struct fact fact = tell_begin(tell, FACT_NAME);

	if (!name->length)
		return;
	FACT_SET(&fact, name, (struct text){name->bytes, name->length});
	FACT_SET(&fact, name_kind, memchr(name->bytes, '.', name->length) ? TEXT("fqdn") : TEXT("hostname"));
	FACT_SET(&fact, ip, tell->device->target.ip);
	if (tell->device->target.has_mac)
		FACT_SET(&fact, mac, tell->device->target.mac);
	tell_fact(tell, &fact);
}

static void say_trait(struct tell *tell, struct text key, struct text value)
{
	struct fact fact = tell_begin(tell, FACT_TRAIT);

	if (!value.length)
		return;
	FACT_SET(&fact, key, key);
	FACT_SET(&fact, value, value);
	FACT_SET(&fact, ip, tell->device->target.ip);
	if (tell->device->target.has_mac)
		FACT_SET(&fact, mac, tell->device->target.mac);
	tell_fact(tell, &fact);
}

static void say_traits(struct tell *tell)
{
	static const char *const versions[] = {"1", "2c", "3"};
	const struct device *d = tell->device;
	const struct {
		struct text key;
		const struct words *value;
	} traits[] = {
		{TEXT("snmp.description"), &d->description}, {TEXT("snmp.contact"), &d->contact},
		{TEXT("snmp.location"), &d->location},	     {TEXT("snmp.model"), &d->model},
		{TEXT("snmp.serial"), &d->serial},	     {TEXT("snmp.maker"), &d->maker},
		{TEXT("snmp.firmware"), &d->firmware},
	};
	char oid[OID_PARTS_MAX * 11];
	size_t length = 0;

	for (size_t i = 0; i < sizeof(traits) / sizeof(traits[0]); i++)
		say_trait(tell, traits[i].key, (struct text){traits[i].value->bytes, traits[i].value->length});
	for (uint32_t i = 0; i < d->object_id.length; i++)
		length += (size_t)snprintf(oid + length, sizeof(oid) - length, "%s%u", i ? "." : "",
					   d->object_id.part[i]);
	say_trait(tell, TEXT("snmp.object_id"), (struct text){oid, length});
	say_trait(tell, TEXT("snmp.version"),
		  (struct text){versions[d->version], strlen(versions[d->version])});
}

static void say_address(struct tell *tell, const struct mac *mac, const struct ip *ip,
			enum fact_confidence confidence)
{
	struct fact fact = tell_begin(tell, FACT_ADDRESS);

	fact.confidence = confidence;
	FACT_SET(&fact, mac, *mac);
	FACT_SET(&fact, ip, *ip);
	tell_fact(tell, &fact);
}

static void say_addresses(struct tell *tell)
{
	const struct device *d = tell->device;

	for (size_t i = 0; i < d->address_count; i++) {
		const struct device_address *address = &d->addresses[i];
		const struct port *port = device_port(d, address->port);
		bool asked = ip_equal(&address->ip, &d->target.ip);

		/* Whose the asked address is has been seen on the link. */
		if (port && port->has_mac && !is_within(port) && !(asked && d->target.has_mac))
			say_address(tell, &port->mac, &address->ip, CONFIDENCE_ANNOUNCED);
	}
}

bool tell_is_own(const struct tell *tell, const struct mac *mac)
{
	const struct device *d = tell->device;

	if ((d->has_bridge && mac_equal(mac, &d->bridge)) ||
	    (d->target.has_mac && mac_equal(mac, &d->target.mac)))
		return true;
	for (size_t i = 0; i < d->port_count; i++)
		if (d->ports[i].has_mac && mac_equal(mac, &d->ports[i].mac))
			return true;
	return false;
}

/* Hours may have passed since it was resolved: the device says so of others, nobody has seen them now. */
static void say_arps(struct tell *tell)
{
	const struct device *d = tell->device;

	for (size_t i = 0; i < d->arp_count; i++) {
		const struct port *port = device_port(d, d->arps[i].port);

		if (!(port && is_within(port)) && !tell_is_own(tell, &d->arps[i].mac))
			say_address(tell, &d->arps[i].mac, &d->arps[i].ip, CONFIDENCE_INFERRED);
	}
}

/* port: NULL for the device as a whole, which has this MAC too. */
static void say_port(struct tell *tell, const struct port *port, const struct mac *mac)
{
	const struct device *d = tell->device;
	struct fact fact = tell_begin(tell, FACT_NEIGHBOR);
	struct text description = port ? tell_port_description(port) : (struct text){};
	char number[PORT_NUMBER_MAX];
	struct ip_list management = {.count = 1, .item = {d->target.ip}};

	if (mac)
		FACT_SET(&fact, mac, *mac);
	FACT_SET(&fact, chassis, tell->chassis);
	if (port)
		FACT_SET(&fact, port_id, tell_port_name(port, number));
	if (description.length)
		FACT_SET(&fact, port_description, description);
	if (d->name.length)
		FACT_SET(&fact, system_name, (struct text){d->name.bytes, d->name.length});
	if (d->description.length)
		FACT_SET(&fact, system_description, (struct text){d->description.bytes, d->description.length});
	if (d->model.length)
		FACT_SET(&fact, platform, (struct text){d->model.bytes, d->model.length});
	if (port && port->vlan)
		FACT_SET(&fact, native_vlan, port->vlan);
	if (tell->capabilities.count)
		FACT_SET(&fact, capabilities, &tell->capabilities);
	FACT_SET(&fact, management, &management);
	tell_fact(tell, &fact);
}

static bool is_said(const struct port *port)
{
	return port->up && tell_port_is_real(port) && !is_within(port);
}

/* A MAC that no port has is said once, of the device as a whole. */
static void say_mac(struct tell *tell, const struct mac *mac)
{
	const struct device *d = tell->device;

	if (mac_is_virtual_router(mac))
		return;
	for (size_t i = 0; i < d->port_count; i++)
		if (is_said(&d->ports[i]) && d->ports[i].has_mac && mac_equal(&d->ports[i].mac, mac))
			return;
	say_port(tell, NULL, mac);
}

/* Those of the address asked, of its bridge, and of interfaces between networks. By the chassis all are one device. */
static void say_self(struct tell *tell)
{
	const struct device *d = tell->device;

	if (tell->has_mac)
		say_mac(tell, &tell->mac);
	if (d->has_bridge && !mac_equal(&d->bridge, &tell->mac))
		say_mac(tell, &d->bridge);
	for (size_t i = 0; i < d->address_count; i++) {
		const struct port *port = device_port(d, d->addresses[i].port);

		if (port && port->has_mac && !is_said(port) && !is_within(port) &&
		    !mac_equal(&port->mac, &tell->mac) && !(d->has_bridge && mac_equal(&port->mac, &d->bridge)))
			say_mac(tell, &port->mac);
	}
}

static void say_ports(struct tell *tell)
{
	const struct device *d = tell->device;
	size_t said = 0;

	for (size_t i = 0; i < d->port_count && said < PORTS_SAID_MAX; i++)
		if (is_said(&d->ports[i])) {
			say_port(tell, &d->ports[i],
				 d->ports[i].has_mac ? &d->ports[i].mac
				 : tell->has_mac     ? &tell->mac
						     : NULL);
			said++;
		}
}

void tell_capabilities(uint32_t bits, struct text_list *out)
{
	static const char *const names[] = {"other",  "repeater", "bridge", "wlan-ap", "router", "telephone",
					    "docsis", "station",  "c-vlan", "s-vlan",  "tpmr"};

	out->count = 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (bits & 1u << i)
			out->item[out->count++] = (struct text){names[i], strlen(names[i])};
}

/* As LLDP's frames of the device have it, so that both are known to be of one; else by what stands for it as well. */
static void find_chassis(struct tell *tell)
{
	const struct device *d = tell->device;

	tell->has_mac = d->target.has_mac || d->has_bridge;
	tell->mac = d->target.has_mac ? d->target.mac : d->bridge;
	for (size_t i = 0; i < d->port_count && !tell->has_mac; i++)
		if (d->ports[i].has_mac && d->ports[i].up && tell_port_is_real(&d->ports[i]) &&
		    !is_within(&d->ports[i])) {
			tell->has_mac = true;
			tell->mac = d->ports[i].mac;
		}
	tell->chassis = tell_named(&d->chassis, CHASSIS_MAC, CHASSIS_NETWORK, tell->chassis_text);
	if (!tell->chassis.length) {
		const char *text = d->has_bridge   ? mac_text(&d->bridge, tell->chassis_text)
				   : tell->has_mac ? mac_text(&tell->mac, tell->chassis_text)
						   : ip_text(&d->target.ip, tell->chassis_text);

		tell->chassis = (struct text){text, strlen(text)};
	}
}

/* A MAC, an address with its family before it, or text as it is (IEEE 802.1AB, tables 8-2 and 8-3). */
struct text tell_named(const struct named *named, uint8_t mac_subtype, uint8_t network_subtype,
		       char out[static ADDR_TEXT_MAX])
{
	const char *bytes = named->id.bytes;
	size_t length = named->id.length;
	struct mac mac;
	struct ip ip;

	if (named->subtype == mac_subtype && length == sizeof(mac.bytes)) {
		memcpy(mac.bytes, bytes, sizeof(mac.bytes));
		mac_text(&mac, out);
		return (struct text){out, strlen(out)};
	}
	if (named->subtype == network_subtype &&
	    ((length == 5 && bytes[0] == 1) || (length == 17 && bytes[0] == 2))) {
		ip = bytes[0] == 1 ? ip_from_v4(bytes + 1) : ip_from_v6(bytes + 1);
		ip_text(&ip, out);
		return (struct text){out, strlen(out)};
	}
	while (length && (bytes[length - 1] == 0 || bytes[length - 1] == ' '))
		length--;
	return (struct text){bytes, length};
}

void device_tell(struct device *device, int64_t now_us, void (*say)(void *context, const struct fact *fact),
		 void *context)
{
	struct tell tell = {.device = device, .now_us = now_us, .say = say, .context = context};
	uint32_t bits = device->capabilities;

	find_chassis(&tell);
	if (!device->has_capabilities)
		bits = (device->has_bridge && device->station_count ? 1u << CAPABILITY_BRIDGE : 0) |
		       (device->services & 4 ? 1u << CAPABILITY_ROUTER : 0);
	tell_capabilities(bits, &tell.capabilities);
	say_service(&tell);
	say_name(&tell);
	say_traits(&tell);
	say_addresses(&tell);
	say_self(&tell);
	say_ports(&tell);
	tell_links(&tell);
	say_arps(&tell);
}
