/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Clues of a host, and what its rows become by its conclusions. A port that is closed says nothing, and keeps what it was; each container is
 * concluded by itself, of its image, its labels and its ports.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/json.h"
#include "collector/recognize_subject.h"

enum certainty certainty_of(const char *name)
{
	for (enum certainty c = CERTAINTY_LOW; name && c <= CERTAINTY_CERTAIN; c++)
		if (strcmp(certainty_name(c), name) == 0)
			return c;
	return CERTAINTY_NONE;
}

/* Clues as they are gathered; one more than the engine looks at, so that it says how many it left out. */
struct gathered {
	struct arena *arena;
	struct clue *clue;
	size_t count, room, most;
	size_t left_out;
	bool failed;
};

enum { FACT_CLUES = 64 }; /* of one fact, at most */

/* Room for so many more, as far as there may be more. */
static size_t make_room(struct gathered *to, size_t more)
{
	size_t room = to->room ? to->room * 2 : FACT_CLUES * 2;
	struct clue *clue;

	if (to->room - to->count >= more || to->room >= to->most)
		return to->room - to->count;
	room = room > to->most ? to->most : room;
	clue = arena_take(to->arena, room * sizeof(*clue));
	if (!clue) {
		to->failed = true;
		return 0;
	}
	if (to->count)
		memcpy(clue, to->clue, to->count * sizeof(*clue));
	to->clue = clue;
	to->room = room;
	return to->room - to->count;
}

static void add_clue(struct gathered *to, struct clue clue)
{
	if (make_room(to, 1))
		to->clue[to->count++] = clue;
	else
		to->left_out++;
}

static void add_text(struct gathered *to, const char *key, const char *value, const struct subject_service *at,
		     uint32_t place)
{
	struct clue clue = {.key = key, .value = value, .place = place};

	if (!value)
		return;
	clue.length = strlen(value);
	if (at) {
		clue.port_h = at->port_h;
		clue.udp = at->udp;
	}
	add_clue(to, clue);
}

static const struct subject_service *service_at(const struct subject *subject, uint32_t place, uint16_t port_h,
						bool udp)
{
	for (const struct subject_service *service = subject->services; service; service = service->next)
		if (service->place == place && service->port_h == port_h && service->udp == udp &&
		    !service->container && !service->concluded)
			return service;
	return NULL;
}

static uint32_t place_number(const struct subject *subject, const char *ip, const char *vlan)
{
	for (const struct subject_place *place = subject->places; ip && vlan && place; place = place->next)
		if (strcmp(place->ip, ip) == 0 && strcmp(place->vlan, vlan) == 0)
			return place->number;
	return 0;
}

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct subject_evidence *)a)->id, ((const struct subject_evidence *)b)->id);
}

/* What was said of it, in a steady order, but for ports that are closed. */
static void add_evidence(struct subject *subject, struct gathered *to)
{
	const char *last = "";

	qsort(subject->evidence, subject->evidence_count, sizeof(*subject->evidence), by_id);
	for (size_t i = 0; i < subject->evidence_count; i++) {
		const struct subject_evidence *e = &subject->evidence[i];
		size_t before = to->count, kept = before, room;
		struct json *fact;
		const char *why;

		if (strcmp(e->id, last) == 0 || json_read(e->fact, e->length, &fact, &why))
			continue;
		last = e->id;
		room = make_room(to, FACT_CLUES);
		to->count += recognize_clues(fact, place_number(subject, e->ip, e->vlan), e->id, to->arena,
					     to->clue + before, room);
		json_free(fact);
		for (size_t k = before; k < to->count; k++) {
			const struct clue *clue = &to->clue[k];
			const struct subject_service *at =
				clue->port_h ? service_at(subject, clue->place, clue->port_h, clue->udp) : NULL;

			if (!at || at->open)
				to->clue[kept++] = *clue;
		}
		to->count = kept;
	}
}

static bool says_port(const struct gathered *clues, const struct subject_service *service)
{
	for (size_t i = 0; i < clues->count; i++)
		if (clues->clue[i].port_h == service->port_h && clues->clue[i].place == service->place &&
		    clues->clue[i].udp == service->udp && strcmp(clues->clue[i].key, "port") == 0)
			return true;
	return false;
}

struct labels {
	struct gathered *to;
	const struct subject_service *at;
	uint32_t place;
};

static int add_label(void *arg, const char *key, const struct json *value)
{
	struct labels *labels = arg;
	char line[512];
	const char *text;
	size_t length;

	if (!json_text(value, &text, &length))
		return 0;
	snprintf(line, sizeof(line), "%s=%s", key, text);
	add_text(labels->to, "container.label", arena_text(labels->to->arena, line, strlen(line)), labels->at,
		 labels->place);
	return 0;
}

static void add_container(const struct subject_service *service, struct gathered *to, uint32_t place)
{
	struct labels labels = {to, service, place};
	struct json *json;
	const char *why;

	add_text(to, "container.image", service->image, service, place);
	if (!service->labels || json_read(service->labels, strlen(service->labels), &json, &why))
		return;
	json_each(json, add_label, &labels);
	json_free(json);
}

static void add_services(const struct subject *subject, struct gathered *to)
{
	for (const struct subject_service *service = subject->services; service; service = service->next) {
		if (!service->port_h || !service->open || service->container || service->concluded)
			continue;
		if (!says_port(to, service))
			add_text(to, "port", "", service, service->place);
		add_container(service, to, service->place);
	}
}

size_t subject_clues(struct subject *subject, struct arena *arena, const struct clue **out)
{
	struct gathered to = {.arena = arena, .most = RECOGNIZE_CLUES_MAX + 1};

	if (!make_room(&to, 1))
		return 0;
	for (const struct subject_card *card = subject->cards; card; card = card->next)
		add_text(&to, "vendor", card->vendor, NULL, 0);
	for (const struct subject_place *place = subject->places; place; place = place->next) {
		add_text(&to, "address", place->ip, NULL, place->number);
		add_text(&to, "subnet.type", place->subnet_type, NULL, place->number);
	}
	if (subject->gateway)
		add_text(&to, "gateway", "true", NULL, 0);
	for (size_t i = 0; i < subject->application_count; i++)
		add_text(&to, "application", subject->applications[i], NULL, 0);
	add_evidence(subject, &to);
	add_services(subject, &to);
	subject->clues_left_out = to.left_out;
	*out = to.failed ? NULL : to.clue;
	return to.count;
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
				port->best ? (struct subject_service *)service_at(subject, port->place,
										  port->port_h, port->udp)
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
					? service_at(subject, port->place, port->port_h, port->udp)
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
	enum { CONTAINER_CLUES_MAX = 200 };
	struct gathered to = {.arena = arena, .most = CONTAINER_CLUES_MAX};
	const struct conclusion *best = NULL;
	struct conclusions all;

	add_container(service, &to, 1);
	if (service->port_h)
		add_text(&to, "port", "", service, 1);
	if (to.failed || recognize(definitions, to.clue, to.count, arena, &all, NULL))
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
