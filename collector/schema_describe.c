/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fields as JSON Schema (2020-12, as OpenAPI 3.1 has it).
 */
#include <string.h>

#include "collector/schema.h"

static void choices(const char *list, bool null, struct buffer *out)
{
	buffer_text(out, ",\"enum\":[");
	for (const char *at = list; *at;) {
		size_t length = strcspn(at, "|");

		buffer_text(out, at == list ? "" : ",");
		buffer_json(out, at, length);
		at += length + (at[length] == '|');
	}
	buffer_text(out, null ? ",null]" : "]");
}

/* What a form should know beside the type. */
static void more(const struct schema_field *field, struct buffer *out)
{
	/* What is only shown may be of any type in its table, with choices. */
	if (!field->choices || field->choices[0] != '"')
		return;
	buffer_text(out, ",");
	buffer_text(out, field->choices);
}

static void range(const struct schema_field *field, struct buffer *out)
{
	if (field->max)
		buffer_printf(out, ",\"minimum\":%ld,\"maximum\":%ld", field->min, field->max);
}

static void items(const struct schema_field *field, struct buffer *out)
{
	if (field->max)
		buffer_printf(out, ",\"maxItems\":%ld", field->max);
}

static void format(const char *name, struct buffer *out)
{
	buffer_printf(out, ",\"format\":\"%s\"", name);
}

/* "type" of one value, or of one that may be null. */
static void type(const char *name, bool null, struct buffer *out)
{
	buffer_printf(out, null ? "\"type\":[\"%s\",\"null\"]" : "\"type\":\"%s\"", name);
}

void schema_describe(const struct schema_field *field, struct buffer *out)
{
	bool null = field->flags & (SCHEMA_NULL | SCHEMA_READ);

	buffer_text(out, "{");
	switch (field->type) {
	case SCHEMA_TEXT:
		type("string", null, out);
		if (field->max)
			buffer_printf(out, ",\"minLength\":%ld,\"maxLength\":%ld", field->min, field->max);
		more(field, out);
		break;
	case SCHEMA_CHOICE:
		type("string", field->flags & SCHEMA_NULL, out);
		choices(field->choices, field->flags & SCHEMA_NULL, out);
		break;
	case SCHEMA_INTEGER:
		type("integer", null, out);
		range(field, out);
		break;
	case SCHEMA_NUMBER:
		type("number", null, out);
		range(field, out);
		break;
	case SCHEMA_TIME:
		type("number", null, out);
		buffer_text(out, ",\"minimum\":0");
		break;
	case SCHEMA_BOOL:
		type("boolean", null, out);
		break;
	case SCHEMA_ID:
		type("string", null, out);
		format("uuid", out);
		break;
	case SCHEMA_CIDR:
		type("string", null, out);
		format("cidr", out);
		break;
	case SCHEMA_IP:
		type("string", null, out);
		format("ip", out);
		break;
	case SCHEMA_MAC:
		type("string", null, out);
		format("mac", out);
		break;
	case SCHEMA_IDS:
		type("array", null, out);
		buffer_text(out, ",\"items\":{\"type\":\"string\",\"format\":\"uuid\"}");
		items(field, out);
		break;
	case SCHEMA_TEXTS:
		type("array", null, out);
		buffer_printf(out, ",\"items\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":%d",
			      SCHEMA_ITEM_BYTES_MAX);
		more(field, out);
		buffer_text(out, "}");
		items(field, out);
		break;
	case SCHEMA_OBJECT:
		type("object", null, out);
		more(field, out);
		break;
	case SCHEMA_ARRAY:
		type("array", null, out);
		if (!field->choices || field->choices[0] != '"')
			buffer_text(out, ",\"items\":{}");
		more(field, out);
		break;
	}
	if (field->about) {
		buffer_key(out, "description");
		buffer_json(out, field->about, strlen(field->about));
	}
	if (field->flags & SCHEMA_READ)
		buffer_text(out, ",\"readOnly\":true");
	if (field->flags & SCHEMA_WRITE)
		buffer_text(out, ",\"writeOnly\":true");
	buffer_text(out, "}");
}

void schema_describe_all(const struct schema_field *fields, bool taken, enum schema_use use, struct buffer *out)
{
	unsigned int without =
		taken ? SCHEMA_READ | (use == SCHEMA_FOR_UPDATE ? SCHEMA_CREATE : 0) : SCHEMA_WRITE;
	bool required = false;

	buffer_text(out, "{\"type\":\"object\",\"properties\":{");
	for (const struct schema_field *field = fields; field->name; field++) {
		if (field->flags & without)
			continue;
		buffer_key(out, field->name);
		schema_describe(field, out);
		required |= field->flags & SCHEMA_REQUIRED;
	}
	buffer_text(out, "}");
	if (taken && required && use == SCHEMA_FOR_CREATE) {
		buffer_text(out, ",\"required\":[");
		required = false;
		for (const struct schema_field *field = fields; field->name; field++) {
			if (!(field->flags & SCHEMA_REQUIRED))
				continue;
			buffer_text(out, required ? "," : "");
			buffer_json(out, field->name, strlen(field->name));
			required = true;
		}
		buffer_text(out, "]");
	}
	buffer_text(out, "}");
}
