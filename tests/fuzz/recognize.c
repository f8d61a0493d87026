// SPDX-License-Identifier: BSD-2-Clause
/*
 * A definition, as service and as claims, and facts: the first line and the others. What is concluded has to give trees of reasons that are JSON.
 */
#include <stdlib.h>
#include <string.h>

#include "collector/json.h"
#include "collector/recognize/recognize.h"

enum { CLUES_MAX = 400 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const char *tree)
{
	struct json *json;
	const char *why;

	/* Deeper than what is read is no fault. */
	if (!tree || (json_read(tree, strlen(tree), &json, &why) != 0 && !strstr(why, "nesting")))
		abort();
	json_free(json);
}

static size_t gather(const char *text, size_t size, struct arena *arena, struct clue *clues)
{
	const char *end = text + size;
	size_t count = 0;
	const char *why;

	while (text < end) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		struct json *fact;

		if (!stop)
			stop = end;
		if (json_read(text, (size_t)(stop - text), &fact, &why) == 0) {
			count += recognize_clues(fact, (uint32_t)count % 3, "1", arena, clues + count,
						 CLUES_MAX - count);
			json_free(fact);
		}
		text = stop + 1;
	}
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data, *stop = memchr(text, '\n', size);
	const struct definition_text definition = {"it", text, stop ? (size_t)(stop - text) : size};
	struct definitions *definitions;
	static struct clue clues[CLUES_MAX];
	struct conclusions out = {0};
	struct arena arena = {0};
	bool matched;
	size_t count;

	if (definitions_compile(&definition, 1, &definition, 1, &definitions) != 0)
		abort();
	count = stop ? gather(stop + 1, size - definition.length - 1, &arena, clues) : 0;
	if (recognize(definitions, clues, count, &arena, &out, NULL) != 0)
		abort();
	for (size_t i = 0; i < out.services; i++)
		check(out.service[i].reasons);
	if (out.device.kind.reasons)
		check(out.device.kind.reasons);
	recognize_explain(definitions, "it", clues, count, &arena, &matched);
	arena_free(&arena);
	definitions_free(definitions);
	return 0;
}
