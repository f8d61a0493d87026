/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What links until the engine stands.
 */
#include <errno.h>
#include <stdlib.h>

#include "collector/recognize/recognize.h"

const char *certainty_name(enum certainty certainty)
{
	static const char *const names[] = {"none", "low", "medium", "high", "certain"};

	return names[certainty];
}

int definitions_compile(const struct definition_text *services, size_t service_count,
			const struct definition_text *devices, size_t device_count, struct definitions **out)
{
	(void)services, (void)service_count, (void)devices, (void)device_count;
	*out = NULL;
	return 0;
}

void definitions_free(struct definitions *definitions)
{
	free(definitions);
}

size_t definitions_bytes(const struct definitions *definitions)
{
	(void)definitions;
	return 0;
}

size_t definitions_faults(const struct definitions *definitions, const struct definition_fault **out)
{
	(void)definitions;
	*out = NULL;
	return 0;
}

int recognize(const struct definitions *definitions, const struct clue *clues, size_t count,
	      struct arena *arena, struct conclusions *out, size_t *left_out)
{
	(void)definitions, (void)clues, (void)count, (void)arena;
	*out = (struct conclusions){0};
	if (left_out)
		*left_out = 0;
	return 0;
}

const char *recognize_explain(const struct definitions *definitions, const char *id, const struct clue *clues,
			      size_t count, struct arena *arena, bool *matched)
{
	(void)definitions, (void)id, (void)clues, (void)count, (void)arena;
	*matched = false;
	return NULL;
}

size_t recognize_clues(const struct json *fact, uint32_t place, const char *evidence, struct arena *arena,
		       struct clue *out, size_t max)
{
	(void)fact, (void)place, (void)evidence, (void)arena, (void)out, (void)max;
	return 0;
}
