/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every definition that comes with the program, and every claim about devices: it compiles, and the evidence of its own tests tells it, or does
 * not, as the test says. Usage: definitions [FILE…]; without one all of defs/services/ and defs/devices/.
 */
#include <glob.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/json.h"
#include "collector/recognize/recognize.h"
#include "tests/tap.h"

enum { FILES_MAX = 2000, CLUES_MAX = 500 };

static struct definition_text services[FILES_MAX], devices[FILES_MAX];
static size_t service_count, device_count;
static struct definitions *definitions;

static const char *const ours[] = {"port",
				   "speaks",
				   "name",
				   "vendor",
				   "gateway",
				   "subnet.type",
				   "address",
				   "container.image",
				   "container.label",
				   "application",
				   "neighbor.name",
				   "neighbor.capability",
				   "neighbor.description",
				   "neighbor.platform",
				   "neighbor.source"};

static void load(const char *path)
{
	char *copy = strdup(path), *id = basename(copy), *bytes;
	bool device = strstr(path, "/devices/") != NULL;
	FILE *file = fopen(path, "r");
	long size = -1;

	if (file && fseek(file, 0, SEEK_END) == 0)
		size = ftell(file);
	if (!copy || size < 0 || service_count == FILES_MAX || device_count == FILES_MAX)
		exit(2);
	rewind(file);
	bytes = malloc((size_t)size + 1);
	if (!bytes || fread(bytes, 1, (size_t)size, file) != (size_t)size || strlen(id) < 6)
		exit(2);
	fclose(file);
	id[strlen(id) - 5] = 0;
	if (strcmp(id, "schema") == 0 || strcmp(id, "categories") == 0) {
		free(bytes);
		free(copy);
		return;
	}
	if (device)
		devices[device_count++] = (struct definition_text){id, bytes, (size_t)size};
	else
		services[service_count++] = (struct definition_text){id, bytes, (size_t)size};
}

static void load_all(const char *pattern)
{
	glob_t found;

	if (glob(pattern, 0, NULL, &found) != 0)
		exit(2);
	for (size_t i = 0; i < found.gl_pathc; i++)
		load(found.gl_pathv[i]);
	globfree(&found);
}

/* --- Evidence of a test → clues --- */

struct evidence {
	struct clue clue[CLUES_MAX];
	size_t count;
	struct clue like;
	bool wrong;
};

static void add_clue(struct evidence *evidence, const char *key, const struct json *value)
{
	struct clue *clue = &evidence->clue[evidence->count];

	if (evidence->count == CLUES_MAX || !json_text(value, &clue->value, &clue->length)) {
		evidence->wrong = true;
		return;
	}
	*clue = (struct clue){.key = key,
			      .value = clue->value,
			      .length = clue->length,
			      .port_h = evidence->like.port_h,
			      .udp = evidence->like.udp,
			      .place = 1,
			      .source = "probe",
			      .evidence = "1"};
	evidence->count++;
}

static int add_key(void *arg, const char *key, const struct json *value)
{
	struct evidence *evidence = arg;

	if (strcmp(key, "at") == 0)
		return 0;
	/* A trait's key has a dot, or is one that docs/facts.md names without one. */
	if (!strchr(key, '.') && strcmp(key, "banner") != 0) {
		bool known = false;

		for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
			known |= strcmp(ours[i], key) == 0;
		if (!known) {
			printf("# \"%s\" is no key of evidence\n", key);
			evidence->wrong = true;
		}
	}
	if (json_kind(value) != JSON_ARRAY)
		add_clue(evidence, key, value);
	for (size_t i = 0; i < json_count(value); i++)
		add_clue(evidence, key, json_at(value, i));
	return 0;
}

static void gather(const struct json *list, struct evidence *evidence)
{
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *item = json_at(list, i);
		const char *at;
		size_t length;
		char *end;

		evidence->like = (struct clue){0};
		if (json_text(json_get(item, "at"), &at, &length)) {
			evidence->like.port_h = (uint16_t)strtoul(at, &end, 10);
			evidence->like.udp = strcmp(end, "/udp") == 0;
			evidence->clue[evidence->count++] = (struct clue){.key = "port",
									  .value = "",
									  .port_h = evidence->like.port_h,
									  .udp = evidence->like.udp,
									  .place = 1,
									  .source = "probe",
									  .evidence = "1"};
			evidence->wrong |= !evidence->like.port_h ||
					   (strcmp(end, "/tcp") != 0 && strcmp(end, "/udp") != 0);
		}
		json_each(item, add_key, evidence);
	}
	evidence->wrong |= !evidence->count;
}

/* --- What is expected of it --- */

struct expected {
	const char *id;		  /* of a service */
	const struct json *claim; /* of a device */
};

static bool claim_said(const struct json *claim, const struct device *device)
{
	const struct {
		const char *key, *value;
	} said[] = {{"kind", device->kind.value},
		    {"vendor", device->vendor.value},
		    {"model", device->model.value},
		    {"os", device->os.value},
		    {"os_version", device->os_version.value}};
	bool all = true;

	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		const char *want;
		size_t length;

		if (!json_text(json_get(claim, said[i].key), &want, &length))
			continue;
		all &= said[i].value && (strchr(want, '$') || strcmp(said[i].value, want) == 0);
	}
	return all;
}

static bool told(const struct expected *expected, const struct conclusions *conclusions)
{
	if (expected->claim)
		return claim_said(expected->claim, &conclusions->device);
	for (size_t i = 0; i < conclusions->services; i++)
		if (strcmp(conclusions->service[i].definition, expected->id) == 0)
			return true;
	return false;
}

static bool check(const struct expected *expected, const struct json *list, bool yes)
{
	bool well = json_count(list) > 0;

	if (!well)
		printf("# there is no test of `%s`\n", yes ? "yes" : "no");
	for (size_t i = 0; i < json_count(list); i++) {
		static struct evidence evidence;
		struct arena arena = {0};
		struct conclusions conclusions = {0};
		bool is;

		memset(&evidence, 0, sizeof(evidence));
		gather(json_at(list, i), &evidence);
		is = recognize(definitions, evidence.clue, evidence.count, &arena, &conclusions, NULL) == 0 &&
		     told(expected, &conclusions);
		if (is != yes || evidence.wrong) {
			well = false;
			printf("# %s[%zu]: %s; concluded:", yes ? "yes" : "no", i,
			       evidence.wrong ? "the evidence has not the form of schema.json"
			       : yes	      ? "not concluded"
					      : "concluded");
			for (size_t n = 0; n < conclusions.services; n++)
				printf(" %s (%s)", conclusions.service[n].definition,
				       certainty_name(conclusions.service[n].certainty));
			printf("; kind %s, vendor %s, model %s, os %s %s\n", conclusions.device.kind.value,
			       conclusions.device.vendor.value, conclusions.device.model.value,
			       conclusions.device.os.value, conclusions.device.os_version.value);
		}
		arena_free(&arena);
	}
	return well;
}

static bool fault_of(const char *id)
{
	const struct definition_fault *fault;
	size_t count = definitions_faults(definitions, &fault);
	bool is = false;

	for (size_t i = 0; i < count; i++) {
		if (strcmp(fault[i].id, id) != 0)
			continue;
		printf("# %s\n", fault[i].why);
		is = true;
	}
	return is;
}

static bool check_rule(const struct expected *expected, const struct json *of)
{
	const struct json *tests = json_get(of, "tests");
	bool yes, no;

	if (!json_get(of, "match"))
		return true;
	yes = check(expected, json_get(tests, "yes"), true);
	no = check(expected, json_get(tests, "no"), false);
	return yes && no;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		load(argv[i]);
	if (argc < 2) {
		load_all("defs/services/*.json");
		load_all("defs/devices/*.json");
	}
	if (definitions_compile(services, service_count, devices, device_count, &definitions) != 0)
		return 2;
	for (size_t i = 0; i < service_count + device_count; i++) {
		const struct definition_text *text =
			i < service_count ? &services[i] : &devices[i - service_count];
		struct json *json = NULL;
		const char *why;
		bool well = !fault_of(text->id) && json_read(text->json, text->length, &json, &why) == 0;

		if (well && i < service_count)
			well = check_rule(&(struct expected){.id = text->id}, json);
		for (size_t n = 0; well && i >= service_count && n < json_count(json_get(json, "claims"));
		     n++) {
			const struct json *claim = json_at(json_get(json, "claims"), n);

			if (!check_rule(&(struct expected){.claim = claim}, claim)) {
				printf("# … of claims[%zu]\n", n);
				well = false;
			}
		}
		tap_ok(well, "%s", text->id);
		json_free(json);
	}
	definitions_free(definitions);
	return tap_end();
}
