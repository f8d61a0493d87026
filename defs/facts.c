// SPDX-License-Identifier: BSD-2-Clause
/*
 * The tables of defs/facts.h as data: names, types, offsets and roles. Nothing is written twice: every row
 * comes from the macros there.
 */
#include "defs/facts.h"

#include <string.h>

#define FIELD_ROW(member, json, type) [FIELD_##member] = {(json), TYPE_##type, offsetof(struct fact, member)},
const struct fact_field_info fact_fields[FIELD_COUNT] = {FACT_FIELDS(FIELD_ROW)};

#define KIND_ROW(id, json) [FACT_##id] = (json),
const char *const fact_kind_names[FACT_KIND_COUNT] = {FACT_KINDS(KIND_ROW)};

#define SOURCE_ROW(id, json) [SOURCE_##id] = (json),
const char *const fact_source_names[SOURCE_COUNT] = {FACT_SOURCES(SOURCE_ROW)};

#define CONFIDENCE_ROW(id, json) [CONFIDENCE_##id] = (json),
const char *const fact_confidence_names[CONFIDENCE_COUNT] = {FACT_CONFIDENCES(CONFIDENCE_ROW)};

#define ROLE_ROW(kind, member, role) [FACT_##kind][FIELD_##member] = ROLE_##role,
static const uint8_t roles[FACT_KIND_COUNT][FIELD_COUNT] = {FACT_KEYS(ROLE_ROW)};

enum fact_role fact_role(enum fact_kind kind, enum fact_field field)
{
	return roles[kind][field];
}

static int find(const char *const *names, int count, const char *name, size_t length)
{
	for (int i = 0; i < count; i++)
		if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0)
			return i;
	return -1;
}

int fact_kind_find(const char *name, size_t length)
{
	return find(fact_kind_names, FACT_KIND_COUNT, name, length);
}

int fact_source_find(const char *name, size_t length)
{
	return find(fact_source_names, SOURCE_COUNT, name, length);
}

int fact_confidence_find(const char *name, size_t length)
{
	return find(fact_confidence_names, CONFIDENCE_COUNT, name, length);
}
