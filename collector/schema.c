/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One function checks one value, whether it comes from a body or from a query.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "collector/http.h"
#include "collector/json.h"
#include "collector/schema.h"
#include "collector/secret.h"
#include "defs/addr.h"

enum { QUERY_VALUE_BYTES_MAX = 4096, TIME_S_MAX = 253402300799 };

static bool chosen(const char *choices, const char *text, size_t length)
{
	for (const char *at = choices; *at;) {
		size_t size = strcspn(at, "|");

		if (size == length && memcmp(at, text, size) == 0)
			return true;
		at += size + (at[size] == '|');
	}
	return false;
}

/* An address, or with prefix allowed ADDRESS/BITS. */
static bool address_valid(const char *text, size_t length, bool prefix)
{
	char address[64], *slash, *end;
	struct ip ip;
	long bits = 0;

	if (length >= sizeof(address))
		return false;
	memcpy(address, text, length);
	address[length] = 0;
	slash = prefix ? strchr(address, '/') : NULL;
	if (slash) {
		*slash = 0;
		bits = strtol(slash + 1, &end, 10);
		if (end == slash + 1 || *end || bits < 0 || bits > (strchr(address, ':') ? 128 : 32))
			return false;
	}
	return ip_parse(address, &ip) == 0;
}

static bool mac_valid(const char *text, size_t length)
{
	char copy[24];
	struct mac mac;

	if (length >= sizeof(copy))
		return false;
	memcpy(copy, text, length);
	copy[length] = 0;
	return mac_parse(copy, &mac) == 0;
}

/* Whether a text is right for a field whose values are texts. */
static bool text_right(const struct schema_field *field, const char *text, size_t length,
		       char why[static SCHEMA_WHY_MAX])
{
	if (memchr(text, 0, length)) {
		snprintf(why, SCHEMA_WHY_MAX, "\"%s\" holds a zero byte", field->name);
		return false;
	}
	switch (field->type) {
	case SCHEMA_CHOICE:
		if (chosen(field->choices, text, length))
			return true;
		snprintf(why, SCHEMA_WHY_MAX, "\"%s\" must be one of %s", field->name, field->choices);
		return false;
	case SCHEMA_ID:
		if (id_valid(text, length))
			return true;
		snprintf(why, SCHEMA_WHY_MAX, "\"%s\" must be a UUID", field->name);
		return false;
	case SCHEMA_CIDR:
	case SCHEMA_IP:
		if (address_valid(text, length, field->type == SCHEMA_CIDR))
			return true;
		snprintf(why, SCHEMA_WHY_MAX, "\"%s\" must be an IPv4 or IPv6 address%s", field->name,
			 field->type == SCHEMA_CIDR ? " with a prefix length, as 192.168.1.0/24" : "");
		return false;
	case SCHEMA_MAC:
		if (mac_valid(text, length))
			return true;
		snprintf(why, SCHEMA_WHY_MAX, "\"%s\" must be a MAC address, as 00:11:22:33:44:55",
			 field->name);
		return false;
	default:
		if ((long)length >= field->min && (long)length <= field->max)
			return true;
		snprintf(why, SCHEMA_WHY_MAX, "\"%s\" must be a text of %ld to %ld bytes", field->name,
			 field->min, field->max);
		return false;
	}
}

static void write_time(struct buffer *out, double seconds)
{
	time_t whole = (time_t)seconds;
	struct tm utc;
	char text[40] = "";

	gmtime_r(&whole, &utc);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
	buffer_printf(out, "\"%s.%06dZ\"", text, (int)((seconds - (double)whole) * 1e6));
}

static bool number_right(const struct schema_field *field, double number, struct buffer *out,
			 char why[static SCHEMA_WHY_MAX])
{
	if (field->type == SCHEMA_TIME) {
		if (number >= 0 && number <= (double)TIME_S_MAX) {
			write_time(out, number);
			return true;
		}
		snprintf(why, SCHEMA_WHY_MAX, "\"%s\" must be seconds since 1970", field->name);
		return false;
	}
	if (field->type == SCHEMA_INTEGER && (double)(int64_t)number != number) {
		snprintf(why, SCHEMA_WHY_MAX, "\"%s\" must be a whole number", field->name);
		return false;
	}
	if (number < (double)field->min || number > (double)field->max) {
		snprintf(why, SCHEMA_WHY_MAX, "\"%s\" must be %ld to %ld", field->name, field->min, field->max);
		return false;
	}
	if (field->type == SCHEMA_INTEGER)
		buffer_printf(out, "%" PRId64, (int64_t)number);
	else
		buffer_printf(out, "%.17g", number);
	return true;
}

static bool list_right(const struct schema_field *field, const struct json *value, struct buffer *out,
		       char why[static SCHEMA_WHY_MAX])
{
	struct schema_field item = {.name = field->name,
				    .type = field->type == SCHEMA_IDS ? SCHEMA_ID : SCHEMA_TEXT,
				    .min = 1,
				    .max = SCHEMA_ITEM_BYTES_MAX};

	if (json_kind(value) != JSON_ARRAY || json_count(value) > (size_t)field->max) {
		snprintf(why, SCHEMA_WHY_MAX, "\"%s\" must be an array of at most %ld", field->name,
			 field->max);
		return false;
	}
	buffer_text(out, "[");
	for (size_t i = 0; i < json_count(value); i++) {
		const char *text;
		size_t length;

		if (!json_text(json_at(value, i), &text, &length)) {
			snprintf(why, SCHEMA_WHY_MAX, "\"%s\" must be an array of texts", field->name);
			return false;
		}
		if (!text_right(&item, text, length, why))
			return false;
		buffer_text(out, i ? "," : "");
		buffer_json(out, text, length);
	}
	buffer_text(out, "]");
	return true;
}

/* Any JSON of a kind, bounded: what it means is for who asked for it. */
static bool json_right(const struct schema_field *field, const struct json *value, struct buffer *out,
		       char why[static SCHEMA_WHY_MAX])
{
	enum json_kind kind = field->type == SCHEMA_OBJECT ? JSON_OBJECT : JSON_ARRAY;
	size_t before = out->length;

	if (json_kind(value) == kind)
		json_write(value, out);
	if (json_kind(value) == kind && out->length - before <= (size_t)field->max)
		return true;
	snprintf(why, SCHEMA_WHY_MAX, "\"%s\" must be %s of at most %ld bytes", field->name,
		 kind == JSON_OBJECT ? "an object" : "an array", field->max);
	return false;
}

static bool value_right(const struct schema_field *field, const struct json *value, struct buffer *out,
			char why[static SCHEMA_WHY_MAX])
{
	const char *text;
	size_t length;
	double number;
	bool flag;

	switch (field->type) {
	case SCHEMA_INTEGER:
	case SCHEMA_NUMBER:
	case SCHEMA_TIME:
		if (json_number(value, &number))
			return number_right(field, number, out, why);
		snprintf(why, SCHEMA_WHY_MAX, "\"%s\" must be a number", field->name);
		return false;
	case SCHEMA_BOOL:
		if (json_flag(value, &flag)) {
			buffer_text(out, flag ? "true" : "false");
			return true;
		}
		snprintf(why, SCHEMA_WHY_MAX, "\"%s\" must be true or false", field->name);
		return false;
	case SCHEMA_IDS:
	case SCHEMA_TEXTS:
		return list_right(field, value, out, why);
	case SCHEMA_OBJECT:
	case SCHEMA_ARRAY:
		return json_right(field, value, out, why);
	default:
		if (!json_text(value, &text, &length)) {
			snprintf(why, SCHEMA_WHY_MAX, "\"%s\" must be a text", field->name);
			return false;
		}
		if (!text_right(field, text, length, why))
			return false;
		buffer_json(out, text, length);
		return true;
	}
}

static const struct schema_field *find(const struct schema_field *fields, const char *name)
{
	for (; fields && fields->name; fields++)
		if (strcmp(fields->name, name) == 0)
			return fields;
	return NULL;
}

struct checking {
	const struct schema_field *fields;
	enum schema_use use;
	struct buffer *out;
	char *why;
};

static int check_key(void *arg, const char *key, const struct json *value)
{
	struct checking *at = arg;
	const struct schema_field *field = find(at->fields, key);

	if (!field) {
		snprintf(at->why, SCHEMA_WHY_MAX, "there is no field \"%.60s\" here", key);
		return -1;
	}
	if (field->flags & SCHEMA_READ || (field->flags & SCHEMA_CREATE && at->use == SCHEMA_FOR_UPDATE))
		return 0;
	buffer_key(at->out, key);
	if (json_kind(value) == JSON_NULL) {
		if (field->flags & SCHEMA_NULL) {
			buffer_text(at->out, "null");
			return 0;
		}
		snprintf(at->why, SCHEMA_WHY_MAX, "\"%s\" must not be null", key);
		return -1;
	}
	return value_right(field, value, at->out, at->why) ? 0 : -1;
}

bool schema_check(const struct schema_field *fields, enum schema_use use, const struct json *body,
		  struct buffer *out, char why[static SCHEMA_WHY_MAX])
{
	struct checking at = {.fields = fields, .use = use, .out = out, .why = why};

	for (const struct schema_field *field = fields; use == SCHEMA_FOR_CREATE && field && field->name;
	     field++) {
		if (!(field->flags & SCHEMA_REQUIRED) || json_get(body, field->name))
			continue;
		snprintf(why, SCHEMA_WHY_MAX, "\"%s\" is missing", field->name);
		return false;
	}
	buffer_text(out, "{");
	if (body && json_each(body, check_key, &at))
		return false;
	buffer_text(out, "}");
	if (out->failed)
		snprintf(why, SCHEMA_WHY_MAX, "there is no memory");
	return !out->failed;
}

static bool query_ids(const struct schema_field *field, const char *text, struct buffer *out,
		      char why[static SCHEMA_WHY_MAX])
{
	struct schema_field item = {.name = field->name, .type = SCHEMA_ID};
	long count = 0;

	buffer_text(out, "[");
	for (const char *at = text; *at;) {
		size_t length = strcspn(at, ",");

		if (++count > field->max) {
			snprintf(why, SCHEMA_WHY_MAX, "\"%s\" holds at most %ld ids", field->name, field->max);
			return false;
		}
		if (!text_right(&item, at, length, why))
			return false;
		buffer_text(out, count > 1 ? "," : "");
		buffer_json(out, at, length);
		at += length + (at[length] == ',');
	}
	buffer_text(out, "]");
	return true;
}

static bool query_value(const struct schema_field *field, const char *text, struct buffer *out,
			char why[static SCHEMA_WHY_MAX])
{
	double number;
	bool plain;
	char *end;

	switch (field->type) {
	case SCHEMA_IDS:
		return query_ids(field, text, out, why);
	case SCHEMA_INTEGER:
	case SCHEMA_NUMBER:
	case SCHEMA_TIME:
		/* As people write them: what takes the text again (a limit, an offset) must see the same number. */
		plain = text[strspn(text, field->type == SCHEMA_INTEGER ? "-0123456789" : "-.0123456789")] == 0;
		number = strtod(text, &end);
		if (plain && end != text && !*end)
			return number_right(field, number, out, why);
		snprintf(why, SCHEMA_WHY_MAX, "\"%s\" must be a number", field->name);
		return false;
	case SCHEMA_BOOL:
		if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0) {
			buffer_text(out, text);
			return true;
		}
		snprintf(why, SCHEMA_WHY_MAX, "\"%s\" must be true or false", field->name);
		return false;
	default:
		if (!text_right(field, text, strlen(text), why))
			return false;
		buffer_json(out, text, strlen(text));
		return true;
	}
}

bool schema_query(const struct schema_field *fields, const struct http_head *head, struct buffer *out,
		  char why[static SCHEMA_WHY_MAX])
{
	buffer_text(out, "{");
	for (const char *at = head->query; *at;) {
		size_t whole = strcspn(at, "&"), size = strcspn(at, "=&");
		const struct schema_field *field;
		char key[64], value[QUERY_VALUE_BYTES_MAX];

		snprintf(key, sizeof(key), "%.*s", (int)size, at);
		at += whole + (at[whole] == '&');
		/* libwebsockets makes a "/" of a question mark with nothing behind it. */
		if (!key[0] || strcmp(key, "/") == 0)
			continue;
		field = find(fields, key);
		if (!field) {
			snprintf(why, SCHEMA_WHY_MAX, "the query has no \"%s\" here", key);
			return false;
		}
		if (!http_query(head, key, value, sizeof(value))) {
			snprintf(why, SCHEMA_WHY_MAX, "\"%s\" is too long, or has no value", key);
			return false;
		}
		/* An empty value is none. */
		if (!value[0])
			continue;
		buffer_key(out, key);
		if (!query_value(field, value, out, why))
			return false;
	}
	buffer_text(out, "}");
	if (out->failed)
		snprintf(why, SCHEMA_WHY_MAX, "there is no memory");
	return !out->failed;
}
