// SPDX-License-Identifier: BSD-2-Clause
/*
 * The report of itself. Addresses go the way of all facts, through the outbox, so that this machine is a host like any
 * other; that its interfaces are one machine's is said as their common chassis, the MAC of the first, as LLDP has it. Networks that
 * exist only inside the machine (a container engine's) are in the report and not among the facts: other machines have the same
 * addresses there.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "defs/facts.h"
#include "defs/log.h"
#include "sensor/clock.h"
#include "sensor/discover_job.h"
#include "sensor/discover_self.h"
#include "sensor/docker/engine.h"
#include "sensor/machine.h"
#include "sensor/settings.h"

enum { VERSION_BYTES_MAX = 256 << 10 };

static const struct machine_interface *interface_of(const struct machine *m, unsigned int index)
{
	for (size_t i = 0; i < m->interface_count; i++)
		if (m->interfaces[i].index == index)
			return &m->interfaces[i];
	return NULL;
}

static bool is_told(const struct machine_interface *interface)
{
	return interface && interface->up && !interface->loopback && !mac_is_zero(&interface->mac) &&
	       !mac_is_group(&interface->mac) && strcmp(interface->subnet_type, "DockerBridge") != 0;
}

static struct fact fact_of(const struct machine_interface *interface, enum fact_kind kind)
{
	int64_t now_us = clock_wall_now_us();
	struct fact fact = {.kind = kind,
			    .source = SOURCE_SENSOR,
			    .confidence = CONFIDENCE_ANNOUNCED,
			    .first_us = now_us,
			    .last_us = now_us,
			    .count = 1};

	if (interface->vlan)
		fact.vlan = (struct vlan_tags){.count = 1, .id = {interface->vlan}};
	FACT_SET(&fact, mac, interface->mac);
	return fact;
}

static struct text text_of(const char *text)
{
	return (struct text){.bytes = text, .length = strlen(text)};
}

/* The interface's name, the machine's name, and the chassis. */
static void say_interface(struct job *job, const struct machine *m, const struct machine_interface *interface,
			  const char *chassis)
{
	struct fact name = fact_of(interface, FACT_NAME), neighbor = fact_of(interface, FACT_NEIGHBOR);

	if (m->hostname[0] && strcmp(m->hostname, "localhost") != 0) {
		FACT_SET(&name, name, text_of(m->hostname));
		FACT_SET(&name, name_kind, text_of("hostname"));
		job_fact(job, &name);
		FACT_SET(&neighbor, system_name, text_of(m->hostname));
	}
	FACT_SET(&neighbor, chassis, text_of(chassis));
	FACT_SET(&neighbor, port_id, text_of(interface->name));
	job_fact(job, &neighbor);
}

static bool has_address(const struct machine *m, const struct machine_interface *interface)
{
	for (size_t i = 0; i < m->address_count; i++)
		if (m->addresses[i].index == interface->index)
			return true;
	return false;
}

void self_say_machine(struct job *job, const struct machine *m)
{
	char chassis[ADDR_TEXT_MAX] = "";

	for (size_t i = 0; i < m->address_count; i++) {
		const struct machine_interface *interface = interface_of(m, m->addresses[i].index);
		struct fact fact;

		if (!is_told(interface))
			continue;
		fact = fact_of(interface, FACT_ADDRESS);
		FACT_SET(&fact, ip, m->addresses[i].ip);
		job_fact(job, &fact);
	}
	for (size_t i = 0; i < m->interface_count; i++) {
		const struct machine_interface *interface = &m->interfaces[i];

		if (!is_told(interface) || !has_address(m, interface))
			continue;
		if (!chassis[0])
			mac_text(&interface->mac, chassis);
		say_interface(job, m, interface, chassis);
	}
}

size_t self_macs(const struct machine *m, struct mac out[static SELF_MACS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < m->interface_count && count < SELF_MACS_MAX; i++)
		if (is_told(&m->interfaces[i]) && has_address(m, &m->interfaces[i]))
			out[count++] = m->interfaces[i].mac;
	return count;
}

/* The gateways, each with the resolvers: who names the hosts of that network is known by it. */
static void say_ways(struct job *job, const struct machine *m)
{
	struct ip_list resolvers = {0};

	for (size_t i = 0; i < m->resolver_count; i++)
		resolvers.item[resolvers.count++] = m->resolvers[i];
	for (size_t i = 0; i < m->gateway_count; i++) {
		const struct machine_gateway *gateway = &m->gateways[i];
		const struct machine_interface *interface = interface_of(m, gateway->index);
		struct fact fact;

		if (!is_told(interface))
			continue;
		fact = fact_of(interface, FACT_ROUTE);
		fact.has = 0;
		if (!mac_is_zero(&gateway->mac))
			FACT_SET(&fact, mac, gateway->mac);
		FACT_SET(&fact, ip, gateway->ip);
		FACT_SET(&fact, prefix, text_of(gateway->ip.version == 4 ? "0.0.0.0/0" : "::/0"));
		if (resolvers.count)
			FACT_SET(&fact, dns, &resolvers);
		job_fact(job, &fact);
	}
}

/* Whether the engine that is to be asked somewhere else than at the machine's sockets answers. */
static bool proxy_answers(struct job *job)
{
	const struct settings *settings = job_settings(job);
	const struct engine_options options = {.url = settings->docker_proxy,
					       .ca_file = settings->docker_proxy_ssl_chain,
					       .cert_file = settings->docker_proxy_ssl_cert,
					       .key_file = settings->docker_proxy_ssl_key,
					       .stop = job_stop(job)};
	struct engine *engine;
	char *answer = NULL;
	size_t length;
	bool answers;

	if (!settings->docker_proxy || engine_open(&options, &engine))
		return false;
	answers = !engine_get(engine, "/version", VERSION_BYTES_MAX, &answer, &length);
	if (!answers)
		log_info("%s", engine_why(engine));
	free(answer);
	engine_close(engine);
	return answers;
}

static void self_report(struct job *job, void *taken)
{
	struct machine *machine = malloc(sizeof(*machine));
	size_t length = 0;
	char *text;
	int error = machine ? machine_read(machine) : -ENOMEM;

	free(taken);
	if (error) {
		log_warn("the kernel does not tell of this machine's interfaces: %s", strerror(-error));
		job_fail(job, "The sensor's kernel does not tell of its interfaces (rtnetlink failed); the "
			      "sensor's log says "
			      "why. Start the discovery again when that is mended.");
		free(machine);
		return;
	}
	job_progress(job, "Scanning", 50);
	self_say_machine(job, machine);
	say_ways(job, machine);
	text = message_report(job_id(job), machine, job_settings(job)->docker_proxy, proxy_answers(job),
			      &length);
	job_done(job, text, length);
	log_info("told the collector of this machine: %zu interfaces, %zu addresses", machine->interface_count,
		 machine->address_count);
	free(machine);
}

const struct discover_type discover_self = {.name = "SelfReport", .run = self_report};
