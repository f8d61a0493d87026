/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a host's rows become by its conclusions. A port that is closed keeps what it was; each container is concluded by itself.
 */
#include <stdio.h>
#include <string.h>

#include "collector/recognize_subject.h"

enum certainty certainty_of(const char *name)
{
	for (enum certainty c = CERTAINTY_LOW; name && c <= CERTAINTY_CERTAIN; c++)
		if (strcmp(certainty_name(c), name) == 0)
			return c;
	return CERTAINTY_NONE;
}

static void decide(struct subject_service *service, const struct conclusion *by)
{
	service->decided = true;
	service->is_definition = by ? by->definition : NULL;
	service->is_certainty = by ? by->certainty : CERTAINTY_NONE;
}

/* Its ports: the best that is said of each. */
static void decide_ports(struct subject *subject, const struct conclusions *all)
{
	for (struct subject_service *service = subject->services; service; service = service->next)
		if (service->open && service->port_h && !service->container && !service->concluded)
			decide(service, NULL);
	for (size_t i = 0; i < all->services; i++)
		for (size_t k = 0; k < all->service[i].ports; k++) {
			const struct conclusion_port *port = &all->service[i].port[k];
			/* Of subjects the rows are ours to change. */
			struct subject_service *service =
				port->best ? (struct subject_service *)subject_service_at(
						     subject, port->place, port->port_h, port->udp)
					   : NULL;

			if (service && service->open)
				decide(service, &all->service[i]);
		}
}

/* The row of a conclusion about the host as a whole: one that is there, or one that is made. NULL: no memory. */
static struct subject_service *decide_whole(struct subject *subject, const struct conclusion *one,
					    struct arena *arena, const char *(*make_id)(char *))
{
	struct subject_service *service;
	char id[ID_TEXT_MAX];

	for (service = subject->services; service; service = service->next)
		if (service->concluded && !service->decided && service->definition &&
		    strcmp(service->definition, one->definition) == 0)
			break;
	if (!service) {
		service = arena_take(arena, sizeof(*service));
		if (!service)
			return NULL;
		make_id(id);
		service->id = arena_text(arena, id, strlen(id));
		service->concluded = true;
		service->next = subject->made;
		subject->made = service;
	}
	decide(service, one);
	return service->id ? service : NULL;
}

static void add_ports(struct buffer *out, const struct conclusion *one)
{
	bool first = true;

	buffer_key(out, "ports");
	buffer_text(out, "[");
	for (size_t i = 0; i < one->ports; i++) {
		bool said = false;

		for (size_t k = 0; k < i && !said; k++)
			said = one->port[k].port_h == one->port[i].port_h &&
			       one->port[k].udp == one->port[i].udp;
		if (said)
			continue;
		buffer_printf(out, "%s\"%u/%s\"", first ? "" : ",", (unsigned int)one->port[i].port_h,
			      one->port[i].udp ? "udp" : "tcp");
		first = false;
	}
	buffer_text(out, "]");
}

static void add_reasons(struct buffer *out, const char *reasons)
{
	bool fits = reasons && out->length + strlen(reasons) < SUBJECT_REASONS_BYTES_MAX;

	buffer_key(out, "reasons");
	buffer_text(out, fits ? reasons : "null");
	if (reasons && !fits) {
		buffer_key(out, "left_out");
		buffer_text(out, "true");
	}
}

/* service_id: the row that it names, or the first that it is seen at; service_ids: all of these, those that it names first. */
static void add_service_ids(struct buffer *out, struct subject *subject, const struct conclusion *one)
{
	struct buffer ids = {0};
	bool names = false;

	for (int best = 1; best >= 0; best--)
		for (size_t i = 0; i < one->ports; i++) {
			const struct conclusion_port *port = &one->port[i];
			const struct subject_service *service =
				port->best == (bool)best
					? subject_service_at(subject, port->place, port->port_h, port->udp)
					: NULL;

			if (!service)
				continue;
			names |= port->best;
			if (!ids.length) {
				buffer_printf(out, "\"service_id\":\"%s\"", service->id);
				buffer_printf(&ids, "\"%s\"", service->id);
			} else {
				buffer_printf(&ids, ",\"%s\"", service->id);
			}
		}
	if (!ids.length)
		buffer_text(out, "\"service_id\":null");
	buffer_key(out, "service_ids");
	buffer_printf(out, "[%s]", ids.length ? ids.bytes : "");
	buffer_key(out, "names");
	buffer_text(out, names ? "true" : "false");
	out->failed |= ids.failed;
	buffer_free(&ids);
}

static void add_conclusion(struct buffer *out, struct subject *subject, const struct conclusion *one,
			   const struct subject_service *whole)
{
	if (out->bytes[out->length - 1] == '}')
		buffer_text(out, ",");
	buffer_text(out, "{");
	if (whole)
		buffer_printf(out, "\"service_id\":\"%s\",\"service_ids\":[\"%s\"],\"names\":true", whole->id,
			      whole->id);
	else
		add_service_ids(out, subject, one);
	buffer_key(out, "definition");
	buffer_json(out, one->definition, strlen(one->definition));
	buffer_key(out, "generic");
	buffer_text(out, one->generic ? "true" : "false");
	buffer_printf(out, ",\"certainty\":\"%s\"", certainty_name(one->certainty));
	add_ports(out, one);
	add_reasons(out, one->reasons);
	buffer_text(out, "}");
}

/* A container's own row: the best of what its image, labels and ports say, and more than a guess. false: no memory. */
static bool conclude_container(struct subject *subject, struct subject_service *service,
			       const struct definitions *definitions, struct arena *arena, struct buffer *out)
{
	const struct conclusion *best = NULL;
	const struct clue *clues;
	struct conclusions all;
	size_t count = container_clues(service, arena, &clues);

	if (!clues || recognize(definitions, clues, count, arena, &all, NULL))
		return false;
	for (size_t i = 0; i < all.services; i++) {
		const struct conclusion *one = &all.service[i];

		if (one->certainty > CERTAINTY_LOW &&
		    (!best || one->certainty > best->certainty ||
		     (one->certainty == best->certainty && best->generic && !one->generic)))
			best = one;
	}
	decide(service, best);
	if (best)
		add_conclusion(out, subject, best, service);
	return true;
}

static void add_claim(struct buffer *shown, struct buffer *why, const char *name,
		      const struct device_claim *claim)
{
	if (!claim->value && !claim->reasons)
		return;
	if (claim->value) {
		buffer_key(shown, name);
		buffer_text(shown, "{\"value\":");
		buffer_json(shown, claim->value, strlen(claim->value));
		buffer_printf(shown, ",\"certainty\":\"%s\",\"source\":", certainty_name(claim->certainty));
		buffer_json(shown, claim->source ? claim->source : "",
			    claim->source ? strlen(claim->source) : 0);
		buffer_text(shown, "}");
	}
	buffer_key(why, name);
	buffer_text(why, "{\"value\":");
	if (claim->value)
		buffer_json(why, claim->value, strlen(claim->value));
	else
		buffer_text(why, "null");
	buffer_printf(why, ",\"certainty\":\"%s\",\"source\":", certainty_name(claim->certainty));
	if (claim->source)
		buffer_json(why, claim->source, strlen(claim->source));
	else
		buffer_text(why, "null");
	add_reasons(why, claim->reasons);
	buffer_text(why, "}");
}

static bool conclude_device(struct subject *subject, const struct device *device, struct arena *arena,
			    struct buffer *out)
{
	struct buffer shown = {0};

	buffer_text(&shown, "{");
	add_claim(&shown, out, "kind", &device->kind);
	add_claim(&shown, out, "vendor", &device->vendor);
	add_claim(&shown, out, "model", &device->model);
	add_claim(&shown, out, "os", &device->os);
	add_claim(&shown, out, "os_version", &device->os_version);
	buffer_text(&shown, "}");
	if (!shown.failed && shown.length > 2)
		subject->is_device = arena_text(arena, shown.bytes, shown.length);
	buffer_free(&shown);
	return !(shown.failed || (shown.length > 2 && !subject->is_device));
}

static int64_t hash_of(const char *bytes, size_t length)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(1099511628211);
	return (int64_t)hash;
}

static bool tell(struct subject *subject, const struct conclusions *all, const struct definitions *definitions,
		 struct arena *arena, const char *(*make_id)(char *), struct buffer *out)
{
	buffer_text(out, "{\"services\":[");
	for (size_t i = 0; i < all->services; i++) {
		const struct conclusion *one = &all->service[i];
		const struct subject_service *whole =
			one->ports ? NULL : decide_whole(subject, one, arena, make_id);

		if (!one->ports && !whole)
			return false;
		add_conclusion(out, subject, one, whole);
	}
	for (struct subject_service *service = subject->services; service; service = service->next)
		if (service->container && service->image &&
		    !conclude_container(subject, service, definitions, arena, out))
			return false;
	buffer_text(out, "]");
	buffer_key(out, "device");
	buffer_text(out, "{");
	if (!conclude_device(subject, &all->device, arena, out))
		return false;
	buffer_printf(out, "},\"clues_left_out\":%zu}", subject->clues_left_out);
	return !out->failed;
}

bool subject_conclude(struct subject *subject, const struct definitions *definitions, struct arena *arena,
		      const char *(*make_id)(char *))
{
	struct buffer out = {0};
	const struct clue *clues = NULL;
	struct conclusions all;
	size_t count = subject_clues(subject, arena, &clues), left_out = 0;
	bool well = clues && recognize(definitions, clues, count, arena, &all, &left_out) == 0;

	subject->clues_left_out += left_out;
	if (well) {
		decide_ports(subject, &all);
		well = tell(subject, &all, definitions, arena, make_id, &out);
	}
	if (well) {
		subject->reasons = arena_text(arena, out.bytes, out.length);
		subject->is_hash = hash_of(out.bytes, out.length);
	}
	buffer_free(&out);
	return well && subject->reasons;
}
