// SPDX-License-Identifier: BSD-2-Clause
/* The result of a SelfReport, in json-c's tree. See message.h. */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/docker/read.h"
#include "sensor/machine.h"
#include "sensor/message.h"

enum { TEXT_BYTES = 256 };

static json_object *report_interface(const struct machine *machine, const struct machine_interface *interface)
{
	json_object *object = json_object_new_object(), *addresses = json_object_new_array();
	char text[ADDR_TEXT_MAX];

	put_text(object, "name", interface->name, TEXT_BYTES);
	if (!mac_is_zero(&interface->mac))
		put_text(object, "mac", mac_text(&interface->mac, text), TEXT_BYTES);
	if (interface->kind[0])
		put_text(object, "kind", interface->kind, TEXT_BYTES);
	if (interface->vlan)
		put_number(object, "vlan", interface->vlan);
	put_text(object, "subnet_type", interface->subnet_type, TEXT_BYTES);
	put_number(object, "mtu", interface->mtu);
	put_bool(object, "up", interface->up);
	for (size_t i = 0; i < machine->address_count; i++) {
		json_object *address;

		if (machine->addresses[i].index != interface->index)
			continue;
		address = json_object_new_object();
		put_text(address, "ip", ip_text(&machine->addresses[i].ip, text), TEXT_BYTES);
		put_number(address, "prefix", machine->addresses[i].prefix);
		json_object_array_add(addresses, address);
	}
	put_object(object, "addresses", addresses);
	return object;
}

static json_object *report_engines(const struct machine *machine, const char *proxy, bool answers)
{
	json_object *engines = json_object_new_array();

	for (size_t i = 0; i < (proxy ? 1 : machine->engine_count); i++) {
		json_object *object = json_object_new_object();

		put_text(object, "url", proxy ? proxy : machine->engines[i].url, TEXT_BYTES);
		put_bool(object, "reachable", proxy ? answers : machine->engines[i].reachable);
		json_object_array_add(engines, object);
	}
	return engines;
}

static bool any_reachable(const struct machine *machine)
{
	for (size_t i = 0; i < machine->engine_count; i++)
		if (machine->engines[i].reachable)
			return true;
	return false;
}

static json_object *report_gateways(const struct machine *machine)
{
	json_object *gateways = json_object_new_array();
	char text[ADDR_TEXT_MAX];

	for (size_t i = 0; i < machine->gateway_count; i++) {
		const struct machine_gateway *gateway = &machine->gateways[i];
		json_object *object = json_object_new_object();

		put_text(object, "ip", ip_text(&gateway->ip, text), TEXT_BYTES);
		if (!mac_is_zero(&gateway->mac))
			put_text(object, "mac", mac_text(&gateway->mac, text), TEXT_BYTES);
		for (size_t n = 0; n < machine->interface_count; n++)
			if (machine->interfaces[n].index == gateway->index)
				put_text(object, "interface", machine->interfaces[n].name, TEXT_BYTES);
		json_object_array_add(gateways, object);
	}
	return gateways;
}

static json_object *report_resolvers(const struct machine *machine)
{
	json_object *resolvers = json_object_new_array();
	char text[ADDR_TEXT_MAX];

	for (size_t i = 0; i < machine->resolver_count; i++)
		json_object_array_add(resolvers, json_object_new_string(ip_text(&machine->resolvers[i], text)));
	return resolvers;
}

char *message_report(const char *id, const struct machine *machine, const char *proxy, bool answers,
		     size_t *length)
{
	json_object *root = json_object_new_object(), *data = json_object_new_object();
	json_object *interfaces = json_object_new_array();
	const char *text;
	char *out = NULL;

	for (size_t i = 0; i < machine->interface_count; i++)
		json_object_array_add(interfaces, report_interface(machine, &machine->interfaces[i]));
	put_text(data, "hostname", machine->hostname, TEXT_BYTES);
	put_text(data, "kernel", machine->system.release, TEXT_BYTES);
	put_text(data, "machine", machine->system.machine, TEXT_BYTES);
	put_bool(data, "has_docker_socket", proxy ? answers : any_reachable(machine));
	put_object(data, "engines", report_engines(machine, proxy, answers));
	put_bool(data, "has_raw_sockets", machine->abilities.raw_sockets);
	put_bool(data, "has_xdp", machine->abilities.xdp);
	put_bool(data, "has_io_uring", machine->abilities.io_uring);
	put_object(data, "gateways", report_gateways(machine));
	put_object(data, "dns_servers", report_resolvers(machine));
	put_number(data, "left_out", (int64_t)machine->left_out);
	put_object(data, "interfaces", interfaces);
	put_text(root, "type", "result", TEXT_BYTES);
	put_text(root, "id", id, TEXT_BYTES);
	put_bool(root, "ok", true);
	put_object(root, "data", data);
	text = root ? json_object_to_json_string_length(
			      root, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, length)
		    : NULL;
	if (text)
		out = strdup(text);
	json_object_put(root);
	return out;
}
