/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Texts of definitions → definitions. What is wrong with one is said in words, and the others are none the worse.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/recognize/inside.h"

enum { DEFINITION_BYTES_MAX = 64 << 10 };

static const char *const claim_keys[CLAIM_COUNT] = {"kind", "vendor", "model", "os", "os_version"};

static bool add_fault(struct definitions *definitions, const char *id, const char *why)
{
	struct definition_fault fault = {keep_text(definitions, id, strlen(id)),
					 keep_text(definitions, why, strlen(why))};

	if (!fault.id || !fault.why ||
	    !grow((void **)&definitions->fault, definitions->faults, &definitions->fault_room,
		  sizeof(*definitions->fault)))
		return false;
	definitions->fault[definitions->faults++] = fault;
	return true;
}

/* --- What stands beside the rule --- */

struct text_row {
	const char *key;
	size_t min, max;
	const char *besides; /* NULL: any text; else small letters, digits and these */
	bool needed;
};

static bool check_texts(struct making *making, const struct json *object, const struct text_row *rows,
			size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct json *value = json_get(object, rows[i].key);
		size_t length, back = making_into(making, rows[i].key, 0);
		const char *text;

		if (!value && rows[i].needed) {
			making_wrong(making, "is missing");
			return false;
		}
		text = value ? making_text(making, value, rows[i].min, rows[i].max, &length) : "";
		if (!text)
			return false;
		for (; rows[i].besides && *text; text++) {
			if (islower((unsigned char)*text) || isdigit((unsigned char)*text) ||
			    strchr(rows[i].besides, *text))
				continue;
			making_wrong(making, "small letters and digits only");
			return false;
		}
		making_back(making, back);
	}
	return true;
}

struct keys {
	struct making *making;
	const char *const *known;
};

static int check_key(void *arg, const char *key, const struct json *value)
{
	struct keys *keys = arg;

	(void)value;
	for (size_t i = 0; keys->known[i]; i++)
		if (strcmp(keys->known[i], key) == 0)
			return 0;
	making_wrong(keys->making, "there is no key \"%.60s\" here", key);
	return -1;
}

static bool read_certainty(struct making *making, const struct json *value, enum certainty *out)
{
	size_t length;
	const char *text;

	if (!value)
		return true;
	text = making_text(making, value, 1, 20, &length);
	for (int c = CERTAINTY_LOW; text && c <= CERTAINTY_CERTAIN; c++) {
		if (strcmp(text, certainty_name((enum certainty)c)) == 0) {
			*out = (enum certainty)c;
			return true;
		}
	}
	if (text)
		making_wrong(making, "certainty: low, medium, high or certain");
	return false;
}

static bool transports(const char *protocol)
{
	static const char *const those[] = {"http", "https", "http2", "quic", "tls"};

	for (size_t i = 0; i < sizeof(those) / sizeof(those[0]); i++)
		if (strcmp(protocol, those[i]) == 0)
			return true;
	return false;
}

/* What kinds of evidence a service would show: so that a guess by its port can be absurd. */
static bool gather_speaks(struct definitions *definitions, struct owner *owner, size_t first_node)
{
	const char **list = keep(definitions, (definitions->nodes - first_node + 1) * sizeof(*list));

	for (size_t i = first_node; list && i < definitions->nodes; i++) {
		const struct node *node = &definitions->node[i];
		const char *word = node->word ? node->word : "";

		if (node->is == NODE_LEAF && strcmp(word, "speaks") == 0)
			list[owner->speaks_count++] = definitions->pattern[node->pattern].text;
		owner->http |= strcmp(word, "http") == 0;
		owner->tls |= strcmp(word, "tls") == 0;
	}
	owner->transport = list && owner->generic && owner->speaks_count && !owner->http;
	for (size_t i = 0; list && i < owner->speaks_count; i++)
		owner->transport &= transports(list[i]);
	owner->speaks = list;
	owner->first = (uint32_t)first_node;
	owner->end = (uint32_t)definitions->nodes;
	return list != NULL;
}

/* --- One definition, one claim --- */

/* Forget what a definition that can't be used has left: its nodes are reached by nobody, as its owner has no root. */
static bool new_owner(struct making *making, const char *id, bool claim)
{
	struct definitions *definitions = making->definitions;

	if (!grow((void **)&definitions->owner, definitions->owners, &definitions->owner_room,
		  sizeof(*definitions->owner)))
		return false;
	definitions->own_expression_bytes = 0;
	making->owner = (uint32_t)definitions->owners;
	making->claim = claim;
	definitions->owner[definitions->owners++] =
		(struct owner){.id = keep_text(definitions, id, strlen(id)), .claim = claim};
	return definitions->owner[making->owner].id != NULL;
}

static bool compile_service(struct making *making, const struct json *json)
{
	static const char *const known[] = {"name",	  "description", "category", "logo",  "icon",
					    "is_generic", "certainty",	 "match",    "tests", NULL};
	static const struct text_row rows[] = {{"name", 1, 39, NULL, true},
					       {"description", 1, 99, NULL, true},
					       {"category", 1, 39, NULL, true},
					       {"logo", 1, 60, "", false},
					       {"icon", 1, 60, "-", false}};
	struct definitions *definitions = making->definitions;
	size_t first = definitions->nodes;
	struct owner owner = definitions->owner[making->owner];
	const struct json *match = json_get(json, "match");
	struct keys keys = {making, known};

	if (json_kind(json) != JSON_OBJECT)
		return making_wrong(making, "has to be an object");
	if (json_each(json, check_key, &keys) ||
	    !check_texts(making, json, rows, sizeof(rows) / sizeof(rows[0])))
		return false;
	if (!json_get(json, "logo") == !json_get(json, "icon"))
		return making_wrong(making, "has to have a logo or an icon, and not both");
	if (!json_flag(json_get(json, "is_generic"), &owner.generic))
		return making_wrong(making, "is_generic has to be true or false");
	if (!read_certainty(making, json_get(json, "certainty"), &owner.most))
		return false;
	if (match) {
		size_t back = making_into(making, "match", 0);

		owner.root = rule_compile(making, match);
		if (!owner.root || !gather_speaks(definitions, &owner, first))
			return false;
		making_back(making, back);
	}
	definitions->owner[making->owner] = owner;
	return true;
}

static bool compile_claim(struct making *making, const struct json *json)
{
	static const char *const known[] = {"kind",	 "vendor", "model", "os", "os_version",
					    "certainty", "match",  "tests", NULL};
	static const struct text_row rows[] = {{"kind", 1, 39, "-", false},
					       {"vendor", 1, 99, NULL, false},
					       {"model", 1, 99, NULL, false},
					       {"os", 1, 39, NULL, false},
					       {"os_version", 1, 39, NULL, false}};
	struct definitions *definitions = making->definitions;
	struct owner owner = definitions->owner[making->owner];
	const struct json *match = json_get(json, "match");
	struct keys keys = {making, known};
	bool says = false;
	size_t back;

	if (json_kind(json) != JSON_OBJECT)
		return making_wrong(making, "has to be an object");
	if (json_each(json, check_key, &keys) ||
	    !check_texts(making, json, rows, sizeof(rows) / sizeof(rows[0])) ||
	    !read_certainty(making, json_get(json, "certainty"), &owner.most))
		return false;
	for (size_t i = 0; i < CLAIM_COUNT; i++) {
		const char *text;
		size_t length;

		if (!json_text(json_get(json, claim_keys[i]), &text, &length))
			continue;
		owner.says[i] = keep_text(definitions, text, length);
		says = true;
	}
	if (!match || !says)
		return making_wrong(making, "a claim needs `match`, and something that it says: kind, vendor, "
					    "model, os or os_version");
	back = making_into(making, "match", 0);
	owner.root = rule_compile(making, match);
	if (!owner.root)
		return false;
	making_back(making, back);
	definitions->owner[making->owner] = owner;
	return true;
}

/* [{"id": "laptop", "broader": "computer"}, …] */
static bool add_broader(struct definitions *definitions, const struct json *list)
{
	for (size_t i = 0; i < json_count(list); i++) {
		const char *id, *of;
		size_t id_length, of_length;

		if (!json_text(json_get(json_at(list, i), "id"), &id, &id_length) ||
		    !json_text(json_get(json_at(list, i), "broader"), &of, &of_length))
			continue;
		if (!grow((void **)&definitions->broader, definitions->broaders, &definitions->broader_room,
			  sizeof(*definitions->broader)))
			return false;
		definitions->broader[definitions->broaders++] = (struct broader){
			keep_text(definitions, id, id_length), keep_text(definitions, of, of_length)};
	}
	return true;
}

/* --- All of them --- */

/* failed NULL: what is wrong is said another time. */
static struct json *read(struct definitions *definitions, const struct definition_text *text, bool *failed)
{
	struct json *json = NULL;
	const char *why = "is longer than 64 KiB";
	char words[200];

	if (text->length <= DEFINITION_BYTES_MAX && json_read(text->json, text->length, &json, &why) == 0)
		return json;
	snprintf(words, sizeof(words), "this is no JSON: %s", why);
	if (failed)
		*failed |= !add_fault(definitions, text->id, words);
	return NULL;
}

/* A fault of the one that was just made: -ENOMEM when nothing was said. */
static int outcome(struct making *making, bool well, const char *id)
{
	struct owner *owner = &making->definitions->owner[making->owner];

	if (well)
		return 0;
	owner->root = 0;
	owner->replaced = true;
	return making->why[0] && add_fault(making->definitions, id, making->why) ? 0 : -ENOMEM;
}

static int add_service(struct definitions *definitions, const struct definition_text *text)
{
	struct making making = {.definitions = definitions};
	bool failed = false, well;
	struct json *json = read(definitions, text, &failed);

	if (!json)
		return failed ? -ENOMEM : 0;
	if (!new_owner(&making, text->id, false)) {
		json_free(json);
		return -ENOMEM;
	}
	well = compile_service(&making, json);
	json_free(json);
	/* A person's own takes the place of a built-in one: but not one that can't be used. */
	for (size_t i = 0; well && i < making.owner; i++)
		definitions->owner[i].replaced |=
			!definitions->owner[i].claim && strcmp(definitions->owner[i].id, text->id) == 0;
	return outcome(&making, well, text->id);
}

static int add_devices(struct definitions *definitions, const struct definition_text *text, bool lists)
{
	bool failed = false;
	struct json *json = read(definitions, text, lists ? NULL : &failed);
	const struct json *claims = json_get(json, "claims");
	int error = 0;

	if (!json)
		return failed ? -ENOMEM : 0;
	if (lists)
		error = json_kind(json) == JSON_ARRAY && !add_broader(definitions, json) ? -ENOMEM : 0;
	else if (json_kind(json) != JSON_ARRAY &&
		 (json_kind(claims) != JSON_ARRAY || json_kind(json_get(json, "description")) != JSON_TEXT))
		error = add_fault(definitions, text->id,
				  "has to be an object with a description and a list of claims")
				? 0
				: -ENOMEM;
	for (size_t i = 0; !lists && !error && i < json_count(claims); i++) {
		struct making making = {.definitions = definitions};
		char id[100];

		snprintf(id, sizeof(id), "%.60s#%zu", text->id, i + 1);
		making_into(&making, "claims", 0);
		making_into(&making, NULL, (int)i);
		if (!new_owner(&making, id, true))
			error = -ENOMEM;
		else
			error = outcome(&making, compile_claim(&making, json_at(claims, i)), text->id);
	}
	json_free(json);
	return error;
}

static struct definitions *make(void)
{
	struct definitions *made = calloc(1, sizeof(*made));

	if (!made)
		return NULL;
	made->nodes = made->uses = made->patterns = made->fields = 1;
	made->pattern_hash = calloc(PATTERN_BUCKETS, sizeof(*made->pattern_hash));
	if (!made->pattern_hash || !grow((void **)&made->node, 0, &made->node_room, sizeof(*made->node)) ||
	    !grow((void **)&made->use, 0, &made->use_room, sizeof(*made->use)) ||
	    !grow((void **)&made->pattern, 0, &made->pattern_room, sizeof(*made->pattern)) ||
	    !grow((void **)&made->field, 0, &made->field_room, sizeof(*made->field))) {
		definitions_free(made);
		return NULL;
	}
	return made;
}

int definitions_compile(const struct definition_text *services, size_t service_count,
			const struct definition_text *devices, size_t device_count, struct definitions **out)
{
	struct definitions *made = make();
	int error = made ? 0 : -ENOMEM;

	for (size_t i = 0; !error && i < service_count; i++)
		error = add_service(made, &services[i]);
	for (size_t i = 0; !error && i < device_count; i++)
		error = add_devices(made, &devices[i], true);
	for (size_t i = 0; !error && i < device_count; i++)
		error = add_devices(made, &devices[i], false);
	if (!error)
		error = fields_build(made);
	if (error) {
		definitions_free(made);
		return error;
	}
	*out = made;
	return 0;
}

void definitions_free(struct definitions *definitions)
{
	if (!definitions)
		return;
	fields_free(definitions);
	free(definitions->node);
	free(definitions->use);
	free(definitions->owner);
	free(definitions->fault);
	free(definitions->broader);
	arena_free(&definitions->arena);
	free(definitions);
}

size_t definitions_bytes(const struct definitions *definitions)
{
	return sizeof(*definitions) + definitions->arena_bytes + fields_bytes(definitions) +
	       definitions->node_room * sizeof(*definitions->node) +
	       definitions->use_room * sizeof(*definitions->use) +
	       definitions->owner_room * sizeof(*definitions->owner) +
	       definitions->fault_room * sizeof(*definitions->fault);
}

size_t definitions_faults(const struct definitions *definitions, const struct definition_fault **out)
{
	*out = definitions->fault;
	return definitions->faults;
}
