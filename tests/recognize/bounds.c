/* SPDX-License-Identifier: BSD-2-Clause */
/* Given definitions and texts that are made to cost much, then they are given up, and that is said. */
#include <stdio.h>
#include <string.h>

#include "collector/recognize/recognize.h"
#include "tests/tap.h"

enum { JSON_BYTES = 4000 };

/* A definition that holds where a banner fits one of so many expressions; NULL ends them. */
static void write_definition(char json[static JSON_BYTES], const char *const *expressions,
			     struct definition_text *out)
{
	size_t length =
		(size_t)snprintf(json, JSON_BYTES,
				 "{\"name\":\"It\",\"description\":\"It\",\"category\":\"Web\",\"icon\":\"x\","
				 "\"is_generic\":false,\"match\":{\"any\":[");

	for (size_t i = 0; expressions[i]; i++)
		length += (size_t)snprintf(json + length, JSON_BYTES - length, "%s{\"banner\":\"/%s/\"}",
					   i ? "," : "", expressions[i]);
	length += (size_t)snprintf(json + length, JSON_BYTES - length, "]}}");
	out->json = json;
	out->length = length;
}

/* A page's length. */
static char page[15001];

/* How many services the page is by a definition for each expression, and how much was left out. */
static size_t tell(const char *const *expressions, struct conclusions *out, struct arena *arena,
		   size_t *left_out)
{
	static char json[4][JSON_BYTES];
	static const char *const ids[] = {"one", "two", "three", "four"};
	struct definition_text texts[4];
	struct definitions *definitions;
	struct clue clue = {
		.key = "banner", .value = page, .length = sizeof(page) - 1, .place = 1, .port_h = 9};
	size_t count = 0;

	for (; expressions[count]; count++) {
		const char *const alone[] = {expressions[count], NULL};

		texts[count].id = ids[count];
		write_definition(json[count], alone, &texts[count]);
	}
	*left_out = 0;
	if (definitions_compile(texts, count, NULL, 0, &definitions))
		return 0;
	count = recognize(definitions, &clue, 1, arena, out, left_out) == 0 ? out->services : 0;
	definitions_free(definitions);
	return count;
}

/* Behind the first stride things are as in one go. */
static void check_long(void)
{
	static const char *const well[] = {"b!$", "^!", "(?<=a)!", NULL}, *const slow[] = {"(?=.*z)a", NULL};
	struct conclusions conclusions;
	struct arena arena = {0};
	size_t left_out;

	memset(page, 'a', sizeof(page) - 1);
	page[128] = page[sizeof(page) - 2] = '!';
	page[sizeof(page) - 3] = 'b';
	tap_ok(tell(well, &conclusions, &arena, &left_out) == 2 && !left_out,
	       "in a long text an expression sees what stands before and behind it, and ^ is its beginning");
	tap_ok(tell(slow, &conclusions, &arena, &left_out) == 0 && left_out == 1,
	       "an expression that costs little at each of many places is given up, and counted");
	arena_free(&arena);
}

/* Some bytes of text that take as many thousand, forty times: the definition is left out. */
static void check_large(void)
{
	static char json[JSON_BYTES], expression[40][24];
	const char *expressions[41] = {NULL};
	const struct definition_fault *faults = NULL;
	struct definition_text text = {.id = "large"};
	struct definitions *definitions;

	for (int i = 0; i < 40; i++) {
		snprintf(expression[i], sizeof(expression[i]), "([a-z]){380}%d", i);
		expressions[i] = expression[i];
	}
	write_definition(json, expressions, &text);
	if (definitions_compile(&text, 1, NULL, 0, &definitions))
		return;
	tap_ok(definitions_faults(definitions, &faults) == 1 && strstr(faults[0].why, "take more than") &&
		       definitions_bytes(definitions) < 2000000,
	       "what expressions take is bounded, and said");
	definitions_free(definitions);
}

int main(void)
{
	check_long();
	check_large();
	return tap_end();
}
