/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * json-c's one door.
 */
#include <errno.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <math.h>
#include <string.h>

#include "collector/json.h"

static struct json_object *raw(const struct json *value)
{
	return (struct json_object *)(uintptr_t)value;
}

/* Bytes of the UTF-8 character that begins here (RFC 3629, without surrogates), 0 when it is none. */
static size_t utf8_character(const unsigned char *at, size_t left)
{
	size_t length = at[0] < 0x80 ? 1 : at[0] >= 0xc2 && at[0] < 0xe0 ? 2 : (at[0] & 0xf0) == 0xe0 ? 3 : 4;

	if (at[0] > 0xf4 || (at[0] >= 0x80 && at[0] < 0xc2) || length > left)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f) ||
	    (at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] > 0x8f))
		return 0;
	return length;
}

/* json-c takes more than JSON has (comments, single quotes, NaN): none of that is made of these characters alone.
 * Nor does it refuse encoded surrogates, as PostgreSQL does. */
static bool plain(const char *bytes, size_t length)
{
	static const char outside[] = "{}[]:,+-.0123456789eE \t\r\ntrufalsn";
	bool text = false;

	for (size_t i = 0, step; i < length; i += step) {
		step = utf8_character((const unsigned char *)bytes + i, length - i);
		if (!step)
			return false;
		if (bytes[i] == '"')
			text = !text;
		else if (text && bytes[i] == '\\' && i + 1 < length && (unsigned char)bytes[i + 1] < 0x80)
			step = 2;
		else if (text ? (unsigned char)bytes[i] < 0x20 : !bytes[i] || !strchr(outside, bytes[i]))
			return false;
	}
	return true;
}

int json_read(const char *bytes, size_t length, struct json **out, const char **why)
{
	struct json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH_MAX);
	struct json_object *document;
	enum json_tokener_error error;

	*why = tokener ? "a character that is not JSON, or not UTF-8" : "there is no memory";
	if (!tokener || length > INT32_MAX || !plain(bytes, length)) {
		if (tokener)
			json_tokener_free(tokener);
		return -EINVAL;
	}
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	document = json_tokener_parse_ex(tokener, bytes, (int)length);
	error = json_tokener_get_error(tokener);
	if (error == json_tokener_continue) {
		/* A bare number may go on: only the end shows that it is whole. */
		json_object_put(document);
		document = json_tokener_parse_ex(tokener, "", 1);
		error = json_tokener_get_error(tokener);
	} else if (error == json_tokener_success && json_tokener_get_parse_end(tokener) < length) {
		error = json_tokener_error_parse_unexpected;
	}
	json_tokener_free(tokener);
	if (error != json_tokener_success) {
		json_object_put(document);
		*why = json_tokener_error_desc(error);
		return -EINVAL;
	}
	*out = (struct json *)document;
	return 0;
}

void json_free(struct json *document)
{
	json_object_put((struct json_object *)document);
}

enum json_kind json_kind(const struct json *value)
{
	switch (json_object_get_type(raw(value))) {
	case json_type_boolean:
		return JSON_BOOL;
	case json_type_int:
	case json_type_double:
		return JSON_NUMBER;
	case json_type_string:
		return JSON_TEXT;
	case json_type_array:
		return JSON_ARRAY;
	case json_type_object:
		return JSON_OBJECT;
	default:
		return JSON_NULL;
	}
}

const struct json *json_get(const struct json *value, const char *key)
{
	struct json_object *found = NULL;

	if (json_kind(value) != JSON_OBJECT || !json_object_object_get_ex(raw(value), key, &found))
		return NULL;
	return (const struct json *)found;
}

size_t json_count(const struct json *value)
{
	return json_kind(value) == JSON_ARRAY ? json_object_array_length(raw(value)) : 0;
}

const struct json *json_at(const struct json *value, size_t i)
{
	return i < json_count(value) ? (const struct json *)json_object_array_get_idx(raw(value), i) : NULL;
}

bool json_text(const struct json *value, const char **out, size_t *length)
{
	if (json_kind(value) != JSON_TEXT)
		return false;
	*out = json_object_get_string(raw(value));
	*length = (size_t)json_object_get_string_len(raw(value));
	return true;
}

bool json_flag(const struct json *value, bool *out)
{
	if (json_kind(value) != JSON_BOOL)
		return false;
	*out = json_object_get_boolean(raw(value));
	return true;
}

bool json_number(const struct json *value, double *out)
{
	double number;

	if (json_kind(value) != JSON_NUMBER)
		return false;
	number = json_object_get_double(raw(value));
	if (!isfinite(number))
		return false;
	*out = number;
	return true;
}

bool json_integer(const struct json *value, uint64_t max, uint64_t *out)
{
	double number;

	if (!json_number(value, &number) || number < 0 || number > (double)max)
		return false;
	if (json_object_get_type(raw(value)) == json_type_int) {
		int64_t whole = json_object_get_int64(raw(value));

		/* Beyond 64 bits json-c stays at the end of its range. */
		if (whole == INT64_MAX || (uint64_t)whole > max)
			return false;
		*out = (uint64_t)whole;
		return true;
	}
	if (number != floor(number) || number >= 9007199254740992.0)
		return false;
	*out = (uint64_t)number;
	return true;
}

int json_each(const struct json *value, int (*fn)(void *arg, const char *key, const struct json *value),
	      void *arg)
{
	if (json_kind(value) != JSON_OBJECT)
		return 0;
	json_object_object_foreach (raw(value), key, item) {
		int result = fn(arg, key, (const struct json *)item);

		if (result)
			return result;
	}
	return 0;
}

void json_write(const struct json *value, struct buffer *out)
{
	struct json_object *object = raw(value);

	switch (json_kind(value)) {
	case JSON_NULL:
		buffer_text(out, "null");
		break;
	case JSON_BOOL:
		buffer_text(out, json_object_get_boolean(object) ? "true" : "false");
		break;
	case JSON_NUMBER:
		if (json_object_get_type(object) == json_type_int)
			buffer_printf(out, "%" PRId64, json_object_get_int64(object));
		else if (isfinite(json_object_get_double(object)))
			buffer_printf(out, "%.17g", json_object_get_double(object));
		else
			buffer_text(out, "null");
		break;
	case JSON_TEXT:
		buffer_json(out, json_object_get_string(object), (size_t)json_object_get_string_len(object));
		break;
	case JSON_ARRAY:
		buffer_text(out, "[");
		for (size_t i = 0; i < json_count(value); i++) {
			if (i)
				buffer_text(out, ",");
			json_write(json_at(value, i), out);
		}
		buffer_text(out, "]");
		break;
	case JSON_OBJECT: {
		bool first = true;

		buffer_text(out, "{");
		json_object_object_foreach (object, key, item) {
			if (!first)
				buffer_text(out, ",");
			first = false;
			buffer_json(out, key, strlen(key));
			buffer_text(out, ":");
			json_write((const struct json *)item, out);
		}
		buffer_text(out, "}");
		break;
	}
	}
}
