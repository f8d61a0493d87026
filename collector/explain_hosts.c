/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Facts → hosts with clues. Subjects (a MAC; an address in a VLAN) are joined where a fact says that they are one, and an address
 * joins one MAC only: two that claim it are two hosts.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/explain.h"
#include "collector/json.h"
#include "collector/oui.h"

enum {
	CLUES_OF_FACT_MAX = 64,
	BUCKETS = 1 << 16,
	KEY_BYTES_MAX = 128,
	/* So many addresses behind a MAC are no host's own: where nobody tells which are on the link, a host's are behind its MAC too. */
	BEHIND_ROUTER_MIN = 5,
};

struct subject {
	const char *key; /* "mac" or "ip|vlans" */
	uint32_t next_same_hash;
	uint32_t parent; /* itself: the first of its host */
	uint32_t host;	 /* + 1 */
	bool mac, joined;
	uint32_t via;	 /* of an address: the MAC that it was seen behind */
	uint32_t behind; /* of a MAC: addresses of others that were seen behind it */
	struct explain_place place;
};

struct said { /* a clue, and of whom */
	uint32_t subject;
	struct clue clue;
};

/* A conversation, until it is known what its server speaks. */
struct use {
	uint32_t client;
	const char *service; /* "ip|vlans|port|proto" */
};

struct spoken {
	const char *service, *name;
};

struct list {
	void *item;
	size_t count, room;
};

struct facts {
	struct arena arena;
	uint32_t bucket[BUCKETS];
	struct list subjects, said, uses, spoken;
	struct explain_host *host;
	size_t hosts;
};

static void *more(struct list *list, size_t size)
{
	if (list->count == list->room) {
		size_t room = list->room ? list->room * 2 : 256;
		void *grown = realloc(list->item, room * size);

		if (!grown)
			return NULL;
		list->item = grown;
		list->room = room;
	}
	return memset((char *)list->item + list->count++ * size, 0, size);
}

static struct subject *subject_at(const struct facts *facts, uint32_t at)
{
	return (struct subject *)facts->subjects.item + at;
}

static uint32_t hash(const char *text)
{
	uint32_t value = 2166136261u;

	for (; *text; text++)
		value = (value ^ (unsigned char)*text) * 16777619u;
	return value % BUCKETS;
}

/* The subject of this key; 0 without memory. */
static uint32_t subject(struct facts *facts, const char *key, bool mac)
{
	uint32_t *bucket = &facts->bucket[hash(key)], at = *bucket;
	struct subject *made;

	for (; at; at = subject_at(facts, at)->next_same_hash)
		if (strcmp(subject_at(facts, at)->key, key) == 0)
			return at;
	at = (uint32_t)facts->subjects.count;
	made = more(&facts->subjects, sizeof(*made));
	if (!made)
		return 0;
	*made = (struct subject){.key = arena_text(&facts->arena, key, strlen(key)),
				 .next_same_hash = *bucket,
				 .parent = at,
				 .mac = mac};
	if (!made->key)
		return 0;
	*bucket = at;
	return at;
}

static bool text_of(const struct json *fact, const char *key, char *out, size_t size)
{
	const char *text;
	size_t length;

	if (!json_text(json_get(fact, key), &text, &length) || !length || length >= size)
		return false;
	memcpy(out, text, length);
	out[length] = 0;
	return true;
}

static bool is(const struct json *fact, const char *key, const char *word)
{
	char text[40];

	return text_of(fact, key, text, sizeof(text)) && strcmp(text, word) == 0;
}

static void vlans_of(const struct json *fact, char *out, size_t size)
{
	const struct json *list = json_get(fact, "vlan");
	size_t used = 0;

	out[0] = 0;
	for (size_t i = 0; i < json_count(list) && used + 8 < size; i++) {
		uint64_t id;

		if (json_integer(json_at(list, i), 4095, &id))
			used += (size_t)snprintf(out + used, size - used, "%s%u", used ? "," : "",
						 (unsigned int)id);
	}
}

/* The subject of an address in the fact's VLAN; 0 none. */
static uint32_t address_of(struct facts *facts, const struct json *fact, const char *name)
{
	char ip[48], vlans[32], key[KEY_BYTES_MAX];
	struct subject *made;
	uint32_t at;

	if (!text_of(fact, name, ip, sizeof(ip)))
		return 0;
	vlans_of(fact, vlans, sizeof(vlans));
	snprintf(key, sizeof(key), "%s|%s", ip, vlans);
	at = subject(facts, key, false);
	made = at ? subject_at(facts, at) : NULL;
	if (made && !made->place.ip) {
		made->place.ip = arena_text(&facts->arena, ip, strlen(ip));
		made->place.vlan = arena_text(&facts->arena, vlans, strlen(vlans));
	}
	return at;
}

static uint32_t mac_of(struct facts *facts, const struct json *fact, const char *name)
{
	char text[48];
	struct mac mac;

	if (!text_of(fact, name, text, sizeof(text)) || mac_parse(text, &mac) < 0 ||
	    mac_is_virtual_router(&mac) || mac_is_group(&mac))
		return 0;
	return subject(facts, text, true);
}

static uint32_t first_of(const struct facts *facts, uint32_t at)
{
	while (subject_at(facts, at)->parent != at)
		at = subject_at(facts, at)->parent;
	return at;
}

static void join(struct facts *facts, uint32_t mac, uint32_t address)
{
	uint32_t first = first_of(facts, mac), other = first_of(facts, address);

	if (first == other || subject_at(facts, address)->joined)
		return;
	subject_at(facts, address)->joined = true;
	subject_at(facts, other)->parent = first;
}

static int say(struct facts *facts, uint32_t about, struct clue clue)
{
	struct said *said = more(&facts->said, sizeof(*said));

	if (!said)
		return -ENOMEM;
	*said = (struct said){about, clue};
	return 0;
}

static const char *service_key(struct facts *facts, const struct json *fact, const char *address)
{
	char ip[48], vlans[32], proto[8], key[KEY_BYTES_MAX];
	uint64_t port;

	if (!text_of(fact, address, ip, sizeof(ip)) || !text_of(fact, "proto", proto, sizeof(proto)) ||
	    !json_integer(json_get(fact, "port"), UINT16_MAX, &port))
		return NULL;
	vlans_of(fact, vlans, sizeof(vlans));
	snprintf(key, sizeof(key), "%s|%s|%u|%s", ip, vlans, (unsigned int)port, proto);
	return arena_text(&facts->arena, key, strlen(key));
}

/* What a host uses, and what is used. */
static int add_use(struct facts *facts, const struct json *fact)
{
	if (is(fact, "fact", "flow")) {
		uint32_t client = address_of(facts, fact, "client");
		struct use *use = client ? more(&facts->uses, sizeof(*use)) : NULL;

		if (!client)
			return 0;
		if (!use)
			return -ENOMEM;
		use->client = client;
		use->service = service_key(facts, fact, "server");
	} else if (is(fact, "fact", "service") && !is(fact, "source", "mdns")) {
		char name[64];
		struct spoken *spoken = text_of(fact, "name", name, sizeof(name))
						? more(&facts->spoken, sizeof(*spoken))
						: NULL;

		if (spoken) {
			spoken->service = service_key(facts, fact, "ip");
			spoken->name = arena_text(&facts->arena, name, strlen(name));
		}
	}
	return 0;
}

static int add(struct facts *facts, const struct json *fact)
{
	struct clue clues[CLUES_OF_FACT_MAX];
	uint32_t mac = mac_of(facts, fact, "mac"), address = address_of(facts, fact, "ip"),
		 via = mac_of(facts, fact, "via");
	uint32_t about = address ? address : mac;
	size_t count;
	int error = add_use(facts, fact);

	/* What an ARP table holds may be hours old; a route's MAC is the router's. */
	if (mac && address && !is(fact, "confidence", "inferred"))
		join(facts, mac, address);
	if (via && address)
		subject_at(facts, address)->via = via;
	if (!about)
		return error;
	count = recognize_clues(fact, address, NULL, &facts->arena, clues, CLUES_OF_FACT_MAX);
	for (size_t i = 0; i < count && !error; i++)
		error = say(facts, about, clues[i]);
	return error;
}

int facts_add(struct facts *facts, const char *line, size_t length)
{
	struct json *fact;
	const char *why;
	int error;

	if (json_read(line, length, &fact, &why) < 0)
		return -EINVAL;
	error = json_kind(fact) == JSON_OBJECT && json_get(fact, "fact") ? add(facts, fact) : -EINVAL;
	json_free(fact);
	return error;
}

int facts_open(struct facts **out)
{
	struct facts *made = calloc(1, sizeof(*made));

	/* The first subject is nobody. */
	if (!made || !more(&made->subjects, sizeof(struct subject))) {
		free(made);
		return -ENOMEM;
	}
	*out = made;
	return 0;
}

void facts_close(struct facts *facts)
{
	if (!facts)
		return;
	free(facts->subjects.item);
	free(facts->said.item);
	free(facts->uses.item);
	free(facts->spoken.item);
	arena_free(&facts->arena);
	free(facts);
}

static int by_service(const void *a, const void *b)
{
	const struct spoken *one = a, *other = b;

	return strcmp(one->service ? one->service : "", other->service ? other->service : "");
}

/* Which protocols clients use: what their servers were heard to speak. */
static int add_applications(struct facts *facts)
{
	const struct use *use = facts->uses.item;
	int error = 0;

	if (!facts->spoken.count)
		return 0;
	qsort(facts->spoken.item, facts->spoken.count, sizeof(struct spoken), by_service);
	for (size_t i = 0; i < facts->uses.count && !error; i++) {
		const struct spoken wanted = {.service = use[i].service}, *found;

		found = use[i].service ? bsearch(&wanted, facts->spoken.item, facts->spoken.count,
						 sizeof(wanted), by_service)
				       : NULL;
		if (found && found->name)
			error = say(facts, use[i].client,
				    (struct clue){.key = "application",
						  .value = found->name,
						  .length = strlen(found->name),
						  .source = "tcp"});
	}
	return error;
}

/* Who is behind whom. A host's own addresses are behind its MAC too until somebody has told whose they are. */
static void count_behind(struct facts *facts)
{
	for (uint32_t i = 1; i < facts->subjects.count; i++) {
		uint32_t via = subject_at(facts, i)->via;

		if (via && first_of(facts, via) != first_of(facts, i))
			subject_at(facts, via)->behind++;
	}
}

/* What the MACs tell. */
static int add_macs(struct facts *facts)
{
	int error = 0;

	count_behind(facts);
	for (uint32_t i = 1; i < facts->subjects.count && !error; i++) {
		const char *vendor;
		struct mac mac;

		if (!subject_at(facts, i)->mac || mac_parse(subject_at(facts, i)->key, &mac) < 0)
			continue;
		vendor = oui_vendor(NULL, &mac);
		if (subject_at(facts, i)->behind >= BEHIND_ROUTER_MIN)
			error = say(
				facts, i,
				(struct clue){.key = "gateway", .value = "true", .length = 4, .source = "ip"});
		if (vendor && !error)
			error = say(facts, i,
				    (struct clue){.key = "vendor",
						  .value = vendor,
						  .length = strlen(vendor),
						  .source = "ethernet"});
	}
	return error;
}

static bool room_for_hosts(struct facts *facts, uint32_t *names)
{
	const struct said *said = facts->said.item;

	for (uint32_t i = 1; i < facts->subjects.count; i++) {
		uint32_t first = first_of(facts, i);

		if (!subject_at(facts, first)->host)
			subject_at(facts, first)->host = (uint32_t)++facts->hosts;
		subject_at(facts, i)->host = subject_at(facts, first)->host;
		names[subject_at(facts, i)->host - 1]++;
	}
	facts->host = arena_take(&facts->arena, (facts->hosts + 1) * sizeof(*facts->host));
	if (!facts->host)
		return false;
	for (size_t i = 0; i < facts->said.count; i++)
		facts->host[subject_at(facts, said[i].subject)->host - 1].clues++;
	for (size_t i = 0; i < facts->hosts; i++) {
		facts->host[i].name = arena_take(&facts->arena, names[i] * sizeof(*facts->host[i].name));
		facts->host[i].clue =
			arena_take(&facts->arena, (facts->host[i].clues + 1) * sizeof(*facts->host[i].clue));
		facts->host[i].clues = 0;
		if (!facts->host[i].name || !facts->host[i].clue)
			return false;
	}
	return true;
}

int facts_join(struct facts *facts)
{
	uint32_t *names = calloc(facts->subjects.count, sizeof(*names));
	int error = names ? add_macs(facts) : -ENOMEM;
	const struct said *said;

	if (!error)
		error = add_applications(facts);
	if (!error && !room_for_hosts(facts, names))
		error = -ENOMEM;
	free(names);
	if (error)
		return error;
	for (int macs = 1; macs >= 0; macs--) {
		for (uint32_t i = 1; i < facts->subjects.count; i++) {
			const struct subject *it = subject_at(facts, i);
			struct explain_host *host = &facts->host[it->host - 1];

			if (it->mac == macs)
				host->name[host->names++] = it->mac ? it->key : it->place.ip;
			host->macs += it->mac && macs;
		}
	}
	said = facts->said.item;
	for (size_t i = 0; i < facts->said.count; i++) {
		struct explain_host *host = &facts->host[subject_at(facts, said[i].subject)->host - 1];

		host->clue[host->clues++] = said[i].clue;
	}
	return 0;
}

size_t facts_hosts(const struct facts *facts, const struct explain_host **out)
{
	*out = facts->host;
	return facts->hosts;
}

const struct explain_place *facts_place(const struct facts *facts, uint32_t place)
{
	return &subject_at(facts, place)->place;
}
