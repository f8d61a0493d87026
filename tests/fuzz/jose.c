// SPDX-License-Identifier: BSD-2-Clause
/*
 * A token of a provider and the set of its keys, a line each: read, verified and its claims looked at.
 */
#include <string.h>

#include "collector/id_token.h"
#include "collector/jose.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct id_token_wanted wanted = {"https://id.example", "netvisor", "n1", 1000000};
	const uint8_t *line = size ? memchr(data, '\n', size) : NULL;
	struct id_token_person person = {0};
	struct json *keys = NULL;
	struct jose jose;
	const char *why;

	if (!line || jose_read((const char *)data, (size_t)(line - data), &jose, &why))
		return 0;
	if (json_read((const char *)line + 1, size - (size_t)(line - data) - 1, &keys, &why) == 0)
		jose_verify(&jose, keys);
	json_free(keys);
	id_token_check(jose.claims, &wanted);
	id_token_person(jose.claims, &person);
	jose_free(&jose);
	return 0;
}
