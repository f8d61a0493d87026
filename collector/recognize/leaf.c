/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each kind of rule: in which fields it is looked for, how sure it makes, how much it says. One row a kind; those of several parts become a
 * node with a leaf for each part.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/recognize/rule.h"

enum { PATH_MAX_BYTES = 255, WORD_MAX = 99 };

/* A part of a rule: its key, and the fields in which it is looked for. */
struct part {
	const char *key;
	const char *fields[3];
	enum how how;
	uint16_t weight;
};

struct kind {
	const char *key;
	enum certainty certainty;
	enum node_is joined; /* several parts: of one port, or of one host */
	bool on_port;
	struct part parts[4]; /* one without a key: the rule's value itself */
};

static const struct kind kinds[] = {
	{"port", CERTAINTY_LOW, NODE_ALL, true, {{NULL, {"port"}, HOW_EXACT, 1}}},
	{"speaks", CERTAINTY_CERTAIN, NODE_ALL, true, {{NULL, {"speaks"}, HOW_EXACT, 2}}},
	{"banner", CERTAINTY_HIGH, NODE_ALL, true, {{NULL, {"banner", "ssh.banner"}, HOW_TEXT, 4}}},
	{"tls",
	 CERTAINTY_HIGH,
	 NODE_TOGETHER,
	 true,
	 {{"subject", {"tls.subject"}, HOW_TEXT, 5},
	  {"issuer", {"tls.issuer"}, HOW_TEXT, 5},
	  {"san", {"tls.san"}, HOW_TEXT, 5},
	  {"alpn", {"tls.alpn"}, HOW_TEXT, 2}}},
	{"ssdp",
	 CERTAINTY_HIGH,
	 NODE_ALL,
	 false,
	 {{NULL, {"ssdp.server", "ssdp.usn", "ssdp.location"}, HOW_TEXT, 5}}},
	{"dhcp",
	 CERTAINTY_MEDIUM,
	 NODE_ALL,
	 false,
	 {{"class", {"dhcp.vendor_class"}, HOW_TEXT, 4},
	  {"user_class", {"dhcp.user_class"}, HOW_TEXT, 4},
	  {"params", {"dhcp.params"}, HOW_EXACT, 3}}},
	{"vendor", CERTAINTY_MEDIUM, NODE_ALL, false, {{NULL, {"vendor"}, HOW_PREFIX, 1}}},
	{"hostname", CERTAINTY_MEDIUM, NODE_ALL, false, {{NULL, {"name"}, HOW_TEXT, 2}}},
	{"subnet", CERTAINTY_MEDIUM, NODE_ALL, false, {{NULL, {"subnet.type"}, HOW_EXACT, 1}}},
	{"container",
	 CERTAINTY_HIGH,
	 NODE_ALL,
	 false,
	 {{"image", {"container.image"}, HOW_TEXT, 6}, {"label", {"container.label"}, HOW_TEXT, 6}}},
	{"snmp",
	 CERTAINTY_HIGH,
	 NODE_ALL,
	 false,
	 {{"object_id", {"snmp.object_id"}, HOW_PREFIX, 5},
	  {"description", {"snmp.description"}, HOW_TEXT, 5}}},
	{"application", CERTAINTY_MEDIUM, NODE_ALL, false, {{NULL, {"application"}, HOW_EXACT, 2}}},
	{"neighbor",
	 CERTAINTY_HIGH,
	 NODE_ALL,
	 false,
	 {{"capability", {"neighbor.capability"}, HOW_EXACT, 3},
	  {"description", {"neighbor.description"}, HOW_TEXT, 5},
	  {"platform", {"neighbor.platform"}, HOW_TEXT, 5},
	  {"name", {"neighbor.name"}, HOW_TEXT, 3}}},
	{"service", CERTAINTY_HIGH, NODE_ALL, false, {{NULL, {"service"}, HOW_EXACT, 4}}},
};

/* Lower case letters, digits and these. */
static bool made_of(const char *text, const char *besides)
{
	for (; *text; text++)
		if (!islower((unsigned char)*text) && !isdigit((unsigned char)*text) && !strchr(besides, *text))
			return false;
	return true;
}

static bool port_text(const char *text)
{
	char *end;
	unsigned long port = strtoul(text, &end, 10);

	return isdigit((unsigned char)text[0]) && text[0] != '0' && port <= UINT16_MAX &&
	       (strcmp(end, "/tcp") == 0 || strcmp(end, "/udp") == 0);
}

/* What an exact value has to look like. */
static bool exact_form(struct making *making, const char *field, const char *text)
{
	const char *why = NULL;

	if (strcmp(field, "port") == 0)
		why = port_text(text) ? NULL : "a number from 1 to 65535 and /tcp or /udp, as 80/tcp";
	else if (strcmp(field, "speaks") == 0)
		why = made_of(text, ".-") ? NULL
					  : "a protocol's name in small letters, as the service fact has it";
	else if (strcmp(field, "dhcp.params") == 0)
		why = strspn(text, "0123456789,") == strlen(text) ? NULL
								  : "decimal numbers with commas between them";
	else if (strcmp(field, "snmp.object_id") == 0)
		why = strncmp(text, "1.3.", 4) == 0 && strspn(text, "0123456789.") == strlen(text)
			      ? NULL
			      : "a number that begins with 1.3.";
	else if (strcmp(field, "service") == 0)
		why = made_of(text, "-") ? NULL : "the id of a service definition";
	if (why)
		making_wrong(making, "has to be %s", why);
	return !why;
}

static bool enter_part(struct making *making, uint32_t node, const struct part *part, const struct json *value)
{
	char words[128];
	const char *text;
	size_t length;

	for (size_t i = 0; i < 3 && part->fields[i]; i++) {
		if (part->how == HOW_TEXT) {
			if (!node_text(making, node, part->fields[i], value))
				return false;
			continue;
		}
		text = making_text(making, value, 2, WORD_MAX, &length);
		if (!text || !exact_form(making, part->fields[i], text))
			return false;
		if (strcmp(part->fields[i], "vendor") == 0) {
			length = words_of(text, length, words, sizeof(words));
			text = words;
		}
		if (!node_for(making, node, part->fields[i], part->how, text, length))
			return false;
	}
	return true;
}

static struct node leaf_node(const struct kind *kind, const struct part *part)
{
	return (struct node){.is = NODE_LEAF,
			     .certainty = kind->certainty,
			     .weight = part->weight,
			     .guess = strcmp(kind->key, "port") == 0,
			     .on_port = kind->on_port};
}

struct parts {
	struct making *making;
	const struct kind *kind;
	uint32_t joined;
};

static int add_part(void *arg, const char *key, const struct json *value)
{
	struct parts *parts = arg;
	struct making *making = parts->making;
	size_t back = making_into(making, key, 0);

	for (size_t i = 0; i < 4 && parts->kind->parts[i].key; i++) {
		const struct part *part = &parts->kind->parts[i];
		struct node node = leaf_node(parts->kind, part);
		uint32_t at;

		if (strcmp(key, part->key) != 0)
			continue;
		node.word = part->key;
		node.want = want_of(making, value);
		at = node.want ? node_make(making, node) : 0;
		if (!at || !enter_part(making, at, part, value))
			return -1;
		node_add(making, parts->joined, at);
		making_back(making, back);
		return 0;
	}
	making_wrong(making, "is no key of this rule");
	return -1;
}

static uint32_t of_kind(struct making *making, const struct kind *kind, const struct json *value)
{
	struct parts parts = {making, kind, 0};
	const char *want = want_of(making, value);
	struct node node = leaf_node(kind, &kind->parts[0]);
	uint32_t at;

	node.word = kind->key;
	node.want = want;
	if (!want)
		return 0;
	if (!kind->parts[0].key) {
		at = node_make(making, node);
		return at && enter_part(making, at, &kind->parts[0], value) ? at : 0;
	}
	if (json_kind(value) != JSON_OBJECT)
		return making_wrong(making, "has to be an object");
	node.is = kind->joined;
	parts.joined = at = node_make(making, node);
	if (!at || json_each(value, add_part, &parts))
		return 0;
	if (!making->definitions->node[at].first)
		return making_wrong(making, "names nothing");
	return at;
}

/* A field whose name is made of a key and what it is about: "http.header:server". */
static bool enter_named(struct making *making, uint32_t node, const char *before, const char *name,
			size_t name_length, const struct json *text)
{
	char field[200];

	snprintf(field, sizeof(field), "%s%.*s", before, (int)name_length, name);
	for (char *at = field; *at; at++)
		*at = small(*at);
	return node_text(making, node, field, text);
}

static uint32_t mdns_compile(struct making *making, const struct json *value)
{
	struct node node = {.is = NODE_LEAF,
			    .certainty = CERTAINTY_HIGH,
			    .weight = 6,
			    .word = "mdns",
			    .want = want_of(making, value)};
	bool whole = json_kind(value) == JSON_OBJECT;
	size_t length;
	const char *type = making_text(making, whole ? json_get(value, "type") : value, 6, 80, &length);
	uint32_t at;

	if (!type || !node.want)
		return 0;
	if (type[0] != '_' || !made_of(type, "_-.") || length < 6 ||
	    (strcmp(type + length - 5, "._tcp") != 0 && strcmp(type + length - 5, "._udp") != 0))
		return making_wrong(making, "the type has to look like _http._tcp");
	at = node_make(making, node);
	if (!at || (whole ? !enter_named(making, at, "mdns.txt:", type, length, json_get(value, "txt"))
			  : !node_for(making, at, "mdns.type", HOW_EXACT, type, length)))
		return 0;
	return at;
}

static uint32_t trait_compile(struct making *making, const struct json *value)
{
	struct node node = {.is = NODE_LEAF,
			    .certainty = CERTAINTY_HIGH,
			    .weight = 5,
			    .word = "trait",
			    .want = want_of(making, value)};
	size_t length;
	const char *key = making_text(making, json_get(value, "key"), 1, 60, &length);
	uint32_t at;

	if (!key || !node.want)
		return 0;
	if (!made_of(key, "._"))
		return making_wrong(making, "key: small letters, digits, dots and underlines");
	at = node_make(making, node);
	return at && node_text(making, at, key, json_get(value, "value")) ? at : 0;
}

static uint32_t address_compile(struct making *making, const struct json *value)
{
	struct node node = {.is = NODE_LEAF,
			    .certainty = CERTAINTY_MEDIUM,
			    .weight = 1,
			    .word = "address",
			    .want = want_of(making, value)};
	size_t length;
	const char *text = making_text(making, value, 4, 60, &length);
	char form[NETWORK_FORM_MAX];
	unsigned long bits;
	uint32_t at;

	if (!text || !node.want)
		return 0;
	length = network_form(text, true, 0, form);
	if (!length)
		return making_wrong(making, "has to be a network, as 192.168.0.0/16");
	bits = strtoul(form + 2, NULL, 10); /* "4-16-0a41" */
	if (form[0] == '4')
		making->definitions->lengths_v4[0] |= UINT64_C(1) << bits;
	else
		making->definitions->lengths_v6[bits / 64] |= UINT64_C(1) << (bits % 64);
	at = node_make(making, node);
	return at && node_for(making, at, "address", HOW_EXACT, form, length) ? at : 0;
}

static uint32_t gateway_compile(struct making *making, const struct json *value)
{
	struct node node = {
		.is = NODE_LEAF, .certainty = CERTAINTY_MEDIUM, .weight = 2, .word = "gateway", .want = "true"};
	uint32_t at, outside;
	bool is;

	if (!json_flag(value, &is))
		return making_wrong(making, "has to be true or false");
	at = node_make(making, node);
	if (!at || !node_for(making, at, "gateway", HOW_EXACT, "true", 4))
		return 0;
	if (is)
		return at;
	outside = node_make(making, (struct node){.is = NODE_NOT, .word = "not", .want = "null"});
	if (outside)
		node_add(making, outside, at);
	return outside;
}

uint32_t leaf_compile(struct making *making, const char *key, const struct json *value)
{
	static const struct {
		const char *key;
		uint32_t (*compile)(struct making *, const struct json *);
	} own[] = {{"http", http_compile},
		   {"mdns", mdns_compile},
		   {"trait", trait_compile},
		   {"address", address_compile},
		   {"gateway", gateway_compile}};

	if (strcmp(key, "service") == 0 && !making->claim)
		return making_wrong(making, "only claims about devices may name services");
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (strcmp(key, own[i].key) == 0)
			return own[i].compile(making, value);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(key, kinds[i].key) == 0)
			return of_kind(making, &kinds[i], value);
	return making_wrong(making, "there is no such kind of rule");
}
