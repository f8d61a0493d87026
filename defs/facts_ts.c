// SPDX-License-Identifier: BSD-2-Clause
/*
 * A program of the build: prints TypeScript types made from the tables of defs/facts.h (`facts`) or of
 * defs/entities.h (`entities`), so that the dashboard cannot disagree with the sensor and the collector.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "defs/entities.h"
#include "defs/facts.h"

static const char *const fact_types[] = {
	[TYPE_MAC] = "string",	 [TYPE_IP] = "string",	  [TYPE_TEXT] = "string",    [TYPE_NUMBER] = "number",
	[TYPE_BOOL] = "boolean", [TYPE_IPS] = "string[]", [TYPE_TEXTS] = "string[]", [TYPE_CLAIMS] = "string[]",
};

/* A column's type (defs/entities.h) in TypeScript. */
#define TS_ID "string"
#define TS_REF "string | null"
#define TS_TEXT "string"
#define TS_TEXT0 "string | null"
#define TS_MAC0 "string | null"
#define TS_IP0 "string | null"
#define TS_IP "string"
#define TS_VLAN "number[]"
#define TS_INT "number"
#define TS_INT0 "number | null"
#define TS_BOOL "boolean"
#define TS_TIME "number"
#define TS_TIME0 "number | null"
#define TS_JSON "unknown"
#define TS_JSON0 "unknown"

static void print_capital(const char *name)
{
	printf("%c%s", toupper((unsigned char)name[0]), name + 1);
}

static void print_union(const char *type, const char *const *names, size_t count)
{
	printf("export type %s =", type);
	for (size_t i = 0; i < count; i++)
		printf("\n  | \"%s\"", names[i]);
	puts(";\n");
}

static void print_fact(enum fact_kind kind)
{
	printf("export interface ");
	print_capital(fact_kind_names[kind]);
	printf("Fact extends FactCommon {\n  fact: \"%s\";\n", fact_kind_names[kind]);
	for (int field = 0; field < FIELD_COUNT; field++)
		if (fact_role(kind, field) != ROLE_NONE)
			printf("  %s?: %s;\n", fact_fields[field].json, fact_types[fact_fields[field].type]);
	puts("}\n");
}

static void print_facts(void)
{
	puts("// Made by defs/facts_ts.c from defs/facts.h. Do not edit.\n");
	print_union("FactKind", fact_kind_names, FACT_KIND_COUNT);
	print_union("FactSource", fact_source_names, SOURCE_COUNT);
	print_union("FactConfidence", fact_confidence_names, CONFIDENCE_COUNT);
	puts("/** What every fact has; times are seconds since the Unix epoch. */");
	puts("export interface FactCommon {\n  first: number;\n  last: number;\n  count: number;\n  vlan: "
	     "number[];\n"
	     "  source: FactSource;\n  confidence: FactConfidence;\n}\n");
	for (int kind = 0; kind < FACT_KIND_COUNT; kind++)
		print_fact(kind);
	printf("export type Fact =");
	for (int kind = 0; kind < FACT_KIND_COUNT; kind++) {
		printf("\n  | ");
		print_capital(fact_kind_names[kind]);
		printf("Fact");
	}
	puts(";");
}

static void print_entities(void)
{
	puts("// Made by defs/facts_ts.c from defs/entities.h. Do not edit.\n");
#define COLUMN(name, type) puts("  " #name ": " TS_##type ";");
#define NOTED(name, type, value) COLUMN(name, type)
#define ENTITY(name)                 \
	printf("export interface "); \
	print_capital(#name);        \
	puts(" {");                  \
	ENTITY_##name(COLUMN) NOTED_##name(NOTED) puts("}\n");
	ENTITIES(ENTITY)

#define NAME(name) #name,
	const char *const names[] = {ENTITIES(NAME)};
	size_t count = sizeof(names) / sizeof(names[0]);

	print_union("EntityName", names, count);
	puts("export interface EntityMap {");
	for (size_t i = 0; i < count; i++) {
		printf("  %s: ", names[i]);
		print_capital(names[i]);
		puts(";");
	}
	puts("}\n");
	printf("export const ENTITY_NAMES: readonly EntityName[] = [");
	for (size_t i = 0; i < count; i++)
		printf("%s\"%s\"", i ? ", " : "", names[i]);
	puts("];");
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "facts") == 0)
		print_facts();
	else if (argc == 2 && strcmp(argv[1], "entities") == 0)
		print_entities();
	else
		return fprintf(stderr, "usage: facts_ts facts|entities\n"), 2;
	return fflush(stdout) ? 1 : 0;
}
