/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Facts (docs/facts.md) → clues.
 */
#include <string.h>

#include "collector/recognize/inside.h"

struct making_clues {
	struct arena *arena;
	struct clue *out;
	size_t count, max;
	struct clue like; /* what all of a fact's clues have in common */
};

static void add(struct making_clues *making, const char *key, const char *value, size_t length)
{
	struct clue *clue = &making->out[making->count];

	if (making->count >= making->max)
		return;
	*clue = making->like;
	clue->key = key;
	clue->value = arena_text(making->arena, value, length);
	clue->length = length;
	/* The JSON document that it was read from is the caller's. */
	making->count += clue->value != NULL;
}

static bool text_of(const struct json *fact, const char *key, const char **out, size_t *length)
{
	return json_text(json_get(fact, key), out, length) && *length;
}

static void add_text(struct making_clues *making, const struct json *fact, const char *from, const char *key)
{
	const char *text;
	size_t length;

	if (text_of(fact, from, &text, &length))
		add(making, key, text, length);
}

static bool is(const struct json *fact, const char *key, const char *word)
{
	const char *text;
	size_t length;

	return text_of(fact, key, &text, &length) && length == strlen(word) && memcmp(text, word, length) == 0;
}

/* "Living room._ipp._tcp.local" → "_ipp._tcp" */
static size_t service_type(const char *name, size_t length, const char **out)
{
	for (size_t i = length; i-- > 1;) {
		size_t end = i + 5;

		/* "._tcp" or "._udp", and what stands before it up to the next dot. */
		if (name[i] != '.' || end > length ||
		    (memcmp(name + i, "._tcp", 5) != 0 && memcmp(name + i, "._udp", 5) != 0))
			continue;
		for (size_t from = i; from-- > 0;) {
			if (name[from] != '.' && from)
				continue;
			from += name[from] == '.';
			*out = name + from;
			return name[from] == '_' ? end - from : 0;
		}
	}
	return 0;
}

static void of_service(struct making_clues *making, const struct json *fact)
{
	const char *name = NULL, *type;
	size_t length = 0, width;
	bool announced = is(fact, "source", "mdns") || is(fact, "source", "ssdp");

	if (!making->like.port_h || is(fact, "state", "closed"))
		return;
	text_of(fact, "name", &name, &length);
	if (is(fact, "source", "mdns")) {
		width = length ? service_type(name, length, &type) : 0;
		if (width)
			add(making, "mdns.type", type, width);
	}
	/* What is only announced may be closed to everyone. */
	if (announced || is(fact, "confidence", "announced"))
		return;
	add(making, "port", "", 0);
	if (length)
		add(making, "speaks", name, length);
}

/* Traits of protocols that are UDP's alone: the fact does not say. */
static bool udp_trait(const char *key, size_t length)
{
	static const char *const udp[] = {"dns.",    "ntp.",	       "snmp.", "tftp.",     "ike.",
					  "ipmi.",   "stun.",	       "coap.", "quic.",     "bacnet.",
					  "natpmp.", "mssql.instance", "dhcp.", "ubiquiti.", "plex.",
					  "ssdp.",   "wsd.",	       "nbns.", "mdns."};

	for (size_t i = 0; i < sizeof(udp) / sizeof(udp[0]); i++)
		if (length >= strlen(udp[i]) && memcmp(key, udp[i], strlen(udp[i])) == 0)
			return true;
	return false;
}

static void of_trait(struct making_clues *making, const struct json *fact)
{
	const char *key;
	size_t length;

	if (!text_of(fact, "key", &key, &length) || length > 60)
		return;
	/* A proxy hands them on: they say nothing of itself. */
	if (is(fact, "confidence", "measured") &&
	    (is(fact, "key", "http.server") || is(fact, "key", "http.user_agent")))
		return;
	making->like.udp = making->like.port_h && (udp_trait(key, length) || is(fact, "source", "quic"));
	key = arena_text(making->arena, key, length);
	if (key)
		add_text(making, fact, "value", key);
}

static void of_neighbor(struct making_clues *making, const struct json *fact)
{
	const struct json *capabilities = json_get(fact, "capabilities");

	making->like.port_h = 0; /* its port is a text */
	for (size_t i = 0; i < json_count(capabilities); i++) {
		const char *text;
		size_t length;

		if (json_text(json_at(capabilities, i), &text, &length) && length)
			add(making, "neighbor.capability", text, length);
	}
	add_text(making, fact, "system_description", "neighbor.description");
	add_text(making, fact, "platform", "neighbor.platform");
	add_text(making, fact, "system_name", "neighbor.name");
	add_text(making, fact, "source", "neighbor.source");
}

/* A prefix that is only on the link, or an announcement that is taken back, leads nowhere. */
static void of_route(struct making_clues *making, const struct json *fact)
{
	bool on_link = is(fact, "source", "nd") && !is(fact, "prefix", "::/0");
	uint64_t lifetime = 1;

	json_integer(json_get(fact, "lifetime_s"), UINT32_MAX, &lifetime);
	if (!on_link && lifetime)
		add(making, "gateway", "true", 4);
}

size_t recognize_clues(const struct json *fact, uint32_t place, const char *evidence, struct arena *arena,
		       struct clue *out, size_t max)
{
	static const struct {
		const char *kind;
		void (*of)(struct making_clues *, const struct json *fact);
	} kinds[] = {
		{"service", of_service}, {"trait", of_trait}, {"neighbor", of_neighbor}, {"route", of_route}};
	struct making_clues making = {
		.arena = arena, .out = out, .max = max, .like = {.place = place, .evidence = evidence}};
	const char *source;
	uint64_t port;
	size_t length;

	if (text_of(fact, "source", &source, &length))
		making.like.source = arena_text(arena, source, length);
	if (json_integer(json_get(fact, "port"), UINT16_MAX, &port))
		making.like.port_h = (uint16_t)port;
	making.like.udp = making.like.port_h && is(fact, "proto", "udp");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (is(fact, "fact", kinds[i].kind))
			kinds[i].of(&making, fact);
	if (is(fact, "fact", "name"))
		add_text(&making, fact, "name", "name");
	if (is(fact, "fact", "address"))
		add_text(&making, fact, "ip", "address");
	return making.count;
}
