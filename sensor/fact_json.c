// SPDX-License-Identifier: BSD-2-Clause
/*
 * A fact as a JSON object. Keys and types come from the table of facts; the order is that of docs/facts.md: kind,
 * the kind's own keys, then what every fact has.
 *
 * Texts are as strangers sent them: bytes that are not UTF-8, and zero bytes, are written as \xNN. Times are
 * seconds with exactly six decimals, never through floating point.
 */
#include "sensor/fact_json.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "sensor/text.h"

enum { TIME_TEXT_MAX = 32 };

static struct json_object *text_json(struct text text)
{
	char *clean = malloc(text.length * TEXT_ESCAPE_BYTES + 1);
	struct json_object *json;

	if (!clean)
		return NULL;
	json = json_object_new_string_len(clean, (int)text_clean(text, clean));
	free(clean);
	return json;
}

static struct json_object *ip_json(const struct ip *ip)
{
	char line[ADDR_TEXT_MAX];

	return json_object_new_string(ip_text(ip, line));
}

static struct json_object *mac_json(const struct mac *mac)
{
	char line[ADDR_TEXT_MAX];

	return json_object_new_string(mac_text(mac, line));
}

static struct json_object *time_json(int64_t time_us)
{
	uint64_t us = time_us < 0 ? -(uint64_t)time_us : (uint64_t)time_us;
	char line[TIME_TEXT_MAX];

	snprintf(line, sizeof(line), "%s%llu.%06llu", time_us < 0 ? "-" : "",
		 (unsigned long long)(us / 1000000), (unsigned long long)(us % 1000000));
	return json_object_new_double_s((double)time_us / 1e6, line);
}

static struct json_object *vlan_json(const struct vlan_tags *vlan)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; array && i < vlan->count; i++)
		json_object_array_add(array, json_object_new_int(vlan->id[i]));
	return array;
}

static struct json_object *list_json(enum fact_type type, const void *list)
{
	struct json_object *array = json_object_new_array();
	const struct ip_list *ips = list;
	const struct text_list *texts = list;
	const struct claim_list *claims = list;

	if (!array)
		return NULL;
	if (type == TYPE_IPS)
		for (size_t i = 0; i < ips->count; i++)
			json_object_array_add(array, ip_json(&ips->item[i]));
	if (type == TYPE_TEXTS)
		for (size_t i = 0; i < texts->count; i++)
			json_object_array_add(array, text_json(texts->item[i]));
	if (type == TYPE_CLAIMS)
		for (size_t i = 0; i < claims->count; i++)
			json_object_array_add(array, json_object_new_string(claims->item[i]));
	return array;
}

static struct json_object *field_json(const struct fact *fact, const struct fact_field_info *field)
{
	const void *at = (const char *)fact + field->offset;

	switch (field->type) {
	case TYPE_MAC:
		return mac_json(at);
	case TYPE_IP:
		return ip_json(at);
	case TYPE_TEXT:
		return text_json(*(const struct text *)at);
	case TYPE_NUMBER:
		return json_object_new_uint64(*(const uint64_t *)at);
	case TYPE_BOOL:
		return json_object_new_boolean(*(const bool *)at);
	case TYPE_IPS:
	case TYPE_TEXTS:
	case TYPE_CLAIMS:
		return list_json(field->type, *(void *const *)at);
	}
	return NULL;
}

static int add(struct json_object *object, const char *key, struct json_object *value)
{
	if (!value)
		return -ENOMEM;
	if (json_object_object_add_ex(object, key, value, JSON_C_OBJECT_ADD_CONSTANT_KEY)) {
		json_object_put(value);
		return -ENOMEM;
	}
	return 0;
}

static int fill(struct json_object *object, const struct fact *fact)
{
	int error = add(object, "fact", json_object_new_string(fact_kind_names[fact->kind]));

	for (int field = 0; field < FIELD_COUNT && !error; field++)
		if (fact->has >> field & 1 && fact_role(fact->kind, field) != ROLE_NONE)
			error = add(object, fact_fields[field].json, field_json(fact, &fact_fields[field]));
	if (!error)
		error = add(object, "first", time_json(fact->first_us));
	if (!error)
		error = add(object, "last", time_json(fact->last_us));
	if (!error)
		error = add(object, "count", json_object_new_uint64(fact->count));
	if (!error)
		error = add(object, "vlan", vlan_json(&fact->vlan));
	if (!error)
		error = add(object, "source", json_object_new_string(fact_source_names[fact->source]));
	if (!error)
		error = add(object, "confidence",
			    json_object_new_string(fact_confidence_names[fact->confidence]));
	return error;
}

char *fact_json(const struct fact *fact, size_t *length)
{
	struct json_object *object = json_object_new_object();
	char *line = NULL;
	const char *text;
	size_t size;

	if (!object || fill(object, fact))
		goto out;
	text = json_object_to_json_string_length(
		object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &size);
	line = text ? malloc(size + 1) : NULL;
	if (!line)
		goto out;
	memcpy(line, text, size + 1);
	*length = size;
out:
	json_object_put(object);
	return line;
}

int fact_json_say(void *file, const struct fact *fact)
{
	size_t length, written;
	char *line = fact_json(fact, &length);

	if (!line)
		return -ENOMEM;
	line[length] = '\n';
	written = fwrite(line, 1, length + 1, file);
	free(line);
	return written == length + 1 ? 0 : -EIO;
}
