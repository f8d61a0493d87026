/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What explain says, for people and as JSON lines.
 */
#include <string.h>

#include "collector/explain.h"
#include "collector/json.h"

static const char *const device_keys[] = {"kind", "vendor", "model", "os", "os_version"};

static const struct device_claim *claim_at(const struct device *device, size_t i)
{
	const struct device_claim *const claims[] = {&device->kind, &device->vendor, &device->model,
						     &device->os, &device->os_version};

	return claims[i];
}

/* A reason's tree, a node a line. */
static void write_tree(FILE *out, const struct json *node, int depth)
{
	const char *is = "", *found = NULL, *port = NULL;
	size_t length, found_length = 0;
	struct buffer want = {0};
	bool met = false;

	json_text(json_get(node, "is"), &is, &length);
	json_text(json_get(node, "found"), &found, &found_length);
	json_text(json_get(node, "port"), &port, &length);
	json_flag(json_get(node, "met"), &met);
	if (json_get(node, "want"))
		json_write(json_get(node, "want"), &want);
	fprintf(out, "%*s%s %s%s%s%s%s", 6 + depth * 2, "", met ? "+" : "-", is, want.length ? " " : "",
		want.length ? want.bytes : "", port ? " at " : "", port ? port : "");
	if (found)
		fprintf(out, ": %.*s", (int)found_length, found);
	fputc('\n', out);
	buffer_free(&want);
	for (size_t i = 0; i < json_count(json_get(node, "of")); i++)
		write_tree(out, json_at(json_get(node, "of"), i), depth + 1);
}

static void write_reasons(FILE *out, const char *text)
{
	struct json *tree;
	const char *why;

	if (!text || json_read(text, strlen(text), &tree, &why) < 0)
		return;
	write_tree(out, tree, 0);
	json_free(tree);
}

void explain_text(FILE *out, const struct facts *facts, const struct explain_host *host,
		  const struct conclusions *conclusions, bool reasons)
{
	bool something = conclusions->services > 0;

	for (size_t i = 0; i < 5; i++)
		something |= claim_at(&conclusions->device, i)->reasons != NULL;
	if (!something)
		return;
	for (size_t i = 0; i < host->names; i++)
		fprintf(out, "%s%s", i ? " " : "", host->name[i]);
	fputc('\n', out);
	for (size_t i = 0; i < 5; i++) {
		const struct device_claim *claim = claim_at(&conclusions->device, i);

		if (claim->value)
			fprintf(out, "  %s: %s (%s, %s)\n", device_keys[i], claim->value,
				certainty_name(claim->certainty), claim->source ? claim->source : "?");
		else if (claim->reasons)
			fprintf(out, "  %s: not known, as what is known disagrees\n", device_keys[i]);
		if (reasons)
			write_reasons(out, claim->reasons);
	}
	for (size_t i = 0; i < conclusions->services; i++) {
		const struct conclusion *it = &conclusions->service[i];

		fprintf(out, "  %s (%s)", it->definition, certainty_name(it->certainty));
		for (size_t n = 0; n < it->ports; n++)
			fprintf(out, " %s:%u/%s%s",
				it->port[n].place ? facts_place(facts, it->port[n].place)->ip : "",
				it->port[n].port_h, it->port[n].udp ? "udp" : "tcp",
				it->port[n].best ? "*" : "");
		fputc('\n', out);
		if (reasons)
			write_reasons(out, it->reasons);
	}
}

static void add_names(struct buffer *out, const char *key, const char *const *name, size_t count)
{
	buffer_key(out, key);
	buffer_text(out, "[");
	for (size_t i = 0; i < count; i++) {
		if (i)
			buffer_text(out, ",");
		buffer_json(out, name[i], strlen(name[i]));
	}
	buffer_text(out, "]");
}

static void add_claim(struct buffer *out, const char *key, const struct device_claim *claim)
{
	buffer_key(out, key);
	buffer_text(out, "{\"value\":");
	if (claim->value)
		buffer_json(out, claim->value, strlen(claim->value));
	else
		buffer_text(out, "null");
	buffer_printf(out,
		      ",\"certainty\":\"%s\",\"source\":\"%s\",\"reasons\":", certainty_name(claim->certainty),
		      claim->source ? claim->source : "");
	buffer_text(out, claim->reasons);
	buffer_text(out, "}");
}

static void add_service(struct buffer *out, const struct facts *facts, const struct conclusion *it)
{
	buffer_printf(out, "{\"definition\":\"%s\",\"generic\":%s,\"certainty\":\"%s\",\"ports\":[",
		      it->definition, it->generic ? "true" : "false", certainty_name(it->certainty));
	for (size_t n = 0; n < it->ports; n++) {
		const struct conclusion_port *port = &it->port[n];
		const struct explain_place *place = facts_place(facts, port->place);

		buffer_printf(out, "%s{\"ip\":\"%s\",\"vlan\":[%s],\"port\":%u,\"proto\":\"%s\",\"best\":%s}",
			      n ? "," : "", port->place ? place->ip : "", port->place ? place->vlan : "",
			      port->port_h, port->udp ? "udp" : "tcp", port->best ? "true" : "false");
	}
	buffer_text(out, "],\"reasons\":");
	buffer_text(out, it->reasons);
	buffer_text(out, "}");
}

void explain_json(FILE *out, const struct facts *facts, const struct explain_host *host,
		  const struct conclusions *conclusions)
{
	struct buffer line = {0};

	buffer_text(&line, "{");
	add_names(&line, "macs", host->name, host->macs);
	add_names(&line, "ips", host->name + host->macs, host->names - host->macs);
	buffer_key(&line, "device");
	buffer_text(&line, "{");
	for (size_t i = 0; i < 5; i++)
		if (claim_at(&conclusions->device, i)->reasons)
			add_claim(&line, device_keys[i], claim_at(&conclusions->device, i));
	buffer_text(&line, "}");
	buffer_key(&line, "services");
	buffer_text(&line, "[");
	for (size_t i = 0; i < conclusions->services; i++) {
		if (i)
			buffer_text(&line, ",");
		add_service(&line, facts, &conclusions->service[i]);
	}
	buffer_text(&line, "]}");
	if (!line.failed)
		fprintf(out, "%s\n", line.bytes);
	buffer_free(&line);
}
