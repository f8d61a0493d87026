/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fields as JSON Schema (2020-12, as OpenAPI 3.1 has it).
 */
#include <string.h>

#include "collector/schema.h"

static void choices(const char *list, struct buffer *out)
{
	buffer_text(out, ",\"enum\":[");
	for (const char *at = list; *at;) {
		size_t length = strcspn(at, "|");

		buffer_text(out, at == list ? "" : ",");
		buffer_json(out, at, length);
		at += length + (at[length] == '|');
	}
	buffer_text(out, "]");
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
		break;
	case SCHEMA_CHOICE:
		/* A null would have to be among them. */
		type("string", false, out);
		choices(field->choices, out);
		break;
	case SCHEMA_INTEGER:
		type("integer", null, out);
		if (field->max)
			buffer_printf(out, ",\"minimum\":%ld,\"maximum\":%ld", field->min, field->max);
		break;
	case SCHEMA_NUMBER:
	case SCHEMA_TIME:
		type("number", null, out);
		break;
	case SCHEMA_BOOL:
		type("boolean", null, out);
		break;
	case SCHEMA_ID:
		type("string", null, out);
		buffer_text(out, ",\"format\":\"uuid\"");
		break;
	case SCHEMA_CIDR:
	case SCHEMA_IP:
	case SCHEMA_MAC:
		type("string", null, out);
		break;
	case SCHEMA_IDS:
		type("array", null, out);
		buffer_text(out, ",\"items\":{\"type\":\"string\",\"format\":\"uuid\"}");
		break;
	case SCHEMA_TEXTS:
		type("array", null, out);
		buffer_text(out, ",\"items\":{\"type\":\"string\"}");
		break;
	case SCHEMA_OBJECT:
		type("object", null, out);
		break;
	case SCHEMA_ARRAY:
		type("array", null, out);
		buffer_text(out, ",\"items\":{}");
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
